"""users define slots of their own, and switch sensitive ones on

A new table, and a column with a default that is not stored in the rows: older code works on both, and no row is read or written.
"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
revision = '0019.0015'
down_revision = '0018.0015'


def upgrade() -> None:
    op.add_column('users', sa.Column('sensitive_slots', postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False))
    op.create_table('own_slots',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('name_key', sa.Text(), nullable=False),
    sa.Column('many', sa.Boolean(), nullable=False),
    sa.Column('half_life_days', sa.Integer(), nullable=True),
    sa.Column('guide', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint('half_life_days > 0', name=op.f('ck_own_slots_half_life_days')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_own_slots_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'id', name=op.f('pk_own_slots'))
    )
    op.create_index('uq_own_slots_name', 'own_slots', ['user_id', 'name_key'], unique=True)


def downgrade() -> None:
    op.drop_table('own_slots')
    op.drop_column('users', 'sensitive_slots')
