"""the number of erasures of each user, by which an answer or a diary that is stored learns of one since its sources were read

`erasures_of` waits for an erasure that is in progress and keeps the next one waiting until the transaction ends. It is VOLATILE, so that it reads what was
committed before it got the lock, whatever snapshot its statement has. The new column has a constant default, so that no row is rewritten: older code works on it.
"""
from alembic import op
import sqlalchemy as sa
revision = '0042.0015'
down_revision = '0040.0015'


def upgrade() -> None:
    op.add_column('user_storage', sa.Column('erasures', sa.Integer(), server_default=sa.text('0'), nullable=False))
    op.execute("""CREATE FUNCTION erasures_of(owner uuid) RETURNS integer LANGUAGE plpgsql VOLATILE AS $$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('erasure of ' || owner, 0));
  return coalesce((select s.erasures from user_storage s where s.user_id = owner), 0);
end
$$""")


def downgrade() -> None:
    op.execute('DROP FUNCTION erasures_of(uuid)')
    op.drop_column('user_storage', 'erasures')
