-- counters are wide and never negative; the bytes that each person stores are counted; disabled accounts are signed out

UPDATE usage SET calls = case when calls < 0 then 0 else calls end, failed_calls = case when failed_calls < 0 then 0 else failed_calls end, input_tokens = case when input_tokens < 0 then 0 else input_tokens end, output_tokens = case when output_tokens < 0 then 0 else output_tokens end, reserved_tokens = case when reserved_tokens < 0 then 0 else reserved_tokens end WHERE least(calls, failed_calls, input_tokens, output_tokens, reserved_tokens) < 0;

UPDATE messages SET input_tokens = case when input_tokens < 0 then 0 else input_tokens end, output_tokens = case when output_tokens < 0 then 0 else output_tokens end, latency_ms = case when latency_ms < 0 then 0 else latency_ms end, tool_calls = case when tool_calls < 0 then 0 else tool_calls end WHERE least(input_tokens, output_tokens, latency_ms, tool_calls) < 0;

UPDATE diary_versions SET conversation_count = case when conversation_count < 0 then 0 else conversation_count end, message_count = case when message_count < 0 then 0 else message_count end, tool_call_count = case when tool_call_count < 0 then 0 else tool_call_count end, dropped_count = case when dropped_count < 0 then 0 else dropped_count end WHERE least(conversation_count, message_count, tool_call_count, dropped_count) < 0;

UPDATE job_attempts SET attempt = case when attempt < 0 then 0 else attempt end, model_calls = case when model_calls < 0 then 0 else model_calls end, input_tokens = case when input_tokens < 0 then 0 else input_tokens end, output_tokens = case when output_tokens < 0 then 0 else output_tokens end WHERE least(attempt, model_calls, input_tokens, output_tokens) < 0;

UPDATE active_days SET revision = case when revision < 0 then 0 else revision end, diary_revision = case when diary_revision < 0 then 0 else diary_revision end WHERE least(revision, diary_revision) < 0;

ALTER TABLE usage ALTER COLUMN calls TYPE bigint, ALTER COLUMN failed_calls TYPE bigint, ALTER COLUMN input_tokens TYPE bigint, ALTER COLUMN output_tokens TYPE bigint, ALTER COLUMN reserved_tokens TYPE bigint, ADD CONSTRAINT ck_usage_counted CHECK (least(calls, failed_calls, input_tokens, output_tokens, reserved_tokens) >= 0);

ALTER TABLE messages ADD CONSTRAINT ck_messages_counted CHECK (least(input_tokens, output_tokens, latency_ms, tool_calls) >= 0) NOT VALID;

ALTER TABLE diary_versions ADD CONSTRAINT ck_diary_versions_counted CHECK (least(conversation_count, message_count, tool_call_count, dropped_count) >= 0) NOT VALID;

ALTER TABLE job_attempts ADD CONSTRAINT ck_job_attempts_counted CHECK (least(attempt, model_calls, input_tokens, output_tokens) >= 0) NOT VALID;

ALTER TABLE active_days ADD CONSTRAINT ck_active_days_counted CHECK (least(revision, diary_revision) >= 0) NOT VALID;

CREATE TABLE user_storage (
    user_id UUID NOT NULL,
    bytes BIGINT NOT NULL,
    recounted_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_user_storage PRIMARY KEY (user_id),
    CONSTRAINT ck_user_storage_counted CHECK (bytes >= 0),
    CONSTRAINT fk_user_storage_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

UPDATE sign_ins SET revoked_at = now() WHERE revoked_at IS NULL AND user_id IN (SELECT id FROM users WHERE disabled);

INSERT INTO user_storage (user_id, bytes) SELECT user_id, sum(octet_length(content) + 500) FROM messages GROUP BY user_id;
