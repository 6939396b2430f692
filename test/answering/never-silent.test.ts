import assert from 'node:assert/strict';
import fc from 'fast-check';
import { answerConversation, countFailures, tellAway, tellNobodyCame } from '../../src/answering/index.ts';
import { createBot, publishDraft } from '../../src/bots/index.ts';
import {
  conversationById,
  handBack,
  rateAnswer,
  reopenConversation,
  resolveConversation,
  sayAsPerson,
  takeOver,
} from '../../src/conversations/index.ts';
import { editHours, hoursOf } from '../../src/conversations/hours/hours.ts';
import { lookForSilence } from '../../src/conversations/waiting/notice-silence.ts';
import { castOf, MIRA, type Cast } from '../conversations/cast.ts';
import { eventually } from '../support/eventually.ts';

const HOUR = 3600_000;
const RUNS = 60;

/** What may happen to a conversation, in any order. */
const EVENTS = ['asks', 'wants', 'thanks', 'allergy', 'takes', 'answers', 'back', 'done', 'again', 'bad', 'minutes', 'night'] as const;
type Event = (typeof EVENTS)[number];

describe('handing over', () => {
  let cast: Cast;
  let sender = 0;
  before(async () => {
    cast = await castOf();
    const { botId } = createBot(cast.ws, {
      userId: null,
      settings: {
        name: 'Aurora',
        handoff: {
          keywords: { on: true, words: ['allergy'], says: 'The cook comes.' },
          failures: { on: true, after: 2, says: '' },
          unsure: { on: false, below: 0.4, says: '' },
          places: { on: false, channels: [], labels: [], says: '' },
          outsideHours: { on: true, says: '' },
          sumsUp: false,
        },
      },
    });
    assert.equal(publishDraft(cast.ws, { botId, userId: null }).problems, undefined);
    cast.ws.sql.prepare('UPDATE channels SET bot_id = ?').run(botId);
    editHours(cast.ws, MIRA, { ...hoursOf(cast.ws), inUse: true, week: Array.from({ length: 7 }, () => [[480, 1200]]) });
    await cast.test.installation.jobs.start({
      answer: { run: answerConversation },
      'nobody-came': { run: tellNobodyCame },
      'tell-away': { run: tellAway },
      'count-failures': { run: countFailures },
      'gather-gap': { run: async (_, job) => job.finishQuietly() },
      deliver: { run: async (_, job) => job.finishQuietly() },
      'tell-team': { run: async (_, job) => job.finishQuietly() },
    });
  });
  after(() => cast.test.end());

  const due = () => cast.all<{ kind: string }>('SELECT kind FROM jobs WHERE due_at <= ?', cast.clock.now());
  /** Until the quiet time of the channel has passed and all that follows is done. */
  async function settle(): Promise<void> {
    cast.clock.move(10_000);
    cast.test.installation.jobs.tick();
    await eventually(() => assert.deepEqual(due(), []));
  }

  async function happens(event: Event, who: string, id: number): Promise<number> {
    const { ws } = cast;
    const say = async (text: string) =>
      (await cast.write(text, { thread: who, sender: { externalId: who, displayName: who } })).conversationId ?? 0;
    switch (event) {
      case 'asks':
        return say('Do you sell bicycles?');
      case 'wants':
        return say('Can I talk to a person?');
      case 'thanks':
        return say('Thanks');
      case 'allergy':
        return say('I have an allergy');
      case 'takes':
        takeOver(ws, id, MIRA);
        return id;
      case 'answers':
        sayAsPerson(ws, { conversationId: id, userId: MIRA, text: 'Here I am.' });
        return id;
      case 'back':
        handBack(ws, id, MIRA);
        return id;
      case 'done':
        resolveConversation(ws, id, MIRA);
        return id;
      case 'again':
        reopenConversation(ws, id, MIRA);
        return id;
      case 'bad':
        rateLast(id);
        return id;
      case 'minutes':
        cast.clock.move(20 * 60_000);
        lookForSilence(ws);
        return id;
      case 'night':
        cast.clock.move(7 * HOUR);
        return id;
    }
  }

  function rateLast(id: number): void {
    const last = cast.one<{ id: number; identityId: number } | undefined>(
      "SELECT m.id, (SELECT identity_id FROM conversations WHERE id = ?) AS identityId FROM messages m WHERE m.conversation_id = ? AND m.author = 'bot' ORDER BY m.id DESC LIMIT 1",
      id,
      id,
    );
    if (last) rateAnswer(cast.ws, { identityId: last.identityId, messageId: last.id, rating: 'bad' });
  }

  /** The customer was answered or told, a person is told, and nobody is told the same again and again. */
  function holds(id: number, story: string): void {
    const now = conversationById(cast.ws, id);
    assert.ok(now);
    const since = cast.all<{ author: string; event: string | null; text: string }>(
      'SELECT author, event, text FROM messages WHERE conversation_id = ? AND id > ? ORDER BY id',
      id,
      now.lastCustomerMessageId ?? 0,
    );
    const said = since.filter(({ author }) => author === 'bot').map(({ text }) => text);
    const waits = cast.one<{ waits: number }>(
      'SELECT last_customer_message_id > answered_through AS waits FROM conversations WHERE id = ?',
      id,
    );
    if (now.status === 'open' && waits.waits === 1)
      assert.ok(now.wantedSince !== null || now.holderId !== null || now.turn === 'person', `${story}: nobody knows of who waits`);
    if (now.status === 'open' && now.turn === 'bot') assert.equal(waits.waits, 0, `${story}: the bot’s turn, and no answer`);
    if (now.turn === 'person' && now.holderId === null && now.status === 'open') {
      assert.notEqual(now.wantedSince, null, `${story}: nobody was called`);
      const ever = cast.one<{ n: number }>("SELECT count(*) AS n FROM messages WHERE conversation_id = ? AND author = 'bot'", id);
      assert.ok(ever.n > 0, `${story}: the customer was told nothing`);
    }
    const turns = since.filter(({ event }) => event === 'handed-back' || event === 'reopened' || event === 'wanted').length;
    assert.ok(said.length <= 3 + turns * 3, `${story}: a loop, ${said.join(' | ')}`);
  }

  it('whatever happens and in whatever order, nobody waits unheard, the customer is told, and nothing goes in circles', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...EVENTS), { minLength: 3, maxLength: 10 }), async (events) => {
        const who = `p${sender++}`;
        let id = await happens('asks', who, 0);
        await settle();
        holds(id, 'asks');
        for (const [at, event] of events.entries()) {
          id = await happens(event, who, id);
          await settle();
          holds(id, events.slice(0, at + 1).join(' → '));
        }
      }),
      { numRuns: RUNS },
    );
  });
});
