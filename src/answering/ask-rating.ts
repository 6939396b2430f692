import { askRating, conversationById, mayAskRating } from '../conversations/index.ts';
import type { Job } from '../jobs/job.ts';
import type { Workspace } from '../workspace.ts';
import { spokenIn, untoldBecause } from './tell-customer.ts';

/** The job 'ask-rating', by the id of a conversation that is done. Void once it was opened again. */
export async function askHowItWas(ws: Workspace, job: Job): Promise<void> {
  const found = conversationById(ws, Number(job.key));
  if (!found || !mayAskRating(ws, found)) {
    job.finishQuietly();
    return;
  }
  const language = spokenIn(ws, found);
  await job.finish(() => {
    const now = conversationById(ws, found.id);
    if (now && mayAskRating(ws, now) && untoldBecause(ws, now) === undefined) askRating(ws, now.id, language);
  });
}
