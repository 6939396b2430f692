/** One tenant, opened: its folder, database, keys, bus and clock. The first parameter of every domain function. */
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { connect, type Sql } from './db/connect.ts';
import { drizzle, type BetterSQLite3Database } from './db/driver.ts';
import { migrations } from './db/folders.ts';
import { migrate } from './db/migrate.ts';
import { Transactor } from './db/transactor.ts';
import type { Bus } from './lib/bus.ts';
import type { Clock } from './lib/clock.ts';
import { Secret } from './lib/secret.ts';
import { keyedHash, seal, unseal, wipe } from './vault/seal.ts';
import type { WorkspaceKeys } from './vault/vault.ts';
import type { Installation } from './installation.ts';

export type Statement = Database.Statement<unknown[], unknown>;

/** A column of a row that holds a secret. */
export interface SealedPlace {
  table: string;
  column: string;
  row: number | string;
}

const HIGHEST_REVISION =
  'SELECT max(coalesce((SELECT max(revision) FROM conversations), 0), coalesce((SELECT max(revision) FROM messages), 0))';

export class Workspace {
  readonly id: string;
  readonly folder: string;
  readonly installation: Installation;
  readonly clock: Clock;
  readonly bus: Bus;
  readonly sql: Sql;
  readonly #keys: WorkspaceKeys;
  readonly #transactor: Transactor;
  readonly #statements = new Map<string, Statement>();
  #revision: number;
  #db: BetterSQLite3Database | undefined;

  constructor(installation: Installation, id: string, folder: string, bus: Bus) {
    this.id = id;
    this.folder = folder;
    this.installation = installation;
    this.clock = installation.clock;
    this.bus = bus;
    this.#keys = installation.vault.openWorkspaceKeys(id, folder);
    this.sql = connect(join(folder, 'workspace.db'));
    const { workspaces, log } = installation;
    try {
      migrate(this.sql, migrations.workspace, installation.clock.now());
      this.#transactor = new Transactor(this.sql, {
        afterCommit: (err) => {
          log.error({ err, workspace: id }, 'after a commit');
          workspaces.noteFault(id, err);
        },
        fault: (err) => workspaces.noteFault(id, err),
      });
      this.#revision = Number(this.sql.prepare(HIGHEST_REVISION).pluck().get());
    } catch (error) {
      this.sql.close();
      throw error;
    }
  }

  /** Queries by drizzle; hot ones are prepared by `prepare`. */
  get db(): BetterSQLite3Database {
    this.#db ??= drizzle(this.sql);
    return this.#db;
  }

  /** One transaction that need not survive a power cut: what can be rebuilt. Joins one that is open. */
  write<T>(act: () => T): T {
    return this.#transactor.write(act);
  }

  /** One transaction that is on the disk when this returns: before any effect outside, and for every promise. */
  durable<T>(act: () => T): T {
    return this.#transactor.durable(act);
  }

  /** Group commit: shares one durable transaction with what else comes in this turn of the event loop. */
  together<T>(act: () => T): Promise<T> {
    return this.#transactor.together(act);
  }

  /** The same for what need not survive a power cut: alone it doesn't wait for the disk. */
  writeTogether<T>(act: () => T): Promise<T> {
    return this.#transactor.writeTogether(act);
  }

  /** Runs once the current transaction is committed; dropped when it is undone. Bus events and wakes go here. */
  afterCommit(then: () => void): void {
    this.#transactor.afterCommit(then);
  }

  /** True while acts wait for their shared commit. */
  get busy(): boolean {
    return this.#transactor.busy;
  }

  /** A prepared statement, kept: preparing costs 4 µs. */
  prepare(text: string): Statement {
    const known = this.#statements.get(text);
    if (known) return known;
    const statement = this.sql.prepare<unknown[], unknown>(text);
    this.#statements.set(text, statement);
    return statement;
  }

  /** Rises with each change; conversations and messages carry it, so that a page can ask "what since?". */
  nextRevision(): number {
    return ++this.#revision;
  }

  get revision(): number {
    return this.#revision;
  }

  /** Seals a secret for one column of one row. */
  seal(place: SealedPlace, secret: Secret): Buffer {
    return seal(this.#keys.seal, this.#keys.keyId, { workspace: this.id, ...place }, Buffer.from(secret.reveal()));
  }

  /** Opens what `seal` made for the same column and row. Throws SealError when it was moved or changed. */
  open(place: SealedPlace, sealed: Buffer): Secret {
    const bytes = unseal(this.#keys.seal, this.#keys.keyId, { workspace: this.id, ...place }, sealed);
    const secret = new Secret(Buffer.from(bytes).toString());
    wipe(bytes);
    return secret;
  }

  /** Keyed hash of 32 bytes: fingerprints of secrets, marks of what was seen. */
  hash(...parts: string[]): Buffer {
    return keyedHash(this.#keys.blind, ...parts);
  }

  /** The key that signs widget visitors' tokens, and the one that wraps the keys of files. */
  key(purpose: 'visitors' | 'files'): Uint8Array {
    return this.#keys[purpose];
  }

  /** Closes the database. Only `Workspaces` calls it. */
  close(): void {
    this.#statements.clear();
    this.sql.close();
  }
}
