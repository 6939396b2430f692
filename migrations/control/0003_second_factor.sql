-- The second step at sign-in: an authenticator app, codes for when it is lost, and what waits for the step.
CREATE TABLE authenticators (
	user_id integer PRIMARY KEY NOT NULL,
	secret_sealed blob NOT NULL,
	last_step integer DEFAULT 0 NOT NULL,
	confirmed_at integer,
	created_at integer NOT NULL,
	FOREIGN KEY (user_id) REFERENCES users(id) ON UPDATE no action ON DELETE cascade
);

CREATE TABLE recovery_codes (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	user_id integer NOT NULL,
	code_hash text NOT NULL,
	used_at integer,
	FOREIGN KEY (user_id) REFERENCES users(id) ON UPDATE no action ON DELETE cascade
);

CREATE INDEX recovery_codes_user ON recovery_codes (user_id);
CREATE TABLE second_steps (
	token_hash text PRIMARY KEY NOT NULL,
	user_id integer NOT NULL,
	expires_at integer NOT NULL,
	FOREIGN KEY (user_id) REFERENCES users(id) ON UPDATE no action ON DELETE cascade
);
