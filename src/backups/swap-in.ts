/** Puts a staged data folder in the place of the one that is there: renames alone, and a kill between two of them is made good. */
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { flushFolder, makeFolder, writeDurably } from '../lib/files.ts';

/** The logs first: none of them may lie beside a database that it doesn't belong to. */
const NAMES = ['control.db-wal', 'control.db-shm', 'control.db', 'workspaces', 'ledger'];

export const swapFolder = (dataDir: string): string => join(dataDir, 'restore');
export const stagingFolder = (dataDir: string): string => join(swapFolder(dataDir), 'new');
const oldFolder = (dataDir: string): string => join(swapFolder(dataDir), 'old');
/** While it is there, what is staged is whole, and the swap has begun. */
const markFile = (dataDir: string): string => join(swapFolder(dataDir), 'begun');

/** What was there before is kept beside until all is in its place. No database may be open. */
export function swapIn(dataDir: string): void {
  writeDurably(markFile(dataDir), '');
  finishSwap(dataDir);
}

export function isSwapping(dataDir: string): boolean {
  return existsSync(markFile(dataDir));
}

/** Goes on with a swap that was begun; nothing where none was. Called before a data folder is opened. */
export function finishSwap(dataDir: string): void {
  if (!isSwapping(dataDir)) return;
  const [from, old] = [stagingFolder(dataDir), oldFolder(dataDir)];
  makeFolder(old);
  for (const name of NAMES) {
    const isLog = name.includes('-');
    if (existsSync(join(dataDir, name)) && (isLog || existsSync(join(from, name)))) renameSync(join(dataDir, name), join(old, name));
    if (existsSync(join(from, name))) renameSync(join(from, name), join(dataDir, name));
  }
  flushFolder(dataDir);
  rmSync(markFile(dataDir));
  rmSync(swapFolder(dataDir), { recursive: true, force: true });
}
