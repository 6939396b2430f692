-- What customers and teammates thought of an answer of the bot.
ALTER TABLE messages ADD rating text;
ALTER TABLE messages ADD rated_at integer;
ALTER TABLE messages ADD wrong_by integer;
ALTER TABLE messages ADD wrong_at integer;

-- Questions that ask the same, and what became of them.
CREATE TABLE gap_groups (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	state text NOT NULL,
	question_id integer,
	answered_at integer,
	settled_by integer,
	reopened_at integer,
	created_at integer NOT NULL,
	updated_at integer NOT NULL,
	FOREIGN KEY (question_id) REFERENCES questions(id) ON UPDATE no action ON DELETE set null
);

CREATE INDEX gap_groups_state ON gap_groups (state);
CREATE INDEX gap_groups_question ON gap_groups (question_id);

-- A customer's question that the bot could not answer, or answered wrongly. The words are the customer's: a copy, which a
-- purge reaches by the contact.
CREATE TABLE gaps (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	group_id integer NOT NULL,
	contact_id integer NOT NULL,
	conversation_id integer NOT NULL,
	message_id integer NOT NULL,
	reply_id integer NOT NULL,
	reason text NOT NULL,
	text text NOT NULL,
	words text NOT NULL,
	language text,
	FOREIGN KEY (group_id) REFERENCES gap_groups(id) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (contact_id) REFERENCES contacts(id) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (conversation_id) REFERENCES conversations(id) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (message_id) REFERENCES messages(id) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (reply_id) REFERENCES messages(id) ON UPDATE no action ON DELETE no action
);

CREATE UNIQUE INDEX gaps_reply ON gaps (reply_id);
CREATE INDEX gaps_group ON gaps (group_id);
CREATE INDEX gaps_contact ON gaps (contact_id);
CREATE INDEX gaps_conversation ON gaps (conversation_id);
CREATE INDEX gaps_message ON gaps (message_id);

-- From whom the words of a question with its answer were taken.
CREATE TABLE question_origins (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	question_id integer NOT NULL,
	part text NOT NULL,
	contact_id integer NOT NULL,
	message_id integer NOT NULL,
	created_at integer NOT NULL,
	FOREIGN KEY (question_id) REFERENCES questions(id) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (contact_id) REFERENCES contacts(id) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (message_id) REFERENCES messages(id) ON UPDATE no action ON DELETE no action
);

CREATE UNIQUE INDEX question_origins_once ON question_origins (question_id,part,message_id);
CREATE INDEX question_origins_contact ON question_origins (contact_id);
CREATE INDEX question_origins_message ON question_origins (message_id);
