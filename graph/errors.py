"""Errors for clients: one set of codes, for refusals in result unions and for top-level errors.

Expected refusals are members of a result union and implement `Error`. All other errors are top-level errors whose `extensions` hold `code` and `requestId`;
`Schema` converts them on every path out of the executor and masks what is not meant for clients.
"""
import enum
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any

import strawberry
from graphql import GraphQLError, GraphQLSyntaxError
from graphql.validation.validate import ValidationAbortedError
from strawberry.exceptions import StrawberryInputCoercionError
from strawberry.types.execution import ExecutionContext, ExecutionResult, PreExecutionError
from strawberry.types.graphql import OperationType

from graph.masking import MASKED_MESSAGE, log_unexpected


def _code(name: str, description: str) -> Any:
    return strawberry.enum_value(name, description=description)


@strawberry.enum(description="All codes of errors in result unions (`Error.code`) and of top-level errors (`extensions.code`).")
class ErrorCode(enum.Enum):
    UNAUTHENTICATED = _code("UNAUTHENTICATED", "The request has no access token, or one that is invalid or expired: sign in or call `sessionRefresh`.")
    FORBIDDEN = _code("FORBIDDEN", "The signed-in user is not allowed to do this.")
    BAD_USER_INPUT = _code("BAD_USER_INPUT", "An input value is invalid; the message says what to send instead.")
    NOT_FOUND = _code("NOT_FOUND", "The object does not exist, or it belongs to another user.")
    CONFLICT = _code("CONFLICT", "The object was changed meanwhile, is in a state that does not allow the request, or the same request is in progress: query it again before the next attempt.")
    MEMORY_OFF = _code("MEMORY_OFF", "The user has switched off the diary, or what else the request needs: `memoryUpdate` switches it on.")
    EMAIL_TAKEN = _code("EMAIL_TAKEN", "An account with this e-mail address already exists.")
    INVALID_CREDENTIALS = _code("INVALID_CREDENTIALS", "The e-mail address or the password is wrong.")
    SESSION_EXPIRED = _code("SESSION_EXPIRED", "The refresh token is expired, revoked or already used: sign in again.")
    ACCOUNT_DISABLED = _code("ACCOUNT_DISABLED", "An administrator has disabled the account.")
    REGISTRATION_CLOSED = _code("REGISTRATION_CLOSED", "This installation does not accept new accounts.")
    RATE_LIMITED = _code("RATE_LIMITED", "Too many requests: retry after `retryAfter` seconds.")
    QUOTA_EXCEEDED = _code("QUOTA_EXCEEDED", "The user's model quota for the day is used up.")
    STORAGE_EXCEEDED = _code("STORAGE_EXCEEDED", "The account has reached the storage limit of this installation: delete something first.")
    MODEL_TIMEOUT = _code("MODEL_TIMEOUT", "The language model did not answer in time.")
    MODEL_UNAUTHORIZED = _code("MODEL_UNAUTHORIZED", "The language model's provider rejected this installation's API key.")
    MODEL_QUOTA_EXCEEDED = _code("MODEL_QUOTA_EXCEEDED", "This installation's account at the model's provider has no balance or quota left.")
    MODEL_RATE_LIMITED = _code("MODEL_RATE_LIMITED", "The language model's provider rejected the call because of its rate limit.")
    MODEL_UNAVAILABLE = _code("MODEL_UNAVAILABLE", "The language model cannot be reached, or its provider returned a server error.")
    MODEL_NOT_FOUND = _code("MODEL_NOT_FOUND", "The language model's provider has no model with the configured name.")
    MODEL_CONTEXT_TOO_LONG = _code("MODEL_CONTEXT_TOO_LONG", "The conversation is longer than the language model's context.")
    MODEL_REJECTED = _code("MODEL_REJECTED", "The language model's provider rejected the request.")
    MODEL_EMPTY = _code("MODEL_EMPTY", "The language model gave an empty answer.")
    MODEL_TRUNCATED = _code("MODEL_TRUNCATED", "The language model's answer was cut off.")
    MODEL_FILTERED = _code("MODEL_FILTERED", "The provider's content filter withheld the answer.")
    MODEL_INTERRUPTED = _code("MODEL_INTERRUPTED", "The model call was aborted before an answer was stored: the user stopped it, the process died or the client disconnected, and nothing had been written.")
    MODEL_SWITCHED_OFF = _code("MODEL_SWITCHED_OFF", "All use of the language model is switched off at present, by an admin or in the settings.")
    MODEL_ERROR = _code("MODEL_ERROR", "The language model failed with an error that has no code of its own.")
    MODEL_MALFORMED = _code("MODEL_MALFORMED", "The language model's answer did not have the required form.")
    STREAMING_UNAVAILABLE = _code("STREAMING_UNAVAILABLE", "This installation is an event function, which cannot stream: use `messageSend`, `messageBranch`, `messageRegenerate` or `messageContinue`. `Health.streaming` says so beforehand.")
    SERVER_BUSY = _code("SERVER_BUSY", "The server has more requests than it can serve at present: retry after `retryAfter` seconds. HTTP 503 when nothing of the document ran.")
    DATABASE_UNAVAILABLE = _code("DATABASE_UNAVAILABLE", "The database cannot be reached.")
    DATABASE_TIMEOUT = _code("DATABASE_TIMEOUT", "A database statement exceeded its time limit and was aborted; nothing was changed. Request less at once, or retry later.")
    DATABASE_NOT_MIGRATED = _code("DATABASE_NOT_MIGRATED", "The database's tables are missing or of a version that this code does not support.")
    GRAPHQL_PARSE_FAILED = _code("GRAPHQL_PARSE_FAILED", "The document is not valid GraphQL syntax.")
    GRAPHQL_VALIDATION_FAILED = _code("GRAPHQL_VALIDATION_FAILED", "The document does not match the schema, or exceeds the limits of one request (depth, aliases, complexity).")
    DOCUMENT_NOT_FOUND = _code("DOCUMENT_NOT_FOUND", "No document of this installation has the `documentId`: send the document itself as `query`, or load the frontend anew where only trusted documents run.")
    DOCUMENT_NOT_TRUSTED = _code("DOCUMENT_NOT_TRUSTED", "Only trusted documents run on this installation: send the id of one as `documentId`, without `query`.")
    METHOD_NOT_ALLOWED = _code("METHOD_NOT_ALLOWED", "HTTP 405: only queries may be sent by GET, everything else by POST.")
    NOT_ACCEPTABLE = _code("NOT_ACCEPTABLE", "HTTP 406: none of the media types in `Accept` is supported.")
    URI_TOO_LONG = _code("URI_TOO_LONG", "HTTP 414: the URL is longer than 8 KiB; send the document by POST.")
    PAYLOAD_TOO_LARGE = _code("PAYLOAD_TOO_LARGE", "HTTP 413: the request body is larger than 256 KiB, or than 4 MiB where the document selects only `accountImport` and `importPart`, with an access token.")
    UNSUPPORTED_MEDIA_TYPE = _code("UNSUPPORTED_MEDIA_TYPE", "HTTP 415: the request body must be JSON in UTF-8, without Content-Encoding.")
    INTERNAL_SERVER_ERROR = _code("INTERNAL_SERVER_ERROR", "An unexpected error of the server; operators find it in the log by `extensions.requestId`.")


