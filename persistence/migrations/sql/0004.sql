-- the index of what is ready also holds the period, so that a claim reads its items in order instead of sorting all that are due

DROP INDEX ix_job_items_ready;

CREATE INDEX ix_job_items_ready ON job_items (job, due_at, period) WHERE status = 'PENDING';
