-- What a bot may call: an action over HTTP, described by a form. Which bots may stands in their settings.
CREATE TABLE tools (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	-- As a model calls it, and as people read it.
	name text NOT NULL,
	title text NOT NULL,
	description text NOT NULL,
	-- It changes something: each call waits for a person.
	changes integer NOT NULL,
	-- JSON: method, address, what it wants, what of the answer is kept.
	action text NOT NULL,
	-- JSON of names and values; names alone stand in `action`.
	headers_sealed blob,
	-- Whose service it is, and where they say what they do with data.
	service text NOT NULL,
	policy_url text NOT NULL,
	created_at integer NOT NULL,
	updated_at integer NOT NULL,
	removed_at integer
);
CREATE UNIQUE INDEX tools_name ON tools (name) WHERE removed_at IS NULL;

-- Each time that a model wanted something called. What changes something is its own delivery: waiting → approved → executing →
-- done, failed or uncertain, and never executing twice.
CREATE TABLE tool_calls (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	run_id integer NOT NULL,
	conversation_id integer,
	-- Null for what we do ourselves, and for what isn't there.
	tool_id integer,
	name text NOT NULL,
	title text NOT NULL,
	-- As the model wrote it.
	input text NOT NULL,
	state text NOT NULL,
	-- What became of it, in plain words.
	says text,
	-- JSON of what went out: method, address, body. No header's value.
	sent text,
	-- What the model read of it.
	result text,
	started_at integer NOT NULL,
	ended_at integer,
	-- Of one that waits for a person: until when, and where in the thread it is asked.
	expires_at integer,
	message_id integer,
	decided_by integer,
	decided_at integer,
	-- The customer knows what came of it.
	told_at integer,
	FOREIGN KEY (run_id) REFERENCES runs(id) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (conversation_id) REFERENCES conversations(id) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (tool_id) REFERENCES tools(id) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (message_id) REFERENCES messages(id) ON UPDATE no action ON DELETE no action
);
CREATE INDEX tool_calls_run ON tool_calls (run_id);
CREATE INDEX tool_calls_message ON tool_calls (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX tool_calls_conversation ON tool_calls (conversation_id) WHERE expires_at IS NOT NULL;
