"""GraphQL over HTTP: one endpoint for POST, for queries by GET, and for streams of server-sent events.

Follows the draft "GraphQL over HTTP" at commit e1e46e7 of 2026-08-06, with the exceptions of docs/decisions/0035, and graphql-sse's distinct
connections mode. Only JSON is taken as a body, which a foreign web page cannot send without a preflight request.
"""
from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing
from typing import Any, Protocol, cast

from graphql import FieldNode, GraphQLError, GraphQLSyntaxError, OperationDefinitionNode, OperationType
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from strawberry.types.execution import ExecutionResult

from graph.document_cache import find_operation
from graph.errors import ErrorCode, coded_error, present, present_exception
from graph.event_stream import EventStream
from graph.request import (
    EVENT_STREAM,
    GRAPHQL_JSON,
    JSON,
    MAX_BODY_BYTES,
    UNPROCESSABLE,
    GraphQLRequest,
    HTTPError,
    make_too_large_error,
    may_return_tokens,
    negotiate,
    read_request,
)  # fmt: skip

MAX_LOGGED_NAME = 80
"""Maximum characters of an operation's name in the log; longer ones are cut."""

IMPORTS = frozenset({"accountImport", "importPart"})
"""Mutations that take a file or a part of one. Only operations that select these alone may be longer than `MAX_BODY_BYTES`."""

SIGN_OUTS = frozenset({"sessionRevoke", "sessionRevokeAll"})
"""Mutations that end a sign-in. Operations that select these alone get a database connection before all others."""

PAGE_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""The content security policy of the endpoint's own page, which is text alone."""

ContextFactory = Callable[[Request], Awaitable[Any]]
"""Makes the resolvers' context, which has `request_id: str`, `user_id: UUID | None`, `has_changed_data: bool`, `viewer()`, which returns the signed-in user or
None, and `close()`, to be awaited after the operation."""


class ExecutableSchema(Protocol):
    """The part of Strawberry's schema that the endpoint uses."""

    async def execute(self, query: str | None, /, *arguments: Any, **named: Any) -> ExecutionResult: ...

    async def stream(self, query: str | None, /, *arguments: Any, **named: Any) -> AsyncIterator[Any]: ...


class KnownDocuments(Protocol):
    """The documents that a request may name by their ids."""

    def find_text(self, asked: GraphQLRequest) -> GraphQLRequest:
        """Return the request with the text of its document. Raises `HTTPError`."""


