/** Words and choices of a channel's own page. */
import type { Channel } from './channel.ts';
import type { Choice, ShownChannel } from './channels.queries.ts';
import { QUIET_CHOICES_MS } from './edit-channel.ts';
import { looks } from './looks.ts';
import { isPublic, verifyToken, webhookAddress } from './webhook-address.ts';
import { widgetSettings } from './widget/settings.ts';
import type { Installation } from '../installation.ts';
import type { Workspace } from '../workspace.ts';

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

/** The line that puts the bubble on a website, with how it looks before it is opened, and the page that needs no website. */
export function embedOf(
  baseUrl: string,
  { publicId, settings }: { publicId: string; settings: Record<string, unknown> },
): { line: string; page: string } {
  const { colour, side, lift } = widgetSettings.parse(settings);
  const place = `${side === 'end' ? '' : ` data-side="${side}"`}${lift === '0' ? '' : ` data-lift="${lift}"`}`;
  return {
    line: `<script src="${baseUrl}/widget.js" data-deskbell="${publicId}" data-colour="${colour}"${place} async></script>`,
    page: `${baseUrl}/c/${publicId}`,
  };
}

/** What is pasted at the far side so that it posts to us, and why it may not reach us. */
export function webhookOf(
  installation: Installation,
  ws: Workspace,
  publicId: string,
): { address: string; token: string; unreachable: string | null } {
  const unreachable = isPublic(installation)
    ? null
    : `Its address is ${installation.settings.baseUrl}, and Meta posts to public addresses with https alone. Whoever runs this server gives it one, and sets BASE_URL to it.`;
  return { address: webhookAddress(installation, publicId), token: verifyToken(ws, publicId), unreachable };
}
