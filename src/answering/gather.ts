import { answeredThrough } from '../conversations/index.ts';
import type { Turn } from '../providers/index.ts';
import { estimateTokens } from '../lib/tokens.ts';
import type { Workspace } from '../workspace.ts';
import type { Abilities } from './media/abilities.ts';
import { recapOf } from './recap.ts';
import { openFiles, type OpenFiles, type PictureRef } from './media/open-files.ts';

const HISTORY_TOKENS = 2500;
const HISTORY_MESSAGES = 40;
/** Read so far, what lies furthest back is about to fall out of it, and is summed up. */
const NEARLY = { tokens: 2000, messages: 30 };
const EARLIER_MESSAGES = 2;
/** Of each: a long one would drown the question. */
const EARLIER_LETTERS = 300;

/** Stands in the talk behind what came too late: so that a model doesn't answer it after all. */
const LEFT_TO_PERSON = '[A person was asked to answer this.]';

/** A document alone is searched for by its beginning. */
const OPENING_LETTERS = 200;

export interface GatheredTurn extends Turn {
  /** What is shown with it. */
  shows?: PictureRef[];
}

export interface Gathered {
  /** Oldest first; ends with what the customer has said since they were last answered. */
  turns: GatheredTurn[];
  /** That last part alone, as one text: what is searched for. '' for nothing but files that say nothing. */
  question: string;
  /** What they asked before, the last few messages, for a question that leans on it. */
  earlier: string;
  answersThrough: number;
  /** What was said before `turns`, in short; '' where that is all. */
  recap: string;
  /** Soon it no longer fits. */
  nearlyFull: boolean;
  /** Among it is what this bot can't open: a picture, a voice note, a document. `question` holds the words alone. */
  unread: boolean;
  /** Why, for the team; '' where there is nothing to say. */
  unreadWhy: string;
  /** Pictures are shown to the model with what is to be answered. */
  pictures: boolean;
  /** A picture or a document stands in the turns, and what is asked may be about it. */
  files: boolean;
  /** Files that have to come, or to be understood, before it is answered. */
  waits: OpenFiles['waits'];
  /** The language the customer's app is set to, where the channel tells. */
  language: string | null;
}

interface Row {
  id: number;
  author: 'customer' | 'bot' | 'person';
  text: string;
  cutOff: number;
  unread: number;
  tooOld: number;
  answersThrough: number | null;
}

/** The newest of what was said, in the order in which it is read, newest first. */
function rowsOf(ws: Workspace, conversationId: number, after = 0): Row[] {
  const newest = ws
    .prepare(
      `SELECT id, author, text, cut_off AS cutOff, answers_through AS answersThrough, too_old AS tooOld,
         EXISTS (SELECT 1 FROM message_parts WHERE message_id = messages.id AND kind IN ('image', 'audio', 'video', 'file', 'unknown')) AS unread
       FROM messages
       WHERE conversation_id = ? AND id > ? AND author IN ('customer', 'bot', 'person') AND revoked_at IS NULL ORDER BY id DESC LIMIT ?`,
    )
    .all(conversationId, after, HISTORY_MESSAGES) as Row[];
  return newest.sort((a, b) => placeOf(b) - placeOf(a));
}

function languageOf(ws: Workspace, conversationId: number): string | null {
  return ws.prepare('SELECT language FROM conversations WHERE id = ?').pluck().get(conversationId) as string | null;
}

/** What was said so far, where nobody waits for an answer. */
export function talkSoFar(ws: Workspace, conversationId: number): Pick<Gathered, 'turns' | 'language'> {
  return { turns: turnsOf(withinBudget(rowsOf(ws, conversationId)), undefined, null), language: languageOf(ws, conversationId) };
}

/**
 * What was said, as far as the budget reaches, newest kept; of files what its bot can take in. Undefined when the customer waits
 * for no answer. `abilities` is asked only where there are files.
 */
