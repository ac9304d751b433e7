"""the identity of the database, which changes when it is restored or another server takes over

A cursor of the feed of changes names transactions, which are others after that. The identity is made of the server's, of the database's and of the table's: a
restore on the same server makes others of these. The timeline of a server that takes over is in its control file as the end of recovery until its
first checkpoint. Not every database lets its users call the functions that tell the identity of the server; then the time of its start takes their place.
"""
from alembic import op
revision = '0045.0015'
down_revision = '0044.0015'

EPOCH = """
declare
  server text;
begin
  begin
    select s.system_identifier || ':' || greatest(c.timeline_id, r.min_recovery_end_timeline) into server
    from pg_control_system() s, pg_control_checkpoint() c, pg_control_recovery() r;
  exception when insufficient_privilege or undefined_function or feature_not_supported then
    server := extract(epoch from pg_postmaster_start_time());
  end;
  return (
    select hashtextextended(concat_ws(':', server, d.oid, t.oid, pg_relation_filenode(t.oid), current_setting('unilife.restored', true)), 0)
    from pg_database d, pg_class t where d.datname = current_database() and t.oid = 'row_changes'::regclass);
end"""


def upgrade() -> None:
    op.execute(f'CREATE FUNCTION feed_epoch() RETURNS bigint LANGUAGE plpgsql STABLE AS $$\n{EPOCH.strip()}\n$$')


def downgrade() -> None:
    op.execute('DROP FUNCTION feed_epoch()')
