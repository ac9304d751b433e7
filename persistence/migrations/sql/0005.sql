-- tries at passwords and registrations, counted across instances under keyed hashes

CREATE TABLE throttles (
    key BYTEA NOT NULL,
    account BYTEA,
    tries INTEGER NOT NULL,
    tried_at TIMESTAMP WITH TIME ZONE NOT NULL,
    blocked_until TIMESTAMP WITH TIME ZONE NOT NULL,
    trusted_until TIMESTAMP WITH TIME ZONE,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_throttles PRIMARY KEY (key)
);

CREATE INDEX ix_throttles_account ON throttles (account);

CREATE INDEX ix_throttles_expires_at ON throttles (expires_at);
