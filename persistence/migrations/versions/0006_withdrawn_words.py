"""the words that a person withdrew are found by their day"""
from alembic import op
import sqlalchemy as sa
revision = '0006'
down_revision = '0005'


def upgrade() -> None:
    op.create_index('ix_signal_evidence_withdrawn', 'signal_evidence', ['user_id', 'day'], unique=False, postgresql_where=sa.text('withdrawn'))


def downgrade() -> None:
    op.drop_index('ix_signal_evidence_withdrawn', table_name='signal_evidence', postgresql_where=sa.text('withdrawn'))