@strawberry.interface(
    description="An expected error. The error types of result unions implement this interface, so that one selection fits every mutation: "
    "`... on Error { code message field retryAfter }`. Add `... on InvalidInputError { faults { field rule min max } }` and `... on ConflictError { reason }` to "
    "say it in words of your own. Keep masked fragments of code generators beside `... on Error` and not inside it, or they name a property several times."
)
class Error:
    code: ErrorCode = strawberry.field(description="Machine-readable code of the error.")
    message: str = strawberry.field(description="What is wrong and what to do, in English.")
    field: str | None = strawberry.field(
        default=None, description="Name of the input field that is wrong, as spelled in this schema, such as `timeZone`; null for an error of another kind."
    )
    retry_after: float | None = strawberry.field(
        default=None, description="Seconds to wait before the next attempt; null when waiting alone does not help, or when no time is known."
    )


MAX_ERRORS = 10
"""Maximum errors returned for one document before it runs: errors of the document and of its variables. Errors of fields while it runs are all returned,
because each explains a null."""

PUBLIC_CODES = frozenset(ErrorCode.__members__)
"""The codes that may reach clients. A closed list, because exceptions of other libraries (SQLAlchemy's, openai's) also have a `code`, and their messages
quote data that must not reach clients."""


def coded_error(code: ErrorCode, message: str, **extensions: Any) -> GraphQLError:
    """Return a top-level error of the API itself, to be raised from a resolver."""
    return GraphQLError(message, extensions={**extensions, "code": code.name})


