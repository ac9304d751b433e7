"""Costs of fields beyond those of the objects that they return: searching, aggregating, hashing a password, calling the model.

A field declares its cost (`metadata=weight(…)`), and graph/query_limits.py counts it. The unit is a field that is loaded with its object, which costs 1; a
document may cost `query_limits.MAX_COST`.
"""
from collections.abc import Mapping
from typing import Any

from graphql import GraphQLField
from strawberry.schema.schema_converter import GraphQLCoreConverter

WEIGHT = "weight"

SEARCH = 4_000
"""Ranks up to 5,000 texts. Allows four searches in a document, beside a page of results."""
FILTER = 2_000
"""Searches the texts of all objects in a list."""
AGGREGATE = 500
"""Aggregates many rows into one result."""
SERIES = 100
"""Computes the states of one value on many days."""
MATCH = 20
"""Looks through one text for what a search matched."""
PASSWORD = 1_000
"""Hashes a password: 20 ms of CPU time and 19 MiB."""
MODEL = 2_000
"""Calls the model, which may also search."""
WHOLE_ACCOUNT = 10_000
"""Reads or writes all data of a user. Allows one such field in a document."""


def weight(cost: int, *, when: str | None = None) -> Mapping[str, Any]:
    """Return a field's `metadata`; with `when` the cost counts only if that argument is given."""
    return {WEIGHT: (cost, when)}


def weight_of(field: GraphQLField | None, arguments: Mapping[str, Any]) -> int:
    """Return a field's extra cost, by the arguments as the document writes them: a variable counts as given."""
    definition = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF) if field else None
    cost, when = definition.metadata.get(WEIGHT, (0, None)) if definition else (0, None)
    return cost if when is None or when in arguments else 0
