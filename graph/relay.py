"""Relay's conventions with keyset pagination: opaque global ids, opaque cursors, connections, `node`.

Strawberry's own relay package is not used: its cursors are offsets, its ids are not strictly validated, and its errors have no codes.
"""
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import date, datetime, timezone
from typing import Annotated, Any, Generic, NamedTuple, TypedDict, TypeVar
from uuid import RFC_4122, UUID

import strawberry
from graphql import GraphQLError

from graph.errors import ErrorCode, coded_error
from persistence.ids import is_client_made, is_public_form, to_public_id
from persistence.paging import cut_page
from resolvers.errors import InputRule, InvalidInput

DEFAULT_PAGE_SIZE = 20
MAX_PAGE_SIZE = 100
MAX_NODES = 100
"""Maximum ids of one `nodes` field."""
MAX_OPAQUE_LENGTH = 512
"""Maximum characters of an id or a cursor; those of this API have fewer than 200."""

_BASE64URL = re.compile("[A-Za-z0-9_-]*")
_TYPE_NAME = re.compile(rb"[A-Za-z][A-Za-z0-9]{0,63}")

First = Annotated[int | None, strawberry.argument(description="Maximum number of results, at least 1; more than 100 counts as 100, null as 20.")]
After = Annotated[
    str | None, strawberry.argument(description="Return the results after this cursor (`endCursor` of the previous page); absent or null for the first page.")
]
Last = Annotated[
    int | None,
    strawberry.argument(
        description="Maximum number of results from the end of the list, or from `before` backward, at least 1; more than 100 counts as 100. The order of the results "
        "stays that of the list. Not together with `first`. With `before` alone, null counts as 20."
    ),
]
Before = Annotated[
    str | None, strawberry.argument(description="Return the results before this cursor (`startCursor` of the following page); absent or null for the end of the list.")
]


class GlobalId(NamedTuple):
    type_name: str
    id: UUID


def encode_id(type_name: str, id: UUID) -> strawberry.ID:
    return strawberry.ID(_encode(type_name.encode() + b":" + to_public_id(id).bytes))


def decode_id(value: str) -> GlobalId:
    """Return the type and the id inside a global id. Raises BAD_USER_INPUT for text that `encode_id` does not produce."""
    type_name, colon, raw = _decode(value, "id").partition(b":")
    if not colon or len(raw) != 16 or not _TYPE_NAME.fullmatch(type_name):
        raise _not_ours("id")
    found = GlobalId(type_name.decode(), UUID(bytes=raw))
    if is_client_made(found.id) and not is_public_form(found.id):  # an object has one id
        raise _not_ours("id")
    return found


def decode_id_of(type_name: str, value: str) -> UUID:
    """Return the id of an object of one type. Raises BAD_USER_INPUT, also for another type's id."""
    found = decode_id(value)
    if found.type_name != type_name:
        raise coded_error(ErrorCode.BAD_USER_INPUT, f"this is the id of a {found.type_name}: send the id of a {type_name}")
    return found.id


MADE_ID = (
    "An id that the client makes, by which the object is known from then on; absent or null for one of the server's. It is the text `{}:` and 16 bytes, in base64url without "
    "padding: the bytes 00 00 00 00 00 00 80 00, then 8 random ones of which the first is set to `byte & 63 | 128`. Sent again with the same content, it is "
    "the same object; with other content the request is refused with ID_TAKEN; that of a deleted object is NOT_FOUND. It need only be new among the user's own objects."
)


def decode_made_id(type_name: str, field: str, value: str | None) -> UUID | None:
    """Return the id that a client made for a new object, None for none. Raises `InvalidInput`."""
    if value is None:
        return None
    try:
        id = decode_id_of(type_name, value)
    except GraphQLError:
        id = None
    if id is None or not is_public_form(id) or id.variant != RFC_4122:
        raise InvalidInput(
            field, f"{field} is no id that a client can make for a {type_name}: encode the type's name, a colon, the bytes 00 00 00 00 00 00 80 00 and 8 random bytes, of "
            "which the first is set to `byte & 63 | 128`", rule=InputRule.FORMAT,
        )
    return id


def encode_part_id(type_name: str, owner: UUID, part: str) -> strawberry.ID:
    """Return the id of a part of an object: of what has no id of its own in the database."""
    return strawberry.ID(_encode(type_name.encode() + b":" + owner.bytes + part.encode()))


def decode_part_id(type_name: str, value: str) -> tuple[UUID, str]:
    """Return the object's id and the part inside the id of a part. Raises BAD_USER_INPUT for text that `encode_part_id` does not produce."""
    found, colon, raw = _decode(value, "id").partition(b":")
    if not colon or found != type_name.encode() or len(raw) <= 16 or not raw[16:].isascii():
        raise _not_ours("id")
    return UUID(bytes=raw[:16]), raw[16:].decode()


