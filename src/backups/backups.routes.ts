/** Backups, for who runs the installation: what there is, one now, and each to take away. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import type { Installation } from '../installation.ts';
import { ledgerFile } from '../privacy/index.ts';
import { nothingHere } from '../web/errors.ts';
import { flash } from '../web/flash.ts';
import { may } from '../web/guard.ts';
import { parseForm } from '../web/parse.ts';
import { seeOther } from '../web/redirect.ts';
import { render } from '../web/render.ts';
import { ARCHIVE_NAME } from './archive.ts';
import { backUp, isBackingUp } from './back-up.ts';
import { archivesFolder } from './make-archive.ts';

const DAY = 86_400_000;
/** A night that brought none, and half a day more. */
const OLD_MS = 1.5 * DAY;
const nothing = z.strictObject({});

export function backupRoutes(installation: Installation): Router {
  const router = Router({ mergeParams: true });
  router.get('/backups', may('operator'), (_req, res) => render(res, 'backups/list', pageOf(installation)));
  router.post('/backups', may('operator'), (req, res) => make(installation, req, res));
  router.get('/backups/ledger', may('operator'), (_req, res) => sendLedger(installation, res));
  router.get('/backups/:name', may('operator'), (req, res) => sendArchive(installation, req, res));
  return router;
}

/** It goes on after the answer: its row says how it stands, and its page is looked at again. */
function make(installation: Installation, req: Request, res: Response): void {
  parseForm(req, nothing);
  void backUp(installation, 'asked');
  flash(res, 'A backup is being made.');
  seeOther(req, res, '/backups');
}

function sendArchive({ settings }: Installation, req: Request, res: Response): void {
  const name = String(req.params['name']);
  const file = join(archivesFolder(settings.dataDir), name);
  if (!ARCHIVE_NAME.test(name) || !existsSync(file)) throw nothingHere();
  res.download(file, name, { dotfiles: 'allow' });
}

/** A restore needs to know who was deleted since; on another machine, from a copy of it. */
function sendLedger({ settings }: Installation, res: Response): void {
  const file = ledgerFile(settings.dataDir);
  if (!existsSync(file)) throw nothingHere();
  res.download(file, 'ledger.jsonl', { dotfiles: 'allow' });
}

interface Row {
  name: string;
  cause: 'night' | 'asked';
  startedAt: number;
  endedAt: number | null;
  says: string | null;
}

function pageOf(installation: Installation): object {
  const { control, settings, clock } = installation;
  const found = control
    .prepare('SELECT name, cause, started_at AS startedAt, ended_at AS endedAt, says FROM backups ORDER BY started_at DESC')
    .all() as Row[];
  const rows = found.map((row, place) => shown(row, archivesFolder(settings.dataDir), place === 0 && isBackingUp(installation)));
  const newest = rows.find(({ size }) => size !== null);
  const isOld = newest !== undefined && clock.now() - newest.startedAt > OLD_MS;
  return {
    rows,
    isRunning: rows[0]?.isRunning ?? false,
    hasLedger: existsSync(ledgerFile(settings.dataDir)),
    isOld,
    line: newest === undefined ? 'Nothing is backed up yet.' : isOld ? 'The last backup is old.' : 'Everything is backed up.',
  };
}

function shown(row: Row, folder: string, isRunning: boolean): Row & { size: number | null; isRunning: boolean; wasCut: boolean } {
  const file = join(folder, row.name);
  const whole = row.endedAt !== null && row.says === null && existsSync(file);
  return { ...row, size: whole ? statSync(file).size : null, isRunning, wasCut: row.endedAt === null && !isRunning };
}
