/** What every page shows around its own: who you are, where you are, where you can go, and who waits. */
import type { Response } from 'express';
import type { Workspace } from '../workspace.ts';
import { readableOnTheWay } from './hosts.ts';
import { csrfToken } from './csrf.ts';
import { roleMay, type Role, type WorkspaceAction } from './permissions.ts';
import { presentOf } from './present.ts';
import { roomNotice, type RoomNotice } from './room.ts';
import { zoneOf, type Zone } from './zones.ts';
import { once } from '../lib/once.ts';

interface Way {
  key: string;
  name: string;
  icon: string;
  path: string;
  needs: WorkspaceAction;
  /** How much waits there. */
  count?: (workspace: Workspace) => number;
  /** What these are, for who hears the page. */
  counted?: string;
}

/** Only pages that exist. At most six: on a phone they become the icons below, and a seventh would need a "More". */
const WAYS: readonly Way[] = [
  { key: 'inbox', name: 'Inbox', icon: 'inbox', path: 'inbox', needs: 'conversation.read' },
  { key: 'bots', name: 'Bots', icon: 'message-chatbot', path: 'bots', needs: 'bot.read' },
  { key: 'knowledge', name: 'Knowledge', icon: 'books', path: 'knowledge', needs: 'knowledge.read' },
  { key: 'channels', name: 'Channels', icon: 'plug-connected', path: 'channels', needs: 'channel.read' },
  {
    key: 'insights',
    name: 'Insights',
    icon: 'chart-histogram',
    path: 'insights',
    needs: 'conversation.read',
    count: unansweredIn,
    counted: 'unanswered',
  },
  { key: 'settings', name: 'Settings', icon: 'settings', path: 'settings', needs: 'settings.edit' },
];

export interface Frame {
  user?: { id: number; name: string; initial: string };
  theme?: 'light' | 'dark';
  role?: Role;
  workspace?: { id: string; name: string; initial: string; path: string };
  ways: { key: string; name: string; icon: string; href: string; readonly count: number; counted?: string }[];
  /** The page came without TLS over a network: whoever shares it can read along. */
  readable: boolean;
  /** For who can see to it: the server's disk has too little room. */
  room?: RoomNotice;
  /** How many conversations want a person: the bell. */
  readonly waiting: number;
}

/** What templates can read by `@`: `@frame`, `@page` (set by the view), `@csrf`, `@now`, `@zone`. */
export interface Around {
  frame: Frame;
  page: Record<string, unknown>;
  csrf: string | undefined;
  now: number;
  zone: Zone;
}

/** Everything a template of this response may need beyond its own data. */
export function around(res: Response): Around {
  const now = presentOf(res);
  const clock = now?.installation.clock;
  return {
    frame: frame(res),
    page: {},
    csrf: now?.session && csrfToken(now.session),
    now: clock?.now() ?? 0,
    zone: zoneOf(now?.workspace ? businessOf(now.workspace).timezone : 'UTC'),
  };
}

/** The frame of a response, as far as the guard has found out who asks and where. */
export function frame(res: Response): Frame {
  const { installation, user, role, workspace } = presentOf(res) ?? {};
  const base = workspace ? `/w/${workspace.id}` : '';
  const name = workspace ? businessOf(workspace).name : '';
  const room = role && roleMay(role, 'settings.edit') ? roomNotice(installation.space) : undefined;
  let waiting: number | undefined;
  return {
    ...(user ? { user: { id: user.id, name: `${user.firstName} ${user.lastName}`, initial: initial(user.firstName) } } : {}),
    ...(user?.theme === 'light' || user?.theme === 'dark' ? { theme: user.theme } : {}),
    ...(role ? { role } : {}),
    ...(workspace ? { workspace: { id: workspace.id, name, initial: initial(name), path: base } } : {}),
    ways: role
      ? WAYS.filter(({ needs }) => roleMay(role, needs)).map(({ path, count, ...way }) => ({
          ...way,
          href: `${base}/${path}`,
          get count() {
            return count && workspace ? count(workspace) : 0;
          },
        }))
      : [],
    ...(room ? { room } : {}),
    readable: readableOnTheWay(res.req),
    get waiting() {
      waiting ??= workspace ? waitingIn(workspace) : 0;
      return waiting;
    },
  };
}

function waitingIn(workspace: Workspace): number {
  return (
    workspace.prepare("SELECT count(*) AS n FROM conversations WHERE wanted_since IS NOT NULL AND status = 'open'").get() as { n: number }
  ).n;
}

const COUNTED = 100;

/** Questions that customers asked in vain, as the list of them counts; up to a hundred. */
function unansweredIn(workspace: Workspace): number {
  return workspace
    .prepare(
      `SELECT count(*) FROM (SELECT 1 FROM gap_groups g WHERE g.state = 'open' AND EXISTS (
         SELECT 1 FROM gaps a WHERE a.group_id = g.id AND (SELECT m.revoked_at FROM messages m WHERE m.id = a.message_id) IS NULL
           AND (SELECT coalesce(p.restricted_at, p.erased_at) FROM contacts p WHERE p.id = a.contact_id) IS NULL) LIMIT ?)`,
    )
    .pluck()
    .get(COUNTED) as number;
}

function businessOf(workspace: Workspace): { name: string; timezone: string } {
  const row = workspace.prepare('SELECT name, timezone FROM business').get() as { name: string; timezone: string } | undefined;
  return row ?? { name: '', timezone: 'UTC' };
}

const graphemes = once(() => new Intl.Segmenter(undefined, { granularity: 'grapheme' }));

/** The first letter of a name, whole even where it is made of several characters. */
function initial(name: string): string {
  for (const { segment } of graphemes().segment(name.trim())) return segment.toUpperCase();
  return '';
}
