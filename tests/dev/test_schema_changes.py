"""Changes of the schema since the last release: how they are classified, and that those that break clients are named in the changelog."""
from __future__ import annotations

from pathlib import Path

import pytest
from graphql import build_schema

from dev import schema_changes
from dev.schema_changes import classify, find_unnamed, show

RELEASED = """
type Query { day(date: String): Day, days(first: Int = 20): [Day!] }
type Day { text: String! mood: Mood }
enum Mood { GOOD BAD }
"""
CHANGED = """
type Query { day(date: String!): Day, days(first: Int = 50): [Day!] }
type Day { text: String, mood: Mood, note: String }
enum Mood { GOOD BAD MIXED }
"""


def test_changes_are_classified_by_what_they_do_to_clients() -> None:
    found = classify(build_schema(RELEASED), build_schema(CHANGED))
    assert [len(kind) for kind in found] == [2, 2, 1] and "Query.day(date:)" in found.breaking[0] and "Day.text" in found.breaking[1]
    assert any("MIXED" in change for change in found.dangerous) and "note" in found.safe[0]
    assert classify(build_schema(RELEASED), build_schema(RELEASED)) == ([], [], [])


@pytest.mark.parametrize(("named", "status"), [(0, 1), (1, 1), (2, 0)])
def test_breaking_changes_fail_unless_the_newest_version_of_the_changelog_names_each(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], named: int, status: int
) -> None:
    released, current, changelog = tmp_path / "released.graphql", tmp_path / "schema.graphql", tmp_path / "CHANGELOG.md"
    released.write_text(RELEASED)
    current.write_text(CHANGED)
    breaking = classify(build_schema(RELEASED), build_schema(CHANGED)).breaking
    lines = [f"- Breaking: {change}\n" for change in breaking]
    changelog.write_text("# Changelog\n\n## 0.2.0\n\n" + "".join(lines[:named]) + "\n## 0.1.0\n\n" + "".join(lines))
    assert show(release=True, released=released, current=current, changelog=changelog) == status
    assert (released.read_text() == CHANGED) is (status == 0)
    printed = capsys.readouterr()
    assert all(f"breaking: {change}" in printed.out for change in breaking) and printed.err.count("- Breaking: ") == (2 - named)


def test_schema_breaks_no_client_of_the_last_release_without_saying_so() -> None:
    changes = classify(*(build_schema(path.read_text(encoding="utf-8")) for path in (schema_changes.RELEASED, schema_changes.PATH)))
    assert find_unnamed(changes.breaking, schema_changes.CHANGELOG.read_text(encoding="utf-8")) == []
