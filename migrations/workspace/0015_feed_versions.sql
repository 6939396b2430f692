-- Which version of its list a product feed was last read from, whole, as its server names it.
ALTER TABLE sources ADD etag text;
ALTER TABLE sources ADD last_modified text;
