-- the number of erasures of each user, by which an answer or a diary that is stored learns of one since its sources were read

ALTER TABLE user_storage ADD COLUMN erasures INTEGER DEFAULT 0 NOT NULL;

CREATE FUNCTION erasures_of(owner uuid) RETURNS integer LANGUAGE plpgsql VOLATILE AS $$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('erasure of ' || owner, 0));
  return coalesce((select s.erasures from user_storage s where s.user_id = owner), 0);
end
$$;
