-- the identity of the database, which changes when it is restored or another server takes over

CREATE FUNCTION feed_epoch() RETURNS bigint LANGUAGE plpgsql STABLE AS $$
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
end
$$;
