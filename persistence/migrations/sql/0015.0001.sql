-- a quote keeps what the model cited of it; an attempt keeps why lines and signals of its draft were dropped

ALTER TABLE line_evidence ADD COLUMN cited_start INTEGER;

ALTER TABLE line_evidence ADD COLUMN cited_end INTEGER;

ALTER TABLE signal_evidence ADD COLUMN cited_start INTEGER;

ALTER TABLE signal_evidence ADD COLUMN cited_end INTEGER;

ALTER TABLE job_attempts ADD COLUMN dropped JSONB;
