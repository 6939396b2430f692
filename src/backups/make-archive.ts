import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { migrations } from '../db/folders.ts';
import { flushFolder, makeFolder, writeDurably } from '../lib/files.ts';
import { ledgerFile } from '../privacy/index.ts';
import type { Vault } from '../vault/vault.ts';
import { archiveName, type About } from './archive.ts';

export interface Order {
  dataDir: string;
  /** A folder for copies of databases, gone afterwards. */
  copies: string;
  file: string;
  key: Uint8Array;
  fingerprint: string;
  about: About;
}

export type Report = { bytes: number } | { error: string; code: string };

/** A database can't be read, by no fault of this moment. */
export class DamagedDatabase extends Error {}

const DAMAGED = /^SQLITE_(CORRUPT|NOTADB)/;

export interface Making {
  dataDir: string;
  vault: Vault;
  /** UTC ms. */
  now: number;
}

export function archivesFolder(dataDir: string): string {
  return join(dataDir, 'backups');
}

/**
 * Makes an archive of a data folder, whether a server works on it or not, in a thread. Resolves when it is on the disk;
 * rejects with what went wrong, and then nothing of it stays.
 */
export async function makeArchive({ dataDir, vault, now }: Making): Promise<{ name: string; bytes: number }> {
  const folder = archivesFolder(dataDir);
  makeFolder(folder);
  sweepUnfinished(folder);
  beginLedger(dataDir);
  const name = archiveName(now);
  const order: Order = {
    dataDir,
    copies: join(folder, 'copies'),
    file: join(folder, name),
    key: vault.backupKey,
    fingerprint: vault.fingerprint,
    about: { madeAt: now, migrations: { control: namesIn(migrations.control), workspace: namesIn(migrations.workspace) } },
  };
  return { name, bytes: await inThread(order) };
}

function inThread(order: Order): Promise<number> {
  const worker = new Worker(new URL('./archive-worker.ts', import.meta.url), { workerData: order });
  return new Promise((resolve, reject) => {
    worker.on('message', (report: Report) => {
      if ('bytes' in report) resolve(report.bytes);
      else reject(DAMAGED.test(report.code) ? new DamagedDatabase(report.error) : new Error(report.error));
    });
    worker.on('error', reject);
    worker.on('exit', () => reject(new Error('the thread that made the backup ended')));
  });
}

/** Names of the migrations in a folder. */
export function namesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort();
}

/** An empty ledger says that nobody was erased; none at all, that nobody knows. A restore asks. */
function beginLedger(dataDir: string): void {
  if (existsSync(ledgerFile(dataDir))) return;
  makeFolder(join(dataDir, 'ledger'));
  writeDurably(ledgerFile(dataDir), '');
  flushFolder(dataDir);
}

/** What a kill left of a backup. */
function sweepUnfinished(folder: string): void {
  for (const name of readdirSync(folder))
    if (name === 'copies' || name.endsWith('.part')) rmSync(join(folder, name), { recursive: true, force: true });
}

/** Bytes that an archive of the data folder takes while it is made: copies of the databases, and the archive. */
export function roomFor(dataDir: string): number {
  const files = readdirSync(dataDir, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && !entry.parentPath.startsWith(archivesFolder(dataDir)),
  );
  return files.reduce((sum, { parentPath, name }) => {
    const { size } = statSync(join(parentPath, name), { throwIfNoEntry: false }) ?? { size: 0 };
    return sum + (name.includes('.db') ? 2 * size : size);
  }, 0);
}
