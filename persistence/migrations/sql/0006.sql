-- the words that a person withdrew are found by their day

CREATE INDEX ix_signal_evidence_withdrawn ON signal_evidence (user_id, day) WHERE withdrawn;
