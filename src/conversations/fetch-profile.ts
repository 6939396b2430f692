/** The job 'fetch-profile': asks the channel what a customer is called, where what comes from them doesn't say. */
import { channelAccess, DeliveryError, type Sender } from '../channels/index.ts';
import { findIdentity } from '../contacts/index.ts';
import { enqueue } from '../jobs/enqueue.ts';
import type { Job } from '../jobs/job.ts';
import type { Workspace } from '../workspace.ts';
import { touch } from './conversation.ts';
import type { OpenChannel } from './open-channel.ts';

const KIND = 'fetch-profile';

/** Asks for the name of who begins a conversation without one, in the transaction that opens it. */
export function wantProfile(ws: Workspace, { kind }: OpenChannel, { displayName, username }: Sender, conversationId: number): void {
  if (kind.profile && displayName === undefined && username === undefined) enqueue(ws, { kind: KIND, key: String(conversationId) });
}

/** A name is a courtesy: what refuses it now is asked again with the customer's next conversation. */
export async function fetchProfile(ws: Workspace, job: Job, signal: AbortSignal): Promise<void> {
  const conversationId = Number(job.key);
  const whose = ws
    .prepare(
      `SELECT channel_id AS channelId, (SELECT external_id FROM identities WHERE id = identity_id) AS externalId
       FROM conversations WHERE id = ?`,
    )
    .get(conversationId) as { channelId: number; externalId: string } | undefined;
  const profile = whose && (await profileOf(ws, whose.channelId, whose.externalId, signal));
  await job.finish(() => {
    if (!profile) return;
    findIdentity(ws, whose.channelId, { externalId: whose.externalId, ...profile });
    touch(ws, conversationId);
  });
}

async function profileOf(
  ws: Workspace,
  channelId: number,
  externalId: string,
  signal: AbortSignal,
): Promise<Pick<Sender, 'displayName' | 'username'> | undefined> {
  try {
    const { kind, access } = channelAccess(ws, channelId, signal);
    return await kind.profile?.(access, externalId);
  } catch (err) {
    signal.throwIfAborted();
    if (!(err instanceof DeliveryError)) throw err;
    ws.installation.log.debug({ err, workspace: ws.id, channel: channelId }, 'a channel did not say what a customer is called');
    return undefined;
  }
}
