-- Who is deleted is deleted with their deliveries, five at a time: without this each time by reading all of them.
CREATE INDEX deliveries_conversation ON deliveries (conversation_id);
