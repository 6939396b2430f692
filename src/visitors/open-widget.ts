import { findByPublicId, setHealth } from '../channels/index.ts';
import type { Installation } from '../installation.ts';
import type { Workspace } from '../workspace.ts';
import type { Held } from '../workspaces.ts';

/** What its owner decided about it, as channels/widget/settings stored it. */
interface Decided {
  colour: string;
  /** Websites that may show it. */
  origins: ReadonlySet<string>;
  /** 'visitor', or the language of the panel. */
  language: string;
}

export interface Widget extends Decided {
  channelId: number;
  publicId: string;
  botId: number | null;
  status: string;
}

export interface OpenWidget extends Held {
  widget: Widget;
}

const READ =
  "SELECT id AS channelId, public_id AS publicId, bot_id AS botId, status, settings FROM channels WHERE id = ? AND kind = 'widget'";
const KEPT_AT_MOST = 1000;

/** Read at each message: settings that were read before aren't read again. */
const read = new Map<string, Decided>();

function decided(settings: string): Decided {
  const known = read.get(settings);
  if (known) return known;
  const { colour, origins, language } = JSON.parse(settings) as { colour: string; origins: string; language: string };
  if (read.size >= KEPT_AT_MOST) read.clear();
  const fresh = { colour, origins: new Set(origins.split('\n').filter(Boolean)), language };
  read.set(settings, fresh);
  return fresh;
}

/** The widget of a public id, with its workspace held open until `release`; null when there is none. */
export function openWidget(installation: Installation, publicId: string): OpenWidget | null {
  const route = findByPublicId(installation, publicId);
  if (!route || !installation.workspaces.has(route.workspaceId)) return null;
  const held = installation.workspaces.hold(route.workspaceId);
  const row = held.workspace.prepare(READ).get(route.channelId) as (Omit<Widget, keyof Decided> & { settings: string }) | undefined;
  if (!row) {
    held.release();
    return null;
  }
  const { settings, ...rest } = row;
  return { workspace: held.workspace, release: held.release, widget: { ...rest, ...decided(settings) } };
}

/** A page has asked for its settings: only now is it known that the script stands on one. */
export function noteFirstSight(ws: Workspace, widget: Widget): void {
  if (widget.status === 'connecting') setHealth(ws, widget.channelId, { status: 'connected' });
}
