"""The full schema: the queries, mutations and subscriptions of all modules combined."""
from functools import lru_cache

import strawberry

from graph.errors import Schema
from graph.mutations.account import AccountMutation
from graph.mutations.admin import AdminMutation
from graph.mutations.api_tokens import ApiTokenMutation
from graph.mutations.companion import CompanionMutation
from graph.mutations.conversation import ConversationMutation
from graph.mutations.diary import DiaryMutation
from graph.mutations.imports import ImportMutation
from graph.mutations.memory import MemoryMutation
from graph.mutations.message import MessageMutation
from graph.mutations.portability import PortabilityMutation
from graph.mutations.profile import ProfileMutation
from graph.mutations.slots import SlotMutation
from graph.mutations.sources import SourceMutation
from graph.queries.account import AccountQuery
from graph.queries.admin import AdminQuery
from graph.queries.api_tokens import ApiTokenQuery
from graph.queries.changes import ChangesQuery
from graph.queries.chat import ChatQuery
from graph.queries.companion import CompanionQuery
from graph.queries.diary import DiaryQuery
from graph.queries.health import HealthQuery
from graph.queries.node import NodeQuery
from graph.queries.profile import ProfileQuery
from graph.queries.sessions import SessionQuery
from graph.schema_factory import MUTATION_DESCRIPTION, QUERY_DESCRIPTION, SUBSCRIPTION_DESCRIPTION, make_schema
from graph.subscriptions.changes import ChangesSubscription
from graph.subscriptions.chat import ChatSubscription
from graph.types.sources import SOURCE_TYPES


@strawberry.type(description=QUERY_DESCRIPTION)
class Query(AccountQuery, ChatQuery, DiaryQuery, ProfileQuery, AdminQuery, NodeQuery, HealthQuery, CompanionQuery, ChangesQuery, ApiTokenQuery, SessionQuery):
    pass


@strawberry.type(description=MUTATION_DESCRIPTION)
class Mutation(
    AccountMutation, PortabilityMutation, ImportMutation, MessageMutation, ConversationMutation, DiaryMutation, ProfileMutation, SlotMutation, SourceMutation,
    AdminMutation, MemoryMutation, CompanionMutation, ApiTokenMutation,
):
    pass


@strawberry.type(description=SUBSCRIPTION_DESCRIPTION)
class Subscription(ChatSubscription, ChangesSubscription):
    pass


@lru_cache(maxsize=1)
def schema() -> Schema:
    """Return the schema. Building it needs no settings."""
    return make_schema(Query, Mutation, Subscription, source_types=SOURCE_TYPES)
