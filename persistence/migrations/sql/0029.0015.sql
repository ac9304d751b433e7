-- the text so far of answers that are being streamed, and a mark on answers that were stopped

ALTER TABLE messages DROP CONSTRAINT ck_messages_cutoff;

ALTER TABLE messages ADD CONSTRAINT ck_messages_cutoff CHECK (cut_off IN ('LENGTH', 'FILTER', 'STOPPED')) NOT VALID;

ALTER TABLE messages VALIDATE CONSTRAINT ck_messages_cutoff;

CREATE TABLE answer_streams (
    user_id UUID NOT NULL,
    question_id UUID NOT NULL,
    lease TIMESTAMP WITH TIME ZONE NOT NULL,
    answer_id UUID,
    continues BOOLEAN DEFAULT false NOT NULL,
    start INTEGER DEFAULT 0 NOT NULL,
    content TEXT NOT NULL,
    sources TEXT,
    stop_requested BOOLEAN DEFAULT false NOT NULL,
    beat_at TIMESTAMP WITH TIME ZONE,
    watched_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_answer_streams PRIMARY KEY (user_id, question_id),
    CONSTRAINT ck_answer_streams_start CHECK (start >= 0),
    CONSTRAINT fk_answer_streams_user_id_messages FOREIGN KEY(user_id, question_id) REFERENCES messages (user_id, id) ON DELETE CASCADE
);

ALTER TABLE answer_streams ALTER COLUMN content SET STATISTICS 0, ALTER COLUMN sources SET STATISTICS 0;
