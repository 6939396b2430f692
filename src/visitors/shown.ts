/** A conversation as its visitor's page shows it. What they may see at all is decided in conversations/visitor.queries. */
import { shownAs, type Shown, type VisitorMessage, type VisitorState } from '../conversations/index.ts';
import type { Workspace } from '../workspace.ts';

export interface ShownMessage {
  id: number;
  author: VisitorMessage['author'];
  /** First name of the person who said or did it. */
  name?: string;
  text: string;
  /** UTC ms. */
  at: number;
  event?: string;
  sources?: { title: string; url?: string }[];
  /** Got by `GET files/<id>`. Only what `shown` says may be drawn; everything else is to be saved. */
  files?: { id: number; name: string; bytes: number; shown: Shown }[];
  /** What may be answered by a touch: posted as `choice`, its id, with the title as `text`. */
  choices?: { id: string; title: string }[];
  /** An answer that was stopped in the middle. */
  cutOff?: true;
  /** What they thought of an answer, null so far; absent where there is nothing to rate. */
  rating?: 'good' | 'bad' | null;
}

export interface ShownState {
  turn: 'bot' | 'person';
  /** First name of the person who has taken over. */
  who: string | null;
  /** A person was asked to come and hasn't yet. */
  wanted: boolean;
  open: boolean;
}

export function shownMessage(ws: Workspace, message: VisitorMessage): ShownMessage {
  const name = firstName(ws, message.userId);
  return {
    id: message.id,
    author: message.author,
    ...(name === null ? {} : { name }),
    text: message.text,
    at: message.saidAt,
    ...(message.event === null ? {} : { event: message.event }),
    ...(message.sources.length > 0 ? { sources: message.sources.map(({ title, url }) => ({ title, ...(url ? { url } : {}) })) } : {}),
    ...(message.files === undefined
      ? {}
      : {
          files: message.files.map(({ id, name, mime, bytes }) => ({ id, name: name ?? 'file', bytes: bytes ?? 0, shown: shownAs(mime) })),
        }),
    ...(message.choices === undefined ? {} : { choices: message.choices }),
    ...(message.cutOff ? { cutOff: true as const } : {}),
    ...(message.rating === undefined ? {} : { rating: message.rating }),
  };
}

export function shownState(ws: Workspace, state: VisitorState): ShownState {
  return { turn: state.turn, who: firstName(ws, state.holderId), wanted: state.wanted, open: state.status === 'open' };
}

/** Customers are told a first name, never more. */
function firstName(ws: Workspace, userId: number | null): string | null {
  if (userId === null) return null;
  const name = ws.installation.control.prepare('SELECT first_name FROM users WHERE id = ?').pluck().get(userId);
  return typeof name === 'string' ? name : null;
}
