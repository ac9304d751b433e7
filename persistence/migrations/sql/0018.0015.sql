-- an attempt keeps what a second reading answered about the claims of its draft

ALTER TABLE job_attempts ADD COLUMN checks JSONB;
