"""that a conversation is no play, as the user said

The default is constant, so that no row is rewritten: older code works on it.
"""
from alembic import op
import sqlalchemy as sa
revision = '0046.0015'
down_revision = '0045.0015'


def upgrade() -> None:
    op.add_column('conversations', sa.Column('not_play', sa.Boolean(), server_default=sa.text('false'), nullable=False))


def downgrade() -> None:
    op.drop_column('conversations', 'not_play')
