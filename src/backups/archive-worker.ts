/**
 * A thread that makes an archive. Databases are copied by VACUUM INTO on a connection that reads: one snapshot each, without
 * free pages, while the server writes on. SQLite's backup API begins anew with each write of another connection, and a file
 * of an open database may not be opened by `fs` at all.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { sqliteCode } from '../db/faults.ts';
import { flushFolder } from '../lib/files.ts';
import { sealInto } from '../vault/sealed-file.ts';
import { ARCHIVED, firstLine, type About, type Head, type Listed } from './archive.ts';
import type { Order, Report } from './make-archive.ts';

const READ = 256 * 1024;

const order = workerData as Order;

interface Source {
  path: string;
  /** Where it can be read. A copy that was made for the archive goes when it has been read. */
  at: string;
  isCopy: boolean;
}

function copyDatabase(path: string): Source {
  const at = join(order.copies, path);
  mkdirSync(dirname(at), { recursive: true, mode: 0o700 });
  const sql = new Database(join(order.dataDir, path), { readonly: true, fileMustExist: true, timeout: 5000 });
  try {
    sql.prepare('VACUUM INTO ?').run(at);
  } finally {
    sql.close();
  }
  return { path, at, isCopy: true };
}

/** control.db first: whatever workspace it names is there when the folders are listed. */
function copyDatabases(): Source[] {
  const copies = [copyDatabase('control.db')];
  const folder = join(order.dataDir, 'workspaces');
  const ids = existsSync(folder) ? readdirSync(folder).sort() : [];
  for (const id of ids) {
    if (existsSync(join(folder, id, 'workspace.db'))) copies.push(copyDatabase(`workspaces/${id}/workspace.db`));
  }
  return copies;
}

function otherFiles(): Source[] {
  return readdirSync(order.dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(order.dataDir, join(entry.parentPath, entry.name)))
    .filter((path) => ARCHIVED.test(path) && !path.endsWith('.db'))
    .sort()
    .map((path) => ({ path, at: join(order.dataDir, path), isCopy: false }));
}

function record(head: Head): Buffer {
  const json = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(json.length);
  return Buffer.concat([length, json]);
}

/** What was deleted since the folder was listed is passed over: it belongs to nobody any more. */
async function openIfThere(at: string): Promise<FileHandle | undefined> {
  try {
    return await open(at, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function* contentOf(source: Source, listed: Listed[]): AsyncGenerator<Uint8Array> {
  const handle = await openIfThere(source.at);
  if (!handle) return;
  try {
    const { size } = await handle.stat();
    yield record({ file: { path: source.path, bytes: size } });
    const hash = createHash('sha256');
    // The ledger may grow meanwhile: it is taken as long as it was.
    for (let left = size; left > 0;) {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(READ, left)));
      if (bytesRead === 0) throw new Error(`${source.path} became shorter while it was read`);
      left -= bytesRead;
      const piece = buffer.subarray(0, bytesRead);
      hash.update(piece);
      yield piece;
    }
    listed.push({ path: source.path, bytes: size, hash: hash.digest('hex') });
  } finally {
    await handle.close();
  }
  if (source.isCopy) await rm(source.at);
}

async function* everything(sources: readonly Source[], about: About): AsyncGenerator<Uint8Array> {
  const listed: Listed[] = [];
  yield record({ about });
  for (const source of sources) yield* contentOf(source, listed);
  yield record({ files: listed });
}

async function make(): Promise<number> {
  const sources = [...copyDatabases(), ...otherFiles()];
  const temporary = `${order.file}.part`;
  const handle = await open(temporary, 'wx', 0o600);
  try {
    await handle.write(firstLine(order.fingerprint));
    await sealInto(handle, order.key, everything(sources, order.about), () => undefined);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, order.file);
  flushFolder(dirname(order.file));
  return statSync(order.file).size;
}

async function report(): Promise<Report> {
  try {
    return { bytes: await make() };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error), code: sqliteCode(error) };
  } finally {
    rmSync(order.copies, { recursive: true, force: true });
    rmSync(`${order.file}.part`, { force: true });
  }
}

parentPort?.postMessage(await report());
