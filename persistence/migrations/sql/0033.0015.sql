-- pinned conversations, and suggested replies under an answer

ALTER TABLE conversations ADD COLUMN pinned BOOLEAN DEFAULT false NOT NULL;

ALTER TABLE messages ADD COLUMN suggested_replies TEXT[] DEFAULT '{}' NOT NULL;

ALTER TABLE messages ALTER COLUMN suggested_replies SET STATISTICS 0;

DROP INDEX ix_conversations_recent;

CREATE INDEX ix_conversations_recent ON conversations (user_id, archived, pinned, last_message_at, id);
