"""columns and tables get names that say what they hold; views keep the old names, so code from 0001 on works on these tables

Only names change in the catalogue: no row is read or written, no index is built. A table with renamed columns becomes `<table>_renamed`, and a view takes
its place in which each of those columns has both names; a renamed table leaves a view under its old name. PostgreSQL writes through such views, also with
ON CONFLICT, RETURNING and FOR UPDATE SKIP LOCKED; COPY wants the table, and no code here copies. Former code reads `xmax` of `pauses`, which a view shows
only if it names it.
Each of the ten tables is locked exclusively (ACCESS EXCLUSIVE) from its first statement until the commit, milliseconds later: a statement that runs at
that moment is waited for, at most five seconds for each table. Tables are locked in the order in which transactions of the jobs and the chat use them, so
that a deadlock is unlikely; one ends the migration or that transaction, with nothing changed.
"""
from alembic import op
revision = '0014.0001'
down_revision = '0013.0001'

COLUMNS = {
    'job_items': {'asked_by': 'requested_by_run_id', 'reserved_by': 'reserved_by_attempt_id', 'asked_at': 'call_started_at', 'words_digest': 'text_digest'},
    'conversations': {'summary_through': 'summary_through_message_id'},
    'messages': {'pending_until': 'answer_lease_until'},
    'diary_deletions': {'through': 'through_message_id'},
    'dispute_questions': {'dispute': 'dispute_digest'},
    'verdicts': {'until': 'verdicts_valid_until'},
    'throttles': {'account': 'account_hash'},
}
TABLES = {'pauses': 'model_pauses', 'model_pace': 'model_rate_buckets', 'night_budgets': 'job_token_budgets'}
INDEXES = {
    'ix_job_items_asked': 'ix_job_items_requested', 'ix_throttles_account': 'ix_throttles_account_hash',
    'ix_pauses_requested_by': 'ix_model_pauses_requested_by',
}
CONSTRAINTS = {
    'job_items_renamed': {'fk_job_items_asked_by_job_runs': 'fk_job_items_requested_by_run_id_job_runs'},
    'model_pauses': {
        'pk_pauses': 'pk_model_pauses', 'ck_pauses_pausekind': 'ck_model_pauses_pausekind',
        'fk_pauses_requested_by_users': 'fk_model_pauses_requested_by_users',
    },
    'model_rate_buckets': {'pk_model_pace': 'pk_model_rate_buckets', 'ck_model_pace_one_row': 'ck_model_rate_buckets_one_row'},
    'job_token_budgets': {'pk_night_budgets': 'pk_job_token_budgets'},
}
SAME_ACCESS = """
DO $$
DECLARE command text;
BEGIN
  FOR command IN
    WITH pair AS (
      SELECT view, c.relowner, c.relacl FROM (VALUES {pairs}) AS named (view, base) JOIN pg_class c ON c.oid = to_regclass(base)
    )
    SELECT format('ALTER VIEW %I OWNER TO %I', view, pg_get_userbyid(relowner)) FROM pair
    UNION ALL
    SELECT format(
      'GRANT %s ON %I TO %s', given.privilege_type, view, CASE given.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(given.grantee)) END)
    FROM pair, aclexplode(relacl) AS given WHERE given.grantee <> relowner
  LOOP
    EXECUTE command;
  END LOOP;
END $$
"""
"""Gives a view the owner and the grants of its table: the role that runs the application may be another than the one that migrates."""


def upgrade() -> None:
    for table, columns in COLUMNS.items():
        op.execute(f'ALTER TABLE {table} RENAME TO {table}_renamed')
        for old, new in columns.items():
            op.execute(f'ALTER TABLE {table}_renamed RENAME COLUMN {old} TO {new}')
        both = ', '.join(f't.{new} AS {old}' for old, new in columns.items())
        op.execute(f'CREATE VIEW {table} AS SELECT t.*, {both} FROM {table}_renamed t')
    for old, new in TABLES.items():
        op.execute(f'ALTER TABLE {old} RENAME TO {new}')
        op.execute(f"CREATE VIEW {old} AS SELECT t.*{', t.xmax' if old == 'pauses' else ''} FROM {new} t")
    pairs = {table: f'{table}_renamed' for table in COLUMNS} | TABLES
    op.execute(SAME_ACCESS.strip().format(pairs=', '.join(f"('{view}', '{base}')" for view, base in pairs.items())))
    for old, new in INDEXES.items():
        op.execute(f'ALTER INDEX {old} RENAME TO {new}')
    for table, names in CONSTRAINTS.items():
        for old, new in names.items():
            op.execute(f'ALTER TABLE {table} RENAME CONSTRAINT {old} TO {new}')


def downgrade() -> None:
    for table, names in CONSTRAINTS.items():
        for old, new in names.items():
            op.execute(f'ALTER TABLE {table} RENAME CONSTRAINT {new} TO {old}')
    for old, new in INDEXES.items():
        op.execute(f'ALTER INDEX {new} RENAME TO {old}')
    for old, new in TABLES.items():
        op.execute(f'DROP VIEW {old}')
        op.execute(f'ALTER TABLE {new} RENAME TO {old}')
    for table, columns in COLUMNS.items():
        op.execute(f'DROP VIEW {table}')
        op.execute(f'ALTER TABLE {table}_renamed RENAME TO {table}')
        for old, new in columns.items():
            op.execute(f'ALTER TABLE {table} RENAME COLUMN {new} TO {old}')
