-- the identity of the database, which changes when it is restored or another server takes over

CREATE FUNCTION feed_epoch() RETURNS bigint LANGUAGE plpgsql STABLE AS $$
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
end
$$;
