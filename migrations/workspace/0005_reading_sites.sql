-- Reading a site goes page by page and survives a stop: what is still to be fetched stands with each page.
ALTER TABLE pages ADD due integer DEFAULT 1 NOT NULL;
ALTER TABLE pages ADD listed integer DEFAULT 1 NOT NULL;
ALTER TABLE pages ADD shape text DEFAULT '' NOT NULL;
CREATE INDEX pages_due ON pages (source_id,due,failures,depth);
CREATE INDEX pages_shape ON pages (source_id,shape);

ALTER TABLE sources ADD listing text;

-- Passages of a source are counted on every page that shows it.
CREATE INDEX chunks_in_use ON chunks (source_id,generation,enabled);
