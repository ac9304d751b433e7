"""the identity of the database, which changes when it is restored or another server takes over

A cursor of the feed of changes names transactions, which are others after that. Not every database lets its users call the functions that tell the
identity of the server; then the time of its start takes their place.
"""
from alembic import op
revision = '0045.0015'
down_revision = '0040.0015'

EPOCH = """
declare
  identity text;
begin
  begin
    select s.system_identifier || ':' || greatest(c.timeline_id, r.min_recovery_end_timeline) into identity
    from pg_control_system() s, pg_control_checkpoint() c, pg_control_recovery() r;
  exception when insufficient_privilege or undefined_function or feature_not_supported then
    identity := 'started:' || extract(epoch from pg_postmaster_start_time());
  end;
  return hashtextextended(identity || coalesce(':' || nullif(current_setting('unilife.restored', true), ''), ''), 0);
end"""


def upgrade() -> None:
    op.execute(f'CREATE FUNCTION feed_epoch() RETURNS bigint LANGUAGE plpgsql STABLE AS $$\n{EPOCH.strip()}\n$$')


def downgrade() -> None:
    op.execute('DROP FUNCTION feed_epoch()')
