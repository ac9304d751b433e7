"""the person corrects and forgets: what they wrote by hand, withdrew, deleted, reverted"""
from alembic import op
import sqlalchemy as sa
revision = '0002'
down_revision = '0001'

LINE_KINDS = ('SUMMARY', 'HIGHLIGHT', 'DECISION', 'OPEN_QUESTION', 'EMOTION', 'PATTERN', 'ACTIVITY', 'TIME_PREFERENCE', 'DECISION_STYLE')


def upgrade() -> None:
    op.add_column('messages', sa.Column('copy_of', sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f('fk_messages_user_id_copy_of_messages'), 'messages', 'messages', ['user_id', 'copy_of'], ['user_id', 'id'], ondelete='CASCADE')
    op.create_index('ix_messages_copy_of', 'messages', ['user_id', 'copy_of'], unique=False, postgresql_where=sa.text('copy_of is not null'))
    op.add_column('diary_versions', sa.Column('summary_by_person', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    op.add_column('diary_versions', sa.Column('mood_by_person', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    op.add_column('diary_lines', sa.Column('replaced_text', sa.Text(), nullable=True))
    op.add_column('signal_evidence', sa.Column('withdrawn', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    op.add_column('verdicts', sa.Column('reason', sa.Text(), nullable=True))
    op.add_column('verdicts', sa.Column('as_of', sa.Date(), nullable=True))
    op.add_column('verdicts', sa.Column('until', sa.DateTime(timezone=True), nullable=True))
    _verdict_kinds('SET', 'LOCK', 'UNLOCK', 'REJECT', 'REVERT')
    op.create_table('line_deletions',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('diary_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum(*LINE_KINDS, name='deleted_kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('message_id', sa.Uuid(), nullable=False),
    sa.Column('start', sa.Integer(), nullable=False),
    sa.Column('stop', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['user_id', 'diary_id'], ['diaries.user_id', 'diaries.id'], name=op.f('fk_line_deletions_user_id_diary_id_diaries'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id', 'message_id'], ['messages.user_id', 'messages.id'], name=op.f('fk_line_deletions_user_id_message_id_messages'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'id', name=op.f('pk_line_deletions'))
    )
    op.create_index('ix_line_deletions_diary', 'line_deletions', ['user_id', 'diary_id'], unique=False)
    op.create_index('ix_line_deletions_message', 'line_deletions', ['user_id', 'message_id'], unique=False)
    op.create_table('diary_deletions',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('through', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_diary_deletions_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'day', name=op.f('pk_diary_deletions'))
    )


def downgrade() -> None:
    op.drop_table('diary_deletions')
    op.drop_index('ix_line_deletions_message', table_name='line_deletions')
    op.drop_index('ix_line_deletions_diary', table_name='line_deletions')
    op.drop_table('line_deletions')
    op.execute("delete from verdicts where kind = 'REVERT'")
    _verdict_kinds('SET', 'LOCK', 'UNLOCK', 'REJECT')
    op.drop_column('verdicts', 'until')
    op.drop_column('verdicts', 'as_of')
    op.drop_column('verdicts', 'reason')
    op.drop_column('signal_evidence', 'withdrawn')
    op.drop_column('diary_lines', 'replaced_text')
    op.drop_column('diary_versions', 'mood_by_person')
    op.drop_column('diary_versions', 'summary_by_person')
    op.drop_index('ix_messages_copy_of', table_name='messages')
    op.drop_constraint(op.f('fk_messages_user_id_copy_of_messages'), 'messages', type_='foreignkey')
    op.drop_column('messages', 'copy_of')


def _verdict_kinds(*kinds: str) -> None:
    op.drop_constraint(op.f('ck_verdicts_verdictkind'), 'verdicts', type_='check')
    op.create_check_constraint(op.f('ck_verdicts_verdictkind'), 'verdicts', sa.column('kind').in_(kinds))
