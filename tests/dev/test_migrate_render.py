"""The migrations as SQL: up to date, and each contracting one is named as incompatible with older code."""
from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import op

from dev import cli
from dev.errors import CommandError
from dev.migrate_render import render, rendered
from persistence import migrator


def migration(name: str, *statements: str) -> Any:
    def upgrade() -> None:
        for statement in statements:
            op.execute(statement)

    return SimpleNamespace(revision=name, doc="one", module=SimpleNamespace(upgrade=upgrade))


def test_render_check_of_the_repository_finds_the_sql_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert render(check=True) == 0, "run: unilife migrate render"
    assert "up to date" in capsys.readouterr().out


def test_render_outdated_sql_fails_the_check_and_is_rewritten(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dev.migrate_render.STATEMENTS", tmp_path)
    (tmp_path / "0000.sql").touch()
    assert render(check=True) == 1 and [path.name for path in tmp_path.iterdir()] == ["0000.sql"]
    assert render() == 0
    assert migrator.steps(tmp_path) == migrator.steps()


def test_migrate_render_command_with_check_compares_and_ends_with_0(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.argv", ["unilife", "migrate", "render", "--check"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert not ended.value.code and "up to date" in capsys.readouterr().out


EXPANDING = [
    "create table later (id int not null)", "alter table users add column later text", "alter table users add column later int default 0 not null",
    "create index later on users (nickname)", "alter table users drop constraint one; alter table users add constraint one check (true)",
    "update users set nickname = 'x' where nickname is null",
]
KEEPING = [
    "alter index one rename to another", "alter table users rename constraint one to another",
    "alter table users rename to people; create view users as select t.* from people t",
    "alter table users rename to people; alter table people rename column nickname to name; create view users as select t.*, t.name as nickname from people t",
]
CONTRACTING = [
    "drop table later", "alter table users drop column nickname", "alter table users rename column nickname to name", "alter table users rename to people",
    "alter table users alter column nickname set not null", "alter table users alter column nickname type varchar(9)",
    "ALTER TABLE users ADD COLUMN later INTEGER NOT NULL", "drop view people", "alter table users rename nickname to name",
    "alter table users rename to people; create view members as select t.* from people t",
    "create view users as select t.* from people t; alter table users rename to people",
    "alter table users rename to people; alter table people rename column nickname to name; create view users as select t.* from people t",
    "alter table users rename to people; alter table people rename nickname to name; create view users as select t.*, t.email as nickname from people t",
]


@pytest.mark.parametrize("statement", EXPANDING + KEEPING)
def test_rendered_expanding_statement_needs_no_compatibility_name(statement: str) -> None:
    assert rendered([migration("0001"), migration("0002", statement)])["0002.sql"] == f"-- one\n\n{statement};\n"


@pytest.mark.parametrize("statement", CONTRACTING)
def test_rendered_contracting_statement_is_refused_without_a_compatibility_name(statement: str) -> None:
    with pytest.raises(CommandError, match=r"removes something that older code needs .* name it 0002\.N"):
        rendered([migration("0001"), migration("0002", "select 1", statement)])
    assert list(rendered([migration("0001"), migration("0002.0001", statement)])) == ["0001.sql", "0002.0001.sql"]
    with pytest.raises(CommandError, match=r"name it 0003\.N"):
        rendered([migration("0001"), migration("0002.0001", statement), migration("0003.0001", statement)])


def test_rendered_contracting_alembic_operation_is_refused() -> None:
    def upgrade() -> None:
        op.alter_column("users", "nickname", existing_type=sa.Text(), nullable=False)

    with pytest.raises(CommandError, match="removes something"):
        rendered([SimpleNamespace(revision="0001", doc="", module=SimpleNamespace(upgrade=upgrade))])


@pytest.mark.parametrize(("names", "message"), [
    (("0003", "0002"), "a greater number"), (("0001", "next"), "a greater number"), (("0001", "0001"), "a greater number"),
    (("0001", "0002.0001", "0003"), "name it 0003.0001"),
], ids=str)  # fmt: skip
def test_rendered_names_out_of_sequence_are_refused(names: tuple[str, ...], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        rendered([migration(name) for name in names])


def test_rendered_migration_that_queries_the_database_is_refused() -> None:
    def upgrade() -> None:
        op.get_bind().execute(sa.text("select 1")).all()

    with pytest.raises(CommandError, match="queries the database"):
        rendered([SimpleNamespace(revision="0001", doc="", module=SimpleNamespace(upgrade=upgrade))])
