/** Puts a backup back: in a staging folder, where the ledger is obeyed and everything outgoing parked, then in one swap. */
import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { forgetWordsOf } from '../insights/index.ts';
import { closeInstallation, openInstallation, type Installation } from '../installation.ts';
import { makeFolder, writeDurably } from '../lib/files.ts';
import type { Clock } from '../lib/clock.ts';
import { eraseAgain, ledgerFile, type LedgerEntry } from '../privacy/index.ts';
import { Vault } from '../vault/vault.ts';
import { audit } from '../web/audit.ts';
import type { Workspace } from '../workspace.ts';
import { chooseLedger } from './choose-ledger.ts';
import { DamagedDatabase, makeArchive } from './make-archive.ts';
import { ArchiveError, openArchive } from './open-archive.ts';
import { parkOutgoing } from './park-outgoing.ts';
import { finishSwap, isSwapping, stagingFolder, swapFolder, swapIn } from './swap-in.ts';

export interface Restoring {
  settings: Installation['settings'];
  archive: string;
  /** Without a ledger that is known to be whole: then no bot answers until somebody lets it. */
  withoutLedger?: boolean;
  clock: Clock;
}

export interface Restored {
  madeAt: number;
  workspaces: number;
  /** People who were erased since, and were so once more. */
  erased: number;
  /** The archive in which what was here before is kept; null when there was nothing, or it couldn't be read. */
  before: string | null;
}

/**
 * The caller owns the data folder. Until the swap nothing of what is there is touched. Throws ArchiveError, VaultError,
 * MigrationError in words.
 */
export async function restore(restoring: Restoring): Promise<Restored> {
  const { settings, clock } = restoring;
  const { dataDir } = settings;
  finishSwap(dataDir);
  const vault = await Vault.unlock(settings.keysDir, false);
  const staging = stagingFolder(dataDir);
  rmSync(swapFolder(dataDir), { recursive: true, force: true });
  makeFolder(staging);
  try {
    const staged = await stage(restoring, vault);
    const before = await putAway(dataDir, vault, clock);
    swapIn(dataDir);
    return { ...staged, before };
  } catch (error) {
    // What was begun to be swapped is not undone: the next start, or restore, goes on with it.
    if (!isSwapping(dataDir)) rmSync(swapFolder(dataDir), { recursive: true, force: true });
    throw error;
  }
}

async function stage({ settings, archive, withoutLedger = false, clock }: Restoring, vault: Vault): Promise<Omit<Restored, 'before'>> {
  const staging = stagingFolder(settings.dataDir);
  const { about } = await openArchive(archive, vault, staging);
  const ledger = chooseLedger({ dataDir: settings.dataDir, archive, staging, vault, withoutLedger });
  makeFolder(dirname(ledgerFile(staging)));
  writeDurably(ledgerFile(staging), ledger.text);
  const { madeAt } = about;
  const settled = await settle({ ...settings, dataDir: staging }, { clock, entries: ledger.entries, muteBots: ledger.isUnsure, madeAt });
  return { madeAt, ...settled };
}

interface Settling {
  clock: Clock;
  entries: readonly LedgerEntry[];
  muteBots: boolean;
  madeAt: number;
}

/** Brings the restored databases forward, and takes out of them what may not come back. */
async function settle(settings: Installation['settings'], settling: Settling): Promise<{ workspaces: number; erased: number }> {
  const installation = await openInstallation(settings, settling.clock);
  try {
    const { control, workspaces } = installation;
    checkWhole(control.sql.pragma('integrity_check', { simple: true }), 'control.db');
    // Whoever was signed in when the backup was made may have been signed out since.
    control.durable(() => control.prepare('DELETE FROM sessions').run());
    let erased = 0;
    for (const id of workspaces.ids()) erased += await workspaces.use(id, (ws) => settleWorkspace(ws, settling));
    control.sql.exec('VACUUM');
    return { workspaces: workspaces.ids().length, erased };
  } finally {
    await installation.jobs.stop(0);
    await installation.space.stop();
    await closeInstallation(installation);
  }
}

async function settleWorkspace(ws: Workspace, { entries, muteBots, madeAt }: Settling): Promise<number> {
  checkWhole(ws.sql.pragma('integrity_check', { simple: true }), `the database of workspace ${ws.id}`);
  parkOutgoing(ws, muteBots);
  const erased = await eraseAgain(ws, entries, forgetWordsOf);
  audit(ws, { actor: 'system', action: 'backup.restored', detail: { madeAt, erased, botsOff: muteBots } });
  ws.sql.exec('VACUUM');
  return erased;
}

function checkWhole(says: unknown, what: string): void {
  if (says !== 'ok') throw new ArchiveError(`In this archive ${what} is damaged. Take another one.`);
}

/** What is there now is kept as an archive of its own. What can't be read any more can't be kept; else nothing is replaced. */
async function putAway(dataDir: string, vault: Vault, clock: Clock): Promise<string | null> {
  if (!existsSync(join(dataDir, 'control.db'))) return null;
  try {
    return (await makeArchive({ dataDir, vault, now: clock.now() })).name;
  } catch (cause) {
    if (cause instanceof DamagedDatabase) return null;
    throw new ArchiveError(
      'What is there now could not be kept, so nothing was changed. Make room on the disk, or move the data folder away yourself.',
      {
        cause,
      },
    );
  }
}
