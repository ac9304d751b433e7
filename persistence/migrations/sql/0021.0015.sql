-- sources of an answer, and marks on answers that told of text deleted since

ALTER TABLE messages ADD COLUMN sources TEXT;

ALTER TABLE messages ADD COLUMN redacted BOOLEAN DEFAULT false NOT NULL;

ALTER TABLE messages ADD COLUMN withdrawn BOOLEAN DEFAULT false NOT NULL;
