/** Where a far side posts what comes in for a channel, and what it shows there. */
import type { Installation } from '../installation.ts';
import type { Workspace } from '../workspace.ts';
import { isPrivateHost } from '../web/hosts.ts';
import type { Webhook } from './channel.ts';

export function webhookAddress({ settings }: Installation, publicId: string): string {
  return `${settings.baseUrl}/webhooks/${publicId}`;
}

/** Far sides post to public addresses with https alone. */
export function isPublic({ settings }: Installation): boolean {
  const { protocol, hostname } = new URL(settings.baseUrl);
  return protocol === 'https:' && !isPrivateHost(hostname);
}

/** What the far side has to show before an address is believed to be its own; nobody has to keep it. */
export function verifyToken(ws: Workspace, publicId: string): string {
  return ws.hash('webhook', publicId).subarray(0, 16).toString('hex');
}

export function webhookFor(ws: Workspace, publicId: string): Webhook {
  const { installation } = ws;
  return { url: isPublic(installation) ? webhookAddress(installation, publicId) : null, secret: verifyToken(ws, publicId) };
}
