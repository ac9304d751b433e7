"""A shortcut for plain fields: fields that only return an attribute of their object, or data that was prefetched with it (graph/prefetch.py).

A page of diaries has some 700 fields, of which 650 are plain. The standard executor makes a path, an info object and half a dozen calls for each; this
executor reads them directly from the object. Any irregularity (an exception, a null in a non-null field, a value of another type) sends the whole object to
the standard executor, which reports the error.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from math import isfinite
from operator import attrgetter
from typing import Any, NamedTuple

from graphql import GraphQLEnumType, GraphQLIsTypeOfFn, GraphQLList, GraphQLNonNull, GraphQLObjectType, GraphQLScalarType, is_leaf_type
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.schema.schema_converter import GraphQLCoreConverter

from graph.prefetch import PREFETCH_KEY

Read = Callable[[Any], Any]
"""Converts a value to JSON. Raises `UseStandardExecutor`, or any other exception, to fall back to the standard executor."""

_KEPT: Mapping[str, type] = {"String": str, "ID": str, "Boolean": bool}
"""Scalars whose values need no conversion if they are exactly of this type."""

MIN_INT, MAX_INT = -(2**31), 2**31 - 1
"""The bounds of GraphQL's Int."""
KEPT_LEAVES = 256
"""Maximum scalars and enums whose converters are cached for all requests."""


class UseStandardExecutor(Exception):
    """A signal to use the standard executor, which decides whether there is an error."""


class PlainField(NamedTuple):
    """A plain field: the attribute that has its value, the type whose values need no conversion, if any, and the converter for all others."""

    attribute: str
    kept: type | None
    read: Read


class Selection(NamedTuple):
    """The fields selected on an object: a reader for the plain ones, and the `others`. `fields` holds both."""

    read: Read
    others: dict[str, Any]
    fields: Any


class Executor(StrawberryGraphQLCoreExecutionContext):
    """Strawberry's executor with the shortcut. One instance executes one operation."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._selections: dict[tuple[GraphQLObjectType, int], Selection] = {}
        self._value_readers: dict[tuple[Any, int], tuple[Read | None, Any]] = {}
        self._has_field_extensions = bool(self.middleware_manager and self.middleware_manager.middlewares)  # an extension has to see each field

    def execute_fields(self, parent_type: Any, source_value: Any, path: Any, grouped_field_set: Any, position_context: Any) -> Any:
        selection = self._selection(parent_type, grouped_field_set)
        try:
            data = selection.read(source_value)
        except Exception:
            return super().execute_fields(parent_type, source_value, path, grouped_field_set, position_context)
        if not selection.others:
            return data
        rest: Any = super().execute_fields(parent_type, source_value, path, selection.others, position_context)
        return _ordered_later(grouped_field_set, data, rest) if self.is_awaitable(rest) else _ordered(grouped_field_set, data, rest)

    def complete_value(self, return_type: Any, field_details_list: Any, info: Any, path: Any, result: Any, position_context: Any) -> Any:
        """Complete a resolver's result, which is often a list of objects with only plain fields selected."""
        key = (return_type, id(field_details_list))
        whole = self._value_readers.get(key)
        if whole is None:
            whole = self._value_readers[key] = (self._value_of(return_type, field_details_list), field_details_list)
        read = whole[0]
        if read is not None:
            try:
                return read(result)
            except Exception:
                read = None
        return super().complete_value(return_type, field_details_list, info, path, result, position_context)

    def _selection(self, parent_type: Any, fields: Any) -> Selection:
        """Return the selection, made once for all objects of a list: graphql-core passes the same `fields` for each. The selection holds a reference to
        them, so that their id cannot be reused."""
        key = (parent_type, id(fields))
        found = self._selections.get(key)
        if found is None:
            asked = {name: self._datum_of(parent_type.fields.get(details[0].node.name.value), details) for name, details in fields.items()}
            data = {name: datum for name, datum in asked.items() if datum is not None}
            others = {name: fields[name] for name in asked if name not in data}
            found = self._selections[key] = Selection(_all_of(data), others, fields)
        return found

    def _datum_of(self, field: Any, details: Any) -> PlainField | None:
        """Return the plain field, or None if the field needs its resolver."""
        definition = field and field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
        if not definition or definition.extensions or self._has_field_extensions:
            return None
        if definition.base_resolver is None and definition.default_resolver is getattr:
            attribute = definition.python_name
        else:
            attribute = None if details[0].node.arguments else definition.metadata.get(PREFETCH_KEY)
        read = attribute and self._value_of(field.type, details)
        return PlainField(attribute, _kept(field.type), read) if read else None

    def _value_of(self, kind: Any, details: Any) -> Read | None:
        required = isinstance(kind, GraphQLNonNull)
        kind = kind.of_type if required else kind
        if isinstance(kind, GraphQLList):
            return _list(self._value_of(kind.of_type, details), required)
        if is_leaf_type(kind):
            return _leaf(kind, required)
        if isinstance(kind, GraphQLObjectType):
            selection = self._selection(kind, self.collect_subfields(kind, details).grouped_field_set)
            return None if selection.others else _object(selection.read, kind.is_type_of, required)
        return None


