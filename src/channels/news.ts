import type { Installation } from '../installation.ts';
import type { Workspace } from '../workspace.ts';

type Hear = (workspaceId: string, channelId: number) => void;

/** Not the bus: that is one for each workspace, and the listeners must hear of a workspace that is made later, too. */
const listeners = new WeakMap<Installation, Hear>();

/** The supervisor of the listeners hears of every change; null ends it. */
export function hearChanges(installation: Installation, hear: Hear | null): void {
  if (hear) listeners.set(installation, hear);
  else listeners.delete(installation);
}

/** Tells open pages and the listeners that a channel changed. After the commit. */
export function announce(ws: Workspace, channelId: number): void {
  ws.bus.publish({ type: 'channel', channelId });
  listeners.get(ws.installation)?.(ws.id, channelId);
}
