"""which disputed values the chat was told to ask about; messages that are gone leave the lists of verdicts"""
from alembic import op
import sqlalchemy as sa
revision = '0007'
down_revision = '0006'


def upgrade() -> None:
    op.create_table('dispute_questions',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('slot', sa.Text(), nullable=False),
    sa.Column('dispute', sa.Text(), nullable=False),
    sa.Column('question_id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['user_id', 'question_id'], ['messages.user_id', 'messages.id'], name=op.f('fk_dispute_questions_user_id_question_id_messages'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_dispute_questions_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'slot', name=op.f('pk_dispute_questions'))
    )
    op.create_index('ix_dispute_questions_question', 'dispute_questions', ['user_id', 'question_id'], unique=False)
    op.execute("""
        update verdicts v set evidence = array(
          select l.id from unnest(v.evidence) with ordinality l(id, place)
          where exists (select from messages m where m.user_id = v.user_id and m.id = l.id) order by l.place)
        where exists (select from unnest(v.evidence) l(id) where not exists (select from messages m where m.user_id = v.user_id and m.id = l.id))
    """)


def downgrade() -> None:
    op.drop_index('ix_dispute_questions_question', table_name='dispute_questions')
    op.drop_table('dispute_questions')
