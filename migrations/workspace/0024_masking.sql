-- Which sign stands for which text in a conversation, so that what was sent to a provider before is sent alike again. The text
-- itself stands in the messages alone: here is its digest.
CREATE TABLE masked_values (
	conversation_id integer NOT NULL,
	kind text NOT NULL,
	n integer NOT NULL,
	digest text NOT NULL,
	PRIMARY KEY (conversation_id, kind, n),
	FOREIGN KEY (conversation_id) REFERENCES conversations(id) ON UPDATE no action ON DELETE cascade
) WITHOUT ROWID;

-- What was said before the part of a talk that a bot still reads word for word, in a model's words; one row, carried on as the talk goes on.
CREATE TABLE earlier_talk (
	conversation_id integer PRIMARY KEY NOT NULL,
	-- The last message that is in it.
	through_id integer NOT NULL,
	text text NOT NULL,
	run_id integer,
	made_at integer NOT NULL,
	FOREIGN KEY (conversation_id) REFERENCES conversations(id) ON UPDATE no action ON DELETE cascade
);
-- What a customer takes back or changes is in no summary either: it is made anew without.
CREATE TRIGGER earlier_talk_taken_back AFTER UPDATE OF revoked_at, text ON messages
WHEN old.revoked_at IS NOT new.revoked_at OR old.text IS NOT new.text
BEGIN
	DELETE FROM earlier_talk WHERE conversation_id = old.conversation_id AND through_id >= old.id;
END;
-- Of `cached_tokens`, what reading them anew would have cost more; of the run's currency.
ALTER TABLE runs ADD saved_micros integer;
