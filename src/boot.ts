import { createServer, type Server } from 'node:http';
import { createApp } from './app.ts';
import { ConfigError, readConfig, type Settings } from './config.ts';
import { MigrationError } from './db/migrate.ts';
import { OwnedElsewhere, ownDataFolder } from './db/owner-lock.ts';
import { closeInstallation, openInstallation, type Installation } from './installation.ts';
import { systemClock } from './lib/clock.ts';
import { makeFolder } from './lib/files.ts';
import { VaultError } from './vault/vault.ts';
import { closeStreams } from './web/sse.ts';
import { startWork, type Work } from './work.ts';
import { issueSetupLink } from './accounts/index.ts';

/** A container is killed ten seconds after it was asked to stop. */
const STOP_WITHIN_MS = 8000;
const LOCK_WAIT_MS = 20_000;

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
  const installation = await openInstallation(settings);
  const app = createApp(installation);
  const server = createServer(app);
  const starting = { work: undefined as Promise<Work> | undefined };
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    installation.log.info('stopping');
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    closeStreams(app);
    server.closeIdleConnections();
    await (await starting.work)?.stop(STOP_WITHIN_MS);
    server.closeAllConnections();
    await closed;
    closeInstallation(installation);
    release();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());
  await listen(server, settings);
  starting.work = startWork(installation);
  await starting.work;
  const furnished = sample ? await (await import('./sample/furnish.ts')).furnish(installation) : [];
  greet(installation, furnished);
}

function listen(server: Server, settings: Settings): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(settings.port, settings.host, () => resolve());
  });
}

function isInUse(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES');
}

function greet(installation: Installation, furnished: string[]): void {
  const { settings } = installation;
  const link = issueSetupLink(installation);
  const lines = [
    `Deskbell answers at ${settings.baseUrl}`,
    ...(link ? ['', `Set it up here, once: ${link}`] : []),
    ...(furnished.length > 0 ? ['', ...furnished] : []),
  ];
  process.stdout.write(`\n${lines.map((line) => (line === '' ? '' : `  ${line}`)).join('\n')}\n\n`);
}
