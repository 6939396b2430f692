/** Who of the team can be told, and what each of them chose. */
import { membersOf, type Member } from '../accounts/index.ts';
import { roleMay } from '../web/permissions.ts';
import type { Workspace } from '../workspace.ts';

/** Between two mails to one member: what comes meanwhile stands in the next. */
const MAIL_GAP_MS = 5 * 60_000;
/** Somebody who sits before the inbox is quicker than a mail, and needs none. */
const MAIL_GRACE_MS = 60_000;

/** Members who may answer customers. */
export function answerers(ws: Workspace): Member[] {
  return membersOf(ws).filter(({ role }) => roleMay(role, 'conversation.answer'));
}

interface Choice {
  byMail: boolean;
  mailedAt: number | null;
}

export function choiceOf(ws: Workspace, userId: number): Choice {
  const row = ws.prepare('SELECT by_mail AS byMail, mailed_at AS mailedAt FROM member_alerts WHERE user_id = ?').get(userId) as
    { byMail: number; mailedAt: number | null } | undefined;
  return row ? { ...row, byMail: row.byMail === 1 } : { byMail: true, mailedAt: null };
}

/** When the next mail to a member may go, UTC ms. */
export function nextMailAt(ws: Workspace, { mailedAt }: Choice): number {
  return Math.max(ws.clock.now() + MAIL_GRACE_MS, (mailedAt ?? 0) + MAIL_GAP_MS);
}

export function setMail(ws: Workspace, userId: number, byMail: boolean): void {
  ws.durable(() => {
    ws.prepare(
      'INSERT INTO member_alerts (user_id, by_mail) VALUES (?, ?) ON CONFLICT (user_id) DO UPDATE SET by_mail = excluded.by_mail',
    ).run(userId, byMail ? 1 : 0);
  });
}

/** Inside the transaction that writes the mail. */
export function noteMailed(ws: Workspace, userId: number): void {
  ws.prepare(
    'INSERT INTO member_alerts (user_id, mailed_at) VALUES (?, ?) ON CONFLICT (user_id) DO UPDATE SET mailed_at = excluded.mailed_at',
  ).run(userId, ws.clock.now());
}
