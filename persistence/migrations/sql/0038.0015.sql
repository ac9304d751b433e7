-- the latest change of each object that clients keep

CREATE TABLE row_changes (
    user_id UUID NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    id UUID NOT NULL,
    changed_in BIGINT NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    deleted BOOLEAN NOT NULL,
    CONSTRAINT pk_row_changes PRIMARY KEY (user_id, kind, id),
    CONSTRAINT fk_row_changes_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX ix_row_changes_order ON row_changes (user_id, changed_in, kind, id);

CREATE FUNCTION record_changes() RETURNS trigger LANGUAGE plpgsql AS $$
begin
  insert into row_changes (user_id, kind, id, changed_in, changed_at, deleted)
  select c.user_id, tg_argv[0], c.id, pg_current_xact_id()::text::bigint, now(), false from changed c
  on conflict (user_id, kind, id) do update set changed_in = excluded.changed_in, changed_at = excluded.changed_at, deleted = excluded.deleted
    where row_changes.changed_in <> excluded.changed_in or row_changes.deleted <> excluded.deleted;
  return null;
end
$$;

CREATE FUNCTION record_deletions() RETURNS trigger LANGUAGE plpgsql AS $$
begin
  insert into row_changes (user_id, kind, id, changed_in, changed_at, deleted)
  select c.user_id, tg_argv[0], c.id, pg_current_xact_id()::text::bigint, now(), true from changed c where exists (select from users u where u.id = c.user_id)
  on conflict (user_id, kind, id) do update set changed_in = excluded.changed_in, changed_at = excluded.changed_at, deleted = excluded.deleted
    where row_changes.changed_in <> excluded.changed_in or row_changes.deleted <> excluded.deleted;
  return null;
end
$$;

CREATE FUNCTION record_user_changes() RETURNS trigger LANGUAGE plpgsql AS $$
begin
  insert into row_changes (user_id, kind, id, changed_in, changed_at, deleted)
  select c.id, 'User', c.id, pg_current_xact_id()::text::bigint, now(), false from changed c
  on conflict (user_id, kind, id) do update set changed_in = excluded.changed_in, changed_at = excluded.changed_at, deleted = excluded.deleted
    where row_changes.changed_in <> excluded.changed_in or row_changes.deleted <> excluded.deleted;
  return null;
end
$$;

CREATE FUNCTION record_settings_changes() RETURNS trigger LANGUAGE plpgsql AS $$
begin
  insert into row_changes (user_id, kind, id, changed_in, changed_at, deleted)
  select distinct c.user_id, 'User', c.user_id, pg_current_xact_id()::text::bigint, now(), false from changed c where exists (select from users u where u.id = c.user_id)
  on conflict (user_id, kind, id) do update set changed_in = excluded.changed_in, changed_at = excluded.changed_at, deleted = excluded.deleted
    where row_changes.changed_in <> excluded.changed_in or row_changes.deleted <> excluded.deleted;
  return null;
end
$$;

CREATE FUNCTION record_diary_changes() RETURNS trigger LANGUAGE plpgsql AS $$
begin
  insert into row_changes (user_id, kind, id, changed_in, changed_at, deleted)
  select distinct c.user_id, 'Diary', c.diary_id, pg_current_xact_id()::text::bigint, now(), false from changed c where exists (select from diaries d where d.user_id = c.user_id and d.id = c.diary_id)
  on conflict (user_id, kind, id) do update set changed_in = excluded.changed_in, changed_at = excluded.changed_at, deleted = excluded.deleted
    where row_changes.changed_in <> excluded.changed_in or row_changes.deleted <> excluded.deleted;
  return null;
end
$$;

CREATE FUNCTION record_line_evidence_changes() RETURNS trigger LANGUAGE plpgsql AS $$
begin
  insert into row_changes (user_id, kind, id, changed_in, changed_at, deleted)
  select distinct c.user_id, 'Diary', l.diary_id, pg_current_xact_id()::text::bigint, now(), false from changed c join diary_lines l on l.user_id = c.user_id and l.id = c.line_id
  on conflict (user_id, kind, id) do update set changed_in = excluded.changed_in, changed_at = excluded.changed_at, deleted = excluded.deleted
    where row_changes.changed_in <> excluded.changed_in or row_changes.deleted <> excluded.deleted;
  return null;
end
$$;

CREATE FUNCTION record_signal_evidence_changes() RETURNS trigger LANGUAGE plpgsql AS $$
begin
  insert into row_changes (user_id, kind, id, changed_in, changed_at, deleted)
  select distinct c.user_id, 'Diary', s.diary_id, pg_current_xact_id()::text::bigint, now(), false from changed c join signals s on s.user_id = c.user_id and s.id = c.signal_id where s.diary_id is not null
  on conflict (user_id, kind, id) do update set changed_in = excluded.changed_in, changed_at = excluded.changed_at, deleted = excluded.deleted
    where row_changes.changed_in <> excluded.changed_in or row_changes.deleted <> excluded.deleted;
  return null;
end
$$;

CREATE TRIGGER feed_insert AFTER INSERT ON conversations REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION record_changes('Conversation');

CREATE TRIGGER feed_update AFTER UPDATE ON conversations REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION record_changes('Conversation');

CREATE TRIGGER feed_delete AFTER DELETE ON conversations REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION record_deletions('Conversation');

CREATE TRIGGER feed_insert AFTER INSERT ON messages REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION record_changes('Message');

CREATE TRIGGER feed_update AFTER UPDATE ON messages REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION record_changes('Message');

CREATE TRIGGER feed_delete AFTER DELETE ON messages REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION record_deletions('Message');

CREATE TRIGGER feed_insert AFTER INSERT ON diaries REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION record_changes('Diary');

CREATE TRIGGER feed_update AFTER UPDATE ON diaries REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION record_changes('Diary');

CREATE TRIGGER feed_delete AFTER DELETE ON diaries REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION record_deletions('Diary');

CREATE TRIGGER feed_insert AFTER INSERT ON profile_values REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION record_changes('ProfileValue');

CREATE TRIGGER feed_update AFTER UPDATE ON profile_values REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION record_changes('ProfileValue');

CREATE TRIGGER feed_delete AFTER DELETE ON profile_values REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION record_deletions('ProfileValue');

CREATE TRIGGER feed_insert AFTER INSERT ON own_slots REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION record_changes('OwnSlot');

CREATE TRIGGER feed_update AFTER UPDATE ON own_slots REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION record_changes('OwnSlot');

CREATE TRIGGER feed_delete AFTER DELETE ON own_slots REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION record_deletions('OwnSlot');

CREATE TRIGGER feed_update AFTER UPDATE ON users REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION record_user_changes();

CREATE TRIGGER feed_insert AFTER INSERT ON companion_versions REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION record_settings_changes();

CREATE TRIGGER feed_update AFTER UPDATE ON companion_versions REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION record_settings_changes();

CREATE TRIGGER feed_delete AFTER DELETE ON companion_versions REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION record_settings_changes();

CREATE TRIGGER feed_update AFTER UPDATE ON diary_versions REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION record_diary_changes();

CREATE TRIGGER feed_update AFTER UPDATE ON diary_lines REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION record_diary_changes();

CREATE TRIGGER feed_delete AFTER DELETE ON diary_lines REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION record_diary_changes();

CREATE TRIGGER feed_update AFTER UPDATE ON signals REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION record_diary_changes();

CREATE TRIGGER feed_delete AFTER DELETE ON signals REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION record_diary_changes();

CREATE TRIGGER feed_update AFTER UPDATE ON line_evidence REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION record_line_evidence_changes();

CREATE TRIGGER feed_delete AFTER DELETE ON line_evidence REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION record_line_evidence_changes();

CREATE TRIGGER feed_update AFTER UPDATE ON signal_evidence REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION record_signal_evidence_changes();

CREATE TRIGGER feed_delete AFTER DELETE ON signal_evidence REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION record_signal_evidence_changes();
