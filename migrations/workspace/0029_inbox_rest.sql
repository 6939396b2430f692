-- What a customer said beside their rating, when they were asked why: a message of theirs.
ALTER TABLE conversation_ratings ADD comment_id integer;

-- What was thought of whole conversations, on the day on which they began.
ALTER TABLE day_figures ADD rated integer NOT NULL DEFAULT 0;
ALTER TABLE day_figures ADD rated_good integer NOT NULL DEFAULT 0;
ALTER TABLE day_figures ADD rated_bad integer NOT NULL DEFAULT 0;
DELETE FROM counted_days;
CREATE TRIGGER uncount_judged AFTER UPDATE OF value ON conversation_ratings
BEGIN
	DELETE FROM counted_days WHERE starts_at = (
		SELECT max(d.starts_at) FROM counted_days d WHERE d.starts_at <= (SELECT c.created_at FROM conversations c WHERE c.id = new.conversation_id))
		AND ends_at > (SELECT c.created_at FROM conversations c WHERE c.id = new.conversation_id);
END;

-- The order in which a member has their lists; so far it was that of their names.
ALTER TABLE saved_views ADD position integer NOT NULL DEFAULT 0;
UPDATE saved_views SET position = (
	SELECT count(*) FROM saved_views o WHERE o.user_id = saved_views.user_id AND (lower(o.name), o.id) < (lower(saved_views.name), saved_views.id));

-- Chats in which members are told that a customer waits: what is written there is no customer's.
CREATE TABLE member_chats (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	user_id integer NOT NULL,
	channel_id integer NOT NULL,
	thread text NOT NULL,
	name text NOT NULL,
	with_words integer NOT NULL DEFAULT 0,
	told_at integer,
	says text,
	created_at integer NOT NULL,
	FOREIGN KEY (channel_id) REFERENCES channels(id) ON UPDATE no action ON DELETE cascade
);
CREATE UNIQUE INDEX member_chats_chat ON member_chats (channel_id, thread);
CREATE INDEX member_chats_user ON member_chats (user_id);
-- A link by which a chat becomes a member's: once, and for a while.
CREATE TABLE chat_links (
	hash blob PRIMARY KEY NOT NULL,
	user_id integer NOT NULL,
	channel_id integer NOT NULL,
	until integer NOT NULL,
	FOREIGN KEY (channel_id) REFERENCES channels(id) ON UPDATE no action ON DELETE cascade
) WITHOUT ROWID;
