-- an item knows the run that asked for it by name; a run knows which one it retries, and who cancelled it and why

ALTER TABLE job_items ADD COLUMN asked_by UUID;

ALTER TABLE job_items ADD CONSTRAINT fk_job_items_asked_by_job_runs FOREIGN KEY(asked_by) REFERENCES job_runs (id) ON DELETE SET NULL;

CREATE INDEX ix_job_items_asked ON job_items (asked_by, user_id, period) WHERE asked_by IS NOT NULL;

ALTER TABLE job_runs ADD COLUMN retry_of UUID;

ALTER TABLE job_runs ADD COLUMN cancel_requested_by UUID;

ALTER TABLE job_runs ADD COLUMN cancel_reason TEXT;

ALTER TABLE job_runs ADD CONSTRAINT fk_job_runs_retry_of_job_runs FOREIGN KEY(retry_of) REFERENCES job_runs (id) ON DELETE SET NULL;

ALTER TABLE job_runs ADD CONSTRAINT fk_job_runs_cancel_requested_by_users FOREIGN KEY(cancel_requested_by) REFERENCES users (id) ON DELETE SET NULL;

CREATE INDEX ix_job_runs_cancel_requested_by ON job_runs (cancel_requested_by);
