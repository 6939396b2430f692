/** Words and choices of a channel's own page. */
import type { Channel } from './channel.ts';
import type { Choice, ShownChannel } from './channels.queries.ts';
import { QUIET_CHOICES_MS } from './edit-channel.ts';
import { looks } from './looks.ts';
import { verifyToken } from './take-webhook.ts';
import type { Installation } from '../installation.ts';
import type { Workspace } from '../workspace.ts';
import { isPrivateHost } from '../web/hosts.ts';

export function lineOfChannel({ kind, status, title, says }: Pick<ShownChannel, 'kind' | 'status' | 'title' | 'says'>): {
  says: string;
  wanted: boolean;
} {
  if (status === 'connected') return { says: `${title} is open.`, wanted: false };
  if (status === 'paused') return { says: `${title} is paused.`, wanted: false };
  if (status === 'broken') return { says: `${title} needs you: it has stopped.`, wanted: true };
  return { says: (says === null ? looks[kind]?.unheard.line : undefined) ?? `${title} is being tried again.`, wanted: false };
}

/** How long a customer may pause before the bot answers. */
export function quietChoices({ limits }: Channel): Choice[] {
  return [
    { value: '', label: `As usual here (${inWords(limits.quietMs)})` },
    ...QUIET_CHOICES_MS.map((ms) => ({ value: String(ms), label: inWords(ms) })),
  ];
}

function inWords(ms: number): string {
  return ms === 0 ? 'no pause' : `${ms / 1000} seconds`;
}

/** The line that puts the bubble on a website, with the colour it has before it is opened, and the page that needs no website. */
export function embedOf(
  baseUrl: string,
  { publicId, settings }: { publicId: string; settings: Record<string, unknown> },
): { line: string; page: string } {
  const colour = typeof settings['colour'] === 'string' ? ` data-colour="${settings['colour']}"` : '';
  return {
    line: `<script src="${baseUrl}/widget.js" data-deskbell="${publicId}"${colour} async></script>`,
    page: `${baseUrl}/c/${publicId}`,
  };
}

/** What is pasted at the far side so that it posts to us, and why it may not reach us. */
export function webhookOf(
  { settings }: Installation,
  ws: Workspace,
  publicId: string,
): { address: string; token: string; unreachable: string | null } {
  const { protocol, hostname } = new URL(settings.baseUrl);
  const unreachable =
    protocol !== 'https:' || isPrivateHost(hostname)
      ? `Its address is ${settings.baseUrl}, and Meta posts to public addresses with https alone. Whoever runs this server gives it one, and sets BASE_URL to it.`
      : null;
  return { address: `${settings.baseUrl}/webhooks/${publicId}`, token: verifyToken(ws, publicId), unreachable };
}
