-- The business's own mail server, and what waits to be sent by it.
CREATE TABLE mail_server (
  id integer PRIMARY KEY NOT NULL CHECK (id = 1),
  host text NOT NULL,
  port integer NOT NULL,
  security text NOT NULL,
  user text,
  password_sealed blob,
  from_name text NOT NULL,
  from_address text NOT NULL,
  last_sent_at integer,
  says text,
  says_at integer
);
CREATE TABLE mails (
  id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
  reference text NOT NULL UNIQUE,
  to_address text NOT NULL,
  subject text NOT NULL,
  text text NOT NULL,
  says text,
  failed_at integer,
  created_at integer NOT NULL
);
