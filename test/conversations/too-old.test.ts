import assert from 'node:assert/strict';
import { receiveEvents } from '../../src/conversations/index.ts';
import { editWaitingTimes, waitingTimesOf } from '../../src/conversations/waiting/waiting-times.ts';
import { castOf, MIRA, type Cast } from './cast.ts';

const HOUR = 3600_000;

describe('what comes in long after it was written', () => {
  let cast: Cast;
  beforeEach(async () => {
    cast = await castOf();
  });
  afterEach(() => cast.test.end());

  const ago = (hours: number) => ({ saidAt: cast.clock.now() - hours * HOUR });
  const conversation = () => cast.one<{ turn: string; why: string | null }>('SELECT turn, wanted_why AS why FROM conversations');
  const asked = () => cast.all<{ key: string }>("SELECT key FROM jobs WHERE kind = 'answer'").length;

  it('goes to a person, not to the bot, from twelve hours on, and one line says why', async () => {
    await cast.write('Are you open today?', ago(12));
    assert.equal(asked(), 0);
    assert.equal(conversation().why, 'A message came 12 h after it was written: too old for the bot.');
    assert.equal(cast.all("SELECT 1 FROM messages WHERE event = 'wanted'").length, 1);
    await cast.write('And tomorrow?', ago(11.9));
    assert.equal(asked(), 1, 'a younger one the bot answers as ever');
  });

  it('keeps to the age that is set', async () => {
    editWaitingTimes(cast.ws, MIRA, { ...waitingTimesOf(cast.ws), tooOldMs: HOUR });
    await cast.write('Are you open today?', ago(1));
    assert.equal(asked(), 0);
    editWaitingTimes(cast.ws, MIRA, { ...waitingTimesOf(cast.ws), tooOldMs: 72 * HOUR });
    await cast.write('Are you open?', { ...ago(71), thread: '8', sender: { externalId: '8' } });
    assert.equal(asked(), 1);
  });

  it('comes in its order, and nothing is answered that was answered: a replay changes nothing', async () => {
    const event = (n: number) => ({
      type: 'message' as const,
      thread: '7',
      sender: { externalId: '7' },
      externalId: String(n),
      saidAt: cast.clock.now() - (20 - n) * HOUR,
      parts: [{ kind: 'text' as const, text: `${n}` }],
    });
    const events = [event(1), event(2), event(3), event(4)];
    await receiveEvents(cast.ws, cast.channelId, events);
    await receiveEvents(cast.ws, cast.channelId, events);
    assert.deepEqual(
      cast.all<{ text: string; old: number }>("SELECT text, too_old AS old FROM messages WHERE author = 'customer' ORDER BY id"),
      [1, 2, 3, 4].map((n) => ({ text: `${n}`, old: 1 })),
    );
    assert.equal(asked(), 0);
    assert.equal(cast.all("SELECT 1 FROM messages WHERE event = 'wanted'").length, 1, 'one line for all of them');
  });
});
