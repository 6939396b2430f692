import assert from 'node:assert/strict';
import { tellAway, tellNobodyCame } from '../../src/answering/index.ts';
import { sayAsPerson, takeOver, wantPerson } from '../../src/conversations/index.ts';
import { editHours, hoursOf, type Hours } from '../../src/conversations/hours/hours.ts';
import { castOf, MIRA, type Cast } from '../conversations/cast.ts';
import { eventually } from '../support/eventually.ts';

const HOUR = 3600_000;
const MINUTE = 60_000;
/** In Berlin, an hour ahead of UTC: Saturday at noon, and Monday at nine. */
const SATURDAY = Date.parse('2026-11-28T11:00Z');
const MONDAY = Date.parse('2026-11-30T08:00Z');
const CLOSED = 'We’re closed just now. We’re here again: Monday 09:00. Your message isn’t lost: a person will answer it here.';

describe('customers who wait while nobody is there', () => {
  let cast: Cast;
  let conversationId: number;
  beforeEach(async () => {
    cast = await castOf();
    cast.clock.move(SATURDAY - cast.clock.now());
    cast.ws.sql.exec("UPDATE business SET timezone = 'Europe/Berlin', language = 'en'");
    set({ inUse: true });
    await cast.test.installation.jobs.start({
      'tell-away': { run: tellAway },
      'nobody-came': { run: tellNobodyCame },
      answer: { run: async (_, job) => job.finishQuietly() },
      deliver: { run: async (_, job) => job.finishQuietly() },
      'tell-team': { run: async (_, job) => job.finishQuietly() },
    });
    conversationId = (await cast.write('Can I have a wedding cake for forty people?')).conversationId ?? 0;
  });
  afterEach(() => cast.test.end());

  const set = (hours: Partial<Hours>): void => editHours(cast.ws, MIRA, { ...hoursOf(cast.ws), ...hours });
  const call = (): void => void cast.ws.durable(() => wantPerson(cast.ws, { id: conversationId }, 'The bot found no answer.'));
  const said = () => cast.all<{ text: string }>("SELECT text FROM messages WHERE author = 'bot' ORDER BY id").map(({ text }) => text);
  const waiting = () => cast.all<{ kind: string }>("SELECT kind FROM jobs WHERE kind = 'tell-away'");
  const settled = () => eventually(() => assert.deepEqual(waiting(), []));
  const nobodyCame = () => cast.one<{ at: number }>("SELECT due_at AS at FROM jobs WHERE kind = 'nobody-came'").at;

  it('are told when somebody comes, once for each absence, and nobody came counts from then on', async () => {
    call();
    await settled();
    assert.deepEqual(said(), [CLOSED]);
    assert.equal(nobodyCame(), MONDAY + 10 * MINUTE);
    cast.ws.sql.exec("UPDATE conversations SET turn = 'person'");
    await cast.write('Hello?');
    await settled();
    assert.equal(said().length, 1, 'they know');
    cast.clock.move(MONDAY - cast.clock.now() + HOUR);
    await cast.write('Good morning');
    await settled();
    assert.equal(said().filter((text) => text === CLOSED).length, 1, 'open: nothing to tell');
    cast.clock.move(10 * HOUR);
    await cast.write('And now?');
    await settled();
    assert.match(said().at(-1) ?? '', /We’re here again: Tuesday 09:00/, 'another absence');
  });

  it('are told in their language; the owner’s own sentence is for those who write in the business’s', async () => {
    set({ awayText: 'Back at {{next_opening}}. Bye.' });
    call();
    await settled();
    assert.deepEqual(said(), ['Back at Monday 09:00. Bye.']);
    cast.ws.sql.exec("UPDATE conversations SET away_told_until = NULL, turn = 'person'");
    await cast.write('Ich möchte bitte eine Torte für vierzig Leute bestellen, geht das bei Ihnen?');
    await settled();
    assert.match(said().at(-1) ?? '', /^Gerade ist niemand da\. Wir sind wieder da: Montag/);
  });

  it('aren’t told while somebody answers them all the same, nor where it is switched off or no hours are in use', async () => {
    takeOver(cast.ws, conversationId, MIRA);
    sayAsPerson(cast.ws, { conversationId, userId: MIRA, text: 'I am here by chance.' });
    await cast.write('How nice!');
    await settled();
    assert.deepEqual(said(), []);
    cast.clock.move(3 * HOUR);
    set({ tellsAway: false });
    await cast.write('Are you still there?');
    await settled();
    set({ tellsAway: true, inUse: false });
    await cast.write('Anybody?');
    await settled();
    assert.deepEqual(said(), []);
    set({ inUse: true });
    await cast.write('Nobody, I think.');
    await settled();
    assert.deepEqual(said(), [CLOSED]);
  });

  it('are told no time where none is known', async () => {
    set({ week: Array.from({ length: 7 }, () => []) });
    call();
    await settled();
    assert.match(said().join(), /^We’re closed just now\. Your message isn’t lost/);
  });

  it('are told nothing who are blocked', async () => {
    cast.ws.sql.exec('UPDATE contacts SET blocked_at = 1');
    call();
    await settled();
    assert.deepEqual(said(), []);
  });
});
