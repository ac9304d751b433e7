"""The rules for SQL that can be spread over machines, on good and bad statements."""
from __future__ import annotations

import pytest

from dev.lint.sql_rules import MERGE, NO_USER, ROWS, UNION, find_faults

PERSONAL = {"messages", "diaries", "active_days"}


@pytest.mark.parametrize(
    "statement",
    [
        "select id from diaries where user_id = $1::UUID and day = $2 for update",
        "select d.id from diaries d join (select 1) x on true where $1 = d.user_id order by d.day for no key update of d",
        "select id from users where id = any($1) for share",
        "UPDATE diaries SET version = $1 WHERE diaries.user_id = $2::UUID AND (diaries.day = $3 OR diaries.id = $4)",
        "with held as materialized (select 1) update diaries d set tags = $3 from held where d.user_id = $1 and d.id = $2 returning d.*",
        "delete from messages m using diaries d where m.user_id = $1 and d.user_id = m.user_id",
        "insert into active_days (user_id, day) select u, d from unnest($1::uuid[], $2::date[]) g(u, d) on conflict (user_id, day) do update set revision = "
        "active_days.revision + 1, ends_at = greatest(active_days.ends_at, excluded.ends_at) where active_days.ends_at < now()",
        "insert into active_days (user_id, day) select $1, m.day from messages m join users u on u.id = $1 and m.user_id = $1 for key share of m on conflict "
        "(user_id, day) do update set revision = excluded.revision where $2 or active_days.revision = 0",
        "select json_agg(json_build_array(m.id)) from messages m where user_id = $1",
        "select array(select id from messages where user_id = $1), array_agg(m.id) from messages m where m.user_id = $2",
        "select 1 from diaries where user_id = any($1) union select 2 from messages where user_id = any($1)",
        "update users set nickname = 'for update of diaries, now()' where id = any($1)",
        "select 'delete from messages' -- update diaries set x = 1",
    ],
)
def test_find_faults_statement_of_one_user_has_none(statement: str) -> None:
    assert find_faults(statement, PERSONAL) == []


@pytest.mark.parametrize(
    "statement",
    [
        "select d.id from diaries d join unnest($1::uuid[]) w(user_id) on w.user_id = d.user_id for update of d",
        "select id from diaries where user_id = any($1) order by day for update",
        "select id from diaries where user_id = $1 or day = $2 for no key update",
        "select d.id from diaries d, messages m where d.user_id = $1 for share",
        "select id from (select id from messages where day = $1 for update skip locked) x where user_id = $2",
        "update diaries set user_id = $1",
        "update diaries set version = 2 from unnest($1::uuid[]) w(user_id) where diaries.user_id = w.user_id",
        "UPDATE only diaries AS d SET version = $1 WHERE d.id = $2",
        "with gone as (delete from messages where id = $1 returning id) select * from gone where user_id = $2",
        "delete from messages m using users u where u.user_id = $1",
        "insert into diaries select * from others",
        "insert into diaries (id, day) values ($1, $2)",
        "select 1 from messages where user_id = $1 union select id from messages where day = $2 for update",
    ],
)
def test_find_faults_lock_or_write_without_its_user_is_found(statement: str) -> None:
    assert find_faults(statement, PERSONAL) == [NO_USER]


@pytest.mark.parametrize(
    "value",
    ["now()", "current_timestamp", "clock_timestamp ()", "coalesce(excluded.ends_at, now())", "(select random())", "date_trunc('day', excluded.ends_at)"],
)
def test_find_faults_changing_value_in_do_update_set_is_found(value: str) -> None:
    statement = f"insert into active_days (user_id, day) values ($1, $2) on conflict (user_id, day) do update set ends_at = {value} returning day"
    [fault] = find_faults(statement, PERSONAL)
    assert "DO UPDATE SET" in fault


@pytest.mark.parametrize(
    "array",
    [
        "array(select row(l.id, l.text) from lines l)", "array_agg(row(l.id))", "array(select (l.id, l.text) from lines l)",
        "array(select l from lines l)", "array_agg(l)",
    ],
)
def test_find_faults_array_of_rows_is_found(array: str) -> None:
    assert find_faults(f"select {array} from lines l where user_id = $1", PERSONAL) == [ROWS]


@pytest.mark.parametrize(
    "statement",
    [
        "select w.id from unnest($1::uuid[]) w(id) union select id from messages where user_id = $2",
        "(select id from messages m join unnest($1::uuid[]) w on w = m.id) union all (select 1)",
        "with wanted as materialized (select * from unnest($1::uuid[])) select id from messages join wanted on true union select id from diaries",
    ],
)
def test_find_faults_union_over_unnest_is_found(statement: str) -> None:
    assert find_faults(statement, PERSONAL) == [UNION]


def test_find_faults_merge_is_found() -> None:
    assert MERGE in find_faults("merge into diaries d using x on d.user_id = $1 when matched then delete", PERSONAL)
