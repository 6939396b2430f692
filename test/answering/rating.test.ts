import assert from 'node:assert/strict';
import { askHowItWas, takeComment } from '../../src/answering/index.ts';
import { deliverMessages, reopenConversation, resolveConversation, sayAsPerson } from '../../src/conversations/index.ts';
import { editRatingSettings, ratingSettingsOf } from '../../src/conversations/rating/rating-settings.ts';
import { castOf, MIRA, type Cast } from '../conversations/cast.ts';
import { eventually } from '../support/eventually.ts';

interface Row {
  value: number | null;
  scale: string;
}

describe('rating at the end of a conversation', () => {
  let cast: Cast;
  let id: number;
  beforeEach(async () => {
    cast = await castOf();
    editRatingSettings(cast.ws, MIRA, { scale: 'thumbs', asks: [cast.channelId] });
    await cast.test.installation.jobs.start({
      'ask-rating': { run: askHowItWas },
      'take-comment': { run: takeComment },
      answer: { run: async (_, job) => job.finishQuietly() },
      deliver: { run: deliverMessages },
    });
    id = (await cast.write('Are you open on Sunday?')).conversationId ?? 0;
    sayAsPerson(cast.ws, { conversationId: id, userId: MIRA, text: 'Yes, from nine.' });
  });
  afterEach(() => cast.test.end());

  const jobs = () => cast.all("SELECT kind FROM jobs WHERE kind = 'ask-rating'");
  const pass = async (ms = 30_000): Promise<void> => {
    cast.clock.move(ms);
    cast.test.installation.jobs.tick();
    await eventually(() => assert.deepEqual(jobs(), []));
  };
  const finish = async (): Promise<void> => {
    resolveConversation(cast.ws, id, MIRA);
    await pass();
  };
  const said = () => cast.all<{ text: string }>("SELECT text FROM messages WHERE author = 'bot' ORDER BY id").map(({ text }) => text);
  const offered = () =>
    JSON.parse(
      cast.one<{ choices: string }>("SELECT detail ->> '$.choices' AS choices FROM message_parts WHERE detail IS NOT NULL").choices,
    ) as {
      id: string;
      title: string;
    }[];
  const rating = () => cast.one<Row | undefined>('SELECT value, scale FROM conversation_ratings');
  const touch = (choice: string, more: { who?: string; text?: string; externalId?: string } = {}) =>
    cast.write(more.text ?? '👍', {
      parts: [{ kind: 'text', text: more.text ?? '👍', detail: { choice } }],
      ...(more.externalId ? { externalId: more.externalId } : {}),
      ...(more.who ? { thread: more.who, sender: { externalId: more.who, displayName: more.who } } : {}),
    });
  const conversations = () => cast.one<{ n: number }>('SELECT count(*) AS n FROM conversations').n;

  it('is asked once, half a minute after it is done, and what is touched opens nothing and wakes no bot', async () => {
    await finish();
    assert.deepEqual(said(), ['Was this conversation a help to you?']);
    const [good] = offered();
    assert.deepEqual(good, { id: `rate-${id}-5`, title: '👍' });
    const received = await touch(`rate-${id}-5`, { externalId: 'r1' });
    assert.deepEqual([received.outcome, received.conversationId], ['stored', id]);
    assert.deepEqual(rating(), { value: 5, scale: 'thumbs' });
    assert.deepEqual(said().slice(1), ['Thank you for telling us. If you like, say why in one message.']);
    assert.equal((await touch(`rate-${id}-5`, { externalId: 'r1' })).outcome, 'duplicate');
    await touch(`rate-${id}-1`);
    assert.equal(rating()?.value, 1, 'the last one counts');
    assert.equal(said().length, 2, 'thanked once');
    assert.deepEqual(cast.one('SELECT status, unread, last_customer_message_id <= answered_through AS answered FROM conversations'), {
      status: 'resolved',
      unread: 0,
      answered: 1,
    });
    assert.deepEqual(
      [conversations(), cast.all("SELECT 1 FROM jobs WHERE kind = 'answer' AND due_at > ?", cast.clock.now()).length],
      [1, 0],
    );
    reopenConversation(cast.ws, id, MIRA);
    await finish();
    assert.equal(said().length, 2, 'not asked again');
  });

  it('goes out, though a person had the conversation', async () => {
    await finish();
    await eventually(() => assert.deepEqual(cast.far.sent.at(-1)?.text, 'Was this conversation a help to you?'));
  });

  it('goes by the scale that is set, in the customer’s language', async () => {
    editRatingSettings(cast.ws, MIRA, { scale: 'stars', asks: [cast.channelId] });
    await cast.write('Vielen Dank, das ist sehr nett von Ihnen, bis Sonntag!');
    await finish();
    assert.match(said().join(), /^Wie war dieses Gespräch für Sie\?/);
    assert.deepEqual(
      offered().map(({ title }) => title),
      ['5', '4', '3', '2', '1'],
    );
    await touch(`rate-${id}-3`, { text: '3' });
    assert.equal(rating()?.value, 3);
    assert.equal(said().at(-1), 'Danke für Ihre Rückmeldung. Wenn Sie mögen, schreiben Sie in einer Nachricht, warum.');
  });

  it('is not asked where it is off, where they wrote anew or it was opened again, nor of who is blocked', async () => {
    const unasked = async (what: string): Promise<void> => {
      await pass();
      assert.deepEqual(said(), [], what);
    };
    editRatingSettings(cast.ws, MIRA, { scale: 'thumbs', asks: [] });
    resolveConversation(cast.ws, id, MIRA);
    await unasked('off');
    editRatingSettings(cast.ws, MIRA, { scale: 'thumbs', asks: [cast.channelId] });
    reopenConversation(cast.ws, id, MIRA);
    resolveConversation(cast.ws, id, MIRA);
    reopenConversation(cast.ws, id, MIRA);
    await unasked('opened again');
    resolveConversation(cast.ws, id, MIRA);
    await cast.write('One more thing');
    await unasked('something new');
    cast.ws.sql.exec("UPDATE conversations SET status = 'resolved'; UPDATE contacts SET blocked_at = 1");
    cast.ws.sql.exec("UPDATE conversations SET status = 'open' WHERE id = 1");
    resolveConversation(cast.ws, id, MIRA);
    await unasked('blocked');
  });

  it('counts for nobody else’s conversation, for no other value, and for none that was not asked about', async () => {
    await touch(`rate-${id}-5`);
    assert.equal(rating(), undefined, 'not asked yet');
    await finish();
    await touch(`rate-${id}-3`, { who: '7', text: '3' });
    await touch(`rate-${id}-5`, { who: 'stranger' });
    assert.equal(rating()?.value, null);
  });

  describe('with what they say to it', () => {
    const comment = () =>
      cast.one<{ text: string | null }>('SELECT (SELECT text FROM messages WHERE id = comment_id) AS text FROM conversation_ratings').text;
    beforeEach(async () => {
      await finish();
      await touch(`rate-${id}-1`);
    });

    it('keeps one message of words, opens nothing and wakes no bot, and says that it is noted', async () => {
      const received = await cast.write('It took too long.');
      assert.deepEqual([received.outcome, received.conversationId, comment()], ['stored', id, 'It took too long.']);
      await eventually(() => assert.equal(said().at(-1), 'Thank you, we’ve noted that. If you need anything else, just write.'));
      assert.deepEqual(cast.one('SELECT status, unread, answered_through >= last_customer_message_id AS answered FROM conversations'), {
        status: 'resolved',
        unread: 1,
        answered: 1,
      });
      const next = await cast.write('One more thing.');
      assert.notEqual(next.conversationId, id, 'what comes then is something new');
      assert.equal(comment(), 'It took too long.');
    });

    it('takes no question for it, no file, nothing said to somebody else or a quarter of an hour later', async () => {
      assert.notEqual((await cast.write('Are you open today?', { thread: 'a', sender: { externalId: 'a' } })).conversationId, id);
      cast.clock.move(15 * 60_000);
      assert.notEqual((await cast.write('It took too long.')).conversationId, id);
      cast.ws.sql.exec("UPDATE conversations SET status = 'resolved'");
      assert.equal(comment(), null);
    });

    it('takes a question for the beginning of something new', async () => {
      assert.notEqual((await cast.write('Are you open today?')).conversationId, id);
      assert.equal(comment(), null);
    });

    it('brings a person to who asks for one in it', async () => {
      await cast.write('I want to talk to a person');
      await eventually(() => assert.equal(cast.one<{ status: string }>('SELECT status FROM conversations').status, 'open'));
      assert.equal(comment(), null);
      assert.deepEqual(
        cast.one('SELECT turn, holder_id AS holder, answered_through < last_customer_message_id AS waits FROM conversations'),
        {
          turn: 'person',
          holder: MIRA,
          waits: 1,
        },
      );
    });
  });

  it('is on for websites and off elsewhere, until somebody decides', () => {
    cast.ws.sql.exec("UPDATE channels SET asks_rating = NULL; UPDATE channels SET kind = 'widget'");
    assert.equal(ratingSettingsOf(cast.ws).channels[0]?.asks, true);
    cast.ws.sql.exec("UPDATE channels SET kind = 'telegram'");
    assert.equal(ratingSettingsOf(cast.ws).channels[0]?.asks, false);
  });
});
