/** What the channels' pages show. */
import { and, asc, eq, isNotNull, isNull, ne } from '../db/drizzle.ts';
import { bots, business, channels } from '../db/schema/workspace.ts';
import { firstWordText } from '../web/formats.ts';
import type { Workspace } from '../workspace.ts';
import type { ChannelRow } from './access.ts';
import { channelKinds } from './kinds.ts';
import { looks } from './looks.ts';
import { WAITS } from './send-waiting.ts';

const DAY_MS = 24 * 3600_000;
/** Time enough for whoever looks in once a week. */
const WARN_AHEAD_MS = 14 * DAY_MS;

export interface ShownChannel extends Pick<
  ChannelRow,
  | 'id'
  | 'kind'
  | 'name'
  | 'accountId'
  | 'publicId'
  | 'status'
  | 'settings'
  | 'quietMs'
  | 'botId'
  | 'says'
  | 'saysAt'
  | 'lastInAt'
  | 'lastOutAt'
> {
  title: string;
  icon: string;
  /** Which of its kind: "@aurora_bot", "aurora.example". */
  detail: string;
  /** Where customers begin to write; null where there is no such address. */
  address: string | null;
  state: { kind: 'well' | 'wanted' | 'busy' | ''; says: string };
  /** When its access ends by itself, in words with what to do; '' where that is far off or never. */
  ends: string;
  /** Answers that go out once it is well again. */
  waits: number;
}

/** All channels that weren't disconnected; what needs somebody comes first. */
export function listChannels(ws: Workspace): ShownChannel[] {
  const rows = ws.db.select().from(channels).where(ne(channels.status, 'disconnected')).orderBy(asc(channels.id)).all();
  return rows.map((row) => shown(ws, row)).sort((a, b) => Number(b.says !== null) - Number(a.says !== null));
}

/** Open channels that customers can begin to write on by themselves, for whoever finds another one closed. */
export function openWays(ws: Workspace): { title: string; url: string }[] {
  return listChannels(ws)
    .filter(({ status }) => status === 'connected')
    .flatMap((channel) => {
      const url = looks[channel.kind]?.address(channel) ?? null;
      return url === null ? [] : [{ title: channel.title, url }];
    });
}

/** One of them, or undefined. */
export function showChannel(ws: Workspace, channelId: number): ShownChannel | undefined {
  const row = ws.db
    .select()
    .from(channels)
    .where(and(eq(channels.id, channelId), ne(channels.status, 'disconnected')))
    .get();
  return row && shown(ws, row);
}

function shown(ws: Workspace, row: ChannelRow): ShownChannel {
  const { secretsSealed: _sealed, stateSealed: _state, endsAt, ...rest } = row;
  const look = looks[row.kind];
  const days = daysLeft(endsAt, ws.clock.now());
  const waits = row.says === null ? 0 : waitingOn(ws, row.id);
  return {
    ...rest,
    title: look?.title ?? row.kind,
    icon: look?.icon ?? 'plug-connected',
    detail: look?.detail(row) ?? row.name,
    address: look?.address(row) ?? null,
    state: row.status === 'connected' && days !== null ? { kind: 'wanted', says: `Token ${endsIn(days)}` } : stateOf(row),
    ends: days === null ? '' : `The access token ${endsIn(days)}. Make a new one, best one that never ends, and paste it below.`,
    waits,
  };
}

/** In whole days, once it is near; null before, and where there is no end. */
function daysLeft(endsAt: number | null, now: number): number | null {
  return endsAt === null || endsAt - now > WARN_AHEAD_MS ? null : Math.floor((endsAt - now) / DAY_MS);
}

function endsIn(days: number): string {
  if (days < 0) return 'has ended';
  return days === 0 ? 'ends today' : `ends in ${days} ${days === 1 ? 'day' : 'days'}`;
}

function waitingOn(ws: Workspace, channelId: number): number {
  return ws.prepare(`SELECT count(*) FROM deliveries WHERE ${WAITS} AND channel_id = ?`).pluck().get(channelId) as number;
}

function stateOf({ kind, status, says }: ChannelRow): ShownChannel['state'] {
  if (status === 'connected') return { kind: 'well', says: 'Open' };
  if (status === 'paused') return { kind: '', says: 'Paused' };
  if (status === 'broken') return { kind: 'wanted', says: 'Stopped' };
  if (says !== null) return { kind: 'busy', says: 'Trying again' };
  return { kind: 'busy', says: looks[kind]?.unheard.state ?? 'Connecting' };
}

/** The sentence above the list, and what needs somebody. */
export function lineOfChannels(list: ShownChannel[]): { line: string; then: string } {
  const open = list.filter(({ status }) => status === 'connected').length;
  const ill = list.filter(({ status }) => status === 'broken');
  const [first] = ill;
  const then = !first ? '' : ill.length > 1 ? 'Several need you: they have stopped.' : `${first.title} needs you: it has stopped.`;
  if (list.length === 0) return { line: 'Customers can’t write to you here yet.', then };
  if (open === 0) return { line: 'No channel is open.', then };
  return { line: `${firstWordText(open)} ${open === 1 ? 'channel is' : 'channels are'} open.`, then };
}

export interface Choice {
  value: string;
  label: string;
}

/** Who can answer on a channel: the bots that are live, or people alone. */
export function answerers(ws: Workspace): Choice[] {
  const live = ws.db
    .select()
    .from(bots)
    .where(and(isNull(bots.archivedAt), isNotNull(bots.publishedVersionId)))
    .orderBy(asc(bots.id))
    .all();
  return [...live.map(({ id, name }) => ({ value: String(id), label: name })), { value: '', label: 'Nobody: people answer in the inbox' }];
}

/** What a new channel of a kind begins with. */
export function firstSettings(ws: Workspace, kind: string): Record<string, unknown> {
  const website = ws.db.select({ website: business.website }).from(business).get()?.website ?? '';
  return channelKinds[kind]?.settings.safeParse(kind === 'widget' ? { origins: website } : {}).data ?? {};
}
