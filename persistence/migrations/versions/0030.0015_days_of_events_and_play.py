"""the days of which lines and signals tell, the events that were asked about, and conversations that are play

Columns are added that may be null or have a constant default, so that no row is rewritten. The partial indexes begin empty.
"""
from alembic import op
import sqlalchemy as sa
revision = '0030.0015'
down_revision = '0029.0015'


def upgrade() -> None:
    op.add_column('conversations', sa.Column('play', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    for table in ('diary_lines', 'signals'):
        op.add_column(table, sa.Column('happens_on', sa.Date(), nullable=True))
        op.create_index(f'ix_{table}_happens_on', table, ['user_id', 'happens_on'], unique=False, postgresql_where=sa.text('happens_on is not null'))
    op.create_table('event_questions',
        sa.Column('user_id', sa.Uuid(), nullable=False),
        sa.Column('message_id', sa.Uuid(), nullable=False),
        sa.Column('happens_on', sa.Date(), nullable=False),
        sa.Column('question_id', sa.Uuid(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['user_id', 'message_id'], ['messages.user_id', 'messages.id'],
            name=op.f('fk_event_questions_user_id_message_id_messages'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['user_id', 'question_id'], ['messages.user_id', 'messages.id'],
            name=op.f('fk_event_questions_user_id_question_id_messages'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('user_id', 'message_id', 'happens_on', name=op.f('pk_event_questions')),
    )
    op.create_index('ix_event_questions_question', 'event_questions', ['user_id', 'question_id'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_event_questions_question', table_name='event_questions')
    op.drop_table('event_questions')
    for table in ('signals', 'diary_lines'):
        op.drop_index(f'ix_{table}_happens_on', table_name=table, postgresql_where=sa.text('happens_on is not null'))
        op.drop_column(table, 'happens_on')
    op.drop_column('conversations', 'play')
