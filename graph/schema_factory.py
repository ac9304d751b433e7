"""Construction of the API's schemas with their scalars, limits and executor: the full one (graph/schema.py) and the small one (graph/query_schema.py)."""
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig

import settings
from graph.document_cache import cached_documents
from graph.errors import Schema
from graph.executor import Executor
from graph.query_limits import DevelopmentQueryLimits, QueryLimits
from graph.scalars import SCALARS

QUERY_DESCRIPTION = "All queries. Each field may fail on its own: then it is null, and `errors` says why."


def make_schema(query: type, **others: Any) -> Schema:
    """Return a schema with the API's scalars and checks. Building it needs no settings."""
    config = StrawberryConfig(scalar_map=SCALARS)
    return Schema(query=query, **others, extensions=[_checked_documents], execution_context_class=Executor, config=config)


def _checked_documents() -> SchemaExtension:
    return _documents(settings.current().debug)()


@lru_cache(maxsize=2)
def _documents(debug: bool) -> Callable[[], SchemaExtension]:
    """Return the extension factory. Only in development (`DEBUG`) does it allow introspection."""
    return cached_documents(DevelopmentQueryLimits if debug else QueryLimits)
