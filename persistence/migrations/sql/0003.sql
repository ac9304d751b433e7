-- limits across instances: places at the model, pauses, pace, budget; runs can be cancelled and say why they were asked for

CREATE TABLE model_slots (
    slot INTEGER NOT NULL,
    run_id UUID,
    lease_until TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_model_slots PRIMARY KEY (slot)
);

CREATE TABLE pauses (
    kind VARCHAR(32) NOT NULL,
    reason TEXT NOT NULL,
    since TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    probe_at TIMESTAMP WITH TIME ZONE,
    requested_by UUID,
    CONSTRAINT pk_pauses PRIMARY KEY (kind),
    CONSTRAINT fk_pauses_requested_by_users FOREIGN KEY(requested_by) REFERENCES users (id) ON DELETE SET NULL,
    CONSTRAINT ck_pauses_pausekind CHECK (kind IN ('MODEL', 'SWITCH'))
);

CREATE INDEX ix_pauses_requested_by ON pauses (requested_by);

CREATE TABLE model_pace (
    id INTEGER DEFAULT 1 NOT NULL,
    available FLOAT NOT NULL,
    refilled_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_model_pace PRIMARY KEY (id),
    CONSTRAINT ck_model_pace_one_row CHECK (id = 1)
);

CREATE TABLE night_budgets (
    day DATE NOT NULL,
    spent BIGINT DEFAULT 0 NOT NULL,
    reserved BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_night_budgets PRIMARY KEY (day)
);

ALTER TABLE job_runs ADD COLUMN reason TEXT;

ALTER TABLE job_runs ADD COLUMN cancel_requested_at TIMESTAMP WITH TIME ZONE;

ALTER TABLE job_runs DROP CONSTRAINT ck_job_runs_runstatus;

ALTER TABLE job_runs ADD CONSTRAINT ck_job_runs_runstatus CHECK (status IN ('RUNNING', 'SUCCEEDED', 'PARTIAL', 'FAILED', 'CANCELLED'));

ALTER TABLE users ADD COLUMN chat_tokens_per_day INTEGER;

ALTER TABLE usage ADD COLUMN reserved_tokens INTEGER DEFAULT 0 NOT NULL;

CREATE INDEX ix_job_items_failed ON job_items (job, finished_at) WHERE status = 'FAILED';

CREATE INDEX ix_job_attempts_ended ON job_attempts (job, finished_at);
