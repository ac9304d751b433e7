"""The schema of the queries with which users read their own data: what a frontend requests first from a function that has just started.

The rest of the schema is built, and its modules imported, at the first document that needs it (see graph/endpoint.py).
"""
from functools import lru_cache

import strawberry

from graph.errors import Schema
from graph.permissions import with_permissions
from graph.queries.account import AccountQuery
from graph.queries.chat import ChatQuery
from graph.queries.diary import DiaryQuery
from graph.queries.health import HealthQuery
from graph.queries.profile import ProfileQuery
from graph.schema_factory import QUERY_DESCRIPTION, make_schema


@strawberry.type(name="Query", description=QUERY_DESCRIPTION)
class ViewerQuery(AccountQuery, ChatQuery, DiaryQuery, ProfileQuery, HealthQuery):
    pass


@lru_cache(maxsize=1)
def query_schema() -> Schema:
    """Return the schema of these queries alone. Its answers are identical to those of the full schema."""
    return make_schema(with_permissions(ViewerQuery))
