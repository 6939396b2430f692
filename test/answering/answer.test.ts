import assert from 'node:assert/strict';
import { enqueue } from '../../src/jobs/enqueue.ts';
import { handBack, receiveEvents, sayAsPerson, takeOver } from '../../src/conversations/index.ts';
import { closeDeadRuns } from '../../src/answering/index.ts';
import { eventually } from '../support/eventually.ts';
import { castOf, type Cast } from './cast.ts';

for (const provider of ['openai', 'anthropic'] as const) {
  describe(`answering with the ${provider} SDK`, () => {
    let cast: Cast;
    beforeEach(async () => {
      cast = await castOf(provider);
    });
    afterEach(() => cast.end());

    it('streams the answer, stores it once with its sources, and says what it cost', async () => {
      cast.ai.says = 'Yes, from nine to seven.[1]';
      const goOn = cast.ai.holdHalfway();
      const { conversationId } = await cast.write('Are you open on Sunday?');
      await eventually(
        () =>
          assert.ok(
            cast.events.some(({ type }) => type === 'draft'),
            'it comes in pieces',
          ),
        6000,
      );
      goOn();
      await cast.quiet();
      assert.deepEqual(cast.said(), [
        { author: 'customer', text: 'Are you open on Sunday?', cut: false },
        { author: 'bot', text: 'Yes, from nine to seven.[1]', cut: false },
      ]);
      const drafts = cast.events.flatMap((event) => (event.type === 'draft' ? [event.text] : []));
      assert.equal(drafts.join(''), 'Yes, from nine to seven.');
      const end = cast.events.find((event) => event.type === 'draft-ended');
      assert.ok(end?.type === 'draft-ended' && end.messageId !== null && end.conversationId === conversationId);
      const [run] = cast.runs();
      assert.equal(run?.state, 'answered');
      assert.ok((run.cost_micros ?? 0) > 0, 'the cost is known');
      const sources = JSON.parse(cast.ws.sql.prepare("SELECT sources FROM messages WHERE author = 'bot'").pluck().get() as string) as {
        n: number;
        title: string;
      }[];
      assert.deepEqual(
        sources.map(({ n, title }) => ({ n, title })),
        [{ n: 1, title: 'Hours' }],
      );
      assert.match(JSON.stringify(cast.ai.calls.at(-1)?.body), /We are open on Sunday from nine to seven/);
    });

    it('sends what the run says it sent: a prefix that stays the same from question to question, then what changes', async () => {
      cast.ai.says = 'Yes.';
      await cast.write('Are you open on Sunday?');
      await cast.quiet();
      await cast.write('And on Sunday evening?');
      await cast.quiet();
      const [first, second] = cast.runs().map((run) => JSON.parse(run.prompt) as { role: string; text: string }[]);
      assert.equal(first?.[0]?.text, second?.[0]?.text);
      for (const part of second ?? []) {
        assert.ok(JSON.stringify(cast.ai.calls.at(-1)?.body).includes(JSON.stringify(part.text).slice(1, -1)), part.text);
      }
      assert.deepEqual(
        second?.slice(2).map((turn) => `${turn.role}: ${turn.text}`),
        ['user: Are you open on Sunday?', 'assistant: Yes.', 'user: And on Sunday evening?'],
      );
    });

    it('never shows or stores half an answer as a whole one, and calls a person', async () => {
      for (let i = 0; i < 3; i++) cast.ai.fail('cut-clean');
      await cast.write('Are you open on Sunday?');
      await cast.quiet();
      const said = cast.said();
      assert.equal(said.at(-1)?.text, 'I can’t answer that well, so I’ve asked a person to look at it.');
      assert.ok(said.slice(1, -1).every((message) => message.cut));
      assert.notEqual(cast.ws.sql.prepare('SELECT wanted_since FROM conversations').pluck().get(), null);
    });

    it('says the fallback sentence, never the error, when the key is refused, and does not try again', async () => {
      cast.set({ groundedOnly: false });
      cast.ai.fail('no-credit');
      await cast.write('Bist du am Sonntag offen?');
      await cast.quiet();
      assert.equal(cast.said().at(-1)?.text, 'Das kann ich nicht gut beantworten. Ich habe einen Menschen gebeten, es sich anzusehen.');
      assert.deepEqual(
        cast.runs().map((run) => [run.state, run.why]),
        [['failed', 'no-credit']],
      );
      assert.match(cast.ws.sql.prepare('SELECT wanted_why FROM conversations').pluck().get() as string, /credit/i);
    });
  });
}

