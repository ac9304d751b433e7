"""pinned conversations, and suggested replies under an answer

Both columns have a constant default, so that no row is rewritten. The index of the list of conversations is replaced by one with pinned ones apart.
"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
revision = '0033.0015'
down_revision = '0031.0015'


def upgrade() -> None:
    op.add_column('conversations', sa.Column('pinned', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    op.add_column('messages', sa.Column('suggested_replies', postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False))
    op.execute('ALTER TABLE messages ALTER COLUMN suggested_replies SET STATISTICS 0')
    op.drop_index('ix_conversations_recent', table_name='conversations')
    op.create_index('ix_conversations_recent', 'conversations', ['user_id', 'archived', 'pinned', 'last_message_at', 'id'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_conversations_recent', table_name='conversations')
    op.create_index('ix_conversations_recent', 'conversations', ['user_id', 'archived', 'last_message_at', 'id'], unique=False)
    op.drop_column('messages', 'suggested_replies')
    op.drop_column('conversations', 'pinned')
