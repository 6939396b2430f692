/** One turn of a customer gets one answer, whoever else believes that it is theirs to give. */
import assert from 'node:assert/strict';
import { receiveEvents } from '../../src/conversations/index.ts';
import type { ChannelEvent } from '../../src/channels/index.ts';
import { castOf, type Cast } from '../answering/cast.ts';
import { eventually } from '../support/eventually.ts';

describe('one answer', () => {
  let cast: Cast;
  beforeEach(async () => {
    cast = await castOf();
  });
  afterEach(() => cast.end());

  const answers = (): string[] => cast.said().flatMap(({ author, text, cut }) => (author === 'bot' && !cut ? [text] : []));
  const calls = (n: number): Promise<void> => eventually(() => assert.equal(cast.ai.calls.length, n));

  const ended = (): Promise<void> => eventually(() => assert.equal(cast.test.installation.jobs.running, 0));

  it('is given though two handlers of the same job got through to the provider', async () => {
    cast.ai.says = `Yes. ${'and more '.repeat(30)}`;
    await cast.write('Are you open?');
    await calls(1);
    // As after a sleep, or a loop that was blocked: the lease is taken for ended while its holder still works.
    cast.ws.sql.exec('UPDATE jobs SET lease = NULL, taken = 0');
    cast.test.installation.jobs.wake(cast.ws.id, 0);
    await calls(2);
    await ended();
    assert.equal(answers().length, 1);
    assert.equal(cast.runs().length, 2);
    assert.ok(
      cast.runs().every(({ cost_micros }) => (cost_micros ?? 0) > 0),
      'what both cost is known',
    );
  });

  it('is given though another process took the job while its answer was written', async () => {
    cast.ai.says = `Yes. ${'and more '.repeat(20)}`;
    await cast.write('Are you open?');
    await calls(1);
    cast.ws.sql.exec("UPDATE jobs SET lease = 'another boot'");
    await ended();
    assert.deepEqual(answers(), []);
    assert.ok((cast.runs()[0]?.cost_micros ?? 0) > 0);
  });

  it('is the most that the table holds, whatever code asks it to', async () => {
    cast.ai.says = 'Yes.';
    await cast.write('Are you open?');
    await cast.quiet();
    assert.throws(
      () =>
        cast.ws.sql.exec(
          "INSERT INTO messages (conversation_id, author, text, answers_through, cut_off, said_at, created_at, revision) SELECT conversation_id, 'bot', 'again', answers_through, 0, 0, 0, 0 FROM messages WHERE author = 'bot'",
        ),
      /UNIQUE/,
    );
  });

  it('follows no redelivery, no state of a message, no edit of what was answered, no deletion', async () => {
    cast.ai.says = 'Yes.';
    await cast.write('Are you open?', { externalId: 'm1' });
    await cast.quiet();
    const sender = { externalId: 'v' };
    const parts = [{ kind: 'text' as const, text: 'Are you open?' }];
    const events: ChannelEvent[] = [
      { type: 'message', thread: 'v', sender, externalId: 'm1', saidAt: 1, parts },
      { type: 'message', thread: 'v', sender, externalId: 'm1', revision: 1, saidAt: 1, parts },
      ...(['sent', 'delivered', 'read', 'failed'] as const).flatMap((state): ChannelEvent[] => [
        { type: 'receipt', externalId: 'm1', state, at: 1 },
        { type: 'receipt', externalId: 'nobody-knows', state, at: 1 },
      ]),
      { type: 'revoked', thread: 'v', sender, externalId: 'm1', at: 2 },
      { type: 'unrecognised', body: '{"reaction":"👍"}' },
    ];
    await receiveEvents(cast.ws, cast.widget, events);
    for (const event of events) await receiveEvents(cast.ws, cast.widget, [event]);
    assert.deepEqual(cast.jobs(), []);
    assert.deepEqual(answers(), ['Yes.']);
  });

  for (const kind of ['audio', 'image', 'video', 'file', 'location', 'sticker', 'contact', 'unknown'] as const)
    it(`comes to ${kind} alone too: it is asked about, or a person is called, never nothing`, async () => {
      cast.ai.says = '[[no answer]]';
      await receiveEvents(cast.ws, cast.widget, [
        { type: 'message', thread: 'v', sender: { externalId: 'v' }, externalId: 'x', saidAt: cast.ws.clock.now(), parts: [{ kind }] },
      ]);
      await cast.quiet();
      assert.match(answers().at(-1) ?? '', /asked a person/);
      assert.equal(cast.ws.sql.prepare('SELECT wanted_since IS NOT NULL FROM conversations').pluck().get(), 1);
    });
});
