-- versions of a user's companion, and the version that an answer's prompt had

CREATE TABLE companion_versions (
    user_id UUID NOT NULL,
    version INTEGER NOT NULL,
    name TEXT,
    tone VARCHAR(32),
    form_of_address TEXT,
    language TEXT,
    instructions TEXT,
    preset VARCHAR(32),
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_companion_versions PRIMARY KEY (user_id, version),
    CONSTRAINT ck_companion_versions_version CHECK (version > 0),
    CONSTRAINT fk_companion_versions_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT ck_companion_versions_tone CHECK (tone IN ('WARM', 'CALM', 'LIVELY', 'MATTER_OF_FACT')),
    CONSTRAINT ck_companion_versions_preset CHECK (preset IN ('CALM_LISTENER', 'LIVELY_FRIEND', 'PLAIN_ASSISTANT'))
);

ALTER TABLE messages ADD COLUMN companion_version INTEGER;
