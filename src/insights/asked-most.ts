/** What customers ask most, grouped by the same likeness as unanswered questions are. */
import { setImmediate } from 'node:timers/promises';
import type { Workspace } from '../workspace.ts';
import { askedIn } from './asked-in.ts';
import { clearest } from './clearest.ts';
import { COUNTED } from './count-days.ts';
import type { Day } from './days.ts';
import type { Narrowed } from './figures.queries.ts';
import { ALIKE, likest, wordingOf, type Wording } from './likeness.ts';

/** So many questions, the newest of the period, are looked at: comparing all of a big business would take minutes. */
export const LOOKED_AT = 400;
/** Questions compared before others get their turn: some five milliseconds. */
const AT_ONCE = 25;

export interface AskedGroup {
  /** The clearest wording. */
  question: string;
  times: number;
  people: number;
  /** Of the times, how often the bot answered. */
  answered: number;
}

interface Row {
  id: number;
  question: string;
  state: 'answered' | 'fell-back';
  contactId: number;
}

interface Question extends Row {
  text: string;
  wording: Wording;
  words: string;
}

/** The last grouping of each workspace, by the questions that went into it: a page that is looked at again costs nothing. */
const known = new WeakMap<Workspace, { key: string; groups: AskedGroup[] }>();

/** What was asked more than once, the most asked first. */
export async function askedMost(ws: Workspace, days: readonly Day[], narrowed: Narrowed): Promise<AskedGroup[]> {
  const rows = newest(ws, days, narrowed);
  const key = rows.map(({ id }) => id).join();
  const last = known.get(ws);
  if (last?.key === key) return last.groups;
  const groups = (await grouped(rows))
    .filter((group) => group.length > 1)
    .map(groupView)
    .sort((a, b) => b.times - a.times || b.people - a.people || a.question.localeCompare(b.question));
  known.set(ws, { key, groups });
  return groups;
}

function newest(ws: Workspace, days: readonly Day[], { channelId, botId }: Narrowed): Row[] {
  return ws
    .prepare(
      `SELECT r.id, r.question, r.state, c.contact_id AS contactId FROM runs r JOIN conversations c ON c.id = r.conversation_id
       WHERE r.started_at >= ? AND r.started_at < ? AND r.kind = 'answer' AND r.state IN ('answered', 'fell-back') AND r.question <> ''
         AND (? IS NULL OR c.channel_id = ?) AND (? IS NULL OR c.bot_id = ?) AND ${COUNTED}
       ORDER BY r.started_at DESC, r.id DESC LIMIT ?`,
    )
    .all(days[0]?.from ?? 0, days.at(-1)?.to ?? 0, channelId, channelId, botId, botId, LOOKED_AT) as Row[];
}

async function grouped(rows: readonly Row[]): Promise<Question[][]> {
  const groups: Question[][] = [];
  const groupOfWords = new Map<string, Question[]>();
  const wordings: { wording: Wording; group: Question[] }[] = [];
  for (const [index, row] of rows.entries()) {
    if (index % AT_ONCE === AT_ONCE - 1) await setImmediate();
    const text = askedIn(row.question);
    if (text === null) continue;
    const wording = await wordingOf(text);
    const words = wording.words.join(' ');
    let group = groupOfWords.get(words) ?? (await nearest(wording, wordings));
    if (!group) groups.push((group = []));
    if (!groupOfWords.has(words)) wordings.push({ wording, group });
    groupOfWords.set(words, group);
    group.push({ ...row, text, wording, words });
  }
  return groups;
}

async function nearest(wording: Wording, wordings: readonly { wording: Wording; group: Question[] }[]): Promise<Question[] | undefined> {
  const best = await likest(
    wording,
    wordings.map((other) => other.wording),
  );
  return best && best.likeness >= ALIKE ? wordings[best.index]?.group : undefined;
}

function groupView(group: Question[]): AskedGroup {
  return {
    question: clearest(group)[0]?.text ?? '',
    times: group.length,
    people: new Set(group.map(({ contactId }) => contactId)).size,
    answered: group.filter(({ state }) => state === 'answered').length,
  };
}
