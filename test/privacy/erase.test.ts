import assert from 'node:assert/strict';
import { DatabaseTender } from '../../src/db/tend-databases.ts';
import { tidyWorkspace } from '../../src/db/tidy-workspace.ts';
import { forgetWordsOf } from '../../src/insights/index.ts';
import { releaseSearch } from '../../src/knowledge/index.ts';
import { askErasure, certify, contactPurger, undoErasure, waitsForProof, wantPurges } from '../../src/privacy/index.ts';
import { isGenuine, type Certificate, type SignedCertificate } from '../../src/privacy/erasing/certify.ts';
import { answerDue, monthAfter, purgeDue } from '../../src/privacy/erasing/due.ts';
import { ownedTables } from '../../src/privacy/erasing/owned-rows.ts';
import { requestById, type PrivacyRequest } from '../../src/privacy/erasing/requests.ts';
import { ledgerFile, LedgerError, readLedger } from '../../src/privacy/ledger.ts';
import { readFileSync, writeFileSync } from 'node:fs';
import { eventually } from '../support/eventually.ts';
import { scan } from '../support/scan.ts';
import { inboxCast, type InboxCast } from '../conversations/inbox-cast.ts';
import { plant, type Planted } from './canaries.ts';

const DAY = 86_400_000;
const purger = contactPurger({ forgetWords: forgetWordsOf });

