import assert from 'node:assert/strict';
import { createBot, draftOf } from '../../src/bots/index.ts';
import { providerKeys } from '../../src/db/schema/workspace.ts';
import { openCafe } from '../support/cafe.ts';

describe('a bot’s model and money', () => {
  const cafe = openCafe(before, after);
  const at = () => `${cafe.base}/bots`;

  function bot(): number {
    return createBot(cafe.ws, { userId: cafe.server.people.owner }).botId;
  }

  function key(provider: 'openai' | 'compatible', models: string[]): number {
    return cafe.ws.db
      .insert(providerKeys)
      .values({
        provider,
        name: 'A key',
        lastFour: '9QxT',
        baseUrl: null,
        models: models.map((id) => ({ id })),
        refusedFields: [],
        status: 'works',
        checkedAt: 1,
        createdAt: 1,
      })
      .returning({ id: providerKeys.id })
      .get().id;
  }

  it('lists the models of each key with what an answer costs about', async () => {
    key('openai', ['gpt-5-mini', 'nobody-knows']);
    const { text } = await cafe.owner.get(`${at()}/${bot()}/model`);
    assert.match(text, /<optgroup label="A key …9QxT">/);
    assert.match(text, /gpt-5-mini, about \$0\.0005\d an answer/);
    assert.match(text, />nobody-knows</);
  });

  it('takes a model of a key, and no other', async () => {
    const id = bot();
    const keyId = key('openai', ['gpt-5-mini']);
    const refused = await cafe.owner.post(`${at()}/${id}/draft`, { part: 'model', model: `${keyId}:gpt-9`, temperature: '' });
    assert.equal(refused.status, 422);
    assert.match(refused.text, /doesn’t offer gpt-9/);
    assert.equal(
      (await cafe.owner.post(`${at()}/${id}/draft`, { part: 'model', model: '999999:gpt-5-mini', temperature: '' })).status,
      422,
    );
    assert.equal((await cafe.owner.post(`${at()}/${id}/draft`, { part: 'model', model: 'gpt-5-mini', temperature: '' })).status, 422);
    assert.equal(
      (await cafe.owner.post(`${at()}/${id}/draft`, { part: 'model', model: `${keyId}:gpt-5-mini`, temperature: '0,4' })).status,
      303,
    );
    assert.deepEqual([draftOf(cafe.ws, id)?.settings.model, draftOf(cafe.ws, id)?.settings.temperature], ['gpt-5-mini', 0.4]);
  });

  it('takes a model by its name where the host may open more than it lists', async () => {
    const id = bot();
    const keyId = key('compatible', ['llama']);
    assert.equal(
      (await cafe.owner.post(`${at()}/${id}/draft`, { part: 'model', model: `${keyId}:`, typedModel: '', temperature: '' })).status,
      422,
    );
    await cafe.owner.post(`${at()}/${id}/draft`, { part: 'model', model: `${keyId}:`, typedModel: 'my-deployment', temperature: '' });
    assert.equal(draftOf(cafe.ws, id)?.settings.model, 'my-deployment');
    assert.match((await cafe.owner.get(`${at()}/${id}/model`)).text, /<option value="\d+:my-deployment" selected>/);
  });

  it('refuses a temperature that is none', async () => {
    for (const temperature of ['hot', '2.1', '-1', 'NaN'])
      assert.equal((await cafe.owner.post(`${at()}/${bot()}/draft`, { part: 'model', model: '', temperature })).status, 422, temperature);
  });
});