describe('answering', () => {
  let cast: Cast;
  beforeEach(async () => {
    cast = await castOf();
  });
  afterEach(() => cast.end());

  it('answers a burst once, when the customer has paused', async () => {
    cast.ai.says = 'One answer.';
    for (const text of ['Hi', 'are you open', 'on Sunday?']) await cast.write(text, { channelId: cast.messenger.id });
    await cast.quiet();
    assert.equal(cast.said().filter((message) => message.author === 'bot').length, 1);
    assert.deepEqual(cast.messenger.far.sent.map((part) => part.text).slice(-1), ['One answer.']);
    assert.equal((JSON.parse(cast.runs()[0]?.prompt ?? '[]') as { text: string }[]).at(-1)?.text, 'Hi\nare you open\non Sunday?');
  });

  it('takes in a message that comes while it writes, and keeps what was shown as cut off', async () => {
    cast.ai.says = (body) =>
      JSON.stringify(body).includes('Monday') ? 'Sunday yes, Monday no.' : `On Sundays we are open, ${'and much more to tell '.repeat(40)}`;
    await cast.write('Open on Sunday?');
    await eventually(() => assert.ok(cast.events.filter((event) => event.type === 'draft').length > 8));
    await cast.write('And on Monday?');
    await cast.quiet();
    const said = cast.said();
    assert.deepEqual(
      said.filter((message) => message.author === 'bot' && !message.cut).map((message) => message.text),
      ['Sunday yes, Monday no.'],
    );
    assert.deepEqual(
      cast.runs().map((run) => run.state),
      ['dropped', 'answered'],
    );
    const cut = said.filter((message) => message.cut);
    assert.equal(cut.length, 1);
    assert.ok(cut[0]?.text.startsWith('On Sundays we are open'));
  });

  it('drops what it writes the moment a person takes over, and is silent until handed back', async () => {
    cast.ai.fail('hang');
    const { conversationId = 0 } = await cast.write('Open on Sunday?');
    await eventually(() => assert.equal(cast.ai.calls.length, 1));
    takeOver(cast.ws, conversationId, 1);
    await cast.quiet();
    assert.deepEqual(
      cast.runs().map((run) => [run.state, run.why]),
      [['dropped', 'person']],
    );
    await cast.write('Hello?');
    sayAsPerson(cast.ws, { conversationId, userId: 1, text: 'Yes, from nine.' });
    await cast.quiet();
    assert.deepEqual(
      cast.said().filter((message) => message.author === 'bot' && !message.cut),
      [],
    );
    handBack(cast.ws, conversationId, 1);
    cast.ai.says = 'The bot again.';
    await cast.write('Thanks. And on Sunday?');
    await cast.quiet();
    assert.equal(cast.said().at(-1)?.text, 'The bot again.');
  });

  it('never says what is for us: signs, JSON, nothing at all', async () => {
    cast.set({ groundedOnly: false });
    for (const says of ['[[no answer]]', '{"name":"search","arguments":{"q":"x"}}', ' ', '[[call person]]']) {
      cast.ws.sql.exec("UPDATE conversations SET status = 'resolved'");
      cast.ai.says = says;
      cast.events.length = 0;
      await cast.write('What is the airspeed of a swallow?');
      await cast.quiet();
      assert.deepEqual(
        cast.events.filter((event) => event.type === 'draft'),
        [],
        says,
      );
      assert.match(cast.said().at(-1)?.text ?? '', /asked a person/, says);
      assert.equal(cast.ws.sql.prepare("SELECT wanted_since IS NOT NULL FROM conversations WHERE status = 'open'").pluck().get(), 1, says);
    }
  });

  it('hears a customer who asks for a person before any provider does, and tells both sides', async () => {
    const before = cast.ai.calls.length;
    await cast.write('Can I talk to a person?');
    await cast.quiet();
    assert.equal(cast.ai.calls.length, before);
    assert.equal(cast.said().at(-1)?.text, 'I’ve asked a person to join. They will answer here.');
    assert.equal(cast.ws.sql.prepare('SELECT turn FROM conversations').pluck().get(), 'person');
    await cast.write('Hello?');
    await cast.quiet();
    assert.equal(cast.said().filter((message) => message.author === 'bot').length, 1);
  });

  it('tries again what may pass, within seconds, and answers then', async () => {
    cast.ai.says = 'Yes.';
    cast.ai.retryAfter = '1';
    cast.ai.fail('overloaded');
    await cast.write('Open on Sunday?');
    await cast.quiet();
    assert.deepEqual(
      cast.runs().map((run) => run.state),
      ['failed', 'answered'],
    );
    assert.equal(cast.said().at(-1)?.text, 'Yes.');
  });

  it('charges what was spent on an answer that was dropped', async () => {
    cast.ai.fail('hang');
    const { conversationId = 0 } = await cast.write('Open on Sunday?');
    await eventually(() => assert.equal(cast.runs().length, 1));
    takeOver(cast.ws, conversationId, 1);
    await cast.quiet();
    assert.ok((cast.runs()[0]?.cost_micros ?? 0) > 0);
  });

  it('closes runs that a dead process left open, and charges what they had reserved', async () => {
    cast.ai.says = 'Yes.';
    await cast.write('Open on Sunday?');
    await cast.quiet();
    cast.ws.sql.exec(
      "UPDATE runs SET state = 'open', ended_at = NULL, boot = 'dead', reserved_micros = 777; UPDATE provider_calls SET state = 'open'",
    );
    closeDeadRuns(cast.ws);
    assert.deepEqual(cast.ws.sql.prepare('SELECT state, cost_micros, reserved_micros FROM runs').get(), {
      state: 'died',
      cost_micros: 777,
      reserved_micros: 0,
    });
    assert.deepEqual(cast.ws.sql.prepare('SELECT state, cost_micros, estimated FROM provider_calls').get(), {
      state: 'aborted',
      cost_micros: 777,
      estimated: 1,
    });
  });

  it('lets an answer stand after it was dropped twice, so that a customer who never pauses is answered', async () => {
    cast.ai.says = 'Stands.';
    const { conversationId = 0, messageId = 0 } = await cast.write('one');
    await cast.quiet();
    cast.ws.sql.exec(
      "DELETE FROM deliveries; DELETE FROM message_parts WHERE message_id <> 1; DELETE FROM messages WHERE author = 'bot'; UPDATE conversations SET answered_through = 0",
    );
    const drop = cast.ws.sql.prepare(
      "INSERT INTO runs (conversation_id, bot_version_id, kind, boot, state, why, answers_through, passages, prompt, started_at) VALUES (?, (SELECT max(id) FROM bot_versions), 'answer', 'x', 'dropped', 'newer message', ?, '[]', '[]', ?)",
    );
    drop.run(conversationId, messageId, cast.ws.clock.now());
    drop.run(conversationId, messageId, cast.ws.clock.now());
    cast.ai.says = `Standing answer ${'that is long '.repeat(30)}`;
    const before = cast.runs().length;
    await cast.write('two');
    await eventually(() => assert.ok(cast.events.filter((event) => event.type === 'draft').length > 3));
    await cast.write('three');
    await cast.quiet();
    const states = cast
      .runs()
      .slice(before)
      .map((run) => run.state);
    assert.equal(states[0], 'answered', states.join());
  });

  it('answers what came while a standing answer was written, in a turn of its own', async () => {
    cast.ai.says = 'First.';
    const { conversationId = 0 } = await cast.write('one');
    await cast.quiet();
    // Stored while the answer to "two" was being written, and not read by it.
    const { messageId = 0 } = await cast.write('two', { channelId: cast.widget });
    await cast.quiet();
    cast.ws.sql
      .prepare("UPDATE messages SET answers_through = ? WHERE author = 'bot' AND answers_through = ?")
      .run(messageId - 1, messageId);
    cast.ws.sql.prepare('UPDATE conversations SET answered_through = ?').run(messageId - 1);
    cast.ws.durable(() => enqueue(cast.ws, { kind: 'answer', key: String(conversationId) }));
    cast.ai.says = 'Second.';
    await cast.quiet();
    assert.equal(cast.said().at(-1)?.text, 'Second.');
    const turns = JSON.parse(cast.runs().at(-1)?.prompt ?? '[]') as { role: string; text: string }[];
    assert.deepEqual(turns.at(-1), { role: 'user', text: 'two' });
  });

  it('does not call a person anew when a request for one is handed back', async () => {
    const { conversationId = 0 } = await cast.write('Can I talk to a person?');
    await cast.quiet();
    handBack(cast.ws, conversationId, 1);
    await cast.quiet();
    assert.equal(cast.ws.sql.prepare('SELECT turn FROM conversations').pluck().get(), 'bot');
    assert.equal(cast.said().length, 2);
  });

  it('speaks as the business does: a greeting on /start, a person on /human', async () => {
    await receiveEvents(cast.ws, cast.messenger.id, [
      { type: 'command', thread: 'v', sender: { externalId: 'v', language: 'de' }, externalId: '1', command: 'start', saidAt: 0 },
    ]);
    await receiveEvents(cast.ws, cast.messenger.id, [
      { type: 'command', thread: 'v', sender: { externalId: 'v', language: 'de' }, externalId: '2', command: 'human', saidAt: 0 },
    ]);
    await cast.quiet();
    assert.equal(cast.messenger.far.sent.length, 2);
    assert.match(cast.messenger.far.sent[1]?.text ?? '', /Menschen dazugerufen/);
  });
});
