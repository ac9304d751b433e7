"""hashes of deleted messages, and no statistics of texts

The planner's statistics hold samples of values, which would outlive what they were taken from. No query needs those of texts. Only a change of a column's
type removes the statistics that are there; the type stays the same, so that no row is rewritten and older code notices nothing.
"""
from alembic import op
import sqlalchemy as sa
revision = '0023.0015'
down_revision = '0021.0015'

TEXTS = {
    'users': ('email', 'password_hash', 'nickname'),
    'conversations': ('title', 'tags', 'summary'),
    'messages': ('content', 'idempotency_key', 'sources'),
    'diaries': ('tags',),
    'diary_versions': ('summary',),
    'diary_lines': ('text', 'replaced_text'),
    'line_evidence': ('quote',),
    'signals': ('value', 'value_key'),
    'signal_evidence': ('quote', 'since', 'until', 'condition'),
    'profile_values': ('value', 'value_key', 'since', 'until', 'condition'),
    'profile_changes': ('value_key', 'before', 'after'),
    'profile_aliases': ('from_key', 'into_key'),
    'verdicts': ('value', 'value_key', 'reason'),
    'own_slots': ('name', 'name_key', 'guide'),
    'job_items': ('provider_message',),
    'job_attempts': ('provider_message',),
    'job_runs': ('reason', 'cancel_reason'),
}
ARRAYS = ('tags',)


def upgrade() -> None:
    op.create_table('deleted_digests',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('digest', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_deleted_digests_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'digest', name=op.f('pk_deleted_digests'))
    )
    for table, columns in TEXTS.items():
        changes = ', '.join(f"ALTER COLUMN {name} SET DATA TYPE text{'[]' if name in ARRAYS else ''}, ALTER COLUMN {name} SET STATISTICS 0" for name in columns)
        op.execute(f'ALTER TABLE {table} {changes}')


def downgrade() -> None:
    for table, columns in TEXTS.items():
        op.execute(f"ALTER TABLE {table} {', '.join(f'ALTER COLUMN {name} SET STATISTICS -1' for name in columns)}")
    op.drop_table('deleted_digests')
