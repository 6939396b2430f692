-- The audit log is a chain: each event carries a keyed hash of itself and of the one before. What tells of a customer lies
-- beside it, bound by a salted hash, so that it can be erased and the chain stays whole.
ALTER TABLE audit_events ADD person_hash text;
ALTER TABLE audit_events ADD hash text;

CREATE TABLE audit_persons (
	id integer PRIMARY KEY NOT NULL,
	contact_id integer NOT NULL,
	salt blob NOT NULL,
	part text NOT NULL
);

CREATE INDEX audit_persons_contact ON audit_persons (contact_id);

-- Events of earlier releases have no hash yet: they get it once, when the chain begins.
CREATE TRIGGER audit_events_stay BEFORE UPDATE ON audit_events WHEN OLD.hash IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'an audit event is never changed'); END;

CREATE TRIGGER audit_events_remain BEFORE DELETE ON audit_events
BEGIN SELECT RAISE(ABORT, 'an audit event is never deleted'); END;

CREATE TRIGGER audit_persons_stay BEFORE UPDATE OF id, salt, part ON audit_persons
BEGIN SELECT RAISE(ABORT, 'a part of an audit event is never changed'); END;
