"""Log lines that may alert an operator: each states a code and a suggested action."""
from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

import dev.cli
import jobs.daily_diary  # noqa: F401 - registers its errors and those of the packages below
import logs
import resolvers.chat.answers  # noqa: F401 - registers the errors of the chat
from llm.errors import ModelError
from persistence.errors import DatabaseError
from settings import Settings
from tests.log_capture import written_log

ROOT = Path(__file__).parents[1]
PACKAGES = ("graph", "resolvers", "jobs", "llm", "persistence")
SOURCES = [ROOT / "handler.py", *(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))]
CODES_WITHOUT_CLASS = {
    "WORKER_LOST", "LEASE_LOST", "DAY_CHANGED", "CANCELLED", "DEADLINE", "MODEL_SWITCHED_OFF", "NIGHT_BUDGET", "MODEL_PACE", "MODEL_BUSY", "MODEL_INTERRUPTED",
    "QUOTA_EXCEEDED", "BAD_USER_INPUT", "TIME_TOO_SHORT",
}
"""Codes without an error class."""
CODE_KEYS = {"error_code", "stopped_because", "code", "exception", "action"}


def subclasses(kind: type) -> Iterator[type]:
    yield kind
    for child in kind.__subclasses__():
        yield from subclasses(child)


def codes() -> set[str]:
    """Return every code that a job item, a job run or a log line can carry, as found in the source."""
    ours = [found for kind in (ModelError, DatabaseError) for found in subclasses(kind) if found.__module__.split(".")[0] in PACKAGES]
    errors = {str(found.code) for found in ours}
    outcomes = {found for path in SOURCES for found in re.findall(r'Outcome\(ItemStatus[^"\n]*"([A-Z][A-Z_]+)"', path.read_text(encoding="utf-8"))}
    assert {"NO_MESSAGES", "UNCHANGED"} <= outcomes
    return errors | CODES_WITHOUT_CLASS | outcomes


@pytest.mark.parametrize("code", sorted(CODES_WITHOUT_CLASS))
def test_code_without_an_error_class_is_used_in_the_source(code: str) -> None:
    assert any(f'"{code}"' in path.read_text(encoding="utf-8") for path in SOURCES)


def test_actions_cover_every_code() -> None:
    assert codes() - set(logs.ACTIONS) == set()


@pytest.mark.parametrize("code", logs.ACTIONS)
def test_action_text_names_only_existing_settings_fields_and_commands(code: str) -> None:
    advice = logs.ACTIONS[code]
    settings_named = set(re.findall(r"\b[A-Z]{2,}(?:_[A-Z]+)+\b", advice))
    assert settings_named <= {field.name.upper() for field in fields(Settings)}
    schema = (ROOT / "schema.graphql").read_text(encoding="utf-8")
    for named in re.findall(r"`([^`]+)`", advice):
        if named.startswith("unilife "):
            assert named.split()[1] in unilife_commands()
        elif named not in ("message", "exception", "frames", "parameter", "retired_on", "successor"):
            assert re.search(rf"^  {re.escape(named)}\b", schema, re.MULTILINE), named


def unilife_commands() -> set[str | None]:
    commands = {command.name or command.callback.__name__.replace("_", "-") for command in dev.cli.app.registered_commands if command.callback}
    return commands | {group.name for group in dev.cli.app.registered_groups}


def log_calls_with_level() -> list[tuple[str, ast.Call]]:
    """Return every call that writes a line that may be a warning or an error, with its location."""
    found = []
    for path in SOURCES:
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "logs.write":
                level = next((keyword.value for keyword in call.keywords if keyword.arg == "level"), None)
                if level is not None:
                    found.append((f"{path.relative_to(ROOT)}:{call.lineno}", call))
    return found


def test_log_calls_with_a_level_carry_a_code_or_an_action() -> None:
    lines = log_calls_with_level()
    assert len(lines) >= 8
    for location, call in lines:
        assert CODE_KEYS & {keyword.arg for keyword in call.keywords}, location


@pytest.mark.parametrize(
    ("level", "line", "action"),
    [
        ("WARNING", {"error_code": "MODEL_TIMEOUT"}, logs.ACTIONS["MODEL_TIMEOUT"]),
        ("ERROR", {"error_code": None, "exception": "KeyError"}, logs.DEFAULT_ACTION),
        ("ERROR", {"code": "DATABASE_UNAVAILABLE", "exception": "x.Y"}, logs.ACTIONS["DATABASE_UNAVAILABLE"]),
        ("WARNING", {"error_code": "KeyError", "action": "this"}, "this"),
        ("WARNING", {"user_id": 1}, None),
        ("INFO", {"error_code": "UNCHANGED"}, None),
    ],
)
def test_write_of_a_warning_or_error_with_a_code_adds_the_action(level: str, line: dict[str, object], action: str | None) -> None:
    with written_log() as lines:
        logs.write("something", level=level, **line)
    [shown] = lines
    assert (shown["event"], shown["level"], shown.get("action")) == ("something", level, action)


def test_frames_of_an_exception_name_the_location_without_the_message() -> None:
    try:
        raise ValueError("I live in Hamburg")
    except ValueError as error:
        found = logs.frames(error)
    assert found and found[-1].startswith(f"{__name__}:") and "Hamburg" not in str(found)
