"""counters are wide and never negative; the bytes that each person stores are counted; disabled accounts are signed out

Code from 0001 on works on these tables: it reads and writes the wider counters as it did, except that the admins' cost of older code fails (a sum of
bigint is a decimal there). `usage` is rewritten, under a lock; its rows are few (docs/decisions/0031-import-no-counters.md). The checks of the larger tables are not
validated: that would read them whole under the same lock. Rows that break them, which a forged import can have stored, are mended first, or an update
of one would fail.
"""
from alembic import op
import sqlalchemy as sa
revision = '0013.0001'
down_revision = '0012'

USAGE = ('calls', 'failed_calls', 'input_tokens', 'output_tokens', 'reserved_tokens')
COUNTED = {
    'messages': ('input_tokens', 'output_tokens', 'latency_ms', 'tool_calls'),
    'diary_versions': ('conversation_count', 'message_count', 'tool_call_count', 'dropped_count'),
    'job_attempts': ('attempt', 'model_calls', 'input_tokens', 'output_tokens'),
    'active_days': ('revision', 'diary_revision'),
}


def upgrade() -> None:
    for table, columns in {'usage': USAGE, **COUNTED}.items():
        mended = ', '.join(f'{name} = case when {name} < 0 then 0 else {name} end' for name in columns)
        op.execute(f'UPDATE {table} SET {mended} WHERE least({", ".join(columns)}) < 0')
    wider = ', '.join(f'ALTER COLUMN {name} TYPE bigint' for name in USAGE)
    op.execute(f'ALTER TABLE usage {wider}, ADD CONSTRAINT ck_usage_counted CHECK (least({", ".join(USAGE)}) >= 0)')
    for table, columns in COUNTED.items():
        op.execute(f'ALTER TABLE {table} ADD CONSTRAINT ck_{table}_counted CHECK (least({", ".join(columns)}) >= 0) NOT VALID')
    op.create_table('user_storage',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('bytes', sa.BigInteger(), nullable=False),
    sa.Column('recounted_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('bytes >= 0', name=op.f('ck_user_storage_counted')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_user_storage_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_user_storage'))
    )
    op.execute('UPDATE sign_ins SET revoked_at = now() WHERE revoked_at IS NULL AND user_id IN (SELECT id FROM users WHERE disabled)')
    op.execute('INSERT INTO user_storage (user_id, bytes) SELECT user_id, sum(octet_length(content) + 500) FROM messages GROUP BY user_id')


def downgrade() -> None:
    op.drop_table('user_storage')
    for table in COUNTED:
        op.execute(f'ALTER TABLE {table} DROP CONSTRAINT ck_{table}_counted')
    op.execute('ALTER TABLE usage DROP CONSTRAINT ck_usage_counted')
    narrower = ', '.join(f'ALTER COLUMN {name} TYPE integer USING least({name}, 2147483647)' for name in USAGE)
    op.execute(f'ALTER TABLE usage {narrower}')
