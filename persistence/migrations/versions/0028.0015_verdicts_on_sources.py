"""verdicts on the sources of answers, and verdicts that a value of the profile is over"""
from alembic import op
import sqlalchemy as sa
revision = '0028.0015'
down_revision = '0026.0015'


def upgrade() -> None:
    op.create_table('source_verdicts',
        sa.Column('user_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('conversation_id', sa.Uuid(), nullable=True),
        sa.Column('source', sa.Text(), nullable=False),
        sa.Column('verdict', sa.Enum('WRONG', 'OUTDATED', 'NOT_NOW', name='sourceverdict', native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.Column('withheld', sa.Boolean(), nullable=False),
        sa.Column('verdict_id', sa.Uuid(), nullable=True),
        sa.Column('line_ids', sa.ARRAY(sa.Uuid()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_source_verdicts_user_id_users'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['user_id', 'conversation_id'], ['conversations.user_id', 'conversations.id'],
            name=op.f('fk_source_verdicts_user_id_conversation_id_conversations'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('user_id', 'id', name=op.f('pk_source_verdicts')),
    )
    op.create_index('uq_source_verdicts_everywhere', 'source_verdicts', ['user_id', 'source'], unique=True,
        postgresql_where=sa.text('conversation_id is null'))
    op.create_index('uq_source_verdicts_conversation', 'source_verdicts', ['user_id', 'conversation_id', 'source'], unique=True,
        postgresql_where=sa.text('conversation_id is not null'))
    _verdict_kinds('SET', 'LOCK', 'UNLOCK', 'REJECT', 'END', 'REVERT')


def downgrade() -> None:
    op.execute("delete from verdicts where kind = 'END'")
    _verdict_kinds('SET', 'LOCK', 'UNLOCK', 'REJECT', 'REVERT')
    op.drop_index('uq_source_verdicts_conversation', table_name='source_verdicts')
    op.drop_index('uq_source_verdicts_everywhere', table_name='source_verdicts')
    op.drop_table('source_verdicts')


def _verdict_kinds(*kinds: str) -> None:
    op.drop_constraint(op.f('ck_verdicts_verdictkind'), 'verdicts', type_='check')
    op.create_check_constraint(op.f('ck_verdicts_verdictkind'), 'verdicts', sa.column('kind').in_(kinds))
