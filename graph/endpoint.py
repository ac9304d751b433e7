"""The GraphQL endpoint of the service: selects the schema and creates the resolvers' context."""
from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import strawberry
from graphql import DocumentNode, OperationDefinitionNode, OperationType
from starlette.requests import Request
from strawberry.types.execution import ExecutionResult, PreExecutionError

import settings
from graph import schema as whole
from graph.document_cache import parse_document
from graph.http import GraphQLEndpoint
from graph.query_schema import query_schema
from graph.request import bearer_of
from jobs.deadline import Deadline
from persistence.database import open_account
from resolvers.client_network import client_network
from resolvers.context import Context


def make_endpoint() -> GraphQLEndpoint:
    """Return the ASGI application of `/graphql`. In development (`DEBUG`) it serves GraphiQL to browsers."""
    if settings.current().debug:
        return GraphQLEndpoint(whole.schema(), make_context, graphiql)
    return GraphQLEndpoint(DeferredSchema(), make_context)


class DeferredSchema:
    """A schema that behaves like the full one, but builds it only when a document needs more than the viewer's queries.

    Only for production, where introspection is refused: introspection alone would show the difference.
    """

    async def execute(self, query: str | None, /, *request: Any, **named: Any) -> ExecutionResult:
        if query is not None and _only_reads(parse_document(query)):
            result = await query_schema().execute(query, *request, **named)
            if not isinstance(result, PreExecutionError):
                return result
        return await whole.schema().execute(query, *request, **named)

    async def stream(self, query: str | None, /, *request: Any, **named: Any) -> AsyncIterator[Any]:
        return await whole.schema().stream(query, *request, **named)


def _only_reads(document: DocumentNode) -> bool:
    operations = (node for node in document.definitions if isinstance(node, OperationDefinitionNode))
    return all(node.operation is OperationType.QUERY for node in operations)


async def make_context(request: Request) -> Context:
    """Return the resolvers' context, from the request's headers and from the values that the platform's adapter stored in the scope."""
    scope, client = request.scope, request.client
    open_account(f"client {client_network(client.host if client else None)}", settings.current().statement_timeout_seconds)
    context = Context(
        request_id=scope["unilife.request_id"],
        deadline=scope.get("unilife.deadline") or Deadline(settings.current().function_timeout_seconds),
        bearer=bearer_of(request.headers.get("authorization")),
        client_address=client.host if client else None,
    )
    await context.start_authentication()
    return context


def graphiql() -> str:
    """Return Strawberry's GraphiQL page; its scripts come from a public CDN."""
    page = Path(strawberry.__file__).with_name("static") / "graphiql.html"
    return page.read_text(encoding="utf-8")
