"""the latest change of each object that clients keep

Triggers write it: one statement for each statement that changes rows, whoever sends it. A change is named by its transaction: a snapshot says which
of these are over, whereas a sequence or a time would leave out what commits late. The tables themselves are not changed, and no row
is written by the migration: what was there before is read from the tables.
"""
from alembic import op
import sqlalchemy as sa
revision = '0038.0015'
down_revision = '0037.0015'

WRITE = """
  on conflict (user_id, kind, id) do update set changed_in = excluded.changed_in, changed_at = excluded.changed_at, deleted = excluded.deleted
    where row_changes.changed_in <> excluded.changed_in or row_changes.deleted <> excluded.deleted;
  return null;
end"""
CHANGED = "insert into row_changes (user_id, kind, id, changed_in, changed_at, deleted)\n  select"
NOW = "pg_current_xact_id()::text::bigint, now()"
OF_DIARY = "exists (select from diaries d where d.user_id = c.user_id and d.id = c.diary_id)"
FUNCTIONS = {
    'record_changes': f"{CHANGED} c.user_id, tg_argv[0], c.id, {NOW}, false from changed c",
    'record_deletions': f"{CHANGED} c.user_id, tg_argv[0], c.id, {NOW}, true from changed c where exists (select from users u where u.id = c.user_id)",
    'record_user_changes': f"{CHANGED} c.id, 'User', c.id, {NOW}, false from changed c",
    'record_settings_changes': f"{CHANGED} distinct c.user_id, 'User', c.user_id, {NOW}, false from changed c "
                               "where exists (select from users u where u.id = c.user_id)",
    'record_diary_changes': f"{CHANGED} distinct c.user_id, 'Diary', c.diary_id, {NOW}, false from changed c where {OF_DIARY}",
    'record_line_evidence_changes': f"{CHANGED} distinct c.user_id, 'Diary', l.diary_id, {NOW}, false "
        "from changed c join diary_lines l on l.user_id = c.user_id and l.id = c.line_id",
    'record_signal_evidence_changes': f"{CHANGED} distinct c.user_id, 'Diary', s.diary_id, {NOW}, false "
        "from changed c join signals s on s.user_id = c.user_id and s.id = c.signal_id where s.diary_id is not null",
}
ALL, CHANGES, LATER = ('insert', 'update', 'delete'), ('insert', 'update'), ('update', 'delete')
"""Lines, signals and quotes are inserted with a new version only, which changes the diary's row."""
TRIGGERS = [
    *((table, event, 'record_changes', kind) for table, kind in (
        ('conversations', 'Conversation'), ('messages', 'Message'), ('diaries', 'Diary'), ('profile_values', 'ProfileValue'), ('own_slots', 'OwnSlot'),
    ) for event in ALL),
    ('users', 'update', 'record_user_changes', None),
    *(('companion_versions', event, 'record_settings_changes', None) for event in ALL),
    ('diary_versions', 'update', 'record_diary_changes', None),
    *((table, event, 'record_diary_changes', None) for table in ('diary_lines', 'signals') for event in LATER),
    *(('line_evidence', event, 'record_line_evidence_changes', None) for event in LATER),
    *(('signal_evidence', event, 'record_signal_evidence_changes', None) for event in LATER),
]


def upgrade() -> None:
    op.create_table('row_changes',
        sa.Column('user_id', sa.Uuid(), nullable=False),
        sa.Column('kind', sa.Text(collation='C'), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('changed_in', sa.BigInteger(), nullable=False),
        sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('deleted', sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_row_changes_user_id_users'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('user_id', 'kind', 'id', name=op.f('pk_row_changes')),
    )
    op.create_index('ix_row_changes_order', 'row_changes', ['user_id', 'changed_in', 'kind', 'id'], unique=False)
    for name, body in FUNCTIONS.items():
        op.execute(f'CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$\nbegin\n  {body}{WRITE}\n$$')
    for table, event, function, kind in TRIGGERS:
        name = 'record_deletions' if (event, function) == ('delete', 'record_changes') else function
        rows, argument = ('OLD' if event == 'delete' else 'NEW'), f"'{kind}'" if kind else ''
        op.execute(f'CREATE TRIGGER feed_{event} AFTER {event.upper()} ON {table} REFERENCING {rows} TABLE AS changed '
                   f'FOR EACH STATEMENT EXECUTE FUNCTION {name}({argument})')


def downgrade() -> None:
    for table, event, _, _ in TRIGGERS:
        op.execute(f'DROP TRIGGER feed_{event} ON {table}')
    for name in FUNCTIONS:
        op.execute(f'DROP FUNCTION {name}()')
    op.drop_table('row_changes')
