"""an item, its attempts and a pause keep how the model's provider worded its refusal"""
from alembic import op
import sqlalchemy as sa
revision = '0010'
down_revision = '0009'


def upgrade() -> None:
    for table in ('job_items', 'job_attempts', 'pauses'):
        op.add_column(table, sa.Column('provider_status', sa.Integer(), nullable=True))
        op.add_column(table, sa.Column('provider_code', sa.Text(), nullable=True))
        op.add_column(table, sa.Column('provider_message', sa.Text(), nullable=True))


def downgrade() -> None:
    for table in ('pauses', 'job_attempts', 'job_items'):
        op.drop_column(table, 'provider_message')
        op.drop_column(table, 'provider_code')
        op.drop_column(table, 'provider_status')
