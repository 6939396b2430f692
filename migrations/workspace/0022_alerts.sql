-- Who of the team is told that a customer waits, and how.
CREATE TABLE member_alerts (
  user_id integer PRIMARY KEY NOT NULL,
  by_mail integer NOT NULL DEFAULT 1,
  mailed_at integer
);
CREATE TABLE push_keys (
  id integer PRIMARY KEY NOT NULL CHECK (id = 1),
  public_key text NOT NULL,
  private_sealed blob NOT NULL
);
CREATE TABLE push_devices (
  id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
  user_id integer NOT NULL,
  hash blob NOT NULL UNIQUE,
  name text NOT NULL,
  subscription_sealed blob NOT NULL,
  told_at integer,
  says text,
  created_at integer NOT NULL
);
CREATE INDEX push_devices_user ON push_devices (user_id);
CREATE TABLE hooks (
  id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
  name text NOT NULL,
  url_sealed blob NOT NULL,
  host text NOT NULL,
  secret_sealed blob NOT NULL,
  told_at integer,
  says text,
  says_at integer,
  created_at integer NOT NULL
);
CREATE TABLE hook_calls (
  id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
  hook_id integer NOT NULL REFERENCES hooks (id) ON DELETE CASCADE,
  reference text NOT NULL UNIQUE,
  event text NOT NULL,
  body text NOT NULL,
  says text,
  failed_at integer,
  created_at integer NOT NULL
);
CREATE INDEX hook_calls_hook ON hook_calls (hook_id);
