import assert from 'node:assert/strict';
import Database from 'better-sqlite3';
import { Transactor, type Troubles } from '../../src/db/transactor.ts';

const unheard: Troubles = { afterCommit: () => undefined, fault: () => undefined };

describe('transactions', () => {
  let sql: Database.Database;
  let db: Transactor;
  const rows = (): unknown[] => sql.prepare('SELECT v FROM t ORDER BY v').pluck().all();
  const insert = (v: number): number => Number(sql.prepare('INSERT INTO t VALUES (?)').run(v).lastInsertRowid);

  beforeEach(() => {
    sql = new Database(':memory:');
    sql.exec('CREATE TABLE t (v INTEGER UNIQUE NOT NULL)');
    db = new Transactor(sql, unheard);
  });

  it('undoes everything when the act throws, and drops what was to follow', () => {
    let followed = 0;
    assert.throws(() =>
      db.write(() => {
        insert(1);
        db.afterCommit(() => followed++);
        throw new Error('no');
      }),
    );
    assert.deepEqual([rows(), followed], [[], 0]);
  });

  it('flushes durable acts and only those', () => {
    const level = (): unknown => sql.pragma('synchronous', { simple: true });
    db.durable(() => assert.equal(level(), 2));
    db.write(() => assert.equal(level(), 1));
  });

  it('flushes a shared transaction when one of its acts asks for it, and else not', async () => {
    const level = (): unknown => sql.pragma('synchronous', { simple: true });
    assert.deepEqual(await Promise.all([db.writeTogether(level), db.together(level)]), [2, 2]);
    assert.deepEqual(await Promise.all([db.writeTogether(level), db.writeTogether(level)]), [1, 1]);
  });

  it('refuses a durable act inside one that is not, and an act that awaits', () => {
    assert.throws(() => db.write(() => db.durable(() => insert(1))), /not durable/);
    assert.throws(() => db.write(async () => insert(1)), /must not await/);
    assert.deepEqual(rows(), []);
    db.durable(() => db.write(() => insert(2)));
    assert.deepEqual(rows(), [2]);
  });

  it('commits acts of one turn of the event loop together, and tells each only after that commit', async () => {
    let commits = 0;
    const counting = new Proxy(sql, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key);
        if (key === 'prepare') {
          return (text: string) => {
            const statement = target.prepare(text);
            if (text !== 'COMMIT') return statement;
            return { run: () => (commits++, statement.run()) };
          };
        }
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const grouped = new Transactor(counting, unheard);
    await Promise.all([1, 2, 3].map((v) => grouped.together(() => insert(v))));
    assert.deepEqual([rows(), commits], [[1, 2, 3], 1]);
  });

  it('lets one bad act of a group undo itself alone', async () => {
    const told: number[] = [];
    const acts = [1, 2, 2, 3].map((v) =>
      db.together(() => {
        insert(v);
        db.afterCommit(() => told.push(v));
      }),
    );
    const outcomes = (await Promise.allSettled(acts)).map((outcome) => outcome.status);
    assert.deepEqual(outcomes, ['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    assert.deepEqual(
      [rows(), told],
      [
        [1, 2, 3],
        [1, 2, 3],
      ],
    );
  });

  it('tries each act alone when the shared transaction is gone, so that "stored" is never said of what is not', async () => {
    // RAISE(ROLLBACK) ends the whole transaction, as a full disk does.
    sql.exec("CREATE TRIGGER gone BEFORE INSERT ON t WHEN new.v = 9 BEGIN SELECT RAISE(ROLLBACK, 'gone'); END");
    const outcomes = await Promise.allSettled([1, 9, 2].map((v) => db.together(() => insert(v))));
    assert.deepEqual(
      outcomes.map((outcome) => outcome.status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
    assert.deepEqual(rows(), [1, 2]);
  });
});
