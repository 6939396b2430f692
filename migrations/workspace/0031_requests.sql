-- The register of what people ask about their data. A request outlives the person it was about: then it holds no id of theirs.
CREATE TABLE privacy_requests (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	public_id text NOT NULL,
	kind text NOT NULL,
	state text NOT NULL,
	contact_id integer,
	asked_by text NOT NULL,
	user_id integer,
	received_at integer NOT NULL,
	purge_at integer NOT NULL,
	held_until integer,
	restricted_before integer DEFAULT false NOT NULL,
	counts text,
	ledger_n integer,
	purged_at integer,
	ended_at integer,
	certificate text
);
CREATE UNIQUE INDEX privacy_requests_public ON privacy_requests (public_id);
CREATE INDEX privacy_requests_state ON privacy_requests (state, purge_at);
CREATE INDEX privacy_requests_contact ON privacy_requests (contact_id) WHERE contact_id IS NOT NULL;