export function gather(ws: Workspace, conversationId: number, abilities: () => Abilities): Gathered | undefined {
  const through = answeredThrough(ws, conversationId);
  const recap = recapOf(ws, conversationId);
  const rows = rowsOf(ws, conversationId, recap?.throughId);
  const burst = rows.filter((row) => row.author === 'customer' && row.id > through);
  const [last] = burst;
  if (!last) return undefined;
  // What came too late was left to a person. The bot reads it, and answers it only when there is nothing else: handed back to it.
  const fresh = burst.filter((row) => row.tooOld === 0);
  const asked = fresh.length === 0 ? burst : fresh;
  const left = burst.filter((row) => !asked.includes(row));
  const before = rows.filter((row) => row.author === 'customer' && row.id <= through);
  const withFiles = rows.filter((row) => row.author === 'customer' && row.unread === 1);
  const files =
    withFiles.length === 0
      ? null
      : openFiles(
          ws,
          withFiles.map((row) => ({ id: row.id, asked: asked.includes(row) })),
          abilities(),
        );
  const words = wordsIn(asked);
  const read = withinBudget(rows);
  return {
    turns: turnsOf(read, left[0], files),
    question: words === '' ? (files?.opening(asked).slice(0, OPENING_LETTERS) ?? '') : words,
    unread: (files?.unread.length ?? 0) > 0,
    unreadWhy: files?.unread.find((why) => why !== '') ?? '',
    pictures: asked.some(({ id }) => files?.pictures.has(id)),
    files: read.some(({ id }) => files?.pictures.has(id) || files?.documents.has(id)),
    waits: files?.waits ?? [],
    earlier: earlierOf([...left, ...before].map((row) => row.text)),
    answersThrough: last.id,
    recap: recap?.text ?? '',
    nearlyFull: rows.length > NEARLY.messages || rows.reduce((sum, { text }) => sum + estimateTokens(text), 0) > NEARLY.tokens,
    language: languageOf(ws, conversationId),
  };
}

/** What the customer said between two messages, as one text, as `question` is. */
export function wordsBetween(ws: Workspace, conversationId: number, { after, through }: { after: number; through: number }): string {
  return wordsIn(rowsOf(ws, conversationId, after).filter(({ author, id }) => author === 'customer' && id <= through));
}

function wordsIn(newestFirst: readonly Row[]): string {
  return newestFirst
    .map(wordsOf)
    .reverse()
    .filter((each) => each !== '')
    .join('\n');
}

/**
 * Of what was asked before, newest first, what a question may lean on, oldest first: "Do you make cakes?", "For twenty
 * people?", "What does it cost?". What lies further back is another subject more often than not.
 */
export function earlierOf(asked: readonly string[]): string {
  return asked
    .slice(0, EARLIER_MESSAGES)
    .map((text) => text.slice(0, EARLIER_LETTERS))
    .reverse()
    .join('\n');
}

/** Files stand in a text as "[image]", with their caption behind, or what was spoken in them; "[file]" that somebody typed stays. */
function wordsOf({ text, unread }: Row): string {
  return unread === 1 ? text.replace(/^\[(?:image|audio|video|file|unknown)\] ?/gm, '').trim() : text;
}

/** An answer stands behind what it answers, though something newer was stored while it was written. */
function placeOf(row: Row): number {
  return row.answersThrough === null ? row.id : row.answersThrough + 0.5;
}

/** The newest of these, as many as are read word for word; one at least. */
function withinBudget(rows: Row[]): Row[] {
  let left = HISTORY_TOKENS;
  const tooMuch = rows.findIndex(({ text }, at) => (left -= estimateTokens(text)) < 0 && at > 0);
  return tooMuch === -1 ? rows : rows.slice(0, tooMuch);
}

function turnsOf(rows: readonly Row[], leftToPerson: Row | undefined, files: OpenFiles | null): GatheredTurn[] {
  const turns: GatheredTurn[] = [];
  for (const row of rows) {
    const role = row.author === 'customer' ? 'user' : 'assistant';
    // Documents have a budget of their own: one that came last would leave no room for what was said.
    const text = `${row.text}${row.cutOff === 1 ? ' […]' : ''}${files?.documents.get(row.id) ?? ''}`;
    const shows = files?.pictures.get(row.id) ?? [];
    if (row === leftToPerson) turns.unshift({ role: 'assistant', text: LEFT_TO_PERSON });
    const next = turns[0];
    if (next?.role === role) {
      next.text = `${text}\n${next.text}`;
      if (shows.length > 0) next.shows = [...shows, ...(next.shows ?? [])];
    } else turns.unshift({ role, text, ...(shows.length > 0 ? { shows } : {}) });
  }
  // Providers want the customer to begin.
  if (turns[0]?.role === 'assistant') turns.shift();
  return turns;
}
