import assert from 'node:assert/strict';
import { createBot, draftOf, publishDraft, saveDraft } from '../../src/bots/index.ts';
import { runs } from '../../src/db/schema/workspace.ts';
import { addText, readSource } from '../../src/knowledge/index.ts';
import { addKey } from '../../src/providers/index.ts';
import type { Held } from '../../src/workspaces.ts';
import type { Workspace } from '../../src/workspace.ts';
import type { AiSimulator } from '../simulators/http-ai.ts';
import { openaiSimulator } from '../simulators/openai.ts';
import { eventually } from '../support/eventually.ts';
import { startServer, type Client, type TestServer } from '../support/http.ts';

const HTMX = { 'HX-Request': 'true', Accept: 'text/html, text/event-stream' };

describe('the playground', () => {
  let server: TestServer;
  let openai: AiSimulator;
  let owner: Client;
  let held: Held;
  let ws: Workspace;
  let keyId: number;

  before(async () => {
    server = await startServer();
    openai = await openaiSimulator();
    owner = await server.as('owner');
    held = server.installation.workspaces.hold(server.workspace);
    ws = held.workspace;
    const added = await addKey(ws, { provider: 'openai', name: 'OpenAI', key: openai.key, baseUrl: openai.url }, server.people.owner);
    assert.ok(added.ok);
    keyId = added.keyId;
    await server.installation.jobs.start({ 'read-source': readSource });
    addText(ws, { title: 'Hours', text: 'On Sunday we are open from nine to five.', by: server.people.owner });
    await eventually(() => assert.ok(ws.prepare('SELECT 1 FROM chunks').get()));
  });
  after(async () => {
    held.release();
    await openai.close();
    await server.end();
  });

  function bot(model = 'gpt-5-mini'): number {
    const { botId } = createBot(ws, { settings: { name: 'Aurora' }, userId: server.people.owner });
    saveDraft(ws, { botId, changes: { providerKeyId: keyId, model }, userId: server.people.owner });
    return botId;
  }

  function ask(botId: number, fields: Record<string, string>, headers?: Record<string, string>) {
    return owner.post(`/w/${server.workspace}/bots/${botId}/trials`, { question: 'Are you open on Sunday?', who: 'draft', runs: '', place: 'voice', ...fields }, headers);
  }

  it('streams the answer and then shows how it was made', async () => {
    openai.says = 'Yes, from nine to five.[1]';
    const { status, headers, text } = await ask(bot(), {}, HTMX);
    assert.equal(status, 200);
    assert.match(headers.get('Content-Type') ?? '', /text\/event-stream/);
    assert.match(text, /Are you open on Sunday\?/);
    assert.match(text, /class="cite" href="#run\d+-1"/);
    assert.match(text, /How this answer was made/);
    assert.match(text, /gpt-5-mini/);
    assert.match(text, /On Sunday we are open from nine to five\./);
    assert.match(text, /\$0\.00/);
    assert.match(text, /Answer only from the numbered passages/);
  });
});
