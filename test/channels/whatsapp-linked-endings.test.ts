import assert from 'node:assert/strict';
import { linkStep } from '../../src/channels/device-store.ts';
import { resumeChannel } from '../../src/channels/index.ts';
import { OnWhatsappLinked } from './on-whatsapp-linked.ts';

/** By what WhatsApp ends a link, what the channel is then, whether its keys are kept, and what it says. */
const ENDINGS = [
  { code: 401, then: 'broken', keys: false, says: /The phone ended this link.*Press Resume, and link the phone again\.$/ },
  { code: 403, then: 'broken', keys: true, says: /has blocked this number or this link.*press Resume once it works there\.$/ },
  { code: 405, then: 'broken', keys: true, says: /wants a newer version of Deskbell/ },
  { code: 440, then: 'broken', keys: true, says: /Another program took over this link\. End it there, then press Resume\.$/ },
  { code: 408, then: 'again' },
  { code: 428, then: 'again' },
  { code: 500, then: 'again' },
  { code: 503, then: 'again' },
  { code: 515, then: 'again' },
] as const;

describe('how a link to WhatsApp ends', () => {
  let aurora: OnWhatsappLinked;
  beforeEach(async () => {
    aurora = await OnWhatsappLinked.linked();
  });
  afterEach(() => aurora.end());

  for (const ending of ENDINGS)
    it(`${ending.code}: ${ending.then === 'again' ? 'connects again by itself, with the same keys' : `stops and says so; its keys are ${ending.keys ? 'kept' : 'forgotten'}`}`, async () => {
      aurora.far.end(ending.code);
      if (ending.then === 'again') {
        await aurora.far.until(() => aurora.far.logins === 2);
        await aurora.untilRow(({ status }) => status === 'connected');
        assert.equal(aurora.far.mostAtOnce, 1);
        return;
      }
      const { says } = await aurora.untilRow(({ status }) => status === 'broken');
      assert.match(says ?? '', ending.says);
      assert.equal(aurora.count('device_values') > 0, ending.keys);
      assert.equal(aurora.far.logins, 1);
    });

  it('logged out by the phone, it is linked again after Resume, and goes on with the same conversations', async () => {
    await aurora.far.say(aurora.ayse, 'before');
    await aurora.far.until(() => aurora.far.waiting === 0);
    aurora.far.end(401);
    await aurora.untilRow(({ status }) => status === 'broken');
    await resumeChannel(aurora.ws, { channelId: aurora.channelId, userId: 1 });
    await aurora.scan();
    await aurora.untilRow(({ status }) => status === 'connected');
    await aurora.far.say(aurora.far.customer({ phone: '491701234567', lid: '5550001', name: 'Ayşe Demir' }), 'after');
    await aurora.far.until(() => aurora.far.waiting === 0);
    assert.deepEqual([aurora.texts(), aurora.count('conversations')], [['before', 'after'], 1]);
  });

  it('a session that WhatsApp calls bad five times in a row is given up, and linked anew', async () => {
    aurora.far.greetWith(500, 500, 500, 500);
    aurora.far.end(500);
    const { says } = await aurora.untilRow(({ status }) => status === 'broken');
    assert.match(says ?? '', /Press Resume, and link the phone again/);
    assert.equal(aurora.count('device_values'), 0);
  });

  it('what breaks on the way says nothing of the account: it goes on once it is mended', async () => {
    aurora.far.cut();
    await aurora.far.until(() => aurora.far.logins === 2);
    await aurora.untilRow(({ status }) => status === 'connected');
  });

  it('a far side that welcomes and hangs up is left alone for longer and longer', async () => {
    await aurora.listening?.stop();
    aurora.far.turnAway = 5;
    aurora.listen(undefined, { firstMs: 30, capMs: 60_000 });
    await aurora.far.until(() => aurora.far.loggedInAt.length === 7);
    const [sixth = 0, seventh = 0] = aurora.far.loggedInAt.slice(5);
    assert.ok(seventh - sixth > 240, `it came again after ${seventh - sixth} ms`);
  });

  it('when no phone has read a picture in time it stops asking, and Resume shows a new one', async () => {
    await aurora.end();
    aurora = await OnWhatsappLinked.open();
    aurora.far.pictures = 0;
    aurora.listen();
    assert.equal(
      (await aurora.untilRow(({ status }) => status === 'broken')).says,
      'No phone was linked in time. Press Resume for a new code.',
    );
    assert.equal(linkStep(aurora.ws, aurora.channelId), null);
    aurora.far.pictures = 6;
    await resumeChannel(aurora.ws, { channelId: aurora.channelId, userId: 1 });
    await aurora.scan();
    await aurora.untilRow(({ status }) => status === 'connected');
  });
});
