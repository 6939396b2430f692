import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ConfigError, readConfig, type Settings } from './config.ts';
import { MigrationError } from './db/migrate.ts';
import { OwnedElsewhere, ownDataFolder } from './db/owner-lock.ts';
import { closeInstallation, openInstallation, type Installation } from './installation.ts';
import { systemClock } from './lib/clock.ts';
import { makeFolder } from './lib/files.ts';
import { VaultError } from './vault/vault.ts';
import { openFront, replaceFront, type Express } from './web/front.ts';
import { closeStreams } from './web/sse.ts';
import type { Work } from './work.ts';

/** A container is killed ten seconds after it was asked to stop. */
const STOP_WITHIN_MS = 8000;
const LOCK_WAIT_MS = 20_000;

/** Read one after the other once the server listens, with a breath before each: "are you there?" is answered meanwhile. */
const ROOMS = [
  () => import('./db/drizzle.ts'),
  () => import('./accounts/index.ts'),
  () => import('./channels/index.ts'),
  () => import('./providers/index.ts'),
  () => import('./knowledge/index.ts'),
  () => import('./conversations/index.ts'),
  () => import('./answering/index.ts'),
  () => import('./visitors/index.ts'),
];
const BREATH_MS = 2;

/** Starts the server and runs until a signal ends it. Faults that a person at the console can mend are said in words. */
export async function boot(args: string[]): Promise<void> {
  try {
    const settings = readConfig(process.env);
    const sample = args.includes('--sample');
    const unknown = args.find((arg) => arg !== '--sample');
    if (unknown !== undefined) throw new ConfigError(`There is no option ${unknown}. The one there is: --sample.`);
    await serve(settings, sample);
  } catch (error) {
    if (!(
      error instanceof ConfigError ||
      error instanceof VaultError ||
      error instanceof MigrationError ||
      error instanceof OwnedElsewhere ||
      isInUse(error)
    ))
      throw error;
    process.stderr.write(`\nDeskbell can't start.\n${error.message}\n\n`);
    process.exitCode = 1;
  }
}

async function serve(settings: Settings, sample: boolean): Promise<void> {
  makeFolder(settings.dataDir);
  // SQLite's own temporary files hold rows: they belong on the data volume, and the root may be read-only.
  process.env['SQLITE_TMPDIR'] ??= settings.dataDir;
  const release = await ownDataFolder(settings.dataDir, systemClock, LOCK_WAIT_MS);
  // A restore that was killed in the middle of its last step.
  if (existsSync(join(settings.dataDir, 'restore', 'begun'))) (await import('./backups/index.ts')).finishSwap(settings.dataDir);
  const installation = await openInstallation(settings);
  const rooms = Promise.withResolvers<Express>();
  const server = await openFront(installation, rooms.promise);
  const work = Promise.withResolvers<Work>();
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    installation.log.info('stopping');
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    closeStreams(await rooms.promise);
    server.closeIdleConnections();
    await (await work.promise).stop(STOP_WITHIN_MS);
    await endThreads();
    server.closeAllConnections();
    await closed;
    await closeInstallation(installation);
    release();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());
  const app = await openRooms(installation);
  replaceFront(server, app);
  rooms.resolve(app);
  const { startWork } = await import('./work.ts');
  work.resolve(startWork(installation));
  await work.promise;
  const furnished = sample ? await (await import('./sample/furnish.ts')).furnish(installation) : [];
  await greet(installation, furnished);
}

/** Those that read and search serve the whole process, so they end with it; what they hold open would keep a database's log. */
async function endThreads(): Promise<void> {
  const { closeReading, closeSearch } = await import('./knowledge/index.ts');
  await Promise.all([closeReading(), closeSearch()]);
}

async function openRooms(installation: Installation): Promise<Express> {
  for (const read of ROOMS) {
    await pause(BREATH_MS);
    await read();
  }
  const { createApp } = await import('./app.ts');
  return createApp(installation);
}

function isInUse(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES');
}

async function greet(installation: Installation, furnished: string[]): Promise<void> {
  const { settings } = installation;
  const { issueSetupLink } = await import('./accounts/index.ts');
  const link = issueSetupLink(installation);
  const lines = [
    `Deskbell answers at ${settings.baseUrl}`,
    ...(link ? ['', `Set it up here, once: ${link}`] : []),
    ...(furnished.length > 0 ? ['', ...furnished] : []),
  ];
  process.stdout.write(`\n${lines.map((line) => (line === '' ? '' : `  ${line}`)).join('\n')}\n\n`);
}
