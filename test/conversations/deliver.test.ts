import assert from 'node:assert/strict';
import { mock } from 'node:test';
import {
  addNote,
  handBack,
  receiveEvents,
  replyAsBot,
  sayAsPerson,
  settleDelivery,
  takeOver,
  type Replied,
} from '../../src/conversations/index.ts';
import { channelKinds, setHealth } from '../../src/channels/index.ts';
import { sealSecrets } from '../../src/channels/access.ts';
import { sendWaiting } from '../../src/channels/send-waiting.ts';
import { enqueue } from '../../src/jobs/enqueue.ts';
import { eventually } from '../support/eventually.ts';
import { notSent, unknownOutcome } from '../support/stand-in-channel.ts';
import { BEN, castAsked, MIRA, type Cast } from './cast.ts';

describe('replying and delivering', () => {
  let cast: Cast;
  let conversationId: number;
  let messageId: number;

  beforeEach(async () => {
    const asked = await castAsked();
    ({ conversationId, messageId } = asked);
    cast = asked;
    // The AI notice goes before the first answer; here it has been seen.
    cast.ws.sql.exec(
      "INSERT INTO notices_shown (identity_id, channel_id, kind, version, language, at) SELECT id, channel_id, 'ai', '1', 'en', 0 FROM identities",
    );
  });

  afterEach(() => cast.test.end());

  const say = (text: string, through = messageId): Replied =>
    cast.ws.durable(() => replyAsBot(cast.ws, { conversationId, runId: null, answersThrough: through, text, sources: [], language: 'en' }));
  const states = (): string[] => cast.all<{ state: string }>('SELECT state FROM deliveries ORDER BY id').map((row) => row.state);
  const events = (): (string | null)[] =>
    cast.all<{ event: string | null }>("SELECT event FROM messages WHERE author = 'event' ORDER BY id").map((row) => row.event);

  /** What the bot says is under way, and finds the account ill once what is returned is called. */
  const meetIllAccount = async (): Promise<() => void> => {
    let open = (): void => undefined;
    cast.far.gate = new Promise((resolve) => (open = resolve));
    cast.far.failures.push(notSent('The token has ended.', { permanent: true, account: true }));
    await cast.startJobs();
    say('Yes.');
    await eventually(() => assert.deepEqual(states(), ['sending']));
    return open;
  };

  it('names the message that is replied to, by the channel’s id, with the first part, where the channel can show it', async () => {
    Object.assign(channelKinds['stand-in'] ?? {}, { repliesTo: true });
    await cast.startJobs();
    const first = sayAsPerson(cast.ws, { conversationId, userId: MIRA, text: 'a '.repeat(150), replyTo: messageId });
    await eventually(() => assert.deepEqual(states(), ['sent', 'sent']));
    sayAsPerson(cast.ws, { conversationId, userId: MIRA, text: 'As I said', replyTo: first.messageId });
    await eventually(() => assert.deepEqual(states(), ['sent', 'sent', 'sent']));
    const asked = cast.one<{ id: string }>('SELECT external_id AS id FROM messages WHERE id = ?', messageId).id;
    assert.deepEqual(
      cast.far.sent.map(({ replyTo }) => replyTo?.id),
      [asked, undefined, 'out-1'],
    );
  });

  it('hands over what the bot says, once, without the marks that are for the team', async () => {
    await cast.startJobs();
    assert.equal(say('Yes, from nine.[1] And on Mondays we are closed [2].').said, true);
    assert.deepEqual(say('Yes again.'), { said: false, why: 'answered' });
    await eventually(() => assert.deepEqual(states(), ['sent']));
    assert.deepEqual(
      cast.far.sent.map((part) => part.text),
      ['Yes, from nine. And on Mondays we are closed.'],
    );
  });

  it('puts the AI notice before the first answer, once, and records who saw it', async () => {
    cast.ws.sql.exec('DELETE FROM notices_shown');
    await cast.startJobs();
    say('Yes.');
    await eventually(() => assert.equal(cast.far.sent.length, 2));
    assert.match(cast.far.sent[0]?.text ?? '', /writing with an AI/);
    const next = await cast.write('And on Monday?');
    say('No.', next.messageId);
    await eventually(() => assert.equal(cast.far.sent.length, 3));
    assert.equal(cast.all('SELECT * FROM notices_shown').length, 1);
  });

  it('drops an answer when something newer came, a person took over, or the contact is restricted', async () => {
    await cast.write('And on Monday?');
    assert.deepEqual(say('Yes.'), { said: false, why: 'newer message' });
    cast.ws.sql.exec('UPDATE contacts SET restricted_at = 1');
    assert.deepEqual(say('Yes.'), { said: false, why: 'silenced' });
    takeOver(cast.ws, conversationId, MIRA);
    assert.deepEqual(say('Yes.'), { said: false, why: 'person' });
    assert.deepEqual(states(), []);
  });

  it('cancels what the bot has queued the moment a person takes over', async () => {
    say('Yes.');
    takeOver(cast.ws, conversationId, MIRA);
    await cast.startJobs();
    await eventually(() => assert.equal(cast.all("SELECT * FROM jobs WHERE kind = 'deliver'").length, 0));
    assert.deepEqual([states(), cast.far.sent.length], [['cancelled'], 0]);
  });

  it('says a long answer in parts, in order, one in flight', async () => {
    const text = Array.from({ length: 12 }, (_, i) => `Sentence number ${i} of this long answer.`).join(' ');
    await cast.startJobs();
    say(text);
    await eventually(() => assert.ok(states().length > 2 && states().every((state) => state === 'sent')));
    assert.equal(cast.far.sent.map((part) => part.text).join(' '), text);
    assert.ok(cast.far.sent.every((part) => part.text.length <= 200));
    assert.equal(new Set(cast.far.sent.map((part) => part.reference)).size, cast.far.sent.length);
  });

  it('sends again what was certainly not sent, when the channel says', async () => {
    cast.far.failures.push(notSent('Too fast.', { retryAfter: 7000 }));
    await cast.startJobs();
    say('Yes.');
    await eventually(() => assert.deepEqual(cast.one('SELECT state, says FROM deliveries'), { state: 'queued', says: 'Too fast.' }));
    cast.clock.move(6000);
    cast.test.installation.jobs.tick();
    assert.deepEqual(states(), ['queued']);
    cast.clock.move(1500);
    cast.test.installation.jobs.tick();
    await eventually(() => assert.deepEqual(states(), ['sent']));
    assert.equal(cast.far.sent.length, 1);
  });

  it('waits as long as the channel says, also when something more is said meanwhile, and keeps the order', async () => {
    cast.far.failures.push(notSent('Too fast.', { retryAfter: 7000 }));
    await cast.startJobs();
    say('Yes.');
    await eventually(() => assert.equal(cast.one<{ says: string | null }>('SELECT says FROM deliveries').says, 'Too fast.'));
    const job = () => cast.one<{ due_at: number; lease: string | null } | undefined>("SELECT * FROM jobs WHERE kind = 'deliver'");
    const due = job()?.due_at;
    cast.clock.move(1000);
    sayAsPerson(cast.ws, { conversationId, userId: MIRA, text: 'Mira here.' });
    await eventually(() => assert.deepEqual([job()?.due_at, job()?.lease], [due, null]));
    assert.deepEqual(cast.far.sent, []);
    cast.clock.move(6000);
    cast.test.installation.jobs.tick();
    await eventually(() =>
      assert.deepEqual(
        cast.far.sent.map(({ text }) => text),
        ['Mira here.'],
      ),
    );
  });

  it('tries nothing while the line that a channel sends by is away, and sends the moment it is back', async () => {
    Object.assign(channelKinds['stand-in'] ?? assert.fail(), { sendsByItsLine: true });
    setHealth(cast.ws, cast.channelId, { status: 'connecting', says: 'The phone isn’t reached.' });
    await cast.startJobs();
    say('Yes.');
    const looked = () => cast.one<{ due: number }>("SELECT due_at AS due FROM jobs WHERE kind = 'deliver'").due > cast.clock.now();
    for (let looks = 0; looks < 8; looks++) {
      await eventually(() => assert.ok(looked()));
      cast.clock.move(30_000);
      cast.test.installation.jobs.tick();
    }
    assert.deepEqual(cast.all('SELECT state, attempts FROM deliveries'), [{ state: 'queued', attempts: 0 }]);
    await eventually(() => assert.ok(looked()));
    setHealth(cast.ws, cast.channelId, { status: 'connected' });
    await eventually(() => assert.deepEqual(states(), ['sent']));
  });

  it('counts no attempt of what found no line to be sent by, however often', async () => {
    for (let n = 0; n < 8; n++) cast.far.failures.push(notSent('The phone isn’t connected just now.', { untried: true }));
    await cast.startJobs();
    say('Yes.');
    await eventually(() => {
      cast.clock.move(1000);
      cast.test.installation.jobs.tick();
      assert.deepEqual(cast.all('SELECT state, attempts FROM deliveries'), [{ state: 'sent', attempts: 1 }]);
    });
  });

  it('sends by a channel that needs no line for it also while nothing is heard from it', async () => {
    setHealth(cast.ws, cast.channelId, { status: 'connecting', says: 'Telegram isn’t reached.' });
    await cast.startJobs();
    say('Yes.');
    await eventually(() => assert.deepEqual(states(), ['sent']));
  });

  it('never repeats a send whose outcome is unknown: it is uncertain, and a person is called', async () => {
    cast.far.failures.push(unknownOutcome('The connection broke.'));
    await cast.startJobs();
    say('Yes.');
    await eventually(() => assert.deepEqual(states(), ['uncertain']));
    assert.deepEqual(events(), ['wanted']);
    cast.clock.move(3600_000);
    cast.test.installation.jobs.tick();
    assert.equal(cast.far.sent.length, 0);
  });

  it('takes a send that was under way when the process died for uncertain', async () => {
    say('Yes.');
    cast.ws.sql.exec("UPDATE deliveries SET state = 'sending', attempts = 1");
    await cast.startJobs();
    await eventually(() => assert.deepEqual(states(), ['uncertain']));
    assert.equal(cast.far.sent.length, 0);
  });

  it('leaves nothing hanging when the server died three times while it sent: a person is told, and can send it again', async () => {
    say('Yes.');
    cast.ws.sql.exec("UPDATE jobs SET lease = 'dead', taken = wanted, deaths = 3 WHERE kind = 'deliver'");
    cast.ws.sql.exec(
      "INSERT INTO deliveries (conversation_id, message_id, part_id, channel_id, state, reference, queued_at) SELECT conversation_id, message_id, part_id, channel_id, 'sending', 'before', 0 FROM deliveries WHERE state = 'queued'",
    );
    await cast.startJobs();
    assert.deepEqual(states().toSorted(), ['failed', 'uncertain']);
    assert.match(cast.one<{ says: string }>("SELECT says FROM deliveries WHERE state = 'failed'").says, /stopped three times/);
    assert.equal(events().filter((event) => event === 'wanted').length, 1);
    const { id } = cast.one<{ id: number }>("SELECT id FROM deliveries WHERE state = 'failed'");
    assert.equal(settleDelivery(cast.ws, id, 'again', MIRA), 'settled');
    await eventually(() =>
      assert.deepEqual(
        cast.far.sent.map(({ text }) => text),
        ['Yes.'],
      ),
    );
  });

  it('lets a person settle it: it arrived, or it is sent again with a reference of its own', async () => {
    cast.far.failures.push(unknownOutcome('?'), unknownOutcome('?'));
    await cast.startJobs();
    say('Yes.');
    const id = await eventually(() => {
      const row = cast.one<{ id: number; state: string }>('SELECT id, state FROM deliveries ORDER BY id DESC');
      assert.equal(row.state, 'uncertain');
      return row.id;
    });
    assert.equal(settleDelivery(cast.ws, id, 'again', MIRA), 'settled');
    assert.equal(settleDelivery(cast.ws, id, 'again', MIRA), 'settled-before');
    await eventually(() => assert.deepEqual(states(), ['cancelled', 'uncertain']));
    assert.equal(settleDelivery(cast.ws, id + 1, 'arrived', MIRA), 'settled');
    assert.deepEqual(states(), ['cancelled', 'delivered']);
    assert.equal(cast.all('SELECT DISTINCT reference FROM deliveries').length, 2);
    assert.equal(settleDelivery(cast.ws, 99, 'arrived', MIRA), 'not-there');
  });

  it('fails for good in plain words, and holds back the parts behind it', async () => {
    cast.far.failures.push(notSent('They have blocked this bot.', { permanent: true }));
    await cast.startJobs();
    say('Sentence one of an answer that is too long for one part of this channel, so that it is cut. '.repeat(4));
    await eventually(() => assert.deepEqual(states().slice(0, 2), ['failed', 'cancelled']));
    assert.equal(cast.far.sent.length, 0);
    assert.equal(cast.one<{ says: string }>("SELECT says FROM deliveries WHERE state = 'failed'").says, 'They have blocked this bot.');
  });

  it('tells the log what the channel’s own reason was', async () => {
    const warn = mock.method(cast.test.installation.log, 'warn');
    cast.far.failures.push(notSent('Telegram refused this message.', { permanent: true, cause: new Error('400: PEER_ID_INVALID') }));
    await cast.startJobs();
    say('Yes.');
    await eventually(() => assert.deepEqual(states(), ['failed']));
    const [about] = warn.mock.calls.map(({ arguments: [first] }) => first as { err?: Error; channel?: number });
    assert.equal((about?.err?.cause as Error).message, '400: PEER_ID_INVALID');
    assert.equal(about?.channel, cast.channelId);
  });

  it('holds everything back while the account is ill, and loses none of it', async () => {
    cast.far.failures.push(notSent('The token has ended.', { permanent: true, account: true }));
    await cast.startJobs();
    say('Yes.');
    await eventually(() =>
      assert.deepEqual(cast.one('SELECT status, says FROM channels'), { status: 'broken', says: 'The token has ended.' }),
    );
    assert.deepEqual(states(), ['queued']);
    cast.ws.sql.exec("UPDATE channels SET status = 'connected', says = NULL");
    cast.clock.move(31_000);
    cast.test.installation.jobs.tick();
    await eventually(() => assert.deepEqual(states(), ['sent']));
  });

  it('waits as long as a channel is paused, however often it looks, and goes out at once when that ends', async () => {
    cast.ws.sql.exec("UPDATE channels SET status = 'paused'");
    await cast.startJobs();
    say('Yes.');
    const job = () => cast.one<{ due_at: number; parked_at: number | null; attempts: number }>("SELECT * FROM jobs WHERE kind = 'deliver'");
    for (let look = 0; look < 20; look++) {
      await eventually(() => assert.equal(job().due_at, cast.clock.now() + 30_000));
      cast.clock.move(30_000);
      cast.test.installation.jobs.tick();
    }
    await eventually(() => assert.equal(job().due_at, cast.clock.now() + 30_000));
    assert.deepEqual([job().parked_at, job().attempts], [null, 0]);
    cast.ws.durable(() => {
      cast.ws.sql.exec("UPDATE channels SET status = 'connected'");
      sendWaiting(cast.ws, cast.channelId);
    });
    await eventually(() => assert.deepEqual(states(), ['sent']));
  });

  it('goes out at once also when the account is mended while the send that found it ill is still under way', async () => {
    const open = await meetIllAccount();
    cast.ws.durable(() => enqueue(cast.ws, { kind: 'deliver', key: String(conversationId) }));
    cast.ws.bus.subscribe('all', (event) => {
      if (event.type === 'channel') cast.ws.sql.exec("UPDATE channels SET status = 'connected'");
    });
    open();
    await eventually(() => assert.deepEqual(states(), ['sent']));
  });

  it('doesn’t take an account for ill whose token was replaced while a send with the old one was under way', async () => {
    const open = await meetIllAccount();
    const sealed = sealSecrets(cast.ws, cast.channelId, { token: 'a new one' });
    cast.ws.durable(() => cast.ws.sql.prepare('UPDATE channels SET secrets_sealed = ?').run(sealed));
    open();
    await eventually(() => assert.deepEqual(states(), ['sent']));
    assert.deepEqual(cast.one('SELECT status, says FROM channels'), { status: 'connected', says: null });
  });

  it('moves a delivery by its receipts, forward only, also when they come before the answer to the send', async () => {
    let open = (): void => undefined;
    cast.far.gate = new Promise((resolve) => (open = resolve));
    await cast.startJobs();
    say('Yes.');
    await eventually(() => assert.deepEqual(states(), ['sending']));
    const receipt = (state: 'sent' | 'delivered' | 'read' | 'failed') =>
      receiveEvents(cast.ws, cast.channelId, [{ type: 'receipt', externalId: 'out-1', state, at: 5 }]);
    await receipt('read');
    open();
    await eventually(() => assert.deepEqual(states(), ['read']));
    await receipt('delivered');
    await receipt('failed');
    assert.deepEqual(states(), ['read']);
  });

  it('settles an uncertain delivery by a late receipt with our reference', async () => {
    cast.far.failures.push(unknownOutcome('?'));
    await cast.startJobs();
    say('Yes.');
    await eventually(() => assert.deepEqual(states(), ['uncertain']));
    const { reference } = cast.one<{ reference: string }>('SELECT reference FROM deliveries');
    await receiveEvents(cast.ws, cast.channelId, [{ type: 'receipt', reference, state: 'delivered', at: 5 }]);
    assert.deepEqual(states(), ['delivered']);
  });

  it('does not send what the bot said a day ago, and calls a person', async () => {
    say('Yes.');
    cast.clock.move(25 * 3600_000);
    await cast.startJobs();
    await eventually(() => assert.deepEqual(states(), ['cancelled']));
    assert.deepEqual(events(), ['wanted']);
  });

  it('lets a person answer: the bot is silent, the words go out once, a note goes nowhere', async () => {
    await cast.startJobs();
    const first = sayAsPerson(cast.ws, { conversationId, userId: MIRA, text: 'Hi, Mira here.', draftId: 'd1' });
    const again = sayAsPerson(cast.ws, { conversationId, userId: MIRA, text: 'Hi, Mira here.', draftId: 'd1' });
    addNote(cast.ws, { conversationId, userId: BEN, text: 'She is a regular.' });
    assert.deepEqual(first, again);
    await eventually(() =>
      assert.deepEqual(
        cast.far.sent.map((part) => part.text),
        ['Hi, Mira here.'],
      ),
    );
    assert.deepEqual(cast.one('SELECT turn, holder_id FROM conversations'), { turn: 'person', holder_id: MIRA });
    assert.deepEqual(events(), ['took-over']);
  });

  it('sends a person’s words as they are, brackets and all', async () => {
    await cast.startJobs();
    sayAsPerson(cast.ws, { conversationId, userId: MIRA, text: 'Your table is [12], by the window [1].' });
    await eventually(() => assert.equal(cast.far.sent[0]?.text, 'Your table is [12], by the window [1].'));
  });

  it('hands back to the bot, which answers what nobody has answered', async () => {
    takeOver(cast.ws, conversationId, MIRA);
    handBack(cast.ws, conversationId, MIRA);
    assert.equal(cast.all("SELECT * FROM jobs WHERE kind = 'answer'").length, 1);
    takeOver(cast.ws, conversationId, MIRA);
    sayAsPerson(cast.ws, { conversationId, userId: MIRA, text: 'Yes.' });
    handBack(cast.ws, conversationId, MIRA);
    assert.equal(cast.all("SELECT * FROM jobs WHERE kind = 'answer'").length, 0);
  });
});