Position = UUID | datetime | date | int | str
"""A value that rows are sorted by; a keyset page continues after such values."""

_FROM_JSON: dict[type, Callable[[Any], Any]] = {
    UUID: lambda value: UUID(value),
    datetime: lambda value: datetime.fromisoformat(value).astimezone(timezone.utc),
    date: lambda value: date.fromisoformat(value),
    int: lambda value: value if abs(value) < 2**63 else None,
    str: lambda value: None if "\x00" in value else value,
}
"""Converters that accept only values that PostgreSQL can compare with: instants in UTC, 64-bit integers, no NUL."""


_dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def encode_cursor(*position: Position) -> str:
    """Return an opaque cursor for a row's sort values."""
    return _encode(_dump([_to_json(value) for value in position]).encode())


def decode_cursor(cursor: str, *kinds: type) -> tuple[Any, ...]:
    """Return the sort values inside a cursor, one for each of `kinds`. Raises BAD_USER_INPUT for another connection's cursor or an altered one."""
    try:
        values = json.loads(_decode(cursor, "cursor"))
        position = tuple(_FROM_JSON[kind](value) for kind, value in zip(kinds, values))
        if len(values) != len(kinds) or any(type(found) is not kind for found, kind in zip(position, kinds)):
            raise _not_ours("cursor")
        if encode_cursor(*position) != cursor:
            raise _not_ours("cursor")
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        raise _not_ours("cursor") from None
    return position


def page_size(first: int | None, name: str = "first") -> int:
    """Return the number of rows to read, 1 to 100; 20 when `first` is None. Raises BAD_USER_INPUT below 1."""
    if first is None:
        return DEFAULT_PAGE_SIZE
    if first < 1:
        raise coded_error(ErrorCode.BAD_USER_INPUT, f"{name} is {first}; send 1 to {MAX_PAGE_SIZE}")
    return min(first, MAX_PAGE_SIZE)


class PageArguments(TypedDict):
    """A page of a list as resolvers take it: at most `limit` rows between two positions, from the end of the list if `backward`."""

    after: Any
    before: Any
    limit: int
    backward: bool


def read_page(first: int | None, after: str | None, last: int | None, before: str | None, decode: Callable[[str], Any]) -> PageArguments:
    """Return the page that a connection's arguments ask for. Raises BAD_USER_INPUT for `first` and `last` together, sizes below 1, and foreign cursors."""
    if first is not None and last is not None:
        raise coded_error(ErrorCode.BAD_USER_INPUT, "first and last exclude each other: send `first` to page forward, or `last` to page backward")
    backward = last is not None or (before is not None and first is None and after is None)
    limit = page_size(last, "last") if backward else page_size(first)
    positions = [None if cursor is None else decode(cursor) for cursor in (after, before)]
    return PageArguments(after=positions[0], before=positions[1], limit=limit, backward=backward)


def id_of_cursor(cursor: str) -> UUID:
    """Return the id inside a cursor of a list that is sorted by ids."""
    found: UUID = decode_cursor(cursor, UUID)[0]
    return found


@strawberry.interface(description="An object with a global id, by which `node` returns it.")
class Node:
    id: strawberry.ID = strawberry.field(description="Global id: opaque, stable, and unique among the objects of all types.")


@strawberry.type(description="The position of a page in its list.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether more results follow; request them with `after: endCursor`. True when it was requested with `before`.")
    has_previous_page: bool = strawberry.field(description="Whether results precede the page; request them with `last` and `before: startCursor`. True when it was requested with `after`.")
    start_cursor: str | None = strawberry.field(description="The cursor of the first edge; null when the page is empty.")
    end_cursor: str | None = strawberry.field(description="The cursor of the last edge; null when the page is empty.")


NodeT = TypeVar("NodeT")
RowT = TypeVar("RowT")


@strawberry.type(description="One object of a list, with its cursor.")
class Edge(Generic[NodeT]):
    cursor: str = strawberry.field(description="Opaque cursor of the object: pass it as `after` to get the results that follow it, or as `before` for those that precede it.")
    node: NodeT = strawberry.field(description="The object.")


def _edges(self: Any) -> list[Any]:
    return [Edge(cursor=cursor, node=node) for cursor, node in zip(self.cursors(), self.nodes)]


@strawberry.type(description="One page of a list.")
class Connection(Generic[NodeT]):
    edges: list[Edge[NodeT]] = strawberry.field(resolver=_edges, description="The objects of the page, with their cursors.")
    nodes: list[NodeT] = strawberry.field(description="The objects of the page without cursors, in the same order.")
    page_info: PageInfo = strawberry.field(description="The position of the page in the list.")
    cursors: strawberry.Private[Callable[[], list[str]]]
    count: strawberry.Private[Callable[[], Awaitable[int]]]

    @strawberry.field(description="Number of objects in the whole list; counted only when this field is selected.")
    async def total_count(self) -> int:
        return await self.count()


