import { deepEqual, equal, match } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sayAsPerson } from '../../src/conversations/index.ts';
import { keepFile } from '../../src/conversations/attachments/keep-file.ts';
import { formOf, pdf, png, type GivenFile } from '../support/files.ts';
import { request } from '../support/request.ts';
import { bearer, clientOf } from './support/client.ts';
import { count, houseFor } from './support/house.ts';

describe('files of visitors', () => {
  const house = houseFor(beforeEach, afterEach);
  const visitor = clientOf(house);
  const photo: GivenFile = { name: 'cake.png', content: png() };

  async function send(
    files: GivenFile[],
    { token, clientId = randomUUID(), ...fields }: { token?: string; clientId?: string; text?: string } = {},
  ) {
    const { status, text } = await request('POST', house.to('files'), {
      body: formOf({ clientId, ...fields }, files),
      headers: { Accept: 'application/json', 'Accept-Language': 'de', ...(token ? bearer(token) : {}) },
    });
    return { status, body: JSON.parse(text) as { token?: string; messageId?: number; error?: string } };
  }
  const lying = () => readdirSync(join(house.ws.folder, 'attachments'));
  const thread = async (token: string) =>
    (
      (await visitor.get('thread', bearer(token))).body['messages'] as {
        text: string;
        files?: { id: number; name: string; bytes: number; shown: string }[];
      }[]
    ).at(-1);
  const get = (id: number, token?: string) => request('GET', house.to(`files/${id}`), { headers: token ? bearer(token) : {} });

  it('[P3.2-a] make a message with its words, stored before it is acknowledged, and the visitor’s token', async () => {
    const { status, body } = await send([photo, { name: 'order.pdf', content: pdf() }], { text: 'For Sunday' });
    equal(status, 200);
    match(body.token ?? '', /^v1\./);
    const message = await thread(body.token ?? '');
    equal(message?.text, 'For Sunday');
    deepEqual(
      message?.files?.map(({ name, shown }) => [name, shown]),
      [
        ['cake.png', 'image'],
        ['order.pdf', 'file'],
      ],
    );
    equal(lying().length, 2);
  });

  it('sent again are the same message, and lie there once', async () => {
    const clientId = randomUUID();
    const first = await send([photo], { clientId });
    const again = await send([photo], { clientId });
    const withToken = await send([photo], { clientId, token: first.body.token ?? '' });
    deepEqual([again.body.messageId, withToken.body.messageId], [first.body.messageId, first.body.messageId]);
    equal(count(house, 'messages'), 1);
    equal(lying().length, 1);
  });

  it('are seen by who sent them and by nobody else', async () => {
    const mine = (await send([photo])).body.token ?? '';
    const other = (await send([photo])).body.token ?? '';
    const id = (await thread(mine))?.files?.[0]?.id ?? 0;
    const { status, headers } = await get(id, mine);
    deepEqual(
      [status, headers.get('Content-Type'), headers.get('X-Content-Type-Options'), headers.get('Content-Security-Policy')],
      [200, 'image/png', 'nosniff', "default-src 'none'; sandbox"],
    );
    equal((await get(id, other)).status, 404);
    equal((await get(id)).status, 401);
    equal((await get(999, mine)).status, 404);
  });

  it('of a note among the team, or of a message that was taken back, aren’t seen', async () => {
    const { body } = await send([photo]);
    const id = (await thread(body.token ?? ''))?.files?.[0]?.id ?? 0;
    house.ws.durable(() => house.ws.sql.prepare("UPDATE messages SET author = 'note'").run());
    equal((await get(id, body.token)).status, 404);
    house.ws.durable(() => house.ws.sql.prepare("UPDATE messages SET author = 'customer', revoked_at = 1").run());
    equal((await get(id, body.token)).status, 404);
  });

  it('of a person come in the thread', async () => {
    const { token, conversationId } = await visitor.begin();
    const file = await keepFile(
      house.ws,
      (async function* () {
        yield pdf();
      })(),
    );
    sayAsPerson(house.ws, { conversationId, userId: house.ownerId, text: '', files: [{ name: 'menu.pdf', file }] });
    const message = await thread(token);
    deepEqual([message?.text, message?.files?.[0]?.name], ['', 'menu.pdf']);
    const { status, headers, text } = await get(message?.files?.[0]?.id ?? 0, token);
    deepEqual([status, headers.get('Content-Type'), text], [200, 'application/octet-stream', pdf().toString()]);
  });

  it('that aren’t taken are refused in the visitor’s language, and nothing of them stays', async () => {
    const large = { name: 'film.mp4', content: Buffer.alloc(25 * 1024 * 1024) };
    for (const [files, status, says] of [
      [[photo, large], 413, /„film\.mp4“ ist größer als 20 MB/],
      [[{ name: 'a.png', content: Buffer.from('#!/bin/sh\n') }], 422, /„a\.png“ ist ein Programm/],
      [[{ name: 'a.png', content: Buffer.alloc(0) }], 422, /leer/],
      [Array.from({ length: 6 }, () => photo), 422, /Bis zu 5 Dateien/],
      [[], 422, /./],
    ] as const) {
      const answer = await send([...files]);
      equal(answer.status, status);
      match(answer.body.error ?? '', says);
    }
    equal(count(house, 'messages'), 0);
    deepEqual(lying(), []);
  });

  it('need a form, a good token, and not too many at once', async () => {
    equal((await visitor.post('files', { clientId: randomUUID() })).status, 400);
    equal((await send([photo], { token: 'v1.forged.1.x.y' })).status, 401);
    equal((await send([photo], { clientId: 'short' })).status, 400);
    const statuses = await Promise.all(Array.from({ length: 14 }, async () => (await send([photo])).status));
    equal(statuses.filter((status) => status === 429).length > 0, true);
    equal(lying().length, count(house, 'messages'));
  });

  it('aren’t taken without end from one network, also from who doesn’t say how much comes', async () => {
    const post = async () => {
      const form = new Response(formOf({ clientId: randomUUID() }, [photo]));
      const headers = { 'Content-Type': form.headers.get('Content-Type') ?? '' };
      return (await fetch(house.to('files'), { method: 'POST', headers, body: form.body, duplex: 'half' })).status;
    };
    deepEqual([await post(), await post(), await post()], [200, 200, 429]);
  });

  it('aren’t taken from a website that isn’t listed', async () => {
    const { status } = await request('POST', house.to('files'), {
      body: formOf({ clientId: randomUUID() }, [photo]),
      headers: { Origin: 'https://evil.example' },
    });
    equal(status, 403);
  });
});
