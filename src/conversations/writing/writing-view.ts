/** The composer as it is found: what was begun in it, what it replies to, and why it was held back. */
import type { Workspace } from '../../workspace.ts';
import { namedParts } from '../file-view.ts';
import { memberName, type Looking } from '../inbox-view.ts';
import { replyDraft, type LeftOut, type ReplyDraft } from './keep-draft.ts';
import { unfilled } from './fill-words.ts';

/** Of what came meanwhile, the newest ones are shown; all of it stands in the thread. */
const SHOWN = 3;
const WORDS = 300;

export interface WritingView {
  note: boolean;
  text: string;
  reply: { id: number; words: string } | null;
  /** What was written, where the text is its translation. */
  original: string | null;
  /** It was sent and held back: why, what came meanwhile, through which message that is, and what isn't kept of it. */
  held: { says: string; news: { by: string; text: string }[]; through: number; again: string } | null;
  /** The newest message of the conversation: what this page shows of it. */
  seen: number;
}

export function writingView(ws: Workspace, looking: Looking, conversationId: number, name: string): WritingView {
  const draft = replyDraft(ws, { conversationId, userId: looking.userId });
  const seen = newestOf(ws, conversationId);
  return {
    note: draft?.kind === 'note',
    text: draft?.text ?? '',
    reply: quoteOf(ws, conversationId, looking.reply ?? draft?.replyTo ?? null),
    original: draft?.original ?? null,
    held: draft?.held ? heldView(ws, looking, { conversationId, name, draft, seen }) : null,
    seen,
  };
}

function newestOf(ws: Workspace, conversationId: number): number {
  const newest = "SELECT id FROM messages WHERE conversation_id = ? AND author IN ('customer', 'bot', 'person') ORDER BY id DESC LIMIT 1";
  return (ws.prepare(newest).pluck().get(conversationId) as number | undefined) ?? 0;
}

function quoteOf(ws: Workspace, conversationId: number, messageId: number | null): WritingView['reply'] {
  if (messageId === null) return null;
  const text = ws
    .prepare(
      "SELECT text FROM messages WHERE id = ? AND conversation_id = ? AND author IN ('customer', 'bot', 'person') AND revoked_at IS NULL",
    )
    .pluck()
    .get(messageId, conversationId) as string | undefined;
  return text === undefined ? null : { id: messageId, words: namedParts(text).slice(0, 160) };
}

interface Held {
  conversationId: number;
  /** The customer's. */
  name: string;
  draft: ReplyDraft;
  seen: number;
}

const AGAIN: Record<LeftOut, string> = {
  files: 'The files aren’t kept: choose them again.',
  answers: 'The answers to offer aren’t kept: write them again.',
  both: 'The files and the answers to offer aren’t kept: choose and write them again.',
};

function heldView(ws: Workspace, looking: Looking, { conversationId, name, draft, seen }: Held): WritingView['held'] {
  const again = draft.leftOut === null ? '' : AGAIN[draft.leftOut];
  if (draft.held === 'variables') {
    const left = unfilled(draft.text).join(', ');
    return {
      says: `Not sent yet: there is no value for ${left}. Write it yourself, or send it as it stands.`,
      news: [],
      through: seen,
      again,
    };
  }
  const rows = ws
    .prepare(
      `SELECT author, user_id AS userId, text FROM messages
       WHERE conversation_id = ? AND id > ? AND id <= ? AND author IN ('customer', 'bot', 'person') AND user_id IS NOT ? AND revoked_at IS NULL ORDER BY id DESC LIMIT ?`,
    )
    .all(conversationId, draft.heldAfter ?? 0, seen, looking.userId, SHOWN) as { author: string; userId: number | null; text: string }[];
  const news = rows.reverse().map((row) => ({
    by:
      row.author === 'customer'
        ? name
        : row.author === 'bot'
          ? 'The bot'
          : row.userId === null
            ? 'By hand'
            : memberName(looking, row.userId),
    text: namedParts(row.text).slice(0, WORDS),
  }));
  const who = [...new Set(news.map(({ by }) => by))].join(' and ');
  return { says: `Not sent yet: ${who || 'somebody'} wrote meanwhile. Read it, then send yours or change it.`, news, through: seen, again };
}
