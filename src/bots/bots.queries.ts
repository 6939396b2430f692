/** What the bots' pages show. */
import { and, eq, isNull } from '../db/drizzle.ts';
import { bots } from '../db/schema/workspace.ts';
import { languages } from '../lib/catalogue.ts';
import { keyById, listKeys, priceOf, type ListedKey } from '../providers/index.ts';
import { wordText } from '../web/formats.ts';
import { aboutCost } from './about-cost.ts';
import { countTests } from './tests/answer-tests.ts';
import { failedOf } from './tests/rounds.queries.ts';
import { channelsOf } from './archive-bot.ts';
import { draftOf, publishedOf, type BotVersion } from './bot-versions.ts';
import { toolById } from '../tools/index.ts';
import { contactFields } from '../contacts/index.ts';
import { differences, sameSettings, type Difference, type Names } from './differences.ts';
import type { BotSettings } from './settings.ts';
import type { Workspace } from '../workspace.ts';
import { once } from '../lib/once.ts';

export interface ListedBot {
  id: number;
  name: string;
  mark: string;
  /** Number of the live version. */
  live: number | null;
  differs: boolean;
  channels: string;
  model: string;
  /** Why it can't ask its provider; null when it can, or needs none. */
  trouble: string | null;
  /** How many of its tests failed when what is live was last tested. */
  failed: number;
}

/** All bots that weren't archived, the oldest first. */
export function listBots(workspace: Workspace): ListedBot[] {
  const rows = workspace.db.select().from(bots).where(isNull(bots.archivedAt)).orderBy(bots.id).all();
  return rows.flatMap(({ id, name }) => {
    const draft = draftOf(workspace, id);
    if (!draft) return [];
    const live = publishedOf(workspace, id);
    const shown = (live ?? draft).settings;
    return {
      id,
      name,
      mark: markOf(shown),
      live: live?.number ?? null,
      differs: live !== undefined && !sameSettings(draft.settings, live.settings),
      channels: listOf([...new Set(channelsOf(workspace, id))]),
      model: shown.providerKeyId === null ? 'No AI: quotes the knowledge' : shown.model,
      trouble: troubleWithKey(workspace, shown),
      failed: live ? failedOf(workspace, live) : 0,
    };
  });
}

/** What keeps these settings from being answered with: their key. */
export function troubleWithKey(workspace: Workspace, { providerKeyId }: BotSettings): string | null {
  if (providerKeyId === null) return null;
  const key = keyById(workspace, providerKeyId);
  if (!key) return 'Its key was removed.';
  return key.status === 'broken' ? (key.says ?? `${key.name} no longer takes its key.`) : null;
}

/** The sentences above the list: who answers, and who can't. */
export function lineOfBots(list: ListedBot[]): { line: string; then?: string } {
  const serving = list.filter((bot) => bot.channels !== '');
  const silent = serving.filter((bot) => bot.trouble !== null);
  const speaking = serving.filter((bot) => bot.trouble === null);
  const [only] = speaking;
  if (list.length === 0) return { line: 'Nobody answers for you yet.' };
  if (serving.length === 0) return { line: 'No bot answers on a channel yet.' };
  const names = listOf(silent.map((bot) => bot.name));
  const then = `${names} can’t answer: ${silent.length === 1 ? 'its key doesn’t' : 'their keys don’t'} work.`;
  if (!only) return { line: then };
  const line =
    speaking.length === 1
      ? `${only.name} answers on ${only.channels}.`
      : `${listOf(speaking.map((bot) => bot.name))} answer your customers.`;
  return silent.length > 0 ? { line, then } : { line };
}

function listOf(names: string[]): string {
  return new Intl.ListFormat('en-GB').format(names);
}

function markOf({ avatar, name }: BotSettings): string {
  return avatar || [...name].slice(0, 1).join('').toUpperCase();
}

export interface EditedBot {
  id: number;
  draft: BotVersion;
  live: BotVersion | undefined;
  /** In how many places the draft differs from what is live. */
  places: number;
  tests: number;
  /** Of them, failed when what is live was last tested. */
  failed: number;
  nextNumber: number;
}

