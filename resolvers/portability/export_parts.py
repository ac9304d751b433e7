"""An export in parts: each fits into a response, and names the cursor with which the next one begins, also in another process or days later.

No snapshot outlives a request, so a part shows the rows of its moment. The cursor carries a digest of each table's rows at the beginning; the last part
says which tables differ by then. Nothing in a cursor is trusted, and rows are always the viewer's.
"""

from __future__ import annotations

import asyncio
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from persistence import database
from persistence.queries import portability as stored
from resolvers.chat.questions import store_abandoned_streams
from resolvers.errors import InputRule, InvalidInput
from resolvers.portability import json_pieces, markdown
from resolvers.portability.import_file import read_value
from resolvers.portability.pieces import Piece, Pieces, Position, Sessions, State, measure, open_snapshot

if TYPE_CHECKING:
    from persistence.queries.viewer import AnyUser

MAX_PART_BYTES = 4_000_000
"""Bytes of a part's texts where each travels as ASCII in JSON inside of JSON, as the clouds with the lowest limit (6 MB) may send a response."""
MAX_CURSOR_LENGTH = 4_096
"""Characters; longer ones are refused undecoded."""


@dataclass(frozen=True)
class ExportedText:
    """A text to append to the file `name`, which has `offset` bytes before it."""

    name: str
    content: str
    offset: int


@dataclass(frozen=True)
class ExportPart:
    """`cursor` continues the export; None after the last part, which alone says in `changed` which tables changed since the first one."""

    number: int
    texts: Sequence[ExportedText]
    cursor: str | None
    changed: Sequence[str] | None


@dataclass(frozen=True)
class _Cursor:
    is_json: bool
    number: int
    name: str
    offset: int
    before: Mapping[str, str]
    then: Position


async def export_part(viewer: AnyUser, after: str | None, *, is_json: bool) -> ExportPart:
    """Return the part after a cursor, or the first. Raises `InvalidInput` for a cursor that is not of this export or of another version."""
    found = None if after is None else _decode(after, is_json)
    if found is None:
        await store_abandoned_streams(viewer)
    with database.without_time_limit():
        return await _read_part(viewer, found, is_json)


async def _read_part(viewer: AnyUser, found: _Cursor | None, is_json: bool) -> ExportPart:
    async with open_snapshot() as sessions:
        state = State(viewer.id, found.before) if found else await measure(viewer.id, sessions)
        pieces, then = await _collect(_open(viewer, state, sessions, found.then if found else None, is_json))
        changed = None
        if then is None:
            changed = state.changed if state.changed is not None else await state.list_changed(sessions)
    texts = _join(pieces, found)
    number = found.number + 1 if found else 1
    if then is None:
        return ExportPart(number, texts, None, changed)
    last = texts[-1]
    return ExportPart(number, texts, _encode(_Cursor(is_json, number, last.name, last.offset + len(last.content.encode()), state.before, then)), None)


def _open(viewer: AnyUser, state: State, sessions: Sessions, then: Position | None, is_json: bool) -> Pieces:
    return json_pieces.make_pieces(viewer, state, sessions, then) if is_json else markdown.make_pieces(viewer, sessions, then)


async def _collect(source: Pieces) -> tuple[list[Piece], Position | None]:
    """Return the pieces that fit into a part, at least one, and the position after them."""
    taken: list[Piece] = []
    left = MAX_PART_BYTES
    async for page in source:
        for piece, size in zip(page, await asyncio.to_thread(_measure, page)):
            left -= size
            if left < 0 and taken:
                return taken, taken[-1].then
            taken.append(piece)
    return taken, None


def _measure(pieces: Sequence[Piece]) -> list[int]:
    return [len(json.dumps(json.dumps(piece.text))) + len(piece.name) for piece in pieces]


def _join(pieces: Sequence[Piece], before: _Cursor | None) -> list[ExportedText]:
    texts: dict[str, list[str]] = {}
    for piece in pieces:
        texts.setdefault(piece.name, []).append(piece.text)
    return [ExportedText(name, "".join(found), before.offset if before and before.name == name else 0) for name, found in texts.items()]


def _encode(cursor: _Cursor) -> str:
    key, after = cursor.then
    then = [json_pieces.to_json(key) if isinstance(key, date) else key, None if after is None else [_plain(value) for value in after]]
    text = json.dumps([cursor.is_json, cursor.number, cursor.name, cursor.offset, list(cursor.before.values()), then], separators=(",", ":"))
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _plain(value: Any) -> Any:
    return json_pieces.to_json(value) if isinstance(value, (date, Enum, UUID)) else value


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value < 2**53


def _decode(text: str, is_json: bool) -> _Cursor:
    try:
        if len(text) > MAX_CURSOR_LENGTH:
            raise ValueError("longer than any cursor")
        of_json, number, name, offset, digests, (key, after) = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        names = stored.table_names()
        if of_json is not is_json or not _is_count(number) or number > 2**30 or not _is_count(offset) or type(name) is not str or len(digests) != len(names):
            raise ValueError("another format or version")
        kinds: Sequence[type[Any]] = (stored.key_types(key) if key in names else ()) if is_json else (UUID, UUID)
        if is_json and key not in names or after is not None and len(after) != len(kinds):
            raise ValueError("no such position")
        reached = None if after is None else tuple(read_value("after", value, kind) for value, kind in zip(after, kinds))
        return _Cursor(is_json, number, name, offset, dict(zip(names, digests)), (key if is_json else date.fromisoformat(key), reached))
    except (ValueError, TypeError, RecursionError, InvalidInput):
        raise InvalidInput("after", "send `nextCursor` of an earlier part of the same format, or null to begin an export", rule=InputRule.FORMAT) from None
