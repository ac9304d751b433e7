"""The `unilife` command as an operator uses it, on a given database."""
from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from anyio.from_thread import BlockingPortal
from sqlalchemy import text

from dev import cli, migrate
from persistence.database import SCHEMA_REVISION, make_engine
from resolvers.portability import MAX_RESPONSE_BYTES
from tests.portable import portable

PASSWORD = "correct horse battery"
BANK = {
    "Ada": {
        "2026-02-01": [{"query": "I live in Leeds.", "response": "Do you like it?"}],
        "2026-02-02": [{"query": "I like rowing.", "response": "Since when?"}],
    },
    "Bob": {"2026-02-01": [{"query": "我住在杭州。", "response": "喜欢吗？"}]},
}


@dataclass
class Outcome:
    status: int
    out: str
    err: str


Unilife = Callable[..., Outcome]
Rows = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture
def unilife(empty_database: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Unilife:
    """Run `unilife` with arguments, with `typed` as its standard input."""

    def run(*arguments: object, typed: str = "") -> Outcome:
        monkeypatch.setattr(sys, "argv", ["unilife", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return Outcome(int(ended.value.code or 0), *capsys.readouterr())

    return run


@pytest.fixture
def rows(empty_database: str, portal: BlockingPortal) -> Rows:
    async def read(query: str) -> list[tuple[Any, ...]]:
        engine = make_engine(empty_database, pool_size=1)
        try:
            async with engine.connect() as connection:
                return [tuple(row) for row in await connection.execute(text(query))]
        finally:
            await engine.dispose()

    return lambda query: portal.call(read, query)


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    path = tmp_path / "bank.json"
    path.write_text(json.dumps(BANK), encoding="utf-8")
    return path


def test_create_admin_new_email_creates_an_admin_with_a_hashed_password(unilife: Unilife, rows: Rows) -> None:
    assert unilife("create-admin", "--email", "Root@Example.org", typed=PASSWORD + "\n").status == 0
    [(email, role, password_hash)] = rows("select email, role, password_hash from users")
    assert (email, role) == ("root@example.org", "ADMIN") and password_hash.startswith("$argon2id$") and PASSWORD not in password_hash


def test_create_admin_existing_account_becomes_admin_and_keeps_its_password(unilife: Unilife, rows: Rows, bank: Path) -> None:
    unilife("import-chats", bank, "--email", "ada@example.org", "--person", "Ada", typed=PASSWORD)
    [(role, before)] = rows("select role, password_hash from users")
    assert role == "USER"
    assert unilife("create-admin", "--email", "ada@example.org").status == 0
    assert rows("select role, password_hash from users") == [("ADMIN", before)]


@pytest.mark.parametrize(("email", "typed", "message"), [
    ("nobody", PASSWORD, "no e-mail address"), ("a@example.org", "", "needs a password"), ("a@example.org", "short", "15 to 128 characters"),
])  # fmt: skip
def test_create_admin_invalid_input_is_refused_and_creates_no_account(unilife: Unilife, rows: Rows, email: str, typed: str, message: str) -> None:
    outcome = unilife("create-admin", "--email", email, typed=typed)
    assert outcome.status == 1 and message in outcome.err and "Traceback" not in outcome.err
    assert rows("select 1 from users") == []


def test_create_admin_password_as_an_argument_is_refused(unilife: Unilife, rows: Rows) -> None:
    assert unilife("create-admin", "--email", "a@example.org", "--password", PASSWORD).status == 2
    assert rows("select 1 from users") == []


def test_import_chats_repeated_keeps_the_days_and_adds_nothing(unilife: Unilife, rows: Rows, bank: Path) -> None:
    first = unilife("import-chats", bank, "--email", "ada@example.org", "--person", "Ada", "--time-zone", "Europe/London", typed=PASSWORD)
    assert first.status == 0 and "imported" in first.out
    stored = "select day::text, role, content, time_zone from messages order by id"
    assert rows(stored) == [
        ("2026-02-01", "USER", "I live in Leeds.", "Europe/London"), ("2026-02-01", "ASSISTANT", "Do you like it?", "Europe/London"),
        ("2026-02-02", "USER", "I like rowing.", "Europe/London"), ("2026-02-02", "ASSISTANT", "Since when?", "Europe/London"),
    ]
    before = rows("select m, d from messages m join active_days d using (user_id, day) order by m.id")
    assert unilife("import-chats", bank, "--email", "ada@example.org", "--person", "Ada").status == 0
    assert rows("select m, d from messages m join active_days d using (user_id, day) order by m.id") == before


def test_import_memory_suggests_values_once_and_refuses_an_unknown_account(unilife: Unilife, rows: Rows, model_server: str, tmp_path: Path) -> None:
    path = tmp_path / "memory.txt"
    path.write_text("[2024-03-01] - The user lives in Oslo.\n- 用户喜欢爬山\n", encoding="utf-8")
    refused = unilife("import-memory", path, "--email", "ada@example.org")
    assert refused.status == 1 and "no account" in refused.err
    unilife("create-admin", "--email", "ada@example.org", typed=PASSWORD)
    preview = unilife("import-memory", path, "--email", "ada@example.org", "--dry-run")
    assert preview.status == 0 and "Oslo" in preview.out and rows("select 1 from imported_values") == []
    assert unilife("import-memory", path, "--email", "ada@example.org").status == 0
    values = rows("select value, status from profile_values order by value")
    assert values == [("Oslo", "SUGGESTED"), ("爬山", "SUGGESTED")]
    again = unilife("import-memory", path, "--email", "ada@example.org")
    assert "already imported: 2" in again.out and rows("select value, status from profile_values order by value") == values


def test_import_chats_new_account_gets_the_language_of_its_chats(unilife: Unilife, rows: Rows, bank: Path) -> None:
    for person in ("Ada", "Bob"):
        unilife("import-chats", bank, "--email", f"{person}@example.org", "--person", person, typed=PASSWORD)
    assert rows("select nickname, locale from users order by email") == [("Ada", "en"), ("Bob", "zh-CN")]


@pytest.mark.parametrize(("arguments", "message"), [
    (("--email", "a@example.org"), "--person: Ada, Bob"),
    (("--email", "a@example.org", "--person", "Eve"), "has no person 'Eve'"),
    (("--email", "nobody", "--person", "Ada"), "no e-mail address"),
    (("--email", "a@example.org", "--person", "Ada", "--time-zone", "Mars/Olympus"), "timeZone"),
])  # fmt: skip
def test_import_chats_invalid_arguments_are_refused_and_store_nothing(
    unilife: Unilife, rows: Rows, bank: Path, arguments: tuple[str, ...], message: str
) -> None:
    outcome = unilife("import-chats", bank, *arguments, typed=PASSWORD)
    assert outcome.status == 1 and message in outcome.err
    assert rows("select 1 from users union all select 1 from messages") == []


def test_import_chats_prints_what_it_skipped_and_why(unilife: Unilife, rows: Rows, tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    path.write_text(json.dumps({"Ada": {"2026-02-01": [{"query": "Hello.", "response": ""}], "2999-01-01": [{"query": "Soon.", "response": "Yes."}]}}))
    outcome = unilife("import-chats", path, "--email", "ada@example.org", typed=PASSWORD)
    assert "no response" in outcome.out and "time in the future" in outcome.out
    assert rows("select content from messages") == [("Hello.",)]


LARGE = {"Ada": {f"2026-02-{day:02}": [{"query": f"I like tea number {day}. " + "长" * 9_000, "response": "y" * 9_000}] * 9 for day in range(1, 21)}}


def test_export_account_larger_than_a_response_imports_and_exports_the_same(unilife: Unilife, rows: Rows, tmp_path: Path) -> None:
    bank, first, second = tmp_path / "bank.json", tmp_path / "ada.json", tmp_path / "eve.json"
    bank.write_text(json.dumps(LARGE), encoding="utf-8")
    assert unilife("import-chats", bank, "--email", "ada@example.org", typed=PASSWORD).status == 0
    assert unilife("export-account", first, "--email", "Ada@Example.org").status == 0
    assert first.stat().st_size > MAX_RESPONSE_BYTES and first.stat().st_mode & 0o777 == 0o600
    outcome = unilife("import-account", first, "--email", "eve@example.org", typed=PASSWORD)
    assert outcome.status == 0 and "messages" in outcome.out and "360" in outcome.out
    assert unilife("export", second, "--email", "eve@example.org").status == 0
    assert portable(second.read_text(encoding="utf-8")) == portable(first.read_text(encoding="utf-8"))
    assert rows("select count(*), count(distinct user_id) from messages") == [(720, 2)]


def test_export_with_markdown_writes_a_readable_document(unilife: Unilife, bank: Path, tmp_path: Path) -> None:
    unilife("import-chats", bank, "--email", "ada@example.org", "--person", "Ada", typed=PASSWORD)
    assert unilife("export", tmp_path / "ada.md", "--email", "ada@example.org", "--markdown").status == 0
    text = (tmp_path / "ada.md").read_text(encoding="utf-8")
    assert text.startswith("# UniLife data of Ada") and "> I live in Leeds." in text


def test_export_account_as_a_zip_imports_the_same_and_has_a_file_a_day(unilife: Unilife, bank: Path, tmp_path: Path) -> None:
    unilife("import-chats", bank, "--email", "ada@example.org", "--person", "Ada", typed=PASSWORD)
    first, second, days = tmp_path / "ada.zip", tmp_path / "eve.zip", tmp_path / "days.zip"
    assert unilife("export-account", first, "--email", "ada@example.org").status == 0 and first.stat().st_mode & 0o777 == 0o600
    assert unilife("import-account", first, "--email", "eve@example.org", typed=PASSWORD).status == 0
    assert unilife("export-account", second, "--email", "eve@example.org").status == 0
    assert unilife("export-account", days, "--email", "eve@example.org", "--markdown").status == 0
    with ZipFile(first) as one, ZipFile(second) as other, ZipFile(days) as markdown:
        assert portable(other.read("unilife.json").decode()) == portable(one.read("unilife.json").decode())
        names = [name for name in one.namelist() if name.endswith(".md")]
        assert names[0] == "profile.md" and len(names) > 1 and markdown.namelist() == [*names, "manifest.json"]
    saved = tmp_path / "saved.json"
    with ZipFile(first) as one:
        saved.write_bytes(b"\xef\xbb\xbf" + one.read("unilife.json"))  # as some editors write it
    assert unilife("import-account", saved, "--email", "dan@example.org", typed=PASSWORD).status == 0
    first.write_bytes(first.read_bytes()[:-40])
    outcome = unilife("import-account", first, "--email", "bob@example.org", typed=PASSWORD)
    assert outcome.status == 1 and "nothing was imported" in outcome.err
    assert unilife("import-account", days, "--email", "bob@example.org", typed=PASSWORD).status == 1


@pytest.mark.parametrize(("arguments", "message"), [
    (("ada.json", "--email", "ada@example.org"), "already exists"),
    (("new.json", "--email", "nobody@example.org"), "there is no account"),
    (("new.json", "--email", "nobody"), "no e-mail address"),
    (("no/such/folder.json", "--email", "ada@example.org"), "cannot be written"),
])  # fmt: skip
def test_export_with_invalid_arguments_is_refused_and_writes_nothing(
    unilife: Unilife, bank: Path, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    unilife("import-chats", bank, "--email", "ada@example.org", "--person", "Ada", typed=PASSWORD)
    (tmp_path / "ada.json").write_text("mine")
    outcome = unilife("export", tmp_path / arguments[0], *arguments[1:])
    assert outcome.status == 1 and message in outcome.err and "Traceback" not in outcome.err
    assert (tmp_path / "ada.json").read_text() == "mine" and not (tmp_path / "new.json").exists()


@pytest.mark.parametrize(("change", "email", "message"), [
    (("no JSON", ""), "eve@example.org", "not JSON"), (("Leeds", "Leeds\\u0000"), "eve@example.org", "must be a string without NUL"),
    (('"day_ends_at": 0', '"day_ends_at": 77'), "eve@example.org", "day"), (("", ""), "nobody", "no e-mail address"),
    (("", ""), "ada@example.org", "without messages"),
])  # fmt: skip
def test_import_account_invalid_file_or_email_is_refused_and_changes_nothing(
    unilife: Unilife, rows: Rows, bank: Path, tmp_path: Path, change: tuple[str, str], email: str, message: str
) -> None:
    unilife("import-chats", bank, "--email", "ada@example.org", "--person", "Ada", typed=PASSWORD)
    unilife("export", tmp_path / "ada.json", "--email", "ada@example.org")
    text = (tmp_path / "ada.json").read_text(encoding="utf-8")
    (tmp_path / "ada.json").write_text("{" if change[0] == "no JSON" else text.replace(*change), encoding="utf-8")
    outcome = unilife("import", tmp_path / "ada.json", "--email", email, typed=PASSWORD)
    assert outcome.status == 1 and message in outcome.err and "Traceback" not in outcome.err
    assert rows("select email from users") == [("ada@example.org",)] and rows("select count(*) from messages") == [(4,)]


def test_run_job_runs_for_one_or_all_users_and_records_its_runs(unilife: Unilife, rows: Rows, bank: Path, model_server: str) -> None:
    unilife("import-chats", bank, "--email", "ada@example.org", "--person", "Ada", typed=PASSWORD)
    unilife("import-chats", bank, "--email", "bob@example.org", "--person", "Bob", typed=PASSWORD)
    assert unilife("run-job", "daily-diary", "--dry-run").status == 0
    assert rows("select 1 from job_runs union all select 1 from diaries") == []
    written = "select email, count(*) from diaries join users on users.id = user_id group by email order by email"
    assert unilife("run-job", "daily-diary", "--email", "ada@example.org").status == 0
    assert rows(written) == [("ada@example.org", 2)]
    assert unilife("run-job", "tick").status == 0
    assert rows(written) == [("ada@example.org", 2), ("bob@example.org", 1)]
    assert {trigger for (trigger,) in rows("select trigger from job_runs")} == {"CLI"}
    shown = unilife("jobs")
    assert shown.status == 0 and "DAILY_DIARY" in shown.out and "SUCCEEDED" in shown.out


@pytest.mark.parametrize(("arguments", "message"), [
    (("daily-diary", "--email", "nobody@example.org"), "no account"), (("daily-diary", "--from", "2026-02-02", "--to", "2026-02-01"), "is earlier than"),
])  # fmt: skip
def test_run_job_invalid_arguments_are_refused_and_record_no_run(unilife: Unilife, rows: Rows, arguments: tuple[str, ...], message: str) -> None:
    outcome = unilife("run-job", *arguments)
    assert outcome.status == 1 and message in outcome.err
    assert rows("select 1 from job_runs") == []


def test_migrate_on_a_current_database_reports_it(unilife: Unilife) -> None:
    assert unilife("migrate", "up").out.startswith("already at")
    assert unilife("migrate", "check").status == 0
    assert "this version" in unilife("migrate", "current").out
    assert unilife("migrate", "up", "--contract").out.startswith("already at")


def test_migrate_up_leaves_a_contraction_to_a_later_run(
    unilife: Unilife, new_database: Callable[[], str], portal: BlockingPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    import settings

    monkeypatch.setenv("POSTGRESQL_URL", url := new_database())
    settings.current.cache_clear()
    newest, wanted = migrate.head(), SCHEMA_REVISION
    portal.call(migrate.up, url, "0001")
    said = [unilife("migrate", *arguments).out for arguments in (("up",), ("check",), ("up", "--contract"), ("check",))]
    settings.current.cache_clear()
    if newest != wanted:
        assert said[0].startswith(f"0001 -> {wanted}; {newest} waits") and said[1].startswith(f"this version runs on revision {wanted}; {newest} waits")
        assert said[2] == f"{wanted} -> {newest}\n"
    assert said[3] == f"the tables match revision {newest}\n"


def test_migrate_check_with_an_unreachable_database_prints_one_line(unilife: Unilife, monkeypatch: pytest.MonkeyPatch) -> None:
    import settings

    monkeypatch.setenv("POSTGRESQL_URL", "postgresql://nobody@127.0.0.1:1/nowhere")
    settings.current.cache_clear()
    outcome = unilife("migrate", "check")
    settings.current.cache_clear()
    assert outcome.status == 1 and outcome.err == (
        "unilife: the database cannot be reached; nothing was changed: try again in a few seconds (no server listens on the host and port of POSTGRESQL_URL)\n"
    )


def test_run_job_on_a_given_database_without_a_model_key_is_refused(unilife: Unilife, monkeypatch: pytest.MonkeyPatch, rows: Rows) -> None:
    import settings

    monkeypatch.delenv("DEEPSEEK_API_KEY")
    settings.current.cache_clear()
    outcome = unilife("run-job", "tick")
    settings.current.cache_clear()
    assert outcome.status == 1 and "DEEPSEEK_API_KEY is missing" in outcome.err
    assert rows("select 1 from job_runs") == []
