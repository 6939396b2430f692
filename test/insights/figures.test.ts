import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import { countEveryDay } from '../../src/insights/index.ts';
import type { Workspace } from '../../src/workspace.ts';
import { TestClock } from '../support/clock.ts';
import { startServer, type Client, type TestServer } from '../support/http.ts';
import { planLife, playAround, type Life } from './figures-cast.ts';
import { Recount, type Asks, type Sheet } from './figures-recount.ts';

const DAY = 24 * 3600_000;
const CURRENCIES = ['EUR', 'USD'];

describe('figures', function () {
  this.timeout(30_000);
  let server: TestServer;
  let ws: Workspace;
  let release: () => void;
  let owner: Client;
  let life: Life;

  /** A table of the dashboard as its CSV has it, a row by its first cell. */
  async function table(key: string, query = ''): Promise<Map<string, Sheet>> {
    const { status, text } = await owner.get(`/w/${ws.id}/insights/${key}.csv${query}`);
    assert.equal(status, 200, `${key}${query}`);
    const rows = parse<Sheet>(text, { bom: true, columns: true });
    return new Map(rows.map((row) => [Object.values(row)[0] ?? '', row]));
  }

  /** Those of the figures that a table has. */
  function shared(sheet: Sheet, row: Sheet): Sheet {
    return Object.fromEntries(Object.keys(row).flatMap((name) => (name in sheet ? [[name, sheet[name] ?? '']] : [])));
  }

  function same(row: Sheet | undefined, sheet: Sheet, where: string): void {
    assert.ok(row, where);
    const counted = shared(sheet, row);
    assert.ok(Object.keys(counted).length > 0, `${where}: nothing to compare`);
    assert.deepEqual(shared(row, counted), counted, where);
  }

  async function sameEverywhere(query: string, asks: Asks): Promise<void> {
    const recount = new Recount(ws, 'Europe/Berlin');
    const total = recount.of(asks, CURRENCIES);
    for (const [name, row] of await table('compared', query)) {
      if (name in total) assert.equal(Object.values(row)[1], total[name], `${name}${query}`);
      else assert.fail(`${name} was not recounted`);
    }
    for (const key of ['conversations', 'messages', 'waits', 'costs', 'ratings']) {
      const rows = await table(key, query);
      assert.deepEqual([...rows.keys()], recount.days(asks), `the days of ${key}${query}`);
      for (const [day, row] of rows) same(row, recount.of({ ...asks, first: day, last: day }, CURRENCIES), `${key} on ${day}${query}`);
    }
    const places = async (key: string, ids: [string, object][]): Promise<void> => {
      const rows = await table(key, query);
      for (const [name, only] of ids) {
        const sheet = recount.of({ ...asks, ...only }, CURRENCIES);
        const row = rows.get(name);
        if (row || sheet['Conversations'] !== '0') same(row, sheet, `${name}${query}`);
      }
    };
    if (asks.channelId === undefined)
      await places(
        'channels',
        [...life.channels.entries()].map(([index, channelId]) => [`Channel ${index + 1}`, { channelId }]),
      );
    if (asks.botId === undefined)
      await places('bots', [
        ['Aurora', { botId: life.bots[0] }],
        ['Nachtdienst', { botId: life.bots[1] }],
        ['No bot', { botId: 0 }],
      ]);
  }

  before(async () => {
    const from = Date.UTC(2026, 8, 21);
    const clock = new TestClock(from);
    server = await startServer({ clock });
    const held = server.installation.workspaces.hold(server.workspace);
    [ws, release] = [held.workspace, held.release];
    // Weeks of verbs: nothing here is about power cuts, so nothing waits for the disk.
    ws.durable = (act) => ws.write(act);
    ws.together = (act) => Promise.resolve(ws.write(act));
    life = planLife(ws, clock, { userId: server.people.agent, from, days: 62, aDay: 20 });
    for (const [index, id] of life.channels.entries())
      ws.sql.prepare('UPDATE channels SET name = ? WHERE id = ?').run(`Channel ${index + 1}`, id);
    // Days are counted while life goes on, so that what changes later has to be noticed.
    for (const day of [20, 34, 36, 50]) {
      await life.liveUntil(from + day * DAY + 5 * 3600_000);
      await countEveryDay(ws);
    }
    playAround(ws, life.bots[0] ?? 0, clock.now());
    await life.liveUntil(Date.UTC(2026, 10, 24, 9));
    owner = await server.as('owner');
  });
  after(async () => {
    release();
    await server.end();
  });

  it('are counted of a few thousand messages, and something of everything', async () => {
    const messages = ws.sql.prepare("SELECT count(*) FROM messages WHERE author IN ('customer', 'bot', 'person')").pluck().get() as number;
    assert.ok(messages > 2000, `only ${messages}`);
    const compared = await table('compared', '?period=90');
    for (const [name, row] of compared) assert.ok(Number(Object.values(row)[1]) > 0, `${name} is nothing`);
  });

  it('[P4.2-e] of a month equal a recount, by day, channel and bot, with the 25 hours of the day on which clocks go back', async () => {
    await sameEverywhere('', { first: '2026-10-26', last: '2026-11-24' });
    await sameEverywhere('?period=own&from=2026-10-24&to=2026-10-26', { first: '2026-10-24', last: '2026-10-26' });
  });

  it('equal it over a month’s end, this month so far, a single day and a quarter', async () => {
    await sameEverywhere('?period=own&from=2026-09-29&to=2026-10-02', { first: '2026-09-29', last: '2026-10-02' });
    await sameEverywhere('?period=month', { first: '2026-11-01', last: '2026-11-24' });
    await sameEverywhere('?period=own&from=2026-11-24&to=2026-11-24', { first: '2026-11-24', last: '2026-11-24' });
    await sameEverywhere('?period=90', { first: '2026-08-27', last: '2026-11-24' });
  });

  it('equal it of one channel, of one bot, and of both', async () => {
    const [channelId = 0, other = 0] = life.channels;
    const [botId = 0] = life.bots;
    const days = { first: '2026-10-26', last: '2026-11-24' };
    await sameEverywhere(`?channel=${channelId}`, { ...days, channelId });
    await sameEverywhere(`?bot=${botId}`, { ...days, botId });
    await sameEverywhere(`?channel=${other}&bot=${botId}`, { ...days, channelId: other, botId });
  });

  it('of the period before are those of as many days before it', async () => {
    const compared = await table('compared', '?period=own&from=2026-10-26&to=2026-11-01');
    const before = new Recount(ws, 'Europe/Berlin').of({ first: '2026-10-19', last: '2026-10-25' }, CURRENCIES);
    assert.ok(compared.size > 10);
    for (const [name, row] of compared) assert.equal(Object.values(row)[2], before[name], name);
  });

  it('say how often each question was asked, out of the newest', async () => {
    const asked = new Recount(ws, 'Europe/Berlin').asked({ first: '2026-08-27', last: '2026-11-24' });
    const shown = await table('asked', '?period=90');
    assert.ok(shown.size >= 6);
    for (const [question, row] of shown) assert.equal(row['Times'], String(asked.get(question)), question);
  });

  it('are those of the business’s zone: moved to another, every day is another', async () => {
    const before = [...(await table('conversations')).values()];
    ws.durable(() => ws.sql.exec("UPDATE business SET timezone = 'Pacific/Auckland'"));
    const recount = new Recount(ws, 'Pacific/Auckland');
    const rows = await table('conversations');
    for (const [day, row] of rows) same(row, recount.of({ first: day, last: day }, CURRENCIES), day);
    assert.notDeepEqual([...rows.values()], before);
    ws.durable(() => ws.sql.exec("UPDATE business SET timezone = 'Europe/Berlin'"));
    await sameEverywhere('', { first: '2026-10-26', last: '2026-11-24' });
  });

  it('[P3.2-e] hold nobody who is restricted or erased, from the moment on, and no one’s id', async () => {
    const busiest = ws.sql
      .prepare('SELECT contact_id FROM conversations GROUP BY contact_id ORDER BY count(*) DESC LIMIT 2')
      .pluck()
      .all() as number[];
    const days: Asks = { first: '2026-08-27', last: '2026-11-24' };
    const count = async (): Promise<number> => Number(Object.values((await table('compared', '?period=90')).get('Conversations') ?? {})[1]);
    const all = await count();
    ws.durable(() => ws.sql.prepare('UPDATE contacts SET restricted_at = 1 WHERE id = ?').run(busiest[0]));
    const without = await count();
    assert.ok(without < all);
    await sameEverywhere('?period=90', days);
    ws.durable(() => {
      ws.sql.prepare('UPDATE contacts SET restricted_at = NULL WHERE id = ?').run(busiest[0]);
      ws.sql.prepare('UPDATE contacts SET erased_at = 1 WHERE id = ?').run(busiest[1]);
    });
    await sameEverywhere('?period=90', days);
    for (const name of ['counted_days', 'day_figures', 'day_waits', 'day_costs'])
      for (const column of ws.sql.pragma(`table_info(${name})`) as { name: string; type: string }[])
        assert.doesNotMatch(column.name, /contact|conversation_id|message/, `${name}.${column.name}`);
  });

  const days: Asks = { first: '2026-08-27', last: '2026-11-24' };
  const write = (sql: string, ...values: unknown[]): number => ws.durable(() => ws.sql.prepare(sql).run(...values).changes);
  /** The first message of that kind that was said at least two days after its conversation began. */
  const saidLater = (condition: string): number =>
    ws.sql
      .prepare(
        `SELECT m.id FROM messages m JOIN conversations c ON c.id = m.conversation_id JOIN contacts p ON p.id = c.contact_id
         WHERE m.created_at > c.created_at + ? AND p.restricted_at IS NULL AND p.erased_at IS NULL AND ${condition} ORDER BY m.id LIMIT 1`,
      )
      .pluck()
      .get(2 * DAY) as number;
  const forget = (messageId: number): void => {
    write('DELETE FROM deliveries WHERE message_id = ?', messageId);
    write('DELETE FROM message_parts WHERE message_id = ?', messageId);
    assert.equal(write('DELETE FROM messages WHERE id = ?', messageId), 1);
  };

  it('count no message that was deleted, be it on a later day than its conversation’s first', async () => {
    await sameEverywhere('?period=90', days);
    forget(saidLater("m.author = 'person'"));
    await sameEverywhere('?period=90', days);
    const only = `m.event = 'wanted' AND (SELECT count(*) FROM messages o WHERE o.conversation_id = c.id AND (o.author = 'person' OR o.event IN ('wanted', 'took-over'))) = 1`;
    forget(saidLater(only));
    await sameEverywhere('?period=90', days);
  });

  it('count no conversation that was deleted, with all that belongs to it', async () => {
    await sameEverywhere('?period=90', days);
    const gone = ws.sql
      .prepare('SELECT c.id FROM conversations c JOIN runs r ON r.conversation_id = c.id ORDER BY c.id LIMIT 1 OFFSET 60')
      .pluck()
      .get();
    for (const message of ws.sql.prepare('SELECT id FROM messages WHERE conversation_id = ?').pluck().all(gone) as number[])
      forget(message);
    write('DELETE FROM runs WHERE conversation_id = ?', gone);
    write('DELETE FROM conversation_ratings WHERE conversation_id = ?', gone);
    assert.equal(write('DELETE FROM conversations WHERE id = ?', gone), 1);
    await sameEverywhere('?period=90', days);
  });

  it('count what an answer has cost, and how a conversation was rated, when that is known only after its day', async () => {
    await sameEverywhere('?period=90', days);
    const late = write(
      "UPDATE runs SET cost_micros = 777000, currency = 'EUR' WHERE id = (SELECT id FROM runs WHERE kind = 'answer' ORDER BY id LIMIT 1 OFFSET 30)",
    );
    assert.equal(late, 1);
    const worse =
      'UPDATE conversation_ratings SET value = 1 WHERE conversation_id = (SELECT max(conversation_id) FROM conversation_ratings WHERE value = 5)';
    assert.equal(write(worse), 1);
    await sameEverywhere('?period=90', days);
  });

  it('count a conversation that was merged as its contact’s, in no figure where that one is restricted', async () => {
    const [into, merged] = ws.sql
      .prepare(
        `SELECT c.id FROM conversations c JOIN contacts p ON p.id = c.contact_id WHERE p.restricted_at IS NULL AND p.erased_at IS NULL
         GROUP BY c.contact_id ORDER BY c.id DESC LIMIT 2 OFFSET 20`,
      )
      .pluck()
      .all() as number[];
    write('UPDATE contacts SET restricted_at = 1 WHERE id = (SELECT contact_id FROM conversations WHERE id = ?)', into);
    await sameEverywhere('?period=90', days);
    write('UPDATE conversations SET contact_id = (SELECT contact_id FROM conversations WHERE id = ?) WHERE id = ?', into, merged);
    await sameEverywhere('?period=90', days);
  });
});
