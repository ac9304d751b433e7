"""The project's own lint rules, on good and bad samples."""
from __future__ import annotations

from pathlib import Path

import pytest

from dev.lint.__main__ import find_all
from dev.workspace import ROOT

pytestmark = pytest.mark.once


def lint(folder: Path, path: str, text: str) -> list[str]:
    """Return what the checks find in one file, as `line: message`."""
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return [str(found).removeprefix(f"{path}:") for found in find_all(folder)]


@pytest.mark.parametrize(
    "text",
    [
        '"""What a batcher is."""\n',
        'class Batcher:\n    """Of many calls one batch."""\n',
        'def is_open() -> bool:\n    """Whether it is open."""\n',
        'async def load() -> None:\n    """\n    By user: the rows.\n    """\n',
        'LIMIT = 3\n"""How many there may be."""\n',
    ],
)
def test_docstring_check_relative_first_word_is_found(tmp_path: Path, text: str) -> None:
    assert [found.split(": ")[1].split('"')[0] for found in lint(tmp_path, "jobs/batching.py", text)] == ["the docstring begins with "]


@pytest.mark.parametrize(
    "text",
    ['"""Batches concurrent calls."""\n', 'def load() -> None:\n    """Load the rows, whether or not they are new."""\n', 'x = "What is it?"\n'],
)
def test_docstring_check_verb_or_subject_is_accepted(tmp_path: Path, text: str) -> None:
    assert lint(tmp_path, "jobs/batching.py", text) == []


@pytest.mark.parametrize(
    "text",
    [
        "async def f() -> None:\n    async with database.session() as reading:\n        pass\n",
        "async def f() -> None:\n    async with database.transaction() as writing:\n        pass\n",
        "def f(opened: Session) -> None: ...\n",
        "def f(opened: 'AsyncSession | None') -> None: ...\n",
        "storing: orm.Session\n",
    ],
)
def test_session_check_another_name_is_found(tmp_path: Path, text: str) -> None:
    [found] = lint(tmp_path, "jobs/batching.py", text)
    assert "call it `session`" in found


def test_session_check_executor_with_another_name_is_found(tmp_path: Path) -> None:
    text = "async def find(reading: SupportsFetch, connection: SupportsFetch, session: SupportsFetch) -> None: ...\n"
    [found] = lint(tmp_path, "persistence/queries/days.py", text)
    assert "call it `connection`" in found


@pytest.mark.parametrize(
    "text",
    [
        "async def f() -> None:\n    async with database.transaction() as session:\n        pass\n",
        "async def f() -> None:\n    async with database.connection() as reader:\n        pass\n",
        "def f(session: AsyncSession | None, issued: IssuedSession) -> None: ...\n",
    ],
)
def test_session_check_the_right_name_is_accepted(tmp_path: Path, text: str) -> None:
    assert lint(tmp_path, "jobs/batching.py", text) == []


@pytest.mark.parametrize("path", ["graph/utils.py", "graph/_helpers.py", "jobs/common/times.py", "llm/manager/__init__.py"])
def test_module_check_name_that_says_nothing_is_found(tmp_path: Path, path: str) -> None:
    [found] = lint(tmp_path, path, "")
    assert "name the module for what it owns" in found


@pytest.mark.parametrize("path", ["persistence/models/base.py", "jobs/database.py", "llm/tools.py"])
def test_module_check_noun_or_listed_exception_is_accepted(tmp_path: Path, path: str) -> None:
    assert lint(tmp_path, path, "") == []


def test_term_check_private_words_are_found_with_line_and_term(tmp_path: Path) -> None:
    text = '"""Batches calls.\n\nThe desk knows them.\n"""\nx = 1  # nobody waits at the Door\n'
    assert lint(tmp_path, "jobs/batching.py", text) == [
        '3: "desk": write run context',
        '5: "Door": write endpoint, entry point or gateway',
        '5: "nobody": write who acts: the user, the client, the worker, the operator',
    ]


def test_term_check_code_strings_and_longer_words_are_accepted(tmp_path: Path) -> None:
    text = '"""Reads `desk.door` of the outdoors-desktop."""\ndesk = "the door"\n'
    assert lint(tmp_path, "jobs/batching.py", text) == []


@pytest.mark.parametrize("name", ["test_a_batch_runs_once", "test_what_is_due_is_claimed", "test_batcher_waits", "test_nobody_sees_other_users_rows"])
def test_test_name_check_name_without_unit_or_result_is_found(tmp_path: Path, name: str) -> None:
    [found] = lint(tmp_path, "tests/jobs/test_batching.py", f"def {name}() -> None: ...\n")
    assert "test_<unit>_<condition>_<result>" in found


def test_test_name_check_functions_outside_of_tests_are_accepted(tmp_path: Path) -> None:
    assert lint(tmp_path, "dev/offline.py", "def test_tools() -> None: ...\n") == []


def test_find_all_this_project_has_no_finding() -> None:
    assert [str(found) for found in find_all(ROOT)] == []
