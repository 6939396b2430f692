/** Details that are asked for by our own questions: before an answer, behind one without AI, and when a person is called. */
import { publishedOf } from '../../bots/index.ts';
import { keepDetail, leadOf, noteAsked, noteDeclined, shapeOf, type Where } from '../../contacts/index.ts';
import { conversationById, replyAsBot, sayAsBusiness, touch, type Conversation } from '../../conversations/index.ts';
import type { Job } from '../../jobs/job.ts';
import { textsIn } from '../../lib/catalogue.ts';
import { courtesyOf } from '../../lib/courtesy.ts';
import type { Workspace } from '../../workspace.ts';
import type { BotTurn } from '../conclude-answer.ts';
import { wordsBetween } from '../gather.ts';
import { languageFor } from '../language-for.ts';
import { spokenIn } from '../tell-customer.ts';
import type { SignedDetail } from './detail-signs.ts';
import { openLeads, questionFor, type LeadSetting } from './questions.ts';
import { readDetail, type Told } from './read-detail.ts';

export type Collected =
  /** What is to be answered now: the question that waited for the detail, where this message is only that. */
  | { turn: BotTurn }
  /** Said instead of an answer, and for which detail it asks; null for none. */
  | { says: string; asks: LeadSetting | null };

/** Takes what the customer told, and decides what follows. Costs nothing where the bot asks for nothing. */
export function collect(ws: Workspace, turn: BotTurn): Collected {
  const { leads } = turn.version.settings;
  if (leads.length === 0) return { turn };
  return ws.durable(() => {
    const pending = pendingOf(ws, turn.conversation, leads);
    const told = pending ? take(ws, turn.conversation, pending, turn.gathered) : null;
    const language = languageFor(ws, turn.gathered);
    const texts = textsIn(language);
    if (
      pending &&
      told?.is === 'unreadable' &&
      openLeads(ws, turn.version.settings, turn.conversation.contactId, pending.when).includes(pending)
    )
      return { says: texts.leadAgain, asks: pending };
    const alone = told !== null && 'alone' in told && told.alone;
    const [next] =
      courtesyOf(turn.gathered.question) === null ? openLeads(ws, turn.version.settings, turn.conversation.contactId, 'before') : [];
    if (next) return { says: questionFor(ws, next, language), asks: next };
    if (!alone) return { turn };
    const held = pending?.when === 'before' ? heldQuestion(ws, turn.conversation) : null;
    return held === null ? { says: texts.leadThanks, asks: null } : { turn: askedBefore(turn, held) };
  });
}

/** Says it as the answer to what the customer wrote, and notes what was asked for. In the job's own end. */
export async function sayCollected(
  ws: Workspace,
  job: Job,
  turn: BotTurn,
  { says, asks }: Extract<Collected, { says: string }>,
): Promise<void> {
  const { conversation, gathered, stands } = turn;
  await job.finish(() => {
    const { answersThrough } = gathered;
    const language = languageFor(ws, gathered);
    const replied = replyAsBot(ws, {
      conversationId: conversation.id,
      runId: null,
      answersThrough,
      text: says,
      sources: [],
      language,
      stands,
    });
    if (replied.said && asks) noteAsked(ws, whereOf(conversation, answersThrough), asks.field);
  });
}

function whereOf({ id, contactId }: Conversation, messageId: number): Where {
  return { contactId, conversationId: id, messageId };
}

/** What our last words in this conversation asked for; or was told since then, where the answer to that wasn't made yet. */
function pendingOf(ws: Workspace, conversation: Conversation, leads: readonly LeadSetting[]): LeadSetting | undefined {
  return leads.find(({ field }) => {
    const lead = leadOf(ws, conversation.contactId, field);
    if (lead?.conversationId !== conversation.id || lead.messageId === null) return false;
    const { answeredThrough } = conversation;
    return lead.state === 'asked' ? lead.messageId === answeredThrough : lead.messageId > answeredThrough;
  });
}

function take(ws: Workspace, conversation: Conversation, { field }: LeadSetting, said: { question: string; answersThrough: number }): Told {
  const shape = shapeOf(ws, field);
  if (!shape) return { is: 'something else' };
  const told = readDetail(shape, field === 'name', said.question);
  const where = whereOf(conversation, said.answersThrough);
  if (told.is === 'given' && keepDetail(ws, where, field, told.value)) touch(ws, conversation.id);
  if (told.is === 'declined') noteDeclined(ws, where, field);
  return told;
}

const isTold = ({ is }: Told): boolean => is === 'given' || is === 'declined';

/**
 * What the customer asked before our first question for a detail: since a model last answered, or a person had it. Whatever
 * we said there without a run was such a question.
 */
