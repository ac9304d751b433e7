-- values that memory texts of other products suggest, with their sentences, and hashes of the lines that were imported

CREATE TABLE imported_values (
    user_id UUID NOT NULL,
    id UUID NOT NULL,
    slot TEXT NOT NULL,
    value TEXT NOT NULL,
    value_key TEXT NOT NULL,
    polarity VARCHAR(32) DEFAULT 'IS' NOT NULL,
    quote TEXT,
    cited_start INTEGER,
    cited_end INTEGER,
    noted_on DATE,
    day DATE NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_imported_values PRIMARY KEY (user_id, id),
    CONSTRAINT fk_imported_values_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT ck_imported_values_valuepolarity CHECK (polarity IN ('IS', 'LIKES', 'DISLIKES', 'IS_NOT'))
);

CREATE UNIQUE INDEX uq_imported_values_value ON imported_values (user_id, slot, value_key);

CREATE TABLE imported_lines (
    user_id UUID NOT NULL,
    digest BYTEA NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_imported_lines PRIMARY KEY (user_id, digest),
    CONSTRAINT fk_imported_lines_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

ALTER TABLE chat_import_parts ADD COLUMN kind VARCHAR(32) DEFAULT 'CHATS' NOT NULL;

ALTER TABLE chat_import_parts ADD CONSTRAINT ck_chat_import_parts_importkind CHECK (kind IN ('CHATS', 'MEMORY'));

ALTER TABLE chat_import_parts ADD COLUMN reading TEXT;

ALTER TABLE imported_values ALTER COLUMN value SET STATISTICS 0, ALTER COLUMN value_key SET STATISTICS 0, ALTER COLUMN quote SET STATISTICS 0;

ALTER TABLE chat_import_parts ALTER COLUMN content SET STATISTICS 0, ALTER COLUMN reading SET STATISTICS 0;

ALTER TABLE usage DROP CONSTRAINT ck_usage_purpose, ADD CONSTRAINT ck_usage_purpose CHECK (purpose IN ('CHAT', 'TITLE', 'SUMMARY', 'DIARY', 'WEEK', 'IMPORT'));

ALTER TABLE usage_costs DROP CONSTRAINT ck_usage_costs_purpose, ADD CONSTRAINT ck_usage_costs_purpose CHECK (purpose IN ('CHAT', 'TITLE', 'SUMMARY', 'DIARY', 'WEEK', 'IMPORT'));
