/** What a member writes: to the customer, or among the team. */
import type { Choice, FilledTemplate } from '../channels/index.ts';
import type { Workspace } from '../workspace.ts';
import type { NamedFile } from './attachments/attachment.ts';
import { conversationFor, GoesOnElsewhere, openConversation } from './conversation.ts';
import { channelFor } from './open-channel.ts';
import { say } from './reply.ts';
import { storeEvent, storeMessage } from './store-message.ts';
import { silenceBot } from './take-over.ts';
import { unfilled } from './writing/fill-words.ts';
import { dropDraft, sentAs, sentBy, storeDraft, type LeftOut } from './writing/keep-draft.ts';
import { languageRead } from './writing/languages.ts';
import { keepOriginal } from './writing/translations.ts';

export interface PersonsWords {
  conversationId: number;
  userId: number;
  text: string;
  /** Of the composer: a form that was sent twice is one message, whose files are taken once. */
  draftId?: string;
  template?: FilledTemplate;
  files?: NamedFile[];
  choices?: Choice[];
  /** A message of the same conversation that it replies to; another one is passed over. */
  replyTo?: number | null;
  /** As they wrote it, where it goes out translated: kept with it for the team. */
  original?: string | null;
}

/** A member writes to the customer. The bot is silent from this transaction on. Throws NoConversation, GoesOnElsewhere. */
export function sayAsPerson(ws: Workspace, words: PersonsWords): { messageId: number } {
  return ws.durable(() => ({ messageId: sayNow(ws, words) }));
}

export type SaidOrHeld = { said: true; messageId: number } | { said: false; why: 'unseen' | 'variables' };

/**
 * The same from a composer, which says through which message its page had shown the conversation. Where something came after
 * that, from the customer, the bot or another member, it isn't said: it is kept as the member's draft, held back, so that
 * they read what came first. So it is where a variable has no value. `anyway` is the newest message they were shown then:
 * what came even later holds it back again. Looking and saying are one transaction, so that of two who send at once one is
 * always told. Throws NoConversation.
 */
export function sayIfSeen(ws: Workspace, words: PersonsWords & { seen: number | null; anyway: number | null }): SaidOrHeld {
  return ws.durable(() => {
    const { conversationId, userId, text, draftId, replyTo, original, seen, anyway } = words;
    const before = draftId === undefined ? undefined : sentBy(ws, { conversationId, userId, formId: draftId });
    if (before !== undefined) return { said: true, messageId: before };
    const through = seen === null ? null : Math.max(seen, anyway ?? 0);
    const why = through !== null && hasUnseen(ws, { conversationId, userId, through }) ? 'unseen' : variablesLeft(text, anyway);
    if (why === null) return { said: true, messageId: sayNow(ws, words) };
    conversationFor(ws, conversationId);
    const kept = { conversationId, userId, text, replyTo: replyTo ?? null, original: original ?? null, leftOut: leftOut(words) };
    storeDraft(ws, { ...kept, held: why, heldAfter: through });
    return { said: false, why };
  });
}

function hasUnseen(
  ws: Workspace,
  { conversationId, userId, through }: { conversationId: number; userId: number; through: number },
): boolean {
  const unseen = `SELECT 1 FROM messages WHERE conversation_id = ? AND id > ? AND author IN ('customer', 'bot', 'person') AND user_id IS NOT ? AND revoked_at IS NULL LIMIT 1`;
  return ws.prepare(unseen).get(conversationId, through, userId) !== undefined;
}

function variablesLeft(text: string, anyway: number | null): 'variables' | null {
  return anyway === null && unfilled(text).length > 0 ? 'variables' : null;
}

/** Inside a transaction. Returns the message's id. */
function sayNow(ws: Workspace, words: PersonsWords): number {
  const { conversationId, userId, text, draftId, template, files, choices, replyTo, original } = words;
  const conversation = conversationFor(ws, conversationId);
  const known = draftId === undefined ? undefined : sentBy(ws, { conversationId, userId, formId: draftId });
  if (known !== undefined) return known;
  if (conversation.status === 'resolved') {
    const other = openConversation(ws, conversation.channelId, conversation.identityId, conversation.thread);
    if (other) throw new GoesOnElsewhere(other.id);
    ws.prepare("UPDATE conversations SET status = 'open', resolved_at = NULL WHERE id = ?").run(conversation.id);
    storeEvent(ws, conversation.id, 'reopened', 'opened this again.', userId);
  }
  if (conversation.turn === 'bot' || conversation.holderId === null) {
    silenceBot(ws, conversation.id, userId);
    storeEvent(ws, conversation.id, 'took-over', 'took over. The bot is quiet.', userId);
  }
  // A template is chosen on a page of its own: what stands in the composer isn't sent by it.
  if (!template) dropDraft(ws, { conversationId, userId });
  const { messageId } = say(ws, conversation, channelFor(ws, conversation.channelId), {
    author: 'person',
    text,
    userId,
    externalId: draftId === undefined ? null : sentAs(userId, draftId),
    replyTo: messageHere(ws, conversationId, replyTo ?? null),
    ...(template ? { template } : {}),
    ...(files ? { files } : {}),
    ...(choices ? { choices } : {}),
  });
  if (original && original !== text) keepOriginal(ws, { messageId, language: languageRead(ws, userId), text: original });
  return messageId;
}

/** Files lie in the form alone, and so do the answers to offer: who has to load the page again gives them again. */
function leftOut({ files = [], choices = [] }: PersonsWords): LeftOut | null {
  if (files.length > 0) return choices.length > 0 ? 'both' : 'files';
  return choices.length > 0 ? 'answers' : null;
}

function messageHere(ws: Workspace, conversationId: number, id: number | null): number | null {
  const here = "SELECT id FROM messages WHERE id = ? AND conversation_id = ? AND author IN ('customer', 'bot', 'person')";
  return (ws.prepare(here).pluck().get(id, conversationId) as number | undefined) ?? null;
}

/** A note among the team; it is never delivered. Sent twice by the same composer it is one. Throws NoConversation. */
export function addNote(
  ws: Workspace,
  { conversationId, userId, text, draftId }: Pick<PersonsWords, 'conversationId' | 'userId' | 'text' | 'draftId'>,
): { messageId: number } {
  return ws.durable(() => {
    const conversation = conversationFor(ws, conversationId);
    const known = draftId === undefined ? undefined : sentBy(ws, { conversationId, userId, formId: draftId });
    if (known !== undefined) return { messageId: known };
    dropDraft(ws, { conversationId, userId });
    const { messageId } = storeMessage(ws, {
      conversationId: conversation.id,
      author: 'note',
      userId,
      text,
      externalId: draftId === undefined ? null : sentAs(userId, draftId),
      parts: [{ kind: 'text', text }],
    });
    return { messageId };
  });
}
