import type { Workspace } from '../workspace.ts';
import { auditHead, chainEvent } from './audit-chain.ts';
import { keepHead } from './audit-heads.ts';

export interface AuditEvent {
  /** A user's id, or the software itself. */
  actor: number | 'system';
  /** Noun and verb: `member.removed`, `key.added`. */
  action: string;
  /** What it was done to: a kind and an id, `user 7`. No name, address or text: an audit event outlives them. */
  subject?: string;
  detail?: Record<string, string | number | boolean | null>;
  /** Whom of the customers it tells of: subject and detail are erased with them. */
  contactId?: number;
}

/** Writes down a dangerous act, in the transaction of the act where there is one. */
export function audit(ws: Workspace, { actor, action, subject = '', detail, contactId }: AuditEvent): void {
  const told = { subject: subject || null, detail: detail ?? null };
  const isApart = contactId !== undefined;
  ws.durable(() => {
    const event = {
      at: ws.clock.now(),
      actorKind: actor === 'system' ? 'system' : 'user',
      actorId: actor === 'system' ? null : actor,
      action,
      subject: isApart ? null : told.subject,
      detail: isApart || told.detail === null ? null : JSON.stringify(told.detail),
    };
    chainEvent(ws, auditHead(ws), event, isApart ? { contactId, part: JSON.stringify(told) } : undefined);
    ws.afterCommit(() => keepHead(ws));
  });
}
