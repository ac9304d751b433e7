"""an answer that was cut off by its length limit or by a content filter says so"""
from alembic import op
import sqlalchemy as sa
revision = '0009'
down_revision = '0008'


def upgrade() -> None:
    kinds = sa.Enum('LENGTH', 'FILTER', name='cutoff', native_enum=False, create_constraint=True, length=32)
    op.add_column('messages', sa.Column('cut_off', kinds, nullable=True))


def downgrade() -> None:
    op.drop_column('messages', 'cut_off')
