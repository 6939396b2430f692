import assert from 'node:assert/strict';
import { createBot, draftOf, saveDraft } from '../../src/bots/index.ts';
import { providerKeys } from '../../src/db/schema/workspace.ts';
import type { AiSimulator } from '../simulators/http-ai.ts';
import { openaiSimulator } from '../simulators/openai.ts';
import { openCafe } from '../support/cafe.ts';
import type { Answer } from '../support/http.ts';

describe('the pages of keys and prices', () => {
  const cafe = openCafe(before, after);
  let host: AiSimulator;
  before(async () => void (host = await openaiSimulator({ dialect: 'compatible', key: 'sk-a-key-to-a-host-9QxT' })));
  after(() => host.close());
  afterEach(() => void cafe.ws.db.delete(providerKeys).run());

  function add(fields: Record<string, string> = {}): Promise<Answer> {
    return cafe.owner.post(`${cafe.base}/keys`, {
      provider: 'compatible',
      key: 'sk-a-key-to-a-host-9QxT',
      baseUrl: host.url,
      name: '',
      ...fields,
    });
  }

  function kept() {
    return cafe.ws.db.select().from(providerKeys).all();
  }

  it('a pasted key is checked at once, its models listed, sealed, and shown by its last four alone', async () => {
    const { status, location } = await add();
    assert.equal(status, 303);
    const [key] = kept();
    assert.deepEqual(
      key?.models.map(({ id }) => id),
      ['mistral-small', 'mistral-embed', 'whisper-large-v3'],
    );
    assert.ok(!key?.keySealed?.includes('sk-a-key'));
    const page = await cafe.owner.get(location ?? '');
    assert.match(page.text, /The key works\. It opens 1 model\./);
    assert.match(page.text, /ends in 9QxT/);
    for (const path of ['keys', 'keys/new', 'prices', 'setup', 'bots'])
      assert.doesNotMatch((await cafe.owner.get(`${cafe.base}/${path}`)).text, /sk-a-key/);
  });

  it('a wrong key is said beside its field, is not kept, and is not put back into the page', async () => {
    const { status, text } = await add({ key: 'sk-wrong-and-secret-abcd' });
    assert.equal(status, 422);
    assert.match(text, /class="wrong" id="f-key-foot"/);
    assert.match(text, /know this key/);
    assert.doesNotMatch(text, /sk-wrong-and-secret/);
    assert.match(text, new RegExp(`value="${host.url.replaceAll('.', '\\.')}"`));
    assert.deepEqual(kept(), []);
  });

  it('no credit, an unreachable host and a host of the wrong kind are said in plain words', async () => {
    host.fail('no-credit');
    assert.match((await add()).text, /credit/);
    host.fail('html');
    assert.equal((await add()).status, 422);
    assert.equal((await add({ baseUrl: 'http://127.0.0.1:9/v1' })).status, 422);
    assert.equal((await add({ baseUrl: 'not an address' })).status, 422);
    assert.equal((await add({ baseUrl: '' })).status, 422);
    assert.deepEqual(kept(), []);
  });

  it('refuses providers and fields that the form does not have', async () => {
    assert.equal((await add({ provider: 'quote' })).status, 422);
    assert.equal((await add({ lastFour: '1234' })).status, 400);
    assert.equal((await add({ key: 'x'.repeat(2001) })).status, 422);
  });

  it('a key is checked again when somebody asks, and the page says what came of it', async () => {
    await add();
    const id = kept()[0]?.id;
    host.fail('wrong-key');
    await cafe.owner.post(`${cafe.base}/keys/${id}/check`);
    assert.match((await cafe.owner.get(`${cafe.base}/keys`)).text, /Broken/);
    await cafe.owner.post(`${cafe.base}/keys/${id}/check`);
    assert.match((await cafe.owner.get(`${cafe.base}/keys`)).text, /Works/);
  });

  it('removing names the bots that fall silent, and wipes the key', async () => {
    await add();
    const id = kept()[0]?.id ?? 0;
    const { botId } = createBot(cafe.ws, { settings: { name: 'Aurora' }, userId: cafe.server.people.owner });
    saveDraft(cafe.ws, { botId, changes: { providerKeyId: id, model: 'mistral-small' }, userId: cafe.server.people.owner });
    assert.match((await cafe.owner.get(`${cafe.base}/keys`)).text, /Aurora answers with it, and from then on calls a person instead\./);
    assert.equal((await cafe.owner.post(`${cafe.base}/keys/${id}/remove`)).status, 303);
    assert.equal(kept()[0]?.keySealed, null);
    assert.equal((await cafe.owner.post(`${cafe.base}/keys/${id}/remove`)).status, 404);
    assert.equal(draftOf(cafe.ws, botId)?.settings.providerKeyId, id);
    assert.match((await cafe.owner.get(`${cafe.base}/bots/${botId}/differences`)).text, /not live yet/);
  });

  it('the password is asked again after ten minutes, before the page where a key is pasted', async () => {
    const slow = cafe.server.stranger();
    await slow.post('/sign-in', { email: 'mira@aurora.example', password: 'four quiet brass bells' });
    cafe.server.clock.move(11 * 60_000);
    assert.match((await slow.get(`${cafe.base}/keys/new`)).location ?? '', /^\/account\/confirm/);
    assert.equal((await slow.get(`${cafe.base}/keys`)).status, 200);
    assert.match((await slow.post(`${cafe.base}/keys`, { provider: 'openai', key: 'sk-x' })).location ?? '', /^\/account\/confirm/);
    cafe.server.clock.move(-11 * 60_000);
  });

  describe('prices', () => {
    const price = { provider: 'compatible', model: 'mistral-small', currency: 'EUR', input: '0,15', cached: '', output: '0.6' };

    it('an unknown price is said to be unknown, never shown as nothing', async () => {
      await add();
      const { text } = await cafe.owner.get(`${cafe.base}/prices`);
      assert.match(text, /mistral-small/);
      assert.match(text, /not known; answers show no cost/);
      assert.doesNotMatch(text, /[€$]0/);
      assert.match(text, /No price is known/);
    });

    it('one’s own price is kept, marked, and can be taken back', async () => {
      await add();
      assert.match((await cafe.owner.get(`${cafe.base}/prices?change=compatible/mistral-small`)).text, /Use this price/);
      assert.equal((await cafe.owner.post(`${cafe.base}/prices`, price)).status, 303);
      const { text } = await cafe.owner.get(`${cafe.base}/prices`);
      assert.match(text, /€0\.15/);
      assert.match(text, /Your own/);
      assert.match(text, /1 price is yours/);
      await cafe.owner.post(`${cafe.base}/prices/reset`, { provider: 'compatible', model: 'mistral-small' });
      assert.doesNotMatch((await cafe.owner.get(`${cafe.base}/prices`)).text, /Your own/);
    });

    it('what is no money is refused beside its field', async () => {
      await add();
      for (const [field, value] of [
        ['input', 'cheap'],
        ['output', '-1'],
        ['cached', '1e9'],
        ['currency', 'euros'],
      ] as const) {
        const { status, text } = await cafe.owner.post(`${cafe.base}/prices`, { ...price, [field]: value });
        assert.equal(status, 422, field);
        assert.match(text, new RegExp(`class="wrong" id="f-${field}-foot"`));
        assert.match(text, new RegExp(`value="${value}"`));
      }
    });
  });
});
