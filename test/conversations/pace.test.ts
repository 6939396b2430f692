import assert from 'node:assert/strict';
import { deliverMessages, deliveryParked, sayAsPerson } from '../../src/conversations/index.ts';
import { waitForTurn } from '../../src/conversations/pace.ts';
import { channelKinds, type Channel, type Rate } from '../../src/channels/index.ts';
import { ayse, onWhatsapp } from '../channels/on-whatsapp.ts';
import { eventually } from '../support/eventually.ts';
import { castOf, MIRA, type Cast } from './cast.ts';

const BRISK: Rate = { perSecond: 80, thread: () => ({ burst: 3, everyMs: 5000 }) };

describe('how fast a channel is given messages', () => {
  let cast: Cast;
  let delivery: number;
  beforeEach(async () => {
    cast = await castOf();
    delivery = 0;
  });
  afterEach(() => cast.test.end());

  const paced = (rate: Rate): { id: number; kind: Channel } => {
    const kind = channelKinds['stand-in'] ?? assert.fail();
    return { id: cast.channelId, kind: { ...kind, limits: { ...kind.limits, rate } } };
  };
  const waitOf = (thread: string, id = ++delivery, rate = BRISK) => waitForTurn(cast.ws, paced(rate), { thread, recipient: thread }, id);

  it('a person gets a burst at once, and then one message each time theirs is due', () => {
    assert.deepEqual([waitOf('1'), waitOf('1')], [0, 0]);
    cast.clock.move(1000);
    assert.equal(waitOf('1'), 0);
    const fourth = ++delivery;
    assert.equal(waitOf('1', fourth), 4000);
    cast.clock.move(3999);
    assert.equal(waitOf('1', fourth), 1);
    cast.clock.move(1);
    assert.equal(waitOf('1', fourth), 0);
    assert.equal(waitOf('1'), 5000);
  });

  it('one person’s wait holds nobody else up', () => {
    for (let n = 0; n < 3; n++) waitOf('1');
    cast.clock.move(2000);
    assert.ok(waitOf('1') > 0);
    assert.equal(waitOf('2'), 0);
  });

  it('those who write in one group share what goes into it', () => {
    const rate: Rate = { perSecond: 80, thread: () => ({ burst: 2, everyMs: 3000, together: true }) };
    const waitIn = (recipient: string) => waitForTurn(cast.ws, paced(rate), { thread: '-100', recipient }, ++delivery);
    assert.deepEqual([waitIn('1'), waitIn('2'), waitIn('3')], [0, 0, 3000]);
  });

  it('no second holds more of the whole account than its rate', () => {
    const rate: Rate = { perSecond: 8, thread: () => ({ burst: 1000, everyMs: 1 }) };
    const sent: number[] = [];
    const waiting = Array.from({ length: 40 }, () => ++delivery);
    for (; waiting.length > 0; cast.clock.move(10)) {
      for (const id of [...waiting]) {
        if (waitOf(String(id), id, rate) > 0) continue;
        sent.push(cast.clock.now());
        waiting.splice(waiting.indexOf(id), 1);
      }
    }
    for (const at of sent) assert.ok(sent.filter((other) => other >= at && other < at + 1000).length <= 8);
    assert.ok((sent.at(-1) ?? 0) - (sent[0] ?? 0) < 8000, 'and not much less than its rate either');
  });

  it('a slow account sends its first message at once, too', () => {
    const rate: Rate = { perSecond: 2, thread: () => ({ burst: 3, everyMs: 2000 }) };
    const second = ++delivery;
    assert.equal(waitOf('1', ++delivery, rate), 0);
    assert.equal(waitOf('2', second, rate), 666);
    cast.clock.move(666);
    assert.equal(waitOf('2', second, rate), 0);
  });

  it('who waits first goes first, however often the others ask', () => {
    const [first, second] = [++delivery, ++delivery];
    for (let n = 0; n < 20; n++) assert.equal(waitOf(`full ${n}`), 0);
    const wait = waitOf('first', first);
    assert.ok(wait > 0 && waitOf('second', second) > wait);
    for (let n = 0; n < 100; n++) waitOf('second', second);
    cast.clock.move(wait);
    assert.ok(waitOf('second', second) > 0);
    assert.equal(waitOf('first', first), 0);
  });

  it('what waited for a turn and was cancelled keeps nobody else waiting for good', () => {
    for (let n = 0; n < 200; n++) waitOf(`gone ${n}`);
    cast.clock.move(10_000);
    assert.equal(waitOf('1'), 0);
  });

  it('a channel without a rate waits for nothing', () => {
    const kind = channelKinds['stand-in'] ?? assert.fail();
    for (let n = 0; n < 500; n++) assert.equal(waitForTurn(cast.ws, { id: cast.channelId, kind }, { thread: '1', recipient: '1' }, n), 0);
  });
});

describe('more to one person on WhatsApp than it takes at once', () => {
  const on = onWhatsapp(beforeEach, afterEach);

  it('goes out as a burst, in order, and the rest as time passes, without WhatsApp having had to say so', async () => {
    const { jobs } = on.server.installation;
    await jobs.start({ deliver: { run: deliverMessages, onParked: deliveryParked } });
    await on.post(on.far.says(ayse, 'Which cakes are there?'));
    const { id } = on.one<{ id: number }>('SELECT id FROM conversations');
    const texts = Array.from({ length: 47 }, (_, n) => `Cake ${n + 1}`);
    for (const text of texts) sayAsPerson(on.ws, { conversationId: id, userId: MIRA, text });
    const sent = (n: number) => {
      jobs.tick();
      // Until the next one has asked for its turn, too: a clock that moves before gives it another one.
      return eventually(() => {
        assert.deepEqual(
          on.far.sent.map(({ text }) => text),
          texts.slice(0, n),
        );
        assert.equal(on.one<{ n: number }>("SELECT count(*) AS n FROM jobs WHERE kind = 'deliver' AND lease IS NOT NULL").n, 0);
      });
    };
    // The account's own pace lets through twenty at once, and sixty in each second; who waits for a turn takes it beside them.
    await sent(20);
    for (const n of [41, 45]) {
      on.clock.move(500);
      await sent(n);
    }
    on.clock.move(4500);
    jobs.tick();
    await eventually(() =>
      assert.deepEqual(on.all('SELECT state, count(*) AS n FROM deliveries GROUP BY 1 ORDER BY 1'), [
        { state: 'queued', n: 2 },
        { state: 'sent', n: 45 },
      ]),
    );
    on.clock.move(500);
    await sent(46);
    on.clock.move(6000);
    await sent(47);
    assert.equal(on.one<{ n: number }>('SELECT max(attempts) AS n FROM deliveries').n, 1);
  });
});
