/**
 * `npm run audit -- verify [workspace]`: reads the audit logs and names, for each workspace, the first event that isn't as it
 * was written. Only reads; the server may run meanwhile. Ends with 1 where a log was changed.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { ConfigError, readConfig } from '../src/config.ts';
import { verifyChain, type Verified } from '../src/privacy/audit/verify-chain.ts';
import { keyedHash } from '../src/vault/seal.ts';
import { Vault, VaultError } from '../src/vault/vault.ts';

/** A reason for the person at the console. */
class CannotVerify extends Error {}

async function main(args: string[]): Promise<void> {
  const [act, only, ...more] = args;
  if (act !== 'verify' || more.length > 0) throw new CannotVerify('Say: npm run audit -- verify [workspace]');
  const { dataDir, keysDir } = readConfig(process.env);
  const file = join(dataDir, 'control.db');
  if (!existsSync(file)) throw new CannotVerify(`There is no installation in ${dataDir}. DATA_DIR says where it is.`);
  const vault = await Vault.unlock(keysDir, false);
  const control = new Database(file, { readonly: true });
  try {
    const ids = control.prepare('SELECT id FROM workspaces ORDER BY created_at').pluck().all() as string[];
    if (only !== undefined && !ids.includes(only)) throw new CannotVerify(`There is no workspace ${only}.`);
    for (const id of only === undefined ? ids : [only]) say(id, verify(id, { dataDir, vault, control }));
  } finally {
    control.close();
  }
}

function verify(id: string, { dataDir, vault, control }: { dataDir: string; vault: Vault; control: Database.Database }): Verified {
  const folder = join(dataDir, 'workspaces', id);
  const { blind } = vault.openWorkspaceKeys(id, folder);
  const sql = new Database(join(folder, 'workspace.db'), { readonly: true });
  try {
    const hash = (...parts: string[]): Buffer => keyedHash(blind, ...parts);
    return verifyChain({ workspace: id, sql, control, hash, signedBy: vault.sign('').key });
  } finally {
    sql.close();
  }
}

function say(id: string, { events, fault }: Verified): void {
  if (fault) process.exitCode = 1;
  process.stdout.write(`${id}: ${fault ? `changed. Event ${fault.event}: ${fault.says}.` : `whole, ${events} events.`}\n`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof CannotVerify || error instanceof ConfigError || error instanceof VaultError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
