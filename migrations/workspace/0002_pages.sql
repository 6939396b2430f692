-- What a source is made of where it is more than one document: the pages of a site, the items of a feed.
CREATE TABLE pages (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	source_id integer NOT NULL,
	key text NOT NULL,
	url text,
	title text DEFAULT '' NOT NULL,
	state text NOT NULL,
	says text,
	depth integer DEFAULT 0 NOT NULL,
	etag text,
	last_modified text,
	content_hash text,
	language text,
	failures integer DEFAULT 0 NOT NULL,
	found_at integer NOT NULL,
	read_at integer,
	gone_at integer,
	FOREIGN KEY (source_id) REFERENCES sources(id) ON UPDATE no action ON DELETE cascade
);

CREATE UNIQUE INDEX pages_key ON pages (source_id,key);
CREATE INDEX pages_state ON pages (source_id,state);

-- What a person wrote in place of a passage. It outlives the passage: a refresh finds its new one, or keeps it by itself.
CREATE TABLE edits (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	source_id integer NOT NULL,
	page_id integer,
	state text NOT NULL,
	path text DEFAULT '' NOT NULL,
	position integer NOT NULL,
	original_hash text NOT NULL,
	original text NOT NULL,
	text text NOT NULL,
	found text,
	edited_by integer,
	created_at integer NOT NULL,
	updated_at integer NOT NULL,
	FOREIGN KEY (source_id) REFERENCES sources(id) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (page_id) REFERENCES pages(id) ON UPDATE no action ON DELETE cascade
);

CREATE INDEX edits_source ON edits (source_id,page_id);
CREATE INDEX edits_page ON edits (page_id);

ALTER TABLE sources ADD rules text;
ALTER TABLE sources ADD refresh_hours integer;

ALTER TABLE chunks ADD page_id integer REFERENCES pages(id) ON DELETE CASCADE;
ALTER TABLE chunks ADD edit_id integer REFERENCES edits(id) ON DELETE SET NULL;
DROP INDEX chunks_position;
CREATE UNIQUE INDEX chunks_position ON chunks (source_id,generation,coalesce(page_id, 0),position);
CREATE INDEX chunks_page ON chunks (page_id);
CREATE INDEX chunks_edit ON chunks (edit_id);