function heldQuestion(ws: Workspace, { id }: Conversation): string | null {
  const { after, through } = ws.prepare(HELD).get({ id }) as { after: number; through: number | null };
  const held = through === null ? '' : wordsBetween(ws, id, { after, through });
  return held === '' || courtesyOf(held) !== null ? null : held;
}

const HELD = `
  SELECT s.after, (SELECT min(answers_through) FROM messages WHERE conversation_id = @id AND author = 'bot' AND run_id IS NULL AND answers_through > s.after) AS through
  FROM (SELECT coalesce(max(CASE author WHEN 'bot' THEN answers_through ELSE id END), 0) AS after FROM messages
    WHERE conversation_id = @id AND ((author = 'bot' AND run_id IS NOT NULL) OR author = 'person' OR event = 'handed-back')) s`;

function askedBefore(turn: BotTurn, held: string): BotTurn {
  const { turns } = turn.gathered;
  const last = turns.at(-1);
  const before = last ? turns.slice(0, -1) : turns;
  return { ...turn, gathered: { ...turn.gathered, question: held, turns: [...before, { role: 'user', text: held }] } };
}

/** A question behind an answer of a bot without AI; one with AI asks by itself. Null where there is nothing to ask. */
export function askBehind(
  ws: Workspace,
  { version: { settings }, conversation, gathered }: BotTurn,
): { text: string; asks: LeadSetting } | null {
  if (settings.leads.length === 0 || settings.providerKeyId !== null || courtesyOf(gathered.question) !== null) return null;
  const [asks] = openLeads(ws, settings, conversation.contactId, 'fits');
  return asks ? { text: questionFor(ws, asks, languageFor(ws, gathered)), asks } : null;
}

/** Notes what was asked behind an answer, and keeps what its model was told. In the transaction that says the answer. */
export function settleDetails(
  ws: Workspace,
  { version, conversation, gathered }: BotTurn,
  asks: LeadSetting | null,
  told: readonly SignedDetail[],
): void {
  const where = whereOf(conversation, gathered.answersThrough);
  if (asks) noteAsked(ws, where, asks.field);
  for (const { n, value } of told) {
    const lead = version.settings.leads[n - 1];
    if (!lead) continue;
    if (value === null) noteDeclined(ws, where, lead.field);
    else if (keepDetail(ws, where, lead.field, value)) touch(ws, conversation.id);
  }
}

/** What is asked when a person is called, behind the sentence that says so; '' for nothing. Inside the transaction that calls. */
export function askForPerson(
  ws: Workspace,
  { version: { settings }, conversation, gathered }: BotTurn,
): { text: string; asked(): void } | null {
  if (settings.leads.length === 0) return null;
  const [lead] = openLeads(ws, settings, conversation.contactId, 'person');
  if (!lead) return null;
  return {
    text: questionFor(ws, lead, languageFor(ws, gathered)),
    asked: () => noteAsked(ws, whereOf(conversation, gathered.answersThrough), lead.field),
  };
}

/**
 * The job 'take-lead', by a conversation's id: the customer wrote while it was a person's turn, and may have told what was
 * asked when that person was called. Where nobody has come yet the next detail is asked for; else nothing is said.
 */
export async function takeLead(ws: Workspace, job: Job): Promise<void> {
  await job.finish(() => {
    const conversation = conversationById(ws, Number(job.key));
    const version = conversation?.botId == null ? undefined : publishedOf(ws, conversation.botId);
    if (!conversation || !version || conversation.turn !== 'person' || conversation.silenced) return;
    const { settings } = version;
    const pending = settings.leads.find(({ field }) => {
      const lead = leadOf(ws, conversation.contactId, field);
      return lead?.state === 'asked' && lead.conversationId === conversation.id;
    });
    const lead = pending && leadOf(ws, conversation.contactId, pending.field);
    if (!pending || !lead) return;
    const said = ws
      .prepare(
        "SELECT id, text FROM messages WHERE conversation_id = ? AND author = 'customer' AND revoked_at IS NULL AND id > ? ORDER BY id",
      )
      .all(conversation.id, lead.messageId ?? 0) as { id: number; text: string }[];
    const last = said.at(-1);
    if (!last) return;
    const words = (question: string) => take(ws, conversation, pending, { question, answersThrough: last.id });
    // Told by itself, whatever was written before; or in several messages.
    const alone = words(last.text);
    const told = isTold(alone) || said.length === 1 ? alone : words(said.map(({ text }) => text).join('\n'));
    const [next] = openLeads(ws, settings, conversation.contactId, 'person');
    if (!isTold(told) || !next || conversation.holderId !== null) return;
    sayAsBusiness(ws, conversation.id, questionFor(ws, next, spokenIn(ws, conversation)));
    noteAsked(ws, whereOf(conversation, last.id), next.field);
  });
}
