import { findByPublicId, setHealth, widgetSettings, type WidgetSettings } from '../channels/index.ts';
import { whenBack } from '../db/closed-workspaces.ts';
import type { Installation } from '../installation.ts';
import type { Bus } from '../lib/bus.ts';
import type { Workspace } from '../workspace.ts';
import type { Held } from '../workspaces.ts';

export interface Widget {
  channelId: number;
  publicId: string;
  botId: number | null;
  status: string;
  settings: WidgetSettings;
  /** Websites that may show it. */
  origins: ReadonlySet<string>;
}

export interface OpenWidget extends Held {
  widget: Widget;
}

const READ =
  "SELECT id AS channelId, public_id AS publicId, bot_id AS botId, status, settings FROM channels WHERE id = ? AND kind = 'widget'";

/** Widgets as they were read, for each message asks for one; forgotten when the workspace's bus says that they changed. */
const known = new WeakMap<Bus, Map<number, Widget>>();

function knownIn({ bus }: Workspace): Map<number, Widget> {
  const found = known.get(bus);
  if (found) return found;
  const fresh = new Map<number, Widget>();
  known.set(bus, fresh);
  bus.subscribe('all', (event) => {
    if (event.type === 'channel') fresh.delete(event.channelId);
  });
  return fresh;
}

function widgetOf(ws: Workspace, channelId: number): Widget | undefined {
  const widgets = knownIn(ws);
  const found = widgets.get(channelId);
  if (found) return found;
  const row = ws.prepare(READ).get(channelId) as (Omit<Widget, 'origins' | 'settings'> & { settings: string }) | undefined;
  if (!row) return undefined;
  const settings = widgetSettings.parse(JSON.parse(row.settings));
  const widget = { ...row, settings, origins: new Set(settings.origins.split('\n').filter(Boolean)) };
  widgets.set(channelId, widget);
  return widget;
}

/** The widget of a public id, with its workspace held open until `release`; null when there is none. */
export function openWidget(installation: Installation, publicId: string): OpenWidget | null {
  const route = findByPublicId(installation, publicId);
  if (!route || !installation.workspaces.has(route.workspaceId)) return null;
  const { workspace, release } = installation.workspaces.hold(route.workspaceId);
  try {
    const widget = widgetOf(workspace, route.channelId);
    if (widget) return { workspace, release, widget };
  } catch (error) {
    release();
    throw installation.workspaces.noteFault(workspace.id, error);
  }
  release();
  return null;
}

/** The same; while the files of the business are seen to, a visitor waits, where others are told to come again. */
export async function openWidgetWhenBack(installation: Installation, publicId: string): Promise<OpenWidget | null> {
  try {
    return openWidget(installation, publicId);
  } catch (error) {
    return whenBack(error, () => openWidget(installation, publicId));
  }
}

/** A page has asked for its settings: only now is it known that the script stands on one. */
export function noteFirstSight(ws: Workspace, widget: Widget): void {
  if (widget.status === 'connecting') setHealth(ws, widget.channelId, { status: 'connected' });
}
