import assert from 'node:assert/strict';
import type { ChannelEvent } from '../../src/channels/index.ts';
import { receiveEvents, rememberAsSeen, takeOver } from '../../src/conversations/index.ts';
import { castOf, MIRA, type Cast } from './cast.ts';

describe('receiving', () => {
  let cast: Cast;

  beforeEach(async () => {
    cast = await castOf();
  });

  afterEach(() => cast.test.end());

  const counts = (): Record<string, number> =>
    cast.one(
      'SELECT (SELECT count(*) FROM contacts) AS contacts, (SELECT count(*) FROM identities) AS identities, (SELECT count(*) FROM conversations) AS conversations, (SELECT count(*) FROM messages) AS messages, (SELECT count(*) FROM jobs) AS jobs',
    );
  const message = (text: string, externalId: string, more: Partial<Extract<ChannelEvent, { type: 'message' }>> = {}): ChannelEvent => ({
    type: 'message',
    thread: '7',
    sender: { externalId: '7' },
    externalId,
    saidAt: cast.clock.now(),
    parts: [{ kind: 'text', text }],
    ...more,
  });

  it('stores a message with its contact, conversation and the job that answers it, and nothing twice', async () => {
    const first = await cast.write('Are you open?', { externalId: '1' });
    const again = await cast.write('Are you open?', { externalId: '1' });
    assert.equal(first.outcome, 'stored');
    assert.deepEqual(again, { outcome: 'duplicate', conversationId: first.conversationId, messageId: first.messageId });
    assert.deepEqual(counts(), { contacts: 1, identities: 1, conversations: 1, messages: 1, jobs: 1 });
  });

  it('makes one contact and one conversation of first messages that come at the same instant', async () => {
    await Promise.all(['1', '2', '3', '4'].map((id) => cast.write(`part ${id}`, { externalId: id })));
    assert.deepEqual(counts(), { contacts: 1, identities: 1, conversations: 1, messages: 4, jobs: 1 });
  });

  it('tells messages of two chats with the same number apart', async () => {
    await cast.write('one', { externalId: '17', thread: 'a', sender: { externalId: 'a' } });
    await cast.write('two', { externalId: '17', thread: 'b', sender: { externalId: 'b' } });
    await cast.write('three', { externalId: '17', thread: 'c', sender: { externalId: 'b' } });
    assert.equal(counts()['messages'], 3);
  });

  it('knows the same message again after its conversation was done', async () => {
    await cast.write('x', { externalId: '1' });
    cast.ws.sql.exec("UPDATE conversations SET status = 'resolved'");
    assert.equal((await cast.write('x', { externalId: '1' })).outcome, 'duplicate');
    assert.equal(counts()['conversations'], 1);
  });

  it('remembers what it has seen after the message itself is gone', async () => {
    const { conversationId = 0 } = await cast.write('x', { externalId: '1' });
    cast.ws.durable(() => {
      rememberAsSeen(cast.ws, conversationId);
      cast.ws.sql.exec('DELETE FROM message_parts; DELETE FROM messages');
    });
    assert.equal((await cast.write('x', { externalId: '1' })).outcome, 'duplicate');
  });

  it('reads every event of a batch, and keeps a poisoned one for a person to see', async () => {
    const outcomes = await receiveEvents(cast.ws, cast.channelId, [
      message('one', '1'),
      // Its time is no number that a column of integers takes.
      message('two', '2', { saidAt: Number.NaN }),
      { type: 'unrecognised', body: '{"poll":1}' },
      message('three', '3'),
    ]);
    assert.deepEqual(
      outcomes.map((received) => received.outcome),
      ['stored', 'kept', 'kept', 'stored'],
    );
    assert.deepEqual(
      cast.all<{ text: string }>('SELECT text FROM messages ORDER BY id').map((row) => row.text),
      ['one', 'three'],
    );
    assert.equal(cast.all('SELECT * FROM unrecognised').length, 2);
  });

  it('writes the state of the channel with the events or not at all', async () => {
    await receiveEvents(cast.ws, cast.channelId, [message('one', '1')], { state: { offset: 5 } });
    const sealed = cast.one<{ state_sealed: Buffer }>('SELECT state_sealed FROM channels WHERE id = ?', cast.channelId).state_sealed;
    assert.equal(sealed.includes('offset'), false);
    assert.equal(cast.ws.open({ table: 'channels', column: 'state_sealed', row: cast.channelId }, sealed).reveal(), '{"offset":5}');
  });

  it('changes an edited message in place and answers it as edited while it waits', async () => {
    await cast.write('Open on Sunday?', { externalId: '1' });
    const edited = await cast.write('Open on Monday?', { externalId: '1', revision: 1 });
    assert.equal(edited.outcome, 'edited');
    assert.deepEqual(
      cast.all<{ text: string }>('SELECT text FROM messages').map((row) => row.text),
      ['Open on Monday?'],
    );
    assert.equal(cast.one<{ wanted: number }>('SELECT wanted FROM jobs').wanted, 2);
  });

  it('marks a message that was taken back', async () => {
    await cast.write('oops', { externalId: '1' });
    await receiveEvents(cast.ws, cast.channelId, [{ type: 'revoked', thread: '7', sender: { externalId: '7' }, externalId: '1', at: 9 }]);
    assert.equal(cast.one<{ revoked_at: number }>('SELECT revoked_at FROM messages').revoked_at, 9);
  });

  it('asks no bot while a person has the conversation', async () => {
    const { conversationId = 0 } = await cast.write('hello');
    takeOver(cast.ws, conversationId, MIRA);
    assert.equal(counts()['jobs'], 0);
    await cast.write('are you there?');
    assert.equal(counts()['jobs'], 0);
  });

  it('calls a person where no bot answers', async () => {
    cast.ws.sql.exec('UPDATE channels SET bot_id = NULL');
    await cast.write('hello');
    const row = cast.one<{ wanted_since: number; wanted_why: string }>('SELECT wanted_since, wanted_why FROM conversations');
    assert.notEqual(row.wanted_since, null);
    assert.deepEqual(cast.all("SELECT 1 FROM jobs WHERE kind = 'answer'"), []);
  });

  it('stores what a blocked contact writes and answers nothing', async () => {
    await cast.write('hello');
    cast.ws.sql.exec('DELETE FROM jobs; UPDATE contacts SET blocked_at = 1');
    await cast.write('again');
    assert.deepEqual([counts()['messages'], counts()['jobs']], [2, 0]);
  });

  it('opens a new conversation after the old one was done', async () => {
    await cast.write('hello');
    cast.ws.sql.exec("UPDATE conversations SET status = 'resolved'");
    await cast.write('hello again');
    assert.equal(counts()['conversations'], 2);
    assert.equal(counts()['contacts'], 1);
  });

  it("takes an answer on the owner's phone for a takeover, and its own for its own", async () => {
    const { conversationId = 0 } = await cast.write('hello');
    const echo = {
      type: 'echo' as const,
      thread: '7',
      recipient: { externalId: '7' },
      externalId: 'e1',
      saidAt: 9,
      parts: [{ kind: 'text' as const, text: 'Mira here' }],
    };
    await receiveEvents(cast.ws, cast.channelId, [echo]);
    await receiveEvents(cast.ws, cast.channelId, [echo]);
    assert.deepEqual(cast.one('SELECT turn, holder_id FROM conversations WHERE id = ?', conversationId), {
      turn: 'person',
      holder_id: null,
    });
    assert.deepEqual(
      cast.all<{ author: string }>('SELECT author FROM messages ORDER BY id').map((row) => row.author),
      ['customer', 'person'],
    );
    assert.equal(counts()['jobs'], 0);
  });

  it('keeps what is no text, and words that are no well-formed text', async () => {
    await cast.write('', {
      parts: [
        { kind: 'audio', file: { reference: 'f1', mime: 'audio/ogg' } },
        { kind: 'text', text: 'half \ud83d emoji, \u202eright to left, zero\u200bwidth' },
      ],
    });
    const row = cast.one<{ text: string }>('SELECT text FROM messages');
    assert.equal(row.text, '[audio]\nhalf \ufffd emoji, \u202eright to left, zero\u200bwidth');
    assert.equal(cast.one<{ state: string }>('SELECT state FROM attachments').state, 'wanted');
  });
});
