-- imports that are sent in parts, and a mark on journal entries

ALTER TABLE messages ADD COLUMN written_by_hand BOOLEAN DEFAULT false NOT NULL;

CREATE TABLE chat_imports (
    user_id UUID NOT NULL,
    id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    result TEXT,
    CONSTRAINT pk_chat_imports PRIMARY KEY (user_id, id),
    CONSTRAINT fk_chat_imports_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX ix_chat_imports_expires_at ON chat_imports (expires_at);

CREATE TABLE chat_import_parts (
    user_id UUID NOT NULL,
    import_id UUID NOT NULL,
    position INTEGER NOT NULL,
    content TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_chat_import_parts PRIMARY KEY (user_id, import_id, position),
    CONSTRAINT ck_chat_import_parts_position CHECK (position >= 0),
    CONSTRAINT fk_chat_import_parts_user_id_chat_imports FOREIGN KEY(user_id, import_id) REFERENCES chat_imports (user_id, id) ON DELETE CASCADE
);
