-- workspace.db, first shape. A partial index never says `column = literal`: with STAT4 compiled in, SQLite then prepares every
-- statement on the table anew whenever its parameters are bound, five times the cost of running it.
-- The drizzle schema in src/db/schema mirrors it; test/db/schema.test.ts compares them.
CREATE TABLE audit_events (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	at integer NOT NULL,
	actor_kind text NOT NULL,
	actor_id integer,
	action text NOT NULL,
	subject text,
	detail text
);

CREATE INDEX audit_events_at ON audit_events (at);
CREATE TABLE business (
	id integer PRIMARY KEY NOT NULL,
	name text NOT NULL,
	website text,
	language text NOT NULL,
	timezone text NOT NULL,
	currency text NOT NULL
);

CREATE TABLE cursors (
	name text PRIMARY KEY NOT NULL,
	value integer NOT NULL
);

CREATE TABLE jobs (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	kind text NOT NULL,
	key text NOT NULL,
	payload text NOT NULL,
	due_at integer NOT NULL,
	wanted integer DEFAULT 1 NOT NULL,
	taken integer DEFAULT 0 NOT NULL,
	lease text,
	deaths integer DEFAULT 0 NOT NULL,
	attempts integer DEFAULT 0 NOT NULL,
	parked_at integer,
	says text,
	created_at integer NOT NULL
);

CREATE UNIQUE INDEX jobs_key ON jobs (kind,key);
CREATE INDEX jobs_due ON jobs (parked_at,lease,due_at);
CREATE TABLE provider_calls (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	run_id integer NOT NULL,
	provider_key_id integer,
	provider text NOT NULL,
	host text,
	model text NOT NULL,
	state text NOT NULL,
	error_kind text,
	says text,
	input_tokens integer,
	cached_tokens integer,
	output_tokens integer,
	cost_micros integer,
	currency text,
	estimated integer DEFAULT false NOT NULL,
	first_token_ms integer,
	started_at integer NOT NULL,
	ended_at integer,
	FOREIGN KEY (run_id) REFERENCES runs(id) ON UPDATE no action ON DELETE no action
);

CREATE INDEX provider_calls_run ON provider_calls (run_id);
CREATE TABLE runs (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	conversation_id integer,
	bot_version_id integer NOT NULL,
	kind text NOT NULL,
	boot text NOT NULL,
	state text NOT NULL,
	why text,
	answers_through integer,
	question text,
	passages text NOT NULL,
	prompt text NOT NULL,
	answer text,
	shown text,
	search_ms integer,
	first_token_ms integer,
	total_ms integer,
	input_tokens integer,
	cached_tokens integer,
	output_tokens integer,
	reserved_micros integer DEFAULT 0 NOT NULL,
	cost_micros integer,
	currency text,
	started_at integer NOT NULL,
	ended_at integer,
	FOREIGN KEY (conversation_id) REFERENCES conversations(id) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (bot_version_id) REFERENCES bot_versions(id) ON UPDATE no action ON DELETE no action
);

CREATE INDEX runs_conversation ON runs (conversation_id);
CREATE INDEX runs_open ON runs (boot) WHERE ended_at is null;
CREATE INDEX runs_started ON runs (started_at);
CREATE TABLE bot_versions (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	bot_id integer NOT NULL,
	number integer NOT NULL,
	settings text NOT NULL,
	created_by integer,
	created_at integer NOT NULL,
	updated_at integer NOT NULL,
	FOREIGN KEY (bot_id) REFERENCES bots(id) ON UPDATE no action ON DELETE no action
);

CREATE UNIQUE INDEX bot_versions_number ON bot_versions (bot_id,number);
CREATE TABLE bots (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	name text NOT NULL,
	published_version_id integer,
	created_at integer NOT NULL,
	archived_at integer
);

