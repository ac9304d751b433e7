"""search terms beside messages and diaries, so that a search does not read all texts

The tables are new and empty, so that their indexes take no time and nothing is locked. The timers fill them, user by user; until then a search reads
the texts. The narrow rows of message_terms keep their terms apart (toast), because a search visits many rows and needs no terms of them.
"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
revision = '0020.0015'
down_revision = '0019.0015'


def upgrade() -> None:
    op.create_table('search_states',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.SmallInteger(), server_default=sa.text('0'), nullable=False),
    sa.Column('through', sa.Uuid(), nullable=True),
    sa.Column('messages', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('characters', sa.BigInteger(), server_default=sa.text('0'), nullable=False),
    sa.Column('recallable', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('recallable_characters', sa.BigInteger(), server_default=sa.text('0'), nullable=False),
    sa.Column('weighted', sa.Float(), server_default=sa.text('0'), nullable=False),
    sa.Column('days', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.CheckConstraint('least(messages, recallable) >= 0', name=op.f('ck_search_states_counted')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_search_states_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_search_states'))
    )
    op.create_table('search_sweeps',
    sa.Column('id', sa.Integer(), autoincrement=False, server_default=sa.text('1'), nullable=False),
    sa.Column('after', sa.Uuid(), nullable=True),
    sa.CheckConstraint('id = 1', name=op.f('ck_search_sweeps_one_row')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_sweeps'))
    )
    op.create_table('message_terms',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('message_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.SmallInteger(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('length', sa.Integer(), nullable=False),
    sa.Column('by_user', sa.Boolean(), nullable=False),
    sa.Column('recallable', sa.Boolean(), nullable=False),
    sa.Column('terms', postgresql.ARRAY(sa.BigInteger()), nullable=False),
    sa.ForeignKeyConstraint(['user_id', 'message_id'], ['messages.user_id', 'messages.id'], name=op.f('fk_message_terms_user_id_message_id_messages'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'message_id', name=op.f('pk_message_terms'))
    )
    op.execute('ALTER TABLE message_terms ALTER COLUMN terms SET STORAGE EXTERNAL')
    op.execute('ALTER TABLE message_terms SET (toast_tuple_target = 128)')
    op.create_index('ix_message_terms_day', 'message_terms', ['user_id', 'day'], unique=False)
    op.create_index('ix_message_terms_terms', 'message_terms', ['terms'], unique=False, postgresql_using='gin', postgresql_with={'gin_pending_list_limit': 128})
    op.create_table('diary_terms',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('diary_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.SmallInteger(), nullable=False),
    sa.Column('diary_version', sa.Integer(), nullable=False),
    sa.Column('terms', postgresql.ARRAY(sa.BigInteger()), nullable=False),
    sa.ForeignKeyConstraint(['user_id', 'diary_id'], ['diaries.user_id', 'diaries.id'], name=op.f('fk_diary_terms_user_id_diary_id_diaries'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'diary_id', name=op.f('pk_diary_terms'))
    )
    op.create_index('ix_diary_terms_terms', 'diary_terms', ['terms'], unique=False, postgresql_using='gin', postgresql_with={'gin_pending_list_limit': 128})


def downgrade() -> None:
    op.drop_table('diary_terms')
    op.drop_table('message_terms')
    op.drop_table('search_sweeps')
    op.drop_table('search_states')
