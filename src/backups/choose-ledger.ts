import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ledgerFile, readLedger, LedgerError, type LedgerEntry } from '../privacy/index.ts';
import type { Vault } from '../vault/vault.ts';
import { ArchiveError } from './open-archive.ts';

interface Choosing {
  dataDir: string;
  archive: string;
  staging: string;
  vault: Vault;
  withoutLedger: boolean;
}

export interface Ledger {
  entries: LedgerEntry[];
  text: string;
  /** Nobody knows whether it is whole: somebody may have been erased whom it doesn't name. */
  isUnsure: boolean;
}

/**
 * The longest ledger of all copies: in the data folder, beside the archive, in the archive. The last one is as old as the
 * backup, so it says nothing of what was erased since: one of the others has to be there, and be no shorter. Throws ArchiveError.
 */
export function chooseLedger({ dataDir, archive, staging, vault, withoutLedger }: Choosing): Ledger {
  const inside = copyAt(ledgerFile(staging), vault);
  const outside = [ledgerFile(dataDir), join(dirname(archive), 'ledger.jsonl')].map((file) => copyAt(file, vault));
  const longest = [inside, ...outside].reduce(longer) ?? { entries: [], text: '' };
  const isUnsure = !outside.some((copy) => copy && copy.entries.length >= (inside?.entries.length ?? 0));
  if (isUnsure && !withoutLedger)
    throw new ArchiveError(
      'The ledger of deletions is missing here, or it was cut or changed: whoever was deleted since this backup would come back. ' +
        'Put ledger/ledger.jsonl of the lost server beside the archive. If there is none, restore with --without-ledger: the bots are then off until you turn them on.',
    );
  return { ...longest, isUnsure };
}

type Copy = Pick<Ledger, 'entries' | 'text'> | undefined;

const longer = (one: Copy, other: Copy): Copy => ((other?.entries.length ?? -1) > (one?.entries.length ?? -1) ? other : one);

/** Undefined where there is none, or it was changed. */
function copyAt(file: string, vault: Vault): Copy {
  if (!existsSync(file)) return undefined;
  try {
    const { entries, bytes } = readLedger(file, vault);
    return { entries, text: readFileSync(file).subarray(0, bytes).toString() };
  } catch (error) {
    if (error instanceof LedgerError) return undefined;
    throw error;
  }
}
