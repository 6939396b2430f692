import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig, type Settings } from '../../src/config.ts';
import { closeInstallation, openInstallation, type Installation } from '../../src/installation.ts';
import { systemClock, type Clock } from '../../src/lib/clock.ts';

export interface TestInstallation {
  installation: Installation;
  /** Data and key folders, gone after `end`. */
  folder: string;
  settings: Settings;
  /** Closes and opens again, as after a kill between two transactions. */
  reopen(): Promise<Installation>;
  end(): Promise<void>;
}

/** A real installation in a temporary folder. The far sides of tests are on loopback, so private addresses are allowed. */
export async function testInstallation(options: { clock?: Clock; env?: Record<string, string> } = {}): Promise<TestInstallation> {
  const folder = mkdtempSync(join(tmpdir(), 'deskbell-test-'));
  const settings = readConfig({
    DATA_DIR: join(folder, 'data'),
    KEYS_DIR: join(folder, 'keys'),
    PORT: '0',
    LOG_LEVEL: 'silent',
    ALLOW_PRIVATE_ADDRESSES: '1',
    ...options.env,
  });
  const clock = options.clock ?? systemClock;
  const test: TestInstallation = {
    installation: await openInstallation(settings, clock),
    folder,
    settings,
    async reopen() {
      await test.installation.jobs.stop(0);
      await closeInstallation(test.installation);
      test.installation = await openInstallation(settings, clock);
      return test.installation;
    },
    async end() {
      await test.installation.jobs.stop(0);
      await closeInstallation(test.installation);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return test;
}

/** Café Aurora, the business of every test. */
export function cafeAurora(installation: Installation, name = 'Café Aurora'): string {
  return installation.workspaces.create({
    name,
    language: 'en',
    timezone: 'Europe/Berlin',
    currency: 'EUR',
    website: 'https://aurora.example',
  });
}
