import assert from 'node:assert/strict';
import { addHook } from '../../src/alerts/hooks.ts';
import { readDetail } from '../../src/answering/leads/read-detail.ts';
import { publishedOf, type BotSettings } from '../../src/bots/index.ts';
import { addField, contactCard, editContact, givenBy } from '../../src/contacts/index.ts';
import { handBack } from '../../src/conversations/index.ts';
import { eventually } from '../support/eventually.ts';
import { castOf, type Cast } from './cast.ts';

const FREE = 'If you’d rather not say, write “no”.';
const EMAIL = `What’s your e-mail address? ${FREE}`;
const HOURS = 'We are open on Sunday from nine to five.';

describe('details that a bot asks for', () => {
  let cast: Cast;
  let contact = 0;
  let size: number;
  before(async () => {
    cast = await castOf();
    const added = addField(cast.ws, { name: 'Guests', kind: 'number', choices: [] });
    assert.ok(added.ok);
    size = added.id;
    const live = publishedOf(cast.ws, cast.botId)?.settings;
    assert.ok(live);
    withAi = { providerKeyId: live.providerKeyId, model: live.model };
  });
  beforeEach(() => {
    // Somebody new writes.
    cast.ws.sql.exec(
      "UPDATE conversations SET status = 'resolved'; UPDATE identities SET external_id = 'old-' || id; UPDATE contacts SET name = name",
    );
    cast.ai.says = HOURS;
  });
  after(() => cast.end());

  let withAi: Pick<BotSettings, 'providerKeyId' | 'model'>;
  const ask = (...leads: Partial<BotSettings['leads'][number]>[]): void =>
    cast.set({
      ...withAi,
      groundedOnly: false,
      leads: leads.map((lead) => ({ field: 'email', when: 'before', required: false, says: '', ...lead })),
    });
  async function write(text: string): Promise<string[]> {
    const before = cast.said().length;
    const received = await cast.write(text);
    await eventually(() => assert.ok(cast.said().length > before + 1 || cast.jobs().length === 0));
    await cast.quiet();
    contact = cast.ws.sql.prepare('SELECT contact_id FROM conversations WHERE id = ?').pluck().get(received.conversationId) as number;
    return cast
      .said()
      .slice(before)
      .filter(({ author }) => author === 'bot')
      .map((said) => said.text);
  }
  const askedLast = () => cast.ws.sql.prepare('SELECT question FROM runs ORDER BY id DESC LIMIT 1').pluck().get();
  /** At the same instant. */
  async function writeAll(...texts: string[]): Promise<void> {
    const received = await Promise.all(texts.map((text) => cast.write(text)));
    await cast.quiet();
    contact = cast.ws.sql.prepare('SELECT contact_id FROM conversations WHERE id = ?').pluck().get(received[0]?.conversationId) as number;
  }
  const card = () => contactCard(cast.ws, contact) ?? assert.fail('no contact');
  const stateOf = (field: string): string | undefined =>
    cast.ws.sql.prepare('SELECT state FROM leads WHERE contact_id = ? AND field = ?').pluck().get(contact, field) as string | undefined;

  it('before it answers: it asks, keeps what it is told, and then answers what was asked first', async () => {
    ask({ field: 'email' }, { field: size });
    assert.deepEqual(await write('Are you open on Sunday?'), [EMAIL]);
    assert.deepEqual(await write('Sure, it is Leyla@Example.com.'), [`May I ask you for this: Guests? ${FREE}`]);
    assert.deepEqual(await write('12'), [HOURS]);
    assert.deepEqual([card().email, card().values[0]?.value], ['leyla@example.com', '12']);
    assert.deepEqual([...givenBy(cast.ws, contact).keys()].sort(), [String(size), 'email'].sort());
    assert.deepEqual(await write('And on Monday, are you open?'), [HOURS], 'what is known isn’t asked for');
  });

  it('answers what was asked first though the model fails at its first try', async () => {
    ask({ field: 'email' });
    await write('Are you open on Sunday?');
    cast.ai.retryAfter = '0';
    cast.ai.fail('overloaded');
    await cast.write('leyla@example.com');
    await cast.quiet();
    assert.equal(cast.said().at(-1)?.text, HOURS);
    assert.deepEqual([cast.runs().at(-2)?.state, askedLast()], ['failed', 'Are you open on Sunday?']);
    assert.equal(cast.ws.sql.prepare('SELECT asked FROM leads WHERE contact_id = ?').pluck().get(contact), 1);
  });

  it('answers all of what was asked first, in however many messages the detail was told', async () => {
    ask({ field: 'email', required: true });
    await writeAll('Are you open', 'on Sunday?');
    await write('leyla at example');
    await writeAll('Sure', 'leyla@example.com');
    assert.equal(card().email, 'leyla@example.com');
    assert.equal(askedLast(), 'Are you open\non Sunday?');
  });

  it('answers what was asked since a person gave the conversation back, not what was meant for them', async () => {
    ask({ field: 'email' });
    const { conversationId = 0 } = await cast.write('I want to talk to a person');
    await cast.quiet();
    handBack(cast.ws, conversationId, 1);
    assert.deepEqual(await write('Are you open on Sunday?'), [EMAIL]);
    assert.deepEqual(await write('leyla@example.com'), [HOURS]);
    assert.equal(askedLast(), 'Are you open on Sunday?');
  });

  it('who doesn’t want to tell is answered, and is never asked again', async () => {
    ask({ field: 'email' });
    assert.deepEqual(await write('Are you open on Sunday?'), [EMAIL]);
    assert.deepEqual(await write('No, thanks'), [HOURS]);
    assert.equal(stateOf('email'), 'declined');
    assert.deepEqual(await write('And on Monday, are you open?'), [HOURS]);
  });

  it('what can’t be read is asked for once more where it is needed; who asks something else is answered', async () => {
    ask({ field: 'email', required: true });
    assert.deepEqual(await write('Are you open on Sunday?'), [EMAIL]);
    assert.deepEqual(await write('leyla at example'), ['I couldn’t read that. Could you write it once more?']);
    assert.deepEqual(await write('Why do you want to know that, and are you open on Sunday?'), [HOURS]);
    assert.equal(card().email, null);
  });

  it('in the customer’s language, or in the owner’s words where they are in it', async () => {
    ask({ field: 'phone', says: 'Which number reaches you?' });
    assert.deepEqual(await write('Are you open on Sunday?'), [`Which number reaches you? ${FREE}`]);
    assert.deepEqual(await write('Haben Sie am Sonntag geöffnet? Ich würde gerne mit meiner Familie kommen.'), [HOURS], 'asked once');
    cast.ws.sql.exec("UPDATE conversations SET status = 'resolved'; UPDATE identities SET external_id = 'older-' || id");
    const [german] = await write('Haben Sie am Sonntag geöffnet? Ich würde gerne mit meiner Familie kommen.');
    assert.match(german ?? '', /^Wie lautet Ihre Telefonnummer\?/);
  });

  it('a model asks when it fits, and signs what it was told; no customer sees the sign, and nobody calls it twice', async () => {
    ask({ field: 'email', when: 'fits' });
    cast.ai.says = 'Yes, from nine. May I have your e-mail?';
    await write('Are you open on Sunday?');
    const prompt = cast.runs().at(-1)?.prompt ?? '';
    assert.match(prompt, /would like to know of this customer:\\n1\. email \(an e-mail address\)/);
    cast.ai.says = 'Thank you, Leyla.\n[[detail 1: leyla@example.org]]';
    const calls = cast.ai.calls.length;
    assert.deepEqual(await write('leyla@example.org, please.'), ['Thank you, Leyla.']);
    assert.equal(cast.ai.calls.length, calls + 1, 'one call alone');
    assert.equal(card().email, 'leyla@example.org');
    assert.ok(cast.events.every((event) => event.type !== 'draft' || !event.text.includes('[[')));
    cast.ai.says = '[[declined 1]]';
    assert.deepEqual(await write('Are you open on Monday?'), ['Thank you, I’ve noted that.']);
    assert.equal(stateOf('email'), 'given', 'what was told isn’t taken back by a sign');
    assert.doesNotMatch(cast.runs().at(-1)?.prompt ?? '', /would like to know/);
  });

  it('what a model signs beside calling a person, or beside having no answer, is kept, too', async () => {
    for (const [said, email] of [
      ['[[call person]]\n[[detail 1: one@example.org]]', 'one@example.org'],
      ['[[no answer]]\n[[detail 1: two@example.org]]', 'two@example.org'],
    ] as const) {
      cast.ws.sql.exec("UPDATE conversations SET status = 'resolved'; UPDATE identities SET external_id = 'older-' || id");
      ask({ field: 'email', when: 'fits' });
      cast.ai.says = said;
      await write(`I am ${email}. Are you open on Sunday?`);
      assert.equal(card().email, email);
      assert.ok(!cast.said().at(-1)?.text.includes('[['));
    }
  });

  it('what a member wrote is never changed by what a customer says; their own word they can correct', async () => {
    ask({ field: 'email', when: 'fits' });
    await write('Are you open on Sunday?');
    cast.ai.says = 'Noted. [[detail 1: first@example.org]]';
    await write('It is first@example.org.');
    cast.ai.says = 'Noted. [[detail 1: second@example.org]]';
    await write('Sorry, second@example.org.');
    assert.equal(card().email, 'second@example.org');
    editContact(cast.ws, { contactId: contact, userId: 1, typed: { email: 'member@example.org' } });
    cast.ai.says = 'Noted. [[detail 1: evil@example.org]]';
    await write('Now evil@example.org.');
    assert.equal(card().email, 'member@example.org');
    assert.deepEqual([...givenBy(cast.ws, contact).keys()], []);
  });

  it('without AI it asks behind its answer, one at a time', async () => {
    ask({ field: 'name', when: 'fits' });
    cast.set({ providerKeyId: null, model: '', groundedOnly: true });
    assert.deepEqual(await write('Hello'), ['Hello. What can I do for you?']);
    cast.ws.sql.prepare('UPDATE contacts SET name = NULL WHERE id = ?').run(contact);
    const [asked] = await write('Are you open on Sunday?');
    assert.match(asked ?? '', /open on Sunday from nine to seven[^]*\n\nWhat’s your name\?/);
    assert.deepEqual(await write('My name is Leyla Demir.'), ['Thank you, I’ve noted that.']);
    assert.equal(card().name, 'Leyla Demir');
  });

  it('when a person is called it asks along, takes the answer though it is the person’s turn, and tells other programs', async () => {
    ask({ field: 'phone', when: 'person' }, { field: 'email', when: 'person' });
    assert.deepEqual(await write('I want to talk to a person'), [
      `I’ve asked a person to join. They will answer here.\n\nWhat’s your phone number? ${FREE}`,
    ]);
    addHook(cast.ws, { name: 'CRM', url: 'http://127.0.0.1:9/in', userId: 1 });
    await cast.write('+49 30 555 0171');
    const body = await eventually(() => {
      const found = cast.ws.sql.prepare("SELECT body FROM hook_calls WHERE event = 'lead.collected'").pluck().get();
      return JSON.parse(String(found)) as { contact: { id: number }; details: { field: string; value: string }[] };
    });
    cast.ws.sql.exec("DELETE FROM hooks; DELETE FROM jobs WHERE kind = 'call-hook'");
    assert.equal(body.contact.id, contact);
    assert.deepEqual(
      body.details.map(({ field, value }) => [field, value]),
      [['phone', '+49305550171']],
    );
    assert.equal(card().phone, '+49305550171');
    assert.equal(cast.said().at(-1)?.text, EMAIL);
    assert.deepEqual(await write('no'), []);
    assert.equal(stateOf('email'), 'declined');
  });

  it('when a person is called it finds what was asked for whatever else is written meanwhile', async () => {
    ask({ field: 'phone', when: 'person' });
    await write('I want to talk to a person');
    await writeAll('It is about order 12 345.', '+49 30 555 0171');
    assert.equal(card().phone, '+49305550171');
  });
});

