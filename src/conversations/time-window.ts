import { channelKinds } from '../channels/index.ts';
import type { Workspace } from '../workspace.ts';
import type { Conversation } from './conversation.ts';

/** Who says something: some channels let people write for longer than a bot. */
type Author = 'bot' | 'person';

/** Each may write what they like until then; afterwards only what the channel approved. */
export interface TimeWindow {
  /** UTC ms; 0 where the customer never wrote. */
  until: Record<Author, number>;
  open: Record<Author, boolean>;
  /** "24 hours". */
  lasts: Record<Author, string>;
  /** The channel's name, for sentences. */
  channel: string;
  /** Whether the channel approves texts that may be sent at any time. */
  templates: boolean;
}

// What is said by a clock that is ahead opens no window for longer; an edit, a reaction and an echo open none.
const LAST_SAID = `
  SELECT max(min(said_at, created_at)) FROM messages
  WHERE id IN (SELECT last_customer_message_id FROM conversations WHERE identity_id = (SELECT ?))`;

/**
 * How long a customer may be written to, counted from their last message in any conversation on that channel; null where
 * the channel sets no limit. Computed from the rows: there is no timer to miss.
 */
export function timeWindow(ws: Workspace, { channelId, identityId }: Pick<Conversation, 'channelId' | 'identityId'>): TimeWindow | null {
  const kind = ws.prepare('SELECT kind FROM channels WHERE id = ?').pluck().get(channelId) as string;
  const channel = channelKinds[kind];
  const ms = channel?.limits.windowMs ?? null;
  if (!channel || ms === null) return null;
  const last = ws.prepare(LAST_SAID).pluck().get(identityId) as number | null;
  const { personWindowMs = ms } = channel.limits;
  const until = last === null ? { bot: 0, person: 0 } : { bot: last + ms, person: last + personWindowMs };
  const now = ws.clock.now();
  return {
    until,
    open: { bot: now < until.bot, person: now < until.person },
    lasts: { bot: inWords(ms), person: inWords(personWindowMs) },
    channel: channel.name,
    templates: channel.templates !== undefined,
  };
}

function inWords(ms: number): string {
  const hours = ms / 3600_000;
  return hours > 48 ? `${hours / 24} days` : `${hours} hours`;
}

/** Why `author` can't write just now, in words with what to do. */
export function windowClosed({ channel, until, open, lasts, templates }: TimeWindow, author: Author): string {
  if (until[author] === 0)
    return templates
      ? `${channel} lets a business write first only by a template.`
      : `${channel} lets nobody write before the customer does.`;
  const passed = `${channel}’s ${lasts[author]} since the customer’s last message have passed.`;
  if (open.person) return `${passed} Only people may answer now.`;
  return `${passed} ${templates ? 'Send a template, or wait until they write.' : 'Wait until they write.'}`;
}
