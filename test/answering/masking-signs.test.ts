import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import fc from 'fast-check';
import { Masker, type AnswerRequest, type MaskRules } from '../../src/providers/index.ts';
import { takenOut } from '../../src/answering/taken-out.ts';
import { RestoringStream } from '../../src/providers/masking/restoring-stream.ts';
import type { Workspace } from '../../src/workspace.ts';
import { cafeAurora, testInstallation, type TestInstallation } from '../support/installation.ts';

const RULES: MaskRules = { email: true, phone: true, patterns: [{ name: 'Code', pattern: 'KD-[0-9"\\\\]{4}' }] };

/** What a text is made of here: what is taken out, and what looks a little like it. */
const secret = fc.constantFrom(
  'leyla@example.com',
  'o’neil.x@müller.de',
  '4111 1111 1111 1111',
  '378282246310005',
  'DE89 3704 0044 0532 0130 00',
  '+49 170 1234567',
  '(212) 555-0123',
  'KD-12"4',
  'KD-1\\24',
);
const other = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.constantFrom('[EMAIL_1]', '[card\\_2]', '[TEXT_1]', '[CARD_A]', '\\', '[', ']', '[[', '_1]', '[1]', '\n', '😀', '1', 'EMAIL_1'),
);
const text = fc.array(fc.oneof(secret, other), { maxLength: 12 }).map((parts) => parts.join(' '));

function requestOf(init: Partial<AnswerRequest>): AnswerRequest {
  const blank = { model: 'm', system: '', context: '', turns: [], passages: [], maxTokens: 1, temperature: null, cacheKey: 'k' };
  return { ...blank, language: 'en', ...init };
}

