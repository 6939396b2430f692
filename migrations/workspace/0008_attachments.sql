-- Where a sealed attachment lies in the folder `attachments`, and the way from it to its message.
ALTER TABLE attachments ADD path text;
CREATE INDEX message_parts_attachment ON message_parts (attachment_id) WHERE attachment_id IS NOT NULL;
