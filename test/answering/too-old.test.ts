import assert from 'node:assert/strict';
import { handBack, receiveEvents } from '../../src/conversations/index.ts';
import { castOf, type Cast } from './cast.ts';

const HOUR = 3600_000;

describe('what came in too late, and the bot', () => {
  let cast: Cast;
  beforeEach(async () => {
    cast = await castOf();
  });
  afterEach(() => cast.end());

  const event = (externalId: string, text: string, hoursAgo: number) => ({
    type: 'message' as const,
    thread: 'v',
    sender: { externalId: 'v', displayName: 'Leyla' },
    externalId,
    saidAt: cast.ws.clock.now() - hoursAgo * HOUR,
    parts: [{ kind: 'text' as const, text }],
  });
  const asked = () => cast.ws.sql.prepare('SELECT question FROM runs ORDER BY id').pluck().all();
  const wanted = () => cast.ws.sql.prepare('SELECT wanted_since IS NOT NULL FROM conversations').pluck().get();

  it('after an outage the bot answers what is young, knows that the old was left to a person, who stays called', async () => {
    cast.ai.says = 'Yes.[1]';
    await receiveEvents(cast.ws, cast.widget, [
      event('0', 'Hello', 20),
      event('1', 'Can I come in ten minutes?', 20),
      event('2', 'Are you open on Sunday?', 1),
    ]);
    await cast.quiet();
    assert.deepEqual(asked(), ['Are you open on Sunday?']);
    const prompt = JSON.parse(cast.runs()[0]?.prompt ?? '[]') as { role: string; text: string }[];
    assert.deepEqual(
      prompt.slice(2).map(({ role, text }) => [role, text]),
      [
        ['user', 'Hello\nCan I come in ten minutes?'],
        ['assistant', '[A person was asked to answer this.]'],
        ['user', 'Are you open on Sunday?'],
      ],
    );
    assert.equal(wanted(), 1);
  });

  it('the bot answers the old too once a person hands it back', async () => {
    cast.ai.says = 'Yes.[1]';
    const [received] = await receiveEvents(cast.ws, cast.widget, [event('1', 'Are you open on Sunday?', 20)]);
    assert.deepEqual([asked(), wanted()], [[], 1]);
    cast.ws.sql.exec("UPDATE conversations SET turn = 'person', holder_id = 1");
    handBack(cast.ws, received?.conversationId ?? 0, 1);
    await cast.quiet();
    assert.deepEqual(asked(), ['Are you open on Sunday?']);
    assert.equal(cast.said().at(-1)?.author, 'bot');
  });
});
