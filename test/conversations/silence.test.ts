import assert from 'node:assert/strict';
import { pauseChannel } from '../../src/channels/index.ts';
import { handBack, receiveEvents, replyAsBot, sayAsPerson, SilenceWatch, takeOver } from '../../src/conversations/index.ts';
import { lookForSilence } from '../../src/conversations/waiting/notice-silence.ts';
import { needsAnswer, needsNoAnswer } from '../../src/conversations/waiting/no-answer.ts';
import { countSilent, silentConversations } from '../../src/conversations/waiting/silence.queries.ts';
import { editWaitingTimes, waitingTimesOf } from '../../src/conversations/waiting/waiting-times.ts';
import { hearStatements, scansOf } from '../support/plans.ts';
import { BEN, castOf, MIRA, type Cast } from './cast.ts';

const MINUTE = 60_000;

describe('the silence alarm', () => {
  let cast: Cast;
  let conversationId: number;
  beforeEach(async () => {
    cast = await castOf();
    cast.ws.sql
      .exec(`INSERT INTO bot_versions (id, bot_id, number, settings, created_at, updated_at) VALUES (1, ${cast.botId}, 1, '{}', 0, 0);
      UPDATE bots SET published_version_id = 1`);
    conversationId = (await cast.write('Are you open on Sunday?')).conversationId ?? 0;
  });
  afterEach(() => cast.test.end());

  const called = () =>
    cast.one<{ since: number | null; why: string | null }>('SELECT wanted_since AS since, wanted_why AS why FROM conversations');
  const calls = () => cast.all<{ text: string }>("SELECT text FROM messages WHERE event = 'wanted' ORDER BY id").map(({ text }) => text);
  const after = (minutes: number): number | null => {
    cast.clock.move(minutes * MINUTE);
    return lookForSilence(cast.ws);
  };
  const answer = (): void => {
    const { messageId: answersThrough } = cast.one<{ messageId: number }>(
      'SELECT last_customer_message_id AS messageId FROM conversations',
    );
    cast.ws.durable(() => replyAsBot(cast.ws, { conversationId, runId: null, answersThrough, text: 'Yes.', sources: [], language: 'en' }));
  };
  const set = (silenceMs: number | null): void => editWaitingTimes(cast.ws, MIRA, { ...waitingTimesOf(cast.ws), silenceMs });

  it('calls a person for a customer who has had no answer for ten minutes, once, and says when it looks again', () => {
    const began = cast.clock.now();
    assert.equal(after(9), began + 10 * MINUTE);
    assert.equal(called().since, null);
    assert.equal(after(1), null);
    assert.equal(called().since, began, 'the customer waits since then');
    assert.match(called().why ?? '', /^No answer for 10 min\. The bot has not come to it/);
    after(60);
    assert.equal(calls().length, 1);
  });

  it('says what failed: a bot that gave up, a provider that doesn’t answer, no bot', async () => {
    cast.ws.sql.exec("UPDATE jobs SET parked_at = 1, says = 'It died three times.' WHERE kind = 'answer'");
    after(10);
    assert.match(called().why ?? '', /The bot failed again and again\. It died three times\./);
    await cast.write('Hello?', { thread: '8', sender: { externalId: '8' } });
    cast.ws.sql
      .exec(`INSERT INTO runs (id, conversation_id, bot_version_id, kind, boot, state, answers_through, passages, prompt, started_at) VALUES (1, 2, 1, 'answer', 'b', 'failed', 99, '[]', '[]', 0);
      INSERT INTO provider_calls (run_id, provider, model, state, says, started_at) VALUES (1, 'openai', 'm', 'failed', 'OpenAI has too much to do.', 0)`);
    cast.ws.sql.exec('UPDATE channels SET bot_id = NULL');
    await cast.write('Anybody?', { thread: '9', sender: { externalId: '9' } });
    cast.ws.sql.exec('UPDATE conversations SET wanted_since = NULL, wanted_why = NULL WHERE id = 3');
    after(10);
    const whys = cast.all<{ why: string }>('SELECT wanted_why AS why FROM conversations ORDER BY id').map(({ why }) => why);
    assert.match(whys[1] ?? '', /gets no answer from its provider\. OpenAI has too much to do\./);
    assert.match(whys[2] ?? '', /No bot answers here/);
  });

  it('hears an answer that is there and can’t leave, since its channel is paused', async () => {
    pauseChannel(cast.ws, { channelId: cast.channelId, userId: MIRA });
    answer();
    after(9);
    assert.equal(called().since, null);
    after(1);
    assert.match(called().why ?? '', /An answer waits to be sent: .* is paused\./);
    after(10);
    assert.equal(calls().length, 1);
  });

  it('calls the team again when somebody took it and was called away; it stays theirs, and rests with their answer', async () => {
    cast.clock.move(8 * MINUTE);
    takeOver(cast.ws, conversationId, BEN);
    after(9);
    assert.equal(called().since, null, 'who has just taken it has as long as anybody');
    after(1);
    assert.match(called().why ?? '', /^No answer for 18 min\. It was taken over/);
    assert.equal(cast.one<{ holder: number }>('SELECT holder_id AS holder FROM conversations').holder, BEN);
    assert.equal(cast.all("SELECT 1 FROM jobs WHERE kind = 'nobody-came'").length, 0, 'somebody has come');
    sayAsPerson(cast.ws, { conversationId, userId: BEN, text: 'Yes, from nine.' });
    assert.deepEqual(called(), { since: null, why: null });
    await cast.write('And on Monday?');
    after(10);
    assert.equal(calls().length, 2, 'another silence is told of anew');
  });

  it('calls again when somebody came because of it, and forgot it too', () => {
    after(10);
    takeOver(cast.ws, conversationId, BEN);
    assert.equal(called().since, null);
    after(9);
    assert.equal(calls().length, 1);
    after(1);
    assert.equal(calls().length, 2);
    after(60);
    assert.equal(calls().length, 2);
  });

  it('begins anew when the conversation is handed back and the bot does not answer either', () => {
    takeOver(cast.ws, conversationId, BEN);
    after(10);
    handBack(cast.ws, conversationId, BEN);
    after(9);
    assert.equal(called().since, null);
    after(1);
    assert.equal(calls().length, 2);
  });

  it('is silent about what was answered, taken back, marked as done, and about blocked contacts', async () => {
    await receiveEvents(cast.ws, cast.channelId, [
      {
        type: 'revoked',
        thread: '7',
        sender: { externalId: '7' },
        externalId: String(cast.one<{ id: string }>('SELECT external_id AS id FROM messages').id),
        at: cast.clock.now(),
      },
    ]);
    after(10);
    assert.equal(called().since, null);
    await cast.write('Still there?');
    answer();
    cast.ws.sql.exec("UPDATE deliveries SET state = 'sent'");
    after(10);
    assert.equal(called().since, null);
    await cast.write('Hm.');
    cast.ws.sql.exec('UPDATE contacts SET blocked_at = 1');
    after(10);
    cast.ws.sql.exec("UPDATE contacts SET blocked_at = NULL; UPDATE conversations SET status = 'resolved'");
    assert.equal(after(10), null);
    assert.deepEqual(calls(), []);
  });

  it('keeps to the time that is set, and is off where it is switched off', () => {
    set(null);
    assert.equal(after(100), null);
    assert.equal(called().since, null);
    set(120 * MINUTE);
    assert.equal(after(19), cast.clock.now() + MINUTE);
    after(1);
    assert.match(called().why ?? '', /No answer for 2 h/);
  });

  it('takes “no answer needed” from who has it, and takes it back', async () => {
    takeOver(cast.ws, conversationId, BEN);
    sayAsPerson(cast.ws, { conversationId, userId: BEN, text: 'From nine.' });
    cast.ws.sql.exec("UPDATE deliveries SET state = 'sent'");
    await cast.write('Thanks');
    needsNoAnswer(cast.ws, conversationId, BEN);
    after(30);
    assert.deepEqual(calls(), []);
    assert.equal(countSilent(cast.ws, 10 * MINUTE), 0);
    needsAnswer(cast.ws, conversationId, BEN);
    needsAnswer(cast.ws, conversationId, BEN);
    assert.deepEqual(silentConversations(cast.ws, 10 * MINUTE), [conversationId]);
    after(0);
    assert.equal(calls().length, 1);
    assert.deepEqual(
      cast.all<{ event: string }>("SELECT event FROM messages WHERE event LIKE '%answer%' ORDER BY id").map(({ event }) => event),
      ['no-answer', 'answer-needed'],
    );
  });

  it('takes back the last “no answer needed” alone: an earlier one stands', async () => {
    takeOver(cast.ws, conversationId, BEN);
    needsNoAnswer(cast.ws, conversationId, BEN);
    const first = cast.one<{ through: number }>('SELECT answered_through AS through FROM conversations').through;
    await cast.write('Thanks');
    needsNoAnswer(cast.ws, conversationId, BEN);
    needsAnswer(cast.ws, conversationId, BEN);
    const { through, last } = cast.one<{ through: number; last: number }>(
      'SELECT answered_through AS through, last_customer_message_id AS last FROM conversations',
    );
    assert.ok(through >= first && through < last);
  });

  it('looks into a closed workspace when its customer’s time is up, and after each time it was open', async () => {
    const { workspaces } = cast.test.installation;
    const watch = new SilenceWatch(cast.test.installation);
    await watch.look();
    cast.clock.move(10 * MINUTE);
    const looked: string[] = [];
    const each = workspaces.each.bind(workspaces);
    workspaces.each = (act, signal, ids = []) => {
      looked.push(...ids);
      return each(act, signal, ids);
    };
    workspaces.openIds = () => [];
    await watch.look();
    assert.deepEqual(looked, [cast.ws.id]);
    assert.equal(calls().length, 1);
    await watch.look();
    assert.deepEqual(looked, [cast.ws.id], 'nobody else waits there');
    workspaces.takeClosed = () => [cast.ws.id];
    await watch.look();
    assert.equal(looked.length, 2);
  });

  it('reads no table from end to end', () => {
    const texts = hearStatements(cast.ws);
    after(10);
    countSilent(cast.ws, MINUTE);
    silentConversations(cast.ws, MINUTE);
    assert.deepEqual(
      [...texts].flatMap((text) => scansOf(cast.ws, text).map((scan) => `${scan}: ${text}`)),
      [],
    );
    assert.ok(texts.size > 5);
  });
});
