-- Backups that were made or tried; the archives themselves lie in the folder `backups`.
CREATE TABLE backups (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	name text NOT NULL,
	cause text NOT NULL,
	started_at integer NOT NULL,
	ended_at integer,
	says text,
	checked_at integer,
	checked_says text
);
CREATE UNIQUE INDEX backups_name ON backups (name);
