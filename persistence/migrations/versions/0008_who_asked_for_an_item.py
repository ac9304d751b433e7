"""an item knows the run that asked for it by name; a run knows which one it retries, and who cancelled it and why"""
from alembic import op
import sqlalchemy as sa
revision = '0008'
down_revision = '0007'


def upgrade() -> None:
    op.add_column('job_items', sa.Column('asked_by', sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f('fk_job_items_asked_by_job_runs'), 'job_items', 'job_runs', ['asked_by'], ['id'], ondelete='SET NULL')
    op.create_index('ix_job_items_asked', 'job_items', ['asked_by', 'user_id', 'period'], unique=False, postgresql_where=sa.text('asked_by IS NOT NULL'))
    op.add_column('job_runs', sa.Column('retry_of', sa.Uuid(), nullable=True))
    op.add_column('job_runs', sa.Column('cancel_requested_by', sa.Uuid(), nullable=True))
    op.add_column('job_runs', sa.Column('cancel_reason', sa.Text(), nullable=True))
    op.create_foreign_key(op.f('fk_job_runs_retry_of_job_runs'), 'job_runs', 'job_runs', ['retry_of'], ['id'], ondelete='SET NULL')
    op.create_foreign_key(op.f('fk_job_runs_cancel_requested_by_users'), 'job_runs', 'users', ['cancel_requested_by'], ['id'], ondelete='SET NULL')
    op.create_index(op.f('ix_job_runs_cancel_requested_by'), 'job_runs', ['cancel_requested_by'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_job_runs_cancel_requested_by'), table_name='job_runs')
    op.drop_column('job_runs', 'cancel_reason')
    op.drop_column('job_runs', 'cancel_requested_by')
    op.drop_column('job_runs', 'retry_of')
    op.drop_index('ix_job_items_asked', table_name='job_items', postgresql_where=sa.text('asked_by IS NOT NULL'))
    op.drop_column('job_items', 'asked_by')
