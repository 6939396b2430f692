import { createBot, publishDraft } from '../../src/bots/index.ts';
import {
  addNote,
  askRating,
  conversationById,
  handBack,
  handToPerson,
  keepWhatWasShown,
  mayAskRating,
  rateAnswer,
  receiveEvents,
  replyAsBot,
  resolveConversation,
  sayAsPerson,
  wantPerson,
} from '../../src/conversations/index.ts';
import { editRatingSettings } from '../../src/conversations/rating/rating-settings.ts';
import type { Workspace } from '../../src/workspace.ts';
import type { TestClock } from '../support/clock.ts';
import { standInChannel, widgetChannel } from '../support/stand-in-channel.ts';

/** Questions that have no telling word in common. */
export const QUESTIONS = [
  'Are you open on Sunday?',
  'Which cakes are vegan?',
  'How much is delivery to Spandau?',
  'Do you sell gift vouchers?',
  'Can I bring my dog?',
  'Is there parking nearby?',
] as const;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The same numbers in every run: a figure that is wrong once is wrong always. */
export function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

interface Step {
  at: number;
  act: () => Promise<void> | void;
}

export interface Life {
  channels: number[];
  bots: number[];
  /** Moves the clock from what is planned to what is planned; resolves when nothing is left before `until`. */
  liveUntil(until: number): Promise<void>;
}

/**
 * A business with three channels and two bots, and some weeks of customers who come by themselves: each conversation takes
 * one of the ways that conversations take, by the product's own verbs, at the moment it is planned for.
 */
export function planLife(ws: Workspace, clock: TestClock, init: { userId: number; from: number; days: number; aDay: number }): Life {
  const roll = dice(20);
  const bots = ['Aurora', 'Nachtdienst'].map((name) => {
    const { botId } = createBot(ws, { userId: null, settings: { name } });
    publishDraft(ws, { botId, userId: null });
    return botId;
  });
  const [first = 0, second = 0] = bots;
  const channels = [
    widgetChannel(ws, { botId: first }).id,
    standInChannel(ws, { botId: second }).id,
    widgetChannel(ws, { botId: null }).id,
  ];
  editRatingSettings(ws, init.userId, { scale: 'stars', asks: channels });
  const steps: Step[] = [];
  const plan = (at: number, act: Step['act']): void => void steps.push({ at, act });
  for (let n = 0; n < init.days * init.aDay; n++) {
    const began = init.from + Math.floor(roll() * init.days * DAY);
    // Half of them come around midnight in Berlin, where days change.
    const at = roll() < 0.5 ? began : began - (began % DAY) + 22 * HOUR + Math.floor((roll() - 0.5) * 3 * HOUR);
    plan(at, () => begin(n % 3 === 2 && roll() < 0.6 ? 2 : n % 2, n));
  }

  const talk: Talk = { ws, roll, plan, clock, userId: init.userId };
  async function begin(place: number, n: number): Promise<void> {
    const channelId = channels[place] ?? 0;
    const who = `c${place}-${Math.floor(n / 4)}`;
    const conversationId = await customerSays(talk, channelId, who, QUESTIONS[Math.floor(roll() * QUESTIONS.length)] ?? '');
    const botId = bots[place];
    const at = clock.now();
    if (botId !== undefined && roll() < 0.9) plan(at + waitFor(roll), () => botAnswers(talk, conversationId, botId));
    if (roll() < 0.25)
      plan(at + HOUR * (1 + roll() * 40), () => customerSays(talk, channelId, who, 'And on Monday?').then(() => undefined));
    if (botId !== undefined && roll() < 0.3) plan(at + HOUR * 60, () => botAnswers(talk, conversationId, botId));
    if (roll() < 0.15) plan(at + MINUTE + roll() * DAY, () => callPerson(talk, conversationId));
    if (roll() < 0.12) plan(at + HOUR * (1 + roll() * 80), () => personSays(talk, conversationId));
    if (place === 1 && roll() < 0.1) plan(at + HOUR * (2 + roll() * 50), () => ownerAnswersByPhone(talk, channelId, who));
    if (roll() < 0.1) plan(at + HOUR, () => void addNote(ws, { conversationId, userId: init.userId, text: 'Regular customer' }));
    if (roll() < 0.5)
      plan(at + DAY * 3 * roll(), () => {
        resolveConversation(ws, conversationId, init.userId);
        plan(clock.now() + MINUTE, () => askHowItWas(talk, conversationId, channelId, who));
      });
  }

  return {
    channels,
    bots,
    async liveUntil(until) {
      for (;;) {
        steps.sort((a, b) => b.at - a.at);
        const next = steps.at(-1);
        if (!next || next.at >= until) break;
        steps.pop();
        if (next.at > clock.now()) clock.move(Math.floor(next.at - clock.now()));
        await next.act();
      }
      if (until > clock.now()) clock.move(until - clock.now());
    },
  };
}

