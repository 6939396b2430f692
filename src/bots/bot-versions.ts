/** Reading what a bot is: its draft, what is live, and the version that a run points at. On the path of every answer. */
import { botSettings, type BotSettings } from './settings.ts';
import type { Workspace } from '../workspace.ts';

export interface BotVersion {
  id: number;
  botId: number;
  /** 0 is the draft; published versions count from 1. */
  number: number;
  settings: BotSettings;
  createdBy: number | null;
  createdAt: number;
  updatedAt: number;
}

interface Row extends Omit<BotVersion, 'settings'> {
  settings: string;
}

const COLUMNS =
  'v.id, v.bot_id AS botId, v.number, v.settings, v.created_by AS createdBy, v.created_at AS createdAt, v.updated_at AS updatedAt';

/** The version that is being edited; undefined when there is no such bot. */
export function draftOf(workspace: Workspace, botId: number): BotVersion | undefined {
  return read(workspace.prepare(`SELECT ${COLUMNS} FROM bot_versions v WHERE v.bot_id = ? AND v.number = 0`).get(botId));
}

/** The version that answers customers; undefined until something was published. */
export function publishedOf(workspace: Workspace, botId: number): BotVersion | undefined {
  return read(
    workspace.prepare(`SELECT ${COLUMNS} FROM bot_versions v WHERE v.id = (SELECT published_version_id FROM bots WHERE id = ?)`).get(botId),
  );
}

/** A bot's version by its number; undefined when it was never published. */
export function versionNumbered(workspace: Workspace, botId: number, number: number): BotVersion | undefined {
  return read(workspace.prepare(`SELECT ${COLUMNS} FROM bot_versions v WHERE v.bot_id = ? AND v.number = ?`).get(botId, number));
}

/** Published versions below `before`, the newest first. */
export function versionsBefore(workspace: Workspace, botId: number, before: number, atMost: number): BotVersion[] {
  const text = `SELECT ${COLUMNS} FROM bot_versions v WHERE v.bot_id = ? AND v.number > 0 AND v.number < ? ORDER BY v.number DESC LIMIT ?`;
  return workspace
    .prepare(text)
    .all(botId, before, atMost)
    .map(read)
    .filter((version) => version !== undefined);
}

/** Any version, as a run points at it. */
export function versionById(workspace: Workspace, versionId: number): BotVersion | undefined {
  return read(workspace.prepare(`SELECT ${COLUMNS} FROM bot_versions v WHERE v.id = ?`).get(versionId));
}

const defaults = botSettings.parse({});

/** They were checked when they were written. A field that a later release added takes its default, with no migration. */
function read(row: unknown): BotVersion | undefined {
  if (!row) return undefined;
  const version = row as Row;
  return { ...version, settings: { ...defaults, ...(JSON.parse(version.settings) as Partial<BotSettings>) } };
}
