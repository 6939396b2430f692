import assert from 'node:assert/strict';
import { sendWaiting } from '../../src/channels/send-waiting.ts';
import { markFetched, receiveEvents, sayAsPerson, settleDelivery, takeOver } from '../../src/conversations/index.ts';
import { enqueue } from '../../src/jobs/enqueue.ts';
import { eventually } from '../support/eventually.ts';
import { hearStatements, scansOf } from '../support/plans.ts';
import { notSent, unknownOutcome } from '../support/stand-in-channel.ts';
import { castOf, MIRA, type Cast } from './cast.ts';

describe('the statements of a message’s path', () => {
  let cast: Cast;
  let texts: Set<string>;

  before(async () => {
    cast = await castOf();
    texts = hearStatements(cast.ws);
  });
  after(() => cast.test.end());

  it('read no table from end to end, however much has been said', async () => {
    const { ws, channelId } = cast;
    cast.far.failures.push(notSent('Too fast.', { retryAfter: 1 }), unknownOutcome('?'), notSent('Blocked.', { permanent: true }));
    await cast.startJobs();
    const { conversationId = 0, messageId = 0 } = await cast.write('Are you open on Sunday?');
    await cast.write('Are you open on Sundays?', { externalId: '100', revision: 1 });
    sayAsPerson(ws, { conversationId, userId: MIRA, text: 'Hello' });
    const state = () => cast.one<{ id: number; state: string }>('SELECT id, state FROM deliveries ORDER BY id DESC LIMIT 1');
    await eventually(() => {
      cast.clock.move(10);
      cast.test.installation.jobs.tick();
      assert.equal(state().state, 'uncertain');
    });
    settleDelivery(ws, state().id, 'again', MIRA);
    await eventually(() => assert.equal(state().state, 'failed'));
    sayAsPerson(ws, { conversationId, userId: MIRA, text: 'Once more' });
    await eventually(() => assert.equal(state().state, 'sent'));
    await receiveEvents(ws, channelId, [{ type: 'receipt', externalId: 'out-1', state: 'read', at: 5 }]);
    takeOver(ws, conversationId, MIRA);
    markFetched(ws, conversationId, messageId);
    ws.durable(() => {
      sendWaiting(ws, channelId);
      enqueue(ws, { kind: 'nothing', key: '1' });
    });
    const scans = [...texts].flatMap((text) => scansOf(cast.ws, text).map((scan) => `${scan}: ${text}`));
    assert.deepEqual(scans, []);
  });
});
