import type { Workspace } from '../workspace.ts';

export interface MailStanding {
  lastSentAt: number | null;
  says: string | null;
  saysAt: number | null;
  waiting: number;
}

/** How sending goes; null where no server was set up. */
export function mailStanding(ws: Workspace): MailStanding | null {
  const row = ws
    .prepare(
      `SELECT last_sent_at AS lastSentAt, says, says_at AS saysAt, (SELECT count(*) FROM mails WHERE failed_at IS NULL) AS waiting
       FROM mail_server WHERE id = 1`,
    )
    .get() as MailStanding | undefined;
  return row ?? null;
}

export interface FailedMail {
  id: number;
  to: string;
  subject: string;
  says: string;
  failedAt: number;
}

/** Mails that were given up, the newest first. */
export function failedMails(ws: Workspace): FailedMail[] {
  return ws
    .prepare(
      'SELECT id, to_address AS "to", subject, says, failed_at AS failedAt FROM mails WHERE failed_at IS NOT NULL ORDER BY id DESC LIMIT 50',
    )
    .all() as FailedMail[];
}
