"""The schema in parts: a document runs on a part that has all its root fields, so a new process imports and builds only what its first documents need.

The beginning of a root field's name selects the class that has it, so a new field of a class needs no entry here. A document that fits no part, or that its
part rejects, runs on the full schema (graph/schema.py), so that every answer and error is the full schema's. graph/endpoint.py makes the choice;
docs/decisions/0046-load-the-schema-and-openai-by-need.md has the reasons.
"""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from types import ModuleType
from typing import NamedTuple

from graphql import DocumentNode, FieldNode, FragmentDefinitionNode, FragmentSpreadNode, OperationDefinitionNode, OperationType, SelectionNode

from graph.errors import Schema
from graph.mutations import account as account_mutations
from graph.mutations import admin as admin_mutations
from graph.mutations import api_tokens as token_mutations
from graph.mutations import companion as companion_mutations
from graph.mutations import conversation, imports, memory, message, portability
from graph.mutations import diary as diary_mutations
from graph.mutations import profile as profile_mutations
from graph.mutations import slots as slot_mutations
from graph.mutations import sources as source_mutations
from graph.queries import account, admin, api_tokens, changes, chat, companion, diary, health, profile, sessions
from graph.schema_factory import combine_roots
from graph.types import sources


class Root(NamedTuple):
    """A class of root fields, in a module that is imported when the class is first used, and the beginnings of the fields' names."""

    operation: OperationType
    module: ModuleType
    class_name: str
    beginnings: tuple[str, ...]

    @property
    def fields(self) -> type:
        return getattr(self.module, self.class_name)  # type: ignore[no-any-return] # a class


ACCOUNT = Root(OperationType.QUERY, account, "AccountQuery", ("viewer",))
ADMIN = Root(OperationType.QUERY, admin, "AdminQuery", ("job", "nights", "usage", "users"))
API_TOKENS = Root(OperationType.QUERY, api_tokens, "ApiTokenQuery", ("apiToken",))
CHANGES = Root(OperationType.QUERY, changes, "ChangesQuery", ("changes",))
CHAT = Root(OperationType.QUERY, chat, "ChatQuery", ("conversation", "message"))
COMPANION = Root(OperationType.QUERY, companion, "CompanionQuery", ("companion",))
DIARY = Root(OperationType.QUERY, diary, "DiaryQuery", ("day", "diar", "recap", "upcoming"))
HEALTH = Root(OperationType.QUERY, health, "HealthQuery", ("health",))
PROFILE = Root(OperationType.QUERY, profile, "ProfileQuery", ("profile",))
SESSIONS = Root(OperationType.QUERY, sessions, "SessionQuery", ("session",))

CHANGE_ACCOUNT = Root(OperationType.MUTATION, account_mutations, "AccountMutation", ("account", "password", "session"))
CHANGE_API_TOKENS = Root(OperationType.MUTATION, token_mutations, "ApiTokenMutation", ("apiToken",))
CHANGE_COMPANION = Root(OperationType.MUTATION, companion_mutations, "CompanionMutation", ("companion",))
CHANGE_CONVERSATION = Root(OperationType.MUTATION, conversation, "ConversationMutation", ("conversation",))
CHANGE_DIARY = Root(OperationType.MUTATION, diary_mutations, "DiaryMutation", ("diary",))
CHANGE_MEMORY = Root(OperationType.MUTATION, memory, "MemoryMutation", ("memory",))
CHANGE_MESSAGE = Root(OperationType.MUTATION, message, "MessageMutation", ("message",))
CHANGE_PROFILE = Root(OperationType.MUTATION, profile_mutations, "ProfileMutation", ("profile",))
CHANGE_SLOTS = Root(OperationType.MUTATION, slot_mutations, "SlotMutation", ("slot",))
JUDGE_SOURCES = Root(OperationType.MUTATION, source_mutations, "SourceMutation", ("source", "toolCall"))
IMPORT_CHATS = Root(OperationType.MUTATION, imports, "ImportMutation", ("import",))
MANAGE = Root(OperationType.MUTATION, admin_mutations, "AdminMutation", ("job", "model", "user"))
MOVE_ACCOUNT = Root(OperationType.MUTATION, portability, "PortabilityMutation", ("accountExport", "accountImport"))

