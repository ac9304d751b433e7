-- which disputed values the chat was told to ask about; messages that are gone leave the lists of verdicts

CREATE TABLE dispute_questions (
    user_id UUID NOT NULL,
    slot TEXT NOT NULL,
    dispute TEXT NOT NULL,
    question_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_dispute_questions PRIMARY KEY (user_id, slot),
    CONSTRAINT fk_dispute_questions_user_id_question_id_messages FOREIGN KEY(user_id, question_id) REFERENCES messages (user_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_dispute_questions_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX ix_dispute_questions_question ON dispute_questions (user_id, question_id);

update verdicts v set evidence = array(
          select l.id from unnest(v.evidence) with ordinality l(id, place)
          where exists (select from messages m where m.user_id = v.user_id and m.id = l.id) order by l.place)
        where exists (select from unnest(v.evidence) l(id) where not exists (select from messages m where m.user_id = v.user_id and m.id = l.id));