CREATE TABLE channels (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	public_id text NOT NULL,
	kind text NOT NULL,
	name text NOT NULL,
	account_id text,
	bot_id integer,
	status text NOT NULL,
	settings text NOT NULL,
	secrets_sealed blob,
	state_sealed blob,
	quiet_ms integer,
	last_in_at integer,
	last_out_at integer,
	says text,
	says_at integer,
	created_at integer NOT NULL,
	disconnected_at integer,
	FOREIGN KEY (bot_id) REFERENCES bots(id) ON UPDATE no action ON DELETE no action
);

CREATE UNIQUE INDEX channels_public_id_unique ON channels (public_id);
CREATE TABLE contacts (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	name text,
	email text,
	phone text,
	language text,
	blocked_at integer,
	restricted_at integer,
	erased_at integer,
	created_at integer NOT NULL
);

CREATE TABLE identities (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	contact_id integer NOT NULL,
	channel_id integer NOT NULL,
	external_id text NOT NULL,
	display_name text,
	username text,
	created_at integer NOT NULL,
	last_seen_at integer NOT NULL,
	FOREIGN KEY (contact_id) REFERENCES contacts(id) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (channel_id) REFERENCES channels(id) ON UPDATE no action ON DELETE no action
);

CREATE UNIQUE INDEX identities_external ON identities (channel_id,external_id);
CREATE INDEX identities_contact ON identities (contact_id);
CREATE TABLE attachments (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	channel_id integer NOT NULL,
	reference text,
	name text,
	mime text,
	bytes integer,
	state text NOT NULL,
	says text,
	key_sealed blob,
	created_at integer NOT NULL,
	FOREIGN KEY (channel_id) REFERENCES channels(id) ON UPDATE no action ON DELETE no action
);

CREATE TABLE conversations (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	public_id text NOT NULL,
	channel_id integer NOT NULL,
	identity_id integer NOT NULL,
	contact_id integer NOT NULL,
	thread text NOT NULL,
	bot_id integer,
	status text NOT NULL,
	turn text NOT NULL,
	holder_id integer,
	wanted_since integer,
	wanted_why text,
	language text,
	unread integer DEFAULT 0 NOT NULL,
	last_message_id integer,
	last_customer_message_id integer,
	answered_through integer DEFAULT 0 NOT NULL,
	last_words text DEFAULT '' NOT NULL,
	last_at integer NOT NULL,
	created_at integer NOT NULL,
	resolved_at integer,
	revision integer NOT NULL,
	FOREIGN KEY (channel_id) REFERENCES channels(id) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (identity_id) REFERENCES identities(id) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (contact_id) REFERENCES contacts(id) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (bot_id) REFERENCES bots(id) ON UPDATE no action ON DELETE no action
);

CREATE UNIQUE INDEX conversations_public_id_unique ON conversations (public_id);
CREATE UNIQUE INDEX conversations_one_open ON conversations (channel_id,identity_id,thread) WHERE status <> 'resolved';
CREATE INDEX conversations_list ON conversations (status,last_at);
CREATE INDEX conversations_wanted ON conversations (wanted_since) WHERE wanted_since is not null;
CREATE INDEX conversations_revision ON conversations (revision);
CREATE INDEX conversations_contact ON conversations (contact_id);
CREATE INDEX conversations_identity ON conversations (identity_id);
CREATE TABLE deliveries (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	conversation_id integer NOT NULL,
	message_id integer NOT NULL,
	part_id integer NOT NULL,
	channel_id integer NOT NULL,
	state text NOT NULL,
	reference text NOT NULL,
	external_id text,
	attempts integer DEFAULT 0 NOT NULL,
	says text,
	queued_at integer NOT NULL,
	sending_at integer,
	sent_at integer,
	delivered_at integer,
	read_at integer,
	settled_by integer,
	FOREIGN KEY (conversation_id) REFERENCES conversations(id) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (message_id) REFERENCES messages(id) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (part_id) REFERENCES message_parts(id) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (channel_id) REFERENCES channels(id) ON UPDATE no action ON DELETE no action
);

