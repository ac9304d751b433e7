"""Reading ahead: what every object of a list is going to be asked for is read with the list, so that their fields need not wait.

A field that waits costs a task of its own in the event loop; on a page of twenty diaries that was a third of the time. What was read
ahead is data (graph/executor.py): a field tells with `in_hand` how to take it from its object, and has a resolver for when it is not there.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from graphql import FieldNode, FragmentSpreadNode, GraphQLResolveInfo, InlineFragmentNode, SelectionSetNode
from strawberry import Info

T = TypeVar("T")
R = TypeVar("R")

PREFETCH_KEY = "in hand"


def prefetched_as(attribute: str) -> Mapping[str, str]:
    """A field's `metadata`: the attribute of its object that gives its value, if no arguments are given. Any exception means that it has none."""
    return {PREFETCH_KEY: attribute}


def selected_field_names(info: Info, *path: str) -> set[str]:
    """Names of the fields that are asked of the objects at `path` below the present field. It is empty where the path is not taken."""
    raw = info._raw_info
    fields: Iterable[FieldNode] = raw.field_nodes
    for name in path:
        fields = [node for node in _below(raw, fields) if node.name.value == name]
    return {node.name.value for node in _below(raw, fields)}


def _below(info: GraphQLResolveInfo, fields: Iterable[FieldNode]) -> Iterator[FieldNode]:
    for field in fields:
        if field.selection_set:
            yield from _fields(info, field.selection_set)


def _fields(info: GraphQLResolveInfo, selections: SelectionSetNode) -> Iterator[FieldNode]:
    """Of a selection set, with its fragments. They end: validation refuses cycles."""
    for node in selections.selections:
        if isinstance(node, FieldNode):
            yield node
        elif isinstance(node, InlineFragmentNode):
            yield from _fields(info, node.selection_set)
        elif isinstance(node, FragmentSpreadNode):
            yield from _fields(info, info.fragments[node.name.value].selection_set)


def prefetched_or_load(found: T | None, load: Callable[[], Awaitable[T]], make: Callable[[T], R]) -> R:
    """`make` of what was read ahead, at once; else an awaitable of the same, which a resolver may return as well."""
    return make(found) if found is not None else _later(load, make)  # type: ignore[return-value]


async def _later(load: Callable[[], Awaitable[T]], make: Callable[[T], R]) -> R:
    return make(await load())
