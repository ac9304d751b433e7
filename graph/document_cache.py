"""Caches for parsing, validation and the executor's readers, so that each is made once per text. They are bounded in number of entries and in length of the
texts, and hold nothing of a request but its text.

Keys are whole texts, not hashes, and not documents, because graphql-core compares documents node by node.
"""
from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from graphql import (
    ASTValidationRule,
    DirectiveNode,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    VariableNode,
    parse,
    specified_rules,
)
from graphql.utilities import get_operation_ast
from graphql.validation import validate
from graphql.validation.validate import ValidationAbortedError
from strawberry.extensions import SchemaExtension
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from graph.document_shape import find_excess, nodes_of
from graph.errors import MAX_ERRORS
from graph.query_limits import DependsOnVariables, QueryLimits

MAX_CACHED_DOCUMENTS = 64
"""Entries per cache. A frontend has a few dozen documents."""
MAX_CACHED_LENGTH = 6_000
"""Maximum characters of a cached text; longer ones are parsed at each request. A character takes up to 85 bytes when parsed (measured), so a cache that an
attacker filled takes 33 MB; a typical one takes 3."""
MAX_CACHED_CHOICES = 2
"""Maximum sets of readers of a document, one for each choice that its variables make in `@skip` and `@include`. Other choices get new readers each time."""
MAX_TOKENS = 2_000
"""Maximum lexical tokens of a document; a query for everything in a diary has about 400. Parsing and rejecting 2,000 takes some 60 ms at worst."""
MAX_COMMENTS = 500
"""Maximum comments in a document."""
MAX_DOCUMENT_LENGTH = 50_000
"""Maximum characters of a document. Long texts belong into variables."""


RULES: tuple[type[ASTValidationRule], ...] = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)
"""The validation rules of GraphQL and of Strawberry."""


class KeptDocument(NamedTuple):
    """A parsed document, the variables of its directives, and the executor's readers by the values of these variables."""

    document: DocumentNode
    deciding: tuple[str, ...]
    readers: dict[tuple[Any, ...], dict[Any, Any]]


def parse_document(text: str) -> DocumentNode:
    """Return the parsed text. Raises `GraphQLSyntaxError`, also for a document that is too long."""
    return _parse_and_keep(text).document if len(text) <= MAX_CACHED_LENGTH else _parse_long(text)


def kept_readers(operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> dict[Any, Any]:
    """Return the mapping in which the executor keeps the readers of the operation's document. It is kept with the document; for a document that is not kept it
    is a new one."""
    text = operation.loc.source.body if operation.loc else ""
    kept = _parse_and_keep(text) if 0 < len(text) <= MAX_CACHED_LENGTH else None
    if kept is None or not any(node is operation for node in kept.document.definitions):
        return {}
    choice = tuple(variables.get(name) for name in kept.deciding)
    return kept.readers.setdefault(choice, {}) if choice in kept.readers or len(kept.readers) < MAX_CACHED_CHOICES else {}


def find_operation(text: str, operation_name: str | None) -> OperationDefinitionNode | None:
    """Return the operation that the text would run, or None if no operation has that name, or if no name is given and there are several. Raises
    `GraphQLSyntaxError`."""
    return get_operation_ast(parse_document(text), operation_name)


def cached_documents(guard: type[QueryLimits]) -> Callable[[], SchemaExtension]:
    """Return the extension that parses and validates through the caches, as an item for the schema's `extensions`."""

    @lru_cache(maxsize=MAX_CACHED_DOCUMENTS)
    def check_and_keep(schema: GraphQLSchema, text: str) -> list[GraphQLError]:
        return check_document(schema, parse_document(text), guard)

    class CachedDocuments(SchemaExtension):
        def on_parse(self) -> Iterator[None]:
            self.execution_context.graphql_document = parse_document(self.execution_context.query or "")
            yield

        def on_validate(self) -> Iterator[None]:
            context = self.execution_context
            schema, text = context.schema._schema, context.query or ""
            assert context.graphql_document is not None
            kept = len(text) <= MAX_CACHED_LENGTH
            found = check_and_keep(schema, text) if kept else check_document(schema, context.graphql_document, guard)
            if found and not _unconditional(found):
                found = _validate(schema, context.graphql_document, [guard.with_variables(context.variables or {})])
            context.pre_execution_errors = found
            yield

    return CachedDocuments


def check_document(schema: GraphQLSchema, document: DocumentNode, guard: type[QueryLimits]) -> list[GraphQLError]:
    """Return the document's validation errors, at most `MAX_ERRORS`. A document that is too expensive to validate gets only the errors that say so."""
    if (excess := find_excess(document)) is not None:
        return [excess]
    refused = _validate(schema, document, [guard])
    return _unconditional(refused) or _validate(schema, document, RULES) or refused


def _validate(schema: GraphQLSchema, document: DocumentNode, rules: Collection[type[ASTValidationRule]]) -> list[GraphQLError]:
    """Validate until `MAX_ERRORS` errors are found. If there would be more, the last one says that validation stopped."""
    return validate(schema, document, rules, max_errors=MAX_ERRORS - 1)


def _unconditional(errors: list[GraphQLError]) -> list[GraphQLError]:
    """Return the errors that apply whatever a request's variables are. The message that validation stopped does not count alone."""
    standing = [error for error in errors if not isinstance(error, DependsOnVariables)]
    return [] if all(isinstance(error, ValidationAbortedError) for error in standing) else standing


def _parse(text: str) -> DocumentNode:
    return parse(text, max_lexical_tokens=MAX_TOKENS, max_comments=MAX_COMMENTS, max_source_length=MAX_DOCUMENT_LENGTH)


@lru_cache(maxsize=MAX_CACHED_DOCUMENTS)
def _parse_and_keep(text: str) -> KeptDocument:
    document = _parse(text)
    directives = [node for node in nodes_of(document) if isinstance(node, DirectiveNode)] if "@" in text else []
    deciding = {node.name.value for directive in directives for node in nodes_of(directive) if isinstance(node, VariableNode)}
    return KeptDocument(document, tuple(deciding), {})


_parse_long = lru_cache(maxsize=1)(_parse)  # one request parses the same text three times
