import { asc, inArray, ne } from '../db/drizzle.ts';
import { channels, labels, sources } from '../db/schema/workspace.ts';
import { contactFields } from '../contacts/index.ts';
import { keyById } from '../providers/index.ts';
import { toolsById } from '../tools/index.ts';
import { FORMAT, SCHEMA, type BotFile, type NamedModel } from './bot-file.ts';
import type { BotVersion } from './bot-versions.ts';
import type { BotSettings } from './settings.ts';
import { testsOf } from './tests/answer-tests.ts';
import type { WrittenTest } from './tests/wants.ts';
import type { Workspace } from '../workspace.ts';

/** A version of a bot as a file's content. A key that was removed leaves no model behind: nobody could say whose it was. */
export function exportBot(workspace: Workspace, { botId, settings }: BotVersion): BotFile {
  const { providerKeyId, model, backups, handoff, tools, leads, ...rest } = settings;
  const { channels: channelIds, labels: labelIds, ...places } = handoff.places;
  return {
    format: FORMAT,
    schema: SCHEMA,
    bot: {
      ...rest,
      model: nameModel(workspace, providerKeyId, model),
      backups: backups.flatMap((backup) => nameModel(workspace, backup.providerKeyId, backup.model) ?? []),
      tools: toolsById(workspace, tools).map(({ name }) => name),
      leads: leadsByName(workspace, leads),
      handoff: {
        ...handoff,
        places: { ...places, channels: namesOf(workspace, channels, channelIds), labels: namesOf(workspace, labels, labelIds) },
      },
    },
    knowledge: workspace.db
      .select({ kind: sources.kind, title: sources.title })
      .from(sources)
      .where(ne(sources.state, 'removing'))
      .orderBy(asc(sources.id))
      .limit(5000)
      .all(),
    tests: testsFor(workspace, botId),
  };
}

/** So that the file can be read again with all else that is in it. A CSV file holds them all. */
const TESTS_BYTES = 600_000;

/** Questions in a customer's own words stay here: once they are in a file, erasing that customer reaches them no more. */
function testsFor(workspace: Workspace, botId: number): WrittenTest[] {
  let room = TESTS_BYTES;
  return testsOf(workspace, botId).flatMap(({ question, wants, conversationId }) => {
    if (conversationId !== null) return [];
    room -= Buffer.byteLength(JSON.stringify({ question, wants }, null, 2));
    return room < 0 ? [] : [{ question, wants }];
  });
}

/** One whose field was removed is left out. */
function leadsByName(workspace: Workspace, leads: BotSettings['leads']): BotFile['bot']['leads'] {
  const names = new Map(contactFields(workspace).map(({ id, name }) => [id, name]));
  return leads.flatMap(({ field, ...lead }) => {
    const name = typeof field === 'number' ? names.get(field) : field;
    return name === undefined ? [] : [{ field: name, ...lead }];
  });
}

function nameModel(workspace: Workspace, keyId: number | null, model: string): NamedModel | null {
  const key = keyId === null ? undefined : keyById(workspace, keyId);
  return key ? { provider: key.provider, key: key.name, model } : null;
}

function namesOf(workspace: Workspace, table: typeof channels | typeof labels, ids: number[]): string[] {
  const rows = workspace.db.select({ name: table.name }).from(table).where(inArray(table.id, ids)).orderBy(asc(table.id)).all();
  return rows.map(({ name }) => name);
}
