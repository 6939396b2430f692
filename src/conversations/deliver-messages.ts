import {
  channelAccess,
  DeliveryError,
  noteChannelTrouble,
  noteSent,
  quotedMessage,
  type FilledTemplate,
  type Outbound,
  type Sent,
} from '../channels/index.ts';
import { TryLater, type Job } from '../jobs/job.ts';
import type { Workspace } from '../workspace.ts';
import { fileToSend } from './attachments/open-attachment.ts';
import { conversationFor } from './conversation.ts';
import { changed, markFailed, markUncertain } from './mark-delivery.ts';
import { storedChoices } from './offer-choices.ts';
import { channelFor, type OpenChannel } from './open-channel.ts';
import { moveDelivery, takeWaitingReceipts } from './receive-receipt.ts';
import { takeNext, UNDER_WAY, type Waiting } from './take-next.ts';

const ATTEMPTS_AT_MOST = 6;
const CHANNEL_ILL_MS = 30_000;

/**
 * The job 'deliver': hands a conversation's queued parts to its channel, in order, one in flight. Before each send the row
 * says 'sending', flushed: after a kill or a power cut nobody can tell whether it went out, so it becomes 'uncertain' and
 * is never repeated by itself.
 */
export async function deliverMessages(ws: Workspace, job: Job, signal: AbortSignal): Promise<void> {
  const conversationId = Number(job.key);
  settleStranded(ws, conversationId);
  const { channelId } = conversationFor(ws, conversationId);
  for (;;) {
    const channel = channelFor(ws, channelId);
    if (takesNothing(channel)) throw waiting(CHANNEL_ILL_MS, `the channel is ${channel.status}`);
    const next = await ws.together(() => takeNext(ws, conversationId, channel));
    if (!next) break;
    if ('pauseMs' in next) throw waiting(next.pauseMs, 'the channel takes no more just now');
    await sendOne(ws, conversationId, channelId, next, signal);
  }
  job.finishQuietly();
}

/** Somebody stopped it, it is ill, or its line isn't there yet: nothing is tried, so nothing fails or is left in doubt by it. */
function takesNothing({ status, kind }: OpenChannel): boolean {
  return status === 'paused' || status === 'broken' || (status === 'connecting' && kind.sendsByItsLine === true);
}

/** A row that says 'sending' while nobody sends was left by a process that died. */
function settleStranded(ws: Workspace, conversationId: number): void {
  const stranded = ws.prepare(`SELECT id FROM deliveries WHERE ${UNDER_WAY} AND state = 'sending'`).all(conversationId) as {
    id: number;
  }[];
  if (stranded.length === 0) return;
  ws.durable(() => {
    for (const { id } of stranded)
      markUncertain(ws, conversationId, id, 'The server stopped while this was being sent. It may have arrived.');
  });
}

async function sendOne(ws: Workspace, conversationId: number, channelId: number, next: Waiting, signal: AbortSignal): Promise<void> {
  const { thread, recipient, lastCustomerMessageId } = conversationFor(ws, conversationId);
  const answers = ws.prepare('SELECT external_id FROM messages WHERE id = ?').pluck().get(lastCustomerMessageId) as
    string | null | undefined;
  let version = '';
  let sent: Sent;
  try {
    const opened = channelAccess(ws, channelId, signal);
    version = opened.version;
    const replyTo = opened.kind.repliesTo && next.replyTo !== null ? quotedMessage(ws, next.replyTo) : null;
    const about = { thread, recipient, ...(answers ? { answers } : {}), ...(replyTo === null ? {} : { replyTo }) };
    sent = await opened.kind.send(opened.access, { ...about, ...outboundOf(ws, next) });
  } catch (error) {
    notSent(ws, { conversationId, channelId, version }, next, error);
    return;
  }
  await ws.together(() => {
    ws.prepare('UPDATE deliveries SET external_id = ? WHERE id = ?').run(sent.externalId, next.id);
    moveDelivery(ws, next.id, sent.state, ws.clock.now());
    if (sent.externalId !== null) takeWaitingReceipts(ws, channelId, sent.externalId, next.id);
    noteSent(ws, channelId);
  });
}