interface Talk {
  ws: Workspace;
  roll: () => number;
  plan: (at: number, act: Step['act']) => void;
  clock: TestClock;
  userId: number;
}

/** From a tenth of a second to half an hour. */
function waitFor(roll: () => number): number {
  return roll() < 0.8 ? Math.floor(300 + roll() * 9000) : Math.floor(roll() * 30 * MINUTE);
}

let said = 0;

async function customerSays({ ws, clock }: Talk, channelId: number, who: string, text: string, choice?: string): Promise<number> {
  const [received] = await receiveEvents(ws, channelId, [
    {
      type: 'message',
      thread: who,
      sender: { externalId: who, displayName: who },
      externalId: `f${said++}`,
      saidAt: clock.now(),
      parts: [{ kind: 'text', text, ...(choice === undefined ? {} : { detail: { choice } }) }],
    },
  ]);
  return received?.conversationId ?? 0;
}

/** Most of those who are asked say it, some days later, and some say it otherwise after that. */
function askHowItWas(talk: Talk, conversationId: number, channelId: number, who: string): void {
  const { ws, roll, plan, clock } = talk;
  const conversation = conversationById(ws, conversationId);
  if (!conversation || !mayAskRating(ws, conversation)) return;
  ws.durable(() => askRating(ws, conversationId, 'en'));
  const rate = (after: number): void => {
    const value = 1 + Math.floor(roll() * 5);
    plan(clock.now() + after, () =>
      customerSays(talk, channelId, who, String(value), `rate-${conversationId}-${value}`).then(() => undefined),
    );
  };
  if (roll() < 0.7) rate(roll() * 3 * DAY);
  if (roll() < 0.2) rate(4 * DAY);
}

/** As an answer is made: the run is opened, asks its provider, is closed; the reply comes of it, or doesn't. */
function botAnswers(talk: Talk, conversationId: number, botId: number): void {
  const { ws, roll, clock } = talk;
  const conversation = conversationById(ws, conversationId);
  if (!conversation) return;
  const answersThrough = conversation.lastCustomerMessageId ?? 0;
  const fate = roll();
  const state = fate < 0.75 ? 'answered' : fate < 0.88 ? 'fell-back' : 'dropped';
  const messageId = ws.durable(() => {
    const question = String(ws.sql.prepare('SELECT text FROM messages WHERE id = ?').pluck().get(answersThrough));
    const runId = openRun(talk, conversationId, botId, question);
    if (state === 'dropped') {
      if (roll() < 0.5) keepWhatWasShown(ws, { conversationId, runId, text: 'We are op' });
      closeRun(talk, runId, state);
      return null;
    }
    const replied = replyAsBot(ws, {
      conversationId,
      runId,
      answersThrough,
      text: state === 'answered' ? 'Yes.' : 'I don’t know.',
      sources: [],
      language: 'en',
    });
    if (replied.said && state === 'fell-back') wantPerson(ws, conversation, 'The bot found no answer.');
    closeRun(talk, runId, replied.said ? state : 'dropped');
    return replied.said ? replied.messageId : null;
  });
  if (messageId === null || state !== 'answered') return;
  const rate = (rating: 'good' | 'bad' | null) => (): void =>
    void rateAnswer(ws, { identityId: conversation.identityId, messageId, rating });
  if (roll() < 0.4) talk.plan(clock.now() + roll() * 4 * DAY, rate(roll() < 0.7 ? 'good' : 'bad'));
  if (roll() < 0.1) talk.plan(clock.now() + 5 * DAY, rate(roll() < 0.5 ? 'bad' : null));
}

