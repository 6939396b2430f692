import { GiveUp, type Job, type JobKind } from '../jobs/job.ts';
import type { Workspace } from '../workspace.ts';
import { MailError } from './mail-error.ts';
import { mailServerOf, noteMailHealth } from './mail-server.ts';
import { sendLetter } from './transport.ts';

interface Waiting {
  reference: string;
  toAddress: string;
  subject: string;
  text: string;
}

/**
 * The job 'send-mail'. A mail whose connection was cut may be sent twice: its Message-ID is the same, by which the receiving
 * server knows it, and to hear twice that a customer waits is better than not at all.
 */
async function run(ws: Workspace, job: Job, signal: AbortSignal): Promise<void> {
  const id = Number(job.key);
  const mail = ws.prepare('SELECT reference, to_address AS toAddress, subject, text FROM mails WHERE id = ?').get(id) as
    Waiting | undefined;
  const server = mailServerOf(ws);
  if (!mail || !server) {
    job.finishQuietly();
    return;
  }
  const { reference, toAddress: to, subject, text } = mail;
  try {
    const domain = server.fromAddress.slice(server.fromAddress.indexOf('@') + 1);
    await sendLetter(ws.installation, server, { to, subject, text, id: `${reference}@${domain}` }, signal);
  } catch (error) {
    if (!(error instanceof MailError)) throw error;
    ws.installation.log.warn({ err: error, workspace: ws.id, mail: id }, 'a mail was not sent');
    ws.durable(() => {
      ws.prepare('UPDATE mails SET says = ? WHERE id = ?').run(error.says, id);
      noteMailHealth(ws, error.says);
    });
    throw error.permanent ? new GiveUp(error.says) : error;
  }
  await job.finish(() => {
    ws.prepare('DELETE FROM mails WHERE id = ?').run(id);
    noteMailHealth(ws, null);
  });
}

export const sendMail: JobKind = {
  run,
  // A minute, two, four …: a server that is away for an evening loses nothing.
  attempts: 12,
  longestWaitMs: 3600_000,
  atOnce: 2,
  onParked(ws, { key }, says) {
    ws.prepare('UPDATE mails SET failed_at = ?, says = coalesce(says, ?) WHERE id = ?').run(ws.clock.now(), says, Number(key));
  },
};
