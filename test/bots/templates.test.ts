import assert from 'node:assert/strict';
import { createBot, draftOf, firstBot, saveDraft, templates } from '../../src/bots/index.ts';
import { business, sources } from '../../src/db/schema/workspace.ts';
import { openCafe } from '../support/cafe.ts';

describe('templates of bots', () => {
  const cafe = openCafe(beforeEach, afterEach);
  const none = { answer1: '', answer2: '', answer3: '', answer4: '', answer5: '', answer6: '' };

  function idIn(location: string | undefined): number {
    return Number(/\/bots\/(\d+)$/.exec(location ?? '')?.[1]);
  }

  it('there is one for a shop, a restaurant, a clinic, a hotel, an agency and a help desk, each whole', () => {
    assert.deepEqual(
      templates().map(({ name }) => name),
      ['Shop', 'Restaurant', 'Clinic', 'Hotel', 'Agency', 'Help desk'],
    );
    for (const each of templates()) {
      for (const text of [each.greeting, each.instructions, each.fallback]) assert.notEqual(text, '', each.name);
      assert.equal(each.starters.length, 3);
      createBot(cafe.ws, { settings: { instructions: each.instructions, starters: each.starters }, userId: 1 });
    }
  });

  it('shows what each would make of the bot before it is made', async () => {
    for (const { id, name } of templates()) {
      const { status, text } = await cafe.owner.get(`${cafe.base}/bots/new?template=${id}`);
      assert.equal(status, 200);
      assert.match(text, new RegExp(`<h2>${name}</h2>`));
      assert.match(text, /When nothing fits/);
      assert.doesNotMatch(text, /\{business\}/);
    }
  });

  it('makes a bot that speaks as the template does, and keeps only what was answered', async () => {
    const fields = { name: 'Rosa', template: 'restaurant', ...none, answer1: 'Tuesday to Sunday from six.', answer4: ' \n ' };
    const { status, location } = await cafe.owner.post(`${cafe.base}/bots`, fields);
    assert.equal(status, 303);
    const settings = draftOf(cafe.ws, idIn(location))?.settings;
    assert.equal(settings?.name, 'Rosa');
    assert.match(settings?.greeting ?? '', /^Welcome to Café Aurora!/);
    assert.match(settings?.instructions ?? '', /^You answer guests of a restaurant/);
    assert.equal(settings?.tone, 'warm');
    assert.equal(settings?.starters.length, 3);
    assert.deepEqual(cafe.ws.prepare('SELECT question, answer FROM questions').all(), [
      { question: 'When are you open?', answer: 'Tuesday to Sunday from six.' },
    ]);
    assert.match((await cafe.owner.get(location ?? '')).text, /Rosa is made\. 1 answer is in the knowledge\./);
  });

  it('keeps no source when nothing was answered: an example never reaches a customer', async () => {
    await cafe.owner.post(`${cafe.base}/bots`, { name: 'Rosa', template: 'hotel', ...none });
    assert.equal(cafe.ws.db.select().from(sources).all().length, 0);
  });

  it('greets in the language of the business where that isn’t English', async () => {
    cafe.ws.db.update(business).set({ language: 'de' }).run();
    const { location } = await cafe.owner.post(`${cafe.base}/bots`, { name: 'Rosa', template: 'shop', ...none });
    const settings = draftOf(cafe.ws, idIn(location))?.settings;
    assert.match(settings?.greeting ?? '', /^Guten Tag! Ich antworte für Café Aurora/);
    assert.deepEqual([settings?.fallback, settings?.starters], ['', []]);
    assert.match(settings?.instructions ?? '', /^You answer customers of a shop/);
  });

  it('keeps what was typed when the name is missing', async () => {
    const { status, text } = await cafe.owner.post(`${cafe.base}/bots`, { name: '', template: 'clinic', ...none, answer2: 'From eight.' });
    assert.equal(status, 422);
    assert.match(text, /The name is missing\./);
    assert.match(text, />From eight\.<\/textarea>/);
    assert.match(text, /name="template" value="clinic"/);
  });

  it('an unknown template is no template', async () => {
    assert.match((await cafe.owner.get(`${cafe.base}/bots/new?template=bank`)).text, /Or begin with a template/);
  });

  it('fills the bot of the set-up', async () => {
    assert.match((await cafe.owner.get(`${cafe.base}/setup?step=knowledge&how=template`)).text, /template&#x3D;clinic"/);
    const fields = { template: 'clinic', ...none, answer2: 'Monday to Friday, eight to five.' };
    const { status, location } = await cafe.owner.post(`${cafe.base}/setup/template?how=template&template=clinic`, fields);
    assert.equal(status, 303);
    assert.match(location ?? '', /step=try$/);
    const bot = draftOf(cafe.ws, firstBot(cafe.ws, cafe.server.people.owner));
    assert.match(bot?.settings.instructions ?? '', /Never give medical advice/);
    assert.equal(bot?.settings.tone, 'formal');
    assert.equal(cafe.ws.db.select().from(sources).all()[0]?.title, 'Clinic: questions and answers');
  });

  it('leaves instructions alone that somebody wrote before', async () => {
    const botId = firstBot(cafe.ws, cafe.server.people.owner);
    saveDraft(cafe.ws, { botId, changes: { instructions: 'Ours.', tone: 'playful' }, userId: null });
    await cafe.owner.post(`${cafe.base}/setup/template`, { template: 'shop', ...none, answer1: 'Two days.' });
    const settings = draftOf(cafe.ws, botId)?.settings;
    assert.deepEqual([settings?.instructions, settings?.tone], ['Ours.', 'playful']);
    assert.equal(cafe.ws.db.select().from(sources).all().length, 1);
  });
});