def _all_of(data: Mapping[str, PlainField]) -> Read:
    """Return a reader of all plain fields of an object, by response name. It uses one comprehension, because most of the execution time is spent here."""
    if not data:
        return lambda source: {}
    attributes = attrgetter(*(datum.attribute for datum in data.values()))
    values = attributes if len(data) > 1 else lambda source: (attributes(source),)
    fields = [(name, datum.kept, datum.read) for name, datum in data.items()]

    def read_all(source: Any) -> dict[str, Any]:
        return {name: value if type(value) is kept else read(value) for (name, kept, read), value in zip(fields, values(source))}

    return read_all


def _list(read: Read | None, required: bool) -> Read | None:
    def listed(values: Any) -> Any:
        if type(values) is list:
            return [read(value) for value in values]  # type: ignore[misc] # `read` is not None here, see the last line
        if values is None:
            return _null(required)
        raise UseStandardExecutor

    return read and listed


_NO_INFO: Any = None
"""Strawberry's `is_type_of` looks at the value alone."""


def _object(read_all: Read, is_type_of: GraphQLIsTypeOfFn | None, required: bool) -> Read:
    def shown(value: Any) -> Any:
        if value is None:
            return _null(required)
        if is_type_of is not None and not is_type_of(value, _NO_INFO):
            raise UseStandardExecutor
        return read_all(value)

    return shown


def _kept(kind: Any) -> type | None:
    kind = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    return _KEPT.get(kind.name) if isinstance(kind, GraphQLScalarType) else None


def _leaf(kind: Any, required: bool) -> Read:
    kept, coerce = _kept(kind), _coerce(kind)

    def leaf(value: Any) -> Any:
        if type(value) is kept:
            return value
        if value is None:
            return _null(required)
        coerced = coerce(value)
        if coerced is None:
            raise UseStandardExecutor
        return coerced

    return leaf


@lru_cache(maxsize=KEPT_LEAVES)
def _coerce(kind: Any) -> Read:
    """Return the converter of a leaf's values to JSON."""
    coerce: Read = kind.coerce_output_value
    if isinstance(kind, GraphQLEnumType):
        names = {id(member): coerce(member) for member in getattr(kind, "wrapped_cls", ())}
        return lambda value: names[id(value)]
    if kind.name == "Float":
        return lambda value: value if type(value) is float and isfinite(value) else coerce(value)
    if kind.name == "Int":
        return lambda value: value if type(value) is int and MIN_INT <= value <= MAX_INT else coerce(value)
    return coerce


def _null(required: bool) -> None:
    if required:
        raise UseStandardExecutor


async def _ordered_later(fields: Any, data: dict[str, Any], rest: Any) -> dict[str, Any]:
    return _ordered(fields, data, await rest)


def _ordered(fields: Any, data: dict[str, Any], rest: dict[str, Any]) -> dict[str, Any]:
    """Return the fields in the order of the selection. A field that does not exist is in neither mapping."""
    return {name: data[name] if name in data else rest[name] for name in fields if name in data or name in rest}
