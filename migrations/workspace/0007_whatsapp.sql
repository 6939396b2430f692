-- Another id of the same person: a phone number beside the channel's own id of a user.
ALTER TABLE identities ADD alias_of integer;
-- Which message a customer's message replies to, and what the customer reacted with. No foreign keys: without an index
-- on each, every message that is deleted would search the whole table for them.
ALTER TABLE messages ADD reply_to integer;
ALTER TABLE messages ADD reaction text;
-- When a channel's access ends by itself.
ALTER TABLE channels ADD ends_at integer;
