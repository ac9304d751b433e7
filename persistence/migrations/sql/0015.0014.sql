-- the views with the old names of columns and tables go: code before 0014 is left behind, and its health check says so

DROP VIEW job_items;

DROP VIEW conversations;

DROP VIEW messages;

DROP VIEW diary_deletions;

DROP VIEW dispute_questions;

DROP VIEW verdicts;

DROP VIEW throttles;

DROP VIEW pauses;

DROP VIEW model_pace;

DROP VIEW night_budgets;

ALTER TABLE job_items_renamed RENAME TO job_items;

ALTER TABLE conversations_renamed RENAME TO conversations;

ALTER TABLE messages_renamed RENAME TO messages;

ALTER TABLE diary_deletions_renamed RENAME TO diary_deletions;

ALTER TABLE dispute_questions_renamed RENAME TO dispute_questions;

ALTER TABLE verdicts_renamed RENAME TO verdicts;

ALTER TABLE throttles_renamed RENAME TO throttles;
