-- values have a polarity and a context; a signal's quote keeps what its statement says of both

ALTER TABLE signal_evidence ADD COLUMN relation VARCHAR(32);

ALTER TABLE signal_evidence ADD CONSTRAINT ck_signal_evidence_statementrelation CHECK (relation IN ('LIKES', 'DISLIKES', 'IS_NOT', 'ENDED', 'CORRECTED'));

ALTER TABLE profile_values ADD COLUMN polarity VARCHAR(32) DEFAULT 'IS' NOT NULL;

ALTER TABLE profile_values ADD CONSTRAINT ck_profile_values_valuepolarity CHECK (polarity IN ('IS', 'LIKES', 'DISLIKES', 'IS_NOT'));

ALTER TABLE verdicts ADD COLUMN polarity VARCHAR(32);

ALTER TABLE verdicts ADD CONSTRAINT ck_verdicts_valuepolarity CHECK (polarity IN ('IS', 'LIKES', 'DISLIKES', 'IS_NOT'));

ALTER TABLE signal_evidence ADD COLUMN since TEXT;

ALTER TABLE signal_evidence ADD COLUMN until TEXT;

ALTER TABLE signal_evidence ADD COLUMN condition TEXT;

ALTER TABLE profile_values ADD COLUMN since TEXT;

ALTER TABLE profile_values ADD COLUMN until TEXT;

ALTER TABLE profile_values ADD COLUMN condition TEXT;
