"""sources of an answer, and marks on answers that told of text deleted since

Both are columns with a constant default, so that no row is rewritten.
"""
from alembic import op
import sqlalchemy as sa
revision = '0021.0015'
down_revision = '0020.0015'


def upgrade() -> None:
    op.add_column('messages', sa.Column('sources', sa.Text(), nullable=True))
    op.add_column('messages', sa.Column('redacted', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    op.add_column('messages', sa.Column('withdrawn', sa.Boolean(), server_default=sa.text('false'), nullable=False))


def downgrade() -> None:
    op.drop_column('messages', 'withdrawn')
    op.drop_column('messages', 'redacted')
    op.drop_column('messages', 'sources')
