/** A desk that has been busy for a year, written as rows: so many messages, in conversations of twenty, the newest of them open. */
import type { Workspace } from '../../src/workspace.ts';

const IN_EACH = 20;
/** What a team has on its desk at most. */
const OPEN_AT_MOST = 1000;
const MINUTE = 60_000;

/** Fills the workspace; its newest conversation has thirty messages. Returns that one. */
export function fillInbox(ws: Workspace, messages: number): number {
  const conversations = Math.ceil(messages / IN_EACH);
  const values = {
    conversations,
    closed: Math.max(0, conversations - OPEN_AT_MOST),
    now: ws.clock.now(),
    inEach: IN_EACH,
    bot: ws.prepare('SELECT id FROM bots LIMIT 1').pluck().get(),
    channel: ws.prepare('SELECT id FROM channels LIMIT 1').pluck().get(),
  };
  const numbers = 'WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < @conversations)';
  ws.write(() => {
    ws.sql
      .prepare(`${numbers} INSERT INTO contacts (id, name, created_at) SELECT n + 1000, 'Customer ' || n, @now FROM numbers`)
      .run(values);
    ws.sql
      .prepare(
        `${numbers} INSERT INTO identities (id, contact_id, channel_id, external_id, created_at, last_seen_at)
         SELECT n + 1000, n + 1000, @channel, 'bench-' || n, @now, @now FROM numbers`,
      )
      .run(values);
    ws.sql
      .prepare(
        `${numbers} INSERT INTO conversations (id, public_id, channel_id, identity_id, contact_id, thread, bot_id, status, turn, unread, last_words, last_at, created_at, revision)
         SELECT n + 1000, 'cv_bench' || n, @channel, n + 1000, n + 1000, 'bench-' || n, @bot, CASE WHEN n > @closed THEN 'open' ELSE 'resolved' END, 'bot',
           n % 3, 'Yes, we are open on Sunday from nine to six.', @now - (@conversations - n) * ${MINUTE}, @now - (@conversations - n) * ${MINUTE}, 1 FROM numbers`,
      )
      .run(values);
    ws.sql
      .prepare(
        `${numbers}, each(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM each WHERE i < @inEach)
         INSERT INTO messages (conversation_id, author, text, said_at, created_at, revision)
         SELECT n + 1000, CASE WHEN i % 2 THEN 'customer' ELSE 'bot' END, 'Are you open on Sunday, and is there a table for six?',
           @now - (@conversations - n) * ${MINUTE}, @now - (@conversations - n) * ${MINUTE}, 1 FROM numbers, each`,
      )
      .run(values);
    ws.sql
      .prepare(
        `WITH RECURSIVE each(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM each WHERE i < 10)
         INSERT INTO messages (conversation_id, author, text, said_at, created_at, revision)
         SELECT @conversations + 1000, CASE WHEN i % 2 THEN 'customer' ELSE 'bot' END, 'And for seven?', @now, @now, 1 FROM each`,
      )
      .run({ conversations, now: values.now });
    ws.sql.exec(
      'UPDATE conversations SET last_message_id = (SELECT max(id) FROM messages m WHERE m.conversation_id = conversations.id), last_customer_message_id = (SELECT max(id) FROM messages m WHERE m.conversation_id = conversations.id) - 1, answered_through = (SELECT max(id) FROM messages m WHERE m.conversation_id = conversations.id) WHERE id > 1000',
    );
  });
  return conversations + 1000;
}
