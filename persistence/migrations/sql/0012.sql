-- tokens are set aside for an item's lease, and a night's spending is counted by person; a day's words are remembered by their hash

ALTER TABLE job_items ADD COLUMN words_digest BYTEA;

ALTER TABLE job_items ADD COLUMN estimated_tokens BIGINT;

ALTER TABLE job_items ADD COLUMN reserved_by UUID;

ALTER TABLE job_items ADD COLUMN reserved_tokens BIGINT DEFAULT 0 NOT NULL;

ALTER TABLE job_items ADD COLUMN reserved_on DATE;

ALTER TABLE job_items ADD COLUMN reserved_until TIMESTAMP WITH TIME ZONE;

ALTER TABLE job_items ADD COLUMN asked_at TIMESTAMP WITH TIME ZONE;

ALTER TABLE job_items ADD CONSTRAINT ck_job_items_reserved_tokens CHECK (reserved_tokens >= 0);

CREATE INDEX ix_job_items_reserved ON job_items (reserved_until) WHERE reserved_by IS NOT NULL;

CREATE TABLE night_shares (
    user_id UUID NOT NULL,
    day DATE NOT NULL,
    spent BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_night_shares PRIMARY KEY (user_id, day),
    CONSTRAINT fk_night_shares_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX ix_night_shares_day ON night_shares (day);
