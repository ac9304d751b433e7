"""The JSON file of an export, in pieces of one row each, so that its size is not bounded by memory."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import date, datetime, timezone
from enum import Enum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from persistence.models.chat import MODEL_INTERRUPTED, MessageStatus
from persistence.queries import portability as stored
from resolvers.portability.import_file import CHANGED, FORMAT, LABEL
from resolvers.portability.label import make_label
from resolvers.portability.pieces import PAGE_ROWS, Piece, Position, Sessions, State

if TYPE_CHECKING:
    from persistence.queries.viewer import AnyUser

FILE_NAME = "unilife.json"
ACCOUNT = (
    "nickname", "time_zone", "locale", "day_ends_at", "sensitive_slots", "memory_off", "memory_paused_until", "topics_off", "names_off",
)  # fmt: skip


async def make_pieces(viewer: AnyUser, state: State | None, sessions: Sessions, after: Position | None) -> AsyncGenerator[Sequence[Piece]]:
    """Yield the file from a position on, a page at a time. Unchanged rows give the same text. `state` is None where all sessions have one snapshot."""
    names = stored.table_names()
    if after is None:
        yield [Piece(FILE_NAME, _make_head(viewer), (names[0], None))]
    first, key = after or (names[0], None)
    for name in names[names.index(first) :]:
        following = names[names.index(name) + 1 :]
        then = (following[0], None) if following else None
        last = key if name == first else None
        begun = last is not None
        while True:
            async with sessions() as session:
                page = await stored.load_page(session, viewer.id, name, last, PAGE_ROWS)
            pieces = await asyncio.to_thread(_make_rows, name, page, begun)
            if pieces:
                last, begun = pieces[-1].then[1], True  # type: ignore[index] # a row's piece has a position
                yield pieces
            if len(page) < PAGE_ROWS:
                break
        closing = "\n ]" if begun else f",\n {json.dumps(name)}: []"
        if then is None:
            closing += _make_end(await state.list_changed(sessions) if state else [])
        yield [Piece(FILE_NAME, closing, then)]


def _make_head(viewer: AnyUser) -> str:
    head = {"format": FORMAT, LABEL: make_label(viewer.locale), "account": {name: getattr(viewer, name) for name in ACCOUNT}}
    return "{" + ",".join(f"\n {json.dumps(name)}: {_dump(value)}" for name, value in head.items())


def _make_rows(table: str, rows: Sequence[Mapping[str, Any]], begun: bool) -> list[Piece]:
    keys = stored.key_names(table)
    made = []
    for row in rows:
        opening = "," if begun else f",\n {json.dumps(table)}: ["
        begun = True
        exported = _fail_pending(row) if table == "messages" else row
        made.append(Piece(FILE_NAME, f"{opening}\n  {_dump(exported)}", (table, [row[key] for key in keys])))
    return made


def _make_end(changed: Sequence[str]) -> str:
    return (f",\n {json.dumps(CHANGED)}: {_dump(changed)}" if changed else "") + "\n}\n"


def _fail_pending(message: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the message, with a PENDING question as FAILED: the new account has no call that answers it, and the user can regenerate it."""
    if message["status"] is not MessageStatus.PENDING:
        return message
    return {**message, "status": MessageStatus.FAILED, "error_code": MODEL_INTERRUPTED}


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=to_json)


def to_json(value: Any) -> Any:
    """Return a stored value as JSON has it. Raises `TypeError`."""
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"a {type(value).__name__} cannot be written to an export")
