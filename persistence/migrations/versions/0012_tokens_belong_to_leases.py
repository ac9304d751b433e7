"""tokens are set aside for an item's lease, and a night's spending is counted by person; a day's words are remembered by their hash"""
from alembic import op
import sqlalchemy as sa
revision = '0012'
down_revision = '0011'


def upgrade() -> None:
    op.add_column('job_items', sa.Column('words_digest', sa.LargeBinary(), nullable=True))
    op.add_column('job_items', sa.Column('estimated_tokens', sa.BigInteger(), nullable=True))
    op.add_column('job_items', sa.Column('reserved_by', sa.Uuid(), nullable=True))
    op.add_column('job_items', sa.Column('reserved_tokens', sa.BigInteger(), server_default=sa.text('0'), nullable=False))
    op.add_column('job_items', sa.Column('reserved_on', sa.Date(), nullable=True))
    op.add_column('job_items', sa.Column('reserved_until', sa.DateTime(timezone=True), nullable=True))
    op.add_column('job_items', sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(op.f('ck_job_items_reserved_tokens'), 'job_items', 'reserved_tokens >= 0')
    op.create_index('ix_job_items_reserved', 'job_items', ['reserved_until'], unique=False, postgresql_where=sa.text('reserved_by IS NOT NULL'))
    op.create_table('night_shares',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('spent', sa.BigInteger(), server_default=sa.text('0'), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_night_shares_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'day', name=op.f('pk_night_shares'))
    )
    op.create_index('ix_night_shares_day', 'night_shares', ['day'], unique=False)


def downgrade() -> None:
    op.drop_table('night_shares')
    op.drop_index('ix_job_items_reserved', table_name='job_items', postgresql_where=sa.text('reserved_by IS NOT NULL'))
    op.drop_constraint(op.f('ck_job_items_reserved_tokens'), 'job_items')
    for column in ('asked_at', 'reserved_until', 'reserved_on', 'reserved_tokens', 'reserved_by', 'estimated_tokens', 'words_digest'):
        op.drop_column('job_items', column)
