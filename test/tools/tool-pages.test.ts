import assert from 'node:assert/strict';
import { createBot, draftOf } from '../../src/bots/index.ts';
import { listTools } from '../../src/tools/index.ts';
import { openCafe } from '../support/cafe.ts';
import type { Answer } from '../support/http.ts';
import { addTool, orderService, toolFields, type OrderService } from '../support/tools.ts';

const SECRET = 'Bearer top-secret-token-1';

describe('the pages of tools', () => {
  const cafe = openCafe(before, after);
  let orders: OrderService;
  before(async () => (orders = await orderService()));
  after(() => orders.close());
  const at = () => `${cafe.base}/tools`;

  /** As a browser sends it: fields of one name one after the other. */
  function post(path: string, fields: Record<string, unknown>): Promise<Answer> {
    const body = new URLSearchParams({ csrf: cafe.owner.csrf ?? '' });
    for (const [name, value] of Object.entries(fields)) for (const each of [value].flat()) body.append(name, String(each));
    const headers = { Accept: 'text/html', 'Content-Type': 'application/x-www-form-urlencoded', Origin: cafe.owner.url };
    return cafe.owner.send('POST', path, { body: body.toString(), headers });
  }

  it('begin empty and lead on', async () => {
    const { text } = await cafe.owner.get(at());
    assert.match(text, /No tool yet/);
    assert.match(text, /tools\/new/);
  });

  it('make a tool, and show everything of it again but its secret', async () => {
    const made = await post(at(), toolFields(`${orders.url}/orders/{order}`, { headers: [['Authorization', SECRET]] }));
    assert.equal(made.status, 303, made.text.slice(0, 3000));
    const { text } = await cafe.owner.get(made.location ?? '');
    assert.match(text, /Order status/);
    assert.match(text, /Kept as it is/);
    assert.doesNotMatch(text, /top-secret/);
    assert.match((await cafe.owner.get(at())).text, /Bots call it order_status/);
  });

  it('say what is wrong beside the field, keep what was typed, and never show a secret that was typed', async () => {
    const { status, text } = await post(
      at(),
      toolFields('orders', { title: '', headers: [['Authorization', SECRET]], inputs: [['my order', 'text', 'yes', 'Kept words']] }),
    );
    assert.equal(status, 422);
    assert.match(text, /The name is missing/);
    assert.match(text, /Kept words/);
    assert.doesNotMatch(text, /top-secret/);
    const second = await post(at(), toolFields('orders'));
    assert.match(second.text, /Write the address out/);
  });

  it('try a tool, and show what went out and what came back, without the secret', async () => {
    const [tool] = listTools(cafe.ws);
    const { status, text } = await post(`${at()}/${tool?.id}/try`, { value: '17' });
    assert.equal(status, 200);
    assert.match(text, /It works/);
    assert.match(text, /GET http:\/\/127\.0\.0\.1:\d+\/orders\/17/);
    assert.match(text, /Authorization: …en-1/);
    assert.match(text, /on its way/);
    assert.doesNotMatch(text, /top-secret/);
    const empty = await post(`${at()}/${tool?.id}/try`, { value: '' });
    assert.equal(empty.status, 422);
    assert.match(empty.text, /don’t fit at “order”/);
  });

  it('are for owners and admins alone', async () => {
    for (const person of ['agent', 'viewer'] as const) assert.equal((await (await cafe.server.as(person)).get(at())).status, 403);
  });

  it('allow a tool to a bot in its draft, and take it back', async () => {
    const { botId } = createBot(cafe.ws, { settings: { name: 'Aurora' }, userId: null });
    const tool = addTool(cafe.ws, `${orders.url}/x/{order}`, { title: 'Another' });
    const page = await cafe.owner.get(`${cafe.base}/bots/${botId}/tools`);
    assert.match(page.text, /Another/);
    const draft = `${cafe.base}/bots/${botId}/draft`;
    assert.equal((await post(draft, { part: 'tools', tools: [tool], builtIns: ['hours', 'end'] })).status, 303);
    assert.deepEqual([draftOf(cafe.ws, botId)?.settings.tools, draftOf(cafe.ws, botId)?.settings.builtIns], [[tool], ['hours', 'end']]);
    assert.equal((await post(draft, { part: 'tools', builtIns: 'shell' })).status, 422);
    await post(draft, { part: 'tools' });
    assert.deepEqual(draftOf(cafe.ws, botId)?.settings.tools, []);
  });

  it('remove a tool', async () => {
    const [tool] = listTools(cafe.ws);
    const before = listTools(cafe.ws).length;
    assert.equal((await post(`${at()}/${tool?.id}/remove`, {})).status, 303);
    assert.equal(listTools(cafe.ws).length, before - 1);
    assert.equal((await cafe.owner.get(`${at()}/${tool?.id}`)).status, 404);
  });
});