function openRun({ ws, clock }: Talk, conversationId: number, botId: number, question: string, kind = 'answer'): number {
  return Number(
    ws.sql
      .prepare(
        `INSERT INTO runs (conversation_id, bot_version_id, kind, boot, state, question, passages, prompt, started_at)
         VALUES (?, (SELECT published_version_id FROM bots WHERE id = ?), ?, 'b', 'open', ?, '[]', '[]', ?)`,
      )
      .run(conversationId, botId, kind, question, clock.now()).lastInsertRowid,
  );
}

function closeRun({ ws, roll, clock }: Talk, runId: number, state: string): void {
  const priced = roll() < 0.9;
  ws.sql
    .prepare('UPDATE runs SET state = ?, cost_micros = ?, currency = ?, ended_at = ? WHERE id = ?')
    .run(state, priced ? Math.floor(roll() * 30_000) : null, priced ? (roll() < 0.8 ? 'EUR' : 'USD') : null, clock.now(), runId);
}

function callPerson(talk: Talk, conversationId: number): void {
  const { ws, roll, clock } = talk;
  const called = ws.durable(() => handToPerson(ws, { id: conversationId }, 'The customer asked for a person.'));
  if (called && roll() < 0.8) talk.plan(clock.now() + 20 * SECOND + roll() * roll() * 2 * DAY, () => personSays(talk, conversationId));
}

/** Past the inbox: nobody took over by it. */
async function ownerAnswersByPhone({ ws, clock }: Talk, channelId: number, who: string): Promise<void> {
  const saidAt = clock.now();
  const parts = [{ kind: 'text' as const, text: 'From my phone.' }];
  await receiveEvents(ws, channelId, [
    { type: 'echo', thread: who, recipient: { externalId: who }, externalId: `f${said++}`, saidAt, parts },
  ]);
}

/** Half of them let an answer be suggested first. Some hand the conversation back, and are called again. */
function personSays(talk: Talk, conversationId: number): void {
  const { ws, userId, roll, clock } = talk;
  const conversation = conversationById(ws, conversationId);
  if (conversation?.status !== 'open') return;
  if (conversation.botId !== null && roll() < 0.5)
    ws.durable(() => closeRun(talk, openRun(talk, conversationId, conversation.botId ?? 0, 'What now?', 'suggestion'), 'answered'));
  sayAsPerson(ws, { conversationId, userId, text: 'Mira here.' });
  if (roll() > 0.4) return;
  talk.plan(clock.now() + HOUR, () => handBack(ws, conversationId, userId));
  talk.plan(clock.now() + 4 * HOUR, () => callPerson(talk, conversationId));
}

/** Someone tries the bot out: paid for, and no conversation. */
export function playAround(ws: Workspace, botId: number, at: number): void {
  ws.sql
    .prepare(
      `INSERT INTO runs (conversation_id, bot_version_id, kind, boot, state, question, passages, prompt, cost_micros, currency, started_at, ended_at)
       VALUES (NULL, (SELECT published_version_id FROM bots WHERE id = ?), 'playground', 'b', 'answered', 'Try', '[]', '[]', 99999, 'EUR', ?, ?)`,
    )
    .run(botId, at, at);
}
