"""Limits on the shape of a document, checked before GraphQL's validation rules run.

Some of those rules take time that grows with the square of the items they compare: fields with one response name at one path, fragments with each other,
operations with the fragments they spread, an unknown name with each name it may be a misspelling of. One walk over the document, linear in its length,
rejects documents that would make them slow. Unlike graph/query_limits.py it checks all definitions, also those that no operation reaches.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from graphql import DocumentNode, FieldNode, FragmentDefinitionNode, FragmentSpreadNode, GraphQLError, InlineFragmentNode, Node, OperationDefinitionNode

MAX_OPERATIONS = 10
"""Maximum operations in a document. A request runs one of them."""
MAX_FRAGMENTS = 50
"""Maximum fragments defined in a document."""
MAX_SPREADS = 200
"""Maximum fragment spreads in a document, as written."""
MAX_FIELDS = 800
"""Maximum fields as written. graph/query_limits.py limits the fields of an operation with its fragments expanded."""
MAX_VARIABLES = 50
"""Maximum variables of one operation. The largest mutation takes one input; a screen of a frontend takes a few."""
MAX_MEMBERS = 100
"""Maximum arguments of a field, fields of an object or values of a list, each as written. Longer lists belong into variables."""
MAX_COMPARISONS = 1_000
"""Maximum pairs of fields with one response name at one path: each is compared with each. Clients that compose fragments repeat `id` and `__typename`:
thirty fragments at one path make 870 pairs. A pair with arguments counts ten, because the rule prints arguments to compare them."""
MAX_VISITED = 3_000
"""Maximum selections visited for repeats in one definition, its fragments included."""


def find_excess(document: DocumentNode) -> GraphQLError | None:
    """Return the error for the first limit that the document exceeds, or None."""
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    return (
        _excess("operations", len(operations), MAX_OPERATIONS, document)
        or _excess("fragments", len(document.definitions) - len(operations), MAX_FRAGMENTS, document)
        or next(filter(None, (_excess("variables", len(node.variable_definitions or ()), MAX_VARIABLES, node) for node in operations)), None)
        or _find_long_lists(document)
        or next(filter(None, (_find_repeats(node, fragments) for node in (*operations, *fragments.values()))), None)
    )


def _find_long_lists(document: DocumentNode) -> GraphQLError | None:
    spreads, fields = 0, 0
    for node in nodes_of(document):
        spreads += isinstance(node, FragmentSpreadNode)
        fields += isinstance(node, FieldNode)
        for name in ("arguments", "fields", "values"):
            if excess := _excess(f"{name} in one list", len(getattr(node, name, None) or ()), MAX_MEMBERS, node):
                return excess
    return _excess("fragment spreads", spreads, MAX_SPREADS, document) or _excess("fields", fields, MAX_FIELDS, document)


def nodes_of(root: Node) -> Iterator[Node]:
    """Yield the node and all nodes below it."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(_children(node))


def _children(node: Node) -> Iterator[Node]:
    for key in node.keys:
        found = getattr(node, key, None)
        if isinstance(found, Node):
            yield found
        elif isinstance(found, (list, tuple)):
            yield from (child for child in found if isinstance(child, Node))


def _find_repeats(definition: Any, fragments: Mapping[str, FragmentDefinitionNode]) -> GraphQLError | None:
    """Return an error if the definition, with its fragments expanded, has too many repeated fields, as the rule that compares fields of one name would see
    them."""
    seen, visited, compared = Counter[str](), 0, 0
    own = (definition.name.value,) if isinstance(definition, FragmentDefinitionNode) else ()
    waiting: list[tuple[Any, str, tuple[str, ...]]] = [(definition.selection_set, "", own)]
    while waiting:
        selections, path, inside = waiting.pop()
        for node in selections.selections:
            visited += 1
            if isinstance(node, FieldNode):
                key = f"{path}.{(node.alias or node.name).value}"
                compared += seen[key] * (10 if node.arguments else 1)
                seen[key] += 1
                if node.selection_set:
                    waiting.append((node.selection_set, key, inside))
            elif isinstance(node, InlineFragmentNode):
                waiting.append((node.selection_set, path, inside))
            elif isinstance(node, FragmentSpreadNode) and (name := node.name.value) in fragments and name not in inside:
                key = f"{path}...{name}"
                if not seen[key]:  # a fragment counts once per path
                    seen[key] = 1
                    waiting.append((fragments[name].selection_set, path, (*inside, name)))
        if excess := _excess("fields with the same name in one selection", compared, MAX_COMPARISONS, definition):
            return excess
        if excess := _excess("selections", visited, MAX_VISITED, definition):
            return excess
    return None


def _excess(what: str, number: int, limit: int, node: Node) -> GraphQLError | None:
    return GraphQLError(f"The document has too many {what}: split it into several requests.", [node]) if number > limit else None
