import assert from 'node:assert/strict';
import { askForAction } from '../../src/answering/tools/ask-for-action.ts';
import { createBot } from '../../src/bots/index.ts';
import { receiveEvents } from '../../src/conversations/index.ts';
import { closeToolCall, insertToolCall } from '../../src/tools/index.ts';
import { openCafe } from '../support/cafe.ts';
import { widgetChannel } from '../support/stand-in-channel.ts';
import { addTool } from '../support/tools.ts';

describe('what a bot wants to do, on its conversation’s page', () => {
  const cafe = openCafe(before, after);
  let conversation: string;
  let channelId: number;
  let version: number;
  let tool: number;
  before(async () => {
    const { ws } = cafe;
    const { botId, id } = createBot(ws, { settings: { name: 'Aurora' }, userId: null });
    version = id;
    channelId = widgetChannel(ws, { botId }).id;
    tool = addTool(ws, 'https://orders.example/cancel/{order}', { title: 'Cancel an order', changes: 'on', method: 'POST' });
    await receiveEvents(ws, channelId, [
      {
        type: 'message',
        thread: 'v',
        sender: { externalId: 'v', displayName: 'Leyla' },
        externalId: 'm1',
        saidAt: ws.clock.now(),
        parts: [{ kind: 'text', text: 'Cancel 17' }],
      },
    ]);
    conversation = `${cafe.base}/conversations/1`;
  });

  /** Asks for it as an answer of the bot does. Returns the call's id. */
  function ask(): number {
    const { ws } = cafe;
    return ws.durable(() => {
      const run = ws.sql
        .prepare(
          "INSERT INTO runs (conversation_id, bot_version_id, kind, boot, state, passages, prompt, started_at, ended_at) VALUES (1, ?, 'answer', 'x', 'answered', '[]', '[]', 1, 2) RETURNING id",
        )
        .pluck()
        .get(version) as number;
      const input = '{"order":"<b>17</b>"}';
      const call = insertToolCall(ws, {
        runId: run,
        conversationId: 1,
        toolId: tool,
        name: 'cancel_an_order',
        title: 'Cancel an order',
        input,
      });
      closeToolCall(ws, call, { state: 'waiting', says: 'It waits for a person.', result: '', sent: null });
      askForAction(ws, { id: 1 }, call);
      return call;
    });
  }
  const stateOf = (call: number) => cafe.ws.sql.prepare('SELECT state FROM tool_calls WHERE id = ?').pluck().get(call);

  it('is asked in words, with its arguments as text, and who may answer decides', async () => {
    const call = ask();
    const { text } = await cafe.owner.get(conversation);
    assert.match(text, /The bot wants to: Cancel an order \(order: &lt;b&gt;17&lt;\/b&gt;\)/);
    assert.match(text, new RegExp(`actions/${call}/approve`));
    const viewer = await cafe.server.as('viewer');
    assert.doesNotMatch((await viewer.get(conversation)).text, /actions\/\d+\/approve/);
    assert.equal((await viewer.post(`${conversation}/actions/${call}/approve`)).status, 403);
    assert.equal(stateOf(call), 'waiting');
    const agent = await cafe.server.as('agent');
    assert.equal((await agent.post(`${conversation}/actions/${call}/approve`)).status, 303);
    assert.equal(stateOf(call), 'approved');
    assert.match((await agent.get(conversation)).text, /Approved\. Ana decided/);
  });

  it('is declined by a script too, told once that it was decided, and found from its own conversation alone', async () => {
    const call = ask();
    const htmx = { 'HX-Request': 'true' };
    assert.equal((await cafe.owner.post(`${conversation}/actions/${call}/decline`, {}, htmx)).status, 204);
    assert.equal(stateOf(call), 'declined');
    assert.match((await cafe.owner.post(`${conversation}/actions/${call}/approve`, {}, htmx)).text, /decided already/);
    assert.equal((await cafe.owner.post(`${cafe.base}/conversations/2/actions/${call}/approve`)).status, 404);
    assert.equal((await cafe.owner.post(`${conversation}/actions/999/approve`)).status, 404);
  });

  it('stands on the page of its run with what was wanted', async () => {
    const call = ask();
    const run = cafe.ws.sql.prepare('SELECT run_id FROM tool_calls WHERE id = ?').pluck().get(call) as number;
    const { text } = await cafe.owner.get(`${conversation}/runs/${run}`);
    assert.match(text, /Cancel an order[\s\S]*Waits for a person[\s\S]*cancel_an_order/);
  });
});
