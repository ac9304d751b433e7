"""Costs of fields beyond those of the objects that they give: searching, adding up, hashing a password, asking the model.

A field declares it (`metadata=weight(…)`), and graph/query_limits.py counts it. The measure is a field read with its object, which costs 1; a document may cost
`guard.MAX_COST`.
"""
from collections.abc import Mapping
from typing import Any

from graphql import GraphQLField
from strawberry.schema.schema_converter import GraphQLCoreConverter

WEIGHT = "weight"

SEARCH = 4_000
"""Ranks up to 5,000 texts: four in a document, beside a page of what they find."""
FILTER = 2_000
"""Looks through the texts of everything in a list."""
AGGREGATE = 500
"""Adds up many rows into one answer."""
PASSWORD = 1_000
"""Hashes a password: 20 ms of a processor and 19 MiB."""
MODEL = 2_000
"""Calls the model, which may search, too."""
WHOLE_ACCOUNT = 10_000
"""Reads or writes everything that a person has: one in a document."""


def weight(cost: int, *, when: str | None = None) -> Mapping[str, Any]:
    """Return a field's `metadata`; with `when` the cost counts only where that argument is given."""
    return {WEIGHT: (cost, when)}


def weight_of(field: GraphQLField | None, arguments: Mapping[str, Any]) -> int:
    """Return what a field adds, by the arguments as the document writes them: a variable counts as given."""
    definition = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF) if field else None
    cost, when = definition.metadata.get(WEIGHT, (0, None)) if definition else (0, None)
    return cost if when is None or when in arguments else 0
