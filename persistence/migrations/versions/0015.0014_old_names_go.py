"""the views with the old names of columns and tables go: code before 0014 is left behind, and its health check says so

Tables take their names back from the views; no row is read or written. Each of the ten views and then its table is locked exclusively
(ACCESS EXCLUSIVE) until the commit, milliseconds later; a statement that runs at that moment is waited for, at most five seconds for each.
"""
from alembic import op
revision = '0015.0014'
down_revision = '0014.0001'

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
"""Gives a view the owner and the grants of its table, as in 0014."""


def upgrade() -> None:
    for view in (*COLUMNS, *TABLES):
        op.execute(f'DROP VIEW {view}')
    for table in COLUMNS:
        op.execute(f'ALTER TABLE {table}_renamed RENAME TO {table}')


def downgrade() -> None:
    for table, columns in COLUMNS.items():
        op.execute(f'ALTER TABLE {table} RENAME TO {table}_renamed')
        both = ', '.join(f't.{new} AS {old}' for old, new in columns.items())
        op.execute(f'CREATE VIEW {table} AS SELECT t.*, {both} FROM {table}_renamed t')
    for old, new in TABLES.items():
        op.execute(f"CREATE VIEW {old} AS SELECT t.*{', t.xmax' if old == 'pauses' else ''} FROM {new} t")
    pairs = {table: f'{table}_renamed' for table in COLUMNS} | TABLES
    op.execute(SAME_ACCESS.strip().format(pairs=', '.join(f"('{view}', '{base}')" for view, base in pairs.items())))
