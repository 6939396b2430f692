import { deepEqual, equal, ok } from 'node:assert/strict';
import { castOf, type Cast } from '../answering/cast.ts';
import { eventually } from '../support/eventually.ts';

describe('a visitor who stops an answer', () => {
  let cast: Cast;

  before(async () => {
    cast = await castOf();
  });
  after(() => cast.end());

  it('gets no more of it: the provider is let go, what was shown stays, marked as cut off, and nothing is said anew', async () => {
    cast.ai.says = 'On Sundays we are open from nine to seven, and '.repeat(40);
    const { conversationId = 0 } = await cast.write('Open on Sunday?');
    await eventually(() => ok(cast.events.filter(({ type }) => type === 'draft').length > 8));
    cast.ws.bus.publish({ type: 'stop', conversationId });
    await cast.quiet();
    deepEqual(
      cast.runs().map((run) => [run.state, run.why]),
      [['dropped', 'stopped by the customer']],
    );
    const bot = cast.said().filter(({ author }) => author === 'bot');
    deepEqual(
      bot.map(({ cut }) => cut),
      [true],
    );
    ok(bot[0]?.text.startsWith('On Sundays we are open'));
    equal(cast.jobs().filter(({ kind }) => kind === 'answer').length, 0);
  });
});
