import assert from 'node:assert/strict';
import { setHealth } from '../../src/channels/index.ts';
import { beat, receiveEvents, replyAsBot, sayAsPerson } from '../../src/conversations/index.ts';
import { concernedBy, figuresOf, outagesOf } from '../../src/conversations/outages/outages.queries.ts';
import { pageOf, type Dom } from '../support/dom.ts';
import { hearStatements, scansOf } from '../support/plans.ts';
import { inboxCast, type InboxCast } from './inbox-cast.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('after an outage', () => {
  let cast: InboxCast;
  beforeEach(async () => {
    cast = await inboxCast();
    await beat(cast.server.installation);
  });
  afterEach(() => cast.end());

  let next = 100;
  const channel = () => cast.ws.sql.prepare("SELECT id FROM channels WHERE name = 'Telegram'").pluck().get() as number;
  const writes = async (who: string, text: string, hoursAgo: number): Promise<{ conversationId: number; messageId: number }> => {
    const [received] = await receiveEvents(cast.ws, channel(), [
      {
        type: 'message',
        thread: who,
        sender: { externalId: `49151-${who}`, displayName: who },
        externalId: String(next++),
        saidAt: cast.server.clock.now() - hoursAgo * HOUR,
        parts: [{ kind: 'text', text }],
      },
    ]);
    return { conversationId: received?.conversationId ?? 0, messageId: received?.messageId ?? 0 };
  };
  const run = (conversationId: number) => cast.run(conversationId, 'When?');
  const away = async (ms: number): Promise<void> => {
    cast.server.clock.move(ms);
    await beat(cast.server.installation);
  };
  const page = async (path: string) => pageOf(await (await cast.server.as('owner')).get(path));
  const words = (of: Dom, selector: string): string => (of.querySelector(selector)?.textContent ?? '').replace(/\s+/g, ' ').trim();

  /** Away for 14 hours: one too old, two answered, one send in the air when it stopped. */
  async function fourteenHours(): Promise<void> {
    const { conversationId } = await writes('Ida', 'Is my cake ready?', 0);
    const sending = cast.botSays(conversationId, 'Yes.', { answersThrough: 1 });
    cast.ws.sql
      .prepare('UPDATE deliveries SET sending_at = ? WHERE id = ?')
      .run(cast.server.clock.now(), cast.delivery(sending, 'uncertain', 'The server stopped while this was being sent.'));
    await away(14 * HOUR);
    await writes('Jonas', 'Are you open today?', 13);
    const leyla = await writes('Leyla', 'Do you have oat milk?', 2);
    cast.ws.durable(() =>
      replyAsBot(cast.ws, {
        ...leyla,
        runId: run(leyla.conversationId),
        answersThrough: leyla.messageId,
        text: 'Yes.',
        sources: [],
        language: 'en',
      }),
    );
    const priya = await writes('Priya', 'Is there Wi-Fi?', 1);
    sayAsPerson(cast.ws, { conversationId: priya.conversationId, userId: cast.server.people.owner, text: 'Yes.' });
    await writes('Sofia', 'Hello', 0);
  }

  it('of the server the report says from when to when, what came in, what became of it, and what is uncertain', async () => {
    const from = cast.server.clock.now();
    await fourteenHours();
    const [outage] = outagesOf(cast.ws, 10);
    assert.ok(outage);
    assert.deepEqual([outage.channelId, outage.fromAt, outage.toAt], [null, from, from + 14 * HOUR]);
    assert.deepEqual(figuresOf(cast.ws, outage), [
      {
        channelId: channel(),
        channelKind: 'stand-in',
        channelName: 'Telegram',
        replayed: 3,
        byBot: 1,
        byPerson: 1,
        waits: 1,
        tooOld: 1,
        uncertain: 1,
      },
    ]);
    assert.deepEqual(
      concernedBy(cast.ws, outage, 10).map(({ name, became }) => [name, became]),
      [
        ['Jonas', 'waits'],
        ['Ida', 'uncertain'],
        ['Priya', 'person'],
        ['Leyla', 'bot'],
      ],
    );
    const report = await page(`${cast.base}/outages/${outage.id}`);
    assert.match(
      words(report, '.page-head'),
      /The server was away for 14 h, from 24 Nov, 10:00 to 25 Nov, 00:00\. 3 messages came in afterwards, one waits for a person, one of ours may not have arrived\./,
    );
    const href = report.querySelector('tbody a')?.getAttribute('href') ?? '';
    assert.match(words(await page(href), '#thread'), /Are you open today\?/);
  });

  it('the inbox says so until somebody dismisses it; then it is still under Outages', async () => {
    await fourteenHours();
    const [outage] = outagesOf(cast.ws, 10);
    const notice = async () => words(await page(`${cast.base}/inbox`), '#list-notices');
    assert.match(await notice(), /The server was away from 24 Nov, 10:00 to .* 3 messages came in afterwards/);
    const viewer = await cast.server.as('viewer');
    assert.equal((await viewer.post(`${cast.base}/outages/${outage?.id}/dismiss`)).status, 403);
    const agent = await cast.server.as('agent');
    assert.equal((await agent.post(`${cast.base}/outages/${outage?.id}/dismiss`)).location, `${cast.base}/inbox`);
    assert.equal(await notice(), '');
    assert.match(words(await page(`${cast.base}/outages`), 'main'), /The server was away for 14 h/);
    assert.equal((await agent.post(`${cast.base}/outages/999/dismiss`)).status, 404);
  });

  it('none is told of below five minutes, and none at the very first start', async () => {
    await away(4.9 * MINUTE);
    await away(4.9 * MINUTE);
    assert.deepEqual(outagesOf(cast.ws, 10), []);
    await away(5 * MINUTE);
    assert.equal(outagesOf(cast.ws, 10).length, 1);
    cast.server.installation.control.sql.exec('UPDATE installation SET alive_at = NULL');
    await away(HOUR);
    assert.equal(outagesOf(cast.ws, 10).length, 1);
  });

  it('a server that was killed before it had told of the first makes it one longer outage, to be seen anew', async () => {
    const { control } = cast.server.installation;
    const last = control.sql.prepare('SELECT alive_at FROM installation').pluck().get();
    await away(HOUR);
    cast.ws.sql.exec('UPDATE outages SET dismissed_at = 1');
    control.sql.prepare('UPDATE installation SET alive_at = ?').run(last);
    await away(HOUR);
    const all = outagesOf(cast.ws, 10);
    assert.deepEqual(
      all.map(({ fromAt, toAt, dismissedAt }) => [(toAt - fromAt) / HOUR, dismissedAt]),
      [[2, null]],
    );
  });

  it('a channel that heard nothing for five minutes has a report of its own, on which nobody else’s messages stand', async () => {
    const id = channel();
    setHealth(cast.ws, id, { status: 'connecting', says: 'Telegram doesn’t answer.' });
    cast.server.clock.move(MINUTE);
    setHealth(cast.ws, id, { status: 'broken', says: 'The token was revoked.' });
    cast.server.clock.move(9 * MINUTE);
    cast.ws.sql.prepare("UPDATE channels SET status = 'connecting' WHERE id = ?").run(id);
    await writes('Jonas', 'Hello?', 5 / 60);
    const [outage] = outagesOf(cast.ws, 10);
    assert.deepEqual(
      [outage?.channelName, (outage?.toAt ?? 0) - (outage?.fromAt ?? 0)],
      ['Telegram', 10 * MINUTE],
      'heard again by its first message',
    );
    assert.ok(outage);
    assert.deepEqual(
      figuresOf(cast.ws, outage).map(({ replayed }) => replayed),
      [1],
    );
    assert.deepEqual(figuresOf(cast.ws, { ...outage, channelId: id + 1 }), []);
    setHealth(cast.ws, id, { status: 'connecting', says: 'Telegram doesn’t answer.' });
    cast.server.clock.move(4 * MINUTE);
    setHealth(cast.ws, id, { status: 'connected' });
    assert.equal(outagesOf(cast.ws, 10).length, 1, 'four minutes are told of by nobody');
  });

  it('the figures come by indexes: a year of messages is not read for them', async () => {
    await away(HOUR);
    const [outage] = outagesOf(cast.ws, 10);
    assert.ok(outage);
    const texts = hearStatements(cast.ws);
    figuresOf(cast.ws, outage);
    concernedBy(cast.ws, outage, 10);
    const plans = [...texts].map((text) => [text, cast.ws.sql.prepare(`EXPLAIN QUERY PLAN ${text.replace(/@\w+/g, '1')}`).all()] as const);
    for (const [text, plan] of plans)
      assert.match(JSON.stringify(plan), /SEARCH m USING INDEX messages_late \(said_at>\? AND said_at<\?\)/, text);
    const scans = [...texts].flatMap((text) => scansOf(cast.ws, text)).filter((scan) => !scan.includes('messages_late'));
    assert.deepEqual(scans, []);
  });
});