CREATE UNIQUE INDEX deliveries_reference_unique ON deliveries (reference);
CREATE INDEX deliveries_message ON deliveries (message_id);
CREATE INDEX deliveries_waiting ON deliveries (conversation_id,id) WHERE state in ('queued', 'sending');
CREATE INDEX deliveries_uncertain ON deliveries (conversation_id) WHERE state in ('uncertain', 'failed');
CREATE INDEX deliveries_external ON deliveries (channel_id,external_id) WHERE external_id is not null;
CREATE TABLE message_parts (
	id integer PRIMARY KEY NOT NULL,
	message_id integer NOT NULL,
	position integer NOT NULL,
	kind text NOT NULL,
	text text,
	attachment_id integer,
	detail text,
	FOREIGN KEY (message_id) REFERENCES messages(id) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (attachment_id) REFERENCES attachments(id) ON UPDATE no action ON DELETE no action
);

CREATE UNIQUE INDEX message_parts_position ON message_parts (message_id,position);
CREATE TABLE messages (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	conversation_id integer NOT NULL,
	identity_id integer,
	author text NOT NULL,
	user_id integer,
	run_id integer,
	text text NOT NULL,
	event text,
	cut_off integer DEFAULT false NOT NULL,
	sources text,
	answers_through integer,
	external_id text,
	said_at integer NOT NULL,
	created_at integer NOT NULL,
	edited_at integer,
	revoked_at integer,
	revision integer NOT NULL,
	FOREIGN KEY (conversation_id) REFERENCES conversations(id) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (identity_id) REFERENCES identities(id) ON UPDATE no action ON DELETE no action
);

CREATE INDEX messages_conversation ON messages (conversation_id,id);
CREATE UNIQUE INDEX messages_one_answer ON messages (conversation_id,answers_through) WHERE answers_through is not null;
CREATE INDEX messages_external ON messages (identity_id,external_id);
CREATE TABLE notices_shown (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	identity_id integer NOT NULL,
	channel_id integer NOT NULL,
	kind text NOT NULL,
	version text NOT NULL,
	language text NOT NULL,
	at integer NOT NULL,
	FOREIGN KEY (identity_id) REFERENCES identities(id) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (channel_id) REFERENCES channels(id) ON UPDATE no action ON DELETE no action
);

CREATE UNIQUE INDEX notices_shown_once ON notices_shown (identity_id,channel_id,kind,version);
CREATE TABLE seen (
	hash blob PRIMARY KEY NOT NULL,
	at integer NOT NULL
) WITHOUT ROWID;

CREATE TABLE unrecognised (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	channel_id integer NOT NULL,
	body text NOT NULL,
	received_at integer NOT NULL,
	FOREIGN KEY (channel_id) REFERENCES channels(id) ON UPDATE no action ON DELETE no action
);

CREATE TABLE waiting_receipts (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	channel_id integer NOT NULL,
	external_id text NOT NULL,
	state text NOT NULL,
	says text,
	at integer NOT NULL,
	FOREIGN KEY (channel_id) REFERENCES channels(id) ON UPDATE no action ON DELETE no action
);

CREATE INDEX waiting_receipts_external ON waiting_receipts (channel_id,external_id);
CREATE TABLE chunks (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	source_id integer NOT NULL,
	generation integer DEFAULT 0 NOT NULL,
	position integer NOT NULL,
	path text DEFAULT '' NOT NULL,
	page integer,
	text text NOT NULL,
	words text NOT NULL,
	language text,
	enabled integer DEFAULT true NOT NULL,
	hash text NOT NULL,
	created_at integer NOT NULL,
	FOREIGN KEY (source_id) REFERENCES sources(id) ON UPDATE no action ON DELETE cascade
);

CREATE UNIQUE INDEX chunks_position ON chunks (source_id,generation,position);
CREATE INDEX chunks_language ON chunks (language);
CREATE TABLE questions (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	source_id integer NOT NULL,
	position integer NOT NULL,
	question text NOT NULL,
	answer text NOT NULL,
	FOREIGN KEY (source_id) REFERENCES sources(id) ON UPDATE no action ON DELETE cascade
);

