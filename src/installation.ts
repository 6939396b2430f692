/** What the process holds while it runs: made once at boot, handed down. No globals. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openControl, type ControlDb } from './db/control.ts';
import { DiskSpace } from './db/disk-space.ts';
import { isFull } from './db/faults.ts';
import { Jobs } from './jobs/runner.ts';
import { systemClock, type Clock } from './lib/clock.ts';
import { makeFolder } from './lib/files.ts';
import { randomToken } from './lib/ids.ts';
import { createLogger, type Logger } from './lib/log.ts';
import { createOutbound, type Outbound } from './lib/outbound.ts';
import { Vault, VaultError } from './vault/vault.ts';
import { Workspaces } from './workspaces.ts';
import type { Settings } from './config.ts';

export interface Installation {
  settings: Settings;
  clock: Clock;
  log: Logger;
  /** This process's id, in leases and runs. */
  boot: string;
  control: ControlDb;
  vault: Vault;
  outbound: Outbound;
  /** Room on the disk of the data folder. */
  space: DiskSpace;
  workspaces: Workspaces;
  jobs: Jobs;
}

const BEGIN = 'INSERT INTO installation (id, key_fingerprint, created_at) VALUES (1, ?, ?)';

/**
 * Opens the data folder: databases brought forward, master key checked by its fingerprint. Throws VaultError or
 * MigrationError in words for the person at the console.
 */
export async function openInstallation(settings: Settings, clock: Clock = systemClock): Promise<Installation> {
  const log = createLogger(settings.logLevel);
  makeFolder(settings.dataDir);
  const isNew = !existsSync(join(settings.dataDir, 'control.db'));
  const space = new DiskSpace({ dataDir: settings.dataDir, log });
  await space.look();
  const control = openControl(settings.dataDir, clock.now(), {
    afterCommit: (err) => log.error({ err }, 'after a commit'),
    fault: (err) => {
      if (isFull(err)) void space.look();
    },
  });
  try {
    const known = control.prepare('SELECT key_fingerprint AS fingerprint FROM installation').get() as { fingerprint: string } | undefined;
    const vault = await Vault.unlock(settings.keysDir, isNew || !known);
    if (!known) control.durable(() => control.prepare(BEGIN).run(vault.fingerprint, clock.now()));
    else if (known.fingerprint !== vault.fingerprint) throw wrongKey(settings, known.fingerprint, vault.fingerprint);
    return assemble({ settings, clock, log, space, control, vault });
  } catch (error) {
    control.close();
    throw error;
  }
}

function wrongKey(settings: Settings, expected: string, found: string): VaultError {
  return new VaultError(
    `The master key in ${settings.keysDir} is another one: this data was sealed under key ${expected.slice(0, 8)}, found ${found.slice(0, 8)}. ` +
      'Nothing was changed. Put the right key file back, then start again.',
  );
}

function assemble(parts: Pick<Installation, 'settings' | 'clock' | 'log' | 'space' | 'control' | 'vault'>): Installation {
  const boot = randomToken().slice(0, 12);
  const installation = { ...parts, boot, outbound: createOutbound({ allowPrivate: parts.settings.allowPrivate }) } as Installation;
  installation.workspaces = new Workspaces(installation);
  installation.jobs = new Jobs({ workspaces: installation.workspaces, clock: parts.clock, log: parts.log });
  return installation;
}

/** Closes what `openInstallation` opened, in the reverse order; the databases before anything is waited for. */
export async function closeInstallation(installation: Installation): Promise<void> {
  installation.workspaces.closeAll();
  installation.control.close();
  await installation.outbound.close();
}
