"""docs/outside.md and the command that says which of its rows are due."""
from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from dev.errors import CommandError
from dev.outside import TABLE, list_beliefs, show
from dev.workspace import ROOT

HEAD = "| what | believed | source | looked up | used in | look again on |\n|---|---|---|---|---|---|\n"


def test_every_belief_names_its_source_and_files_that_exist() -> None:
    beliefs = list_beliefs(TABLE.read_text(encoding="utf-8"))
    assert len(beliefs) > 25 and len({belief.what for belief in beliefs}) == len(beliefs)
    for belief in beliefs:
        assert belief.believed and belief.source and belief.looked_up < belief.look_again_on, belief.what
        for path in re.split(r",\s*", belief.used_in):
            assert (ROOT / path).exists(), (belief.what, path)


def test_show_names_what_is_due_oldest_first_and_then_what_comes_next(capsys: pytest.CaptureFixture[str]) -> None:
    dates = sorted(belief.look_again_on for belief in list_beliefs(TABLE.read_text(encoding="utf-8")))
    show(dates[1], only_due=False)
    lines = capsys.readouterr().out.splitlines()
    due = [line for line in lines if line.startswith("due since")]
    assert len(due) == sum(found <= dates[1] for found in dates) and due[0].startswith(f"due since {dates[0]}") and len(lines) == len(dates) + 1


def test_show_with_only_due_is_silent_while_nothing_is_due(capsys: pytest.CaptureFixture[str]) -> None:
    first = min(belief.look_again_on for belief in list_beliefs(TABLE.read_text(encoding="utf-8")))
    show(first - timedelta(days=1), only_due=True)
    assert capsys.readouterr().out == ""
    show(first, only_due=True)
    assert "due since" in capsys.readouterr().out


@pytest.mark.parametrize("row", [
    "| a | b | c | 2026-11-27 | README.md |", "| a | b | c | soon | README.md | 2027-01-01 |", "| a | b | c | 2026-11-27 | README.md | later |",
])  # fmt: skip
def test_a_row_that_cannot_be_read_is_refused_with_what_is_missing(row: str) -> None:
    with pytest.raises(CommandError, match="six cells, with dates"):
        list_beliefs(HEAD + row + "\n")


def test_a_text_without_the_table_is_refused() -> None:
    with pytest.raises(CommandError, match="look again on"):
        list_beliefs("# nothing\n")
    assert list_beliefs(HEAD + "| a | b | c | 2026-11-27 | README.md | 2027-01-01 |\n")[0].look_again_on == date(2027, 1, 1)
