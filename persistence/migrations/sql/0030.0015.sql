-- the days of which lines and signals tell, the events that were asked about, and conversations that are play

ALTER TABLE conversations ADD COLUMN play BOOLEAN DEFAULT false NOT NULL;

ALTER TABLE diary_lines ADD COLUMN happens_on DATE;

CREATE INDEX ix_diary_lines_happens_on ON diary_lines (user_id, happens_on) WHERE happens_on is not null;

ALTER TABLE signals ADD COLUMN happens_on DATE;

CREATE INDEX ix_signals_happens_on ON signals (user_id, happens_on) WHERE happens_on is not null;

CREATE TABLE event_questions (
    user_id UUID NOT NULL,
    message_id UUID NOT NULL,
    happens_on DATE NOT NULL,
    question_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_event_questions PRIMARY KEY (user_id, message_id, happens_on),
    CONSTRAINT fk_event_questions_user_id_message_id_messages FOREIGN KEY(user_id, message_id) REFERENCES messages (user_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_event_questions_user_id_question_id_messages FOREIGN KEY(user_id, question_id) REFERENCES messages (user_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_event_questions_question ON event_questions (user_id, question_id);
