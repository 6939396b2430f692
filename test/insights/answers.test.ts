import assert from 'node:assert/strict';
import { search } from '../../src/knowledge/index.ts';
import { enqueue } from '../../src/jobs/enqueue.ts';
import { pageOf, type Dom } from '../support/dom.ts';
import type { Client } from '../support/http.ts';
import { insightsCast, onlyGroup, UNKNOWN, type Cast } from './cast.ts';

describe('an unanswered question', () => {
  let cast: Cast;
  let owner: Client;
  before(async () => {
    cast = await insightsCast();
    owner = await cast.server.as('owner');
  });
  afterEach(() => cast.clear());
  after(() => cast.end());

  const page = async (group: number) => pageOf(await owner.get(`${cast.base}/${group}`));
  const field = (document: Dom, name: string): string => document.querySelector(`[name=${name}]`)?.textContent ?? '';
  const says = (document: Dom, selector: string): string =>
    (document.querySelector(selector)?.textContent ?? '').replace(/\s+/g, ' ').trim();

  /** Approves and waits until it is read. */
  async function approve(group: number, fields: Partial<Record<'question' | 'answer' | 'source', string>> = {}) {
    const posted = await owner.post(`${cast.base}/${group}/answer`, {
      question: UNKNOWN,
      answer: 'Yes, oat and soy milk, at no extra cost.',
      source: 'new',
      ...fields,
    });
    await cast.quiet();
    return posted;
  }

  const sources = () =>
    cast.all<{ title: string; n: number }>(
      "SELECT title, (SELECT count(*) FROM questions WHERE source_id = s.id) AS n FROM sources s WHERE kind = 'qa' AND state <> 'removing'",
    );

  it('is drafted from how a person answered, without the greeting and what is personal', async () => {
    const { conversationId } = await cast.ask('visitor-77', UNKNOWN, { name: 'Jonas Weber' });
    cast.answer(conversationId, 'Hi Jonas, yes we do.');
    cast.answer(conversationId, 'Write to jonas.weber@mail.example or +49 151 2345678, card 4111 1111 1111 1111, if Weber needs more.');
    await cast.ask('visitor-77', 'Great, and a table?', { name: 'Jonas Weber' });
    cast.answer(conversationId, 'That is another matter.');
    const document = await page(onlyGroupOf(UNKNOWN));
    assert.equal(field(document, 'question'), UNKNOWN);
    assert.equal(
      field(document, 'answer'),
      'Yes we do.\n\nWrite to [e-mail removed] or [phone number removed], card [card number removed], if [name removed] needs more.',
    );
    assert.match(says(document, '.sheet .fine'), /^From what Ana answered, /);
    assert.match(
      says(document, '.around'),
      /^Where it was answered ?Do you have oat milk\? ?I can’t answer that well.*Hi Jonas, yes we do\./,
    );
  });

  it('stays empty where nobody has answered, with its conversation beside it', async () => {
    await cast.ask('Jonas', UNKNOWN);
    const document = await page(onlyGroup(cast));
    assert.equal(field(document, 'answer'), '');
    assert.match(says(document, '.sheet .fine'), /^Nobody has answered this/);
    assert.match(says(document, '.around'), /^Where it was asked ?Do you have oat milk\?/);
  });

  it('goes live in a source of its own, or in one that is chosen; the bot answers by it', async () => {
    await cast.ask('Jonas', UNKNOWN);
    const group = onlyGroup(cast);
    assert.equal((await approve(group)).location, `${cast.base}/${group}`);
    assert.equal(cast.state(group), 'answered');
    assert.deepEqual(sources(), [{ title: 'Learned from conversations', n: 1 }]);
    const { conversationId } = await cast.ask('Ida', 'Is there any oat milk?');
    const [said] = cast.all<{ text: string }>("SELECT text FROM messages WHERE conversation_id = ? AND author = 'bot'", conversationId);
    assert.match(said?.text ?? '', /oat and soy milk/);
    assert.deepEqual(
      cast.gaps().map(({ text }) => text),
      [UNKNOWN],
    );

    await cast.ask('Jonas', 'Do you sell gift vouchers?');
    const other = cast.gaps().at(-1)?.groupId ?? 0;
    const document = await page(other);
    const chosen = document.querySelector('[name=source] option[selected]');
    assert.equal(chosen?.textContent, 'Learned from conversations');
    await approve(other, {
      question: 'Do you sell gift vouchers?',
      answer: 'Yes, from 10 euros.',
      source: chosen.getAttribute('value') ?? '',
    });
    assert.deepEqual(sources(), [{ title: 'Learned from conversations', n: 2 }]);
  });

  it('is put live once, however often the form is sent', async () => {
    await cast.ask('Jonas', UNKNOWN);
    const group = onlyGroup(cast);
    await approve(group);
    await approve(group, { answer: 'Yes, oat milk.' });
    assert.deepEqual(sources(), [{ title: 'Learned from conversations', n: 1 }]);
    assert.deepEqual(cast.all('SELECT answer FROM questions'), [{ answer: 'Yes, oat milk.' }]);
  });

  it('can be taken back: the pair goes, the question waits again', async () => {
    await cast.ask('Jonas', UNKNOWN);
    const group = onlyGroup(cast);
    await approve(group);
    const toast = await page(group);
    assert.match(says(toast, '.toast'), /^It is in the knowledge/);
    assert.equal(toast.querySelector('.toast form')?.getAttribute('action'), `${cast.base}/${group}/take-back`);
    await owner.post(`${cast.base}/${group}/take-back`);
    await cast.quiet();
    assert.equal(cast.state(group), 'open');
    assert.deepEqual(cast.all('SELECT id FROM questions'), []);
    assert.deepEqual(await search(cast.ws, { query: UNKNOWN }), []);
  });

  it('is not put live with a blank, or while something personal is only marked', async () => {
    await cast.ask('Jonas', UNKNOWN);
    const group = onlyGroup(cast);
    for (const answer of ['', 'Call [phone number removed].']) {
      const refused = await approve(group, { answer });
      assert.equal(refused.status, 422);
      const wrong = pageOf({ ...refused, status: 200 }).querySelector('[aria-invalid=true]');
      assert.equal(wrong?.getAttribute('name'), 'answer');
      assert.equal(wrong.textContent, answer);
    }
    assert.equal((await approve(group, { source: '999' })).status, 422);
    assert.equal(cast.state(group), 'open');
    assert.deepEqual(sources(), []);
  });

  it('says for each wording whether the search finds it, and takes up one that it doesn’t', async () => {
    await cast.ask('a', UNKNOWN);
    await cast.ask('b', 'What about barista oat drinks without cow milk');
    const [first, second] = cast.gaps();
    assert.ok(first && second);
    if (first.groupId !== second.groupId)
      await owner.post(`${cast.base}/${second.groupId}/questions/${second.id}/move`, { to: String(first.groupId) });
    const group = onlyGroup(cast);
    // It shares with them words that say nothing.
    await approve(group, { question: 'Hafer?', answer: 'Ja. Do you have what you came for, without a doubt?' });
    const before = await page(group);
    assert.match(says(before, '#found'), /doesn’t find it by these words yet/);
    const add = [...before.querySelectorAll('#found form')].map((form) => form.getAttribute('action') ?? '');
    assert.equal(add.length, 2);
    for (const action of add) await owner.post(action);
    await cast.quiet();
    const after = await page(group);
    assert.match(says(after, '#found'), /finds it by each of these wordings/);
    assert.match(says(after, '#found'), /Found first/);
    assert.deepEqual(cast.all<{ question: string }>('SELECT question FROM questions'), [
      { question: 'Hafer? / What about barista oat drinks without cow milk? / Do you have oat milk?' },
    ]);
  });

  it('opens again, and says so, when it is asked again and isn’t answered', async () => {
    await cast.ask('Jonas', UNKNOWN);
    const group = onlyGroup(cast);
    await approve(group, { question: 'Hafer?', answer: 'Ja, immer.' });
    await cast.ask('Ida', 'Is oat milk available?');
    assert.equal(onlyGroup(cast), group);
    assert.equal(cast.state(group), 'open');
    const document = await page(group);
    assert.match(says(document, '.page-head'), /It was answered before, was asked again since, and wasn’t answered/);
    assert.equal(field(document, 'question'), 'Hafer?');
    assert.match((await owner.get(cast.base)).text, /Answered before, asked again since/);
    await owner.post(`${cast.base}/${group}/dismiss`);
    await cast.ask('Tom', 'Could I have oat milk?');
    assert.equal(onlyGroup(cast), group);
    assert.equal(cast.state(group), 'dismissed', 'once dismissed it stays so');
    await owner.post(`${cast.base}/${group}/restore`);
    await approve(group, { question: UNKNOWN, answer: 'Yes, always.' });
    assert.equal(cast.state(group), 'answered');
    assert.deepEqual(cast.all('SELECT question, answer FROM questions'), [{ question: UNKNOWN, answer: 'Yes, always.' }]);
  });

  it('doesn’t open again for a question that was asked before it was answered', async () => {
    const { replyId } = await cast.ask('Jonas', UNKNOWN);
    await cast.ask('Ida', 'Is oat milk available?');
    const group = onlyGroup(cast);
    cast.ws.durable(() => cast.ws.sql.prepare('DELETE FROM gaps WHERE reply_id = ?').run(replyId));
    await approve(group);
    cast.ws.durable(() => enqueue(cast.ws, { kind: 'gather-gap', key: String(replyId) }));
    await cast.quiet();
    assert.equal(cast.gaps().length, 2);
    assert.equal(cast.state(group), 'answered');
  });

  it('moves to another group, or to one of its own, and what is asked alike follows', async () => {
    await cast.ask('a', UNKNOWN);
    await cast.ask('b', 'Can I bring my dog?');
    await cast.ask('c', 'Are dogs allowed inside?');
    const [, bring, allowed] = cast.gaps();
    assert.ok(bring && allowed && bring.groupId !== allowed.groupId);
    const moved = await owner.post(`${cast.base}/${allowed.groupId}/questions/${allowed.id}/move`, { to: String(bring.groupId) });
    assert.equal(moved.location, `${cast.base}/${bring.groupId}`);
    assert.deepEqual(cast.groups(), [[UNKNOWN], ['Can I bring my dog?', 'Are dogs allowed inside?']]);
    await cast.ask('d', 'Are dogs allowed?');
    assert.equal(cast.gaps().at(-1)?.groupId, bring.groupId);
    await owner.post(`${cast.base}/${bring.groupId}/questions/${bring.id}/move`, { to: 'own' });
    assert.equal(cast.groups().length, 3);
    assert.equal(cast.all('SELECT id FROM gap_groups').length, 3, 'no group is left empty');
    await owner.post(`${cast.base}/${cast.gaps()[0]?.groupId}/questions/${cast.gaps()[0]?.id}/move`, { to: String(bring.groupId) });
    assert.equal(cast.all('SELECT id FROM gap_groups').length, 2, 'no group is left empty');
    assert.equal((await owner.post(`${cast.base}/${bring.groupId}/questions/${bring.id}/move`, { to: 'own' })).status, 404);
  });

  function onlyGroupOf(text: string): number {
    return cast.gaps().find((gap) => gap.text === text)?.groupId ?? 0;
  }
});
