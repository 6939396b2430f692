import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { takeOver } from '../../src/conversations/index.ts';
import { expectAccessible, newWindow } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { untilSeen } from '../support/until-seen.ts';
import { asideCast, type AsideCast } from './aside-cast.ts';

describe('translating on the page', function () {
  this.timeout(40_000);
  let cast: AsideCast;
  let page: Page;
  let end: () => Promise<void>;
  before(async () => {
    cast = await asideCast();
    const { conversationId } = await cast.write('Ida', '¿Tienen pasteles sin gluten para el sábado?');
    takeOver(cast.ws, conversationId, cast.server.people.owner);
    const mira = await cast.server.as('owner');
    const window = await newWindow({ viewport: { width: 360, height: 740 } });
    window.setDefaultTimeout(10_000);
    const [name = '', value = ''] = mira.cookie?.split('=') ?? [];
    await window.addCookies([{ name, value, url: mira.url }]);
    page = await window.newPage();
    await page.goto(`${mira.url}${cast.base}/conversations/${conversationId}`);
    end = () => window.close();
  });
  after(async () => {
    await end();
    await cast.end();
  });
  const shot = async (name: string): Promise<void> => {
    const shots = process.env['SHOTS'];
    if (shots) await page.screenshot({ path: `${shots}/${name}-360.png` });
  };

  it('shows a message in the member’s language under it, without a reload', async () => {
    cast.ai.says = 'Do you have gluten-free cakes for Saturday?';
    await page.locator('#thread').getByRole('button', { name: 'Translate' }).click();
    await page.getByText('Do you have gluten-free cakes for Saturday?').waitFor();
    assert.equal(await page.locator('#thread').getByRole('button', { name: 'Translate' }).count(), 0);
  });

  it('puts a reply into the customer’s language, takes it back, and sends it with what was written kept beside it', async () => {
    const words = page.getByLabel('Your message');
    cast.ai.says = 'Sí, los tenemos.';
    await words.fill('Yes, we have them.');
    const translate = page.getByRole('button', { name: 'Translate into Spanish first' });
    await translate.press('Enter');
    await page.locator('#suggested', { hasText: 'Translated: read it before you send it.' }).waitFor();
    assert.equal(await words.inputValue(), 'Sí, los tenemos.');
    await page.locator('#written', { hasText: 'You wrote: Yes, we have them.' }).waitFor();
    await expectAccessible(page);
    await shot('translated');
    await page.getByRole('button', { name: 'Take it back' }).click();
    assert.equal(await words.inputValue(), 'Yes, we have them.');
    await translate.click();
    await page.locator('#written', { hasText: 'You wrote: Yes, we have them.' }).waitFor();
    await words.fill('Sí, ¡los tenemos!');
    await eventually(() =>
      assert.equal(cast.ws.sql.prepare('SELECT original FROM reply_drafts').pluck().get(), 'Yes, we have them.', 'kept on the server, too'),
    );
    await untilSeen(page);
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('Translated and sent. Written as:').waitFor();
    assert.equal(await page.locator('#written').innerText(), '');
    await shot('sent');
  });

  it('sums the conversation up from its menu', async () => {
    cast.ai.says = 'Ida asked for gluten-free cakes on Saturday, and was told that there are some.';
    await page.getByRole('button', { name: 'Assign, label, snooze' }).click();
    await shot('menu');
    await page.getByRole('button', { name: 'Sum it up for the team' }).click();
    await page.getByText('Ida asked for gluten-free cakes on Saturday').waitFor();
    await page.getByText('Summary by the bot’s model, for the team only').waitFor();
    await page.getByText('The conversation is being summed up.').waitFor({ state: 'detached' });
    await shot('summed-up');
  });
});