class GraphQLEndpoint:
    """The ASGI application of the one GraphQL URL.

    It reads `unilife.request_id` and `unilife.function` (true inside an event function, which cannot stream) from the scope, and stores the fields for the
    request's log line in `unilife.log`, and for the context in `unilife.urgent` whether the operation only signs out.
    """

    def __init__(
        self,
        schema: ExecutableSchema,
        context_factory: ContextFactory,
        page: Callable[[], str] | None = None,
        documents: KnownDocuments | None = None,
    ) -> None:
        """Create the endpoint. `page` returns the page that a browser gets at this URL, if any. Without `documents` every request has to send its text."""
        self._schema, self._context_factory, self._page, self._documents = schema, context_factory, page, documents

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        accepted = JSON
        try:
            if self._page and _is_browser(request):
                response: Response = Response(self._page(), headers={"content-security-policy": PAGE_POLICY}, media_type="text/html")
            else:
                accepted = negotiate(request.headers.get("accept"))
                response = await self._answer(request, accepted)
        except HTTPError as error:
            wait = {"retryAfter": int(error.headers["retry-after"])} if "retry-after" in error.headers else {}
            coded = GraphQLError(error.message, extensions={**wait, "code": error.code, "requestId": scope.get("unilife.request_id")})
            status = 400 if error.status == UNPROCESSABLE and accepted != GRAPHQL_JSON else error.status
            response = _respond(scope, status, [coded], accepted, headers=error.headers)
        await response(scope, receive, send)

    async def _answer(self, request: Request, accepted: str) -> Response:
        caller = _Caller(self._context_factory, request)
        try:
            return await self._prepare(request, accepted, caller)
        except HTTPError:
            raise
        except Exception as exception:
            if not caller.failed:
                raise
            return _refuse_context(request.scope, present_exception(exception, request.scope.get("unilife.request_id")), accepted)
        finally:
            await caller.close()

    async def _prepare(self, request: Request, accepted: str, caller: _Caller) -> Response:
        """Read the request and start its operation. Raises `HTTPError`, and the exceptions of `caller`."""
        scope = request.scope
        asked, length = await read_request(request, caller.is_signed_in)
        asked = self._find_text(scope, asked)
        try:
            kind = _find_kind(scope, asked, length)
        except GraphQLSyntaxError as error:
            presented = present(error, scope.get("unilife.request_id"), executed=False)
            return _respond(scope, 400 if accepted == GRAPHQL_JSON else 200, [presented], accepted)
        if request.method == "GET" and kind is not OperationType.QUERY:
            raise HTTPError(405, f"a {kind.value} must be sent by POST", "METHOD_NOT_ALLOWED", allow="POST")
        if kind is OperationType.SUBSCRIPTION and (scope.get("unilife.function") or accepted != EVENT_STREAM):
            return _refuse_subscription(scope, accepted)
        context = await caller.hand_over()
        if accepted == EVENT_STREAM:
            return EventStream(self._stream(scope, asked, context))
        return await self._execute(scope, asked, context, accepted)

    def _find_text(self, scope: Scope, asked: GraphQLRequest) -> GraphQLRequest:
        """Return the request with the text of its document. Raises `HTTPError`."""
        if self._documents is not None:
            _note(scope, trusted=asked.document_id is not None)
            return self._documents.find_text(asked)
        if not asked.query:
            raise HTTPError(UNPROCESSABLE, 'this installation knows no documents by their ids: send the document as "query"', "DOCUMENT_NOT_FOUND")
        return asked

    async def _execute(self, scope: Scope, asked: GraphQLRequest, context: Any, accepted: str) -> Response:
        scope["unilife.plain"] = may_return_tokens(asked.query)
        try:
            result = await self._schema.execute(asked.query, asked.variables, context, None, asked.operation_name, None, asked.extensions)
        finally:
            await context.close()
        _note(scope, user_id=getattr(context, "user_id", None))
        errors = result.errors or []
        if _is_refused_as_busy(result.data, errors) and not getattr(context, "has_changed_data", False):
            return _respond(scope, 503, errors, accepted, headers=_wait_header(errors))
        executed = _was_executed(result.data, errors)
        return _respond(scope, 200 if executed or accepted == JSON else UNPROCESSABLE, errors, accepted, data=result.data, executed=executed)

    async def _stream(self, scope: Scope, asked: GraphQLRequest, context: Any) -> AsyncIterator[str]:
        try:
            results: Any = await self._schema.stream(
                asked.query,
                asked.variables,
                context_value=context,
                operation_name=asked.operation_name,
                operation_extensions=asked.extensions,
            )
            async with aclosing(cast("AsyncGenerator[ExecutionResult]", results)):
                async for result in results:
                    errors = result.errors or []
                    _note_outcome(scope, errors, result.data)
                    yield _dump(_payload(result.data, errors, executed=_was_executed(result.data, errors)))
        finally:
            _note(scope, user_id=getattr(context, "user_id", None))
            await context.close()


class _Caller:
    """A request's context, created when it is first needed: before a long body is read, else for the operation."""

    def __init__(self, factory: ContextFactory, request: Request) -> None:
        self._factory, self._request = factory, request
        self._context: Any = None
        self.failed = False
        """True when creating the context or authenticating the caller failed."""

    async def is_signed_in(self) -> bool:
        try:
            self._context = self._context or await self._factory(self._request)
            return await self._context.viewer() is not None
        except Exception:
            self.failed = True
            raise

    async def hand_over(self) -> Any:
        """Return the context. The operation that gets it has to close it."""
        try:
            context = self._context or await self._factory(self._request)
        except Exception:
            self.failed = True
            raise
        self._context = None
        return context

    async def close(self) -> None:
        if self._context is not None:
            await self._context.close()


def _is_browser(request: Request) -> bool:
    """Return whether a browser opened the URL as a page, as opposed to a client's query."""
    return request.method == "GET" and not {"query", "documentId"} & {*request.query_params} and "text/html" in request.headers.get("accept", "")


def _refuse_subscription(scope: Scope, accepted: str) -> Response:
    if scope.get("unilife.function"):
        code = ErrorCode.STREAMING_UNAVAILABLE
        message = (
            "an event function cannot stream: use the mutation `messageSend`, which returns the whole answer; `messageBranch`, `messageRegenerate` and "
            "`messageContinue` for those subscriptions"
        )
    else:
        code, message = ErrorCode.BAD_USER_INPUT, f"the response to a subscription is a stream: send Accept: {EVENT_STREAM}, or use the mutation `messageSend`"
    error = present(coded_error(code, message), scope.get("unilife.request_id"))
    return _respond(scope, 400 if accepted == GRAPHQL_JSON else 200, [error], accepted)


