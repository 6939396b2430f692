/** Words and choices of a channel's own page. */
import type { Channel } from './channel.ts';
import type { Choice, ShownChannel } from './channels.queries.ts';
import { QUIET_CHOICES_MS } from './edit-channel.ts';
import { looks } from './looks.ts';

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
