-- What a channel that is a linked device is known by at the far side: its keys and sessions, sealed one by one.
CREATE TABLE device_values (
  id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
  channel_id integer NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
  kind text NOT NULL,
  name blob NOT NULL,
  value_sealed blob NOT NULL
);
CREATE UNIQUE INDEX device_values_name ON device_values (channel_id, kind, name);
