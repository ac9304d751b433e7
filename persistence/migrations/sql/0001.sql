-- the first tables

CREATE TABLE users (
    id UUID NOT NULL,
    email TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    nickname TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    locale TEXT NOT NULL,
    day_ends_at INTEGER DEFAULT 0 NOT NULL,
    role VARCHAR(32) DEFAULT 'USER' NOT NULL,
    disabled BOOLEAN DEFAULT false NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_users PRIMARY KEY (id),
    CONSTRAINT ck_users_day_ends_at CHECK (day_ends_at between 0 and 23),
    CONSTRAINT ck_users_email_lower CHECK (email = lower(email)),
    CONSTRAINT uq_users_email UNIQUE (email),
    CONSTRAINT ck_users_role CHECK (role IN ('USER', 'ADMIN'))
);

CREATE TABLE active_days (
    user_id UUID NOT NULL,
    day DATE NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
    revision INTEGER DEFAULT 1 NOT NULL,
    diary_revision INTEGER DEFAULT 0 NOT NULL,
    CONSTRAINT pk_active_days PRIMARY KEY (user_id, day),
    CONSTRAINT fk_active_days_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX ix_active_days_due ON active_days (ends_at) WHERE diary_revision < revision;

CREATE TABLE conversations (
    user_id UUID NOT NULL,
    id UUID NOT NULL,
    title TEXT,
    title_by_person BOOLEAN DEFAULT false NOT NULL,
    temporary BOOLEAN DEFAULT false NOT NULL,
    archived BOOLEAN DEFAULT false NOT NULL,
    tags TEXT[] DEFAULT '{}' NOT NULL,
    summary TEXT,
    summary_through UUID,
    forked_from UUID,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    last_message_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_conversations PRIMARY KEY (user_id, id),
    CONSTRAINT fk_conversations_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX ix_conversations_recent ON conversations (user_id, archived, last_message_at, id);

CREATE TABLE diaries (
    user_id UUID NOT NULL,
    id UUID NOT NULL,
    day DATE NOT NULL,
    version INTEGER NOT NULL,
    tags TEXT[] DEFAULT '{}' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_diaries PRIMARY KEY (user_id, id),
    CONSTRAINT fk_diaries_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT uq_diaries_user_id_day UNIQUE (user_id, day)
);

CREATE TABLE job_runs (
    id UUID NOT NULL,
    job VARCHAR(32),
    trigger VARCHAR(32) NOT NULL,
    requested_by UUID,
    period_from DATE,
    period_to DATE,
    force BOOLEAN DEFAULT false NOT NULL,
    dry_run BOOLEAN DEFAULT false NOT NULL,
    status VARCHAR(32) NOT NULL,
    planned INTEGER DEFAULT 0 NOT NULL,
    pending INTEGER DEFAULT 0 NOT NULL,
    stopped_because TEXT,
    error_code TEXT,
    started_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_job_runs PRIMARY KEY (id),
    CONSTRAINT fk_job_runs_requested_by_users FOREIGN KEY(requested_by) REFERENCES users (id) ON DELETE SET NULL,
    CONSTRAINT ck_job_runs_job CHECK (job IN ('DAILY_DIARY', 'DAILY_PROFILE', 'WEEKLY_PROFILE')),
    CONSTRAINT ck_job_runs_trigger CHECK (trigger IN ('TIMER', 'ADMIN', 'CLI')),
    CONSTRAINT ck_job_runs_runstatus CHECK (status IN ('RUNNING', 'SUCCEEDED', 'PARTIAL', 'FAILED'))
);

CREATE INDEX ix_job_runs_job ON job_runs (job, id);

CREATE INDEX ix_job_runs_requested_by ON job_runs (requested_by);

CREATE INDEX ix_job_runs_status ON job_runs (status, id);

CREATE TABLE profile_aliases (
    user_id UUID NOT NULL,
    slot TEXT NOT NULL,
    from_key TEXT NOT NULL,
    into_key TEXT NOT NULL,
    run_id UUID,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_profile_aliases PRIMARY KEY (user_id, slot, from_key),
    CONSTRAINT fk_profile_aliases_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE TABLE profile_changes (
    user_id UUID NOT NULL,
    id UUID NOT NULL,
    slot TEXT NOT NULL,
    value_key TEXT NOT NULL,
    before TEXT,
    after TEXT,
    status_before VARCHAR(32),
    status_after VARCHAR(32),
    confidence_before DOUBLE PRECISION,
    confidence_after DOUBLE PRECISION,
    reason TEXT NOT NULL,
    run_id UUID,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_profile_changes PRIMARY KEY (user_id, id),
    CONSTRAINT fk_profile_changes_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT ck_profile_changes_status_before CHECK (status_before IN ('ACTIVE', 'SUGGESTED', 'SUPERSEDED', 'DISPUTED', 'REJECTED')),
    CONSTRAINT ck_profile_changes_status_after CHECK (status_after IN ('ACTIVE', 'SUGGESTED', 'SUPERSEDED', 'DISPUTED', 'REJECTED'))
);

CREATE INDEX ix_profile_changes_value ON profile_changes (user_id, slot, value_key, id);

CREATE TABLE profile_values (
    user_id UUID NOT NULL,
    id UUID NOT NULL,
    slot TEXT NOT NULL,
    value TEXT NOT NULL,
    value_key TEXT NOT NULL,
    status VARCHAR(32) NOT NULL,
    confidence DOUBLE PRECISION NOT NULL,
    locked BOOLEAN DEFAULT false NOT NULL,
    origin VARCHAR(32) NOT NULL,
    first_seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    last_seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    evidence UUID[] NOT NULL,
    CONSTRAINT pk_profile_values PRIMARY KEY (user_id, id),
    CONSTRAINT ck_profile_values_confidence CHECK (confidence between 0 and 1),
    CONSTRAINT fk_profile_values_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT ck_profile_values_valuestatus CHECK (status IN ('ACTIVE', 'SUGGESTED', 'SUPERSEDED', 'DISPUTED', 'REJECTED')),
    CONSTRAINT ck_profile_values_valueorigin CHECK (origin IN ('INFERRED', 'STATED'))
);

CREATE UNIQUE INDEX uq_profile_values_value ON profile_values (user_id, slot, value_key);

CREATE TABLE sign_ins (
    user_id UUID NOT NULL,
    id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_sign_ins PRIMARY KEY (user_id, id),
    CONSTRAINT fk_sign_ins_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE TABLE usage (
    user_id UUID NOT NULL,
    day DATE NOT NULL,
    purpose VARCHAR(32) NOT NULL,
    calls INTEGER DEFAULT 0 NOT NULL,
    failed_calls INTEGER DEFAULT 0 NOT NULL,
    input_tokens INTEGER DEFAULT 0 NOT NULL,
    output_tokens INTEGER DEFAULT 0 NOT NULL,
    CONSTRAINT pk_usage PRIMARY KEY (user_id, day, purpose),
    CONSTRAINT fk_usage_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT ck_usage_purpose CHECK (purpose IN ('CHAT', 'TITLE', 'SUMMARY', 'DIARY', 'WEEK'))
);

CREATE INDEX ix_usage_day ON usage (day);

CREATE TABLE verdicts (
    user_id UUID NOT NULL,
    id UUID NOT NULL,
    kind VARCHAR(32) NOT NULL,
    slot TEXT NOT NULL,
    value TEXT NOT NULL,
    value_key TEXT NOT NULL,
    evidence UUID[] DEFAULT '{}' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_verdicts PRIMARY KEY (user_id, id),
    CONSTRAINT fk_verdicts_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT ck_verdicts_verdictkind CHECK (kind IN ('SET', 'LOCK', 'UNLOCK', 'REJECT'))
);

CREATE INDEX ix_verdicts_value ON verdicts (user_id, slot, value_key);

CREATE TABLE diary_versions (
    user_id UUID NOT NULL,
    diary_id UUID NOT NULL,
    version INTEGER NOT NULL,
    origin VARCHAR(32) NOT NULL,
    summary TEXT NOT NULL,
    mood INTEGER,
    conversation_count INTEGER NOT NULL,
    message_count INTEGER NOT NULL,
    tool_call_count INTEGER NOT NULL,
    dropped_count INTEGER DEFAULT 0 NOT NULL,
    model TEXT,
    prompt_version TEXT,
    run_id UUID,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_diary_versions PRIMARY KEY (user_id, diary_id, version),
    CONSTRAINT ck_diary_versions_mood CHECK (mood between 1 and 5),
    CONSTRAINT fk_diary_versions_user_id_diary_id_diaries FOREIGN KEY(user_id, diary_id) REFERENCES diaries (user_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_diary_versions_origin CHECK (origin IN ('MODEL', 'FALLBACK', 'EDITED'))
);

CREATE TABLE job_attempts (
    user_id UUID NOT NULL,
    id UUID NOT NULL,
    run_id UUID NOT NULL,
    job VARCHAR(32) NOT NULL,
    period DATE NOT NULL,
    attempt INTEGER NOT NULL,
    status VARCHAR(32) NOT NULL,
    error_code TEXT,
    model_calls INTEGER DEFAULT 0 NOT NULL,
    input_tokens INTEGER DEFAULT 0 NOT NULL,
    output_tokens INTEGER DEFAULT 0 NOT NULL,
    prompt_version TEXT,
    started_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_job_attempts PRIMARY KEY (user_id, id),
    CONSTRAINT fk_job_attempts_run_id_job_runs FOREIGN KEY(run_id) REFERENCES job_runs (id) ON DELETE CASCADE,
    CONSTRAINT fk_job_attempts_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT ck_job_attempts_job CHECK (job IN ('DAILY_DIARY', 'DAILY_PROFILE', 'WEEKLY_PROFILE')),
    CONSTRAINT ck_job_attempts_itemstatus CHECK (status IN ('PENDING', 'RUNNING', 'SUCCEEDED', 'SKIPPED', 'FAILED'))
);

CREATE INDEX ix_job_attempts_run ON job_attempts (run_id, user_id, period);

CREATE TABLE job_items (
    user_id UUID NOT NULL,
    job VARCHAR(32) NOT NULL,
    period DATE NOT NULL,
    status VARCHAR(32) NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    attempts INTEGER DEFAULT 0 NOT NULL,
    lease_token UUID,
    lease_until TIMESTAMP WITH TIME ZONE,
    run_id UUID,
    error_code TEXT,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_job_items PRIMARY KEY (user_id, job, period),
    CONSTRAINT fk_job_items_run_id_job_runs FOREIGN KEY(run_id) REFERENCES job_runs (id) ON DELETE SET NULL,
    CONSTRAINT fk_job_items_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT ck_job_items_job CHECK (job IN ('DAILY_DIARY', 'DAILY_PROFILE', 'WEEKLY_PROFILE')),
    CONSTRAINT ck_job_items_itemstatus CHECK (status IN ('PENDING', 'RUNNING', 'SUCCEEDED', 'SKIPPED', 'FAILED'))
);

CREATE INDEX ix_job_items_expired ON job_items (job, lease_until) WHERE status = 'RUNNING';

CREATE INDEX ix_job_items_ready ON job_items (job, due_at) WHERE status = 'PENDING';

CREATE INDEX ix_job_items_run ON job_items (run_id);

CREATE TABLE messages (
    user_id UUID NOT NULL,
    id UUID NOT NULL,
    conversation_id UUID NOT NULL,
    role VARCHAR(32) NOT NULL,
    content TEXT NOT NULL,
    status VARCHAR(32) NOT NULL,
    day DATE NOT NULL,
    time_zone TEXT NOT NULL,
    reply_to UUID,
    idempotency_key TEXT,
    pending_until TIMESTAMP WITH TIME ZONE,
    error_code TEXT,
    model TEXT,
    prompt_version TEXT,
    input_tokens INTEGER,
    output_tokens INTEGER,
    latency_ms INTEGER,
    copied BOOLEAN DEFAULT false NOT NULL,
    tool_calls INTEGER DEFAULT 0 NOT NULL,
    rating VARCHAR(32),
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    edited_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_messages PRIMARY KEY (user_id, id),
    CONSTRAINT fk_messages_user_id_conversation_id_conversations FOREIGN KEY(user_id, conversation_id) REFERENCES conversations (user_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_messages_user_id_reply_to_messages FOREIGN KEY(user_id, reply_to) REFERENCES messages (user_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_messages_messagerole CHECK (role IN ('USER', 'ASSISTANT')),
    CONSTRAINT ck_messages_messagestatus CHECK (status IN ('PENDING', 'COMPLETE', 'FAILED')),
    CONSTRAINT ck_messages_rating CHECK (rating IN ('UP', 'DOWN'))
);

CREATE INDEX ix_messages_conversation ON messages (user_id, conversation_id, id);

CREATE INDEX ix_messages_day ON messages (user_id, day, id);

CREATE INDEX ix_messages_reply_to ON messages (user_id, reply_to);

CREATE UNIQUE INDEX uq_messages_idempotency_key ON messages (user_id, idempotency_key) WHERE idempotency_key is not null;

CREATE TABLE refresh_tokens (
    user_id UUID NOT NULL,
    token_hash BYTEA NOT NULL,
    sign_in_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_refresh_tokens PRIMARY KEY (user_id, token_hash),
    CONSTRAINT fk_refresh_tokens_user_id_sign_in_id_sign_ins FOREIGN KEY(user_id, sign_in_id) REFERENCES sign_ins (user_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_refresh_tokens_sign_in ON refresh_tokens (user_id, sign_in_id);

CREATE TABLE diary_lines (
    user_id UUID NOT NULL,
    id UUID NOT NULL,
    diary_id UUID NOT NULL,
    version INTEGER NOT NULL,
    position INTEGER NOT NULL,
    kind VARCHAR(32) NOT NULL,
    text TEXT NOT NULL,
    hidden BOOLEAN DEFAULT false NOT NULL,
    by_person BOOLEAN DEFAULT false NOT NULL,
    CONSTRAINT pk_diary_lines PRIMARY KEY (user_id, id),
    CONSTRAINT fk_diary_lines_user_id_diary_id_version_diary_versions FOREIGN KEY(user_id, diary_id, version) REFERENCES diary_versions (user_id, diary_id, version) ON DELETE CASCADE,
    CONSTRAINT ck_diary_lines_linekind CHECK (kind IN ('SUMMARY', 'HIGHLIGHT', 'DECISION', 'OPEN_QUESTION', 'EMOTION', 'PATTERN', 'ACTIVITY', 'TIME_PREFERENCE', 'DECISION_STYLE'))
);

CREATE INDEX ix_diary_lines_version ON diary_lines (user_id, diary_id, version, position);

CREATE TABLE signals (
    user_id UUID NOT NULL,
    id UUID NOT NULL,
    diary_id UUID,
    version INTEGER,
    week DATE,
    position INTEGER NOT NULL,
    slot TEXT NOT NULL,
    value TEXT NOT NULL,
    value_key TEXT NOT NULL,
    polarity VARCHAR(32) NOT NULL,
    confidence DOUBLE PRECISION NOT NULL,
    stated BOOLEAN NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_signals PRIMARY KEY (user_id, id),
    CONSTRAINT ck_signals_source CHECK ((diary_id is null) = (version is null) and (diary_id is null) = (week is not null)),
    CONSTRAINT ck_signals_confidence CHECK (confidence between 0 and 1),
    CONSTRAINT fk_signals_user_id_diary_id_version_diary_versions FOREIGN KEY(user_id, diary_id, version) REFERENCES diary_versions (user_id, diary_id, version) ON DELETE CASCADE,
    CONSTRAINT fk_signals_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT ck_signals_polarity CHECK (polarity IN ('POSITIVE', 'NEGATIVE'))
);

CREATE INDEX ix_signals_value ON signals (user_id, slot, value_key);

CREATE INDEX ix_signals_version ON signals (user_id, diary_id, version, position);

CREATE INDEX ix_signals_week ON signals (user_id, week) WHERE week is not null;

CREATE TABLE line_evidence (
    user_id UUID NOT NULL,
    line_id UUID NOT NULL,
    position INTEGER NOT NULL,
    message_id UUID NOT NULL,
    quote TEXT NOT NULL,
    start INTEGER NOT NULL,
    CONSTRAINT pk_line_evidence PRIMARY KEY (user_id, line_id, position),
    CONSTRAINT fk_line_evidence_user_id_line_id_diary_lines FOREIGN KEY(user_id, line_id) REFERENCES diary_lines (user_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_line_evidence_user_id_message_id_messages FOREIGN KEY(user_id, message_id) REFERENCES messages (user_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_line_evidence_message ON line_evidence (user_id, message_id);

CREATE TABLE signal_evidence (
    user_id UUID NOT NULL,
    signal_id UUID NOT NULL,
    position INTEGER NOT NULL,
    message_id UUID NOT NULL,
    quote TEXT NOT NULL,
    start INTEGER NOT NULL,
    day DATE NOT NULL,
    said_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_signal_evidence PRIMARY KEY (user_id, signal_id, position),
    CONSTRAINT fk_signal_evidence_user_id_message_id_messages FOREIGN KEY(user_id, message_id) REFERENCES messages (user_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_signal_evidence_user_id_signal_id_signals FOREIGN KEY(user_id, signal_id) REFERENCES signals (user_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_signal_evidence_message ON signal_evidence (user_id, message_id);
