import assert from 'node:assert/strict';
import { closeDeadRuns } from '../../src/answering/index.ts';
import { receiveEvents } from '../../src/conversations/index.ts';
import { budgetForm, reserve, setBudget, setRate, settle } from '../../src/providers/index.ts';
import { eventually } from '../support/eventually.ts';
import { castOf, type Cast } from './cast.ts';

const EVERYTHING = 0;

describe('a budget', () => {
  let cast: Cast;
  beforeEach(async () => {
    cast = await castOf();
    cast.ws.sql.exec("UPDATE business SET currency = 'USD'");
    cast.ai.says = 'Yes, from nine to seven.[1]';
  });
  afterEach(() => cast.end());

  const set = (botId: number, form: Record<string, string>): void => {
    const done = setBudget(cast.ws, botId, budgetForm.parse(form), 1);
    assert.ok(done.ok, JSON.stringify(done));
  };
  const row = (botId = EVERYTHING) =>
    cast.ws.sql.prepare('SELECT spent_micros AS spent, held_micros AS held, calls, unpriced FROM spend WHERE bot_id = ?').get(botId) as
      { spent: number; held: number; calls: number; unpriced: number } | undefined;
  const whyCalled = () => cast.ws.sql.prepare('SELECT wanted_why FROM conversations ORDER BY id DESC').pluck().get() as string;
  const told = () => cast.ws.sql.prepare('SELECT bot_id, level FROM budget_notices ORDER BY period, level').all();

  it('is kept though 200 conversations ask at once: never is more spent and held than it allows', async () => {
    let estimate = 0;
    cast.ws.sql.function('held', (micros) => {
      estimate = Number(micros);
      return null;
    });
    cast.ws.sql.exec('CREATE TEMP TRIGGER held AFTER INSERT ON provider_calls BEGIN SELECT held(new.spend_micros); END');
    await cast.write('Are you open on Sunday?');
    await cast.quiet();
    const cost = row()?.spent ?? 0;
    assert.ok(cost > 0 && estimate > cost);
    const ceiling = cost + 30 * estimate;
    set(EVERYTHING, { day: String(ceiling / 1_000_000) });
    let most = 0;
    // Looked at from within each transaction that writes a call: between them nothing changes.
    cast.ws.sql.function('look', (sum) => {
      most = Math.max(most, Number(sum));
      return null;
    });
    cast.ws.sql.exec(
      'CREATE TEMP TRIGGER looked AFTER UPDATE ON spend WHEN new.bot_id = 0 BEGIN SELECT look(new.spent_micros + new.held_micros); END',
    );
    const before = cast.ai.calls.length;
    await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        receiveEvents(cast.ws, cast.widget, [
          {
            type: 'message',
            thread: `t${n}`,
            sender: { externalId: `t${n}`, displayName: `Guest ${n}` },
            externalId: `b${n}`,
            saidAt: cast.ws.clock.now(),
            parts: [{ kind: 'text', text: 'Are you open on Sunday?' }],
          },
        ]),
      ),
    );
    await eventually(() => assert.deepEqual(cast.jobs(), []), 20_000);
    const after = row();
    const asked = cast.ai.calls.length - before;
    const called = cast.ws.sql.prepare("SELECT count(*) FROM conversations WHERE turn = 'person'").pluck().get() as number;
    console.log(
      `        ceiling ${ceiling}, one call's estimate ${estimate}, most spent and held at once ${most}, spent ${after?.spent}, held ${after?.held}; ${asked} asked, ${called} given to a person`,
    );
    assert.ok(most <= ceiling, `${most} of ${ceiling}`);
    assert.equal(after?.held, 0);
    assert.equal(asked + called, 200, 'each was answered or given to a person');
    assert.ok(asked >= 30 && called > 0);
    const settled = cast.ws.sql.prepare('SELECT sum(cost_micros) FROM provider_calls').pluck().get();
    assert.equal(after.spent, settled, 'the sum is that of the calls');
    assert.equal(row(cast.botId)?.spent, settled);
  });

  it('of nothing stops at once: the customer is told that a person comes, one is called, and nobody is asked', async () => {
    set(cast.botId, { day: '0' });
    const before = cast.ai.calls.length;
    await cast.write('Are you open on Sunday?');
    await cast.quiet();
    assert.equal(cast.ai.calls.length, before);
    assert.deepEqual(cast.runs(), []);
    assert.equal(cast.said().at(-1)?.text, 'I’ve asked a person to join. They will answer here.');
    assert.match(whyCalled(), /budget of \$0\.00 for the day is spent/i);
    await cast.write('Hello?');
    await cast.quiet();
    assert.equal(cast.said().filter(({ author }) => author === 'bot').length, 1, 'it is said once');
    assert.deepEqual(told(), [{ bot_id: cast.botId, level: 'spent' }]);
  });

  it('of one bot leaves the others alone, and one of everything stops them all', async () => {
    set(cast.botId + 1, { day: '0' });
    await cast.write('Are you open on Sunday?');
    await cast.quiet();
    assert.equal(cast.said().at(-1)?.text, 'Yes, from nine to seven.[1]');
    set(EVERYTHING, { month: '0' });
    await cast.write('And on Sunday evening?');
    await cast.quiet();
    assert.match(whyCalled(), /business’s budget of \$0\.00 for the month/);
  });

  it('is warned of once when the share is reached that was set', async () => {
    await cast.write('Are you open on Sunday?');
    await cast.quiet();
    set(EVERYTHING, { month: '1', warn: '1' });
    cast.ws.sql.exec('UPDATE spend SET spent_micros = 9999');
    await cast.write('Are you open on Sunday?');
    await cast.quiet();
    await cast.write('Are you open on Sunday?');
    await cast.quiet();
    assert.deepEqual(told(), [{ bot_id: EVERYTHING, level: 'near' }]);
    assert.equal(cast.ws.sql.prepare("SELECT count(*) FROM jobs WHERE kind = 'tell-budget'").pluck().get(), 1);
  });

  it('in another currency than prices counts by the owner’s rate, and stops where none is set', async () => {
    cast.ws.sql.exec("UPDATE business SET currency = 'EUR'");
    set(EVERYTHING, { day: '5' });
    await cast.write('Are you open on Sunday?');
    await cast.quiet();
    assert.match(whyCalled(), /Set what a USD is worth/);
    assert.ok(setRate(cast.ws, 'USD', '0.5', 1).ok);
    cast.ws.sql.exec("UPDATE conversations SET status = 'resolved'");
    await cast.write('Are you open on Sunday?');
    await cast.quiet();
    const cost = cast.runs()[0]?.cost_micros ?? 0;
    assert.ok(cost > 0);
    assert.equal(row()?.spent, Math.ceil(cost / 2));
  });

  it('refuses a call whose price nobody knows, or counts what the owner assumes', () => {
    const call = () =>
      cast.ws.write(() => {
        const { held, refused } = reserve(cast.ws, cast.botId, null);
        if (held) settle(cast.ws, held, null);
        return refused;
      });
    assert.equal(call(), undefined, 'without a budget it is made');
    assert.deepEqual({ ...row() }, { spent: 0, held: 0, calls: 1, unpriced: 1 });
    set(cast.botId, { day: '5' });
    assert.match(call() ?? '', /nobody knows what this model costs/);
    set(EVERYTHING, { assumed: '0.02' });
    assert.equal(call(), undefined);
    assert.equal(row()?.spent, 20_000);
    assert.equal(row(cast.botId)?.spent, 20_000);
  });

  it('counts what a dead process held as spent', async () => {
    await cast.write('Are you open on Sunday?');
    await cast.quiet();
    cast.ws.sql.exec(`
      UPDATE runs SET state = 'open', ended_at = NULL, boot = 'dead', reserved_micros = 777;
      UPDATE provider_calls SET state = 'open', ended_at = NULL, spend_micros = 777;
      UPDATE spend SET spent_micros = 0, held_micros = 777`);
    closeDeadRuns(cast.ws);
    assert.deepEqual({ ...row() }, { spent: 777, held: 0, calls: 1, unpriced: 0 });
    assert.equal(row(cast.botId)?.spent, 777);
  });

  it('counts what was held by an answer whose conversation was deleted meanwhile', async () => {
    cast.ai.fail('hang');
    await cast.write('Are you open on Sunday?');
    await eventually(() => assert.ok((row()?.held ?? 0) > 0));
    const held = row()?.held;
    cast.ws.sql.exec('DELETE FROM provider_calls');
    assert.deepEqual({ ...row() }, { spent: held, held: 0, calls: 1, unpriced: 0 });
  });

  it('refuses what is no amount, and says at which field', () => {
    const done = setBudget(cast.ws, EVERYTHING, budgetForm.parse({ day: '-1', month: '1e3', warn: '200' }), 1);
    assert.ok(!done.ok);
    assert.deepEqual(Object.keys(done.errors), ['day', 'month', 'warn']);
  });
});
