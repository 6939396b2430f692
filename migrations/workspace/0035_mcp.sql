-- Servers of tools that speak MCP: what each offers as it was seen last, and how it was. Those that bots may call are rows of `tools`.
CREATE TABLE tool_servers (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	name text NOT NULL,
	url text NOT NULL,
	-- Whose service it is, and where they say what they do with data.
	service text NOT NULL,
	policy_url text NOT NULL,
	token_sealed blob,
	-- JSON: its tools as it lists them.
	offered text NOT NULL,
	-- Null while it is well: what went wrong the last time, in plain words.
	trouble text,
	checked_at integer NOT NULL,
	created_at integer NOT NULL,
	removed_at integer
);
-- A server's tool, and why it isn't called any more: it is 'changed' there, or 'gone'.
ALTER TABLE tools ADD COLUMN server_id integer REFERENCES tool_servers(id);
ALTER TABLE tools ADD COLUMN off_why text;
