"""a quote keeps what the model cited of it; an attempt keeps why lines and signals of its draft were dropped

Columns are added that may be null: older code works on these tables, and no row is read or written.
"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
revision = '0015.0001'
down_revision = '0014.0001'


def upgrade() -> None:
    for table in ('line_evidence', 'signal_evidence'):
        op.add_column(table, sa.Column('cited_start', sa.Integer(), nullable=True))
        op.add_column(table, sa.Column('cited_end', sa.Integer(), nullable=True))
    op.add_column('job_attempts', sa.Column('dropped', postgresql.JSONB(astext_type=sa.Text()), nullable=True))


def downgrade() -> None:
    op.drop_column('job_attempts', 'dropped')
    for table in ('signal_evidence', 'line_evidence'):
        op.drop_column(table, 'cited_end')
        op.drop_column(table, 'cited_start')
