"""the time of the latest change of anything of a user

The table begins empty: a user without a row has changed nothing since. Older code works on it; what it changes is not noted.
"""
from alembic import op
import sqlalchemy as sa
revision = '0037.0015'
down_revision = '0035.0015'


def upgrade() -> None:
    op.create_table('user_changes',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_user_changes_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_user_changes'))
    )


def downgrade() -> None:
    op.drop_table('user_changes')
