"""cached and thought tokens of calls, and what calls cost at the price of their minute"""
from alembic import op
import sqlalchemy as sa
revision = '0011'
down_revision = '0010'

PURPOSE = sa.Enum('CHAT', 'TITLE', 'SUMMARY', 'DIARY', 'WEEK', name='purpose', native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    for table in ('usage', 'job_attempts'):
        for column in ('cached_tokens', 'thinking_tokens'):
            op.add_column(table, sa.Column(column, sa.BigInteger(), server_default=sa.text('0'), nullable=False))
            op.create_check_constraint(op.f(f'ck_{table}_{column}'), table, f'{column} >= 0')
    op.add_column('job_attempts', sa.Column('cost_nano', sa.BigInteger(), server_default=sa.text('0'), nullable=False))
    op.create_check_constraint(op.f('ck_job_attempts_cost_nano'), 'job_attempts', 'cost_nano >= 0')
    op.add_column('job_attempts', sa.Column('cost_currency', sa.Text(), nullable=True))
    op.create_table('usage_costs',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('purpose', PURPOSE, nullable=False),
    sa.Column('currency', sa.Text(), nullable=False),
    sa.Column('nano', sa.BigInteger(), server_default=sa.text('0'), nullable=False),
    sa.CheckConstraint('nano >= 0', name=op.f('ck_usage_costs_nano')),
    sa.ForeignKeyConstraint(['user_id', 'day', 'purpose'], ['usage.user_id', 'usage.day', 'usage.purpose'], name=op.f('fk_usage_costs_user_id_day_purpose_usage'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'day', 'purpose', 'currency', name=op.f('pk_usage_costs'))
    )
    op.create_index('ix_usage_costs_day', 'usage_costs', ['day'], unique=False)


def downgrade() -> None:
    op.drop_table('usage_costs')
    op.drop_column('job_attempts', 'cost_currency')
    op.drop_column('job_attempts', 'cost_nano')
    for table in ('job_attempts', 'usage'):
        for column in ('thinking_tokens', 'cached_tokens'):
            op.drop_column(table, column)
