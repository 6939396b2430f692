import { publishedOf } from '../bots/index.ts';
import { conversationById, type Conversation } from '../conversations/index.ts';
import type { Job } from '../jobs/job.ts';
import type { Workspace } from '../workspace.ts';
import { failuresInRow, handsOverAfter } from './hand-over.ts';
import { sayHandedOver } from './say-handed-over.ts';
import { spokenIn, untoldBecause } from './tell-customer.ts';

/** The job 'count-failures', by a conversation's id: a customer said that an answer didn't help. */
export async function countFailures(ws: Workspace, job: Job): Promise<void> {
  const found = conversationById(ws, Number(job.key));
  const version = found && botSpeaks(found) ? publishedOf(ws, found.botId) : undefined;
  if (!found || !version) {
    job.finishQuietly();
    return;
  }
  const language = spokenIn(ws, found);
  await job.finish(() => {
    const now = conversationById(ws, found.id);
    const failures = failuresInRow(ws, found.id);
    const over = now && botSpeaks(now) && failures > 0 ? handsOverAfter(version.settings, failures - 1) : undefined;
    if (now && over && untoldBecause(ws, now) === undefined) sayHandedOver(ws, now, over, language);
  });
}

function botSpeaks(conversation: Conversation): conversation is Conversation & { botId: number } {
  return conversation.status === 'open' && conversation.turn === 'bot' && !conversation.silenced && conversation.botId !== null;
}
