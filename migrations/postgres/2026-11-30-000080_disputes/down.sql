-- The conversations stay, as any others.
UPDATE threads SET topic_kind = NULL, topic_id = NULL WHERE topic_kind = 'dispute';
UPDATE inbox_items SET kind = 'message' WHERE kind = 'billing_message';
DROP TABLE disputes;
