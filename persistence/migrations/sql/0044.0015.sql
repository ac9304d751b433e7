-- planning without a look at each user and run

CREATE INDEX ix_users_without_diary ON users (id) WHERE disabled OR memory_off <> '{}' OR memory_paused_until IS NOT NULL;

ALTER TABLE job_items DROP CONSTRAINT fk_job_items_run_id_job_runs;

ALTER TABLE job_items DROP CONSTRAINT fk_job_items_requested_by_run_id_job_runs;
