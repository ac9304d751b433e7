-- that a conversation is no play, as the user said

ALTER TABLE conversations ADD COLUMN not_play BOOLEAN DEFAULT false NOT NULL;
