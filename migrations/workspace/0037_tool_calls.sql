-- A conversation that is deleted asks whether a call leads to it: by an index of some of them it read all, 28 ms at 20,000.
DROP INDEX tool_calls_conversation;
CREATE INDEX tool_calls_conversation ON tool_calls (conversation_id);
