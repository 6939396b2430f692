-- What was understood of a customer's file: what was spoken in it, or what is written in it. It goes with its file. A transcript
-- stands in its message's text, too, where the bot reads it and the inbox finds it.
CREATE TABLE attachment_texts (
	attachment_id integer PRIMARY KEY NOT NULL REFERENCES attachments(id) ON DELETE CASCADE,
	-- 'voice', 'picture' or 'document': what it was taken for when a bot wanted it.
	kind text NOT NULL,
	-- 'wanted', 'read' or 'failed'.
	state text NOT NULL,
	-- Null while it is wanted, after it failed, and of pictures.
	text text,
	-- Why there is none, in plain words.
	says text,
	-- The run that wrote it down.
	run_id integer,
	-- A bot that waits for it waits no longer than a moment after this.
	wanted_at integer NOT NULL,
	ended_at integer
);
