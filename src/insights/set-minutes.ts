import { audit } from '../web/audit.ts';
import type { Workspace } from '../workspace.ts';

/** How long a person would have needed for one answer: hours saved are counted by it. */
export function setMinutesPerAnswer(ws: Workspace, userId: number, minutes: number): void {
  ws.durable(() => {
    ws.prepare('UPDATE business SET minutes_per_answer = ?').run(minutes);
    audit(ws, { actor: userId, action: 'insights.minutes-set', detail: { minutes } });
  });
}
