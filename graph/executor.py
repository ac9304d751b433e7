"""Executing what is mere data: fields that only show an attribute of their object, or what was read with it (graph/ahead.py).

A page of diaries has some 700 fields, of which 650 are such. The standard executor makes a path, an info object and half a dozen calls for
each; here they are read straight from the object. Whatever is not as it should be (an exception, a null where none may be, a value of
another type) sends the whole object to the standard executor, which says what is wrong with it.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from math import isfinite
from operator import attrgetter
from typing import Any, NamedTuple

from graphql import GraphQLEnumType, GraphQLList, GraphQLNonNull, GraphQLObjectType, is_leaf_type
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.schema.schema_converter import GraphQLCoreConverter

from graph.ahead import IN_HAND

Read = Callable[[Any], Any]
"""From a value to its JSON. Raises `Unusual`, or anything, where the standard executor must see to it."""

_KEPT: Mapping[str, type] = {"String": str, "ID": str, "Boolean": bool}
"""Scalars whose values are JSON already if they are exactly of this type."""


MIN_INT, MAX_INT = -(2**31), 2**31 - 1
"""GraphQL's."""
KEPT_LEAVES = 256
"""Scalars and enums whose reading is made once for all requests."""


class Unusual(Exception):
    """Not an error yet."""


class Selection(NamedTuple):
    """What is asked of an object: the fields that are mere data, by their response names, and all others. `fields` are both."""

    data: list[tuple[str, Read]]
    others: dict[str, Any]
    fields: Any


class Executor(StrawberryGraphQLCoreExecutionContext):
    """Strawberry's executor with the shortcut. One lives for one operation."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._selections: dict[tuple[GraphQLObjectType, int], Selection] = {}
        self._wholes: dict[tuple[Any, int], tuple[Read | None, Any]] = {}
        self._watched = bool(self.middleware_manager and self.middleware_manager.middlewares)  # an extension wants to see each field

    def execute_fields(self, parent_type: Any, source_value: Any, path: Any, grouped_field_set: Any, position_context: Any) -> Any:
        selection = self._selection(parent_type, grouped_field_set)
        try:
            data = {name: read(source_value) for name, read in selection.data}
        except Exception:
            return super().execute_fields(parent_type, source_value, path, grouped_field_set, position_context)
        if not selection.others:
            return data
        rest = super().execute_fields(parent_type, source_value, path, selection.others, position_context)
        return _ordered_later(grouped_field_set, data, rest) if self.is_awaitable(rest) else _ordered(grouped_field_set, data, rest)

    def complete_value(self, return_type: Any, field_details_list: Any, info: Any, path: Any, result: Any, position_context: Any) -> Any:
        """What a resolver gave: often a list of objects of which only data are asked."""
        key = (return_type, id(field_details_list))
        whole = self._wholes.get(key)
        if whole is None:
            whole = self._wholes[key] = (self._value_of(return_type, field_details_list), field_details_list)
        read = whole[0]
        if read is not None:
            try:
                return read(result)
            except Exception:
                read = None
        return super().complete_value(return_type, field_details_list, info, path, result, position_context)

    def _selection(self, parent_type: Any, fields: Any) -> Selection:
        """Made once for all objects of a list: graphql-core gives the same `fields` for each, and they are kept here lest their id comes anew."""
        key = (parent_type, id(fields))
        found = self._selections.get(key)
        if found is None:
            reads = {name: self._read_of(parent_type.fields.get(details[0].node.name.value), details) for name, details in fields.items()}
            data = [(name, read) for name, read in reads.items() if read is not None]
            found = self._selections[key] = Selection(data, {name: fields[name] for name, read in reads.items() if read is None}, fields)
        return found

    def _read_of(self, field: Any, details: Any) -> Read | None:
        """How to read a field from its object; None if it is more than data."""
        definition = field and field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
        if not definition or definition.extensions or self._watched:
            return None
        if definition.base_resolver is None and definition.default_resolver is getattr:
            required = isinstance(field.type, GraphQLNonNull)
            kind = field.type.of_type if required else field.type
            if is_leaf_type(kind):
                return _leaf_of(definition.python_name, *_leaf(kind), required)
            return _through(attrgetter(definition.python_name), self._value_of(field.type, details))
        held = None if details[0].node.arguments else definition.metadata.get(IN_HAND)
        return held and _through(held, self._value_of(field.type, details))

    def _value_of(self, kind: Any, details: Any) -> Read | None:
        required = isinstance(kind, GraphQLNonNull)
        kind = kind.of_type if required else kind
        if isinstance(kind, GraphQLList):
            return _list(self._value_of(kind.of_type, details), required)
        if is_leaf_type(kind):
            return _value_leaf(*_leaf(kind), required)
        if isinstance(kind, GraphQLObjectType):
            selection = self._selection(kind, self.collect_subfields(kind, details).grouped_field_set)
            return None if selection.others else _object(selection.data, kind.is_type_of, required)
        return None


def _through(held: Read, read: Read | None) -> Read | None:
    return read and (lambda source: read(held(source)))


def _list(read: Read | None, required: bool) -> Read | None:
    def listed(values: Any) -> Any:
        if type(values) is list:
            return [read(value) for value in values]  # type: ignore[misc]
        if values is None:
            return _null(required)
        raise Unusual

    return read and listed


def _object(data: list[tuple[str, Read]], is_type_of: Callable[[Any, Any], bool] | None, required: bool) -> Read:
    def shown(value: Any) -> Any:
        if value is None:
            return _null(required)
        if is_type_of is not None and not is_type_of(value, None):
            raise Unusual
        return {name: read(value) for name, read in data}

    return shown


@lru_cache(maxsize=KEPT_LEAVES)
def _leaf(kind: Any) -> tuple[type | None, Read]:
    """The type whose values are JSON already, if any, and how to get it of other values that are not null."""
    if isinstance(kind, GraphQLEnumType):
        names = {id(member): kind.coerce_output_value(member) for member in getattr(kind, "wrapped_cls", ())}
        return None, lambda value: names[id(value)]
    if kind.name == "Float":
        return None, lambda value: value if type(value) is float and isfinite(value) else kind.coerce_output_value(value)
    if kind.name == "Int":
        return None, lambda value: value if type(value) is int and MIN_INT <= value <= MAX_INT else kind.coerce_output_value(value)
    return _KEPT.get(kind.name), kind.coerce_output_value


def _value_leaf(kept: type | None, coerce: Read, required: bool) -> Read:
    def leaf(value: Any) -> Any:
        if type(value) is kept:
            return value
        if value is None:
            return _null(required)
        return _there(coerce(value))

    return leaf


def _leaf_of(name: str, kept: type | None, coerce: Read, required: bool) -> Read:
    """A leaf straight from its object, in one call: most fields are this."""

    def leaf(source: Any) -> Any:
        value = getattr(source, name)
        if type(value) is kept:
            return value
        if value is None:
            return _null(required)
        return _there(coerce(value))

    return leaf


def _null(required: bool) -> None:
    if required:
        raise Unusual


def _there(coerced: Any) -> Any:
    if coerced is None:
        raise Unusual
    return coerced


async def _ordered_later(fields: Any, data: dict[str, Any], rest: Any) -> dict[str, Any]:
    return _ordered(fields, data, await rest)


def _ordered(fields: Any, data: dict[str, Any], rest: dict[str, Any]) -> dict[str, Any]:
    """In the order in which they were asked for. A field that does not exist is in neither."""
    return {name: data[name] if name in data else rest[name] for name in fields if name in data or name in rest}