/** A bot as the editor's head shows it; undefined when there is none, or it was archived. */
export function editedBot(workspace: Workspace, botId: number): EditedBot | undefined {
  const bot = workspace.db
    .select()
    .from(bots)
    .where(and(eq(bots.id, botId), isNull(bots.archivedAt)))
    .get();
  const draft = bot && draftOf(workspace, bot.id);
  if (!draft) return undefined;
  const live = publishedOf(workspace, botId);
  const places = live ? differences(draft.settings, live.settings, namesIn(workspace)).length : 0;
  // Numbers only rise, and the live version is always the last one.
  const tested = { tests: countTests(workspace, botId), failed: live ? failedOf(workspace, live) : 0 };
  return { id: botId, draft, live, places, ...tested, nextNumber: (live?.number ?? 0) + 1 };
}

/** The sentence above the differences. */
export function lineOfDifferences({ draft, live }: EditedBot, places: number): string {
  if (!live) return `${draft.settings.name} is not live yet: the whole draft is new.`;
  if (places === 0) return 'The draft is what customers get.';
  return `Publishing changes ${wordText(places)} ${places === 1 ? 'thing' : 'things'}.`;
}

/** What publishing would change; empty when nothing is live yet. */
export function differencesOf(workspace: Workspace, { draft, live }: EditedBot): Difference[] {
  return live ? differencesBetween(workspace, draft, live) : [];
}

/** In what `one` differs from `other`, in words. */
export function differencesBetween(workspace: Workspace, one: BotVersion, other: BotVersion): Difference[] {
  return differences(one.settings, other.settings, namesIn(workspace));
}

function namesIn(workspace: Workspace): Names {
  return {
    key: (id) => keyById(workspace, id)?.name ?? 'a removed key',
    field: (id) => contactFields(workspace).find((field) => field.id === id)?.name ?? 'a removed field',
    tool: (id) => toolById(workspace, id)?.title ?? 'a removed tool',
    language: nameOfLanguage,
  };
}

const languageNames = once(() => new Intl.DisplayNames('en', { type: 'language' }));

function nameOfLanguage(tag: string): string {
  return tag === 'customer' ? 'The customer’s language' : (languageNames().of(tag) ?? tag);
}

export const languageChoices = once(() => ['customer', ...languages].map((value) => ({ value, label: nameOfLanguage(value) })));

export interface ModelGroup {
  key: string;
  models: { value: string; label: string; cost?: { micros: number; currency: string } }[];
}

/** Every model of every key, with what an answer would cost: one list, which needs no script to follow the key. */
export function modelChoices(workspace: Workspace, settings: BotSettings): { groups: ModelGroup[]; byName: boolean } {
  const keys = listKeys(workspace);
  const groups: ModelGroup[] = keys.map((key) => ({
    key: key.lastFour ? `${key.name} …${key.lastFour}` : key.name,
    models: choicesOf(workspace, key, settings),
  }));
  // What is chosen but no longer opened stands in the list: a select without it would show, and save, its first choice.
  const chosen = settings.providerKeyId === null ? '' : `${settings.providerKeyId}:${settings.model}`;
  if (chosen !== '' && !groups.some(({ models }) => models.some(({ value }) => value === chosen)))
    groups.push({ key: 'Chosen, but not there', models: [{ value: chosen, label: settings.model }] });
  return { groups, byName: keys.some(({ provider }) => provider === 'compatible') };
}

function choicesOf(workspace: Workspace, key: ListedKey, settings: BotSettings): ModelGroup['models'] {
  const choices = key.chatModels.map(({ id, name }): ModelGroup['models'][number] => {
    const price = priceOf(workspace, key.provider, id);
    return {
      value: `${key.id}:${id}`,
      label: name ?? id,
      ...(price ? { cost: { micros: aboutCost(price, settings), currency: price.currency } } : {}),
    };
  });
  if (key.provider !== 'compatible') return choices;
  const chosen = settings.providerKeyId === key.id && !key.chatModels.some(({ id }) => id === settings.model);
  if (chosen) choices.push({ value: `${key.id}:${settings.model}`, label: settings.model });
  return [...choices, { value: `${key.id}:`, label: 'Another, by its name below' }];
}

/** Names of the bots that use this key, in their draft or live. */
export function botsWithKey(workspace: Workspace, keyId: number): string[] {
  return listBots(workspace)
    .filter(
      ({ id }) => draftOf(workspace, id)?.settings.providerKeyId === keyId || publishedOf(workspace, id)?.settings.providerKeyId === keyId,
    )
    .map(({ name }) => name);
}
