-- switches of diary, profile and background, for the account and for one conversation, and topics that are never kept

ALTER TABLE users ADD COLUMN memory_off TEXT[] DEFAULT '{}' NOT NULL;

ALTER TABLE users ADD COLUMN topics_off TEXT[] DEFAULT '{}' NOT NULL;

ALTER TABLE users ADD COLUMN names_off TEXT[] DEFAULT '{}' NOT NULL;

ALTER TABLE users ADD COLUMN memory_paused_until DATE;

ALTER TABLE conversations ADD COLUMN memory_off TEXT[] DEFAULT '{}' NOT NULL;

ALTER TABLE messages ADD COLUMN learning VARCHAR(32) DEFAULT 'ALL' NOT NULL;

ALTER TABLE messages ADD CONSTRAINT ck_messages_learning CHECK (learning IN ('ALL', 'DIARY', 'NONE'));

ALTER TABLE messages ADD COLUMN in_gap BOOLEAN DEFAULT false NOT NULL;
