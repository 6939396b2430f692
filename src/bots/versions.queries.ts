/** What the pages of a bot's history show. */
import { membersOf } from '../accounts/index.ts';
import { versionsBefore, type BotVersion } from './bot-versions.ts';
import type { EditedBot } from './bots.queries.ts';
import { changedLabels, signOf } from './differences.ts';
import { wordText } from '../web/formats.ts';
import type { Workspace } from '../workspace.ts';

const SHOWN = 50;

export interface ListedVersion {
  number: number;
  at: number;
  /** Who published it; null for the software itself. */
  by: string | null;
  live: boolean;
  /** In which fields it differs from the version before; "The first version." for that. */
  changed: string;
  /** The nearest earlier version that held the same, as after going back to it. */
  sameAs: number | null;
}

export interface History {
  versions: ListedVersion[];
  /** Where the older ones begin; null when these are all. */
  older: number | null;
}

/** Fifty published versions below `before`, the newest first. */
export function historyOf(workspace: Workspace, bot: EditedBot, before = Number.MAX_SAFE_INTEGER): History {
  const found = versionsBefore(workspace, bot.id, before, SHOWN + 1);
  const names = new Map(membersOf(workspace).map(({ userId, firstName, lastName }) => [userId, `${firstName} ${lastName}`]));
  const signs = found.map(({ settings }) => signOf(settings));
  const versions = found.slice(0, SHOWN).map((version, at): ListedVersion => {
    const same = signs.indexOf(signs[at] ?? '', at + 1);
    return {
      number: version.number,
      at: version.createdAt,
      by: version.createdBy === null ? null : (names.get(version.createdBy) ?? 'Somebody who has left'),
      live: version.number === bot.live?.number,
      changed: changedSince(version, found[at + 1]),
      sameAs: found[same]?.number ?? null,
    };
  });
  return { versions, older: found.length > SHOWN ? (versions.at(-1)?.number ?? null) : null };
}

function changedSince({ settings }: BotVersion, earlier: BotVersion | undefined): string {
  if (!earlier) return 'The first version';
  return new Intl.ListFormat('en-GB').format(changedLabels(settings, earlier.settings));
}

/** The sentence above the history. */
export function lineOfHistory({ draft, live }: EditedBot): string {
  if (!live) return `${draft.settings.name} was never live.`;
  return `Version ${live.number} answers customers.`;
}

/** The sentence above what an earlier version held. */
export function lineOfVersion(bot: EditedBot, number: number, places: number): string {
  if (number === bot.live?.number) return `Version ${number} answers customers.`;
  if (places === 0) return `Version ${number} holds the same as what is live.`;
  return `Going back to version ${number} changes ${wordText(places)} ${places === 1 ? 'thing' : 'things'}.`;
}
