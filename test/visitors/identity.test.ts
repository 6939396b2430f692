import { deepEqual, equal, match, notEqual, ok } from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { runInNewContext } from 'node:vm';
import { identityExamples } from '../../src/channels/identity-examples.ts';
import { addChannel, editChannelSettings } from '../../src/channels/index.ts';
import { contactCard } from '../../src/contacts/index.ts';
import { conversationHead } from '../../src/conversations/index.ts';
import { cardView } from '../../src/conversations/talk-view.ts';
import { request } from '../support/request.ts';
import { TestClock } from '../support/clock.ts';
import { bearer, clientOf, type Answered } from './support/client.ts';
import { listenTo } from './support/events.ts';
import { answer, count, houseFor, newestConversation } from './support/house.ts';
import { minutesAhead, secretOf, tokenFor, type SignedPayload } from './support/identity.ts';

describe('a visitor who is signed in on the website', () => {
  const clock = new TestClock();
  const house = houseFor(before, after, { clock });
  const visitor = clientOf(house);
  let secret = '';
  before(async () => void (secret = await secretOf(house)));

  const signed = (payload: SignedPayload = {}, minutes = 60): string =>
    tokenFor(secret, { sub: '42', exp: minutesAhead(house, minutes), ...payload });
  const say = (text: string, token: string): Promise<Answered> => visitor.post('messages', { text, clientId: randomUUID() }, bearer(token));
  /** What they wrote themselves. */
  const texts = async (token: string): Promise<string[]> => {
    const messages = (await visitor.get('thread', bearer(token))).body['messages'] as { author: string; text: string }[];
    return messages.filter(({ author }) => author === 'customer').map(({ text }) => text);
  };

  it('is known by the name and the e-mail address that their business’s server signed', async () => {
    const { status, body } = await say('Is my cake ready?', signed({ sub: 7, name: 'Leyla Kaya', email: 'leyla@example.com' }));
    equal(status, 200);
    equal(body.token, undefined, 'no other token is made');
    const contactId = house.ws.prepare('SELECT contact_id FROM conversations WHERE id = ?').pluck().get(newestConversation(house));
    const card = contactCard(house.ws, Number(contactId));
    deepEqual([card?.name, card?.email, card?.identities[0]?.externalId], ['Leyla Kaya', 'leyla@example.com', 'user:7']);
    await say('And now?', signed({ sub: '7', name: 'Leyla Kaya-Berg', email: 'leyla@kaya.example' }));
    const changed = contactCard(house.ws, Number(contactId));
    deepEqual([changed?.name, changed?.email], ['Leyla Kaya-Berg', 'leyla@kaya.example']);
  });

  it('stands in the inbox by name and by their id on the website; who may only look sees the id masked', () => {
    const head = conversationHead(house.ws, newestConversation(house));
    const card = contactCard(house.ws, head?.contactId ?? 0);
    ok(head && card);
    const of = (masked: boolean): string[] => cardView(card, head, { base: '', masked }).known.map(({ value }) => value);
    deepEqual([of(false), of(true)], [['Leyla Kaya-Berg, user 7'], ['Leyla Kaya-Berg, user …']]);
  });

  it('is signed by the lines that the owner’s page offers to copy', async () => {
    const node = identityExamples.find(({ id }) => id === 'node')?.code ?? '';
    const process = { env: { DESKBELL_SECRET: secret } };
    const token: unknown = runInNewContext(
      `${node.replace(/^import .*/, '')}; deskbellToken({ id: 9, name: 'Zoë', email: 'zoe@example.com' })`,
      {
        ...{ createHmac, Buffer, process },
        // The test's clock stands still.
        Date: { now: () => house.ws.clock.now() },
      },
    );
    equal((await say('Signed by the example', String(token))).status, 200);
    equal(house.ws.prepare('SELECT name FROM contacts ORDER BY id DESC LIMIT 1').pluck().get(), 'Zoë');
  });

  it('has the same conversation on every device, and nobody else has it', async () => {
    await say('From the phone', signed({ sub: 'tom' }));
    const conversation = newestConversation(house);
    await say('From the desk', signed({ sub: 'tom' }, 90));
    equal(newestConversation(house), conversation);
    deepEqual(await texts(signed({ sub: 'tom' }, 30)), ['From the phone', 'From the desk']);
    await say('I am Mia', signed({ sub: 'mia' }));
    deepEqual(await texts(signed({ sub: 'mia' })), ['I am Mia']);
  });

  it('can’t be played by a forged, foreign, expired or endless token, or by one that names another algorithm', async () => {
    const other = await addChannel(house.ws, { kind: 'widget', settings: {}, botId: null, userId: house.ownerId });
    const theirs = await secretOf(house, other.id);
    const exp = minutesAhead(house, 60);
    const [head, body] = signed({ sub: 'mia' }).split('.');
    const bad: [string, string][] = [
      ['signed with another secret', tokenFor('guessed', { sub: 'mia', exp })],
      ['signed for another channel', tokenFor(theirs, { sub: 'mia', exp })],
      ['of no signature', `${head}.${body}.`],
      ['of another’s signature', `${head}.${body}.${signed({ sub: 'tom' }).split('.')[2]}`],
      ['by no algorithm', `${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.`],
      ['that names another algorithm', tokenFor(secret, { sub: 'mia', exp }, { alg: 'none' })],
      ['that has ended', signed({ sub: 'mia' }, -1)],
      ['that ends in a year', signed({ sub: 'mia' }, 365 * 24 * 60)],
      ['that never ends', tokenFor(secret, { sub: 'mia' })],
      ['for nobody', tokenFor(secret, { sub: ' ', exp })],
      ['for a list', tokenFor(secret, { sub: ['mia'], exp })],
      ['that is no JSON', 'aaaa.bbbb.cccc'],
      ['that is huge', tokenFor(secret, { sub: 'mia', name: 'x'.repeat(5000), exp })],
    ];
    const before = count(house, 'messages');
    for (const [what, token] of bad) {
      equal((await say('Hi', token)).status, 401, what);
      equal((await visitor.get('thread', bearer(token))).status, 401, what);
      equal((await visitor.get('stream', bearer(token))).status, 401, what);
      equal((await visitor.post('identity', {}, bearer(token))).status, 401, what);
    }
    equal(count(house, 'messages'), before);
    match((await say('Hi', signed({}, -1))).body.error ?? '', /Load the page again/);
  });

  it('can’t be played by somebody without a name who chose the same id', async () => {
    const { token } = await visitor.begin('I am nobody');
    ok(token.startsWith('v1.'));
    const [form, , channel, at, mac] = token.split('.');
    equal((await visitor.get('thread', bearer(`${form}.user:mia.${channel}.${at}.${mac}`))).status, 401);
  });

  it('who signs out leaves a token that is good for nothing, and open streams of it end', async () => {
    const token = signed({ sub: 'out' });
    await say('Hello', token);
    const stream = await listenTo(house.to('stream'), bearer(token));
    await stream.until(({ event }) => event === 'state');
    const elsewhere = await listenTo(house.to('stream'), bearer(signed({ sub: 'out' }, 70)));
    await elsewhere.until(({ event }) => event === 'state');
    equal((await visitor.post('sign-out', {}, bearer(token))).status, 200);
    await stream.ended;
    for (const spelled of [token, `${token}=`, token.replace(/\.[^.]*$/, (signature) => `${signature}==`)]) {
      equal((await visitor.get('thread', bearer(spelled))).status, 401, spelled);
      equal((await say('Replayed', spelled)).status, 401);
    }
    equal((await visitor.post('sign-out', {}, bearer(token))).status, 401);
    answer(house, newestConversation(house), ['For the other device']);
    await elsewhere.until(({ data }) => data['text'] === 'For the other device');
    elsewhere.close();
    deepEqual(await texts(signed({ sub: 'out' }, 80)), ['Hello'], 'signed in again');
  });

  it('is forgotten as signed out once the token has ended by itself', async () => {
    const signedOut = (): number => house.ws.prepare('SELECT count(*) FROM signed_out').pluck().get() as number;
    await visitor.post('sign-out', {}, bearer(signed({ sub: 'a' }, 5)));
    const before = signedOut();
    clock.move(6 * 60_000);
    await visitor.post('sign-out', {}, bearer(signed({ sub: 'b' }, 5)));
    equal(signedOut(), before);
  });

  it('hears nothing more on a stream whose token has ended', async () => {
    await say('Hello', signed({ sub: 'short' }));
    const exp = house.ws.clock.now() / 1000 + 0.04;
    const stream = await listenTo(house.to('stream'), bearer(tokenFor(secret, { sub: 'short', exp })));
    equal(stream.status, 200);
    await stream.ended;
  });

  it('is worth nothing any more once the owner makes another secret', async () => {
    const token = signed({ sub: 'old' });
    await say('Hi', token);
    const before = secret;
    secret = await secretOf(house);
    notEqual(secret, before);
    equal((await say('Hi', token)).status, 401);
    deepEqual(await texts(signed({ sub: 'old' })), ['Hi']);
  });

  it('is the only one who may write where the owner wants that; others are told so in their language', async () => {
    const { token: anonymous } = await visitor.begin();
    const change = (onlySignedIn: boolean): Promise<void> =>
      editChannelSettings(house.ws, { channelId: house.channel.id, settings: { onlySignedIn }, userId: house.ownerId });
    await change(true);
    const before = count(house, 'messages');
    const refused = [
      await visitor.say('Hi'),
      await visitor.say('Hi', anonymous),
      await visitor.post('person', { clientId: randomUUID() }),
      await visitor.get('thread', bearer(anonymous)),
    ];
    for (const { status, body } of refused) {
      equal(status, 401);
      equal(body.error, 'Sign in on this website to write here.');
    }
    const form = new FormData();
    form.append('clientId', randomUUID());
    form.append('file', new Blob(['words']), 'words.txt');
    equal((await request('POST', house.to('files'), { body: form, headers: { Accept: 'application/json' } })).status, 401);
    const { body } = await visitor.get('settings', { 'Accept-Language': 'de' });
    equal(body['onlySignedIn'], true);
    equal(count(house, 'messages'), before);
    equal((await say('I am', signed())).status, 200);
    await change(false);
    equal((await visitor.say('Hi again', anonymous)).status, 200);
  });
});