ROOTS = (
    ACCOUNT, ADMIN, API_TOKENS, CHANGES, CHAT, COMPANION, DIARY, HEALTH, PROFILE, SESSIONS,
    MOVE_ACCOUNT, CHANGE_ACCOUNT, CHANGE_COMPANION, CHANGE_CONVERSATION, CHANGE_DIARY, CHANGE_MEMORY, CHANGE_MESSAGE, CHANGE_PROFILE, CHANGE_SLOTS,
    JUDGE_SOURCES, IMPORT_CHATS, MANAGE, CHANGE_API_TOKENS,
)  # fmt: skip
"""The classes of queries and mutations, but for `node` and `nodes`, whose interface needs every type. The first one with a fitting beginning has the field."""


class Part:
    """A part of the schema, built at its first use."""

    def __init__(self, name: str, *roots: Root, has_sources: bool = False) -> None:
        self.name, self.roots, self.has_sources = name, frozenset(roots), has_sources
        self._ordered = roots

    @cached_property
    def schema(self) -> Schema:
        queries, mutations = ([root.fields for root in self._ordered if root.operation is kind] for kind in (OperationType.QUERY, OperationType.MUTATION))
        return combine_roots(queries, mutations, sources.SOURCE_TYPES if self.has_sources else ())

    @property
    def is_built(self) -> bool:
        return "schema" in self.__dict__


PARTS: Sequence[Part] = (
    Part("conversations", ACCOUNT, CHAT, HEALTH),
    Part("pages", ACCOUNT, CHAT, DIARY, PROFILE, HEALTH, has_sources=True),
    Part("chat", ACCOUNT, CHAT, HEALTH, CHANGE_MESSAGE, CHANGE_CONVERSATION),
    Part("sources", ACCOUNT, CHAT, HEALTH, CHANGE_MESSAGE, CHANGE_CONVERSATION, JUDGE_SOURCES, has_sources=True),
    Part("sign-in", ACCOUNT, HEALTH, CHANGE_ACCOUNT),
    Part("edits", ACCOUNT, DIARY, PROFILE, HEALTH, CHANGE_DIARY, CHANGE_PROFILE, CHANGE_SLOTS),
    Part("settings", ACCOUNT, COMPANION, PROFILE, HEALTH, CHANGE_ACCOUNT, CHANGE_COMPANION, CHANGE_MEMORY, CHANGE_SLOTS, MOVE_ACCOUNT, IMPORT_CHATS),
    Part("sync", ACCOUNT, CHANGES, HEALTH, has_sources=True),
    Part("tokens", ACCOUNT, API_TOKENS, HEALTH, CHANGE_API_TOKENS),
    Part("sessions", ACCOUNT, SESSIONS, HEALTH, CHANGE_ACCOUNT),
    Part("administration", ACCOUNT, ADMIN, HEALTH, MANAGE),
)
"""The roots that a screen queries together, from the lightest on. Parts with mutations import SQLAlchemy, so those that only read come first.
Those without the types of answers' sources reject a document that asks for them.

Subscriptions run on the full schema: an event function cannot stream, and a server is started rarely."""


def select_parts(document: DocumentNode) -> list[Part]:
    """Return the parts to try, none if no part has all root fields of the document: one that is built already, otherwise the first one that has them.

    Then one with the sources of answers, if the first one lacks them.
    """
    needed = {find_root(operation, name) for operation, name in list_root_fields(document)}
    fitting = sorted((part for part in PARTS if needed <= part.roots), key=lambda part: not part.is_built)
    return [*fitting[:1], *(part for part in fitting[1:] if part.has_sources and not fitting[0].has_sources)][:2]


def find_root(operation: OperationType, name: str) -> Root | None:
    """Return the class that has the root field, or None when the field's name has no known beginning."""
    return next((root for root in ROOTS if root.operation is operation and name.startswith(root.beginnings)), None)


def list_root_fields(document: DocumentNode) -> Iterator[tuple[OperationType, str]]:
    """Yield the root fields of all operations of the document, those in fragments included. `__typename` is left out, since every part has it."""
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            for name in _field_names(node, fragments):
                yield node.operation, name


def _field_names(operation: OperationDefinitionNode, fragments: dict[str, FragmentDefinitionNode]) -> Iterator[str]:
    """Yield the names of an operation's own fields. A fragment is looked at once; one that does not exist has no fields: validation reports it."""
    waiting: list[SelectionNode] = list(operation.selection_set.selections)
    seen: set[str] = set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, FieldNode):
            if node.name.value != "__typename":
                yield node.name.value
        elif isinstance(node, FragmentSpreadNode):
            name = node.name.value
            if name in fragments and name not in seen:
                seen.add(name)
                waiting.extend(fragments[name].selection_set.selections)
        else:
            waiting.extend(node.selection_set.selections)  # type: ignore[attr-defined] # an inline fragment
