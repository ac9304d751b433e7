"""planning without a look at each user and run

Planning reads the few users without diaries from an index of their own. Items refer to runs without foreign keys: PostgreSQL checked each new item's run by
itself, a fifth of the time of planning, and again at each claim. Runs are never deleted. Older code works on it.
"""
from alembic import op
import sqlalchemy as sa
revision = '0044.0015'
down_revision = '0042.0015'
RUNS = {'run_id': 'fk_job_items_run_id_job_runs', 'requested_by_run_id': 'fk_job_items_requested_by_run_id_job_runs'}


def upgrade() -> None:
    op.create_index('ix_users_without_diary', 'users', ['id'], unique=False,
                    postgresql_where=sa.text("disabled OR memory_off <> '{}' OR memory_paused_until IS NOT NULL"))
    for name in RUNS.values():
        op.drop_constraint(op.f(name), 'job_items', type_='foreignkey')


def downgrade() -> None:
    for column, name in RUNS.items():
        op.create_foreign_key(op.f(name), 'job_items', 'job_runs', [column], ['id'], ondelete='SET NULL')
    op.drop_index('ix_users_without_diary', table_name='users',
                  postgresql_where=sa.text("disabled OR memory_off <> '{}' OR memory_paused_until IS NOT NULL"))
