-- What people ask in their channel about their data: each asking is a row, and what they asked for was confirmed or left.
CREATE TABLE rights_asked (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	identity_id integer NOT NULL REFERENCES identities(id),
	conversation_id integer NOT NULL REFERENCES conversations(id),
	`right` text NOT NULL,
	state text NOT NULL,
	language text NOT NULL,
	question_id integer,
	answer_id integer,
	asked_at integer NOT NULL,
	ended_at integer
);
CREATE INDEX rights_asked_identity ON rights_asked (identity_id, id);
CREATE INDEX rights_asked_conversation ON rights_asked (conversation_id);

ALTER TABLE contacts ADD stopped_at integer;
ALTER TABLE contacts ADD people_only_at integer;
