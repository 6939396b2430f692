import assert from 'node:assert/strict';
import { actionParked, answerConversation, answerParked, runAction } from '../../src/answering/index.ts';
import { decideAction } from '../../src/answering/tools/ask-for-action.ts';
import { deliverMessages, takeOver } from '../../src/conversations/index.ts';
import { inputInWords } from '../../src/tools/index.ts';
import type { Body, Said } from '../simulators/http-ai.ts';
import { eventually } from '../support/eventually.ts';
import { addTool, orderService, type OrderService } from '../support/tools.ts';
import { castOf, type Cast } from './cast.ts';

const ASKED = 'A colleague will confirm it.';
const KINDS = {
  answer: { run: answerConversation, attempts: 4, longestWaitMs: 8000, onParked: answerParked },
  deliver: { run: deliverMessages },
  'run-action': { run: runAction, onParked: actionParked },
};

describe('an action that changes something', () => {
  let cast: Cast;
  let orders: OrderService;
  before(async () => {
    cast = await castOf();
    orders = await orderService();
    const tool = addTool(cast.ws, `${orders.url}/orders/{order}/cancel`, {
      title: 'Cancel an order',
      method: 'POST',
      changes: 'on',
      inputs: [
        ['order', 'text', 'yes', 'Its number'],
        ['reason', 'text', 'no', ''],
        ['by', 'filled', 'yes', '{{contact.name}} here'],
      ],
    });
    const other = addTool(cast.ws, `${orders.url}/orders/{order}/return`, { title: 'Return an order', method: 'POST', changes: 'on' });
    cast.set({ tools: [tool, other], builtIns: ['end'] });
    cast.test.installation.jobs.begin(KINDS);
  });
  beforeEach(() => {
    orders.answers = null;
    orders.requests.length = 0;
    orders.bodies.length = 0;
    cast.ai.calls.length = 0;
    cast.ws.sql.exec("UPDATE conversations SET status = 'resolved'");
    says('It is cancelled.');
  });
  after(async () => {
    await cast.end();
    await orders.close();
  });

  /** The model wants it cancelled once, then says that; told what came of it, it says this. */
  function says(then: Said): void {
    cast.ai.says = (body) => {
      const messages = body['messages'] as Body[];
      if (/Not written by the customer/.test(JSON.stringify(messages.at(-1)))) return then;
      return messages.some(({ role }) => role === 'tool')
        ? ASKED
        : { calls: [{ name: 'cancel_an_order', input: { order: '17', reason: 'too late' } }] };
    };
  }
  const row = () =>
    cast.ws.sql.prepare('SELECT * FROM tool_calls ORDER BY id DESC').get() as {
      id: number;
      state: string;
      says: string | null;
      conversation_id: number;
      message_id: number | null;
      told_at: number | null;
      expires_at: number | null;
    };
  const settled = (kinds: string[]) =>
    eventually(
      () =>
        assert.deepEqual(
          cast.jobs().filter(({ kind }) => kinds.includes(kind)),
          [],
        ),
      6000,
    );
  async function asked(): Promise<ReturnType<typeof row>> {
    await cast.write('Please cancel order 17');
    await settled(['answer', 'deliver']);
    return row();
  }
  const decide = (approve: boolean, { id, conversation_id: conversationId } = row()) =>
    decideAction(cast.ws, { callId: id, conversationId, approve, userId: 1 });
  const told = () => eventually(() => assert.notEqual(row().told_at, null), 6000);
  const dueNow = (): void => {
    cast.ws.sql.exec("UPDATE jobs SET due_at = 1 WHERE kind = 'run-action'");
    cast.test.installation.jobs.wake(cast.ws.id, 1);
  };
  const events = () => cast.ws.sql.prepare("SELECT text FROM messages WHERE event = 'asks' ORDER BY id DESC").pluck().get();
  const wanted = () => cast.ws.sql.prepare('SELECT wanted_why FROM conversations ORDER BY id DESC').pluck().get();

  it('waits for a person: it is asked in the thread in words, one is called, the customer is told, and nothing goes out', async () => {
    const { state } = await asked();
    assert.equal(state, 'waiting');
    assert.equal(events(), 'The bot wants to: Cancel an order (order: 17, reason: too late)');
    assert.equal(cast.said().at(-1)?.text, ASKED);
    assert.equal(wanted(), 'The bot waits for your word: Cancel an order');
    assert.equal(orders.requests.length, 0);
  });

  it('is done once it is approved, with what we fill in ourselves, and the customer hears of it', async () => {
    await asked();
    assert.deepEqual(decide(true), { ok: true });
    await told();
    assert.equal(row().state, 'done');
    assert.equal(cast.said().at(-1)?.text, 'It is cancelled.');
    assert.deepEqual(JSON.parse(orders.bodies[0] ?? ''), { reason: 'too late', by: 'Leyla here' });
    assert.equal(orders.requests[0]?.path, '/orders/17/cancel');
    assert.equal(wanted(), null, 'nobody is called any more');
    const asking = cast.ai.calls.at(-1)?.body ?? {};
    assert.equal(asking['tool_choice'], 'none', 'what came back can call nothing');
  });

  it('isn’t done when it is declined, and the customer hears of that', async () => {
    says('My colleague decided against it.');
    await asked();
    decide(false);
    await told();
    assert.deepEqual([row().state, cast.said().at(-1)?.text, orders.requests.length], ['declined', 'My colleague decided against it.', 0]);
  });

  it('is decided once: who comes later is told so', async () => {
    await asked();
    assert.equal(decide(true)?.ok, true);
    assert.deepEqual(decide(false), { ok: false, says: 'This was decided already, or waited too long.' });
    assert.equal(
      decideAction(cast.ws, { callId: row().id, conversationId: row().conversation_id + 1, approve: true, userId: 1 }),
      undefined,
      'not from another conversation',
    );
    await told();
    assert.equal(orders.requests.length, 1);
  });

  it('expires after a day: it isn’t done, can’t be approved any more, and the customer hears of it', async () => {
    says('Nobody could decide in time.');
    await asked();
    cast.ws.sql.exec(`UPDATE tool_calls SET expires_at = 1 WHERE id = ${row().id}; UPDATE jobs SET due_at = 1 WHERE kind = 'run-action'`);
    assert.equal(decide(true)?.ok, false);
    cast.test.installation.jobs.wake(cast.ws.id, 1);
    await told();
    assert.deepEqual([row().state, cast.said().at(-1)?.text, orders.requests.length], ['expired', 'Nobody could decide in time.', 0]);
  });

  it('is never done twice: what a kill left in the middle is uncertain, a person is called, and nothing goes out again', async () => {
    says('My colleagues look whether it worked.');
    await asked();
    cast.ws.sql.exec(
      `UPDATE tool_calls SET state = 'executing' WHERE id = ${row().id}; UPDATE jobs SET due_at = 1 WHERE kind = 'run-action'`,
    );
    cast.test.installation.jobs.wake(cast.ws.id, 1);
    await told();
    assert.deepEqual([row().state, orders.requests.length], ['uncertain', 0]);
    assert.equal(row().says, 'The server stopped while this was being done. It may have happened.');
    assert.match(String(wanted()), /Cancel an order/);
  });

  it('goes on after a kill between approval and doing it: the row says what is left to do', async () => {
    await asked();
    cast.ws.sql.exec(
      `UPDATE tool_calls SET state = 'approved', decided_by = 1 WHERE id = ${row().id}; UPDATE jobs SET due_at = 1, lease = NULL WHERE kind = 'run-action'`,
    );
    cast.test.installation.jobs.wake(cast.ws.id, 1);
    await told();
    assert.deepEqual([row().state, orders.requests.length], ['done', 1]);
  });

  it('is uncertain when the service broke off or failed in itself, and failed when it said no', async () => {
    const cases: [(response: import('node:http').ServerResponse) => void, string][] = [
      [(response) => response.destroy(), 'uncertain'],
      [(response) => response.writeHead(500).end('boom'), 'uncertain'],
      [(response) => response.writeHead(409).end('{"error":"shipped already"}'), 'failed'],
      [(response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(), 'failed'],
    ];
    for (const [answer, state] of cases) {
      cast.ws.sql.exec("UPDATE conversations SET status = 'resolved'");
      orders.requests.length = 0;
      orders.answers = (_request, response) => answer(response);
      await asked();
      decide(true);
      await told();
      assert.deepEqual([row().state, orders.requests.length], [state, 1]);
    }
  });

  it('leaves it to a person to tell the customer, where the model fails or one has taken over', async () => {
    await asked();
    for (let n = 0; n < 3; n++) cast.ai.fail('server-error');
    decide(true);
    await told();
    assert.equal(wanted(), 'Tell the customer what came of this: Cancel an order.');
    assert.equal(cast.said().at(-1)?.text, ASKED);
    cast.ws.sql.exec("UPDATE conversations SET status = 'resolved'");
    const { conversation_id: conversation } = await asked();
    takeOver(cast.ws, conversation, 1);
    decide(true);
    await told();
    assert.equal(row().state, 'done');
    assert.equal(cast.said().at(-1)?.text, ASKED);
  });

  it('answers who writes meanwhile first, and knows by then what came of it', async () => {
    await asked();
    orders.answers = (_request, response) => response.end('{}');
    decide(true);
    await told();
    cast.ai.says = 'It was cancelled before.';
    await cast.write('And, is it cancelled?');
    await settled(['answer', 'deliver']);
    assert.match(JSON.stringify(cast.ai.calls.at(-1)?.body), /A person of the team approved it, and it was done/);
  });

  it('is told again, behind their answer, to who writes while it is being worded', async () => {
    says('It was cancelled just now.');
    await asked();
    const go = cast.ai.holdHalfway();
    cast.ai.calls.length = 0;
    decide(true);
    await eventually(() => assert.equal(cast.ai.calls.length, 1));
    cast.ai.says = (body) =>
      /Not written by the customer/.test(JSON.stringify((body['messages'] as Body[]).at(-1))) ? 'It was cancelled, I said.' : 'One moment.';
    await cast.write('And?');
    go();
    await settled(['answer', 'deliver']);
    assert.equal(row().told_at, null);
    dueNow();
    await told();
    assert.deepEqual(
      cast.said().map(({ text }) => text).slice(-2), // prettier-ignore
      ['One moment.', 'It was cancelled, I said.'],
    );
    const { state, why } = cast.runs().at(-3) ?? assert.fail();
    assert.deepEqual([state, why, wanted(), orders.requests.length], ['dropped', 'newer message', null, 1]);
  });

  it('among several calls a person for each: for the next once one is decided, and for none that is too late', async () => {
    cast.ai.says = (body) =>
      (body['messages'] as Body[]).some(({ role }) => role === 'tool')
        ? ASKED
        : { calls: ['17', '18'].map((order) => ({ name: order === '17' ? 'cancel_an_order' : 'return_an_order', input: { order } })) };
    const second = await asked();
    assert.equal(wanted(), 'The bot waits for your word: Cancel an order');
    decide(true, { ...second, id: second.id - 1 });
    assert.equal(wanted(), 'The bot waits for your word: Return an order');
    cast.ws.sql.exec(`UPDATE tool_calls SET expires_at = 1 WHERE id = ${second.id}`);
    dueNow();
    await eventually(() => assert.equal(row().state, 'expired'));
    assert.equal(wanted(), null);
    await told();
  });

  it('hides no other reason for which a person is called, and keeps its conversation open', async () => {
    const calls = (then: string, ...more: string[]) =>
      (cast.ai.says = (body) =>
        (body['messages'] as Body[]).some(({ role }) => role === 'tool')
          ? then
          : { calls: [{ name: 'cancel_an_order', input: { order: '17' } }, ...more.map((name) => ({ name, input: {} }))] });
    calls('[[no answer]]');
    await asked();
    assert.match(String(wanted()), /no answer to/);
    decide(false);
    assert.match(String(wanted()), /no answer to/);
    await told();
    cast.ws.sql.exec("UPDATE conversations SET status = 'resolved'");
    calls('Goodbye.', 'end_conversation');
    await asked();
    assert.equal(cast.ws.sql.prepare('SELECT status FROM conversations ORDER BY id DESC').pluck().get(), 'open');
    assert.equal(row().state, 'done', 'it wanted both');
  });

  it('isn’t done for a contact who is restricted, nor by a tool that does something else by now', async () => {
    const restrict = (at: number | null) => cast.ws.sql.prepare('UPDATE contacts SET restricted_at = ?').run(at);
    const { id } = await asked();
    restrict(1);
    assert.match(JSON.stringify(decide(true)), /This contact is restricted/);
    restrict(null);
    assert.equal(row().state, 'waiting');
    cast.ws.sql.exec(`UPDATE tool_calls SET state = 'approved' WHERE id = ${id}`);
    restrict(1);
    dueNow();
    await told();
    restrict(null);
    assert.deepEqual([row().state, row().says], ['failed', 'The contact was restricted meanwhile: nothing is done with their data.']);
    cast.ws.sql.exec("UPDATE conversations SET status = 'resolved'");
    await asked();
    cast.ws.sql.exec('UPDATE tools SET updated_at = updated_at + 10000000');
    decide(true);
    await told();
    cast.ws.sql.exec('UPDATE tools SET updated_at = updated_at - 10000000');
    assert.equal(row().state, 'failed');
    assert.match(String(row().says), /changed after it was asked for/);
    assert.equal(orders.requests.length, 0);
  });

  it('is found by an index from all that may be deleted above it', () => {
    const above = cast.ws.sql.pragma('foreign_key_list(tool_calls)') as { from: string; table: string }[];
    for (const { from, table } of above.filter((each) => each.table !== 'tools')) {
      const plan = cast.ws.sql.prepare(`EXPLAIN QUERY PLAN SELECT 1 FROM tool_calls WHERE ${from} = ?`).get(1) as { detail: string };
      assert.match(plan.detail, /^SEARCH tool_calls USING .*INDEX/, table);
    }
  });

  it('asks with as many words as people read, and says where it was cut', () => {
    assert.equal(inputInWords('{"order_number":"17","paid":true}'), 'order number: 17, paid: true');
    const cut = inputInWords(JSON.stringify({ reason: 'x'.repeat(2000) }));
    assert.deepEqual([cut.length, cut.endsWith('x…')], [1000, true]);
  });

  it('is forgotten when its answer is dropped: a newer message asks anew', async () => {
    cast.ai.says = (body) =>
      (body['messages'] as Body[]).some(({ role }) => role === 'tool')
        ? 'words that are dropped '.repeat(300)
        : { calls: [{ name: 'cancel_an_order', input: { order: '17' } }] };
    await cast.write('Cancel 17');
    await eventually(() => assert.equal(cast.ai.calls.length, 2));
    says('Done.');
    await cast.write('No, cancel 18');
    await settled(['answer', 'deliver']);
    const waiting = cast.ws.sql
      .prepare('SELECT count(*) FROM tool_calls WHERE conversation_id = ? AND expires_at IS NOT NULL')
      .pluck()
      .get(row().conversation_id);
    assert.equal(waiting, 1);
  });
});
