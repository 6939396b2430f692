import assert from 'node:assert/strict';
import { hoursOf } from '../../src/conversations/hours/hours.ts';
import { pageOf, type Dom } from '../support/dom.ts';
import { inboxCast, type InboxCast } from './inbox-cast.ts';

describe('the page of opening hours', () => {
  let cast: InboxCast;
  beforeEach(async () => {
    cast = await inboxCast();
  });
  afterEach(() => cast.end());

  const clean = (of: Dom | null | undefined): string => (of?.textContent ?? '').replace(/\s+/g, ' ').trim();
  const path = (): string => `${cast.base}/settings/hours`;
  const open = async () => pageOf(await (await cast.server.as('owner')).get(path()));
  const FORM = {
    inUse: 'on',
    day0: '9-12.30, 14:00 – 18:00',
    day1: 'closed',
    day2: '',
    day3: '00:00-24:00',
    day4: '18:00 to 2:00',
    day5: '',
    day6: '',
    holidays: '2026-12-25 Christmas Day\n\n2027-01-01',
    tellsAway: 'on',
    awayText: 'Back at {{next_opening}}.',
  };

  it('keeps what is typed, however it is typed, and shows it in one way', async () => {
    assert.equal((await (await cast.server.as('owner')).post(path(), FORM)).location, path());
    assert.deepEqual(hoursOf(cast.ws), {
      inUse: true,
      week: [
        [
          [540, 750],
          [840, 1080],
        ],
        [],
        [],
        [[0, 0]],
        [[1080, 120]],
        [],
        [],
      ],
      tellsAway: true,
      awayText: 'Back at {{next_opening}}.',
      holidays: [
        { day: '2026-12-25', name: 'Christmas Day' },
        { day: '2027-01-01', name: '' },
      ],
    });
    const page = await open();
    const shown = (name: string) => page.querySelector(`[name="${name}"]`)?.getAttribute('value');
    assert.deepEqual(['day0', 'day1', 'day3', 'day4'].map(shown), ['09:00–12:30, 14:00–18:00', '', '00:00–00:00', '18:00–02:00']);
    assert.equal(page.querySelector('[name="holidays"]')?.textContent, '2026-12-25 Christmas Day\n2027-01-01');
    assert.match(clean(page.querySelector('[aria-labelledby="week"] .margin')), /^The week ?(?:Open now\.|Closed now\. Opens \w+)/);
  });

  it('says what is wrong beside its field, changes nothing, and belongs to owners and admins', async () => {
    const before = hoursOf(cast.ws);
    for (const [field, typed, says] of [
      ['day0', '9 till 5', /Write spans like/],
      ['day0', '25:00-26:00', /Write spans like/],
      ['day4', '09:00-12:00, 11:00-13:00', /overlap/],
      ['day4', '18:00-02:00, 01:00-03:00, 23:00-23:30', /overlap/],
      ['holidays', '2026-02-30 Nothing', /a day that there is/],
      ['holidays', '2026-12-25 One\n2026-12-25 Two', /twice/],
      ['awayText', 'x'.repeat(1001), /1000 characters/],
    ] as const) {
      const answer = await (await cast.server.as('owner')).post(path(), { ...FORM, [field]: typed });
      assert.equal(answer.status, 422, typed);
      assert.match(answer.text, says);
    }
    const empty = Object.fromEntries(Array.from({ length: 7 }, (_, at) => [`day${at}`, '']));
    assert.match((await (await cast.server.as('owner')).post(path(), { ...FORM, ...empty })).text, /nobody would ever come/);
    assert.equal((await (await cast.server.as('agent')).post(path(), FORM)).status, 403);
    assert.deepEqual(hoursOf(cast.ws), before);
  });
});
