-- A message in another language: as the team reads it, or as a member wrote what was sent translated.
CREATE TABLE message_translations (
  message_id integer NOT NULL REFERENCES messages (id),
  language text NOT NULL,
  kind text NOT NULL,
  text text NOT NULL,
  run_id integer,
  made_at integer NOT NULL,
  PRIMARY KEY (message_id, language)
) WITHOUT ROWID;
-- In which language a member reads; null is the business's own.
ALTER TABLE member_presence ADD COLUMN language text;
-- What a draft was before it was translated; and what of a reply that was held back has to be given again.
ALTER TABLE reply_drafts ADD COLUMN original text;
ALTER TABLE reply_drafts ADD COLUMN left_out text;
