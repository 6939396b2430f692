import { isNull, ne } from '../db/drizzle.ts';
import { channels, labels, sources } from '../db/schema/workspace.ts';
import { contactFields } from '../contacts/index.ts';
import { listKeys } from '../providers/index.ts';
import { listTools } from '../tools/index.ts';
import type { BotFile, NamedModel } from './bot-file.ts';
import type { BotSettings } from './settings.ts';
import type { Workspace } from '../workspace.ts';

export interface Planned {
  settings: BotSettings;
  /** What the file names and this workspace lacks, each with what becomes of it. */
  missing: { what: string; then: string }[];
  /** Names of knowledge that the file's workspace had and this one lacks. */
  unknown: string[];
}

/** What a file becomes here: names are looked up in this workspace, and what is not found is left out and said. Changes nothing. */
export function planImport(workspace: Workspace, { bot, knowledge }: BotFile): Planned {
  const missing: Planned['missing'] = [];
  const { model, backups, handoff, tools, leads, ...rest } = bot;
  const main = model && findModel(workspace, model);
  if (model && !main)
    missing.push({
      what: `${model.model}, by a key of ${nameOfProvider(model)}`,
      then: 'It quotes the knowledge until you choose a model.',
    });
  const found = backups.flatMap((backup) => {
    const here = findModel(workspace, backup);
    if (!here) missing.push({ what: `${backup.model}, by a key of ${nameOfProvider(backup)}`, then: 'It isn’t asked instead.' });
    return here ?? [];
  });
  const places = placesHere(workspace, handoff.places, missing);
  const settings = {
    ...rest,
    providerKeyId: main?.providerKeyId ?? null,
    model: main?.model ?? '',
    backups: found,
    tools: toolsHere(workspace, tools, missing),
    leads: leadsHere(workspace, leads, missing),
    handoff: { ...handoff, places },
  };
  const known = new Set(
    workspace.db.select({ title: sources.title }).from(sources).where(ne(sources.state, 'removing')).all().map(titleOf),
  );
  return { settings, missing, unknown: [...new Set(knowledge.map(titleOf))].filter((title) => !known.has(title)) };
}

/** Fields by their names; letters' case doesn't matter. */
function leadsHere(workspace: Workspace, leads: BotFile['bot']['leads'], missing: Planned['missing']): BotSettings['leads'] {
  const fields = new Map(contactFields(workspace).map(({ id, name }) => [name.toLowerCase(), id]));
  const found = leads.flatMap(({ field: name, ...lead }): BotSettings['leads'] => {
    const field = name === 'name' || name === 'email' || name === 'phone' ? name : fields.get(name.toLowerCase());
    if (field === undefined) missing.push({ what: `The field of contacts “${name}”`, then: 'It isn’t asked for.' });
    return field === undefined ? [] : [{ field, ...lead }];
  });
  return found.filter(({ field }, at) => found.findIndex((each) => each.field === field) === at);
}

function titleOf({ title }: { title: string }): string {
  return title;
}

/** The key of that name before others of the same provider; only one that opens the model. */
function findModel(workspace: Workspace, { provider, key, model }: NamedModel): { providerKeyId: number; model: string } | undefined {
  const opening = listKeys(workspace).filter(
    (each) =>
      each.provider === provider && (provider === 'compatible' ? each.name === key : each.chatModels.some(({ id }) => id === model)),
  );
  const chosen = opening.find(({ name }) => name === key) ?? opening[0];
  return chosen && { providerKeyId: chosen.id, model };
}

const PROVIDERS: Record<string, string> = { openai: 'OpenAI', anthropic: 'Anthropic' };

function nameOfProvider({ provider, key }: NamedModel): string {
  return PROVIDERS[provider] ?? `“${key}”`;
}

function toolsHere(workspace: Workspace, names: string[], missing: Planned['missing']): number[] {
  const kept = listTools(workspace);
  return names.flatMap((name) => {
    const here = kept.find((each) => each.name === name);
    if (!here) missing.push({ what: `The tool “${name}”`, then: 'It isn’t called.' });
    return here?.id ?? [];
  });
}

type Named = BotFile['bot']['handoff']['places'];

function placesHere(workspace: Workspace, places: Named, missing: Planned['missing']): BotSettings['handoff']['places'] {
  const kept = workspace.db.select({ id: channels.id, name: channels.name }).from(channels).where(isNull(channels.disconnectedAt)).all();
  const marks = workspace.db.select({ id: labels.id, name: labels.name }).from(labels).all();
  const find = (names: string[], all: typeof kept, kind: string): number[] =>
    names.flatMap((name) => {
      const ids = all.filter((each) => each.name === name).map(({ id }) => id);
      if (ids.length === 0) missing.push({ what: `The ${kind} “${name}”`, then: 'It is left out of the rules of handing over.' });
      return ids;
    });
  return { ...places, channels: find(places.channels, kept, 'channel'), labels: find(places.labels, marks, 'label') };
}