def make_connection(
    rows: Sequence[RowT],
    *,
    node: Callable[[RowT], Any],
    cursor: Callable[[RowT], str],
    has_next: bool,
    has_previous: bool,
    count: Callable[[], Awaitable[int]],
) -> Connection[Any]:
    """Return a connection of one page's rows. `count` is called only if `totalCount` is selected, and only the selected cursors are made."""
    start, end = (cursor(rows[0]), cursor(rows[-1])) if rows else (None, None)
    info = PageInfo(has_next_page=has_next, has_previous_page=has_previous, start_cursor=start, end_cursor=end)
    return Connection(nodes=[node(row) for row in rows], page_info=info, cursors=lambda: [cursor(row) for row in rows], count=count)


def one_more(page: PageArguments) -> PageArguments:
    """Return the page with one row more, by which `cut_rows` sees whether there are more."""
    return {**page, "limit": page["limit"] + 1}


def cut_rows(found: Sequence[RowT], page: PageArguments) -> tuple[Sequence[RowT], bool, bool]:
    """Return the rows of a page that was read with one row more, and whether rows follow and precede it."""
    return cut_page(found, page["limit"], after=page["after"], before=page["before"], backward=page["backward"])


NodeLoader = Callable[[strawberry.Info, Sequence[UUID]], Awaitable[Sequence[Any]]]
"""Loads objects of one type for the caller: one per id, in the order of the ids, None for an object that does not exist or is not the caller's."""


PartLoader = Callable[[strawberry.Info, Sequence[tuple[UUID, str]]], Awaitable[Sequence[Any]]]
"""Loads parts of objects as a `NodeLoader` does, by what `encode_part_id` was given."""


async def find_node(loaders: Mapping[str, NodeLoader], info: strawberry.Info, id: str, *, part_loaders: Mapping[str, PartLoader] | None = None) -> Any | None:
    """Return the object with a global id, or None. Raises BAD_USER_INPUT for an invalid id."""
    found = await find_nodes(loaders, info, [id], part_loaders=part_loaders)
    return found[0]


async def find_nodes(
    loaders: Mapping[str, NodeLoader], info: strawberry.Info, ids: Sequence[str], *, part_loaders: Mapping[str, PartLoader] | None = None
) -> list[Any | None]:
    """Return the objects with the global ids in their order, None for those not found; runs one load per type.

    Raises BAD_USER_INPUT for an invalid id and for more than 100 ids.
    """
    if len(ids) > MAX_NODES:
        raise coded_error(ErrorCode.BAD_USER_INPUT, f"ids has {len(ids)} entries; the limit is {MAX_NODES}")
    every: Mapping[str, Callable[[strawberry.Info, Any], Awaitable[Sequence[Any]]]] = {**loaders, **(part_loaders or {})}
    wanted = [_decode_any_id(id, part_loaders or ()) for id in ids]
    found: dict[tuple[str, Any], Any] = {}
    for type_name in dict.fromkeys(type_name for type_name, _ in wanted if type_name in every):
        keys = list(dict.fromkeys(key for key in wanted if key[0] == type_name))
        found.update(zip(keys, await every[type_name](info, [key for _, key in keys])))
    return [found.get(key) for key in wanted]


def _decode_any_id(value: str, part_types: Collection[str]) -> tuple[str, Any]:
    """Return the type inside a global id, and the id or, for one of `part_types`, what `encode_part_id` was given."""
    named = _decode(value, "id").partition(b":")[0].decode("ascii", "replace")
    return (named, decode_part_id(named, value)) if named in part_types else decode_id(value)


def _to_json(value: Position) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).isoformat()
    return value if isinstance(value, (int, str)) else str(value)


def _encode(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(value: str, what: str) -> bytes:
    """Return the bytes of unpadded base64url text; only the exact spelling that `_encode` gives is accepted."""
    if not _BASE64URL.fullmatch(value):  # Python 3.15 warns of other characters before it drops them
        raise _not_ours(what)
    try:
        raw = urlsafe_b64decode(value + "=" * (-len(value) % 4)) if len(value) <= MAX_OPAQUE_LENGTH else b""
    except ValueError:
        raise _not_ours(what) from None
    if not raw or _encode(raw) != value:
        raise _not_ours(what)
    return raw


def _not_ours(what: str) -> Exception:
    return coded_error(ErrorCode.BAD_USER_INPUT, f"invalid {what}: send one that this API returned, unchanged")
