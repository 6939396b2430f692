-- What helps a member write: words kept ready, and what each has begun to write where.
CREATE TABLE canned_replies (
  id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
  shortcut text NOT NULL UNIQUE,
  text text NOT NULL,
  updated_by integer NOT NULL,
  updated_at integer NOT NULL
);
CREATE TABLE reply_drafts (
  user_id integer NOT NULL,
  conversation_id integer NOT NULL REFERENCES conversations (id),
  kind text NOT NULL,
  text text NOT NULL,
  reply_to integer,
  held text,
  held_after integer,
  saved_at integer NOT NULL,
  PRIMARY KEY (user_id, conversation_id)
) WITHOUT ROWID;
CREATE INDEX reply_drafts_conversation ON reply_drafts (conversation_id);