_SOURCES = "with sources"
WITH_SOURCES: Mapping[str, Any] = {_SOURCES: True}
"""The `metadata` of a field that only schemas with the types of sources have (graph/types/sources.py)."""


class Schema(strawberry.Schema):
    """Strawberry's schema, whose results carry only errors made for clients, each with `code` and `requestId`."""

    def __init__(self, *given: Any, has_sources: bool = True, **named: Any) -> None:
        self._has_sources = has_sources
        super().__init__(*given, **named)

    def get_fields(self, type_definition: Any) -> list[Any]:
        """Return the fields of a type; without those of sources in a schema that lacks their types."""
        fields = super().get_fields(type_definition)
        return fields if self._has_sources else [field for field in fields if _SOURCES not in field.metadata]

    async def execute(
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: Any | None = None,
        root_value: Any | None = None,
        operation_name: str | None = None,
        allowed_operation_types: Iterable[OperationType] | None = None,
        operation_extensions: dict[str, Any] | None = None,
    ) -> ExecutionResult:
        result = await super().execute(
            query, variable_values, context_value, root_value, operation_name, allowed_operation_types, operation_extensions
        )
        return _presented(result, context_value)

    async def stream(  # type: ignore[override] # Strawberry may return a PreExecutionError, which is shown as the stream's only result here
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: Any | None = None,
        root_value: Any | None = None,
        operation_name: str | None = None,
        operation_extensions: dict[str, Any] | None = None,
        allowed_operation_types: Iterable[OperationType] | None = None,
    ) -> AsyncIterator[Any]:
        results = await super().stream(
            query, variable_values, context_value, root_value, operation_name, operation_extensions, allowed_operation_types
        )
        return _presented_stream(results, context_value)

    def _warn_for_federation_directives(self) -> None:
        """Do nothing: the schema has no federation directives, and looking for them would import Apollo Federation's types."""

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Do nothing: Strawberry would log the query's text, and `present` logs unexpected errors."""


async def _presented_stream(results: Any, context: Any) -> AsyncIterator[Any]:
    try:
        async for result in results:
            yield _presented(result, context)
    finally:
        await results.aclose()


def _presented(result: ExecutionResult, context: Any) -> ExecutionResult:
    if result.errors:
        executed = not isinstance(result, PreExecutionError)
        request_id = getattr(context, "request_id", None)
        told = result.errors if _has_run(result) else result.errors[:MAX_ERRORS]
        result.errors = [present(error, request_id, executed=executed) for error in told]
    return result


def _has_run(result: ExecutionResult) -> bool:
    return result.data is not None or any(error.path for error in result.errors or ())


