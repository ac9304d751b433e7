"""GraphQL documents outside the schema are valid for it."""
from __future__ import annotations

from pathlib import Path

import pytest
from graphql import parse, validate

from dev.export_schema import PATH, printed
from dev.workspace import ROOT
from graph.schema import schema

DOCUMENTS = sorted((ROOT / "dev").glob("*/*.graphql"))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.parent.name)
def test_graphql_documents_of_dev_are_valid_for_the_schema(path: Path) -> None:
    assert validate(schema()._schema, parse(path.read_text(encoding="utf-8"))) == []


def test_schema_graphql_matches_the_code() -> None:
    assert PATH.read_text(encoding="utf-8") == printed()
