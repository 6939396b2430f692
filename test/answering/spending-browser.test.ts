import assert from 'node:assert/strict';
import type { BrowserContext, Page } from 'playwright-core';
import { createBot, draftOf } from '../../src/bots/index.ts';
import { addKey, charge } from '../../src/providers/index.ts';
import { openaiSimulator } from '../simulators/openai.ts';
import type { AiSimulator } from '../simulators/http-ai.ts';
import { newWindow, signIn } from '../support/browser.ts';
import { openCafe } from '../support/cafe.ts';
import { lookAt } from '../support/look-at.ts';

describe('the pages of spending', function () {
  this.timeout(20_000);
  const cafe = openCafe(before, after);
  let window: BrowserContext;
  let page: Page;
  let ai: AiSimulator;
  let botId: number;
  const at = (path: string) => `${cafe.server.url}${cafe.base}/${path}`;

  before(async () => {
    ai = await openaiSimulator();
    const key = await addKey(cafe.ws, { provider: 'openai', name: '', key: ai.key ?? '', baseUrl: ai.url }, 'system');
    assert.ok(key.ok);
    botId = createBot(cafe.ws, { settings: { name: 'Aurora', providerKeyId: key.keyId, model: 'gpt-5-mini' }, userId: null }).botId;
    window = await newWindow();
    page = await window.newPage();
    page.setDefaultTimeout(8000);
    await signIn(page, cafe.server, 'owner');
  });
  after(async () => {
    await window.close();
    await ai.close();
  });

  it('set a budget, say where an amount is none, and warn on the bot’s page', async () => {
    cafe.ws.durable(() => charge(cafe.ws, botId, { micros: 9_000_000, currency: 'EUR' }));
    await page.goto(at('spending'));
    const form = page.getByRole('region', { name: 'Aurora' });
    await form.getByLabel('A day').fill('ten');
    await form.getByRole('button', { name: 'Save the budget: Aurora' }).click();
    await form.getByText('Enter an amount like 12 or 0.50, or nothing.').waitFor();
    await form.getByLabel('A day').fill('10');
    await form.getByRole('button', { name: 'Save the budget: Aurora' }).press('Enter');
    await page.getByText('The budget counts from now on.').waitFor();
    cafe.ws.durable(() => charge(cafe.ws, botId, { micros: 100_000, currency: 'EUR' }));
    await page.goto(at('spending'));
    await page.getByText('Aurora’s budget for today is nearly spent.').waitFor();
    await lookAt(page, 'spending');
    await page.goto(at(`bots/${botId}/model`));
    await page.getByText('Most of the budget for today is spent.').waitFor();
    await page.getByText('There is a budget in EUR, and gpt-5-mini is paid in USD').waitFor();
    await lookAt(page, 'model with a budget');
  });

  it('set an exchange rate, after which the model can be asked', async () => {
    await page.goto(at('prices'));
    await page.getByLabel('1 USD in EUR').fill('x');
    await page.getByRole('button', { name: 'Use this rate' }).click();
    await page.getByText('Enter what one is worth').waitFor();
    await page.getByLabel('1 USD in EUR').fill('0,92');
    await page.getByRole('button', { name: 'Use this rate' }).click();
    await page.getByText('Your rate of USD counts from now on.').waitFor();
    await lookAt(page, 'prices with a rate');
    await page.goto(at(`bots/${botId}/model`));
    assert.equal(await page.getByText('isn’t asked until').count(), 0);
  });

  it('choose what is asked instead, and refuse the same twice', async () => {
    const { providerKeyId } = draftOf(cafe.ws, botId)?.settings ?? {};
    const form = { part: 'model', model: `${providerKeyId}:gpt-5-mini`, typedModel: '', temperature: '' };
    const save = (backup1: string) => cafe.owner.post(`${cafe.base}/bots/${botId}/draft`, { ...form, backup1, backup2: '' });
    const twice = await save(form.model);
    assert.equal(twice.status, 422);
    assert.match(twice.text, /gpt-5-mini of the same key stands there twice/);
    assert.equal((await save(`${providerKeyId}:gpt-4.1-mini`)).status, 303);
    assert.deepEqual(draftOf(cafe.ws, botId)?.settings.backups, [{ providerKeyId, model: 'gpt-4.1-mini' }]);
  });

  it('give the year as CSV', async () => {
    const { text, status } = await cafe.owner.get(`${cafe.base}/spending.csv`);
    assert.equal(status, 200);
    assert.match(text, /^\uFEFF?Day,Bot,"Spent, EUR",Calls,Calls of unknown price\r\n/);
    assert.match(text, /,Aurora,9\.1,2,0\r\n/);
    assert.match(text, /"Everything, with reading the knowledge",9\.1,2,0\r\n/);
  });
});
