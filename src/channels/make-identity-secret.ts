import { randomToken } from '../lib/ids.ts';
import { Secret } from '../lib/secret.ts';
import type { Workspace } from '../workspace.ts';
import { channelAccess } from './access.ts';
import { editChannelSettings } from './edit-channel.ts';

/**
 * Makes the secret with which a business's own server signs who is signed in there, in place of the one before it: tokens
 * signed with that are good for nothing at once. Returned to be shown this once; here it lies sealed. Throws Problem.
 */
export async function makeIdentitySecret(ws: Workspace, change: { channelId: number; userId: number }): Promise<Secret> {
  const identitySecret = randomToken();
  await editChannelSettings(ws, { ...change, settings: { identitySecret } });
  return new Secret(identitySecret);
}

/** A widget's secret; undefined as long as none was made. Throws DeliveryError when the channel was disconnected. */
export function identitySecretOf(ws: Workspace, channelId: number): Secret | undefined {
  const { identitySecret } = channelAccess(ws, channelId, AbortSignal.abort()).access.settings;
  return typeof identitySecret === 'string' ? new Secret(identitySecret) : undefined;
}
