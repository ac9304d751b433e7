"""Prefetching: the requested parts of all objects in a list are loaded with the list, so their resolvers run no further query.

A field that awaits costs a task of its own in the event loop; on a page of twenty diaries that was a third of the time. Prefetched data is read by
graph/executor.py: a field declares with `prefetched_as` which attribute has it, and its resolver loads the data if it was not prefetched.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar, cast

from graphql import FieldNode, FragmentSpreadNode, GraphQLResolveInfo, InlineFragmentNode, SelectionSetNode
from strawberry import Info

T = TypeVar("T")
R = TypeVar("R")

PREFETCH_KEY = "prefetched as"


def prefetched_as(attribute: str) -> Mapping[str, str]:
    """Return a field's `metadata` that names the attribute with its value, used if no arguments are given. An exception from the attribute means that
    nothing was prefetched."""
    return {PREFETCH_KEY: attribute}


def selected_field_names(info: Info, *path: str) -> set[str]:
    """Return the names of the fields selected on the objects at `path` below the current field; empty if the path is not selected."""
    raw = info._raw_info
    fields: Iterable[FieldNode] = raw.field_nodes
    for name in path:
        fields = [node for node in _below(raw, fields) if node.name.value == name]
    return {node.name.value for node in _below(raw, fields)}


def _below(info: GraphQLResolveInfo[Any], fields: Iterable[FieldNode]) -> Iterator[FieldNode]:
    for field in fields:
        if field.selection_set:
            yield from _fields(info, field.selection_set)


def _fields(info: GraphQLResolveInfo[Any], selections: SelectionSetNode) -> Iterator[FieldNode]:
    """Yield the fields of a selection set and its fragments. The recursion ends, because validation refuses cycles."""
    for node in selections.selections:
        if isinstance(node, FieldNode):
            yield node
        elif isinstance(node, InlineFragmentNode):
            yield from _fields(info, node.selection_set)
        elif isinstance(node, FragmentSpreadNode):
            yield from _fields(info, info.fragments[node.name.value].selection_set)


def prefetched_or_load(found: T | None, load: Callable[[], Awaitable[T]], make: Callable[[T], R]) -> R:
    """Return `make(found)` if the data was prefetched, else an awaitable of `make` applied to the loaded data; a resolver may return either."""
    return make(found) if found is not None else cast("R", _later(load, make))


async def _later(load: Callable[[], Awaitable[T]], make: Callable[[T], R]) -> R:
    return make(await load())
