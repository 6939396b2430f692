import { channelKinds } from '../channels/index.ts';
import type { Workspace } from '../workspace.ts';
import type { Conversation } from './conversation.ts';

/** The business may write what it likes until then; afterwards only what the channel approved. */
export interface TimeWindow {
  /** UTC ms; 0 where the customer never wrote. */
  until: number;
  open: boolean;
  /** The channel's name, for sentences. */
  channel: string;
  hours: number;
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
  const until = last === null ? 0 : last + ms;
  return { until, open: ws.clock.now() < until, channel: channel.name, hours: ms / 3600_000 };
}

/** Why nothing can be written just now, in words with what to do. */
export function windowClosed({ channel, hours, until }: TimeWindow): string {
  return until === 0
    ? `${channel} lets a business write first only by a template.`
    : `${channel}’s ${hours} hours since the customer’s last message have passed. Send a template, or wait until they write.`;
}
