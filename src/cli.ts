/** The command line, beside the server: `backup`, and `restore` while the server is stopped. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ArchiveError, makeArchive, restore } from './backups/index.ts';
import { ConfigError, readConfig, type Settings } from './config.ts';
import { MigrationError } from './db/migrate.ts';
import { OwnedElsewhere, ownDataFolder } from './db/owner-lock.ts';
import { systemClock } from './lib/clock.ts';
import { makeFolder } from './lib/files.ts';
import { Vault, VaultError } from './vault/vault.ts';

const USAGE = 'deskbell backup\ndeskbell restore ARCHIVE [--without-ledger]';
const IN_WORDS = [ArchiveError, ConfigError, MigrationError, OwnedElsewhere, VaultError];

class UsageError extends Error {}

async function run(args: string[]): Promise<string[]> {
  const { values, positionals } = parsed(args);
  const settings = readConfig(process.env);
  const [command, archive, ...more] = positionals;
  process.env['SQLITE_TMPDIR'] ??= settings.dataDir;
  if (command === 'backup' && archive === undefined) return backup(settings);
  if (command === 'restore' && archive !== undefined && more.length === 0)
    return putBack({ ...settings, logLevel: 'error' }, archive, values['without-ledger']);
  throw new UsageError(USAGE);
}

function parsed(args: string[]): { values: { 'without-ledger': boolean }; positionals: string[] } {
  try {
    return parseArgs({ args, allowPositionals: true, options: { 'without-ledger': { type: 'boolean', default: false } } });
  } catch (cause) {
    throw new UsageError(USAGE, { cause });
  }
}

async function backup({ dataDir, keysDir }: Settings): Promise<string[]> {
  if (!existsSync(join(dataDir, 'control.db'))) throw new ArchiveError(`There is nothing of Deskbell in ${dataDir}.`);
  const vault = await Vault.unlock(keysDir, false);
  const { name, bytes } = await makeArchive({ dataDir, vault, now: systemClock.now() });
  return [
    `${join(dataDir, 'backups', name)} (${Math.ceil(bytes / 1000)} kB)`,
    'It opens with the master key alone, which it does not hold.',
  ];
}

async function putBack(settings: Settings, archive: string, withoutLedger: boolean): Promise<string[]> {
  makeFolder(settings.dataDir);
  const release = await ownDataFolder(settings.dataDir, systemClock, 0);
  try {
    const { madeAt, workspaces, erased, before } = await restore({ settings, archive, withoutLedger, clock: systemClock });
    return [
      `Restored as of ${new Date(madeAt).toISOString()}: ${workspaces} workspaces.`,
      `Deleted once more, as the ledger has it: ${erased} people.`,
      'What waited to be sent is not sent by itself. Linked phones have to be linked anew, and everybody signs in anew.',
      ...(withoutLedger ? ['If the ledger was missing, the bots are off: choose them again under Channels when you have made sure.'] : []),
      before === null ? 'There was nothing here before that could be kept.' : `What was here before is kept in backups/${before}.`,
    ];
  } finally {
    release();
  }
}

try {
  process.stdout.write(`${(await run(process.argv.slice(2))).join('\n')}\n`);
} catch (error) {
  if (!(error instanceof UsageError) && !IN_WORDS.some((kind) => error instanceof kind)) throw error;
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
