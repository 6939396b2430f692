import type { InPart } from '../../channels/index.ts';
import { enqueue } from '../../jobs/enqueue.ts';
import { chooseLanguage, fill, type Language } from '../../lib/catalogue.ts';
import type { Workspace } from '../../workspace.ts';
import { sayAsBusiness } from '../reply.ts';
import { textOf } from '../text-of.ts';
import { rightIn, yesOrNo, type Meant } from './right-in.ts';
import { RIGHTS_ANSWERS } from './rights-answers.ts';
import { RIGHTS_QUESTIONS } from './rights-questions.ts';
import { RIGHTS_WORDS, type Right } from './rights-words.ts';

/** Done in the room of privacy, by the row of `rights_asked`. */
const DO_RIGHT = 'do-right';
const TOUCH = /^right-([1-9]\d{0,14})-(yes|no)$/;
/** A button that is touched later than this asks anew. */
const TOUCH_WITHIN_MS = 24 * 3600_000;

/** A message that is about a right and nothing else: it goes to no bot, and works without one. */
export type Taken = { does: 'ask'; right: Right; languages: Language[] } | { does: 'end'; id: number; yes: boolean };

/**
 * What a customer's message asks for by right, or says to our question whether they mean it. A yes in words counts only as the very next
 * thing that is said: later it may be the answer to another question.
 */
export function rightTaken(ws: Workspace, identityId: number, parts: readonly InPart[]): Taken | undefined {
  const [, touched, says] = TOUCH.exec(String(parts[0]?.detail?.['choice'] ?? '')) ?? [];
  if (touched !== undefined) {
    const since = ws.clock.now() - TOUCH_WITHIN_MS;
    const open = "SELECT id FROM rights_asked WHERE id = ? AND identity_id = ? AND state = 'asked' AND asked_at > ?";
    return ws.prepare(open).get(Number(touched), identityId, since) === undefined
      ? undefined
      : { does: 'end', id: Number(touched), yes: says === 'yes' };
  }
  const text = parts.length === 1 && parts[0]?.kind === 'text' ? textOf([...parts]) : '';
  if (text === '') return undefined;
  const meant = rightIn(text);
  if (meant) return applies(ws, identityId, meant) ? { does: 'ask', ...meant } : undefined;
  const yes = yesOrNo(text);
  const id = yes === undefined ? undefined : justAsked(ws, identityId);
  return yes === undefined || id === undefined ? undefined : { does: 'end', id, yes };
}

/** A way back is one only where there is something to go back from: else "start" is any word. */
function applies(ws: Workspace, identityId: number, { right }: Meant): boolean {
  const column = { keep: 'restricted_at', bot: 'people_only_at', start: 'stopped_at' }[right as string];
  if (column === undefined) return true;
  const set = `SELECT 1 FROM contacts WHERE id = (SELECT contact_id FROM identities WHERE id = ?) AND ${column} IS NOT NULL`;
  return ws.prepare(set).get(identityId) !== undefined;
}

function justAsked(ws: Workspace, identityId: number): number | undefined {
  const row = ws
    .prepare(
      `SELECT id, state, (SELECT max(m.id) FROM messages m WHERE m.conversation_id = rights_asked.conversation_id
         AND m.author IN ('customer', 'bot', 'person')) = question_id AS isLast
       FROM rights_asked WHERE identity_id = ? ORDER BY id DESC LIMIT 1`,
    )
    .get(identityId) as { id: number; state: string; isLast: number } | undefined;
  return row?.state === 'asked' && row.isLast === 1 ? row.id : undefined;
}

export interface Place {
  conversationId: number;
  identityId: number;
  /** What the customer's conversation or device says of their language. */
  language: string | null;
}

/** In the transaction that stores the message. */
export function takeRight(ws: Workspace, place: Place, taken: Taken): void {
  if (taken.does === 'end') endAsking(ws, taken);
  else askWhetherMeant(ws, place, taken.right, languageAmong(ws, taken.languages, place.language));
}

/** What several languages call the same is taken for the customer's, then for the business's own. */
function languageAmong(ws: Workspace, among: Language[], spoken: string | null): Language {
  const own = chooseLanguage(ws.prepare('SELECT language FROM business WHERE id = 1').pluck().get() as string);
  const theirs = chooseLanguage(spoken ?? undefined, own);
  return [theirs, own].find((each) => among.includes(each)) ?? among[0] ?? theirs;
}

