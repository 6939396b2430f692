-- Passkeys, and the challenges that their answers must sign.
CREATE TABLE passkeys (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	user_id integer NOT NULL,
	credential_id text NOT NULL,
	public_key blob NOT NULL,
	counter integer NOT NULL,
	name text NOT NULL,
	created_at integer NOT NULL,
	used_at integer,
	FOREIGN KEY (user_id) REFERENCES users(id) ON UPDATE no action ON DELETE cascade
);

CREATE UNIQUE INDEX passkeys_credential_id_unique ON passkeys (credential_id);
CREATE INDEX passkeys_user ON passkeys (user_id);
CREATE TABLE passkey_challenges (
	hash text PRIMARY KEY NOT NULL,
	purpose text NOT NULL,
	expires_at integer NOT NULL
);
