/**
 * What must stay undone whatever backup is restored: an append-only file beside the databases, each entry chained to the
 * one before by a keyed hash. It holds no name, number or id of anybody: an entry names its row by a hash that only who has
 * the keys can make.
 */
import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Installation } from '../installation.ts';
import { flushFolder, makeFolder } from '../lib/files.ts';
import type { Vault } from '../vault/vault.ts';
import type { Workspace } from '../workspace.ts';

/** A deletion that was asked for, or taken back: of one person the last of the two counts. Who is erased stays so. */
export type LedgerKind = 'asked' | 'undone' | 'erased';

export interface LedgerEntry {
  /** From 1, without a gap. */
  n: number;
  /** UTC ms. */
  at: number;
  workspace: string;
  kind: LedgerKind;
  /** The row, as `ledgerRef` names it. */
  ref: string;
  /** The keyed hash of the entry before and of this one, in hex. */
  hash: string;
}

/** The ledger was changed by somebody: its message names the first entry that doesn't follow. */
export class LedgerError extends Error {}

const NOTHING_BEFORE = '0'.repeat(64);

interface End {
  n: number;
  hash: string;
  bytes: number;
}

/** What each installation wrote last: to prove the whole chain for each entry would cost more with each. */
const ends = new WeakMap<Installation, End>();

export function ledgerFile(dataDir: string): string {
  return join(dataDir, 'ledger', 'ledger.jsonl');
}

/**
 * Names a contact's row in an entry. The time it was made belongs to it: after a restore the same number is given to
 * somebody else.
 */
export function ledgerRef(ws: Workspace, contact: { id: number; createdAt: number }): string {
  return ws.hash('ledger', 'contacts', String(contact.id), String(contact.createdAt)).toString('hex');
}

/** Adds an entry and flushes it, before what it stands for is done. */
export function appendEntry(installation: Installation, ws: Workspace, entry: Pick<LedgerEntry, 'kind' | 'ref'>): LedgerEntry {
  const { settings, vault, clock } = installation;
  const file = ledgerFile(settings.dataDir);
  const isNew = !existsSync(file);
  makeFolder(join(settings.dataDir, 'ledger'));
  const { n, hash, bytes } = isNew ? { n: 0, hash: NOTHING_BEFORE, bytes: 0 } : endOf(installation, file);
  const made = { n: n + 1, at: clock.now(), workspace: ws.id, ...entry };
  const whole: LedgerEntry = { ...made, hash: hashOf(vault, hash, made) };
  const line = Buffer.from(`${JSON.stringify(whole)}\n`);
  const handle = openSync(file, isNew ? 'w' : 'r+', 0o600);
  try {
    // What a power cut left of an entry was never acted on.
    ftruncateSync(handle, bytes);
    writeSync(handle, line, 0, line.length, bytes);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  if (isNew) flushFolder(join(settings.dataDir, 'ledger'));
  ends.set(installation, { n: whole.n, hash: whole.hash, bytes: bytes + line.length });
  return whole;
}

/** Where the ledger ends. It is read whole where its length isn't what we left: by the first entry after a start. */
function endOf(installation: Installation, file: string): End {
  const known = ends.get(installation);
  if (known && statSync(file).size === known.bytes) return known;
  const { entries, bytes } = readLedger(file, installation.vault);
  const last = entries.at(-1);
  return { n: last?.n ?? 0, hash: last?.hash ?? NOTHING_BEFORE, bytes };
}

/** All entries and how many bytes they take; a last line without its end is left out. Throws LedgerError. */
export function readLedger(file: string, vault: Vault): { entries: LedgerEntry[]; bytes: number } {
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  let before = NOTHING_BEFORE;
  const entries = lines.map((line, place) => {
    const entry = entryOf(line);
    if (!entry || entry.n !== place + 1 || entry.hash !== hashOf(vault, before, entry))
      throw new LedgerError(`The ledger was changed: entry ${place + 1} doesn't follow from the one before.`);
    before = entry.hash;
    return entry;
  });
  return { entries, bytes: lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0) };
}

function entryOf(line: string): LedgerEntry | undefined {
  try {
    return JSON.parse(line) as LedgerEntry;
  } catch {
    return undefined;
  }
}

function hashOf(vault: Vault, before: string, { n, at, workspace, kind, ref }: Omit<LedgerEntry, 'hash'>): string {
  return vault.hash('ledger', before, String(n), String(at), workspace, kind, ref);
}
