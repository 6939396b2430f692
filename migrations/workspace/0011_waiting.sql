-- How long customers may wait, and what happens then. One row; null switches the silence alarm or the sentence off.
CREATE TABLE waiting_times (
	id integer PRIMARY KEY NOT NULL,
	silence_ms integer,
	too_old_ms integer NOT NULL,
	nobody_ms integer,
	nobody_text text,
	nobody_hands_back integer NOT NULL
);
INSERT INTO waiting_times (id, silence_ms, too_old_ms, nobody_ms, nobody_hands_back) VALUES (1, 600000, 43200000, 600000, 0);

-- Through which message the team was told of a silence: once for each.
ALTER TABLE conversations ADD silence_told integer NOT NULL DEFAULT 0;
-- Whoever waits for an answer. Small: a conversation leaves it with its answer.
CREATE INDEX conversations_unanswered ON conversations (silence_told, last_customer_message_id) WHERE status <> 'resolved' AND last_customer_message_id > answered_through;

-- On arrival it was too old for the bot.
ALTER TABLE messages ADD too_old integer NOT NULL DEFAULT 0;
-- What came more than ten seconds after it was said: little, unless something was away.
CREATE INDEX messages_late ON messages (said_at) WHERE created_at - said_at > 10000;

-- Since when a channel that was connected doesn't hear its far side; null while it does.
ALTER TABLE channels ADD deaf_since integer;

-- A time in which the server (channel_id null) or one channel heard nothing.
CREATE TABLE outages (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	channel_id integer,
	from_at integer NOT NULL,
	to_at integer NOT NULL,
	dismissed_at integer,
	dismissed_by integer,
	FOREIGN KEY (channel_id) REFERENCES channels(id) ON UPDATE no action ON DELETE no action
);
CREATE INDEX outages_from ON outages (from_at);
