import assert from 'node:assert/strict';
import { markWrong, rateAnswer } from '../../src/conversations/index.ts';
import { enqueue } from '../../src/jobs/enqueue.ts';
import { insightsCast, onlyGroup, UNKNOWN, type Cast } from './cast.ts';

describe('questions that the bot could not answer', () => {
  let cast: Cast;
  before(async () => {
    cast = await insightsCast();
  });
  afterEach(() => cast.clear());
  after(() => cast.end());

  /** A customer says what they think of an answer. */
  const rate = async (conversationId: number, messageId: number, rating: 'good' | 'bad' | null): Promise<boolean> => {
    const [row] = cast.all<{ identityId: number }>('SELECT identity_id AS identityId FROM conversations WHERE id = ?', conversationId);
    const rated = rateAnswer(cast.ws, { identityId: row?.identityId ?? 0, messageId, rating });
    await cast.quiet();
    return rated;
  };

  it('are gathered, each once, however often the work is done', async () => {
    const { replyId } = await cast.ask('Jonas', UNKNOWN);
    assert.deepEqual(
      cast.gaps().map(({ text, reason }) => ({ text, reason })),
      [{ text: UNKNOWN, reason: 'not-found' }],
    );
    for (let again = 0; again < 2; again += 1) {
      cast.ws.durable(() => enqueue(cast.ws, { kind: 'gather-gap', key: String(replyId) }));
      await cast.quiet();
    }
    assert.equal(cast.gaps().length, 1);
  });

  it('are gathered after a kill between the fallback and the gathering', async () => {
    const { replyId } = await cast.ask('Jonas', UNKNOWN);
    cast.ws.durable(() => {
      cast.ws.sql.exec('DELETE FROM gaps; DELETE FROM gap_groups');
      enqueue(cast.ws, { kind: 'gather-gap', key: String(replyId) });
    });
    await cast.quiet();
    assert.equal(cast.gaps().length, 1);
  });

  it('are not: what was answered, greetings, thanks, and who asks for a person', async () => {
    await cast.ask('a', 'Are you open on Sunday?');
    await cast.ask('b', 'Good morning!');
    await cast.ask('c', 'human please');
    await cast.ask('d', 'Thank you very much');
    await cast.ask('e', 'yes');
    await cast.ask('f', '???');
    assert.deepEqual(cast.gaps(), []);
    assert.ok(cast.all("SELECT 1 FROM runs WHERE state = 'answered'").length > 0, 'the bot did answer');
  });

  it('leave out the greeting and the wish for a person around the question', async () => {
    await cast.ask('Jonas', 'Hello!\nGood evening, do you have oat milk?\nI want to talk to a person');
    const [gap] = cast.gaps();
    assert.ok(!gap || gap.text === 'Do you have oat milk?', gap?.text);
    await cast.ask('Ida', 'Hi there, do you have oat milk?');
    assert.equal(cast.gaps().at(-1)?.text, 'Do you have oat milk?');
  });

  it('are those, too, whose answer its customer found no help, until they think better of it', async () => {
    const { conversationId, replyId } = await cast.ask('Jonas', 'Are you open on Sunday?');
    assert.equal(await rate(conversationId, replyId, 'bad'), true);
    assert.deepEqual(
      cast.gaps().map(({ text, reason }) => ({ text, reason })),
      [{ text: 'Are you open on Sunday?', reason: 'not-helpful' }],
    );
    assert.equal(await rate(conversationId, replyId, 'bad'), true);
    assert.equal(cast.gaps().length, 1);
    await rate(conversationId, replyId, 'good');
    assert.deepEqual(cast.gaps(), []);
    assert.deepEqual(cast.all('SELECT * FROM gap_groups'), []);
    await rate(conversationId, replyId, null);
    assert.deepEqual(cast.all('SELECT rating, rated_at FROM messages WHERE id = ?', replyId), [{ rating: null, rated_at: null }]);
  });

  it('are those, too, whose answer a member says was wrong; the two count once', async () => {
    const { conversationId, replyId } = await cast.ask('Jonas', 'Are you open on Sunday?');
    await rate(conversationId, replyId, 'bad');
    assert.equal(markWrong(cast.ws, { conversationId, messageId: replyId, userId: cast.server.people.agent, wrong: true }), true);
    await cast.quiet();
    assert.deepEqual(
      cast.gaps().map(({ reason }) => reason),
      ['wrong'],
    );
    markWrong(cast.ws, { conversationId, messageId: replyId, userId: cast.server.people.agent, wrong: false });
    await cast.quiet();
    assert.deepEqual(
      cast.gaps().map(({ reason }) => reason),
      ['not-helpful'],
    );
  });

  it('can’t be made by rating what is no answer, or another’s', async () => {
    const unanswered = await cast.ask('Jonas', UNKNOWN);
    assert.equal(await rate(unanswered.conversationId, unanswered.replyId, 'good'), false, 'a fallback sentence');
    assert.equal(await rate(unanswered.conversationId, unanswered.messageId, 'good'), false, 'their own message');
    const other = await cast.ask('Ida', 'Are you open on Sunday?');
    assert.equal(await rate(unanswered.conversationId, other.replyId, 'bad'), false, 'another’s');
    assert.equal(
      markWrong(cast.ws, { conversationId: unanswered.conversationId, messageId: other.replyId, userId: 1, wrong: true }),
      false,
      'of another conversation',
    );
  });

  it('stand together when they ask the same in other words, and apart when they don’t', async () => {
    for (const [who, text] of [
      ['a', 'Do you have oat milk?'],
      ['b', 'Is there parking nearby?'],
      ['c', 'oat milk for the coffee?'],
      ['d', 'Habt ihr Hafermilch?'],
      ['e', 'Where can I park my car?'],
      ['f', 'Gibt es bei euch Hafermilch?'],
      ['g', 'Do you sell gift vouchers?'],
    ] as const)
      await cast.ask(who, text);
    assert.deepEqual(cast.groups(), [
      ['Do you have oat milk?', 'oat milk for the coffee?'],
      ['Is there parking nearby?', 'Where can I park my car?'],
      ['Habt ihr Hafermilch?', 'Gibt es bei euch Hafermilch?'],
      ['Do you sell gift vouchers?'],
    ]);
  });

  it('no more count while their contact is restricted', async () => {
    await cast.ask('Jonas', UNKNOWN);
    const owner = await cast.server.as('owner');
    const count = /Unanswered <span class="count">(\d+)</;
    assert.equal(count.exec((await owner.get(cast.base)).text)?.[1], '1');
    cast.ws.durable(() => cast.ws.sql.exec('UPDATE contacts SET restricted_at = 1'));
    const { text } = await owner.get(cast.base);
    assert.equal(count.exec(text), null);
    assert.doesNotMatch(text, /oat milk/);
  });

  it('are forgotten by nobody: a group that was dismissed takes in alike questions and stays so', async () => {
    await cast.ask('Jonas', UNKNOWN);
    const group = onlyGroup(cast);
    const owner = await cast.server.as('owner');
    assert.equal((await owner.post(`${cast.base}/${group}/dismiss`)).location, cast.base);
    await cast.ask('Ida', 'Is oat milk available?');
    assert.equal(onlyGroup(cast), group);
    assert.equal(cast.state(group), 'dismissed');
    await owner.post(`${cast.base}/${group}/restore`);
    assert.equal(cast.state(group), 'open');
  });
});
