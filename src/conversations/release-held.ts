import type { Job } from '../jobs/job.ts';
import { roleIn } from '../web/guard.ts';
import { roleMay } from '../web/permissions.ts';
import type { Workspace } from '../workspace.ts';
import { waitsForAnswer } from './hand-back.ts';
import { wantPerson } from './want-person.ts';

/**
 * The job 'release-held', by a user's id: who had taken these conversations may answer here no longer. The bot stays silent
 * in them, and a person is called: nobody must write to somebody who has left.
 */
export async function releaseHeld(ws: Workspace, job: Job): Promise<void> {
  const userId = Number(job.key);
  await job.finish(() => {
    const role = roleIn(ws.installation, ws.id, userId);
    if (role && roleMay(role, 'conversation.answer')) return;
    ws.prepare("UPDATE conversations SET assignee_id = NULL WHERE status <> 'resolved' AND assignee_id = ?").run(userId);
    const released = ws
      .prepare("UPDATE conversations SET holder_id = NULL WHERE status = 'open' AND holder_id = ? RETURNING id")
      .all(userId) as { id: number }[];
    for (const conversation of released)
      wantPerson(ws, conversation, 'Who had this no longer answers here.', { tellIfNobody: waitsForAnswer(ws, conversation.id) });
  });
}
