-- Tokens of visitors who signed out before their tokens ended: each is good for nothing until then, and forgotten afterwards.
CREATE TABLE signed_out (
	hash blob PRIMARY KEY NOT NULL,
	until integer NOT NULL
);
