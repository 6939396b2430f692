import { findByPublicId, setHealth } from '../channels/index.ts';
import type { Installation } from '../installation.ts';
import type { Workspace } from '../workspace.ts';
import type { Held } from '../workspaces.ts';

export interface Widget {
  channelId: number;
  publicId: string;
  botId: number | null;
  status: string;
  colour: string;
  /** One origin on each line. */
  origins: string;
  /** 'visitor', or the language of the panel. */
  language: string;
}

export interface OpenWidget extends Held {
  widget: Widget;
}

const READ = `
  SELECT id AS channelId, public_id AS publicId, bot_id AS botId, status, settings ->> '$.colour' AS colour,
    settings ->> '$.origins' AS origins, settings ->> '$.language' AS language
  FROM channels WHERE id = ? AND kind = 'widget'`;

/** The widget of a public id, with its workspace held open until `release`; null when there is none. */
export function openWidget(installation: Installation, publicId: string): OpenWidget | null {
  const route = findByPublicId(installation, publicId);
  if (!route || !installation.workspaces.has(route.workspaceId)) return null;
  const held = installation.workspaces.hold(route.workspaceId);
  const widget = held.workspace.prepare(READ).get(route.channelId) as Widget | undefined;
  if (widget) return { ...held, widget };
  held.release();
  return null;
}

/** A page has asked for its settings: only now is it known that the script stands on one. */
export function noteFirstSight(ws: Workspace, widget: Widget): void {
  if (widget.status === 'connecting') setHealth(ws, widget.channelId, { status: 'connected' });
}
