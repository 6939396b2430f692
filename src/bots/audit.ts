import { auditEvents } from '../db/schema/workspace.ts';
import type { Workspace } from '../workspace.ts';

/** Notes who did what to a bot. Inside the transaction of the deed. `userId` is null for what the software did by itself. */
export function recordBotEvent(workspace: Workspace, event: { action: string; botId: number; userId: number | null; detail?: Record<string, string | number> }): void {
  workspace.db
    .insert(auditEvents)
    .values({
      at: workspace.clock.now(),
      actorKind: event.userId === null ? 'system' : 'user',
      actorId: event.userId,
      action: event.action,
      subject: `bot ${event.botId}`,
      detail: event.detail ?? null,
    })
    .run();
}
