import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { conversationById, replyAsBot } from '../../src/conversations/index.ts';
import { bearer, clientOf, type Client } from '../visitors/support/client.ts';
import { openHouse, type House } from '../visitors/support/house.ts';

describe('rating an answer over HTTP', () => {
  let house: House;
  let visitor: Client;
  before(async () => {
    house = await openHouse();
    visitor = clientOf(house);
  });
  after(() => house.end());

  /** The bot's reply to what was said last, out of a run that ended so. */
  function replied(conversationId: number, state: 'answered' | 'fell-back'): number {
    const { ws } = house;
    return ws.durable(() => {
      const version = ws.sql.prepare('SELECT id FROM bot_versions').pluck().get();
      const { lastInsertRowid } = ws.sql
        .prepare(
          "INSERT INTO runs (conversation_id, bot_version_id, kind, boot, state, question, passages, prompt, started_at, ended_at) VALUES (?, ?, 'answer', 'b', ?, 'Open?', '[]', '[]', 0, 1)",
        )
        .run(conversationId, version, state);
      const answersThrough = conversationById(ws, conversationId)?.lastCustomerMessageId ?? 0;
      const reply = { conversationId, runId: Number(lastInsertRowid), answersThrough, text: 'Yes.', sources: [], language: 'en' };
      const said = replyAsBot(ws, reply);
      assert.ok(said.said);
      return said.messageId;
    });
  }

  const ratings = async (token: string): Promise<unknown[]> => {
    const { body } = await visitor.get('thread', bearer(token));
    return (body['messages'] as { author: string; rating?: string | null }[])
      .filter(({ author }) => author === 'bot')
      .map(({ rating }) => rating);
  };
  const stored = (messageId: number): unknown => house.ws.sql.prepare('SELECT rating FROM messages WHERE id = ?').pluck().get(messageId);

  it('is kept with the message, counts once, can be changed and taken back', async () => {
    const { token, conversationId } = await visitor.begin();
    const messageId = replied(conversationId, 'answered');
    assert.deepEqual(await ratings(token), [null]);
    for (const rating of ['bad', 'bad', 'good', null] as const) {
      const { status, body } = await visitor.post('rating', { messageId, rating }, bearer(token));
      assert.equal(status, 200);
      assert.deepEqual(body, { rating });
      assert.equal(stored(messageId), rating);
      assert.deepEqual(await ratings(token), [rating]);
    }
    const jobs = house.ws.sql.prepare("SELECT key, wanted FROM jobs WHERE kind = 'gather-gap'").all();
    assert.deepEqual(jobs, [{ key: String(messageId), wanted: 4 }]);
  });

  it('is refused for a fallback sentence, which isn’t offered for it', async () => {
    const { token, conversationId } = await visitor.begin();
    const messageId = replied(conversationId, 'fell-back');
    assert.deepEqual(await ratings(token), [undefined]);
    assert.equal((await visitor.post('rating', { messageId, rating: 'good' }, bearer(token))).status, 404);
    assert.equal(stored(messageId), null);
  });

  it('is refused for another’s answer, and without a good token', async () => {
    const mine = await visitor.begin();
    const theirs = await visitor.begin();
    const messageId = replied(theirs.conversationId, 'answered');
    assert.equal((await visitor.post('rating', { messageId, rating: 'bad' }, bearer(mine.token))).status, 404);
    assert.equal((await visitor.post('rating', { messageId, rating: 'bad' })).status, 401);
    assert.equal((await visitor.post('rating', { messageId, rating: 'bad' }, bearer(`${theirs.token}x`))).status, 401);
    assert.equal(stored(messageId), null);
  });

  it('takes no other value and no other field', async () => {
    const { token, conversationId } = await visitor.begin();
    const messageId = replied(conversationId, 'answered');
    for (const body of [
      { messageId, rating: 'great' },
      { messageId: String(messageId), rating: 'bad' },
      { messageId, rating: 'bad', why: 'x' },
      { rating: 'bad' },
      {},
    ])
      assert.equal((await visitor.post('rating', body, bearer(token))).status, 400, JSON.stringify(body));
    assert.equal(stored(messageId), null);
    assert.equal((await visitor.say('More', token, randomUUID())).status, 200);
  });
});
