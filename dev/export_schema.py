"""The command `unilife export-schema`."""
from __future__ import annotations

import difflib
import sys

from dev import environment
from dev.workspace import ROOT

PATH = ROOT / "schema.graphql"


def printed() -> str:
    """Return the schema of the code in SDL."""
    from graph.schema import schema

    environment.only_settings()
    return schema().as_str().rstrip() + "\n"


def export(check: bool) -> int:
    """Write schema.graphql, or with `check` only compare it, and return the exit status: 1 when the file is not up to date."""
    wanted = printed()
    found = PATH.read_text(encoding="utf-8") if PATH.exists() else ""
    if not check:
        PATH.write_text(wanted, encoding="utf-8")
        print("schema.graphql was written" if found != wanted else "schema.graphql is up to date")
        return 0
    sys.stdout.writelines(difflib.unified_diff(found.splitlines(True), wanted.splitlines(True), "schema.graphql", "the code"))
    if found != wanted:
        print("schema.graphql is outdated: run `make schema`", file=sys.stderr)
    return 0 if found == wanted else 1
