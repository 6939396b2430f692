-- Who is to see to a conversation, and since when; until when it is put off.
ALTER TABLE conversations ADD assignee_id integer;
ALTER TABLE conversations ADD snoozed_until integer;
-- What the tabs and the bell count, without a look at the rows. None of it changes with a message.
CREATE INDEX conversations_tally ON conversations (status, turn, wanted_since, holder_id, assignee_id, snoozed_until) WHERE status <> 'resolved';
CREATE INDEX conversations_snoozed ON conversations (snoozed_until) WHERE snoozed_until IS NOT NULL;

CREATE TABLE labels (
  id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
  name text NOT NULL COLLATE NOCASE UNIQUE,
  hue text NOT NULL,
  created_at integer NOT NULL
);
CREATE TABLE conversation_labels (
  conversation_id integer NOT NULL REFERENCES conversations (id),
  label_id integer NOT NULL REFERENCES labels (id),
  PRIMARY KEY (conversation_id, label_id)
) WITHOUT ROWID;
CREATE INDEX conversation_labels_label ON conversation_labels (label_id, conversation_id);

-- A list that a member keeps: its filter is the query of its address.
CREATE TABLE saved_views (
  id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
  user_id integer NOT NULL,
  name text NOT NULL,
  filter text NOT NULL,
  shared integer NOT NULL DEFAULT 0,
  created_at integer NOT NULL,
  removed_at integer
);

-- How a member is here: away or not, with a sound or without, and when a conversation was last given to them in turn.
CREATE TABLE member_presence (
  user_id integer PRIMARY KEY NOT NULL,
  away_since integer,
  sound integer NOT NULL DEFAULT 0,
  last_given_at integer
);

-- Conversations that want a person are given to the members in turn.
ALTER TABLE business ADD assign_in_turn integer NOT NULL DEFAULT 0;
