import assert from 'node:assert/strict';
import { readBotFile } from '../../src/bots/bot-file.ts';
import { exportBot } from '../../src/bots/export-bot.ts';
import { planImport } from '../../src/bots/import-bot.ts';
import { createBot, draftOf } from '../../src/bots/index.ts';
import { openCafe } from '../support/cafe.ts';
import { pageOf, words } from '../support/dom.ts';

const HTMX = { 'HX-Request': 'true' };

describe('what a bot takes out before sending', () => {
  const cafe = openCafe(before, after);
  const bot = (): number => createBot(cafe.ws, { settings: { name: 'Aurora' }, userId: cafe.server.people.owner }).botId;
  const at = (id: number, more = '') => `${cafe.base}/bots/${id}/${more}`;
  const FORM = { part: 'masking', maskEmail: 'on', maskPatterns: 'Customer number: KD-\\d{6}\n\nTime: \\d\\d:\\d\\d', sample: '' };

  it('is kept in the draft, shown again, and goes along in its file', async () => {
    const id = bot();
    assert.equal((await cafe.owner.post(at(id, 'draft'), FORM)).status, 303);
    const patterns = [
      { name: 'Customer number', pattern: 'KD-\\d{6}' },
      { name: 'Time', pattern: '\\d\\d:\\d\\d' },
    ];
    const draft = draftOf(cafe.ws, id);
    assert.deepEqual(draft?.settings.masking, { email: true, phone: false, patterns });
    const page = pageOf(await cafe.owner.get(at(id, 'masking')));
    assert.equal(page.querySelector('#f-maskPatterns')?.textContent, 'Customer number: KD-\\d{6}\nTime: \\d\\d:\\d\\d');
    assert.ok(page.querySelector('[name=maskEmail][checked]') && !page.querySelector('[name=maskPhone][checked]'));
    assert.ok(draft);
    const read = readBotFile(JSON.stringify(exportBot(cafe.ws, draft)));
    assert.ok(read.ok, JSON.stringify(read));
    assert.deepEqual(planImport(cafe.ws, read.file).settings.masking, draft.settings.masking);
    const evil = JSON.stringify(exportBot(cafe.ws, draft)).replace('KD-\\\\d{6}', '(a)\\\\1');
    assert.ok(!readBotFile(evil).ok, 'a file brings in no pattern that the form refuses');
  });

  for (const [typed, says] of [
    ['KD-\\d{6}', /Write a name, a colon, and the pattern/],
    ['One: a\\d\nTwo: (?=x)y', /Line 2: This pattern can’t be read/],
    ['All: .*', /fits an empty text/],
    ['Words: \\w+', /takes out ordinary words/],
    ['Big: (?:[a-z]{1,30}){1,30}[0-9]', /too large/],
    ['1: a1\n2: a2\n3: a3\n4: a4\n5: a5\n6: a6', /5 patterns at most/],
  ] as const)
    it(`refuses ${JSON.stringify(typed)} and says why`, async () => {
      const id = bot();
      const { status, text } = await cafe.owner.post(at(id, 'draft'), { ...FORM, maskPatterns: typed }, HTMX);
      assert.equal(status, 422);
      assert.match(text, says);
      assert.deepEqual(draftOf(cafe.ws, id)?.settings.masking.patterns, []);
    });

  it('is tried on a text, which is neither kept nor sent', async () => {
    const id = bot();
    const form = { ...FORM, sample: 'I am <b> KD-123456, a@x.de, 4111 1111 1111 1111, 0170 1234567' };
    const answer = await cafe.owner.post(at(id, 'masking/try'), form);
    assert.equal(answer.status, 200);
    assert.deepEqual(words(pageOf(answer), '#masking-tried'), ['I am <b> [CUSTOMER_NUMBER_1], [EMAIL_1], [CARD_1], 0170 1234567']);
    assert.equal(draftOf(cafe.ws, id)?.settings.masking.email, false);
    const live = await cafe.owner.post(at(id, 'draft'), form, HTMX);
    assert.match(live.text, /\[CUSTOMER_NUMBER_1\], \[EMAIL_1\]/, 'beside the form that saves itself, too');
    assert.equal((await cafe.owner.post(at(id, 'masking/try'), { ...form, maskPatterns: 'x' })).status, 422);
    assert.equal((await cafe.owner.post(at(id, 'masking/try'), { ...form, sample: 'x'.repeat(1001) })).status, 422);
  });
});
