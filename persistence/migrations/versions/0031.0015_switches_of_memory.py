"""switches of diary, profile and background, for the account and for one conversation, and topics that are never kept

All columns have constant defaults, so that no row is rewritten: older code works on them, and learns and tells as before.
"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
revision = '0031.0015'
down_revision = '0030.0015'


def _texts(name: str) -> sa.Column[list[str]]:
    return sa.Column(name, postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False)


def upgrade() -> None:
    for name in ('memory_off', 'topics_off', 'names_off'):
        op.add_column('users', _texts(name))
    op.add_column('users', sa.Column('memory_paused_until', sa.Date(), nullable=True))
    op.add_column('conversations', _texts('memory_off'))
    op.add_column('messages', sa.Column('learning', sa.Enum('ALL', 'DIARY', 'NONE', name='learning', native_enum=False, create_constraint=True, length=32),
        server_default='ALL', nullable=False))
    op.add_column('messages', sa.Column('in_gap', sa.Boolean(), server_default=sa.text('false'), nullable=False))


def downgrade() -> None:
    op.drop_column('messages', 'in_gap')
    op.drop_column('messages', 'learning')
    op.drop_column('conversations', 'memory_off')
    for name in ('memory_paused_until', 'names_off', 'topics_off', 'memory_off'):
        op.drop_column('users', name)
