-- The last event of each workspace's audit log on each day, signed: a log that was cut ends before it.
CREATE TABLE audit_heads (
	workspace_id text NOT NULL,
	day text NOT NULL,
	event_id integer NOT NULL,
	hash text NOT NULL,
	at integer NOT NULL,
	signature text NOT NULL,
	PRIMARY KEY(workspace_id, day),
	FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON UPDATE no action ON DELETE no action
);
