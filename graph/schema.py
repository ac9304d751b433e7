"""The full schema: the queries, mutations and subscriptions of all modules combined."""
from functools import lru_cache

import strawberry

from graph.errors import Schema
from graph.mutations.account import AccountMutation
from graph.mutations.admin import AdminMutation
from graph.mutations.conversation import ConversationMutation
from graph.mutations.diary import DiaryMutation
from graph.mutations.message import MessageMutation
from graph.mutations.portability import PortabilityMutation
from graph.mutations.profile import ProfileMutation
from graph.permissions import RootT, fields_of, with_permissions
from graph.queries.account import AccountQuery
from graph.queries.admin import AdminQuery
from graph.queries.chat import ChatQuery
from graph.queries.diary import DiaryQuery
from graph.queries.health import HealthQuery
from graph.queries.node import NodeQuery
from graph.queries.profile import ProfileQuery
from graph.schema_factory import QUERY_DESCRIPTION, make_schema
from graph.subscriptions.chat import ChatSubscription


@strawberry.type(description=QUERY_DESCRIPTION)
class Query(AccountQuery, ChatQuery, DiaryQuery, ProfileQuery, AdminQuery, NodeQuery, HealthQuery):
    pass


@strawberry.type(description="All changes of data. Each field takes one `input` and returns a union of its success type and its expected errors, which implement `Error`.")
class Mutation(AccountMutation, PortabilityMutation, MessageMutation, ConversationMutation, DiaryMutation, ProfileMutation, AdminMutation):
    pass


@strawberry.type(description="Streams of events, over server-sent events (`Accept: text/event-stream`).")
class Subscription(ChatSubscription):
    pass


@lru_cache(maxsize=1)
def schema() -> Schema:
    """Return the schema. Building it needs no settings."""
    return make_schema(with_permissions(Query), mutation=_described(with_permissions(Mutation)), subscription=_described(with_permissions(Subscription)))


def _described(root: RootT) -> RootT:
    """Give each undescribed `input` argument of the root type the description of its input type, and return the root type."""
    for argument in (argument for field in fields_of(root) for argument in field.arguments if argument.python_name == "input"):
        argument.description = argument.description or argument.type.__strawberry_definition__.description  # type: ignore[union-attr]
    return root
