"""limits across instances: places at the model, pauses, pace, budget; runs can be cancelled and say why they were asked for"""
from alembic import op
import sqlalchemy as sa
revision = '0003'
down_revision = '0002'


def upgrade() -> None:
    op.create_table('model_slots',
    sa.Column('slot', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('run_id', sa.Uuid(), nullable=True),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('slot', name=op.f('pk_model_slots'))
    )
    op.create_table('pauses',
    sa.Column('kind', sa.Enum('MODEL', 'SWITCH', name='pausekind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('probe_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('requested_by', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['requested_by'], ['users.id'], name=op.f('fk_pauses_requested_by_users'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('kind', name=op.f('pk_pauses'))
    )
    op.create_index(op.f('ix_pauses_requested_by'), 'pauses', ['requested_by'], unique=False)
    op.create_table('model_pace',
    sa.Column('id', sa.Integer(), autoincrement=False, server_default=sa.text('1'), nullable=False),
    sa.Column('available', sa.Float(), nullable=False),
    sa.Column('refilled_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_model_pace_one_row')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_model_pace'))
    )
    op.create_table('night_budgets',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('spent', sa.BigInteger(), server_default=sa.text('0'), nullable=False),
    sa.Column('reserved', sa.BigInteger(), server_default=sa.text('0'), nullable=False),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_night_budgets'))
    )
    op.add_column('job_runs', sa.Column('reason', sa.Text(), nullable=True))
    op.add_column('job_runs', sa.Column('cancel_requested_at', sa.DateTime(timezone=True), nullable=True))
    _statuses('RUNNING', 'SUCCEEDED', 'PARTIAL', 'FAILED', 'CANCELLED')
    op.add_column('users', sa.Column('chat_tokens_per_day', sa.Integer(), nullable=True))
    op.add_column('usage', sa.Column('reserved_tokens', sa.Integer(), server_default=sa.text('0'), nullable=False))
    op.create_index('ix_job_items_failed', 'job_items', ['job', 'finished_at'], unique=False, postgresql_where=sa.text("status = 'FAILED'"))
    op.create_index('ix_job_attempts_ended', 'job_attempts', ['job', 'finished_at'], unique=False)


def downgrade() -> None:
    op.execute("update job_runs set status = 'PARTIAL' where status = 'CANCELLED'")
    _statuses('RUNNING', 'SUCCEEDED', 'PARTIAL', 'FAILED')
    op.drop_column('usage', 'reserved_tokens')
    op.drop_column('users', 'chat_tokens_per_day')
    op.drop_index('ix_job_attempts_ended', table_name='job_attempts')
    op.drop_index('ix_job_items_failed', table_name='job_items', postgresql_where=sa.text("status = 'FAILED'"))
    op.drop_column('job_runs', 'cancel_requested_at')
    op.drop_column('job_runs', 'reason')
    op.drop_table('night_budgets')
    op.drop_table('model_pace')
    op.drop_table('pauses')
    op.drop_table('model_slots')


def _statuses(*statuses: str) -> None:
    op.drop_constraint(op.f('ck_job_runs_runstatus'), 'job_runs', type_='check')
    op.create_check_constraint(op.f('ck_job_runs_runstatus'), 'job_runs', sa.column('status').in_(statuses))
