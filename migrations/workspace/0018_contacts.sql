-- What a business keeps of the people who write in: fields of its own, notes, and what was joined.
ALTER TABLE contacts ADD seen_at integer DEFAULT 0 NOT NULL;

CREATE TABLE contact_fields (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	name text NOT NULL,
	kind text NOT NULL,
	choices text,
	position integer NOT NULL,
	created_at integer NOT NULL
);
CREATE UNIQUE INDEX contact_fields_name ON contact_fields (name COLLATE NOCASE);

CREATE TABLE contact_values (
	contact_id integer NOT NULL,
	field_id integer NOT NULL,
	value text NOT NULL,
	set_at integer NOT NULL,
	PRIMARY KEY (contact_id, field_id),
	FOREIGN KEY (contact_id) REFERENCES contacts(id) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (field_id) REFERENCES contact_fields(id) ON UPDATE no action ON DELETE no action
);
CREATE INDEX contact_values_field ON contact_values (field_id, value);

CREATE TABLE contact_notes (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	contact_id integer NOT NULL,
	user_id integer NOT NULL,
	text text NOT NULL,
	created_at integer NOT NULL,
	edited_at integer,
	deleted_at integer,
	FOREIGN KEY (contact_id) REFERENCES contacts(id) ON UPDATE no action ON DELETE no action
);
CREATE INDEX contact_notes_contact ON contact_notes (contact_id, id);
CREATE INDEX contact_notes_deleted ON contact_notes (deleted_at) WHERE deleted_at IS NOT NULL;

-- The contact that went, as it was, and what of it was taken over: by this it is brought back.
CREATE TABLE contact_merges (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	contact_id integer NOT NULL,
	gone_id integer NOT NULL,
	gone_name text,
	record text NOT NULL,
	merged_by integer NOT NULL,
	merged_at integer NOT NULL,
	FOREIGN KEY (contact_id) REFERENCES contacts(id) ON UPDATE no action ON DELETE no action
);
CREATE INDEX contact_merges_contact ON contact_merges (contact_id, id);
CREATE UNIQUE INDEX contact_merges_gone ON contact_merges (gone_id);

UPDATE contacts SET seen_at = coalesce((SELECT max(i.last_seen_at) FROM identities i WHERE i.contact_id = contacts.id), 0);
CREATE INDEX contacts_seen ON contacts (seen_at, id);
CREATE INDEX contacts_email ON contacts (email) WHERE email IS NOT NULL;
CREATE INDEX contacts_phone ON contacts (phone) WHERE phone IS NOT NULL;
CREATE INDEX contacts_blocked ON contacts (blocked_at) WHERE blocked_at IS NOT NULL;

-- One row for each contact with all the words it is found by. What hangs on a contact tells it by setting its name to what it is.
CREATE VIRTUAL TABLE contacts_fts USING fts5(words, tokenize='trigram remove_diacritics 1');
INSERT INTO contacts_fts(contacts_fts, rank) VALUES('secure-delete', 1);

CREATE TRIGGER contacts_fts_insert AFTER INSERT ON contacts BEGIN
	INSERT INTO contacts_fts(rowid, words) VALUES (new.id, concat_ws(char(10), new.name, new.email, new.phone));
END;
CREATE TRIGGER contacts_fts_update AFTER UPDATE OF name, email, phone ON contacts BEGIN
	UPDATE contacts_fts SET words = concat_ws(char(10), new.name, new.email, new.phone,
		(SELECT group_concat(concat_ws(char(10), i.display_name, i.username,
			CASE WHEN (SELECT h.kind FROM channels h WHERE h.id = i.channel_id) = 'widget' THEN NULL ELSE i.external_id END), char(10))
			FROM identities i WHERE i.contact_id = new.id),
		(SELECT group_concat(v.value, char(10)) FROM contact_values v WHERE v.contact_id = new.id))
	WHERE rowid = new.id;
END;
CREATE TRIGGER contacts_fts_delete AFTER DELETE ON contacts BEGIN
	DELETE FROM contacts_fts WHERE rowid = old.id;
END;

CREATE TRIGGER contacts_known_by AFTER INSERT ON identities BEGIN
	UPDATE contacts SET seen_at = max(seen_at, new.last_seen_at), name = name WHERE id = new.contact_id;
END;
CREATE TRIGGER contacts_known_anew AFTER UPDATE OF contact_id, external_id, display_name, username ON identities
WHEN old.contact_id <> new.contact_id OR old.external_id <> new.external_id OR old.display_name IS NOT new.display_name
	OR old.username IS NOT new.username
BEGIN
	UPDATE contacts SET seen_at = coalesce((SELECT max(i.last_seen_at) FROM identities i WHERE i.contact_id = contacts.id), 0), name = name
	WHERE id IN (old.contact_id, new.contact_id);
END;
CREATE TRIGGER contacts_known_no_more AFTER DELETE ON identities BEGIN
	UPDATE contacts SET name = name WHERE id = old.contact_id;
END;
CREATE TRIGGER contacts_seen_again AFTER UPDATE OF last_seen_at ON identities WHEN old.last_seen_at <> new.last_seen_at BEGIN
	UPDATE contacts SET seen_at = max(seen_at, new.last_seen_at) WHERE id = new.contact_id;
END;
CREATE TRIGGER contact_values_insert AFTER INSERT ON contact_values BEGIN
	UPDATE contacts SET name = name WHERE id = new.contact_id;
END;
CREATE TRIGGER contact_values_update AFTER UPDATE OF value, contact_id ON contact_values BEGIN
	UPDATE contacts SET name = name WHERE id IN (old.contact_id, new.contact_id);
END;
CREATE TRIGGER contact_values_delete AFTER DELETE ON contact_values BEGIN
	UPDATE contacts SET name = name WHERE id = old.contact_id;
END;

INSERT INTO contacts_fts(rowid, words) SELECT id, '' FROM contacts;
UPDATE contacts SET name = name;
