"""the index of what is ready also holds the period, so that a claim reads its items in order instead of sorting all that are due"""
from alembic import op
import sqlalchemy as sa
revision = '0004'
down_revision = '0003'


def upgrade() -> None:
    _ready('job', 'due_at', 'period')


def downgrade() -> None:
    _ready('job', 'due_at')


def _ready(*columns: str) -> None:
    op.drop_index('ix_job_items_ready', table_name='job_items', postgresql_where=sa.text("status = 'PENDING'"))
    op.create_index('ix_job_items_ready', 'job_items', list(columns), unique=False, postgresql_where=sa.text("status = 'PENDING'"))
