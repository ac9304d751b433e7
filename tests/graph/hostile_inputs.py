"""Requests with hostile values for every input of every operation, made from the schema, so that new operations are covered without a change here."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_composite_type,
    is_enum_type,
    is_leaf_type,
)

DEEP = [[[[[[[[[[[[[[[["deep"]]]]]]]]]]]]]]]]
WRONG_KINDS = [None, {"a": {"b": []}}, [None], DEEP, True, -1.5, ""]
TEXTS = [
    "\n\t ", "x" * 25_000, "\x01\x1b[31m\x7f\x85", "\u202egnp.exe\u2066\u200b\u200d\ufeff", "e" + "\u0301" * 500, "\U000e0041\uffff\U0010ffff",
    "%_\\%'; drop table users; --", "\ufdfa" * 60, "İ" * 300, "9" * 5_000, "../../etc/passwd𝟘𝟙",
]  # fmt: skip
VALUES: Mapping[str, list[Any]] = {
    "Int": [0, -1, 1, 2**31 - 1, -(2**31), 2**31, 2**53, -(2**63), 10**400, 1.0, 1e300],
    "BigInt": [0, -1, 2**63 - 1, 2**63, -(2**63) - 1, 10**400, "9" * 50, 1e300],
    "Float": [0, -0.0, 1e308, -1e308, 5e-324, 2**63, 10**400],
    "Date": ["0001-01-01", "9999-12-31", "2026-02-30", "2026-1-1", "-0001-01-01", "10000-01-01", "２０２６-01-01", "2026-W01-1"],
    "DateTime": ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-01-01T24:00:00Z", "2026-01-01", "2026-06-30T23:59:60Z"],
    "TimeZone": ["../etc/passwd", "utc", "Asia/Shanghai\n", "GMT+99", "/", "."],
    "EmailAddress": ["@", "a@b", "a" * 300 + "@example.org", "ä@ö.example", "a@example.org\n", "\"a b\"@example.org"],
    "Boolean": [0, 1, "true"],
    "ID": ["0", "-", "=", "AAAA", "Q29udmVyc2F0aW9uOg", "é", "A" * 513, 0, -1, 2**63, 1.5],
}


class Attempt(NamedTuple):
    """One request. `what` names the input and the value for the message of a failure."""

    what: str
    query: str
    variables: dict[str, Any]


def attempts(schema: GraphQLSchema, field: str, kind: str, usual: Mapping[str, Any], foreign_ids: list[str]) -> Iterator[Attempt]:
    """Yield requests for one root field: first with valid values, then with each hostile value for each input.

    `usual` has values by the names of types and inputs; `foreign_ids` belong to other users or to objects that do not exist.
    """
    root = schema.get_root_type(_operation(kind))
    assert root is not None
    asked = root.fields[field]
    query = _document(field, asked, kind)
    base = {name: _valid_value(argument.type, name, usual) for name, argument in asked.args.items()}
    yield Attempt(f"{field} as usual", query, base)
    yield Attempt(f"{field} without variables", query, {})
    for name, argument in asked.args.items():
        for path, value in _hostile_values(argument.type, name, usual, foreign_ids):
            yield Attempt(f"{field} {path} = {str(value)[:60]!r}", query, {**base, name: value})


def _operation(kind: str) -> Any:
    from graphql import OperationType

    return OperationType(kind)


def _document(field: str, asked: GraphQLField, kind: str) -> str:
    variables = ", ".join(f"${name}: {argument.type}" for name, argument in asked.args.items())
    arguments = ", ".join(f"{name}: ${name}" for name in asked.args)
    return f"{kind} Q{f'({variables})' if variables else ''} {{ {field}{f'({arguments})' if arguments else ''} {_selection(asked.type, 2)} }}"


def _selection(of_type: Any, levels: int) -> str:
    """Return a selection of the type's plain fields and of those up to `levels` below."""
    named = get_named_type(of_type)
    if not is_composite_type(named):
        return ""
    if not isinstance(named, GraphQLObjectType):
        return "{ __typename ... on Error { code message } }" if _is_result(named) else "{ __typename }"
    inner = []
    for name, field in named.fields.items():
        if is_leaf_type(get_named_type(field.type)):
            inner.append(name)
        elif levels and not any(isinstance(argument.type, GraphQLNonNull) for argument in field.args.values()) and name != "edges":
            inner.append(f"{name}{'(first: 2)' if 'first' in field.args else ''} {_selection(field.type, levels - 1)}")
    return f"{{ __typename {' '.join(inner)} }}"


def _is_result(named: Any) -> bool:
    return named.name.endswith("Result")


def _valid_value(of_type: Any, name: str, usual: Mapping[str, Any]) -> Any:
    named = get_named_type(of_type)
    if name in usual:
        return usual[name]
    if isinstance(named, GraphQLInputObjectType):
        return {key: _valid_value(field.type, key, usual) for key, field in named.fields.items() if isinstance(field.type, GraphQLNonNull) or key in usual}
    if is_enum_type(named):
        value: Any = next(iter(named.values))
    else:
        value = usual.get(named.name, "text")
    inner = of_type.of_type if isinstance(of_type, GraphQLNonNull) else of_type
    return [value] if isinstance(inner, GraphQLList) else value


def _hostile_values(of_type: Any, path: str, usual: Mapping[str, Any], foreign_ids: list[str]) -> Iterator[tuple[str, Any]]:
    inner = of_type.of_type if isinstance(of_type, GraphQLNonNull) else of_type
    named = get_named_type(inner)
    for value in WRONG_KINDS:
        yield path, value
    name = path.rpartition(".")[2]
    if isinstance(inner, GraphQLList):
        item = _valid_value(inner.of_type, "", usual)
        for many in ([], [item] * 2, [item] * 1001, [[item]], [None], [item, None, item]):
            yield path, many
        for below, value in _hostile_values(inner.of_type, f"{path}[]", usual, foreign_ids):
            yield below, [value]
    elif isinstance(named, GraphQLInputObjectType):
        base = _valid_value(inner, name, usual)
        yield path, {**base, "unknown": 1}
        for key, field in named.fields.items():
            for below, value in _hostile_values(field.type, f"{path}.{key}", usual, foreign_ids):
                yield below, {**base, key: value}
    elif is_enum_type(named):
        for member in named.values:
            yield path, member
        yield path, "NOWHERE"
    else:
        texts = [] if named.name in ("Int", "Float", "Boolean", "ID") else TEXTS
        for value in [*VALUES.get(named.name, []), *(foreign_ids if named.name == "ID" else []), *texts]:
            yield path, value
