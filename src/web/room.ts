import type { DiskSpace } from '../db/disk-space.ts';
import { bytesText } from './formats.ts';

export interface RoomNotice {
  head: string;
  says: string;
}

export const NO_ROOM =
  'The server’s disk is nearly full, so nothing new is read in. Once there is room, add this again; who runs the server can free some.';

const SAYS = {
  low: {
    head: 'The server’s disk is nearly full.',
    says: 'Nothing new is read in; messages and bots go on.',
  },
  scarce: {
    head: 'The server’s disk is almost full.',
    says: 'Bots are silent, and nothing new is read in. What customers write is stored and calls a person.',
  },
  none: {
    head: 'The server’s disk is full.',
    says: 'New messages may not be stored: a visitor is asked to send again, other channels deliver again by themselves.',
  },
} as const;

/** What an owner or admin is told while the disk has too little room; undefined while it has enough. */
export function roomNotice(space: DiskSpace): RoomNotice | undefined {
  const { room, figures } = space;
  if (room === 'enough') return undefined;
  const { head, says } = SAYS[room];
  const left = `${bytesText(figures.free)} are left, ${bytesText(figures.needed)} are needed.`;
  return { head, says: `${left} ${says} Free some room on the server: then all goes on by itself.` };
}
