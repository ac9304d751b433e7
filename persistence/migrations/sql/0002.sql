-- the person corrects and forgets: what they wrote by hand, withdrew, deleted, reverted

ALTER TABLE messages ADD COLUMN copy_of UUID;

ALTER TABLE messages ADD CONSTRAINT fk_messages_user_id_copy_of_messages FOREIGN KEY(user_id, copy_of) REFERENCES messages (user_id, id) ON DELETE CASCADE;

CREATE INDEX ix_messages_copy_of ON messages (user_id, copy_of) WHERE copy_of is not null;

ALTER TABLE diary_versions ADD COLUMN summary_by_person BOOLEAN DEFAULT false NOT NULL;

ALTER TABLE diary_versions ADD COLUMN mood_by_person BOOLEAN DEFAULT false NOT NULL;

ALTER TABLE diary_lines ADD COLUMN replaced_text TEXT;

ALTER TABLE signal_evidence ADD COLUMN withdrawn BOOLEAN DEFAULT false NOT NULL;

ALTER TABLE verdicts ADD COLUMN reason TEXT;

ALTER TABLE verdicts ADD COLUMN as_of DATE;

ALTER TABLE verdicts ADD COLUMN until TIMESTAMP WITH TIME ZONE;

ALTER TABLE verdicts DROP CONSTRAINT ck_verdicts_verdictkind;

ALTER TABLE verdicts ADD CONSTRAINT ck_verdicts_verdictkind CHECK (kind IN ('SET', 'LOCK', 'UNLOCK', 'REJECT', 'REVERT'));

CREATE TABLE line_deletions (
    user_id UUID NOT NULL,
    id UUID NOT NULL,
    diary_id UUID NOT NULL,
    kind VARCHAR(32) NOT NULL,
    message_id UUID NOT NULL,
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    CONSTRAINT pk_line_deletions PRIMARY KEY (user_id, id),
    CONSTRAINT fk_line_deletions_user_id_diary_id_diaries FOREIGN KEY(user_id, diary_id) REFERENCES diaries (user_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_line_deletions_user_id_message_id_messages FOREIGN KEY(user_id, message_id) REFERENCES messages (user_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_line_deletions_deleted_kind CHECK (kind IN ('SUMMARY', 'HIGHLIGHT', 'DECISION', 'OPEN_QUESTION', 'EMOTION', 'PATTERN', 'ACTIVITY', 'TIME_PREFERENCE', 'DECISION_STYLE'))
);

CREATE INDEX ix_line_deletions_diary ON line_deletions (user_id, diary_id);

CREATE INDEX ix_line_deletions_message ON line_deletions (user_id, message_id);

CREATE TABLE diary_deletions (
    user_id UUID NOT NULL,
    day DATE NOT NULL,
    through UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_diary_deletions PRIMARY KEY (user_id, day),
    CONSTRAINT fk_diary_deletions_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
