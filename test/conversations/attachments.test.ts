import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { addChannel } from '../../src/channels/index.ts';
import {
  attachmentFetcher,
  deliverMessages,
  forgetAttachments,
  openAttachment,
  receiveEvents,
  sayAsPerson,
  sweepAttachments,
  wantForgottenFiles,
} from '../../src/conversations/index.ts';
import { fetchAgain } from '../../src/conversations/attachments/fetch-attachment.ts';
import { keepFile } from '../../src/conversations/attachments/keep-file.ts';
import { telegram } from '../../src/channels/telegram/index.ts';
import type { Workspace } from '../../src/workspace.ts';
import { TelegramSimulator } from '../simulators/telegram.ts';
import { eventually } from '../support/eventually.ts';
import { pdf, png } from '../support/files.ts';
import { cafeAurora, testInstallation, type TestInstallation } from '../support/installation.ts';

const ayse = { chat: 501, name: 'Ayşe Demir' };
const MB = 1024 * 1024;

describe('a customer’s file', function () {
  this.timeout(15_000);
  let far: TelegramSimulator;
  let test: TestInstallation;
  let ws: Workspace;
  let channelId: number;
  beforeEach(async () => {
    far = await new TelegramSimulator().start();
    test = await testInstallation({ env: { TELEGRAM_API_ROOT: far.url } });
    ws = test.installation.workspaces.hold(cafeAurora(test.installation)).workspace;
    channelId = (await addChannel(ws, { kind: 'telegram', settings: { token: far.token }, botId: null, userId: null })).id;
  });
  afterEach(async () => {
    await test.end();
    await far.stop();
  });

  interface Row {
    state: string;
    says: string | null;
    mime: string | null;
    bytes: number | null;
    name: string | null;
    path: string | null;
  }
  const row = (id = 1) =>
    ws.sql.prepare('SELECT state, says, mime, bytes, name, path FROM attachments WHERE id = ?').get(id) as Row | undefined;
  const folder = () => join(ws.folder, 'attachments');
  const lying = () => (existsSync(folder()) ? readdirSync(folder()) : []);
  const jobs = () => ws.sql.prepare("SELECT kind FROM jobs WHERE kind NOT IN ('nobody-came', 'tell-team')").pluck().all();
  const work = () => test.installation.jobs.start({ 'fetch-attachment': attachmentFetcher, deliver: { run: deliverMessages } });
  const becomes = (state: string, id = 1) => eventually(() => assert.equal(row(id)?.state, state, JSON.stringify(row(id))), 8000);

  /** A document of Ayşe's; returns its conversation. */
  async function sends(content: Uint8Array, more: { size?: number; document?: object } = {}): Promise<number> {
    const update = far.say(ayse, {
      document: { ...far.files.add(content, more.size), file_name: 'plan.png', mime_type: 'image/png', ...more.document },
    });
    const [received] = await receiveEvents(ws, channelId, telegram.parse([update]));
    return received?.conversationId ?? assert.fail('it was stored');
  }
  async function read(id = 1): Promise<Buffer> {
    const file = openAttachment(ws, id, { save: false }) ?? assert.fail('it is kept');
    const pieces: Uint8Array[] = [];
    for await (const piece of file.read()) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  it('[P3.2-a] is fetched by a job of its own, sealed under a key of its own, and opens as it was', async () => {
    const content = png(200, 100);
    await sends(content);
    assert.deepEqual(jobs(), ['fetch-attachment'], 'asked for in the transaction that stored the message');
    await work();
    await becomes('kept');
    assert.deepEqual([row()?.mime, row()?.bytes, row()?.name], ['image/png', content.length, 'plan.png']);
    assert.deepEqual(await read(), content);
    const [name = ''] = lying();
    assert.deepEqual([lying().length, name], [1, row()?.path]);
    assert.equal(readFileSync(join(folder(), name)).includes('IHDR'), false, 'nothing of it is to be read on the disk');
    await eventually(() => assert.deepEqual(jobs(), []));
  });

  it('is what its content says, whatever its name and its sender say', async () => {
    await sends(Buffer.from('<html><script>alert(1)</script>'));
    await work();
    await becomes('kept');
    assert.equal(row()?.mime, 'text/plain');
    assert.equal(openAttachment(ws, 1, { save: false })?.shown, false);
  });

  it('that is empty, a program, or larger than 20 MB by its own word or in truth is refused for good, in words', async () => {
    await sends(Buffer.alloc(0));
    await sends(Buffer.concat([Buffer.from('MZ'), Buffer.alloc(100)]));
    await sends(png(), { size: 25 * MB });
    await sends(Buffer.alloc(21 * MB), { size: 1000, document: { file_size: 1000 } });
    await work();
    for (const [id, says] of [
      [1, /empty/],
      [2, /program/],
      [3, /20 MB/],
      [4, /20 MB/],
    ] as const) {
      await becomes('refused', id);
      assert.match(row(id)?.says ?? '', says);
      assert.equal(fetchAgain(ws, id), false);
    }
    assert.deepEqual(lying(), []);
  });

  it('that is gone at Telegram stays so; one that fails for the moment is asked for again under a new path', async () => {
    await sends(png());
    await sends(pdf());
    far.files.forget('AgACAgIAAxkBAAI-file-1');
    far.fail('download', { status: 404 });
    await work();
    await becomes('refused');
    assert.match(row()?.says ?? '', /no longer has this file/);
    await eventually(() => assert.match(row(2)?.says ?? '', /didn’t hand this file over/));
    assert.equal(row(2)?.state, 'wanted');
    far.files.expirePaths();
    await becomes('kept', 2);
    assert.equal(row(2)?.says, null);
  });

  it('whose token was revoked waits without being counted', async () => {
    await sends(png());
    far.revoke();
    await work();
    await eventually(() => assert.match(row()?.says ?? '', /no longer accepts this token/));
    assert.equal(row()?.state, 'wanted');
    assert.equal(ws.sql.prepare('SELECT attempts FROM jobs').pluck().get(), 0);
  });

  it('that failed again and again says why, and is fetched when a person asks for it', async () => {
    await sends(png());
    ws.durable(() => ws.sql.prepare('UPDATE jobs SET attempts = 5').run());
    far.fail('download', { status: 502 });
    await work();
    await becomes('failed');
    assert.equal(fetchAgain(ws, 1), true);
    assert.equal(fetchAgain(ws, 1), false, 'it is asked for already');
    await becomes('kept');
  });

  it('is fetched once, however often its message is delivered', async () => {
    const update = far.say(ayse, { document: far.files.add(png()) });
    for (let again = 0; again < 3; again++) await receiveEvents(ws, channelId, telegram.parse([update]));
    assert.equal(ws.sql.prepare('SELECT count(*) FROM attachments').pluck().get(), 1);
    await work();
    await becomes('kept');
    assert.equal(lying().length, 1);
  });

  it('is fetched after a kill between the file and its row, and what the kill left goes at night', async () => {
    await sends(png());
    // The file is there, its row isn't: as far as a job got that was killed then.
    const left = await keepFile(
      ws,
      (async function* () {
        yield png();
      })(),
    );
    ws.durable(() => ws.sql.prepare("UPDATE jobs SET lease = 'a dead boot', deaths = 1").run());
    const { id } = ws;
    await test.reopen();
    ws = test.installation.workspaces.hold(id).workspace;
    await work();
    await becomes('kept');
    assert.equal(lying().length, 2);
    sweepAttachments(ws);
    assert.equal(lying().length, 2, 'one that is being given has no row yet');
    utimesSync(join(folder(), left.name), 0, 0);
    sweepAttachments(ws);
    assert.deepEqual(lying(), [row()?.path]);
    assert.deepEqual(await read(), png());
  });

  it('that an older release left without a job is asked for at the start', async () => {
    await sends(png());
    ws.durable(() => ws.sql.prepare('DELETE FROM jobs').run());
    wantForgottenFiles(ws);
    wantForgottenFiles(ws);
    assert.deepEqual(jobs(), ['fetch-attachment']);
  });

  it('goes when its customer takes the message back, also while it is fetched', async () => {
    await sends(png());
    await work();
    await becomes('kept');
    const revoked = (externalId: string) =>
      ({ type: 'revoked', thread: '501', sender: { externalId: '501' }, externalId, at: ws.clock.now() }) as const;
    await receiveEvents(ws, channelId, [revoked('1')]);
    assert.deepEqual([row()?.state, row()?.path, row()?.name, lying()], ['refused', null, null, []]);
    assert.equal(openAttachment(ws, 1, { save: false }), undefined);
    const download = far.files.download.bind(far.files);
    far.files.download = (path, response) => void receiveEvents(ws, channelId, [revoked('2')]).then(() => download(path, response));
    await sends(png());
    await eventually(() => assert.deepEqual(jobs(), []));
    assert.deepEqual([row(2)?.state, row(2)?.path, lying()], ['refused', null, []]);
  });

  it('is purged with its conversation: file, key and row', async () => {
    const conversationId = await sends(png());
    await work();
    await becomes('kept');
    ws.durable(() => forgetAttachments(ws, conversationId));
    assert.equal(row(), undefined);
    assert.deepEqual(lying(), []);
  });

  it('takes the place of the one before when its message is edited', async () => {
    await sends(png());
    await work();
    await becomes('kept');
    const edited = telegram.parse([
      {
        update_id: 99,
        edited_message: {
          message_id: 1,
          date: 1,
          edit_date: 2,
          chat: { id: 501, type: 'private' },
          from: { id: 501 },
          caption: 'Better',
          document: far.files.add(pdf()),
        },
      },
    ]);
    await receiveEvents(ws, channelId, edited);
    await becomes('kept', 2);
    assert.equal(row(), undefined);
    assert.deepEqual(lying(), [row(2)?.path]);
    assert.deepEqual(ws.sql.prepare('SELECT kind, text, attachment_id FROM message_parts').all(), [
      { kind: 'file', text: 'Better', attachment_id: 2 },
    ]);
  });

  describe('of a member', () => {
    const kept = (content: Buffer) =>
      keepFile(
        ws,
        (async function* () {
          yield content;
        })(),
      );
    const states = () => ws.sql.prepare('SELECT state FROM deliveries ORDER BY id').pluck().all();

    it('goes out as a picture with its caption, or as a document under its name; longer words go beside it', async () => {
      const conversationId = await sends(png());
      await work();
      const long = 'Twelve slices. '.repeat(100).trim();
      sayAsPerson(ws, { conversationId, userId: 1, text: '**This** one', files: [{ name: 'lemon.png', file: await kept(png()) }] });
      sayAsPerson(ws, { conversationId, userId: 1, text: long, files: [{ name: 'o"r\u00e9der.pdf', file: await kept(pdf()) }] });
      await eventually(() => assert.deepEqual(states(), ['sent', 'sent', 'sent']));
      const [picture, document] = far.sentFiles;
      assert.deepEqual([picture?.as, picture?.caption, picture?.name, picture?.content], ['photo', 'This one', 'lemon.png', png()]);
      assert.deepEqual([document?.as, document?.caption, document?.name], ['document', '', 'o_réder.pdf']);
      assert.deepEqual(
        far.sent.map(({ visible }) => visible),
        [long],
      );
    });

    it('that Telegram doesn’t take for a picture goes as a document', async () => {
      const conversationId = await sends(png());
      await work();
      far.fail('sendPhoto', { status: 400, description: 'Bad Request: PHOTO_INVALID_DIMENSIONS' });
      sayAsPerson(ws, { conversationId, userId: 1, text: '', files: [{ name: 'long.png', file: await kept(png(900, 3)) }] });
      await eventually(() => assert.deepEqual(states(), ['sent']));
      assert.equal(far.sentFiles[0]?.as, 'document');
    });

    it('whose arrival nobody can know is uncertain and not sent again', async () => {
      const conversationId = await sends(png());
      await work();
      far.fail('sendDocument', { cut: 'after' });
      sayAsPerson(ws, { conversationId, userId: 1, text: '', files: [{ name: 'a.pdf', file: await kept(pdf()) }] });
      await eventually(() => assert.deepEqual(states(), ['uncertain']));
      assert.equal(far.sentFiles.length, 1);
    });
  });
});