def _refuse_context(scope: Scope, error: GraphQLError, accepted: str) -> Response:
    """Return the response for a request whose caller could not be authenticated. Its status is meant for proxies and monitors."""
    code = str((error.extensions or {}).get("code"))
    if code == ErrorCode.UNAUTHENTICATED.name:
        return _respond(scope, 401, [error], accepted, headers={"www-authenticate": "Bearer"})
    if code == ErrorCode.SERVER_BUSY.name:
        return _respond(scope, 503, [error], accepted, headers=_wait_header([error]))
    status = 503 if code.startswith("DATABASE_") else 500 if code == ErrorCode.INTERNAL_SERVER_ERROR.name else 400
    return _respond(scope, status, [error], accepted)


def _is_refused_as_busy(data: Any, errors: list[GraphQLError]) -> bool:
    """Return whether nothing of the document could run because the server is busy: every error says so, and no field has a value."""
    is_empty = data is None or all(value is None for value in data.values())
    return bool(errors) and is_empty and all((error.extensions or {}).get("code") == ErrorCode.SERVER_BUSY.name for error in errors)


def _wait_header(errors: list[GraphQLError]) -> Mapping[str, str]:
    return {"retry-after": str(max((error.extensions or {}).get("retryAfter", 1) for error in errors))}


def _find_kind(scope: Scope, asked: GraphQLRequest, length: int) -> OperationType:
    """Return the type of the operation that the request would run. Raises `HTTPError` when that is ambiguous or the body is too long for it, and
    `GraphQLSyntaxError`."""
    operation = find_operation(asked.query, asked.operation_name)
    if operation is None:
        named = asked.operation_name is not None
        several = 'the document has no operation or several operations: send the name of one in "operationName"'
        raise HTTPError(UNPROCESSABLE, '"operationName" must be the name of an operation in the document' if named else several)
    kind = operation.operation
    if length > MAX_BODY_BYTES and not _selects_only(IMPORTS, operation):
        raise make_too_large_error()
    scope["unilife.urgent"] = _selects_only(SIGN_OUTS, operation)
    _note(scope, operation=operation.name and operation.name.value[:MAX_LOGGED_NAME], kind=kind.value)
    return kind


def _selects_only(mutations: frozenset[str], operation: OperationDefinitionNode) -> bool:
    fields = operation.selection_set.selections
    return operation.operation is OperationType.MUTATION and all(isinstance(field, FieldNode) and field.name.value in mutations for field in fields)


def _was_executed(data: Any, errors: list[GraphQLError]) -> bool:
    """Return whether the operation was executed: an error of a field has a path, one of the whole request has none."""
    return data is not None or any(error.path for error in errors)


def _respond(
    scope: Scope,
    status: int,
    errors: list[GraphQLError],
    accepted: str,
    *,
    data: Any = None,
    executed: bool = False,
    headers: Mapping[str, str] | None = None,
) -> Response:
    _note_outcome(scope, errors, data)
    text = _dump(_payload(data, errors, executed=executed))
    if accepted == EVENT_STREAM and status == 200:
        return EventStream(_only(text))
    media_type = JSON if accepted == EVENT_STREAM else accepted
    return Response(text, status, headers, f"{media_type}; charset=utf-8")


async def _only(text: str) -> AsyncIterator[str]:
    yield text


def _payload(data: Any, errors: list[GraphQLError], *, executed: bool) -> dict[str, Any]:
    """Return a GraphQL response, without `data` when nothing was executed, as the specification requires."""
    payload: dict[str, Any] = {"errors": [error.formatted for error in errors]} if errors else {}
    return {**payload, "data": data} if executed or not errors else payload


# The executor returns trees, so no value contains itself.
_dump = json.JSONEncoder(ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":")).encode


def _note(scope: Scope, **fields: Any) -> None:
    scope.setdefault("unilife.log", {}).update(fields)


def _note_outcome(scope: Scope, errors: list[GraphQLError], data: Any) -> None:
    codes = sorted({str((error.extensions or {}).get("code")) for error in errors})
    _note(scope, outcome="ok" if not errors else "partial" if data else "error", codes=codes or None)
