-- What an answer would have cost a person, in minutes, as the business sees it: by this hours saved are counted.
ALTER TABLE business ADD minutes_per_answer integer DEFAULT 3 NOT NULL;

-- A day's figures are found by time.
CREATE INDEX conversations_created ON conversations (created_at);
CREATE INDEX messages_created ON messages (created_at);

-- Days of the business's zone that have been counted. Whatever changes a day takes its row away, and with it its figures;
-- a day without its row is counted anew when somebody looks, or at night.
CREATE TABLE counted_days (
	starts_at integer PRIMARY KEY NOT NULL,
	ends_at integer NOT NULL,
	counted_at integer NOT NULL
);

-- Numbers alone, by channel and bot (0 where none answered): no word of anybody, nothing that leads to a contact.
CREATE TABLE day_figures (
	starts_at integer NOT NULL,
	channel_id integer NOT NULL,
	bot_id integer NOT NULL,
	conversations integer NOT NULL,
	alone integer NOT NULL,
	handed integer NOT NULL,
	from_customers integer NOT NULL,
	from_bot integer NOT NULL,
	from_people integer NOT NULL,
	answers integer NOT NULL,
	good integer NOT NULL,
	bad integer NOT NULL,
	PRIMARY KEY (starts_at, channel_id, bot_id),
	FOREIGN KEY (starts_at) REFERENCES counted_days(starts_at) ON UPDATE no action ON DELETE cascade
) WITHOUT ROWID;

-- In how many conversations somebody waited so long for a first answer: medians can't be added up, these can.
CREATE TABLE day_waits (
	starts_at integer NOT NULL,
	channel_id integer NOT NULL,
	bot_id integer NOT NULL,
	answered_by text NOT NULL,
	ms integer NOT NULL,
	conversations integer NOT NULL,
	PRIMARY KEY (starts_at, channel_id, bot_id, answered_by, ms),
	FOREIGN KEY (starts_at) REFERENCES counted_days(starts_at) ON UPDATE no action ON DELETE cascade
) WITHOUT ROWID;

CREATE TABLE day_costs (
	starts_at integer NOT NULL,
	channel_id integer NOT NULL,
	bot_id integer NOT NULL,
	currency text NOT NULL,
	micros integer NOT NULL,
	PRIMARY KEY (starts_at, channel_id, bot_id, currency),
	FOREIGN KEY (starts_at) REFERENCES counted_days(starts_at) ON UPDATE no action ON DELETE cascade
) WITHOUT ROWID;

-- Today is counted whenever somebody looks, so a new message says nothing new of its own day. Of the day its conversation
-- began it does when a person comes in, and when it is the first answer. Both move columns of the conversation that nothing
-- on a customer's way in touches: a trigger on messages would cost every message five microseconds, whatever it says.
CREATE TRIGGER uncount_called AFTER UPDATE OF wanted_since, turn ON conversations
WHEN (old.wanted_since IS NULL) <> (new.wanted_since IS NULL) OR old.turn <> new.turn
BEGIN
	DELETE FROM counted_days WHERE starts_at = (SELECT max(d.starts_at) FROM counted_days d WHERE d.starts_at <= new.created_at)
		AND ends_at > new.created_at;
END;

CREATE TRIGGER uncount_answered AFTER UPDATE OF answered_through ON conversations
WHEN EXISTS (SELECT 1 FROM messages n WHERE n.id = new.last_message_id AND NOT n.cut_off AND CASE n.author
	WHEN 'bot' THEN n.run_id IS NOT NULL AND NOT EXISTS (
		SELECT 1 FROM messages m WHERE m.conversation_id = new.id AND m.id < n.id AND m.author = 'bot' AND NOT m.cut_off
			AND (SELECT r.state FROM runs r WHERE r.id = m.run_id) = 'answered')
	WHEN 'person' THEN NOT EXISTS (
		SELECT 1 FROM messages m WHERE m.conversation_id = new.id AND m.id < n.id AND m.author = 'person'
			AND m.id > coalesce((SELECT min(w.id) FROM messages w WHERE w.conversation_id = new.id AND w.event = 'wanted'), 0))
	ELSE 0 END)
BEGIN
	DELETE FROM counted_days WHERE starts_at = (SELECT max(d.starts_at) FROM counted_days d WHERE d.starts_at <= new.created_at)
		AND ends_at > new.created_at;
END;

CREATE TRIGGER uncount_rated AFTER UPDATE OF rating ON messages
BEGIN
	DELETE FROM counted_days WHERE starts_at = (SELECT max(d.starts_at) FROM counted_days d WHERE d.starts_at <= new.created_at)
		AND ends_at > new.created_at;
END;

-- A conversation that is deleted goes message by message, so its own day is told by them.
CREATE TRIGGER uncount_unsaid AFTER DELETE ON messages
BEGIN
	DELETE FROM counted_days WHERE starts_at = (SELECT max(d.starts_at) FROM counted_days d WHERE d.starts_at <= old.created_at)
		AND ends_at > old.created_at;
	DELETE FROM counted_days WHERE starts_at = (
		SELECT max(d.starts_at) FROM counted_days d WHERE d.starts_at <= (SELECT c.created_at FROM conversations c WHERE c.id = old.conversation_id))
		AND ends_at > (SELECT c.created_at FROM conversations c WHERE c.id = old.conversation_id);
END;

CREATE TRIGGER uncount_cost AFTER UPDATE OF cost_micros ON runs
BEGIN
	DELETE FROM counted_days WHERE starts_at = (SELECT max(d.starts_at) FROM counted_days d WHERE d.starts_at <= new.started_at)
		AND ends_at > new.started_at;
END;

CREATE TRIGGER uncount_run AFTER DELETE ON runs
BEGIN
	DELETE FROM counted_days WHERE starts_at = (SELECT max(d.starts_at) FROM counted_days d WHERE d.starts_at <= old.started_at)
		AND ends_at > old.started_at;
END;

-- Who is restricted or erased is in no figure from then on, and a merge may bring a conversation to somebody who is.
CREATE TRIGGER uncount_restricted AFTER UPDATE OF restricted_at, erased_at ON contacts
WHEN (old.restricted_at IS NULL) <> (new.restricted_at IS NULL) OR (old.erased_at IS NULL) <> (new.erased_at IS NULL)
BEGIN
	DELETE FROM counted_days WHERE ends_at > (SELECT min(c.created_at) FROM conversations c WHERE c.contact_id = new.id);
END;

CREATE TRIGGER uncount_merged AFTER UPDATE OF contact_id ON conversations
WHEN old.contact_id <> new.contact_id
BEGIN
	DELETE FROM counted_days WHERE ends_at > new.created_at;
END;
