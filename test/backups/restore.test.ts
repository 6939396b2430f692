import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { archiveName, firstLine } from '../../src/backups/archive.ts';
import { createBot } from '../../src/bots/index.ts';
import { finishSwap } from '../../src/backups/index.ts';
import { forgetWordsOf } from '../../src/insights/index.ts';
import { mergeContacts } from '../../src/conversations/contacts/merge-contacts.ts';
import { askErasure, contactPurger, ledgerFile, undoErasure } from '../../src/privacy/index.ts';
import { eventually } from '../support/eventually.ts';
import { scan } from '../support/scan.ts';
import { plant, type Planted } from '../privacy/canaries.ts';
import { backupCast, type BackupCast } from './backup-cast.ts';

const TEXTS = 'SELECT text FROM message_parts WHERE text IS NOT NULL ORDER BY id';

describe('a backup that is put back', () => {
  let desk: BackupCast;
  beforeEach(async () => {
    desk = await backupCast();
  });
  afterEach(() => desk.end());

  async function erase(contact: Planted): Promise<void> {
    const { cast } = desk;
    await cast.server.installation.jobs.start({ 'purge-contact': contactPurger({ forgetWords: forgetWordsOf }) });
    const asked = askErasure(cast.ws, { contactId: contact.contactId, askedBy: 'member', userId: cast.server.people.owner, atOnce: true });
    await eventually(() =>
      assert.equal(cast.ws.sql.prepare('SELECT state FROM privacy_requests WHERE id = ?').pluck().get(asked?.id), 'purged'),
    );
  }

  it('brings back what was there, made while customers write, into an empty folder with the master key alone', async () => {
    const { cast } = desk;
    await cast.write('Jonas Weber', 'Do you have lemon cake?');
    const file = await desk.archive();
    assert.deepEqual(scan(dirname(file), ['lemon cake', 'Jonas', 'A letter']), [], 'the archive is sealed');
    await cast.write('Jonas Weber', 'And plum?');
    cpSync(ledgerFile(desk.dataDir()), join(dirname(file), 'ledger.jsonl'));
    const done = await desk.putBack(file, { empty: true });
    assert.deepEqual([done.workspaces, done.erased, done.before], [1, 0, null]);
    await desk.look((ws) => {
      assert.deepEqual(ws.sql.prepare(TEXTS).pluck().all(), ['Do you have lemon cake?']);
      assert.equal(readdirSync(join(ws.folder, 'attachments')).length, 1);
      assert.equal(ws.sql.prepare("SELECT count(*) FROM audit_events WHERE action = 'backup.restored'").pluck().get(), 1);
    });
  });

  it('[P8.2-d] [P10.1-c] brings nobody back who was deleted since: not in a byte, whichever older archive is taken; neighbours are there', async () => {
    const gone = plant(desk.cast.ws, 'Zqaxo');
    const first = await desk.archive();
    const stays = plant(desk.cast.ws, 'Wvubi');
    const second = await desk.archive();
    await erase(gone);
    for (const [file, neighbours] of [
      [second, stays.words],
      [first, []],
    ] as const) {
      assert.equal((await desk.putBack(file)).erased, 1);
      assert.deepEqual(scan(desk.dataDir(), gone.words), []);
      assert.equal(new Set(scan(desk.dataDir(), neighbours).map((each) => each.split(' ')[0])).size, neighbours.length);
    }
  });

  it('asks once more for a deletion that was asked for since, leaves alone whose was taken back since, and knows who was merged since', async () => {
    const { cast } = desk;
    const idOf = (name: string): number =>
      cast.ws.sql.prepare("SELECT contact_id FROM identities WHERE external_id = '49151-' || ?").pluck().get(name) as number;
    for (const name of ['asks', 'keeps', 'stays', 'joins']) await cast.write(name, 'Hello.');
    const [asks, keeps, stays, joins] = ['asks', 'keeps', 'stays', 'joins'].map(idOf);
    const ask = (contactId = 0): number =>
      askErasure(cast.ws, { contactId, askedBy: 'contact', userId: null })?.id ?? assert.fail('no request');
    const kept = ask(keeps);
    const file = await desk.archive();
    ask(asks);
    assert.ok(undoErasure(cast.ws, kept, null));
    assert.ok(mergeContacts(cast.ws, { stays: stays ?? 0, goes: joins ?? 0, userId: cast.server.people.owner }).ok);
    await erase({ contactId: stays ?? 0, words: [] });
    assert.equal((await desk.putBack(file)).erased, 2);
    await desk.look((ws) => {
      assert.deepEqual(ws.sql.prepare('SELECT id FROM contacts ORDER BY id').pluck().all(), [asks, keeps]);
      const states = ws.sql.prepare(
        "SELECT contact_id AS id, state FROM privacy_requests WHERE contact_id IS NOT NULL AND state = 'grace'",
      );
      assert.deepEqual(states.all(), [{ id: asks, state: 'grace' }]);
    });
  });

  it('keeps what was there before in an archive of its own, and erases from that, too, when it is put back', async () => {
    const { cast } = desk;
    await cast.write('Jonas Weber', 'Before.');
    const file = await desk.archive();
    await cast.write('Jonas Weber', 'After.');
    cast.server.clock.move(1000);
    const { before } = await desk.putBack(file);
    await desk.look((ws) => assert.deepEqual(ws.sql.prepare(TEXTS).pluck().all(), ['Before.']));
    await desk.putBack(join(desk.dataDir(), 'backups', before ?? ''));
    await desk.look((ws) => assert.deepEqual(ws.sql.prepare(TEXTS).pluck().all(), ['Before.', 'After.']));
  });

  it('replaces nothing that could not be kept first, but for what is damaged anyhow', async () => {
    await desk.cast.write('Jonas Weber', 'Before.');
    const file = await desk.archive();
    await desk.cast.write('Jonas Weber', 'After.');
    const folder = join(desk.dataDir(), 'backups');
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'as if there were no room');
    await assert.rejects(desk.putBack(file), /could not be kept, so nothing was changed/);
    await desk.look((ws) => assert.deepEqual(ws.sql.prepare(TEXTS).pluck().all(), ['Before.', 'After.']));
    rmSync(folder);
    writeFileSync(join(desk.dataDir(), 'control.db'), Buffer.alloc(8192, 'x'));
    assert.equal((await desk.putBack(file)).before, null);
    await desk.look((ws) => assert.deepEqual(ws.sql.prepare(TEXTS).pluck().all(), ['Before.']));
  });

  it('sends nothing by itself: jobs that speak to somebody are gone, deliveries are for a person, everybody signs in anew', async () => {
    const { cast } = desk;
    const conversation = await cast.write('Jonas Weber', 'Hello?');
    cast.delivery(cast.botSays(conversation, 'Hello.'), 'queued');
    await cast.server.as('owner');
    const file = await desk.archive();
    await desk.putBack(file);
    await desk.look((ws, { control }) => {
      assert.deepEqual(ws.sql.prepare('SELECT state FROM deliveries').pluck().all(), ['uncertain']);
      assert.deepEqual(ws.sql.prepare('SELECT kind FROM jobs').pluck().all(), []);
      assert.equal(control.sql.prepare('SELECT count(*) FROM sessions').pluck().get(), 0);
    });
  });

  it('asks no bot’s tests by itself: a run that was under way is paused, and those on a schedule go on being asked', async () => {
    const { sql } = desk.cast.ws;
    sql.exec(`
      INSERT INTO test_rounds (bot_id, bot_version_id, version_number, settings, settings_sign, tests_sign, kind, cause, state, created_at)
        SELECT bot_id, id, 0, settings, 'x', 'x', 'tests', 'schedule', 'running', 0 FROM bot_versions LIMIT 1;
      INSERT INTO jobs (kind, key, payload, due_at, created_at) VALUES ('test-on-time', '1', '{}', 0, 0), ('ask-tests', '1', '{}', 0, 0), ('tell-tests', '1', '{}', 0, 0)`);
    const file = await desk.archive();
    await desk.putBack(file);
    await desk.look((ws) => {
      assert.deepEqual(ws.sql.prepare('SELECT state, says FROM test_rounds').raw().all(), [['paused', 'A backup was put back.']]);
      assert.deepEqual(ws.sql.prepare('SELECT kind FROM jobs ORDER BY kind').pluck().all(), ['ask-tests', 'test-on-time']);
    });
  });

  it('does nothing again that a person had approved, or was asked for: it may have been done since', async () => {
    const { ws, write } = desk.cast;
    const conversation = await write('Jonas Weber', 'Cancel order 17.');
    const { id: version } = createBot(ws, { settings: { name: 'Aurora' }, userId: null });
    const run = ws.sql
      .prepare(
        "INSERT INTO runs (conversation_id, bot_version_id, kind, boot, state, passages, prompt, started_at, ended_at) VALUES (?, ?, 'answer', 'x', 'answered', '[]', '[]', 1, 2)",
      )
      .run(conversation, version).lastInsertRowid;
    const states = ['waiting', 'approved', 'executing', 'declined', 'done'];
    const call = ws.sql.prepare(
      "INSERT INTO tool_calls (run_id, conversation_id, name, title, input, state, started_at, expires_at, message_id) SELECT ?, ?, 'cancel', 'Cancel', '{}', ?, 1, 2, min(id) FROM messages",
    );
    for (const state of states) call.run(run, conversation, state);
    const file = await desk.archive();
    await desk.putBack(file);
    await desk.look((restored) => {
      const calls = restored.sql.prepare('SELECT state, says, told_at IS NOT NULL AS told FROM tool_calls ORDER BY id').raw().all();
      const parked = ['uncertain', 'A backup was put back. It may have been done since.', 1];
      assert.deepEqual(calls, [parked, parked, parked, ['declined', null, 0], ['done', null, 0]]);
    });
  });

  it('is refused where no ledger says who was deleted since, or it was cut; by hand it goes, with the bots off', async () => {
    const gone = plant(desk.cast.ws, 'Zqaxo');
    await erase(gone);
    const file = await desk.archive();
    writeFileSync(ledgerFile(desk.dataDir()), '');
    await assert.rejects(desk.putBack(file), /ledger of deletions is missing[^]*--without-ledger/);
    await assert.rejects(desk.putBack(file, { empty: true }), /ledger of deletions is missing/);
    await desk.putBack(file, { withoutLedger: true });
    await desk.look((ws) => assert.equal(ws.sql.prepare('SELECT count(*) FROM channels WHERE bot_id IS NOT NULL').pluck().get(), 0));
    assert.notEqual(readFileSync(ledgerFile(desk.dataDir()), 'utf8'), '', 'what the archive knows is kept');
  });

  it('is refused in words, with all as it was, when the archive is cut, changed, another’s or of a newer release', async () => {
    const { cast } = desk;
    await cast.write('Jonas Weber', 'Still here.');
    const file = await desk.archive();
    const whole = readFileSync(file);
    const changed = (at: number): Buffer => {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      return bytes;
    };
    const rest = whole.subarray(firstLine('0'.repeat(32)).length);
    const { fingerprint } = cast.server.installation.vault;
    const cases: [Buffer, RegExp][] = [
      [whole.subarray(0, -1), /cut short/],
      [whole.subarray(0, 70_000), /cut short/],
      [changed(whole.length - 10), /was changed/],
      [changed(200), /was changed/],
      [Buffer.from('A letter'), /no backup of Deskbell/],
      [Buffer.concat([firstLine('f'.repeat(32)), rest]), /another master key/],
      [Buffer.concat([firstLine(fingerprint, 2), rest]), /newer release/],
    ];
    for (const [bytes, says] of cases) {
      writeFileSync(file, bytes);
      await assert.rejects(desk.putBack(file), says);
    }
    await assert.rejects(desk.putBack(`${file}.not`), /no archive that can be read/);
    await desk.look((ws) => assert.deepEqual(ws.sql.prepare(TEXTS).pluck().all(), ['Still here.']));
    assert.equal(existsSync(join(desk.dataDir(), 'restore')), false);
  });

  it('is refused when a newer release made its databases', async () => {
    const { cast } = desk;
    const path = join(cast.server.installation.settings.dataDir, 'workspaces', cast.ws.id, 'workspace.db');
    cast.ws.sql.prepare("INSERT INTO migrations (name, hash, applied_at) VALUES ('9999_later.sql', 'x', 0)").run();
    cast.ws.sql.pragma('user_version = 9999');
    const file = await desk.archive();
    await assert.rejects(desk.putBack(file), /newer release/);
    const sql = new Database(path);
    sql.exec("DELETE FROM migrations WHERE name = '9999_later.sql'");
    sql.close();
  });

  it('is whole after a kill between any two steps of the swap: the next start goes on with it', async () => {
    const file = await desk.archive();
    await desk.putBack(file);
    const data = desk.dataDir();
    const names = ['control.db', 'workspaces', 'ledger'];
    for (let moved = 0; moved <= names.length; moved++) {
      const old = join(data, 'restore', 'old');
      mkdirSync(old, { recursive: true });
      for (const [at, name] of names.entries()) {
        cpSync(join(data, name), join(at < moved ? old : join(data, 'restore', 'new'), name), { recursive: true });
        // Killed after the first of the two renames.
        if (at === moved) rmSync(join(data, name), { recursive: true });
      }
      writeFileSync(join(data, 'restore', 'begun'), '');
      finishSwap(data);
      assert.deepEqual(
        names.filter((name) => !existsSync(join(data, name))),
        [],
      );
      assert.equal(existsSync(join(data, 'restore')), false);
    }
    await desk.look((ws) => assert.equal(ws.sql.pragma('integrity_check', { simple: true }), 'ok'));
  });

  it('is made anew each night, and goes after thirty days', async () => {
    const { cast } = desk;
    const first = await desk.archive();
    const folder = join(desk.dataDir(), 'backups');
    cast.server.clock.move(31 * 86_400_000);
    await desk.archive();
    assert.deepEqual(readdirSync(folder), [archiveName(cast.server.clock.now())]);
    assert.ok(!first.endsWith(archiveName(cast.server.clock.now())));
  });
});
