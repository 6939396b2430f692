/** The job 'fetch-attachment': a customer's file is got from its channel, sealed, and then its row leads to it. */
import { AttachmentError, channelAccess, DeliveryError, LARGEST_ATTACHMENT } from '../../channels/index.ts';
import { enqueue } from '../../jobs/enqueue.ts';
import { TryLater, type Job, type JobKind } from '../../jobs/job.ts';
import { TooLarge } from '../../vault/sealed-file.ts';
import type { Workspace } from '../../workspace.ts';
import { attachmentById, attachmentChanged, markKept, removeFile, type Attachment, type KeptFile } from './attachment.ts';
import { keepFile, NotKept } from './keep-file.ts';

const KIND = 'fetch-attachment';
const ATTEMPTS_AT_MOST = 6;
const LONGEST_WAIT_MS = 5 * 60_000;
const CHANNEL_ILL_MS = 30_000;
/** Each holds a connection and a piece of a file. */
const AT_ONCE = 4;

export const SAYS = {
  large: 'This file is larger than 20 MB, and larger ones aren’t kept. Ask for a smaller one.',
  empty: 'This file is empty. Ask for it again.',
  program: 'This is a program, and programs aren’t kept. Ask for what is meant as a document or a picture.',
  noFiles: 'Files of this channel can’t be fetched.',
  parked: 'Fetching this file failed again and again. The log of the server says why.',
};

/** Asks for an attachment's file, in the transaction that stores its message. */
export function wantFile(ws: Workspace, id: number): void {
  enqueue(ws, { kind: KIND, key: String(id) });
}

/** At a start: files that are wanted and have no job, since a release before this one stored them. */
export function wantForgottenFiles(ws: Workspace): void {
  const ids = ws
    .prepare(
      `SELECT id FROM attachments WHERE state = 'wanted'
         AND NOT EXISTS (SELECT 1 FROM jobs WHERE kind = '${KIND}' AND key = CAST(attachments.id AS TEXT))`,
    )
    .pluck()
    .all() as number[];
  if (ids.length > 0) ws.durable(() => ids.forEach((id) => wantFile(ws, id)));
}

export const attachmentFetcher: JobKind = {
  run: fetchAttachment,
  atOnce: AT_ONCE,
  onParked: (ws, { key }) => notFetched(ws, Number(key), 'failed', SAYS.parked),
};

async function fetchAttachment(ws: Workspace, job: Job, signal: AbortSignal): Promise<void> {
  const wanted = attachmentById(ws, Number(job.key));
  if (wanted?.state !== 'wanted') {
    job.finishQuietly();
    return;
  }
  const refuse = (says: string) => job.finish(() => notFetched(ws, wanted.id, 'refused', says));
  if ((wanted.bytes ?? 0) > LARGEST_ATTACHMENT) return refuse(SAYS.large);
  let file: KeptFile;
  try {
    file = await keepFile(ws, await contentOf(ws, wanted, signal));
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof TooLarge) return refuse(SAYS.large);
    if (error instanceof NotKept) return refuse(SAYS[error.why]);
    if (error instanceof DeliveryError) return job.finish(() => notFetched(ws, wanted.id, 'failed', error.says));
    if (!(error instanceof AttachmentError)) throw error;
    return notNow(ws, job, wanted, error);
  }
  await keep(ws, job, wanted, file);
}

/** A channel that is ill is waited for: nothing was tried. */
async function contentOf(ws: Workspace, { channelId, reference }: Attachment, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
  const { kind, access } = channelAccess(ws, channelId, signal);
  if (!kind.fetchAttachment || reference === null) throw new AttachmentError({ kind: 'gone', says: SAYS.noFiles });
  return kind.fetchAttachment(access, reference);
}

/** The file first, then the row that leads to it: a kill in between leaves a file that nothing can open, and the job. */
async function keep(ws: Workspace, job: Job, { id }: Attachment, file: KeptFile): Promise<void> {
  let taken = false;
  try {
    await job.finish(() => {
      // Its customer may have taken it back meanwhile.
      taken = attachmentById(ws, id)?.state === 'wanted';
      if (!taken) return;
      markKept(ws, id, file);
      attachmentChanged(ws, id);
    });
  } catch (error) {
    removeFile(ws, file.name);
    throw error;
  }
  if (!taken) removeFile(ws, file.name);
}

async function notNow(ws: Workspace, job: Job, { id }: Attachment, error: AttachmentError): Promise<void> {
  const { kind, says, retryAfter } = error;
  ws.installation.log.warn({ err: error, workspace: ws.id, attachment: id }, 'an attachment was not fetched');
  if (kind === 'gone' || kind === 'too-large') return job.finish(() => notFetched(ws, id, 'refused', says));
  if (kind === 'later' && job.attempts + 1 >= ATTEMPTS_AT_MOST) return job.finish(() => notFetched(ws, id, 'failed', says));
  ws.write(() => notFetched(ws, id, 'wanted', says));
  const waitMs = retryAfter ?? Math.min(2000 * 3 ** job.attempts, LONGEST_WAIT_MS);
  throw new TryLater(kind === 'account' ? CHANNEL_ILL_MS : waitMs, says, { counts: kind !== 'account' });
}

/** Says why it isn't here; what was taken back or came meanwhile stays as it is. Inside a transaction. */
function notFetched(ws: Workspace, id: number, state: 'wanted' | 'failed' | 'refused', says: string): void {
  const changed = ws.prepare("UPDATE attachments SET state = ?, says = ? WHERE id = ? AND state = 'wanted'").run(state, says, id).changes;
  if (changed > 0) attachmentChanged(ws, id);
}

/** A person wants a file that failed to be tried again. False when there is nothing to try. */
export function fetchAgain(ws: Workspace, id: number): boolean {
  return ws.durable(() => {
    const again = "UPDATE attachments SET state = 'wanted', says = NULL WHERE id = ? AND state = 'failed' AND reference IS NOT NULL";
    if (ws.prepare(again).run(id).changes === 0) return false;
    wantFile(ws, id);
    attachmentChanged(ws, id);
    return true;
  });
}
