import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { DeliveryError } from '../../src/channels/channel.ts';
import type { Fault } from '../simulators/telegram.ts';
import type { Rig } from './rigs/rig.ts';
import { startTelegram } from './rigs/telegram.ts';

describe('sending by Telegram', () => {
  let rig: Rig;
  beforeEach(async () => void (rig = await startTelegram()));
  afterEach(() => rig.end());

  const send = (text = 'We open at **nine**.', thread = rig.thread) =>
    rig.channel.send(rig.access(), { thread, recipient: thread, reference: 'ref-1', attempt: 1, author: 'bot', kind: 'text', text });

  it('markup that Telegram refuses goes out as plain text', async () => {
    rig.fail('sendMessage', { status: 400, description: "Bad Request: can't parse entities: Unsupported start tag" });
    assert.equal((await send()).state, 'sent');
    assert.deepEqual(rig.read(), ['We open at **nine**.']);
  });

  it('markup around nothing goes out as plain text', async () => {
    await send('```\n```');
    assert.deepEqual(rig.read(), ['```\n```']);
  });

  const refused = (status: number, description: string): Fault => ({ status, description });
  for (const [what, fault, outcome, permanent, says] of [
    ['a customer whose account is gone', refused(403, 'Forbidden: user is deactivated'), 'not-sent', true, /no longer exists/],
    ['a customer who never wrote', refused(403, "Forbidden: bot can't initiate conversation with a user"), 'not-sent', true, /write first/],
    ['a chat that is gone', refused(400, 'Bad Request: chat not found'), 'not-sent', true, /no longer knows this chat/],
    ['a message that is refused', refused(400, 'Bad Request: message is too long'), 'not-sent', true, /will refuse it again/],
    ['a server that took nothing', refused(503, 'Service Unavailable'), 'not-sent', false, /tries again by itself/],
    ['a server that failed in the middle', refused(500, 'Internal Server Error: restart'), 'unknown', false, /Not confirmed/],
    ['a gateway that lost its server', { page: 502 }, 'unknown', false, /Not confirmed/],
    ['a firewall’s page', { page: 403 }, 'not-sent', false, /firewall/],
    ['a page that is no answer', { page: 200 }, 'unknown', false, /Not confirmed/],
    ['a connection cut before Telegram read it', { cut: 'before' }, 'unknown', false, /Not confirmed/],
  ] as const) {
    it(`${what}: ${outcome}${permanent ? ', for good' : ''}`, async () => {
      rig.fail('sendMessage', fault);
      const error = await send().then(
        () => assert.fail('it went through'),
        (thrown: unknown) => thrown,
      );
      assert.ok(error instanceof DeliveryError);
      assert.deepEqual([error.outcome, error.permanent, error.account], [outcome, permanent, false]);
      assert.match(error.says, says);
      assert.doesNotMatch(inspect(error, { depth: 9, showHidden: true }), new RegExp(rig.secret), 'no token is in it, however deep');
      assert.doesNotMatch(error.says, /Forbidden|Bad Request|Internal/, 'Telegram’s own words stay in the log');
    });
  }
});
