-- Until when a channel asked us to say nothing more in a conversation.
ALTER TABLE conversations ADD no_send_before integer;
