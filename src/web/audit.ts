import { auditEvents } from '../db/schema/workspace.ts';
import type { Workspace } from '../workspace.ts';

export interface AuditEvent {
  /** A user's id, or the software itself. */
  actor: number | 'system';
  /** Noun and verb: `member.removed`, `key.added`. */
  action: string;
  /** What it was done to: a kind and an id, `user 7`. No name, address or text: an audit event outlives them. */
  subject?: string;
  detail?: Record<string, string | number | boolean | null>;
}

/** Writes down a dangerous act, in the transaction of the act where there is one. */
export function audit(ws: Workspace, { actor, action, subject, detail }: AuditEvent): void {
  ws.durable(() => {
    ws.db
      .insert(auditEvents)
      .values({
        at: ws.clock.now(),
        actorKind: actor === 'system' ? 'system' : 'user',
        actorId: actor === 'system' ? null : actor,
        action,
        subject: subject ?? null,
        detail: detail ?? null,
      })
      .run();
  });
}
