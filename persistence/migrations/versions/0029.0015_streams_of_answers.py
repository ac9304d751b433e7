"""the text so far of answers that are being streamed, and a mark on answers that were stopped"""
from alembic import op
import sqlalchemy as sa
revision = '0029.0015'
down_revision = '0028.0015'


def upgrade() -> None:
    _limit_cut_off('LENGTH', 'FILTER', 'STOPPED')
    op.create_table('answer_streams',
        sa.Column('user_id', sa.Uuid(), nullable=False),
        sa.Column('question_id', sa.Uuid(), nullable=False),
        sa.Column('lease', sa.DateTime(timezone=True), nullable=False),
        sa.Column('answer_id', sa.Uuid(), nullable=True),
        sa.Column('continues', sa.Boolean(), server_default=sa.text('false'), nullable=False),
        sa.Column('start', sa.Integer(), server_default=sa.text('0'), nullable=False),
        sa.Column('content', sa.Text(), nullable=False),
        sa.Column('sources', sa.Text(), nullable=True),
        sa.Column('stop_requested', sa.Boolean(), server_default=sa.text('false'), nullable=False),
        sa.Column('beat_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('watched_at', sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint('start >= 0', name=op.f('ck_answer_streams_start')),
        sa.ForeignKeyConstraint(['user_id', 'question_id'], ['messages.user_id', 'messages.id'],
            name=op.f('fk_answer_streams_user_id_messages'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('user_id', 'question_id', name=op.f('pk_answer_streams')),
    )
    op.execute('ALTER TABLE answer_streams ALTER COLUMN content SET STATISTICS 0, ALTER COLUMN sources SET STATISTICS 0')


def downgrade() -> None:
    op.drop_table('answer_streams')
    op.execute("UPDATE messages SET cut_off = 'LENGTH' WHERE cut_off = 'STOPPED'")
    _limit_cut_off('LENGTH', 'FILTER')


def _limit_cut_off(*reasons: str) -> None:
    """Replace the check of the column. `NOT VALID` and a separate validation keep the table open to writes while its rows are read."""
    values = ', '.join(f"'{reason}'" for reason in reasons)
    op.execute('ALTER TABLE messages DROP CONSTRAINT ck_messages_cutoff')
    op.execute(f'ALTER TABLE messages ADD CONSTRAINT ck_messages_cutoff CHECK (cut_off IN ({values})) NOT VALID')
    op.execute('ALTER TABLE messages VALIDATE CONSTRAINT ck_messages_cutoff')
