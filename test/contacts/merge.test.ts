import assert from 'node:assert/strict';
import { handToPerson, sayAsPerson, takeOver } from '../../src/conversations/index.ts';
import { blockContact, unblockContact } from '../../src/conversations/contacts/block-contact.ts';
import { mergeContacts } from '../../src/conversations/contacts/merge-contacts.ts';
import { unmergeContacts } from '../../src/conversations/contacts/unmerge-contacts.ts';
import { addField, contactNotes, contactRows, editContact, noteOnContact } from '../../src/contacts/index.ts';
import { eventually } from '../support/eventually.ts';
import { castOf, MIRA, type Cast } from '../conversations/cast.ts';

const ALL = { query: '', channel: null, label: null, blocked: false, field: null, value: '' };

describe('contacts that are one person', () => {
  let cast: Cast;
  /** Jonas writes as 7, and as 8 from another account. */
  let jonas: number;
  let other: number;
  let talks: [number, number];

  const contactOf = (conversationId: number): number =>
    cast.one<{ id: number }>('SELECT contact_id AS id FROM conversations WHERE id = ?', conversationId).id;
  /** Everything that a merge may touch. */
  const everything = (): unknown =>
    ['contacts', 'identities', 'contact_values', 'contact_notes', 'contact_merges', 'contact_labels', 'leads'].map((table) =>
      cast.all(`SELECT * FROM ${table} ORDER BY 1`),
    );
  const as8 = { thread: '8', sender: { externalId: '8', displayName: 'J. Weber' } };

  beforeEach(async () => {
    cast = await castOf();
    const first = await cast.write('Are you open on Sunday?');
    const second = await cast.write('And is there cake?', as8);
    talks = [first.conversationId ?? 0, second.conversationId ?? 0];
    [jonas, other] = [contactOf(talks[0]), contactOf(talks[1])];
  });
  afterEach(() => cast.test.end());

  function knownMore(): { hair: number; size: number } {
    const hair = addField(cast.ws, { name: 'Hair', kind: 'text', choices: [] });
    const size = addField(cast.ws, { name: 'Size', kind: 'number', choices: [] });
    assert.ok(hair.ok && size.ok);
    editContact(cast.ws, { contactId: jonas, userId: MIRA, typed: { email: 'j@example.com', fields: { [hair.id]: 'brown' } } });
    editContact(cast.ws, {
      contactId: other,
      userId: MIRA,
      typed: { email: 'other@example.com', phone: '+49 30 1234', fields: { [hair.id]: 'grey', [size.id]: '4,5' } },
    });
    noteOnContact(cast.ws, { contactId: other, userId: MIRA, text: 'Likes lemon.' });
    cast.ws.durable(() => {
      cast.ws.sql.prepare("INSERT INTO labels (id, name, hue, created_at) VALUES (1, 'regular', 'grey', 0), (2, 'vip', 'grey', 0)").run();
      cast.ws.sql.prepare('INSERT INTO contact_labels (contact_id, label_id) VALUES (?, 1), (?, 1), (?, 2)').run(jonas, other, other);
      cast.ws.sql.prepare("INSERT INTO leads (contact_id, field, state, asked, at) VALUES (?, 'phone', 'declined', 1, 5)").run(other);
    });
    return { hair: hair.id, size: size.id };
  }

  it('each conversation is answered where it came from after they are merged, and two open ones stay two', async () => {
    assert.ok(mergeContacts(cast.ws, { stays: jonas, goes: other, userId: MIRA }).ok);
    assert.equal(contactOf(talks[1]), jonas);
    await cast.startJobs();
    for (const [id, text] of [
      [talks[1], 'Yes, lemon cake.'],
      [talks[0], 'Yes, from ten.'],
    ] as const) {
      takeOver(cast.ws, id, MIRA);
      sayAsPerson(cast.ws, { conversationId: id, userId: MIRA, text });
    }
    await eventually(() => assert.equal(cast.far.sent.length, 2));
    assert.deepEqual(cast.far.sent.map(({ recipient, text }) => [recipient, text]).sort(), [
      ['7', 'Yes, from ten.'],
      ['8', 'Yes, lemon cake.'],
    ]);
    assert.equal(cast.all("SELECT 1 FROM conversations WHERE status = 'open'").length, 2);
  });

  it('what the one who stays has, stays; what is missing comes from the other', () => {
    const { hair, size } = knownMore();
    mergeContacts(cast.ws, { stays: jonas, goes: other, userId: MIRA });
    const row = cast.one('SELECT name, email, phone FROM contacts WHERE id = ?', jonas);
    assert.deepEqual(row, { name: 'Jonas', email: 'j@example.com', phone: '+49301234' });
    assert.deepEqual(cast.all('SELECT field_id AS field, value FROM contact_values WHERE contact_id = ? ORDER BY 1', jonas), [
      { field: hair, value: 'brown' },
      { field: size, value: '4.5' },
    ]);
    assert.equal(contactNotes(cast.ws, jonas).length, 1);
    assert.equal(contactRows(cast.ws, { ...ALL, query: 'J. Weber' }, { limit: 9 })[0]?.id, jonas, 'found by the name of the other');
  });

  it('separated again, both are as they were, to the last row', () => {
    knownMore();
    const before = everything();
    const merged = mergeContacts(cast.ws, { stays: jonas, goes: other, userId: MIRA });
    assert.ok(merged.ok);
    assert.notDeepEqual(everything(), before);
    assert.equal(unmergeContacts(cast.ws, { contactId: jonas, mergeId: merged.mergeId, userId: MIRA }), other);
    assert.deepEqual(everything(), before);
    assert.deepEqual(talks.map(contactOf), [jonas, other]);
  });

  it('separated again, each has what came by their own account meanwhile, and what a member changed since stays', async () => {
    knownMore();
    const merged = mergeContacts(cast.ws, { stays: jonas, goes: other, userId: MIRA });
    assert.ok(merged.ok);
    const later = await cast.write('From another chat', { ...as8, thread: '8b' });
    editContact(cast.ws, { contactId: jonas, userId: MIRA, typed: { phone: '+49 30 9999' } });
    unmergeContacts(cast.ws, { contactId: jonas, mergeId: merged.mergeId, userId: MIRA });
    assert.equal(contactOf(later.conversationId ?? 0), other);
    assert.equal(cast.one<{ phone: string }>('SELECT phone FROM contacts WHERE id = ?', jonas).phone, '+49309999');
  });

  it('of several merges the newest is separated first', async () => {
    const { conversationId = 0 } = await cast.write('A third', { thread: '9', sender: { externalId: '9', displayName: 'Ida' } });
    const ida = contactOf(conversationId);
    const before = everything();
    const first = mergeContacts(cast.ws, { stays: other, goes: ida, userId: MIRA });
    const second = mergeContacts(cast.ws, { stays: jonas, goes: other, userId: MIRA });
    assert.ok(first.ok && second.ok);
    assert.equal(unmergeContacts(cast.ws, { contactId: jonas, mergeId: first.mergeId, userId: MIRA }), undefined);
    assert.equal(unmergeContacts(cast.ws, { contactId: jonas, mergeId: second.mergeId, userId: MIRA }), other);
    assert.equal(unmergeContacts(cast.ws, { contactId: other, mergeId: first.mergeId, userId: MIRA }), ida);
    assert.deepEqual(everything(), before);
  });

  it('with somebody who is blocked, the merged contact is blocked, and separated only who was', () => {
    blockContact(cast.ws, other, MIRA);
    const merged = mergeContacts(cast.ws, { stays: jonas, goes: other, userId: MIRA });
    assert.ok(merged.ok);
    const blocked = () => cast.all('SELECT id FROM contacts WHERE blocked_at IS NOT NULL');
    assert.deepEqual(blocked(), [{ id: jonas }]);
    unmergeContacts(cast.ws, { contactId: jonas, mergeId: merged.mergeId, userId: MIRA });
    assert.deepEqual(blocked(), [{ id: other }]);
  });

  it('who asked to be left alone can’t be merged', () => {
    cast.ws.durable(() => cast.ws.sql.prepare('UPDATE contacts SET restricted_at = 1 WHERE id = ?').run(other));
    const merged = mergeContacts(cast.ws, { stays: jonas, goes: other, userId: MIRA });
    assert.ok(!merged.ok);
    assert.match(merged.says, /left alone/);
  });

  it('what a blocked contact writes is stored, asks for no answer and calls nobody, until they are unblocked', async () => {
    cast.ws.durable(() => cast.ws.sql.prepare('DELETE FROM jobs').run());
    assert.ok(blockContact(cast.ws, jonas, MIRA));
    const { outcome, conversationId } = await cast.write('Hello?');
    assert.equal(outcome, 'stored');
    await cast.write('A person, please', { parts: [{ kind: 'text', text: 'I want to talk to a person' }] });
    assert.deepEqual(cast.all("SELECT kind FROM jobs WHERE kind IN ('answer', 'tell-team', 'nobody-came')"), []);
    assert.deepEqual(cast.one('SELECT wanted_since AS wanted FROM conversations WHERE id = ?', conversationId), { wanted: null });
    assert.equal(handToPerson(cast.ws, { id: conversationId ?? 0 }, 'They asked for a person.'), false);
    assert.deepEqual(cast.all("SELECT kind FROM jobs WHERE kind IN ('answer', 'tell-team', 'nobody-came')"), []);
    assert.ok(unblockContact(cast.ws, jonas, MIRA));
    await cast.write('And now?');
    assert.equal(cast.all("SELECT 1 FROM jobs WHERE kind = 'answer'").length, 1);
  });

  it('a customer of whom a person is wanted waits no longer once they are blocked', () => {
    cast.ws.durable(() => cast.ws.sql.prepare('UPDATE conversations SET wanted_since = 1 WHERE id = ?').run(talks[0]));
    blockContact(cast.ws, jonas, MIRA);
    assert.deepEqual(cast.all('SELECT 1 FROM conversations WHERE wanted_since IS NOT NULL'), []);
  });
});
