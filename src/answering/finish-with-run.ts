import type { Job } from '../jobs/job.ts';
import type { Workspace } from '../workspace.ts';
import { closeRun, type OpenRun, type RunEnd } from './runs.ts';

/**
 * Ends a job with the effect that closes its run. Where that can't be written, since the lease was taken away or the disk
 * is full, the run is closed by itself: what it cost is known, and the draft that was shown is withdrawn. If even that
 * fails, the next boot charges what the run had reserved. Rejects with what `job.finish` threw.
 */
export async function finishWithRun(
  ws: Workspace,
  job: Job,
  ended: { conversationId: number; run: OpenRun; figures: Omit<RunEnd, 'state' | 'why'> },
  effect: () => void,
): Promise<void> {
  try {
    await job.finish(effect);
  } catch (error) {
    const { conversationId, run, figures } = ended;
    try {
      // Without its words, for which there may be no room.
      ws.durable(() => closeRun(ws, run, { ...figures, answer: null, shown: null, state: 'failed', why: 'not stored' }));
    } catch (err) {
      ws.installation.log.error({ err, workspace: ws.id, run: run.runId }, 'a run could not be closed');
    }
    ws.bus.publish({ type: 'draft-ended', conversationId, runId: run.runId, messageId: null });
    throw error;
  }
}