/** A way back needs no second word; the rest is asked once more, since "stop" may be meant for the bot's last sentence. */
export function askWhetherMeant(ws: Workspace, { conversationId, identityId }: Place, right: Right, language: Language): void {
  const now = ws.clock.now();
  const asks = right === 'delete' || right === 'data' || right === 'people' || right === 'stop';
  ws.prepare("UPDATE rights_asked SET state = 'left', ended_at = ? WHERE identity_id = ? AND state = 'asked'").run(now, identityId);
  const id = Number(
    ws
      .prepare(
        `INSERT INTO rights_asked (identity_id, conversation_id, "right", state, language, asked_at, ended_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(identityId, conversationId, right, asks ? 'asked' : 'confirmed', language, now, asks ? null : now).lastInsertRowid,
  );
  if (!asks) {
    enqueue(ws, { kind: DO_RIGHT, key: String(id) });
    return;
  }
  const texts = RIGHTS_QUESTIONS[language];
  const [yes, no] = [wordToSay(language, 'yes'), wordToSay(language, 'no')];
  const text = `${texts[right]} ${fill(texts.confirm, { yes, no })}`;
  const choices = [
    { id: `right-${id}-yes`, title: yes },
    { id: `right-${id}-no`, title: no },
  ];
  const { messageId } = sayAsBusiness(ws, conversationId, text, { choices });
  ws.prepare('UPDATE rights_asked SET question_id = ? WHERE id = ?').run(messageId, id);
}

function endAsking(ws: Workspace, { id, yes }: { id: number; yes: boolean }): void {
  ws.prepare('UPDATE rights_asked SET state = ?, ended_at = ? WHERE id = ?').run(yes ? 'confirmed' : 'left', ws.clock.now(), id);
  if (yes) {
    enqueue(ws, { kind: DO_RIGHT, key: String(id) });
    return;
  }
  const row = ws.prepare('SELECT language FROM rights_asked WHERE id = ?').get(id) as { language: Language };
  answerRight(ws, id, RIGHTS_ANSWERS[row.language].left);
}

/** Says what was done. It goes out whatever they asked for: it is the answer to it. Inside a transaction. */
export function answerRight(ws: Workspace, id: number, text: string): void {
  const conversationId = ws.prepare('SELECT conversation_id FROM rights_asked WHERE id = ?').pluck().get(id) as number;
  const { messageId } = sayAsBusiness(ws, conversationId, text);
  ws.prepare('UPDATE rights_asked SET answer_id = ? WHERE id = ?').run(messageId, id);
}

export interface RightAsked {
  id: number;
  right: Right;
  state: 'asked' | 'confirmed' | 'left';
  language: Language;
  conversationId: number;
  contactId: number;
  askedAt: number;
  answerId: number | null;
}

/** One asking; undefined when it is gone with who asked. */
export function rightAskedOf(ws: Workspace, id: number): RightAsked | undefined {
  return ws
    .prepare(
      `SELECT id, "right", state, language, conversation_id AS conversationId, asked_at AS askedAt, answer_id AS answerId,
         (SELECT contact_id FROM identities i WHERE i.id = identity_id) AS contactId FROM rights_asked WHERE id = ?`,
    )
    .get(id) as RightAsked | undefined;
}

/** What was done, in the words of the customer's language. `at`: the day it names, UTC ms. */
export function rightsAnswer({ right, language }: RightAsked, at: number): string {
  const way = { delete: 'keep', people: 'bot', stop: 'start' }[right as string] as Right | undefined;
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(at);
  return fill(RIGHTS_ANSWERS[language][right], { date, back: way === undefined ? '' : wordToSay(language, way) });
}

/** Whether a message is what we say to somebody about their rights: who gets nothing else gets that. */
export function isAboutRights(ws: Workspace, identityId: number, messageId: number): boolean {
  const about = 'SELECT 1 FROM rights_asked WHERE identity_id = ? AND (question_id = ? OR answer_id = ?)';
  return ws.prepare(about).get(identityId, messageId, messageId) !== undefined;
}

/** The word that we tell people to write. */
export function wordToSay(language: Language, meaning: Right | 'yes' | 'no'): string {
  const [word = ''] = RIGHTS_WORDS[language][meaning].split('|');
  const [first = '', ...rest] = word;
  return first.toLocaleUpperCase(language) + rest.join('');
}
