-- Contacts that come in by a file, and details that a bot asks for.
-- A file and how it is read: its columns stand in plan. The file lies sealed in the folder imports until eight days after the end.
CREATE TABLE contact_imports (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	state text NOT NULL,
	file_name text NOT NULL,
	file_path text,
	file_key_sealed blob,
	file_bytes integer NOT NULL,
	plan text NOT NULL,
	done_rows integer DEFAULT 0 NOT NULL,
	done_bytes integer DEFAULT 0 NOT NULL,
	created integer DEFAULT 0 NOT NULL,
	updated integer DEFAULT 0 NOT NULL,
	same integer DEFAULT 0 NOT NULL,
	skipped integer DEFAULT 0 NOT NULL,
	taken_back integer DEFAULT 0 NOT NULL,
	kept integer DEFAULT 0 NOT NULL,
	says text,
	created_by integer NOT NULL,
	uploaded_at integer NOT NULL,
	ended_at integer
);

-- What became of a row, as far as it is needed to take it back or to say why it was skipped.
-- No foreign key to contacts: one that was merged is gone, and comes back under its number when the merge is undone.
CREATE TABLE contact_import_rows (
	import_id integer NOT NULL,
	row integer NOT NULL,
	outcome text NOT NULL,
	contact_id integer,
	change text,
	says text,
	PRIMARY KEY (import_id, row),
	FOREIGN KEY (import_id) REFERENCES contact_imports(id) ON UPDATE no action ON DELETE no action
) WITHOUT ROWID;
CREATE INDEX contact_import_rows_contact ON contact_import_rows (contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX contact_import_rows_skipped ON contact_import_rows (import_id, row) WHERE outcome = 'skipped';

CREATE TABLE contact_labels (
	contact_id integer NOT NULL,
	label_id integer NOT NULL,
	PRIMARY KEY (contact_id, label_id),
	FOREIGN KEY (contact_id) REFERENCES contacts(id) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (label_id) REFERENCES labels(id) ON UPDATE no action ON DELETE cascade
) WITHOUT ROWID;
CREATE INDEX contact_labels_label ON contact_labels (label_id, contact_id);

-- Of a detail that a bot asks for: whether it was asked, given or declined, where, and what was given.
-- field is name, email, phone, or the number of a field of one's own.
CREATE TABLE leads (
	contact_id integer NOT NULL,
	field text NOT NULL,
	state text NOT NULL,
	asked integer DEFAULT 0 NOT NULL,
	value text,
	conversation_id integer,
	message_id integer,
	at integer NOT NULL,
	PRIMARY KEY (contact_id, field),
	FOREIGN KEY (contact_id) REFERENCES contacts(id) ON UPDATE no action ON DELETE no action
) WITHOUT ROWID;
