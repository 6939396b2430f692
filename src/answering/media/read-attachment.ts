/** The job 'read-attachment', by an attachment's id: a bot wants to know what a customer's file says. */
import { publishedOf } from '../../bots/index.ts';
import { attachmentById, attachmentText, conversationById, conversationOfAttachment, sealedAttachment } from '../../conversations/index.ts';
import type { Job, JobKind } from '../../jobs/job.ts';
import { readDocument } from '../../knowledge/index.ts';
import type { Workspace } from '../../workspace.ts';
import { abilitiesOf } from './abilities.ts';
import { settle, type Wanted } from './settle-attachment.ts';
import { transcribeVoice } from './transcribe-voice.ts';

/** Each holds a file in memory. */
const AT_ONCE = 4;
/** More of a document than a question has room for: a later question may be about its end. */
const LETTERS = 20_000;

const GONE = 'The file is no longer here.';
const NOT_ALLOWED = 'The bot isn’t allowed to open this any more.';
const PARKED = 'Opening this failed again and again. The log of the server says why.';

export const attachmentReader: JobKind = {
  run: readAttachment,
  atOnce: AT_ONCE,
  attempts: 3,
  onParked: (ws, { key }) => settle(ws, Number(key), { says: PARKED }),
};

async function readAttachment(ws: Workspace, job: Job, signal: AbortSignal): Promise<void> {
  const attachmentId = Number(job.key);
  const row = attachmentById(ws, attachmentId);
  const text = attachmentText(ws, attachmentId);
  // One that is still being fetched asks again when that has ended.
  if (!row || text?.state !== 'wanted' || row.state === 'wanted') {
    job.finishQuietly();
    return;
  }
  const end = (read: Parameters<typeof settle>[2]): Promise<void> => job.finish(() => settle(ws, attachmentId, read));
  const sealed = sealedAttachment(ws, attachmentId);
  if (!sealed) return end({ says: row.says ?? GONE });
  if (text.kind === 'picture') return end({});
  const asker = askerOf(ws, attachmentId);
  if (!asker) return end({ says: NOT_ALLOWED });
  const can = abilitiesOf(ws, asker.version.settings);
  if (!(text.kind === 'voice' ? can.voice : can.documents)) return end({ says: NOT_ALLOWED });
  const file = { ...sealed, name: row.name, mime: row.mime, bytes: row.bytes ?? 0 };
  if (text.kind === 'voice') return transcribeVoice(ws, job, { attachmentId, ...asker, file }, signal);
  const read = await readDocument(sealed, LETTERS, signal);
  return end('says' in read ? { says: `The bot couldn’t read it. ${read.says}` } : { text: read.text });
}

/** The bot that waits for it; undefined where none does any more. */
function askerOf(ws: Workspace, attachmentId: number): Pick<Wanted, 'conversation' | 'version'> | undefined {
  const id = conversationOfAttachment(ws, attachmentId);
  const conversation = id === undefined ? undefined : conversationById(ws, id);
  if (!conversation || conversation.silenced || conversation.botId === null) return undefined;
  const version = publishedOf(ws, conversation.botId);
  return version && { conversation, version };
}
