-- personal access tokens with the log of their uses, and the name of the token that suggested a value

CREATE TABLE api_tokens (
    user_id UUID NOT NULL,
    id UUID NOT NULL,
    name TEXT NOT NULL,
    token_hash BYTEA NOT NULL,
    hint TEXT NOT NULL,
    scopes TEXT[] NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    last_used_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_api_tokens PRIMARY KEY (user_id, id),
    CONSTRAINT fk_api_tokens_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE UNIQUE INDEX uq_api_tokens_hash ON api_tokens (user_id, token_hash);

CREATE TABLE api_token_uses (
    user_id UUID NOT NULL,
    id UUID NOT NULL,
    token_id UUID NOT NULL,
    token_name TEXT NOT NULL,
    tool VARCHAR(32) NOT NULL,
    outcome VARCHAR(32) NOT NULL,
    sections TEXT[] DEFAULT '{}' NOT NULL,
    first_day DATE,
    last_day DATE,
    results INTEGER DEFAULT 0 NOT NULL,
    quotes INTEGER DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_api_token_uses PRIMARY KEY (user_id, id),
    CONSTRAINT ck_api_token_uses_counted CHECK (least(results, quotes) >= 0),
    CONSTRAINT fk_api_token_uses_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT ck_api_token_uses_apitool CHECK (tool IN ('PROFILE', 'DIARY_DAYS', 'DIARY_DAY', 'SEARCH', 'SUGGEST_VALUE')),
    CONSTRAINT ck_api_token_uses_apiuseoutcome CHECK (outcome IN ('DONE', 'REFUSED'))
);

CREATE INDEX ix_api_token_uses_created_at ON api_token_uses (created_at);

ALTER TABLE imported_values ADD COLUMN suggested_by TEXT;
