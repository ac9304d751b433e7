"""The command `unilife schema-changes`: what has changed in the schema since the last release, and whether CHANGELOG.md names what breaks clients.

dev/released-schema.graphql is the schema of the last release; a release replaces it (`--release`).
"""
from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

from graphql import BreakingChange, DangerousChange, GraphQLSchema, build_schema, find_schema_changes

from dev.export_schema import PATH
from dev.workspace import ROOT

RELEASED = ROOT / "dev/released-schema.graphql"
CHANGELOG = ROOT / "CHANGELOG.md"
NAMED = "- Breaking: "
"""The beginning of a changelog line that names a breaking change."""


class Changes(NamedTuple):
    """The changes of a schema, as sentences. Breaking ones make a valid document invalid, or a client's type; dangerous ones may surprise a client."""

    breaking: list[str]
    dangerous: list[str]
    safe: list[str]


def classify(released: GraphQLSchema, current: GraphQLSchema) -> Changes:
    """Return the changes between the schemas."""
    found = Changes([], [], [])
    for change in find_schema_changes(released, current):
        kind = found.breaking if isinstance(change, BreakingChange) else found.dangerous if isinstance(change, DangerousChange) else found.safe
        kind.append(change.description)
    return Changes(*map(sorted, found))


def find_unnamed(breaking: list[str], changelog: str) -> list[str]:
    """Return the breaking changes that the changelog's newest version has no line for."""
    newest = re.split(r"^## ", changelog, flags=re.MULTILINE)[1]
    named = {line.removeprefix(NAMED).strip() for line in newest.splitlines() if line.startswith(NAMED)}
    return [change for change in breaking if change not in named]


def show(*, release: bool, released: Path = RELEASED, current: Path = PATH, changelog: Path = CHANGELOG) -> int:
    """Print the changes and return the exit status: 1 when the changelog lacks a breaking one. With `release`, the current schema becomes the released one."""
    changes = classify(*(build_schema(path.read_text(encoding="utf-8")) for path in (released, current)))
    for kind, found in changes._asdict().items():
        for change in found:
            print(f"{kind}: {change}")
    unnamed = find_unnamed(changes.breaking, changelog.read_text(encoding="utf-8"))
    if unnamed:
        print(f"these changes break clients: undo them, or add these lines to {changelog.name}:", file=sys.stderr)
        print(*(NAMED + change for change in unnamed), sep="\n", file=sys.stderr)
        return 1
    if release:
        shutil.copyfile(current, released)
    return 0
