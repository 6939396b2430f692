/** What a far side answers when it doesn't do what was asked, and what a channel makes of it. */
import assert from 'node:assert/strict';
import type { Suite } from './suite.ts';

export function failures(suite: Suite): void {
  const refused = () => suite.refusal(suite.send('Hello'));

  suite.situation('blocked', 'a customer who can’t be reached is a permanent failure', async () => {
    suite.rig.cause('blocked');
    const error = await refused();
    assert.deepEqual([error.outcome, error.permanent, error.account], ['not-sent', true, false]);
  });

  suite.situation('window', 'a time window that is over is a permanent failure of this message alone', async () => {
    suite.rig.cause('window');
    const error = await refused();
    assert.deepEqual([error.outcome, error.permanent, error.account], ['not-sent', true, false]);
    assert.match(error.says, /\b(24 hours|hours|day|window)\b/);
    assert.deepEqual(suite.rig.read(), []);
  });

  suite.situation('rate', 'a rate limit says how long to wait, and nothing was sent', async () => {
    suite.rig.cause('rate');
    const error = await refused();
    assert.deepEqual([error.outcome, error.permanent, error.retryAfter], ['not-sent', false, suite.rig.pauseMs]);
    assert.deepEqual(suite.rig.read(), []);
  });

  suite.situation('cut', 'a connection that was cut after the text went out leaves the outcome unknown', async () => {
    suite.rig.cause('cut');
    const error = await refused();
    assert.deepEqual([error.outcome, error.permanent], ['unknown', false]);
    assert.deepEqual(suite.rig.read(), ['Hello'], 'it did arrive, which nobody here can know');
  });

  suite.situation('half', 'an answer that ends in the middle leaves the outcome unknown', async () => {
    suite.rig.cause('half');
    const error = await refused();
    assert.deepEqual([error.outcome, error.permanent, error.account], ['unknown', false, false]);
    assert.deepEqual(suite.rig.read(), ['Hello']);
  });

  suite.situation('page', 'a page of something in between leaves the outcome unknown', async () => {
    suite.rig.cause('page');
    const error = await refused();
    assert.deepEqual([error.outcome, error.permanent, error.account], ['unknown', false, false]);
  });

  suite.situation('broken', 'a fault of the far side’s own passes, and is never the account’s', async () => {
    suite.rig.cause('broken');
    const error = await refused();
    assert.deepEqual([error.permanent, error.account], [false, false]);
    if (error.outcome === 'not-sent') assert.deepEqual(suite.rig.read(), []);
    assert.equal((await suite.send('Hello again')).state, 'sent');
  });

  suite.situation('absent', 'where nothing answers it is certain that nothing was sent', async () => {
    await suite.rig.leave();
    const error = await refused();
    assert.deepEqual([error.outcome, error.permanent, error.account], ['not-sent', false, false]);
  });

  suite.situation('revoked', 'an account that was revoked is said of the account, by each call', async () => {
    const { rig } = suite;
    rig.cause('revoked');
    assert.equal((await refused()).account, true);
    assert.equal((await suite.refusal(rig.channel.health(rig.access()))).account, true);
    assert.equal((await suite.refusal(rig.channel.connect(rig.access()))).account, true);
    await rig.channel.disconnect(rig.access());
    await rig.channel.typing?.(rig.access(), rig.thread);
  });

  suite.situation('sends', 'an abort before the send sends nothing', async () => {
    const early = await suite.refusal(suite.send('Hello', { signal: AbortSignal.abort() }));
    assert.deepEqual([early.outcome, early.permanent, early.account], ['not-sent', false, false]);
    assert.deepEqual(suite.rig.read(), []);
  });

  suite.situation('sends', 'an abort while the far side hangs leaves the outcome unknown', async () => {
    const abort = new AbortController();
    const held = suite.rig.holdNextSend();
    const sending = suite.refusal(suite.send('Hello', { signal: abort.signal }));
    await held;
    abort.abort();
    assert.deepEqual([(await sending).outcome, (await sending).account], ['unknown', false]);
  });
}
