"""A small schema with one example of everything that the infrastructure of the API handles."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import strawberry
from starlette.applications import Starlette
from starlette.requests import Request
from strawberry.schema.config import StrawberryConfig

import settings
from graph import relay
from graph.app import build_app
from graph.document_cache import cached_documents
from graph.endpoint import graphiql
from graph.errors import Schema
from graph.http import GraphQLEndpoint, KnownDocuments
from graph.query_limits import DevelopmentQueryLimits, QueryLimits
from graph.scalars import SCALARS, EmailAddress, Locale, TimeZone

FIRST_DAY = date(2026, 1, 1)
DAYS = 7


class Coded(Exception):
    """An error with the attributes of the resolvers' errors."""

    def __init__(self, code: str, message: str, **extra: Any) -> None:
        super().__init__(message)
        self.code, self.extra = code, extra


@dataclass
class Context:
    request_id: str
    user_id: UUID | None = UUID(int=7)
    counted: int = 0
    closed: list[str] = field(default_factory=list)
    ended: bool = False

    async def viewer(self) -> UUID | None:
        return self.user_id

    async def close(self) -> None:
        self.ended = True


Info = strawberry.Info[Context, None]


@strawberry.type(description="A note of one day.")
class Note(relay.Node):
    day: date
    at: datetime

    @strawberry.field
    def notes(
        self, first: relay.First = None, after: relay.After = None, last: relay.Last = None, before: relay.Before = None
    ) -> "relay.Connection[Note]":
        return list_notes(first, after, _never_count, last, before)


async def _never_count() -> int:
    raise AssertionError("the total was counted without being requested")


def note_id(index: int) -> UUID:
    return UUID(int=index + 1)


def make_note(index: int) -> Note:
    day = FIRST_DAY + timedelta(days=index)
    return Note(id=relay.encode_id("Note", note_id(index)), day=day, at=datetime(2026, 1, 1, tzinfo=timezone.utc))


def list_notes(first: int | None, after: str | None, count: Any, last: int | None = None, before: str | None = None) -> relay.Connection[Note]:
    page = relay.read_page(first, after, last, before, lambda cursor: (relay.decode_cursor(cursor, date, UUID)[0] - FIRST_DAY).days)
    between = range(0 if page["after"] is None else page["after"] + 1, DAYS if page["before"] is None else page["before"])
    rows, has_next, has_previous = relay.cut_rows(between[::-1] if page["backward"] else between, page)

    def cursor(index: int) -> str:
        return relay.encode_cursor(FIRST_DAY + timedelta(days=index), note_id(index))

    return relay.make_connection(rows, node=make_note, cursor=cursor, has_next=has_next, has_previous=has_previous, count=count)


async def load_notes(info: Info, ids: Sequence[UUID]) -> list[Note | None]:
    return [make_note(id.int - 1) if 1 <= id.int <= DAYS else None for id in ids]


LOADERS: dict[str, relay.NodeLoader] = {"Note": load_notes}


@strawberry.type
class Query:
    @strawberry.field
    def hello(self, name: str = "world") -> str | None:
        return f"hello {name}"

    @strawberry.field
    async def notes(self, info: Info, first: relay.First = 20, after: relay.After = None) -> relay.Connection[Note] | None:
        async def count() -> int:
            info.context.counted += 1
            return DAYS

        return list_notes(first, after, count)

    @strawberry.field
    async def node(self, info: Info, id: strawberry.ID) -> relay.Node | None:
        return await relay.find_node(LOADERS, info, id)

    @strawberry.field
    async def nodes(self, info: Info, ids: list[strawberry.ID]) -> list[relay.Node | None] | None:
        return await relay.find_nodes(LOADERS, info, ids)

    @strawberry.field
    def fail(self, code: str, message: str = "what to do") -> str | None:
        raise Coded(code, message, field="title")

    @strawberry.field
    def crash(self) -> str | None:
        raise RuntimeError("the diary says: secret words")

    @strawberry.field
    def naive(self) -> datetime | None:
        return datetime(2026, 1, 1)

    @strawberry.field
    def echo(
        self,
        at: datetime | None = None,
        day: date | None = None,
        zone: TimeZone | None = None,
        locale: Locale | None = None,
        email: EmailAddress | None = None,
    ) -> str | None:
        return repr(next(value for value in (at, day, zone, locale, email) if value is not None))


@strawberry.type
class Mutation:
    @strawberry.mutation
    def rename(self, info: Info, name: str = "") -> str | None:
        info.context.closed.append("renamed")
        return name


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def count(self, info: Info, to: int = 3, wait: bool = False, crash: bool = False) -> AsyncGenerator[int, None]:
        import asyncio

        try:
            for number in range(to):
                yield number
            if crash:
                raise RuntimeError("secret words")
            if wait:
                await asyncio.Event().wait()
        finally:
            info.context.closed.append("stream")


def make_schema(guard: type[QueryLimits] = QueryLimits) -> Schema:
    config = StrawberryConfig(scalar_map=SCALARS)
    return Schema(Query, Mutation, Subscription, config=config, types=[Note], extensions=[cached_documents(guard)])


def make_settings(**environ: str) -> settings.Settings:
    return settings.load({"POSTGRESQL_URL": "postgresql://nobody@127.0.0.1:1/nowhere", "DEEPSEEK_API_KEY": "k", "DEBUG": "1", **environ})


@dataclass
class Service:
    """The application and the contexts of the requests that it has served."""

    app: Starlette
    contexts: list[Context]


def make_service(
    *, broken_context: Exception | None = None, healthy: bool = True, documents: KnownDocuments | None = None, **environ: str
) -> Service:
    found = make_settings(**environ)
    contexts: list[Context] = []

    async def make_context(request: Request) -> Context:
        if broken_context:
            raise broken_context
        contexts.append(Context(request.scope["unilife.request_id"]))
        return contexts[-1]

    async def health() -> dict[str, Any]:
        return {"healthy": healthy, "version": settings.VERSION}

    schema = make_schema(DevelopmentQueryLimits if found.debug else QueryLimits)
    endpoint = GraphQLEndpoint(schema, make_context, graphiql if found.debug else None, documents)
    return Service(build_app(endpoint, health=health, settings=found), contexts)
