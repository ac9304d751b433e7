-- cached and thought tokens of calls, and what calls cost at the price of their minute

ALTER TABLE usage ADD COLUMN cached_tokens BIGINT DEFAULT 0 NOT NULL;

ALTER TABLE usage ADD CONSTRAINT ck_usage_cached_tokens CHECK (cached_tokens >= 0);

ALTER TABLE usage ADD COLUMN thinking_tokens BIGINT DEFAULT 0 NOT NULL;

ALTER TABLE usage ADD CONSTRAINT ck_usage_thinking_tokens CHECK (thinking_tokens >= 0);

ALTER TABLE job_attempts ADD COLUMN cached_tokens BIGINT DEFAULT 0 NOT NULL;

ALTER TABLE job_attempts ADD CONSTRAINT ck_job_attempts_cached_tokens CHECK (cached_tokens >= 0);

ALTER TABLE job_attempts ADD COLUMN thinking_tokens BIGINT DEFAULT 0 NOT NULL;

ALTER TABLE job_attempts ADD CONSTRAINT ck_job_attempts_thinking_tokens CHECK (thinking_tokens >= 0);

ALTER TABLE job_attempts ADD COLUMN cost_nano BIGINT DEFAULT 0 NOT NULL;

ALTER TABLE job_attempts ADD CONSTRAINT ck_job_attempts_cost_nano CHECK (cost_nano >= 0);

ALTER TABLE job_attempts ADD COLUMN cost_currency TEXT;

CREATE TABLE usage_costs (
    user_id UUID NOT NULL,
    day DATE NOT NULL,
    purpose VARCHAR(32) NOT NULL,
    currency TEXT NOT NULL,
    nano BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_usage_costs PRIMARY KEY (user_id, day, purpose, currency),
    CONSTRAINT ck_usage_costs_nano CHECK (nano >= 0),
    CONSTRAINT fk_usage_costs_user_id_day_purpose_usage FOREIGN KEY(user_id, day, purpose) REFERENCES usage (user_id, day, purpose) ON DELETE CASCADE,
    CONSTRAINT ck_usage_costs_purpose CHECK (purpose IN ('CHAT', 'TITLE', 'SUMMARY', 'DIARY', 'WEEK'))
);

CREATE INDEX ix_usage_costs_day ON usage_costs (day);
