import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { backUp } from '../../src/backups/index.ts';
import { keepFile } from '../../src/conversations/attachments/keep-file.ts';
import { restore, type Restored } from '../../src/backups/restore.ts';
import { closeInstallation, openInstallation, type Installation } from '../../src/installation.ts';
import type { Workspace } from '../../src/workspace.ts';
import { inboxCast, type InboxCast } from '../conversations/inbox-cast.ts';

/** A running server with a customer, and what of it is elsewhere once it was lost. */
export interface BackupCast {
  cast: InboxCast;
  /** Makes a backup and keeps it away from the server; returns its path. */
  archive(): Promise<string>;
  /** Stops the server and puts the archive back over its data, or into an empty folder. */
  putBack(file: string, options?: { empty?: boolean; withoutLedger?: boolean }): Promise<Restored>;
  /** Opens what was put back. */
  look<T>(act: (ws: Workspace, installation: Installation) => T): Promise<T>;
  dataDir(): string;
  end(): Promise<void>;
}

export async function backupCast(): Promise<BackupCast> {
  const cast = await inboxCast();
  const away = mkdtempSync(join(tmpdir(), 'deskbell-away-'));
  const { installation } = cast.server;
  let settings = installation.settings;
  let stopped = false;
  const stop = async (): Promise<void> => {
    if (stopped) return;
    stopped = true;
    await installation.jobs.stop(0);
    cast.letGo();
    await closeInstallation(installation);
  };
  await keepFile(cast.ws, Readable.from([Buffer.from('A letter of Jonas')]));
  return {
    cast,
    async archive() {
      cast.server.clock.move(1000);
      await backUp(installation, 'asked');
      const name = readdirSync(join(settings.dataDir, 'backups')).sort().at(-1) ?? '';
      const folder = mkdtempSync(join(away, 'archive-'));
      cpSync(join(settings.dataDir, 'backups', name), join(folder, name));
      return join(folder, name);
    },
    async putBack(file, { empty = false, withoutLedger = false } = {}) {
      await stop();
      if (empty) settings = { ...settings, dataDir: mkdtempSync(join(away, 'data-')) };
      return restore({ settings, archive: file, withoutLedger, clock: cast.server.clock });
    },
    async look(act) {
      const opened = await openInstallation(settings, cast.server.clock);
      try {
        return await opened.workspaces.use(cast.ws.id, (ws) => act(ws, opened));
      } finally {
        await closeInstallation(opened);
      }
    },
    dataDir: () => settings.dataDir,
    async end() {
      await stop();
      await cast.server.end();
      rmSync(away, { recursive: true, force: true });
    },
  };
}