describe('what words tell of a detail', () => {
  const email = { kind: 'email', choices: [] } as const;
  for (const [text, told] of [
    ['ana@example.com', { is: 'given', value: 'ana@example.com', alone: true }],
    ['Write to <Ana@Example.com>, and do you have cake?', { is: 'given', value: 'ana@example.com', alone: false }],
    ['lieber nicht', { is: 'declined', alone: true }],
    ['não, obrigado', { is: 'declined', alone: true }],
    ['לא', { is: 'declined', alone: true }],
    ['ana@', { is: 'unreadable' }],
    ['What for?', { is: 'something else' }],
    ['', { is: 'something else' }],
  ] as const)
    it(`e-mail: “${text}”`, () => assert.deepEqual(readDetail(email, false, text), told));
  it('a choice by what it is called, a date in two forms, a name out of an introduction', () => {
    const choice = { kind: 'choice', choices: ['Lemon', 'Sacher'] } as const;
    assert.deepEqual(readDetail(choice, false, 'the sacher one'), { is: 'given', value: 'Sacher', alone: true });
    assert.equal(readDetail(choice, false, 'apple').is, 'unreadable');
    assert.deepEqual(readDetail({ kind: 'date', choices: [] }, false, '3.5.1990'), { is: 'given', value: '1990-05-03', alone: true });
    assert.deepEqual(readDetail({ kind: 'text', choices: [] }, true, 'Ich heiße Şükrü Demir.'), {
      is: 'given',
      value: 'Şükrü Demir',
      alone: true,
    });
    for (const courtesy of ['ok thanks', 'hello', 'Thanks!', '👍'])
      assert.equal(readDetail({ kind: 'text', choices: [] }, true, courtesy).is, 'something else', courtesy);
    assert.equal(readDetail({ kind: 'text', choices: [] }, true, 'Tell me about the cakes for eleven people please').is, 'something else');
  });
});
