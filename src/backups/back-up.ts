/** A backup of everything, while the server runs. */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { NoRoom } from '../db/disk-space.ts';
import type { Installation } from '../installation.ts';
import { bytesText } from '../web/formats.ts';
import { archiveName, archiveTime } from './archive.ts';
import { archivesFolder, makeArchive, roomFor } from './make-archive.ts';

const KEPT_DAYS = 30;
const DAY = 86_400_000;

const running = new WeakMap<Installation, Promise<void>>();

/** Makes an archive and takes away those that are older than thirty days. Asked for meanwhile, it is the same one. Never rejects: a failure is in its row. */
export function backUp(installation: Installation, cause: 'night' | 'asked'): Promise<void> {
  const known = running.get(installation);
  if (known) return known;
  const made = make(installation, cause).finally(() => running.delete(installation));
  running.set(installation, made);
  return made;
}

/** Whether one is being made now. */
export function isBackingUp(installation: Installation): boolean {
  return running.has(installation);
}

async function make(installation: Installation, cause: 'night' | 'asked'): Promise<void> {
  const { control, clock, vault, log, settings } = installation;
  const startedAt = clock.now();
  const begin = control.prepare(
    'INSERT INTO backups (name, cause, started_at) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET ended_at = NULL, says = NULL',
  );
  const name = archiveName(startedAt);
  control.write(() => begin.run(name, cause, startedAt));
  let says: string | null = null;
  try {
    await needRoom(installation);
    const { bytes } = await makeArchive({ dataDir: settings.dataDir, vault, now: startedAt });
    log.info({ name, bytes }, 'a backup was made');
  } catch (err) {
    log.error({ err }, 'a backup failed');
    says = err instanceof NoRoom ? err.message : 'It could not be written. The server’s log says why.';
  }
  control.write(() => control.prepare('UPDATE backups SET ended_at = ?, says = ? WHERE name = ?').run(clock.now(), says, name));
  prune(installation);
}

async function needRoom({ space, settings }: Installation): Promise<void> {
  await space.look();
  const wanted = roomFor(settings.dataDir) + space.figures.needed;
  if (space.figures.free < wanted)
    throw new NoRoom(`There was too little room on the disk: ${bytesText(space.figures.free)} were free, ${bytesText(wanted)} are needed.`);
}

/** Archives past their thirty days go, and what is known of them. */
function prune({ settings, control, clock }: Installation): void {
  const before = clock.now() - KEPT_DAYS * DAY;
  const folder = archivesFolder(settings.dataDir);
  const names = statSync(folder, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(folder) : [];
  for (const name of names) if ((archiveTime(name) ?? Infinity) < before) rmSync(join(folder, name));
  control.write(() => control.prepare('DELETE FROM backups WHERE started_at < ?').run(before));
}
