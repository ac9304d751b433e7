"""The whole surface: the slices put together, the checks around them, and the application that serves it."""
from collections.abc import Callable
from functools import lru_cache

import strawberry
from starlette.applications import Starlette
from starlette.requests import Request
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig

import settings
from graph.app import build_app
from graph.caches import cached_documents
from graph.errors import Schema
from graph.guard import DevelopmentGuard, Guard
from graph.mutations.account import AccountMutation
from graph.mutations.admin import AdminMutation
from graph.mutations.chat import ChatMutation
from graph.mutations.diary import DiaryMutation
from graph.mutations.profile import ProfileMutation
from graph.permissions import RootT, fields_of, guarded
from graph.queries.account import AccountQuery
from graph.queries.admin import AdminQuery
from graph.queries.chat import ChatQuery
from graph.queries.diary import DiaryQuery
from graph.queries.health import HealthQuery
from graph.queries.node import NodeQuery
from graph.queries.profile import ProfileQuery
from graph.scalars import SCALARS
from graph.subscriptions.chat import ChatSubscription
from jobs.deadline import Deadline
from resolvers.context import Context
from resolvers.health import check


@strawberry.type(description="What can be read. Each field may fail alone: it is null then, and `errors` says why.")
class Query(AccountQuery, ChatQuery, DiaryQuery, ProfileQuery, AdminQuery, NodeQuery, HealthQuery):
    pass


@strawberry.type(description="What can be changed. Each field takes one `input` and answers a union of its success and the refusals that are to be expected.")
class Mutation(AccountMutation, ChatMutation, DiaryMutation, ProfileMutation, AdminMutation):
    pass


@strawberry.type(description="What can be followed, over server-sent events (`Accept: text/event-stream`).")
class Subscription(ChatSubscription):
    pass


@lru_cache(maxsize=1)
def schema() -> Schema:
    """The schema. To build it, no settings are needed."""
    return Schema(
        query=guarded(Query),
        mutation=_described(guarded(Mutation)),
        subscription=_described(guarded(Subscription)),
        extensions=[_checked_documents],
        config=StrawberryConfig(scalar_map=SCALARS),
    )


@lru_cache(maxsize=1)
def app() -> Starlette:
    """The ASGI application, as the function's door and every server serve it."""
    return build_app(schema(), make_context, health=health)


async def make_context(request: Request) -> Context:
    """What a request's resolvers know, from its headers and from what the function's door left in the scope."""
    scope, client = request.scope, request.client
    return Context(
        request_id=scope["unilife.request_id"],
        deadline=scope.get("unilife.deadline") or Deadline(settings.current().function_timeout_seconds),
        bearer=_bearer(request.headers.get("authorization")),
        client_address=client.host if client else None,
    )


async def health() -> dict[str, object]:
    """The body of `/health`; `healthy` decides its status."""
    found = await check()
    return {
        "status": found.status.value,
        "healthy": found.healthy,
        "version": found.version,
        "databaseReachable": found.database_reachable,
        "migrationsCurrent": found.migrations_current,
        "model": found.model,
        "modelPaused": found.model_paused,
    }


def _described(root: RootT) -> RootT:
    """A root type whose `input` arguments are described as their types are: there is nothing else to say of them."""
    for argument in (argument for field in fields_of(root) for argument in field.arguments if argument.python_name == "input"):
        argument.description = argument.description or argument.type.__strawberry_definition__.description  # type: ignore[union-attr]
    return root


def _checked_documents() -> SchemaExtension:
    return _documents(settings.current().debug)()


@lru_cache(maxsize=2)
def _documents(debug: bool) -> Callable[[], SchemaExtension]:
    """Introspection is answered in development only (`DEBUG`)."""
    return cached_documents(DevelopmentGuard if debug else Guard)


def _bearer(header: str | None) -> str | None:
    """The access token; None without one. Another scheme gives an empty token, which is refused."""
    if not header:
        return None
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
