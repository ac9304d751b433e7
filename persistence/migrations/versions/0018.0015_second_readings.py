"""an attempt keeps what a second reading answered about the claims of its draft

A column is added that may be null: older code works on this table, and no row is read or written.
"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
revision = '0018.0015'
down_revision = '0017.0015'


def upgrade() -> None:
    op.add_column('job_attempts', sa.Column('checks', postgresql.JSONB(astext_type=sa.Text()), nullable=True))


def downgrade() -> None:
    op.drop_column('job_attempts', 'checks')
