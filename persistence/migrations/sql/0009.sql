-- an answer that was cut off by its length limit or by a content filter says so

ALTER TABLE messages ADD COLUMN cut_off VARCHAR(32);

ALTER TABLE messages ADD CONSTRAINT ck_messages_cutoff CHECK (cut_off IN ('LENGTH', 'FILTER'));
