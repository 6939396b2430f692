import assert from 'node:assert/strict';
import { readBotFile } from '../../src/bots/bot-file.ts';
import { exportBot } from '../../src/bots/export-bot.ts';
import { planImport } from '../../src/bots/import-bot.ts';
import { createBot, draftOf } from '../../src/bots/index.ts';
import { addField, removeField } from '../../src/contacts/index.ts';
import { openCafe } from '../support/cafe.ts';

describe('the details that a bot asks for', () => {
  const cafe = openCafe(before, after);
  let botId: number;
  let city: number;
  let page: string;
  before(() => {
    ({ botId } = createBot(cafe.ws, { userId: null, settings: { name: 'Aurora' } }));
    const added = addField(cafe.ws, { name: 'City', kind: 'text', choices: [] });
    assert.ok(added.ok);
    city = added.id;
    page = `${cafe.base}/bots/${botId}/details`;
  });
  const leads = () => draftOf(cafe.ws, botId)?.settings.leads;
  const blank = (field: string | number) => ({ [`when-${field}`]: '', [`says-${field}`]: '' });
  const all = () => ({ ...blank('name'), ...blank('email'), ...blank('phone'), ...blank(city) });

  it('are chosen in the editor, wait in the draft, and are shown again', async () => {
    const saved = await cafe.owner.post(page, {
      ...all(),
      'when-email': 'before',
      'required-email': 'on',
      [`when-${city}`]: 'person',
      [`says-${city}`]: 'Where do you live?',
    });
    assert.equal(saved.status, 303);
    assert.deepEqual(leads(), [
      { field: 'email', when: 'before', required: true, says: '' },
      { field: city, when: 'person', required: false, says: 'Where do you live?' },
    ]);
    const { text } = await cafe.owner.get(page);
    assert.match(text, /name="when-email"[^]*?value="before" selected/);
    assert.match(text, /value="Where do you live\?"/);
    assert.match(text, /name="place" value="details"/, 'the playground comes back here');
    const wrong = await cafe.owner.post(page, { ...all(), 'says-name': 'x'.repeat(301) });
    assert.equal(wrong.status, 422);
    assert.match(wrong.text, /The question can have 300 characters at most/);
  });

  it('go with the bot’s file by their names; a field that isn’t there is said, and not asked for', () => {
    const version = draftOf(cafe.ws, botId);
    assert.ok(version);
    const read = readBotFile(JSON.stringify(exportBot(cafe.ws, version)));
    assert.ok(read.ok);
    assert.deepEqual(planImport(cafe.ws, read.file).settings.leads, version.settings.leads);
    removeField(cafe.ws, city);
    const { settings, missing } = planImport(cafe.ws, read.file);
    assert.deepEqual(
      settings.leads.map(({ field }) => field),
      ['email'],
    );
    assert.deepEqual(missing, [{ what: 'The field of contacts “City”', then: 'It isn’t asked for.' }]);
  });
});
