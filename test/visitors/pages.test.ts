import { equal, match, ok } from 'node:assert/strict';
import { writeSample } from '../../src/sample/sample-file.ts';
import { expectAccessible, newWindow } from '../support/browser.ts';
import { request } from '../support/request.ts';
import { answer, newestConversation, houseFor } from './support/house.ts';

describe('the visitors’ pages', function () {
  this.timeout(20_000);
  const house = houseFor(before, after);

  const read = async (path: string, language = 'en'): Promise<{ status: number; html: string }> => {
    const { status, text } = await request('GET', house.url + path, { headers: { Accept: 'text/html', 'Accept-Language': language } });
    return { status, html: text };
  };

  it('have the chat as a page of its own: the whole width of a phone, no bubble, nothing to close', async () => {
    const window = await newWindow({ viewport: { width: 360, height: 740 } });
    const page = await window.newPage();
    await page.goto(`${house.url}/c/${house.channel.publicId}`);
    equal(await page.title(), 'Chat with Café Aurora');
    const field = page.getByRole('textbox', { name: 'Your message' });
    await field.fill('Hello');
    await field.press('Enter');
    await page.locator('.me').getByText('Hello').waitFor();
    await page.locator('.dots').waitFor();
    answer(house, newestConversation(house), ['Hello to you.']);
    await page.getByRole('log').getByText('Hello to you.').waitFor();
    const box = await page.locator('.panel').boundingBox();
    equal(JSON.stringify([box?.x, box?.y, box?.width, box?.height]), '[0,0,360,740]');
    equal(await page.getByRole('button', { name: /^(Chat|Close the chat)$/ }).count(), 0);
    await page.keyboard.press('Escape');
    ok(await field.isVisible());
    await expectAccessible(page);
    await window.close();
  });

  it('say in the visitor’s language how words are used, and name nobody as long as they stay here', async () => {
    const { status, html } = await read(`/c/${house.channel.publicId}/privacy`, 'de');
    equal(status, 200);
    match(html, /<html lang="de"/);
    match(html, /verlässt nichts den Server/);
    ok(!html.includes('<script'));
    const window = await newWindow({ viewport: { width: 360, height: 740 }, colorScheme: 'dark' });
    const page = await window.newPage();
    await page.goto(`${house.url}/c/${house.channel.publicId}/privacy`);
    await expectAccessible(page);
    await window.close();
    const arabic = await read(`/c/${house.channel.publicId}/privacy`, 'ar');
    match(arabic.html, /<html lang="ar" dir="rtl"/);
  });

  it('name the host to which messages go once a provider answers', async () => {
    const bot = house.ws.prepare('SELECT published_version_id AS id FROM bots').get() as { id: number };
    house.ws
      .prepare(
        "INSERT INTO provider_keys (id, provider, name, models, status, checked_at, created_at, refused_fields) VALUES (9, 'openai', 'OpenAI', '[]', 'works', 0, 0, '[]')",
      )
      .run();
    house.ws.prepare("UPDATE bot_versions SET settings = json_set(settings, '$.providerKeyId', 9) WHERE id = ?").run(bot.id);
    const { html } = await read(`/c/${house.channel.publicId}/privacy`);
    match(html, /are sent to api\.openai\.com\./);
    ok(!html.includes('nothing leaves the server'));
  });

  it('name the host by which passages are found, where it is another one; then nothing is said to stay here', async () => {
    const serve = house.ws.prepare(
      "INSERT INTO embedding_models (provider_key_id, provider, host, model, state, agreed_at) VALUES (9, 'compatible', ?, 'm', 'serving', 0)",
    );
    const page = async () => (await read(`/c/${house.channel.publicId}/privacy`)).html;
    serve.run('api.mistral.ai');
    match(await page(), /are sent to api\.openai\.com\.[^]*your questions are sent to api\.mistral\.ai\./);
    house.ws.prepare("UPDATE embedding_models SET host = 'api.openai.com'").run();
    ok(!(await page()).includes('your questions are sent'));
    house.ws.prepare("UPDATE bot_versions SET settings = json_set(settings, '$.providerKeyId', NULL)").run();
    const quoted = await page();
    match(quoted, /word for word from[^]*your questions are sent to api\.openai\.com\./);
    ok(!quoted.includes('nothing leaves the server'));
  });

  it('are 404 for a widget that isn’t there, and /demo where there is no sample', async () => {
    for (const path of ['/c/wc_nothing', '/c/wc_nothing/privacy', '/demo', '/c/..%2f..', '/c/%00'])
      equal((await read(path)).status, 404, path);
  });

  it('have the sample’s website with the bubble on it', async () => {
    writeSample(house.test.settings, {
      workspace: house.workspaceId,
      widget: house.channel.publicId,
      email: 'mira@aurora.example',
      password: 'x',
    });
    for (const colorScheme of ['light', 'dark'] as const) {
      const window = await newWindow({ colorScheme });
      const page = await window.newPage();
      await page.goto(`${house.url}/demo`);
      await page.getByRole('button', { name: 'Chat' }).click();
      await page.getByRole('textbox', { name: 'Your message' }).waitFor();
      await expectAccessible(page);
      await window.close();
    }
  });
});
