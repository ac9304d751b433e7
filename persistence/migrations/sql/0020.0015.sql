-- search terms beside messages and diaries, so that a search does not read all texts

CREATE TABLE search_states (
    user_id UUID NOT NULL,
    version SMALLINT DEFAULT 0 NOT NULL,
    through UUID,
    messages INTEGER DEFAULT 0 NOT NULL,
    characters BIGINT DEFAULT 0 NOT NULL,
    recallable INTEGER DEFAULT 0 NOT NULL,
    recallable_characters BIGINT DEFAULT 0 NOT NULL,
    weighted FLOAT DEFAULT 0 NOT NULL,
    days INTEGER DEFAULT 0 NOT NULL,
    CONSTRAINT pk_search_states PRIMARY KEY (user_id),
    CONSTRAINT ck_search_states_counted CHECK (least(messages, recallable) >= 0),
    CONSTRAINT fk_search_states_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE TABLE search_sweeps (
    id INTEGER DEFAULT 1 NOT NULL,
    after UUID,
    CONSTRAINT pk_search_sweeps PRIMARY KEY (id),
    CONSTRAINT ck_search_sweeps_one_row CHECK (id = 1)
);

CREATE TABLE message_terms (
    user_id UUID NOT NULL,
    message_id UUID NOT NULL,
    version SMALLINT NOT NULL,
    day DATE NOT NULL,
    length INTEGER NOT NULL,
    by_user BOOLEAN NOT NULL,
    recallable BOOLEAN NOT NULL,
    terms BIGINT[] NOT NULL,
    CONSTRAINT pk_message_terms PRIMARY KEY (user_id, message_id),
    CONSTRAINT fk_message_terms_user_id_message_id_messages FOREIGN KEY(user_id, message_id) REFERENCES messages (user_id, id) ON DELETE CASCADE
);

ALTER TABLE message_terms ALTER COLUMN terms SET STORAGE EXTERNAL;

ALTER TABLE message_terms SET (toast_tuple_target = 128);

CREATE INDEX ix_message_terms_day ON message_terms (user_id, day);

CREATE INDEX ix_message_terms_terms ON message_terms USING gin (terms) WITH (gin_pending_list_limit = 128);

CREATE TABLE diary_terms (
    user_id UUID NOT NULL,
    diary_id UUID NOT NULL,
    version SMALLINT NOT NULL,
    diary_version INTEGER NOT NULL,
    terms BIGINT[] NOT NULL,
    CONSTRAINT pk_diary_terms PRIMARY KEY (user_id, diary_id),
    CONSTRAINT fk_diary_terms_user_id_diary_id_diaries FOREIGN KEY(user_id, diary_id) REFERENCES diaries (user_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_diary_terms_terms ON diary_terms USING gin (terms) WITH (gin_pending_list_limit = 128);
