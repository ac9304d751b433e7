"""The schema of the queries with which users read their own data: what a frontend requests first from a function that has just started.

The rest of the schema is built, and its modules imported, at the first document that needs it (see graph/endpoint.py).
"""
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import strawberry
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig

import settings
from graph.document_cache import cached_documents
from graph.errors import Schema
from graph.executor import Executor
from graph.permissions import with_permissions
from graph.queries.account import AccountQuery
from graph.queries.chat import ChatQuery
from graph.queries.diary import DiaryQuery
from graph.queries.health import HealthQuery
from graph.queries.profile import ProfileQuery
from graph.query_limits import DevelopmentQueryLimits, QueryLimits
from graph.scalars import SCALARS

QUERY_DESCRIPTION = "All queries. Each field may fail on its own: then it is null, and `errors` says why."


@strawberry.type(name="Query", description=QUERY_DESCRIPTION)
class ViewerQuery(AccountQuery, ChatQuery, DiaryQuery, ProfileQuery, HealthQuery):
    pass


@lru_cache(maxsize=1)
def query_schema() -> Schema:
    """Return the schema of these queries alone. Its answers are identical to those of the full schema."""
    return make_schema(with_permissions(ViewerQuery))


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
