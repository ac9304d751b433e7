"""Readers of plain data: each converts a column, the values of one field for all objects of a list, to JSON at once.

Reading field by field and object by object, a page of diaries takes some 1,500 Python calls. By columns it takes about twenty, because the types of a whole
column are checked, and its values taken and put together, by built-in functions. Any irregularity raises: then the standard executor reads the objects.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain, islice
from math import isfinite
from operator import attrgetter
from typing import Any, NamedTuple

from graphql import GraphQLEnumType, GraphQLIsTypeOfFn, GraphQLScalarType

ReadColumn = Callable[[Sequence[Any]], Sequence[Any]]
"""Converts a column to JSON values. Raises `UseStandardExecutor`, or any other exception, to fall back to the standard executor."""

_KEPT: Mapping[str, type] = {"String": str, "ID": str, "Boolean": bool}
"""Scalars whose values need no conversion if they are exactly of this type."""

MIN_INT, MAX_INT = -(2**31), 2**31 - 1
"""The bounds of GraphQL's Int."""
MAX_CACHED_LEAVES = 512
"""Maximum scalars and enums, each nullable or not, whose readers are cached for all requests."""

_NULL = type(None)


class UseStandardExecutor(Exception):
    """A signal to use the standard executor, which decides whether there is an error."""


class PlainField(NamedTuple):
    """A plain field: the attribute that has its value, and the reader of a column of such values."""

    attribute: str
    read: ReadColumn


@lru_cache(maxsize=MAX_CACHED_LEAVES)
def leaf_reader(kind: GraphQLScalarType | GraphQLEnumType, required: bool) -> ReadColumn:
    """Return the reader of a scalar or enum."""
    kept = _KEPT.get(kind.name) if isinstance(kind, GraphQLScalarType) else None
    if isinstance(kind, GraphQLEnumType) and hasattr(kind, "wrapped_cls"):
        return _member_reader(kind, required)
    if kept is not None:
        return _kept_reader(kept, lambda values: True, _converter(kind, required), required)
    if kind.name == "Float":
        return _kept_reader(float, lambda values: all(map(isfinite, values)), _converter(kind, required), required)
    if kind.name == "Int":
        return _kept_reader(int, _are_in_range, _converter(kind, required), required)
    return _converter(kind, required)


def list_reader(read: ReadColumn, required: bool) -> ReadColumn:
    """Return the reader of lists whose items `read` reads: those of all lists of the column together."""

    def read_lists(lists: Sequence[Any]) -> Sequence[Any]:
        if not {list}.issuperset(map(type, lists)):
            return _read_not_null(lists, list, read_lists, required)
        items = iter(read(list(chain.from_iterable(lists))))
        return [list(islice(items, len(values))) for values in lists]

    return read_lists


def object_reader(read_fields: ReadColumn, is_type_of: GraphQLIsTypeOfFn | None, required: bool) -> ReadColumn:
    """Return the reader of objects, which may be null and are checked to be of the right type, from the reader of their fields."""

    def read_objects(objects: Sequence[Any]) -> Sequence[Any]:
        if _NULL in set(map(type, objects)):
            return _read_not_null(objects, None, read_objects, required)
        if is_type_of is not None and not all(is_type_of(found, _NO_INFO) for found in objects):
            raise UseStandardExecutor
        return read_fields(objects)

    return read_objects


def fields_reader(fields: Mapping[str, PlainField]) -> ReadColumn:
    """Return the reader of all plain fields of objects that are known to be of the right type and not null."""
    names = tuple(fields)
    if not names:
        return lambda objects: [{} for _ in objects]
    take = attrgetter(*(field.attribute for field in fields.values()))
    reads = [field.read for field in fields.values()]
    if len(names) == 1:
        [name], [read] = names, reads
        return lambda objects: [{name: value} for value in read(list(map(take, objects)))]

    def read_fields(objects: Sequence[Any]) -> Sequence[Any]:
        columns = [read(column) for read, column in zip(reads, zip(*map(take, objects)))]
        return [dict(zip(names, values)) for values in zip(*columns)]

    return read_fields


def type_name_field(name: str) -> PlainField:
    """Return `__typename` of objects of a known type, as a plain field."""
    return PlainField("__class__", lambda classes: [name] * len(classes))


_NO_INFO: Any = None
"""Strawberry's `is_type_of` looks at the value alone."""


def _read_not_null(values: Sequence[Any], kind: type | None, read: ReadColumn, required: bool) -> Sequence[Any]:
    """Return the values that are not null as `read` reads them, and the nulls between them. Raises `UseStandardExecutor` for a null in a column without nulls, and
    for a value that is not of `kind`, if one is given."""
    others = [value for value in values if value is not None]
    if required or (kind is not None and not {kind}.issuperset(map(type, others))):
        raise UseStandardExecutor
    found = iter(read(others))
    return [None if value is None else next(found) for value in values]


def _kept_reader(kept: type, fits: Callable[[Iterable[Any]], bool], convert: ReadColumn, required: bool) -> ReadColumn:
    """Return the reader that keeps a column whose values are all of this type and fit; `convert` reads any other."""
    only, or_null = {kept}, {kept, _NULL}

    def read_kept(values: Sequence[Any]) -> Sequence[Any]:
        kinds = set(map(type, values))
        if only >= kinds and fits(values):
            return values
        if not required and or_null >= kinds and fits([value for value in values if value is not None]):
            return values
        return convert(values)

    return read_kept


def _are_in_range(values: Iterable[Any]) -> bool:
    return all(MIN_INT <= value <= MAX_INT for value in values)


def _member_reader(kind: GraphQLEnumType, required: bool) -> ReadColumn:
    """Return the reader of an enum's members. They are found by identity; any other value raises."""
    names: dict[int, str | None] = {id(member): kind.coerce_output_value(member) for member in kind.wrapped_cls}  # type: ignore[attr-defined] # checked in `leaf_reader`
    if not required:
        names[id(None)] = None
    name_of = names.__getitem__
    return lambda values: list(map(name_of, map(id, values)))


def _converter(kind: GraphQLScalarType | GraphQLEnumType, required: bool) -> ReadColumn:
    """Return the reader that converts each value."""

    def convert(values: Sequence[Any]) -> Sequence[Any]:
        found = [None if value is None else kind.coerce_output_value(value) for value in values]
        if None in found and (required or any(made is None and given is not None for made, given in zip(found, values))):
            raise UseStandardExecutor
        return found

    return convert
