"""docs/outside.md and the command that prints which of its rows are due."""
from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from dev.errors import CommandError
from dev.outside import TABLE, list_beliefs, show
from dev.workspace import ROOT

HEAD = "| what | believed | source | looked up | used in | look again on |\n|---|---|---|---|---|---|\n"


def test_list_beliefs_of_the_document_each_has_a_source_and_existing_files() -> None:
    beliefs = list_beliefs(TABLE.read_text(encoding="utf-8"))
    assert len(beliefs) > 25 and len({belief.what for belief in beliefs}) == len(beliefs)
    for belief in beliefs:
        assert belief.believed and belief.source and belief.looked_up < belief.look_again_on, belief.what
        for path in re.split(r",\s*", belief.used_in):
            assert (ROOT / path).exists(), (belief.what, path)


def test_show_prints_due_beliefs_oldest_first_and_then_the_next(capsys: pytest.CaptureFixture[str]) -> None:
    dates = sorted(belief.look_again_on for belief in list_beliefs(TABLE.read_text(encoding="utf-8")))
    show(dates[1], only_due=False)
    lines = capsys.readouterr().out.splitlines()
    due = [line for line in lines if line.startswith("due since")]
    assert len(due) == sum(found <= dates[1] for found in dates) and due[0].startswith(f"due since {dates[0]}") and len(lines) == len(dates) + 1


def test_show_only_due_while_nothing_is_due_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    first = min(belief.look_again_on for belief in list_beliefs(TABLE.read_text(encoding="utf-8")))
    show(first - timedelta(days=1), only_due=True)
    assert capsys.readouterr().out == ""
    show(first, only_due=True)
    assert "due since" in capsys.readouterr().out


@pytest.mark.parametrize("row", [
    "| a | b | c | 2026-11-27 | README.md |", "| a | b | c | soon | README.md | 2027-01-01 |", "| a | b | c | 2026-11-27 | README.md | later |",
])  # fmt: skip
def test_list_beliefs_malformed_row_is_refused_with_the_expected_form(row: str) -> None:
    with pytest.raises(CommandError, match="six cells, with dates"):
        list_beliefs(HEAD + row + "\n")


def test_list_beliefs_text_without_the_table_is_refused() -> None:
    with pytest.raises(CommandError, match="look again on"):
        list_beliefs("# nothing\n")
    assert list_beliefs(HEAD + "| a | b | c | 2026-11-27 | README.md | 2027-01-01 |\n")[0].look_again_on == date(2027, 1, 1)
