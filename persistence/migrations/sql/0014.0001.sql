-- columns and tables get names that say what they hold; views keep the old names, so code from 0001 on works on these tables

ALTER TABLE job_items RENAME TO job_items_renamed;

ALTER TABLE job_items_renamed RENAME COLUMN asked_by TO requested_by_run_id;

ALTER TABLE job_items_renamed RENAME COLUMN reserved_by TO reserved_by_attempt_id;

ALTER TABLE job_items_renamed RENAME COLUMN asked_at TO call_started_at;

ALTER TABLE job_items_renamed RENAME COLUMN words_digest TO text_digest;

CREATE VIEW job_items AS SELECT t.*, t.requested_by_run_id AS asked_by, t.reserved_by_attempt_id AS reserved_by, t.call_started_at AS asked_at, t.text_digest AS words_digest FROM job_items_renamed t;

ALTER TABLE conversations RENAME TO conversations_renamed;

ALTER TABLE conversations_renamed RENAME COLUMN summary_through TO summary_through_message_id;

CREATE VIEW conversations AS SELECT t.*, t.summary_through_message_id AS summary_through FROM conversations_renamed t;

ALTER TABLE messages RENAME TO messages_renamed;

ALTER TABLE messages_renamed RENAME COLUMN pending_until TO answer_lease_until;

CREATE VIEW messages AS SELECT t.*, t.answer_lease_until AS pending_until FROM messages_renamed t;

ALTER TABLE diary_deletions RENAME TO diary_deletions_renamed;

ALTER TABLE diary_deletions_renamed RENAME COLUMN through TO through_message_id;

CREATE VIEW diary_deletions AS SELECT t.*, t.through_message_id AS through FROM diary_deletions_renamed t;

ALTER TABLE dispute_questions RENAME TO dispute_questions_renamed;

ALTER TABLE dispute_questions_renamed RENAME COLUMN dispute TO dispute_digest;

CREATE VIEW dispute_questions AS SELECT t.*, t.dispute_digest AS dispute FROM dispute_questions_renamed t;

ALTER TABLE verdicts RENAME TO verdicts_renamed;

ALTER TABLE verdicts_renamed RENAME COLUMN until TO verdicts_valid_until;

CREATE VIEW verdicts AS SELECT t.*, t.verdicts_valid_until AS until FROM verdicts_renamed t;

ALTER TABLE throttles RENAME TO throttles_renamed;

ALTER TABLE throttles_renamed RENAME COLUMN account TO account_hash;

CREATE VIEW throttles AS SELECT t.*, t.account_hash AS account FROM throttles_renamed t;

ALTER TABLE pauses RENAME TO model_pauses;

CREATE VIEW pauses AS SELECT t.*, t.xmax FROM model_pauses t;

ALTER TABLE model_pace RENAME TO model_rate_buckets;

CREATE VIEW model_pace AS SELECT t.* FROM model_rate_buckets t;

ALTER TABLE night_budgets RENAME TO job_token_budgets;

CREATE VIEW night_budgets AS SELECT t.* FROM job_token_budgets t;

DO $$
DECLARE command text;
BEGIN
  FOR command IN
    WITH pair AS (
      SELECT view, c.relowner, c.relacl FROM (VALUES ('job_items', 'job_items_renamed'), ('conversations', 'conversations_renamed'), ('messages', 'messages_renamed'), ('diary_deletions', 'diary_deletions_renamed'), ('dispute_questions', 'dispute_questions_renamed'), ('verdicts', 'verdicts_renamed'), ('throttles', 'throttles_renamed'), ('pauses', 'model_pauses'), ('model_pace', 'model_rate_buckets'), ('night_budgets', 'job_token_budgets')) AS named (view, base) JOIN pg_class c ON c.oid = to_regclass(base)
    )
    SELECT format('ALTER VIEW %I OWNER TO %I', view, pg_get_userbyid(relowner)) FROM pair
    UNION ALL
    SELECT format(
      'GRANT %s ON %I TO %s', given.privilege_type, view, CASE given.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(given.grantee)) END)
    FROM pair, aclexplode(relacl) AS given WHERE given.grantee <> relowner
  LOOP
    EXECUTE command;
  END LOOP;
END $$;

ALTER INDEX ix_job_items_asked RENAME TO ix_job_items_requested;

ALTER INDEX ix_throttles_account RENAME TO ix_throttles_account_hash;

ALTER INDEX ix_pauses_requested_by RENAME TO ix_model_pauses_requested_by;

ALTER TABLE job_items_renamed RENAME CONSTRAINT fk_job_items_asked_by_job_runs TO fk_job_items_requested_by_run_id_job_runs;

ALTER TABLE model_pauses RENAME CONSTRAINT pk_pauses TO pk_model_pauses;

ALTER TABLE model_pauses RENAME CONSTRAINT ck_pauses_pausekind TO ck_model_pauses_pausekind;

ALTER TABLE model_pauses RENAME CONSTRAINT fk_pauses_requested_by_users TO fk_model_pauses_requested_by_users;

ALTER TABLE model_rate_buckets RENAME CONSTRAINT pk_model_pace TO pk_model_rate_buckets;

ALTER TABLE model_rate_buckets RENAME CONSTRAINT ck_model_pace_one_row TO ck_model_rate_buckets_one_row;

ALTER TABLE job_token_budgets RENAME CONSTRAINT pk_night_budgets TO pk_job_token_budgets;