def present(error: GraphQLError, request_id: str | None, *, executed: bool = True) -> GraphQLError:
    """Return the error as a client may see it; an unexpected one is masked and logged. The given error is not changed.

    `executed` is false for errors found before the operation ran.
    """
    code, source = _classify(error, executed)
    message, extensions = error.message, _details(source)
    if code == ErrorCode.INTERNAL_SERVER_ERROR.name:
        log_unexpected(_cause(error) or error, request_id, field=_field(error))
        message, extensions = MASKED_MESSAGE, {}
    elif isinstance(source, RecursionError):
        message = "the document is nested too deeply"
    extensions = {**extensions, "code": code, "requestId": request_id}
    return GraphQLError(message, error.nodes, error.source, error.positions, error.path, extensions=extensions)


def present_exception(exception: Exception, request_id: str | None) -> GraphQLError:
    """Return the error for an exception from outside the executor, such as a rejected token."""
    return present(GraphQLError(str(exception), original_error=exception), request_id)


def _classify(error: GraphQLError, executed: bool) -> tuple[str, object]:
    """Return the code and the object that explains it (an exception with details, or None)."""
    for found in _chain(error):
        code = getattr(found, "code", None) or (getattr(found, "extensions", None) or {}).get("code")
        if isinstance(code, str) and code in PUBLIC_CODES:
            return code, found
    cause = _cause(error)
    if isinstance(error, GraphQLSyntaxError):
        return ErrorCode.GRAPHQL_PARSE_FAILED.name, None
    if isinstance(cause, RecursionError) and not executed:
        return ErrorCode.GRAPHQL_PARSE_FAILED.name, cause
    if not _is_clients_fault(error, cause):
        return ErrorCode.INTERNAL_SERVER_ERROR.name, None
    return (ErrorCode.BAD_USER_INPUT if executed else ErrorCode.GRAPHQL_VALIDATION_FAILED).name, None


def _is_clients_fault(error: GraphQLError, cause: BaseException | None) -> bool:
    """Return whether graphql-core found the error in the client's input.

    Before a field runs there is no path, and graphql-core's own errors either point into the document or have no other cause. In a field, an argument that
    cannot be coerced points into the document; a result that cannot be coerced does not.
    """
    if error.path is None:
        return bool(error.nodes) or cause is None
    if isinstance(cause, StrawberryInputCoercionError):
        return True
    inner = error.original_error
    return isinstance(inner, GraphQLError) and bool(inner.nodes) and cause is None


def _chain(error: BaseException) -> Iterable[BaseException]:
    found: BaseException | None = error
    while found is not None:
        yield found
        found = getattr(found, "original_error", None)


def _cause(error: GraphQLError) -> BaseException | None:
    """Return the underlying exception, or None if it is one of graphql-core's."""
    *_, last = _chain(error)
    return None if type(last) is GraphQLError or isinstance(last, (GraphQLSyntaxError, ValidationAbortedError)) else last


def _field(error: GraphQLError) -> str | None:
    """Return the schema's name of the field that failed: an alias in the path would be the client's text."""
    name = getattr(error.nodes[0], "name", None) if error.nodes else None
    return getattr(name, "value", None)


def _details(source: object) -> dict[str, Any]:
    """Return an exception's details for clients: its own extensions, its `extra` mapping, the `field` with the `rule` it breaks, the `reason` of a
    conflict, and `retry_after` seconds."""
    details: dict[str, Any] = {}
    for name in ("extensions", "extra"):
        found = getattr(source, name, None)
        details.update(found if isinstance(found, Mapping) else {})
    if isinstance(field := getattr(source, "field", None), str):
        details["field"] = field
    for name in ("rule", "reason"):  # of InvalidInput and Conflict, which queries raise
        if isinstance(told := getattr(source, name, None), enum.Enum):
            details[name] = told.name
    retry_after = getattr(source, "retry_after", None)
    return {**details, "retryAfter": retry_after} if retry_after is not None else details
