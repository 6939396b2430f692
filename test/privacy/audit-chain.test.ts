import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { blockContact } from '../../src/conversations/contacts/block-contact.ts';
import { mergeContacts } from '../../src/conversations/contacts/merge-contacts.ts';
import { unmergeContacts } from '../../src/conversations/contacts/unmerge-contacts.ts';
import { forgetWordsOf } from '../../src/insights/index.ts';
import { verifyChain, type Verified } from '../../src/privacy/audit/verify-chain.ts';
import { askErasure, contactPurger } from '../../src/privacy/index.ts';
import { requestById } from '../../src/privacy/erasing/requests.ts';
import { audit } from '../../src/web/audit.ts';
import { eventually } from '../support/eventually.ts';
import { inboxCast, type InboxCast } from '../conversations/inbox-cast.ts';

const AUDIT = join(import.meta.dirname, '../../scripts/audit.ts');

describe('the audit log', () => {
  let cast: InboxCast;
  beforeEach(async () => {
    cast = await inboxCast();
    for (let n = 1; n <= 6; n++) audit(cast.ws, { actor: n, action: 'key.added', subject: `provider key ${n}`, detail: { n } });
  });
  afterEach(() => cast.end());

  function verify(): Verified {
    const { control, vault } = cast.server.installation;
    const { ws } = cast;
    return verifyChain({
      workspace: ws.id,
      sql: ws.sql,
      control: control.sql,
      hash: (...parts) => ws.hash(...parts),
      signedBy: vault.sign('').key,
    });
  }

  /** As somebody would who has the file and knows SQLite. */
  function tamper(text: string): void {
    for (const name of ['audit_events_stay', 'audit_events_remain', 'audit_persons_stay'])
      cast.ws.sql.exec(`DROP TRIGGER IF EXISTS ${name}`);
    cast.ws.sql.exec(text);
  }

  const contactOf = (conversation: number): number =>
    cast.ws.sql.prepare('SELECT contact_id FROM conversations WHERE id = ?').pluck().get(conversation) as number;

  it('is whole as it is written, and no event of it can be changed or deleted', () => {
    assert.deepEqual(verify(), { events: 6, fault: null });
    const { sql } = cast.ws;
    assert.throws(() => sql.exec("UPDATE audit_events SET action = 'x' WHERE id = 3"), /never changed/);
    assert.throws(() => sql.exec('DELETE FROM audit_events WHERE id = 3'), /never deleted/);
  });

  for (const [what, text, event, says] of [
    ['one was edited', 'UPDATE audit_events SET actor_id = 9 WHERE id = 3', 3, /isn’t as it was written/],
    ['one was dropped', 'DELETE FROM audit_events WHERE id = 3', 3, /gone/],
    [
      'two changed places',
      'UPDATE audit_events SET id = 99 WHERE id = 3; UPDATE audit_events SET id = 3 WHERE id = 4; UPDATE audit_events SET id = 4 WHERE id = 99',
      3,
      /isn’t as it was written/,
    ],
    ['the end was cut off', 'DELETE FROM audit_events WHERE id > 4', 5, /gone/],
    ['all of it is gone', 'DELETE FROM audit_events', 1, /gone/],
    ['one was put in', "INSERT INTO audit_events (at, actor_kind, action) VALUES (0, 'user', 'x')", 7, /put in/],
  ] as const)
    it(`names the first event that is wrong when ${what}`, () => {
      tamper(text);
      const { fault } = verify();
      assert.equal(fault?.event, event);
      assert.match(fault.says, says);
      audit(cast.ws, { actor: 1, action: 'key.removed' });
      assert.equal(verify().fault?.event, event, 'what is done afterwards hides nothing');
    });

  it('stays wrong at the same event when it was cut, goes on, and the gap is closed', () => {
    tamper('DELETE FROM audit_events WHERE id > 4');
    for (let n = 0; n < 4; n++) audit(cast.ws, { actor: 1, action: 'key.removed' });
    assert.equal(verify().fault?.event, 5);
    tamper('UPDATE audit_events SET id = id - 2 WHERE id > 6');
    assert.equal(verify().fault?.event, 5);
  });

  it('has its end signed in control.db, and shows a signature that doesn’t fit', () => {
    const { control } = cast.server.installation;
    assert.equal(control.prepare('SELECT event_id FROM audit_heads').pluck().get(), 6);
    control.write(() => control.sql.exec('UPDATE audit_heads SET at = at - 1'));
    assert.match(verify().fault?.says ?? '', /signature/);
  });

  it('[P8.2-c] stays whole when a person is deleted, and tells nothing of them any more', async () => {
    const contact = contactOf(await cast.write('Jonas', 'Hello'));
    blockContact(cast.ws, contact, cast.server.people.owner);
    const parts = (): unknown[] => cast.ws.sql.prepare('SELECT part FROM audit_persons').pluck().all();
    assert.deepEqual(parts(), [JSON.stringify({ subject: `contact ${contact}`, detail: null })]);
    assert.equal(verify().fault, null);
    await cast.server.installation.jobs.start({ 'purge-contact': contactPurger({ forgetWords: forgetWordsOf }) });
    const request = askErasure(cast.ws, { contactId: contact, askedBy: 'contact', userId: cast.server.people.owner, atOnce: true });
    await eventually(() => assert.equal(requestById(cast.ws, request?.id ?? 0)?.state, 'purged'));
    assert.deepEqual(parts(), []);
    const kept = cast.ws.sql.prepare("SELECT subject, detail, actor_id AS by FROM audit_events WHERE action = 'contact.blocked'").get();
    assert.deepEqual(kept, { subject: null, detail: null, by: cast.server.people.owner });
    assert.deepEqual(verify(), { events: 9, fault: null });
  });

  it('names an event of which what it tells of a customer was changed', async () => {
    blockContact(cast.ws, contactOf(await cast.write('Jonas', 'Hello')), 1);
    assert.throws(() => cast.ws.sql.exec("UPDATE audit_persons SET part = '{}'"), /never changed/);
    tamper("UPDATE audit_persons SET part = '{}'");
    assert.deepEqual([verify().fault?.event, /customer/.test(verify().fault?.says ?? '')], [7, true]);
  });

  it('goes with a person who is merged, and comes back with who is separated', async () => {
    const [one, other] = [contactOf(await cast.write('Jonas', 'Hello')), contactOf(await cast.write('Jonny', 'Hello'))];
    blockContact(cast.ws, other, 1);
    const merged = mergeContacts(cast.ws, { stays: one, goes: other, userId: 1 });
    const owners = (): unknown[] => cast.ws.sql.prepare('SELECT contact_id FROM audit_persons ORDER BY id').pluck().all();
    assert.deepEqual(owners(), [one, one]);
    unmergeContacts(cast.ws, { contactId: one, mergeId: merged.ok ? merged.mergeId : 0, userId: 1 });
    assert.deepEqual(owners(), [other, one, one]);
    assert.equal(verify().fault, null);
  });

  it('begins with what an earlier release wrote, once', async () => {
    const contact = contactOf(await cast.write('Jonas', 'Hello'));
    tamper(`UPDATE audit_events SET hash = NULL; UPDATE audit_events SET subject = 'contact ${contact}' WHERE id = 2`);
    const { control } = cast.server.installation;
    control.write(() => control.sql.exec('DELETE FROM audit_heads'));
    audit(cast.ws, { actor: 1, action: 'key.added' });
    assert.deepEqual(verify(), { events: 7, fault: null });
    const second = cast.ws.sql.prepare('SELECT e.subject, p.contact_id FROM audit_events e JOIN audit_persons p ON p.id = e.id').get();
    assert.deepEqual(second, { subject: null, contact_id: contact });
  });

  it('is verified from the console while the server runs, and says which event is wrong', async () => {
    const { settings } = cast.server.installation;
    const env = { ...process.env, DATA_DIR: settings.dataDir, KEYS_DIR: settings.keysDir };
    const run = (...args: string[]) => promisify(execFile)(process.execPath, [AUDIT, ...args], { env });
    assert.equal((await run('verify')).stdout, `${cast.ws.id}: whole, 6 events.\n`);
    tamper('UPDATE audit_events SET at = 1 WHERE id = 2');
    await assert.rejects(run('verify', cast.ws.id), { code: 1, stdout: new RegExp(`${cast.ws.id}: changed\\. Event 2: `) });
    await assert.rejects(run('verify', 'nowhere'), { code: 2 });
  });
});
