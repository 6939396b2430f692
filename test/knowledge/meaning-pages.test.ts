import assert from 'node:assert/strict';
import type { BrowserContext, Page } from 'playwright-core';
import { addText, clearVectors, embedChunks } from '../../src/knowledge/index.ts';
import { addKey } from '../../src/providers/index.ts';
import type { Workspace } from '../../src/workspace.ts';
import type { AiSimulator } from '../simulators/http-ai.ts';
import { openaiSimulator } from '../simulators/openai.ts';
import { expectAccessible, newWindow, signIn } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { startServer, type Client, type TestServer } from '../support/http.ts';
import { KINDS, settled } from './desk.ts';
import { LARGE, servingModel, SMALL, vectorsIn } from './meaning-desk.ts';

describe('the page of the search by meaning', () => {
  let server: TestServer;
  let ws: Workspace;
  let release: () => void;
  let owner: Client;
  let ai: AiSimulator;
  let here: string;
  beforeEach(async () => {
    server = await startServer();
    ({ workspace: ws, release } = server.installation.workspaces.hold(server.workspace));
    await server.installation.jobs.start({ ...KINDS, 'embed-chunks': embedChunks, 'clear-vectors': clearVectors });
    ai = await openaiSimulator({ models: ['gpt-6-luna', SMALL, LARGE] });
    owner = await server.as('owner');
    here = `/w/${server.workspace}/knowledge/meaning`;
    await settled(ws, addText(ws, { title: 'Zeiten', text: 'Sonntags geöffnet.', by: null }));
  });
  afterEach(async () => {
    await server.installation.jobs.stop(0);
    release();
    await server.end();
    await ai.close();
  });

  async function withKey(): Promise<number> {
    const added = await addKey(ws, { provider: 'openai', name: 'Ours', key: ai.key ?? '', baseUrl: ai.url }, 'system');
    assert.ok(added.ok);
    return added.keyId;
  }
  const serves = (model: string) => eventually(() => assert.equal(servingModel(ws), model));

  it('without a key that embeds it says what one would bring', async () => {
    const { status, text } = await owner.get(here);
    assert.equal(status, 200);
    assert.match(text, /Questions are searched by their words\./);
    assert.match(text, /No model for it yet/);
    assert.doesNotMatch(text, /Agree and begin/);
    assert.match((await owner.get(`/w/${server.workspace}/knowledge`)).text, new RegExp(`href="${here}"`));
  });

  it('tells what each model costs before anything is sent, begins with a yes, and ends', async () => {
    const keyId = await withKey();
    const { text } = await owner.get(here);
    assert.match(text, new RegExp(`${keyId}/${SMALL}"[^]*${SMALL}, Ours: about \\$0\\.[^]*${LARGE}, Ours: about \\$0\\.`));
    assert.match(text, /To be read: 1 passage, about \d tokens/);
    assert.match(text, /each customer’s question that words alone don’t settle/);
    assert.equal(ai.embedded.length, 0);
    const sent = await owner.post(here, { model: `${keyId}/${SMALL}` });
    assert.deepEqual([sent.status, sent.location], [303, here]);
    await serves(SMALL);
    const shown = (await owner.get(here)).text;
    assert.match(shown, /by their words and by their meaning/);
    assert.match(shown, /Passages read<\/dt><dd>1<[^]*Tokens read<\/dt><dd>\d+<[^]*Cost so far<\/dt><dd>\$0\.0/);
    assert.doesNotMatch(shown, new RegExp(`value="${keyId}/${SMALL}"`), 'the one in use is offered again');
    await owner.post(`${here}/end`);
    await eventually(() => assert.equal(vectorsIn(ws), 0));
    assert.match((await owner.get(here)).text, /Questions are searched by their words\./);
  });

  it('what stops it is said, with a way on; it can be taken back', async () => {
    const keyId = await withKey();
    ai.fail('no-credit');
    await owner.post(here, { model: `${keyId}/${SMALL}` });
    await eventually(async () =>
      assert.match((await owner.get(here)).text, /It doesn’t go on\.<\/b> Your account at OpenAI has no credit/),
    );
    await owner.post(`${here}/go-on`);
    await serves(SMALL);
    ai.fail('wrong-key');
    await owner.post(here, { model: `${keyId}/${LARGE}` });
    await eventually(async () =>
      assert.match((await owner.get(here)).text, /OpenAI doesn’t know this key|OpenAI doesn&#x27;t know this key/),
    );
    await owner.post(`${here}/take-back`);
    assert.doesNotMatch((await owner.get(here)).text, /Being read/);
    assert.equal(servingModel(ws), SMALL);
  });

  it('whose key it is stands beside the key, and what its removal does', async () => {
    const keyId = await withKey();
    await owner.post(here, { model: `${keyId}/${SMALL}` });
    await serves(SMALL);
    const { text } = await owner.get(`/w/${server.workspace}/keys`);
    assert.match(text, /the search<[^]*No bot uses it\. Knowledge is searched by words alone\./);
  });

  for (const model of ['', 'x', '999/text-embedding-3-small', '1/gpt-6-luna', '1/nothing']) {
    it(`“${model}” is no model to agree to`, async () => {
      await withKey();
      const { status, text } = await owner.post(here, { model });
      assert.equal(status, 422);
      assert.match(text, /Choose a model\./);
      assert.equal(ai.embedded.length, 0);
    });
  }

  it('agents and viewers neither see nor start it', async () => {
    for (const person of ['agent', 'viewer'] as const) {
      const client = await server.as(person);
      assert.equal((await client.get(here)).status, 403);
      assert.equal((await client.post(here, { model: '1/x' })).status, 403);
    }
  });

  describe('in a browser', () => {
    let window: BrowserContext;
    let page: Page;
    beforeEach(async () => {
      await withKey();
      window = await newWindow();
      page = await window.newPage();
      await signIn(page, server, 'owner');
      page.setDefaultTimeout(5000);
      await page.goto(server.url + here);
    });
    afterEach(() => window.close());

    it('a click agrees; the page tells by itself how far it is; it can be read by everybody', async () => {
      await looked(page);
      ai.fail('overloaded');
      await page.getByRole('button', { name: 'Agree and begin' }).click();
      await page.getByText('OpenAI is overloaded or down').waitFor();
      await looked(page);
      await page.getByRole('button', { name: 'Try now' }).click();
      await page.getByText('Serves').waitFor();
      await looked(page);
      await page.getByRole('button', { name: 'Stop searching by meaning…' }).click();
      await page.getByRole('dialog').getByText('has to be read and paid again').waitFor();
      await looked(page);
      await page.getByRole('button', { name: 'Stop and delete' }).click();
      await page.getByText('Questions are searched by their words.').first().waitFor();
      assert.equal(servingModel(ws), undefined);
    });

    async function looked(page: Page): Promise<void> {
      for (const [colorScheme, width] of [
        ['light', 1280],
        ['dark', 360],
      ] as const) {
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme });
        await expectAccessible(page, `${colorScheme} at ${width}`);
        assert.ok(Number(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')) <= 0);
      }
    }
  });
});
