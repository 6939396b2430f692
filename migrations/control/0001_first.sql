-- control.db, first shape. The drizzle schema in src/db/schema/control.ts mirrors it.
CREATE TABLE installation (
	id integer PRIMARY KEY NOT NULL,
	key_fingerprint text NOT NULL,
	setup_token_hash text,
	set_up_at integer,
	created_at integer NOT NULL
);

CREATE TABLE invitations (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	workspace_id text NOT NULL,
	token_hash text NOT NULL,
	email text,
	role text NOT NULL,
	created_by integer NOT NULL,
	created_at integer NOT NULL,
	expires_at integer NOT NULL,
	used_at integer,
	used_by integer,
	revoked_at integer,
	FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON UPDATE no action ON DELETE no action
);

CREATE UNIQUE INDEX invitations_token_hash_unique ON invitations (token_hash);
CREATE INDEX invitations_workspace ON invitations (workspace_id);
CREATE TABLE memberships (
	workspace_id text NOT NULL,
	user_id integer NOT NULL,
	role text NOT NULL,
	created_at integer NOT NULL,
	PRIMARY KEY(workspace_id, user_id),
	FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (user_id) REFERENCES users(id) ON UPDATE no action ON DELETE cascade
);

CREATE INDEX memberships_user ON memberships (user_id);
CREATE TABLE routes (
	public_id text PRIMARY KEY NOT NULL,
	workspace_id text NOT NULL,
	kind text NOT NULL,
	local_id integer NOT NULL,
	FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON UPDATE no action ON DELETE no action
);

CREATE UNIQUE INDEX routes_local ON routes (workspace_id,kind,local_id);
CREATE TABLE sessions (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	token_hash text NOT NULL,
	user_id integer NOT NULL,
	created_at integer NOT NULL,
	last_seen_at integer NOT NULL,
	expires_at integer NOT NULL,
	stepped_up_at integer,
	ip text,
	user_agent text,
	FOREIGN KEY (user_id) REFERENCES users(id) ON UPDATE no action ON DELETE cascade
);

CREATE UNIQUE INDEX sessions_token_hash_unique ON sessions (token_hash);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE TABLE sign_in_failures (
	subject text PRIMARY KEY NOT NULL,
	failures integer NOT NULL,
	locked_until integer,
	last_at integer NOT NULL
);

CREATE TABLE users (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	email text NOT NULL,
	first_name text NOT NULL,
	last_name text NOT NULL,
	company text,
	phone text,
	country text,
	password_hash text NOT NULL,
	confirmed_age_at integer NOT NULL,
	is_operator integer DEFAULT false NOT NULL,
	theme text DEFAULT 'system' NOT NULL,
	created_at integer NOT NULL
);

CREATE UNIQUE INDEX users_email_unique ON users (email);
CREATE TABLE workspaces (
	id text PRIMARY KEY NOT NULL,
	name text NOT NULL,
	created_at integer NOT NULL,
	closed_at integer
);

