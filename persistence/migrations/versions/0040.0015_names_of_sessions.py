"""the name that a client gave itself at sign-in

The new column is nullable without a default, so that no row is rewritten: older code works on it.
"""
from alembic import op
import sqlalchemy as sa
revision = '0040.0015'
down_revision = '0039.0015'


def upgrade() -> None:
    op.add_column('sign_ins', sa.Column('client_name', sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column('sign_ins', 'client_name')
