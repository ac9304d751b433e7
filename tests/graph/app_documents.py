"""The documents of the web app, one file for each screen, and requests with them. The app is in `web/`; nothing here needs node."""
from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from graphql import DocumentNode, FragmentDefinitionNode, parse, print_ast
from graphql.utilities import separate_operations

from dev.workspace import ROOT
from persistence.models import User
from tests import seeds

DOCUMENTS = ROOT / "web/src/documents"
SCREENS = [path for path in sorted(DOCUMENTS.glob("*.graphql")) if path.stem != "shared"]
"""The files of the screens, without the one of their shared fragments."""


@cache
def read_documents(directory: Path = DOCUMENTS) -> DocumentNode:
    """Return all documents of the directory as one, since their fragments are shared."""
    return parse("\n".join(path.read_text(encoding="utf-8") for path in sorted(directory.glob("*.graphql"))))


@cache
def read_operations(directory: Path = DOCUMENTS) -> Mapping[str, str]:
    """Return the operations of the directory by their names, each with the fragments that it needs, as a client sends it."""
    return {name: print_ast(document) for name, document in separate_operations(read_documents(directory)).items()}


@cache
def find_document(operation: str) -> str:
    """Return the app's operation of this name; or a test's own operation, which is given as a text, with the app's fragments that it needs."""
    if "{" not in operation:
        return read_operations()[operation]
    own = parse(operation).definitions
    named = {definition.name.value for definition in own if isinstance(definition, FragmentDefinitionNode)}
    fragments = [found for found in read_documents().definitions if isinstance(found, FragmentDefinitionNode) and found.name.value not in named]
    [document] = separate_operations(DocumentNode(definitions=(*own, *fragments))).values()
    return print_ast(document)


async def query(viewer: User, operation: str, **variables: Any) -> dict[str, Any]:
    """Return the data of one request."""
    answer = await seeds.ask(find_document(operation), variables, token=await seeds.bearer(viewer))
    assert "errors" not in answer, answer["errors"]
    return answer["data"]  # type: ignore[no-any-return]


async def mutate(viewer: User, operation: str, **input: Any) -> dict[str, Any]:
    """Return the result of a mutation."""
    [answered] = (await query(viewer, operation, input=input)).values()
    return answered  # type: ignore[no-any-return]


async def query_counted(viewer: User, operation: str, **variables: Any) -> tuple[dict[str, Any], int]:
    """Return the data of one request and the number of its statements."""
    document, token = find_document(operation), await seeds.bearer(viewer)
    with seeds.statements() as seen:
        answer = await seeds.ask(document, variables, token=token)
    assert "errors" not in answer, answer["errors"]
    return answer["data"], len(seen)
