/** How far the set-up is: worked out from what is there, so that it is right however it came to be. */
import { businessOf } from '../accounts/index.ts';
import { draftOf, firstBot, publishedOf, type BotVersion } from '../bots/index.ts';
import { embedOf, listChannels } from '../channels/index.ts';
import { and, eq } from '../db/drizzle.ts';
import { botVersions, runs } from '../db/schema/workspace.ts';
import { keyById, priceOf, type ListedKey } from '../providers/index.ts';
import { pluralText } from '../web/formats.ts';
import type { User } from '../web/sessions.ts';
import type { Workspace } from '../workspace.ts';

export const steps = ['you', 'key', 'knowledge', 'try', 'place'] as const;
export type Step = (typeof steps)[number];

export interface ShownStep {
  step: Step;
  nth: number;
  title: string;
  done: boolean;
  /** What was done, or what it is about. */
  says: string;
}

export interface SetUp {
  business: string;
  website: string;
  draft: BotVersion;
  live: boolean;
  /** The key that the draft answers with; undefined: it quotes. */
  key: ListedKey | undefined;
  /** What an answer costs is known for its model. */
  priced: boolean;
  sources: number;
  /** Some of them are still being read, and not found yet. */
  reading: boolean;
  /** The script line and the page of the bot's website chat, once there is one. */
  embed: { line: string; page: string } | undefined;
  steps: ShownStep[];
}

export function setUpOf(workspace: Workspace, user: User): SetUp {
  const botId = firstBot(workspace, user.id);
  const draft = draftOf(workspace, botId);
  if (!draft) throw new Error('the first bot has no draft');
  const { name, website } = businessOf(workspace);
  const { providerKeyId, model } = draft.settings;
  const key = providerKeyId === null ? undefined : keyById(workspace, providerKeyId);
  const live = publishedOf(workspace, botId) !== undefined;
  const { known, reading } = knowledgeOf(workspace);
  const places = listChannels(workspace).filter((channel) => channel.botId === botId);
  const widget = places.find((channel) => channel.kind === 'widget');
  const found: Record<Step, Found> = {
    you: { title: 'You and your business', done: true, says: `${user.firstName} ${user.lastName}, ${name}` },
    key: keyStep(key, model, live),
    knowledge: knowledgeStep(known),
    try: { title: 'Try it', done: wasTried(workspace, botId), says: 'Ask it what customers ask you' },
    place: placeStep(places),
  };
  return {
    business: name,
    website: website ?? '',
    draft,
    live,
    key,
    priced: key !== undefined && priceOf(workspace, key.provider, model) !== null,
    sources: known,
    reading,
    embed: widget && embedOf(workspace.installation.settings.baseUrl, widget),
    steps: steps.map((step, index) => ({ step, nth: index + 1, ...found[step] })),
  };
}

type Found = Omit<ShownStep, 'step' | 'nth'>;

function keyStep(key: ListedKey | undefined, model: string, live: boolean): Found {
  const none = live ? 'None for now: it quotes what it knows' : 'OpenAI, Anthropic, a model of your own, or none for now';
  return { title: 'Your key to the AI', done: key !== undefined, says: key ? `${key.name}, ${model}` : none };
}

function knowledgeStep(known: number): Found {
  const says = known > 0 ? pluralText(known, 'source') : 'Opening hours and a few answers are enough to begin';
  return { title: 'What the bot should know', done: known > 0, says };
}

function placeStep(places: readonly { title: string }[]): Found {
  const titles = places.map(({ title }) => title);
  const says = titles.length > 0 ? new Intl.ListFormat('en-GB').format(titles) : 'Your website, Telegram, WhatsApp, Messenger, Instagram';
  return { title: 'Put it where customers are', done: titles.length > 0, says };
}

/** What fails to be read is nothing that the bot knows; the knowledge's own page says why. */
export function knowledgeOf(workspace: Workspace): { known: number; reading: boolean } {
  const { known, reading } = workspace
    .prepare(
      `SELECT count(*) FILTER (WHERE state IN ('waiting', 'reading', 'ready')) AS known,
         count(*) FILTER (WHERE state IN ('waiting', 'reading')) AS reading FROM sources`,
    )
    .get() as { known: number; reading: number };
  return { known, reading: reading > 0 };
}

function wasTried(workspace: Workspace, botId: number): boolean {
  const tried = and(eq(botVersions.botId, botId), eq(runs.kind, 'playground'));
  return (
    workspace.db
      .select({ id: runs.id })
      .from(runs)
      .innerJoin(botVersions, eq(botVersions.id, runs.botVersionId))
      .where(tried)
      .limit(1)
      .get() !== undefined
  );
}

/** Which step is open: the one that was asked for, else the first that isn't done, else the last. */
export function openStep(setUp: SetUp, wanted: unknown): Step {
  const asked = steps.find((step) => step === wanted && step !== 'you');
  return asked ?? setUp.steps.find(({ done }) => !done)?.step ?? 'place';
}
