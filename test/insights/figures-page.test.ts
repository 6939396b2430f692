import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import { TABLES } from '../../src/insights/figures-tables.ts';
import { setMinutesPerAnswer } from '../../src/insights/set-minutes.ts';
import { insightsCast, UNKNOWN, type Cast } from './cast.ts';

describe('the page of figures', () => {
  let cast: Cast;
  let here: string;
  before(async () => {
    cast = await insightsCast();
    here = `/w/${cast.ws.id}/insights`;
  });
  after(() => cast.end());

  const page = async (query = ''): Promise<string> => {
    const { status, text } = await (await cast.server.as('owner')).get(here + query);
    assert.equal(status, 200, query);
    return text;
  };
  const csv = async (key: string, query = ''): Promise<string[][]> =>
    parse((await (await cast.server.as('owner')).get(`${here}/${key}.csv${query}`)).text, { bom: true });

  it('says the next step while nobody has written', async () => {
    const text = await page();
    assert.match(text, /No figures yet/);
    assert.match(text, new RegExp(`href="/w/${cast.ws.id}/channels">See the channels`));
    assert.doesNotMatch(text, /<svg class="chart/);
    assert.match(text, /How it is counted/);
  });

  it('says in a line what the bot settled alone, draws it, and has each chart as a table with its heads', async () => {
    await cast.ask('Jonas', 'Are you open on Sunday?');
    await cast.ask('Ida', 'Are you open on Sundays?');
    await cast.ask('Tomasz', UNKNOWN);
    const text = await page();
    assert.match(text, /In 30 days Aurora settled 2 of 3 conversations alone/);
    const charts = [...text.matchAll(/<svg class="chart[^"]*"[^>]*role="img" aria-label="([^"]+)"/g)].map(([, label]) => label);
    assert.equal(charts.length, 3, 'conversations, waits, messages; answers cost nothing');
    assert.match(charts[0] ?? '', /Between 0 and 3; 2 by the bot alone, 1 handed over/);
    assert.equal((text.match(/<details class="as-table">/g) ?? []).length, 5);
    for (const [table] of text.matchAll(/<table[\s\S]*?<\/table>/g)) {
      assert.match(table, /<th scope="col"/);
      assert.match(table, /<th scope="row"/);
    }
    assert.doesNotMatch(text, /\sstyle=/);
  });

  it('is of one channel or one bot when that is chosen, keeps it from period to period, and minds no id that isn’t', async () => {
    const [botId] = cast.all<{ id: number }>('SELECT id FROM bots');
    const text = await page(`?channel=${cast.channelId}&bot=${botId?.id}`);
    assert.match(text, /2 of 3 conversations/);
    assert.match(text, new RegExp(`href="${here}\\?channel&#x3D;${cast.channelId}&amp;bot&#x3D;${botId?.id}&amp;period&#x3D;7">7 days`));
    assert.match(await page('?channel=99&bot=x&period=years'), /2 of 3 conversations/);
  });

  it('takes days of one’s own, and says beside the field why it doesn’t', async () => {
    assert.match(
      await page('?period=own&from=2026-11-20&to=2026-11-24'),
      /From 20 November 2026 to 24 November 2026 Aurora settled 2 of 3/,
    );
    assert.match(await page('?period=own&from=2026-11-01&to=2026-11-02'), /Nothing in these days/);
    const owner = await cast.server.as('owner');
    const { status, text } = await owner.get(`${here}?period=own&from=2026-11-20&to=2026-11-10`);
    assert.equal(status, 422);
    assert.match(text, /The last day comes before the first\./);
    assert.equal((await owner.get(`${here}/days.csv`)).status, 404);
    assert.equal((await owner.get(`${here}/costs.csv?period=own&from=x&to=y`)).status, 404);
  });

  it('offers each table as a file, with the numbers of the page, in UTF-8 that Excel knows', async () => {
    const owner = await cast.server.as('owner');
    const text = await page();
    for (const key of TABLES) {
      assert.ok(text.includes(`href="${here}/${key}.csv"`), key);
      const answer = await owner.get(`${here}/${key}.csv`);
      assert.equal(answer.headers.get('Content-Type'), 'text/csv; charset=utf-8', key);
      assert.match(
        answer.headers.get('Content-Disposition') ?? '',
        new RegExp(`attachment; filename="${key} 2026-10-26 to 2026-11-24.csv"`),
      );
      assert.ok((await csv(key)).length > 1, key);
    }
    const response = await fetch(`${cast.server.url}${here}/bots.csv`, { headers: { Cookie: owner.cookie ?? '' } });
    assert.deepEqual([...new Uint8Array(await response.arrayBuffer())].slice(0, 3), [0xef, 0xbb, 0xbf]);
    assert.deepEqual((await csv('conversations')).at(-1), ['2026-11-24', '3', '2', '1', '0']);
  });

  it('shows what is asked most as one question, and what nobody knows, with the way to answer it', async () => {
    const [, most] = await csv('asked');
    assert.match(most?.[0] ?? '', /^Are you open on Sundays?\?$/);
    assert.deepEqual(most?.slice(1), ['2', '2', '1']);
    assert.deepEqual((await csv('unanswered'))[1], [UNKNOWN, '1', '1']);
    assert.match(await page(), new RegExp(`href="${cast.base}">Answer them`));
    assert.deepEqual((await csv('unanswered', '?period=own&from=2026-11-01&to=2026-11-02')).length, 1);
  });

  it('lets no spreadsheet calculate what a customer asked', async () => {
    await cast.ask('Eve', '=HYPERLINK("https://evil.example","vouchers?")');
    await cast.ask('Mallory', '=HYPERLINK("https://evil.example","vouchers?")');
    const rows = await csv('asked');
    assert.ok(
      rows.some(([question]) => question?.startsWith("'=HYPERLINK")),
      JSON.stringify(rows),
    );
    assert.ok(!rows.some(([question]) => question?.startsWith('=')));
  });

  it('says how hours saved are reckoned, and reckons by what the business sets', async () => {
    assert.match(await page(), /2 answers of the bot × 3 minutes each &#x3D; 6 min\./);
    const owner = await cast.server.as('owner');
    for (const minutes of ['', '0', '-3', '2.5', '241', '1e2']) {
      const { status, text } = await owner.post(`${here}/minutes`, { minutes });
      assert.equal(status, 422, minutes);
      assert.match(text, /Give whole minutes, from 1 to 240\./);
    }
    assert.equal((await owner.post(`${here}/minutes`, { minutes: '45' })).location, `${here}#saved`);
    assert.match(await page(), /2 answers of the bot × 45 minutes each &#x3D; 1 h 30 min\./);
    for (const person of ['agent', 'viewer'] as const) {
      const client = await cast.server.as(person);
      assert.equal((await client.post(`${here}/minutes`, { minutes: '5' })).status, 403);
      assert.doesNotMatch((await client.get(here)).text, /Minutes for an answer/);
    }
    setMinutesPerAnswer(cast.ws, cast.server.people.owner, 3);
  });

  it('holds what was said a moment ago, though nothing else comes of it', async () => {
    const { conversationId } = await cast.ask('Late', UNKNOWN);
    cast.answer(conversationId, 'We do.');
    await cast.quiet();
    const messages = async (): Promise<number> => Number((await csv('compared')).find(([name]) => name === 'Messages')?.[1]);
    const before = await messages();
    await cast.ask('Late', 'Good to know.');
    assert.equal(await messages(), before + 1);
  });
});