/** Throws DeliveryError for a file that is gone. */
function outboundOf(
  ws: Workspace,
  { reference, attempts, author, text, template, choices, attachmentId }: Waiting,
): Omit<Outbound, 'thread' | 'recipient'> {
  const offered = storedChoices(choices);
  const part = { reference, attempt: attempts + 1, author, text, ...(offered.length > 0 ? { choices: offered } : {}) };
  if (attachmentId !== null) return { ...part, kind: 'file', file: fileToSend(ws, attachmentId) };
  return template === null ? { ...part, kind: 'text' } : { ...part, kind: 'template', template: JSON.parse(template) as FilledTemplate };
}

interface Tried {
  conversationId: number;
  channelId: number;
  /** Of the channel's settings, with which it was tried. */
  version: string;
}

/** The channel says what kind of failure it was; here it is decided what follows. May throw TryLater. */
function notSent(ws: Workspace, tried: Tried, next: Waiting, error: unknown): void {
  const { conversationId, channelId } = tried;
  const known = error instanceof DeliveryError;
  const about = { err: error, workspace: ws.id, channel: channelId };
  if (known) ws.installation.log.warn(about, 'a channel did not send a message');
  else ws.installation.log.error(about, 'a channel failed in an unexpected way');
  if (!known || error.outcome === 'unknown') {
    const says = known ? error.says : 'The channel did not say whether this arrived.';
    ws.durable(() => markUncertain(ws, conversationId, next.id, says));
    return;
  }
  if (!error.account && !error.untried && (error.permanent || next.attempts + 1 >= ATTEMPTS_AT_MOST)) {
    ws.durable(() => markFailed(ws, conversationId, next, error.says));
    return;
  }
  throw waiting(
    ws.durable(() => putBack(ws, tried, next, error)),
    error.says,
  );
}

/** sending → queued, since it certainly wasn't sent. Returns when to try it again, in ms from now. */
function putBack(ws: Workspace, { conversationId, channelId, version }: Tried, next: Waiting, error: DeliveryError): number {
  ws.prepare("UPDATE deliveries SET state = 'queued', says = ?, attempts = attempts - ? WHERE id = ?").run(
    error.says,
    error.account || error.untried ? 1 : 0,
    next.id,
  );
  changed(ws, conversationId, next.messageId);
  // With what replaced the settings that failed it is tried at once.
  if (error.account) return noteChannelTrouble(ws, channelId, version, error.says) ? CHANNEL_ILL_MS : 0;
  const pauseMs = error.retryAfter ?? Math.min(1000 * 2 ** next.attempts, 60_000);
  ws.prepare('UPDATE conversations SET no_send_before = ? WHERE id = ?').run(ws.clock.now() + pauseMs, conversationId);
  return pauseMs;
}

/** Each delivery counts its own attempts; the job that hands them over has not failed. */
const waiting = (ms: number, why: string) => new TryLater(ms, why, { counts: false });

/**
 * The third death of the job, or a fault that doesn't pass: it is left alone, so nothing may be left hanging in it. A
 * person is told, and can send each message again. Inside the transaction that parks it.
 */
export function deliveryParked(ws: Workspace, job: { key: string }, says: string): void {
  const conversationId = Number(job.key);
  settleStranded(ws, conversationId);
  const queued = ws.prepare(
    `SELECT id, message_id AS messageId FROM deliveries WHERE ${UNDER_WAY} AND state = 'queued' ORDER BY id LIMIT 1`,
  );
  for (let next = queued.get(conversationId); next !== undefined; next = queued.get(conversationId))
    markFailed(ws, conversationId, next as Pick<Waiting, 'id' | 'messageId'>, says);
}
