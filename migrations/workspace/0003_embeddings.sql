-- Search by meaning: which models were agreed to, and the vectors they made.
CREATE TABLE embedding_models (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	provider_key_id integer NOT NULL,
	provider text NOT NULL,
	host text,
	model text NOT NULL,
	state text NOT NULL,
	dimensions integer,
	background_mean real,
	background_spread real,
	background_of integer,
	tokens integer DEFAULT 0 NOT NULL,
	cost_micros integer DEFAULT 0 NOT NULL,
	currency text,
	says text,
	agreed_by integer,
	agreed_at integer NOT NULL,
	serving_since integer,
	FOREIGN KEY (provider_key_id) REFERENCES provider_keys(id) ON UPDATE no action ON DELETE no action
);

-- One serves, one is being filled beside it.
CREATE UNIQUE INDEX embedding_models_live ON embedding_models (state) WHERE state <> 'retired';

-- By what a passage says, not by its row: a new reading of the same words costs nothing. A null vector is a text that the
-- model refused. Ids are never used again, so that "what came after this id" is what is new.
CREATE TABLE embeddings (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	model_id integer NOT NULL,
	hash text NOT NULL,
	vector blob,
	FOREIGN KEY (model_id) REFERENCES embedding_models(id) ON UPDATE no action ON DELETE no action
);

CREATE UNIQUE INDEX embeddings_hash ON embeddings (hash,model_id);
CREATE INDEX embeddings_model ON embeddings (model_id);
CREATE INDEX embeddings_refused ON embeddings (model_id) WHERE vector IS NULL;
CREATE INDEX chunks_hash ON chunks (hash);

-- A vector tells what its text said: it goes with the last passage that says so.
CREATE TRIGGER chunks_embeddings_delete AFTER DELETE ON chunks BEGIN
  DELETE FROM embeddings WHERE hash = old.hash AND NOT EXISTS (SELECT 1 FROM chunks WHERE hash = old.hash);
END;
CREATE TRIGGER chunks_embeddings_update AFTER UPDATE OF hash ON chunks WHEN old.hash <> new.hash BEGIN
  DELETE FROM embeddings WHERE hash = old.hash AND NOT EXISTS (SELECT 1 FROM chunks WHERE hash = old.hash);
END;