CREATE INDEX questions_source ON questions (source_id,position);
CREATE TABLE sources (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	kind text NOT NULL,
	title text NOT NULL,
	state text NOT NULL,
	says text,
	text text,
	url text,
	language text,
	file_name text,
	file_mime text,
	file_bytes integer,
	file_path text,
	file_key_sealed blob,
	content_hash text,
	pages integer,
	progress_done integer DEFAULT 0 NOT NULL,
	progress_total integer DEFAULT 0 NOT NULL,
	generation integer DEFAULT 0 NOT NULL,
	enabled integer DEFAULT true NOT NULL,
	created_by integer,
	created_at integer NOT NULL,
	updated_at integer NOT NULL,
	read_at integer
);

CREATE INDEX sources_state ON sources (state);
CREATE TABLE prices (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	provider text NOT NULL,
	model text NOT NULL,
	currency text NOT NULL,
	input_micros integer NOT NULL,
	cached_micros integer NOT NULL,
	output_micros integer NOT NULL,
	updated_by integer,
	updated_at integer NOT NULL
);

CREATE UNIQUE INDEX prices_model ON prices (provider,model);
CREATE TABLE provider_keys (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	provider text NOT NULL,
	name text NOT NULL,
	base_url text,
	key_sealed blob,
	last_four text,
	fingerprint text,
	models text NOT NULL,
	refused_fields text NOT NULL,
	status text NOT NULL,
	says text,
	checked_at integer NOT NULL,
	created_at integer NOT NULL,
	removed_at integer
);

-- Full-text index over chunks: external content over the stored `words` column, kept by triggers on old values
-- (contentless tables left deleted words behind). secure-delete makes a deletion reach the index's own pages.
-- Words come cut and joined by spaces, so nothing but a space parts them: the default would part Thai and Hindi at vowel signs.
CREATE VIRTUAL TABLE chunks_fts USING fts5(words, content='chunks', content_rowid='id', tokenize="unicode61 remove_diacritics 0 categories 'L* M* N* S* P* C*'");
INSERT INTO chunks_fts(chunks_fts, rank) VALUES('secure-delete', 1);
CREATE TRIGGER chunks_fts_insert AFTER INSERT ON chunks BEGIN
  INSERT INTO chunks_fts(rowid, words) VALUES (new.id, new.words);
END;
CREATE TRIGGER chunks_fts_delete AFTER DELETE ON chunks BEGIN
  INSERT INTO chunks_fts(chunks_fts, rowid, words) VALUES ('delete', old.id, old.words);
END;
CREATE TRIGGER chunks_fts_update AFTER UPDATE OF words ON chunks BEGIN
  INSERT INTO chunks_fts(chunks_fts, rowid, words) VALUES ('delete', old.id, old.words);
  INSERT INTO chunks_fts(rowid, words) VALUES (new.id, new.words);
END;
CREATE VIRTUAL TABLE chunks_vocabulary USING fts5vocab('chunks_fts', 'row');

-- Search by text in the inbox. Messages enter the index in batches by a job (cursor 'messages_fts'), not by a trigger on
-- insert: a trigram insert would cost each incoming message more than storing it does.
CREATE VIRTUAL TABLE messages_fts USING fts5(text, content='messages', content_rowid='id', tokenize='trigram');
INSERT INTO messages_fts(messages_fts, rank) VALUES('secure-delete', 1);
INSERT INTO cursors(name, value) VALUES ('messages_fts', 0);
CREATE TRIGGER messages_fts_delete AFTER DELETE ON messages
  WHEN old.id <= (SELECT value FROM cursors WHERE name = 'messages_fts') BEGIN
  INSERT INTO messages_fts(messages_fts, rowid, text) VALUES ('delete', old.id, old.text);
END;
CREATE TRIGGER messages_fts_update AFTER UPDATE OF text ON messages
  WHEN old.id <= (SELECT value FROM cursors WHERE name = 'messages_fts') BEGIN
  INSERT INTO messages_fts(messages_fts, rowid, text) VALUES ('delete', old.id, old.text);
  INSERT INTO messages_fts(rowid, text) VALUES (new.id, new.text);
END;
