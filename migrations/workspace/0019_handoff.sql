-- When people are there, by the week, in the business's zone. One row; where it isn't in use, somebody may always come.
CREATE TABLE opening_hours (
	id integer PRIMARY KEY NOT NULL,
	in_use integer NOT NULL,
	week text NOT NULL,
	tells_away integer NOT NULL,
	away_text text
);
INSERT INTO opening_hours (id, in_use, week, tells_away) VALUES (1, 0, '[[[540,1020]],[[540,1020]],[[540,1020]],[[540,1020]],[[540,1020]],[],[]]', 1);
CREATE TABLE holidays (
	day text PRIMARY KEY NOT NULL,
	name text NOT NULL
);
-- Until when the customer knows that nobody is there.
ALTER TABLE conversations ADD away_told_until integer;

-- What customers thought of a whole conversation: asked once, when it is done.
CREATE TABLE conversation_ratings (
	conversation_id integer PRIMARY KEY NOT NULL,
	scale text NOT NULL,
	message_id integer NOT NULL,
	asked_at integer NOT NULL,
	value integer,
	rated_at integer,
	FOREIGN KEY (conversation_id) REFERENCES conversations(id) ON UPDATE no action ON DELETE no action
);
ALTER TABLE business ADD rating_scale text NOT NULL DEFAULT 'thumbs';
-- Null: as is usual for the kind of channel.
ALTER TABLE channels ADD asks_rating integer;
