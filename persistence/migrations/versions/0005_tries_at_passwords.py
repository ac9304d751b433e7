"""tries at passwords and registrations, counted across instances under keyed hashes"""
from alembic import op
import sqlalchemy as sa
revision = '0005'
down_revision = '0004'


def upgrade() -> None:
    op.create_table('throttles',
    sa.Column('key', sa.LargeBinary(), nullable=False),
    sa.Column('account', sa.LargeBinary(), nullable=True),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('tried_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('blocked_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('trusted_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_throttles'))
    )
    op.create_index('ix_throttles_account', 'throttles', ['account'], unique=False)
    op.create_index('ix_throttles_expires_at', 'throttles', ['expires_at'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_throttles_expires_at', table_name='throttles')
    op.drop_index('ix_throttles_account', table_name='throttles')
    op.drop_table('throttles')
