-- an item, its attempts and a pause keep how the model's provider worded its refusal

ALTER TABLE job_items ADD COLUMN provider_status INTEGER;

ALTER TABLE job_items ADD COLUMN provider_code TEXT;

ALTER TABLE job_items ADD COLUMN provider_message TEXT;

ALTER TABLE job_attempts ADD COLUMN provider_status INTEGER;

ALTER TABLE job_attempts ADD COLUMN provider_code TEXT;

ALTER TABLE job_attempts ADD COLUMN provider_message TEXT;

ALTER TABLE pauses ADD COLUMN provider_status INTEGER;

ALTER TABLE pauses ADD COLUMN provider_code TEXT;

ALTER TABLE pauses ADD COLUMN provider_message TEXT;
