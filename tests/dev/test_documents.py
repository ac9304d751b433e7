"""GraphQL documents outside the schema are valid for it, and the guides name those that there are."""
from __future__ import annotations

import re
from pathlib import Path

import pytest
from graphql import parse, validate

from dev.export_schema import PATH, printed
from dev.workspace import ROOT
from graph.schema import schema
from tests.graph.app_documents import read_operations

DOCUMENTS = sorted((ROOT / "dev").glob("*/*.graphql"))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.parent.name)
def test_graphql_documents_of_dev_are_valid_for_the_schema(path: Path) -> None:
    assert validate(schema()._schema, parse(path.read_text(encoding="utf-8"))) == []


def test_schema_graphql_matches_the_code() -> None:
    assert PATH.read_text(encoding="utf-8") == printed()


def test_guide_for_frontends_names_operations_of_the_web_app() -> None:
    guide = (ROOT / "docs/frontends.md").read_text(encoding="utf-8").partition("## One screen, one request")[2].partition("\n## ")[0]
    named = {name for row in guide.splitlines() if row.startswith("| ") for name in re.findall(r"`(\w+)`", row)}
    assert len(named) > 30 and named <= set(read_operations())
