/** What somebody asked by right holds whatever they are known by, and however contacts are joined and parted. */
import assert from 'node:assert/strict';
import { mergeContacts } from '../../src/conversations/contacts/merge-contacts.ts';
import { unmergeContacts } from '../../src/conversations/contacts/unmerge-contacts.ts';
import { handToPerson, receiveEvents } from '../../src/conversations/index.ts';
import { forgetWordsOf } from '../../src/insights/index.ts';
import { askErasure, contactPurger } from '../../src/privacy/index.ts';
import { eventually } from '../support/eventually.ts';
import { inboxCast, type InboxCast } from '../conversations/inbox-cast.ts';

describe('what somebody asked by right', () => {
  let cast: InboxCast;
  beforeEach(async () => {
    cast = await inboxCast();
  });
  afterEach(() => cast.end());

  const contactOf = (who: string): number =>
    cast.ws.sql.prepare("SELECT contact_id FROM identities WHERE external_id = '49151-' || ?").pluck().get(who) as number;
  const set = (column: string, contactId: number): void =>
    void cast.ws.write(() => cast.ws.sql.prepare(`UPDATE contacts SET ${column} = 1 WHERE id = ?`).run(contactId));
  /** WhatsApp says that a customer has another number. */
  const changeNumber = (from: string, now: string) =>
    receiveEvents(cast.ws, 1, [
      {
        type: 'identity',
        thread: now,
        externalId: `${from} ${now}`,
        from: { externalId: `49151-${from}` },
        now: { externalId: `49151-${now}` },
        at: 0,
      },
    ]);
  const purge = () => cast.server.installation.jobs.start({ 'purge-contact': contactPurger({ forgetWords: forgetWordsOf }) });

  it('isn’t lost for one of two by separating them', async () => {
    await cast.write('Ada', 'Hello.');
    await cast.write('Bo', 'Hello.');
    const [stays, goes] = [contactOf('Ada'), contactOf('Bo')];
    const merged = mergeContacts(cast.ws, { stays, goes, userId: 1 });
    assert.ok(merged.ok);
    const { mergeId } = merged;
    for (const column of ['stopped_at', 'people_only_at', 'restricted_at']) {
      set(column, stays);
      assert.equal(unmergeContacts(cast.ws, { contactId: stays, mergeId, userId: 1 }), 'held', column);
      cast.ws.write(() => cast.ws.sql.prepare(`UPDATE contacts SET ${column} = NULL`).run());
    }
    assert.equal(unmergeContacts(cast.ws, { contactId: stays, mergeId, userId: 1 }), goes);
  });

  it('goes on under a new number: who is to be deleted is, with all that they said before', async () => {
    await cast.write('old', 'I live in Lindholm.');
    await cast.write('new', 'Delete me.');
    askErasure(cast.ws, { contactId: contactOf('new'), askedBy: 'contact', userId: null, atOnce: true });
    await changeNumber('old', 'new');
    await purge();
    await eventually(() => assert.equal(cast.ws.sql.prepare('SELECT state FROM privacy_requests').pluck().get(), 'purged'));
    assert.equal(cast.ws.sql.prepare('SELECT count(*) FROM contacts').pluck().get(), 0);
    assert.equal(cast.ws.sql.prepare('SELECT count(*) FROM messages').pluck().get(), 0);
  });

  it('goes on under a new number: who wants people only has no bot in what they had open', async () => {
    const conversation = await cast.write('old', 'Hello.');
    await cast.write('new', 'Hello.');
    set('people_only_at', contactOf('new'));
    await changeNumber('old', 'new');
    assert.equal(contactOf('new'), cast.ws.sql.prepare('SELECT contact_id FROM conversations WHERE id = ?').pluck().get(conversation));
    assert.equal(cast.ws.sql.prepare("SELECT count(*) FROM conversations WHERE status = 'open' AND bot_id IS NOT NULL").pluck().get(), 0);
    assert.equal(cast.ws.sql.prepare('SELECT count(*) FROM contacts WHERE people_only_at IS NOT NULL').pluck().get(), 1);
  });

  it('takes what an import kept of them under the number that they had before they were merged', async () => {
    await cast.write('Ada', 'Hello.');
    await cast.write('Bo', 'Hello.');
    const [stays, goes] = [contactOf('Ada'), contactOf('Bo')];
    cast.ws.write(() => {
      const put = cast.ws.sql.prepare(
        `INSERT INTO contact_imports (state, file_name, file_bytes, plan, created_by, uploaded_at) VALUES ('done', 'a.csv', 1, '{}', 1, 0)`,
      );
      const { lastInsertRowid } = put.run();
      cast.ws.sql
        .prepare(
          `INSERT INTO contact_import_rows (import_id, row, outcome, contact_id, change) VALUES (?, 1, 'updated', ?, '{"email":"bo@lindholm.example"}')`,
        )
        .run(lastInsertRowid, goes);
    });
    assert.ok(mergeContacts(cast.ws, { stays, goes, userId: 1 }).ok);
    askErasure(cast.ws, { contactId: stays, askedBy: 'member', userId: 1, atOnce: true });
    await purge();
    await eventually(() => assert.equal(cast.ws.sql.prepare('SELECT state FROM privacy_requests').pluck().get(), 'purged'));
    assert.equal(cast.ws.sql.prepare('SELECT count(*) FROM contact_import_rows').pluck().get(), 0);
  });

  it('rings for nobody: who wants no messages could not be answered', async () => {
    const conversation = await cast.write('Ada', 'Hello.');
    for (const column of ['stopped_at', 'restricted_at', 'blocked_at']) {
      set(column, contactOf('Ada'));
      assert.equal(handToPerson(cast.ws, { id: conversation }, 'They pressed the button.'), false, column);
      cast.ws.write(() => cast.ws.sql.prepare(`UPDATE contacts SET ${column} = NULL`).run());
    }
    assert.equal(
      cast.ws.durable(() => handToPerson(cast.ws, { id: conversation }, 'They pressed the button.')),
      true,
    );
  });
});
