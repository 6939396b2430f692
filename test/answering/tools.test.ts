import assert from 'node:assert/strict';
import { LIMITS } from '../../src/answering/tools/tool-box.ts';
import { setBudget, budgetForm } from '../../src/providers/index.ts';
import type { Body, Said } from '../simulators/http-ai.ts';
import { eventually } from '../support/eventually.ts';
import { addTool, orderService, type OrderService } from '../support/tools.ts';
import { castOf, type Cast } from './cast.ts';

interface CallRow {
  name: string;
  state: string;
  says: string | null;
  result: string | null;
  sent: string | null;
  tool_id: number | null;
}

for (const provider of ['openai', 'anthropic'] as const) {
  describe(`a bot with tools, by ${provider}`, () => {
    let cast: Cast;
    let orders: OrderService;
    let tool: number;
    before(async () => {
      cast = await castOf(provider);
      orders = await orderService();
      tool = addTool(cast.ws, `${orders.url}/orders/{order}`, {
        headers: [['Authorization', 'Bearer top-secret-token-1']],
        pick: 'order.status\npath',
      });
      cast.set({ tools: [tool], builtIns: ['hours', 'hand-over', 'end'] });
    });
    beforeEach(() => {
      orders.answers = null;
      orders.requests.length = 0;
      orders.bodies.length = 0;
      cast.ai.calls.length = 0;
      cast.ws.sql.exec(
        "UPDATE conversations SET status = 'resolved', turn = 'bot', wanted_since = NULL, holder_id = NULL; DELETE FROM budgets; UPDATE spend SET spent_micros = 0, held_micros = 0",
      );
    });
    after(async () => {
      await cast.end();
      await orders.close();
    });

    const calls = () =>
      cast.ws.sql
        .prepare('SELECT name, state, says, result, sent, tool_id FROM tool_calls WHERE run_id = (SELECT max(id) FROM runs) ORDER BY id')
        .all() as CallRow[];
    const lastSaid = () => cast.said().at(-1)?.text;
    const rounds = (body: Body) =>
      (body['messages'] as Body[]).filter(({ role, content }) => role === 'tool' || (role === 'user' && Array.isArray(content))).length;
    /** Answers the n-th time with the n-th of these; the last one goes on. */
    const says = (...said: Said[]) => {
      cast.ai.says = (body) => said[Math.min(rounds(body), said.length - 1)] ?? '';
    };
    const look = (order: unknown, name = 'order_status') => ({
      name,
      input: typeof order === 'string' && order.startsWith('{"') ? order : { order },
    });
    const ask = async (text = 'Where is my order 17?') => {
      await cast.write(text);
      await eventually(
        () =>
          assert.equal(
            cast.jobs().some(({ kind }) => kind !== 'ask-rating'),
            false,
          ),
        6000,
      );
    };

    it('asks the service, and answers from what it returned; the run holds call, result and what was sent, without the secret', async () => {
      says({ calls: [look('17')] }, 'It is on its way.');
      await ask();
      assert.equal(lastSaid(), 'It is on its way.');
      assert.equal(orders.requests[0]?.headers.authorization, 'Bearer top-secret-token-1');
      assert.equal(orders.requests[0]?.path, '/orders/17');
      const [call] = calls();
      assert.deepEqual([call?.state, call?.tool_id, call?.result], ['done', tool, '{"order.status":"on its way","path":"/orders/17"}']);
      assert.deepEqual(JSON.parse(call?.sent ?? ''), { method: 'GET', url: `${orders.url}/orders/17`, body: null });
      assert.doesNotMatch(JSON.stringify(cast.ai.calls), /top-secret/);
      assert.doesNotMatch(JSON.stringify(cast.ws.sql.prepare('SELECT * FROM tool_calls').all()), /top-secret/);
    });

    it('is paid for each call of the model: the run costs what its calls cost, and nothing is held afterwards', async () => {
      cast.ws.sql.exec("UPDATE business SET currency = 'USD'");
      says({ calls: [look('17')] }, 'It is on its way.');
      await ask();
      const paid = cast.ws.sql
        .prepare('SELECT state, cost_micros AS cost, input_tokens AS input FROM provider_calls WHERE run_id = (SELECT max(id) FROM runs)')
        .all() as {
        state: string;
        cost: number;
        input: number;
      }[];
      assert.deepEqual(
        paid.map(({ state }) => state),
        ['ended', 'ended'],
      );
      const run = cast.runs().at(-1);
      assert.equal(
        run?.cost_micros,
        paid.reduce((sum, { cost }) => sum + cost, 0),
      );
      assert.equal(
        run?.input_tokens,
        paid.reduce((sum, { input }) => sum + input, 0),
      );
      assert.equal(cast.ws.sql.prepare('SELECT sum(held_micros) FROM spend').pluck().get(), 0);
    });

    it('makes calls of one round at the same time, and keeps their order', async () => {
      const waiting: (() => void)[] = [];
      orders.answers = (request, response) => {
        waiting.push(() => response.end(JSON.stringify({ path: request.url })));
        if (waiting.length === 2) for (const answer of waiting.toReversed()) answer();
      };
      says({ calls: [look('1'), look('2')] }, 'Both are there.');
      await ask();
      assert.equal(lastSaid(), 'Both are there.');
      assert.deepEqual(
        calls().map(({ result }) => result),
        ['{"order.status":null,"path":"/orders/1"}', '{"order.status":null,"path":"/orders/2"}'],
      );
    });

    it('tells the model once of what isn’t there and of half a JSON, and lets it answer then', async () => {
      says({ calls: [look('17', 'delete_all_orders')] }, { calls: [look('{"order": "1')] }, 'I can’t look that up.');
      await ask();
      assert.equal(lastSaid(), 'I can’t look that up.');
      assert.deepEqual(
        calls().map(({ name, state }) => [name, state]),
        [
          ['delete_all_orders', 'refused'],
          ['order_status', 'refused'],
        ],
      );
      assert.equal(orders.requests.length, 0);
      const last = cast.ai.calls.at(-1)?.body ?? {};
      assert.match(JSON.stringify(last['messages']), /There is no tool.*not valid JSON/);
      assert.notEqual(last['tool_choice'], undefined, 'after the second fault it has to answer');
    });

    it('checks arguments before anything goes out', async () => {
      says(
        { calls: [look(17), { name: 'order_status', input: { order: '17', admin: true } }, { name: 'order_status', input: [] }] },
        'Sorry.',
      );
      await ask();
      assert.deepEqual(
        calls().map(({ state }) => state),
        ['refused', 'refused', 'refused'],
      );
      assert.equal(orders.requests.length, 0);
    });

    it('calls six times at most, however often the model wants to', async () => {
      says({ calls: [look('1'), look('2')] });
      cast.ai.says = (body) => (body['tool_choice'] === undefined ? { calls: [look('1'), look('2')] } : 'That is all I found.');
      await ask();
      assert.equal(lastSaid(), 'That is all I found.');
      assert.equal(orders.requests.length, LIMITS.calls);
      assert.equal(cast.ai.calls.length, 4);
    });

    it('gives up a service that is slow, and answers without it', async () => {
      const before = LIMITS.ms;
      LIMITS.ms = 60;
      orders.answers = () => undefined;
      try {
        says({ calls: [look('17')] }, 'I can’t reach our orders now.');
        await ask();
      } finally {
        LIMITS.ms = before;
      }
      assert.equal(lastSaid(), 'I can’t reach our orders now.');
      assert.equal(calls()[0]?.state, 'failed');
    });

    it('drops the answer, and the call with it, when the customer writes again', async () => {
      orders.answers = () => undefined;
      says({ calls: [look('17')] }, 'It is on its way.');
      await cast.write('Where is order 17?');
      await eventually(() => assert.equal(orders.requests.length, 1));
      orders.answers = null;
      await ask('Number 18, sorry');
      const states = cast.ws.sql
        .prepare("SELECT r.state || ' ' || c.state FROM tool_calls c JOIN runs r ON r.id = c.run_id ORDER BY c.id DESC LIMIT 2")
        .pluck()
        .all();
      assert.deepEqual(states, ['answered done', 'dropped failed']);
      assert.equal(lastSaid(), 'It is on its way.');
    });

    it('shows customers the final words as they come, and keeps what was said before a call at their beginning', async () => {
      says({ text: 'Let me look.', calls: [look('17')] }, 'It is on its way.');
      cast.events.length = 0;
      await ask();
      assert.equal(lastSaid(), 'Let me look.\n\nIt is on its way.');
      const drafts = cast.events.map((event) => (event.type === 'draft' ? event.text : '')).join('');
      assert.equal(drafts, 'Let me look.\n\nIt is on its way.');
    });

    it('stops where a budget is spent in the middle: a person is called, and nothing is billed unseen', async () => {
      cast.ws.sql.exec("UPDATE business SET currency = 'USD'");
      orders.answers = (_request, response) => {
        assert.ok(setBudget(cast.ws, 0, budgetForm.parse({ day: '0' }), 1).ok);
        response.end('{}');
      };
      says({ calls: [look('17')] }, 'Never said.');
      await ask();
      assert.equal(lastSaid(), 'I’ve asked a person to join. They will answer here.');
      assert.equal(cast.runs().at(-1)?.why, 'over budget');
      assert.equal(cast.ws.sql.prepare('SELECT sum(held_micros) FROM spend').pluck().get(), 0);
    });

    it('hands over with its reason, where it is allowed to', async () => {
      says({ calls: [{ name: 'hand_over', input: { reason: 'Order 17 came broken; wants the money back.' } }] });
      await ask('It is broken, I want my money back');
      assert.equal(lastSaid(), 'I’ve asked a person to join. They will answer here.');
      assert.equal(
        cast.ws.sql.prepare('SELECT wanted_why FROM conversations ORDER BY id DESC').pluck().get(),
        'The bot hands over: Order 17 came broken; wants the money back.',
      );
    });

    it('ends the conversation after its last words', async () => {
      says({ calls: [{ name: 'end_conversation', input: '' }] }, 'Have a nice day.');
      await ask('No, that was all, thanks a lot');
      assert.equal(lastSaid(), 'Have a nice day.');
      assert.equal(cast.ws.sql.prepare('SELECT status FROM conversations ORDER BY id DESC').pluck().get(), 'resolved');
      assert.equal(
        cast.ws.sql.prepare("SELECT text FROM messages WHERE event = 'resolved' ORDER BY id DESC").pluck().get(),
        'The bot marked this as done.',
      );
    });

    it('looks up when people are there', async () => {
      cast.ws.sql.exec('UPDATE opening_hours SET in_use = 1');
      says({ calls: [{ name: 'opening_hours', input: {} }] }, 'From nine to five.');
      await ask('When are people there?');
      assert.match(calls()[0]?.result ?? '', /"Monday":"09:00–17:00".*"Sunday":"closed"/);
      cast.ws.sql.exec('UPDATE opening_hours SET in_use = 0');
    });

    it('asks the model though no passage fits: a tool may know', async () => {
      says('Hello.');
      await ask('Quokka zyzzyva wombat?');
      assert.equal(lastSaid(), 'Hello.');
      cast.set({ tools: [], builtIns: [] });
      await ask('Quokka zyzzyva wombat?');
      assert.equal(
        cast.ai.calls.some(({ body }) => 'tools' in body && rounds(body) > 0),
        false,
      );
      assert.notEqual(lastSaid(), 'Hello.');
      cast.set({ tools: [tool], builtIns: ['hours', 'hand-over', 'end'] });
    });
  });
}
