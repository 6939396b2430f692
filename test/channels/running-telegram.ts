import assert from 'node:assert/strict';
import { createBot, publishDraft } from '../../src/bots/index.ts';
import { addChannel } from '../../src/channels/index.ts';
import { sayAsPerson } from '../../src/conversations/index.ts';
import { channels, sources } from '../../src/db/schema/workspace.ts';
import { addQuestions } from '../../src/knowledge/index.ts';
import { startWork } from '../../src/work.ts';
import type { SentMessage } from '../simulators/telegram.ts';
import { eventually } from '../support/eventually.ts';
import { addCast } from '../support/http.ts';
import { onTelegram, type OnTelegram } from './on-telegram.ts';

export const ayse = { chat: 501, name: 'Ayşe Demir', language: 'en' };
export const jonas = { chat: 502, name: 'Jonas Weber', language: 'en' };
export const neighbours = { chat: -1001, title: 'Neighbours' };
export const QUESTION = 'Are you open on Sunday?';

/** Café Aurora on Telegram with everything that runs: a bot without AI that knows when it is open, and no quiet time. */
export interface RunningTelegram extends OnTelegram {
  mira: number;
  channelId: number;
  all<Row>(sql: string): Row[];
  one<Value>(sql: string): Value;
  /** What was sent that says when it is open. */
  answers(): SentMessage[];
  answered(times: number): Promise<void>;
  /** Resolves once all that was said is stored. */
  heard(): Promise<void>;
  last(): SentMessage;
  /** Resolves once this is the last that was sent. */
  reads(text: string): Promise<void>;
  say(conversationId: number, text: string, more?: { choices?: { id: string; title: string }[] }): void;
}

type Hook = (act: () => Promise<void>) => void;

/** Opened at `begin`, shut at `end`; what is returned is filled by then. */
export function runningTelegram(begin: Hook, end: Hook): RunningTelegram {
  const opened = {} as RunningTelegram;
  let stop: (ms: number) => Promise<void> = async () => undefined;
  end(() => stop(1000));
  const on = onTelegram(begin, end);
  begin(async () => {
    const { far, test, ws } = on;
    const { owner: mira } = await addCast(test.installation, ws.id);
    const { botId } = createBot(ws, { settings: { name: 'Aurora' }, userId: mira });
    publishDraft(ws, { botId, userId: mira });
    const work = await startWork(test.installation);
    stop = (ms) => work.stop(ms);
    const answer = 'On Sunday we open at ten and close at four.';
    addQuestions(ws, { title: 'Hours', by: mira, pairs: [{ question: QUESTION, answer }] });
    await eventually(() => assert.equal(ws.db.select().from(sources).get()?.state, 'ready'));
    const { id: channelId } = await addChannel(ws, { kind: 'telegram', settings: { token: far.token }, botId, userId: mira });
    ws.db.update(channels).set({ quietMs: 0 }).run();
    await far.until(() => far.polling);
    const answers = () => far.sent.filter(({ visible }) => /open at ten/.test(visible));
    Object.assign(opened, {
      far,
      test,
      ws,
      mira,
      channelId,
      all: <Row>(sql: string) => ws.sql.prepare(sql).all() as Row[],
      one: <Value>(sql: string) => ws.sql.prepare(sql).pluck().get() as Value,
      answers,
      answered: (times) => far.until(() => answers().length === times),
      heard: () => far.until(() => far.polling && far.waiting === 0),
      last: () => far.sent.at(-1) ?? assert.fail('something was sent'),
      reads: (text) => far.until(() => far.sent.at(-1)?.visible === text),
      say: (conversationId, text, more = {}) => void sayAsPerson(ws, { conversationId, userId: mira, text, ...more }),
    } satisfies RunningTelegram);
  });
  return opened;
}
