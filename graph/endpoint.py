"""The GraphQL endpoint of the service: selects the schema and creates the resolvers' context."""
from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request
from strawberry.types.execution import ExecutionResult, PreExecutionError

import settings
from graph import schema as whole
from graph.document_cache import parse_document
from graph.http import GraphQLEndpoint
from graph.request import bearer_of
from graph.schema_parts import select_parts
from jobs.deadline import Deadline
from persistence.database import open_account
from resolvers.client_network import client_network
from resolvers.context import Context


def make_endpoint() -> GraphQLEndpoint:
    """Return the ASGI application of `/graphql`. In development (`DEBUG`) it tells browsers where GraphiQL is."""
    found, documents = settings.current(), None
    if found.trusted_documents != "off":
        from graph.trusted_documents import TrustedDocuments  # imported only where it is used, to keep cold starts short

        documents = TrustedDocuments(found.trusted_documents_files, only=found.trusted_documents == "only")
    if found.debug:
        return GraphQLEndpoint(whole.schema(), make_context, graphiql, documents)
    return GraphQLEndpoint(DeferredSchema(), make_context, documents=documents)


class DeferredSchema:
    """A schema that behaves like the full one, but runs a document on the part that it needs, and builds the full one for documents that fit no part.

    Only for production, where introspection is refused: introspection alone would show the difference.
    """

    async def execute(self, query: str | None, /, *request: Any, **named: Any) -> ExecutionResult:
        for part in () if query is None else select_parts(parse_document(query)):
            result = await part.schema.execute(query, *request, **named)
            if not isinstance(result, PreExecutionError):
                return result
        return await whole.schema().execute(query, *request, **named)

    async def stream(self, query: str | None, /, *request: Any, **named: Any) -> AsyncIterator[Any]:
        return await whole.schema().stream(query, *request, **named)


async def make_context(request: Request) -> Context:
    """Return the resolvers' context, from the request's headers and from the values that the platform's adapter stored in the scope."""
    scope, client = request.scope, request.client
    deadline = scope.get("unilife.deadline") or Deadline(settings.current().function_timeout_seconds)
    open_account(
        f"client {client_network(client.host if client else None)}", settings.current().statement_timeout_seconds, remaining=deadline.remaining(),
        urgent=scope.get("unilife.urgent", False),
    )
    context = Context(
        request_id=scope["unilife.request_id"],
        deadline=deadline,
        bearer=bearer_of(request.headers.get("authorization")),
        client_address=client.host if client else None,
        can_stream=not scope.get("unilife.function"),
    )
    await context.start_authentication()
    return context


def graphiql() -> str:
    """Return the page that says where GraphiQL is: `make dev` and `unilife serve` serve it, packages of the function do not have it."""
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><title>UniLife: GraphQL</title><h1>This is the GraphQL API</h1>"
        "<p>Any GraphQL client can use it at this address; schema.graphql in the project describes it. GraphiQL is not part of the deployed packages: "
        "<code>make dev</code> serves it on your machine, as does <code>unilife serve</code> with <code>DEBUG=true</code> and the settings of this service.</p>"
    )