describe('a person who is deleted', () => {
  let cast: InboxCast;
  let gone: Planted;
  let stays: Planted;
  const data = (): string => cast.server.installation.settings.dataDir;

  beforeEach(async () => {
    cast = await inboxCast();
    gone = plant(cast.ws, 'Zqaxo');
    stays = plant(cast.ws, 'Wvubi');
    for (const [planted, word] of [
      [gone, 'Zqaxotoldelsewhere'],
      [stays, 'Wvubitoldelsewhere'],
    ] as const) {
      const conversation = cast.ws.sql.prepare('SELECT id FROM conversations WHERE contact_id = ?').pluck().get(planted.contactId);
      failedCall(Number(conversation), word);
      planted.words.push(word);
    }
  });
  afterEach(() => cast.end());

  /** Another program couldn't be told of what they gave: what it was to be told waits. */
  function failedCall(conversationId: number, word: string): void {
    cast.ws.write(() => {
      const hook = cast.ws.sql
        .prepare("INSERT INTO hooks (name, url_sealed, secret_sealed, host, created_at) VALUES ('CRM', x'00', x'00', 'crm.example', 0)")
        .run();
      const body = JSON.stringify({ event: 'lead.collected', conversation: { id: conversationId }, details: [{ value: word }] });
      cast.ws.sql
        .prepare("INSERT INTO hook_calls (hook_id, reference, event, body, created_at) VALUES (?, ?, 'lead.collected', ?, 0)")
        .run(hook.lastInsertRowid, word, body);
    });
  }

  const begin = (): Promise<void> => cast.server.installation.jobs.start({ 'purge-contact': purger });
  const ask = (atOnce: boolean): PrivacyRequest => {
    const made = askErasure(cast.ws, { contactId: gone.contactId, askedBy: 'member', userId: cast.server.people.owner, atOnce });
    return made ?? assert.fail('no request');
  };
  const now = (id: number): PrivacyRequest => requestById(cast.ws, id) ?? assert.fail('no request');
  const purged = (id: number): Promise<void> => eventually(() => assert.equal(now(id).state, 'purged'));
  /** What the night does with a workspace's file. */
  async function night(): Promise<void> {
    const { installation } = cast.server;
    const tender = new DatabaseTender({ open: () => installation.workspaces.opened(), fault: () => undefined, log: installation.log });
    await installation.jobs.stop(100);
    cast.letGo();
    await tidyWorkspace(
      { ...installation, tender, release: releaseSearch, mustWriteAnew: waitsForProof, writtenAnew: certify },
      cast.ws.id,
    );
    await tender.stop();
    cast.holdAgain();
  }

  it('[P8.2-d] [P10.1-c] is in no byte of the data any more, in any form, and their neighbour is in all that they were in', async () => {
    assert.ok(gone.words.length > 40, `only ${gone.words.length} personal columns were filled`);
    const before = scan(data(), [...gone.words, ...stays.words]);
    const seen = new Set(before.map((each) => each.split(' ')[0]));
    assert.deepEqual(
      [...gone.words, ...stays.words].filter((word) => !seen.has(word)),
      [],
      'the scan must see what is there',
    );
    await begin();
    const { id } = ask(true);
    await purged(id);
    await night();
    assert.deepEqual(scan(data(), gone.words), []);
    const left = new Set(scan(data(), stays.words).map((each) => each.split(' ')[0]));
    assert.deepEqual(
      stays.words.filter((word) => !left.has(word)),
      [],
    );
    assert.equal(cast.ws.sql.pragma('integrity_check', { simple: true }), 'ok');
    assert.deepEqual(cast.ws.sql.pragma('foreign_key_check'), []);
  });

  it('leaves a certificate that says what was done and not to whom, and shows whether it was changed', async () => {
    await begin();
    const { id } = ask(true);
    await purged(id);
    assert.equal(now(id).certificate, null, 'not before the file is written anew');
    await night();
    const signed = JSON.parse(now(id).certificate ?? '') as SignedCertificate;
    const certificate = JSON.parse(signed.text) as Certificate;
    assert.equal(isGenuine(signed), true);
    assert.equal(isGenuine({ ...signed, text: signed.text.replace('"messages":1', '"messages":2') }), false);
    assert.equal(certificate.rows['messages'], 1);
    assert.equal(certificate.ledgerEntry, 2);
    assert.doesNotMatch(signed.text, /Zqaxo|contact_id/);
  });

  it('has their rows counted by tables in an order in which none refers to one that is gone', () => {
    const order = ownedTables(cast.ws).map(({ table }) => table);
    assert.equal(order.at(-1), 'contacts');
    assert.ok(order.indexOf('message_parts') < order.indexOf('messages'));
    assert.ok(order.indexOf('messages') < order.indexOf('conversations'));
  });

  it('is found by indexes: no table is read from end to end for one person', () => {
    const scanned = ownedTables(cast.ws).flatMap(({ table, where }) => {
      const plan = cast.ws.sql.prepare(`EXPLAIN QUERY PLAN SELECT 1 FROM ${table} WHERE ${where}`).all(1) as { detail: string }[];
      return plan.filter(({ detail }) => /^SCAN (?!CONSTANT)/.test(detail)).map(({ detail }) => `${table}: ${detail}`);
    });
    assert.deepEqual(scanned, []);
  });

  it('is in the ledger before anything goes, by a hash alone, and a ledger that was changed is found out', async () => {
    await begin();
    await purged(ask(true).id);
    const { vault } = cast.server.installation;
    const file = ledgerFile(data());
    const { entries } = readLedger(file, vault);
    assert.deepEqual(
      entries.map(({ n, kind, workspace }) => [n, kind, workspace]),
      [
        [1, 'asked', cast.ws.id],
        [2, 'erased', cast.ws.id],
      ],
    );
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, `${text}{"n":3,"at":`);
    assert.equal(readLedger(file, vault).entries.length, 2, 'half an entry was never acted on');
    writeFileSync(file, text.replace('"erased"', '"undone"'));
    assert.throws(() => readLedger(file, vault), LedgerError);
  });

  it('is restricted from the moment on, waits thirty days, and is as before when it is taken back', async () => {
    await begin();
    const request = ask(false);
    const restricted = (): unknown =>
      cast.ws.sql.prepare('SELECT restricted_at IS NOT NULL FROM contacts WHERE id = ?').pluck().get(gone.contactId);
    assert.equal(restricted(), 1);
    assert.equal(request.purgeAt - request.receivedAt, 30 * DAY);
    cast.server.clock.move(29 * DAY);
    wantPurges(cast.ws);
    assert.equal(now(request.id).state, 'grace');
    assert.equal(undoErasure(cast.ws, request.id, cast.server.people.owner), true);
    assert.equal(restricted(), 0);
    cast.server.clock.move(2 * DAY);
    wantPurges(cast.ws);
    assert.equal(now(request.id).state, 'cancelled');
    assert.equal(undoErasure(cast.ws, request.id, cast.server.people.owner), false);
  });

  it('goes on the day, on which no job was left: the boot finds it', async () => {
    const { id } = ask(false);
    cast.ws.write(() => cast.ws.sql.exec('DELETE FROM jobs'));
    cast.server.clock.move(30 * DAY + 1);
    wantPurges(cast.ws);
    await begin();
    await purged(id);
  });

  it('waits an hour more where the server or its clock was away for days', async () => {
    const { id } = ask(false);
    cast.server.clock.move(33 * DAY);
    wantPurges(cast.ws);
    await begin();
    await eventually(() => assert.notEqual(now(id).heldUntil, null));
    assert.equal(now(id).state, 'grace');
    cast.server.clock.move(3_600_001);
    wantPurges(cast.ws);
    await purged(id);
  });

  it('is gone once, wherever a kill came: the job that is begun again goes on', async () => {
    const stopAt = (table: string): unknown =>
      cast.ws.sql.exec(
        `DROP TRIGGER IF EXISTS stop; CREATE TRIGGER stop BEFORE DELETE ON ${table} BEGIN SELECT raise(abort, 'killed'); END`,
      );
    const attempts = cast.ws.sql.prepare("SELECT attempts FROM jobs WHERE kind = 'purge-contact'").pluck();
    stopAt('deliveries');
    await begin();
    const { id } = ask(true);
    for (const next of ['messages', 'conversations', 'contacts', '']) {
      await eventually(() => assert.ok(Number(attempts.get()) > 0));
      if (next === '') cast.ws.sql.exec('DROP TRIGGER stop');
      else stopAt(next);
      wantPurges(cast.ws);
      await eventually(() =>
        assert.equal(cast.ws.sql.prepare('SELECT count(*) FROM jobs WHERE attempts = 0 AND lease IS NULL').pluck().get(), 0),
      );
    }
    await purged(id);
    assert.equal(readLedger(ledgerFile(data()), cast.server.installation.vault).entries.length, 2);
  });
});

describe('the day of a deletion', () => {
  const at = (text: string): number => Date.parse(`${text}T10:00:00Z`);
  it('is counted by the calendar: the last day of a short month, leap years, a year’s end', () => {
    assert.equal(monthAfter(at('2027-01-31')), at('2027-02-28'));
    assert.equal(monthAfter(at('2028-01-31')), at('2028-02-29'));
    assert.equal(monthAfter(at('2026-12-15')), at('2027-01-15'));
    assert.equal(answerDue(at('2027-01-31')), at('2027-02-28'));
    assert.equal(answerDue(at('2026-03-31')), at('2026-04-30'));
    assert.equal(answerDue(at('2026-07-31')), at('2026-08-30'), 'thirty days end before the month does');
  });

  it('leaves a day for the answer where the person asked, over the change of clocks too', () => {
    assert.equal(purgeDue(at('2027-01-31'), 'contact'), at('2027-02-27'));
    assert.equal(purgeDue(at('2026-10-10'), 'contact'), at('2026-11-08'));
    assert.equal(purgeDue(at('2027-01-31'), 'member'), at('2027-03-02'));
  });
});
