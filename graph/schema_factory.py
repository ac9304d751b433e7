"""Construction of the API's schemas with their scalars, limits and executor: the full one (graph/schema.py) and its parts (graph/schema_parts.py)."""
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import strawberry
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig

import settings
from graph.document_cache import cached_documents
from graph.errors import Schema
from graph.executor import Executor
from graph.permissions import RootT, fields_of, with_permissions
from graph.query_limits import DevelopmentQueryLimits, QueryLimits
from graph.scalars import SCALARS

QUERY_DESCRIPTION = "All queries. Each field may fail on its own: then it is null, and `errors` says why."
MUTATION_DESCRIPTION = (
    "All changes of data. Each field takes one `input` and returns a union of its success type and its expected errors, which implement `Error`."
)
SUBSCRIPTION_DESCRIPTION = "Streams of events, over server-sent events (`Accept: text/event-stream`)."


def make_schema(query: type, mutation: type | None = None, subscription: type | None = None, *, source_types: Sequence[type] = ()) -> Schema:
    """Return a schema of these root types, with their permissions and the API's scalars and checks. Building it needs no settings.

    Without `source_types`, the types of answers' sources, it lacks the fields that return them.
    """
    changes = {"mutation": mutation, "subscription": subscription}
    described: dict[str, Any] = {name: _with_input_descriptions(with_permissions(root)) for name, root in changes.items() if root is not None}
    config = StrawberryConfig(scalar_map=SCALARS)
    extensions: list[Any] = [_checked_documents]
    return Schema(
        query=with_permissions(query), **described, extensions=extensions, execution_context_class=Executor, config=config,
        types=source_types, has_sources=bool(source_types),
    )


def combine_roots(queries: Sequence[type], mutations: Sequence[type], source_types: Sequence[type] = ()) -> Schema:
    """Return a schema whose root types have the fields of these classes, of which at least one is a query's."""
    mutation = _combine("Mutation", mutations, MUTATION_DESCRIPTION) if mutations else None
    return make_schema(_combine("Query", queries, QUERY_DESCRIPTION), mutation, source_types=source_types)


def _combine(name: str, classes: Sequence[type], description: str) -> type:
    return strawberry.type(type(name, tuple(classes), {}), description=description)


def _with_input_descriptions(root: RootT) -> RootT:
    """Give each undescribed `input` argument of the root type the description of its input type, and return the root type."""
    for argument in (argument for field in fields_of(root) for argument in field.arguments if argument.python_name == "input"):
        argument.description = argument.description or argument.type.__strawberry_definition__.description  # type: ignore[union-attr] # of an input type, which has a definition
    return root


def _checked_documents() -> SchemaExtension:
    return _documents(settings.current().allows_introspection)()


@lru_cache(maxsize=2)
def _documents(introspection: bool) -> Callable[[], SchemaExtension]:
    """Return the extension factory, for documents with or without introspection."""
    return cached_documents(DevelopmentQueryLimits if introspection else QueryLimits)
