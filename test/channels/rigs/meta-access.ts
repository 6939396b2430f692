import type { ChannelAccess } from '../../../src/channels/channel.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { Outbound, OutboundLimits } from '../../../src/lib/outbound.ts';
import type { GraphServer } from '../../simulators/meta-server.ts';

/** What one of Meta's channels is handed when its far side is `far`; `files` are the limits of a customer's file. */
export function metaAccess<Settings>(
  far: GraphServer & { settings: Settings },
  outbound: Outbound,
  files: OutboundLimits = {},
): ChannelAccess<Settings> {
  return {
    channelId: 1,
    settings: far.settings,
    state: null,
    apiRoot: far.apiRoot,
    fetch: outbound.to(far.url),
    fetchFile: outbound.to(far.url, files),
    agent: () => outbound.agent(far.url),
    clock: systemClock,
    signal: new AbortController().signal,
  };
}
