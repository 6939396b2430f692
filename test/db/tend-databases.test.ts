/** Write-ahead logs are moved by a thread, so that nobody who writes waits for the disk. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { Checkpoints } from '../../src/db/checkpoints.ts';
import { connect, type Sql } from '../../src/db/connect.ts';
import { DatabaseTender, type OpenDatabase } from '../../src/db/tend-databases.ts';
import { createLogger } from '../../src/lib/log.ts';
import { eventually } from '../support/eventually.ts';

const log = createLogger('silent');
const LONG = 'and so on '.repeat(300);

describe('the logs of databases', () => {
  let folder: string;
  let sql: Sql;
  let one: OpenDatabase;
  let tender: DatabaseTender;
  let faults: unknown[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'deskbell-tend-'));
    sql = connect(join(folder, 'a.db'));
    sql.exec('CREATE TABLE t (n INTEGER PRIMARY KEY, text TEXT)');
    one = { id: 'a', sql, prepare: (text) => sql.prepare(text) };
    faults = [];
    tender = new DatabaseTender({ open: () => [one], fault: (_, error) => void faults.push(error), log, lookMs: 10 });
  });
  afterEach(async () => {
    await tender.stop();
    sql.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const write = (rows: number): void => {
    const insert = sql.prepare('INSERT INTO t (text) VALUES (?)');
    for (let n = 0; n < rows; n++) insert.run(LONG);
  };
  const frames = (): { log: number; checkpointed: number } => sql.prepare('PRAGMA wal_checkpoint(NOOP)').get() as never;
  const waiting = (): number => frames().log - frames().checkpointed;
  const walBytes = (): number => statSync(`${sql.name}-wal`).size;

  /** Lets no event in, until another thread has done it. */
  function standStill(isDone: () => boolean): void {
    const nothing = new Int32Array(new SharedArrayBuffer(4));
    for (let tries = 0; !isDone(); tries++) {
      assert.ok(tries < 200, 'nothing happened');
      Atomics.wait(nothing, 0, 0, 20);
    }
  }

  it('a log is moved, and a file written anew, by another thread: it goes on while this one stands still', async () => {
    const checkpoints = new Checkpoints();
    write(1500);
    assert.ok(waiting() > 1000, `${waiting()} frames wait`);
    await checkpoints.ask(sql.name, 'PASSIVE'); // the thread is there now
    write(1500);
    void checkpoints.ask(sql.name, 'PASSIVE');
    standStill(() => waiting() === 0);
    sql.exec('DELETE FROM t WHERE n > 100');
    sql.close();
    void checkpoints.ask(sql.name, 'VACUUM');
    standStill(() => statSync(sql.name).size < 1_000_000);
    await checkpoints.stop();
    sql = connect(sql.name);
    assert.equal(sql.prepare('SELECT count(*) FROM t').pluck().get(), 100);
  });

  it('a log is moved when it has grown, and a smaller one once it is quiet; a few frames start no thread', async () => {
    tender.begin();
    write(1500);
    await eventually(() => assert.equal(waiting(), 0));
    write(300);
    await eventually(() => assert.equal(waiting(), 0));
    write(10);
    const few = waiting();
    await pause(50);
    assert.equal(waiting(), few);
    assert.deepEqual(faults, []);
  });

  it('while somebody reads, a log is moved as far as it goes and not cut, and nobody who writes waits', async () => {
    write(500);
    const reader = new Database(sql.name, { readonly: true });
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM t').get();
    write(500);
    const bytes = walBytes();
    const checkpoints = new Checkpoints();
    const asked = checkpoints.ask(sql.name, 'TRUNCATE');
    let ended = false;
    void asked.then(() => (ended = true));
    let longest = 0;
    while (!ended) {
      const began = performance.now();
      write(1);
      longest = Math.max(longest, performance.now() - began);
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal((await asked).busy, true);
    assert.ok(walBytes() >= bytes, 'it was not cut');
    assert.ok(longest < 1000, `a write waited ${longest} ms`);
    const tidied = tender.cutLog(one);
    setTimeout(() => reader.close(), 100);
    await tidied;
    assert.equal(walBytes(), 0);
    assert.deepEqual(sql.prepare('SELECT count(*) FROM t').pluck().get(), Number(sql.prepare('SELECT max(n) FROM t').pluck().get()));
    await checkpoints.stop();
  });

  it('the thread ends when there was nothing to do for a while, and comes back', async () => {
    const checkpoints = new Checkpoints(20);
    for (const _ of [1, 2]) {
      await checkpoints.ask(sql.name, 'PASSIVE');
      assert.equal(checkpoints.running, true);
      await eventually(() => assert.equal(checkpoints.running, false));
    }
  });

  it('what goes wrong with a file is told with SQLite’s code', async () => {
    const checkpoints = new Checkpoints();
    await assert.rejects(checkpoints.ask(join(folder, 'nowhere.db'), 'PASSIVE'), { code: 'SQLITE_CANTOPEN' });
    await checkpoints.stop();
  });

  it('what was acknowledged is there after a kill in the midst of checkpoints', async () => {
    const writer = join(folder, 'writer.mjs');
    writeFileSync(writer, WRITER);
    const child = spawn(process.execPath, [writer, sql.name], { stdio: ['ignore', 'pipe', 'inherit'] });
    let acknowledged = 0;
    let moved = 0;
    for await (const line of createInterface(child.stdout)) {
      [acknowledged = 0, moved = 0] = line.split(' ').map(Number);
      if (moved >= 2) break;
    }
    assert.ok(moved >= 2, 'its log was moved again and again');
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    const there = new Database(sql.name);
    assert.ok(Number(there.prepare('SELECT count(*) FROM t').pluck().get()) >= acknowledged, `${acknowledged} were acknowledged`);
    assert.equal(there.pragma('integrity_check', { simple: true }), 'ok');
    there.close();
  });
});

const from = (path: string): string => JSON.stringify(new URL(`../../src/${path}`, import.meta.url).href);

/** Writes rows at FULL for ever, and says after each batch how many are acknowledged and how often the thread has moved its log. */
const WRITER = `
  import { connect } from ${from('db/connect.ts')};
  import { Transactor } from ${from('db/transactor.ts')};
  import { DatabaseTender } from ${from('db/tend-databases.ts')};
  const sql = connect(process.argv[2]);
  const transactor = new Transactor(sql, { afterCommit() {}, fault() {} });
  const one = { id: 'a', sql, prepare: (text) => sql.prepare(text) };
  new DatabaseTender({ open: () => [one], fault() {}, log: { warn: console.error }, lookMs: 2 }).begin();
  const insert = sql.prepare('INSERT INTO t (text) VALUES (?)');
  const text = ${JSON.stringify(LONG)};
  let rows = 0;
  let moved = 0;
  let before = 0;
  for (;;) {
    for (let n = 0; n < 50; n++) rows += transactor.durable(() => insert.run(text)).changes;
    const { log, checkpointed } = sql.prepare('PRAGMA wal_checkpoint(NOOP)').get();
    // From 16,000 frames on whoever commits would have moved it.
    if (log < 16_000 && checkpointed > 0 && checkpointed !== before) moved += 1;
    before = checkpointed;
    console.log(rows + ' ' + moved);
    await new Promise((resolve) => setImmediate(resolve));
  }`;