describe('signs instead of what was taken out', () => {
  let test: TestInstallation;
  let ws: Workspace;
  let conversationId: number;
  before(async () => {
    test = await testInstallation();
    ws = test.installation.workspaces.hold(cafeAurora(test.installation)).workspace;
    ws.sql.pragma('foreign_keys = OFF');
    conversationId = 7;
  });
  after(() => test.end());

  it('put back, a text is what it was, and nothing of it was left', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), (texts) => {
        const masker = new Masker(ws, RULES, null);
        const masked = masker.request(requestOf({ turns: texts.map((text) => ({ role: 'user' as const, text })) })).turns;
        for (const [at, said] of texts.entries()) {
          const sent = masked[at]?.text ?? '';
          assert.equal(masker.restore(sent), said);
          for (const part of ['@example', '1111', '3782', 'DE89', '1234567', '555-0123', 'KD-1']) assert.ok(!sent.includes(part), sent);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('leave no end of a phone number into which a card reaches by chance', () => {
    const masker = new Masker(ws, RULES, null);
    const said = 'KD-12 4 (212) 555-0123 1 (212) 555-0123';
    const [turn] = masker.request(requestOf({ turns: [{ role: 'user', text: said }] })).turns;
    assert.doesNotMatch(turn?.text ?? '', /0123/);
    assert.equal(masker.restore(turn?.text ?? ''), said);
  });

  it('put back, whatever a stream is cut into', () => {
    fc.assert(
      fc.property(text, fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 }), (said, cuts) => {
        const masker = new Masker(ws, RULES, null);
        const sent = masker.text(said);
        const stream = new RestoringStream(masker);
        let told = '';
        for (let at = 0, cut = 0; at < sent.length; cut++) {
          const length = cuts[cut % cuts.length] ?? 1;
          told += stream.push(sent.slice(at, at + length));
          at += length;
          assert.ok(said.startsWith(told), 'at every moment a beginning of the whole');
        }
        assert.equal(told + stream.finish(), said);
      }),
      { numRuns: 400 },
    );
  });

  it('put back into arguments that are JSON, and taken out of them again', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 3 }), (texts) => {
        const masker = new Masker(ws, RULES, null);
        const call = { id: 'c', name: 'book', input: JSON.stringify({ notes: texts, nested: { [texts[0] ?? 'x']: 4111111111111111 } }) };
        const round = { text: '', calls: [call], results: [{ text: call.input, failed: false }], kept: null };
        const [sent] = masker.request(requestOf({ rounds: [round] })).rounds ?? [];
        const [made] = sent?.calls ?? [];
        assert.ok(made && !made.input.includes('@example') && !made.input.includes('4111') && !made.input.includes('KD-1'), made?.input);
        assert.ok(!sent?.results[0]?.text.includes('@example'));
        const back = JSON.parse(masker.restoreCall(made).input) as { notes: string[] };
        assert.deepEqual(back.notes, texts);
      }),
      { numRuns: 200 },
    );
  });

  it('holds back only what may begin a sign', () => {
    const masker = new Masker(ws, RULES, null);
    masker.text('leyla@example.com');
    const stream = new RestoringStream(masker);
    assert.equal(stream.push('Hello ['), 'Hello ');
    assert.equal(stream.push('1] and [EM'), '[1] and ');
    assert.equal(stream.push('AIL\\'), '');
    assert.equal(stream.push('_1]'), 'leyla@example.com');
    assert.equal(stream.push('. [email_1] [EMAIL_2] [EMBER]'), '. leyla@example.com [EMAIL_2] [EMBER]');
    assert.equal(stream.push(' [EMAIL_'), ' ');
    assert.equal(stream.finish(), '[EMAIL_');
  });

  it('are the same through a whole conversation, whatever is said first in the next request', () => {
    const first = new Masker(ws, RULES, conversationId);
    assert.equal(first.text('a@x.de, b@x.de'), '[EMAIL_1], [EMAIL_2]');
    first.keep();
    const second = new Masker(ws, RULES, conversationId);
    assert.equal(second.text('c@x.de, b@x.de'), '[EMAIL_3], [EMAIL_2]');
    second.keep();
    assert.equal(new Masker(ws, RULES, conversationId + 1).text('b@x.de'), '[EMAIL_1]', 'another conversation counts for itself');
    const kept = JSON.stringify(ws.sql.prepare('SELECT * FROM masked_values').all());
    assert.ok(!kept.includes('x.de'), 'what was said isn’t kept a second time');
    const guessed = hash('sha256', `${conversationId} b@x.de`, 'base64url').slice(0, 22);
    assert.ok(!kept.includes(guessed), 'nor can it be guessed without the workspace’s key');
  });

  it('leave the instructions the same bytes in every conversation', () => {
    const system = 'Write to desk@aurora.example, the account is DE89 3704 0044 0532 0130 00.';
    const of = (said: string, id: number | null) =>
      new Masker(ws, RULES, id).request(requestOf({ system, turns: [{ role: 'user', text: said }] }));
    const one = of('I am c@x.de', conversationId);
    assert.equal(one.system, 'Write to [EMAIL_A], the account is [IBAN_A].');
    assert.equal(one.system, of('hello', null).system);
    assert.match(one.turns[0]?.text ?? '', /^I am \[EMAIL_3\]$/);
    assert.match(one.context, /^Signs like \[EMAIL_A\] stand for details/);
  });

  it('are never what holds a request together: who says it, and what a picture is', () => {
    const owned = { ...RULES, patterns: [{ name: 'User', pattern: '(?i)user\\w*|text|png|7' }] };
    const pictures = [{ id: 7, name: 'user.png', mime: 'image/png', bytes: new Uint8Array([7]) }];
    const [turn] = new Masker(ws, owned, null).request(requestOf({ turns: [{ role: 'user', text: 'I am user7', pictures }] })).turns;
    assert.deepEqual(turn, { role: 'user', text: 'I am [USER_1]', pictures: [{ ...pictures[0], name: '[USER_2].[USER_3]' }] });
  });

  it('are counted by kind for the run’s page, each once', () => {
    const masker = new Masker(ws, RULES, null);
    const texts = ['a@x.de and b@x.de', 'a@x.de, 4111 1111 1111 1111, KD-1234, [EMAIL_9]'].map((text) => ({ text: masker.text(text) }));
    assert.equal(takenOut(texts), '2 e-mail addresses, 1 card number and 1 as CODE');
    assert.equal(takenOut([{ text: 'Hello [1]' }]), '');
  });

  it('say nothing where nothing was taken out, and change nothing', () => {
    const request = requestOf({ system: 'Be kind.', context: 'Today is Monday.', turns: [{ role: 'user', text: 'Hello' }] });
    assert.deepEqual(new Masker(ws, RULES, null).request(request), request);
  });
});
