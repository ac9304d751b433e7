"""Exports as one file: as a text that fits into a response, or as a stream of any length."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING

from resolvers.chat.questions import store_abandoned_streams
from resolvers.errors import Conflict, ConflictReason
from resolvers.portability import json_pieces, markdown
from resolvers.portability.pieces import Piece, open_snapshot

if TYPE_CHECKING:
    from persistence.queries.viewer import AnyUser

MAX_RESPONSE_BYTES = 4_000_000
"""Bytes of an export as a JSON string in a response body: an export must fit into a request again (4 MiB here, 6 MB at cloud providers).

A larger account is exported in parts (`accountExportPart`), as an archive by the server mode, or on the command line.
"""


async def export_json(viewer: AnyUser, *, largest: int | None = MAX_RESPONSE_BYTES) -> str:
    """Return all rows of the user except sign-ins and the job queue; the same rows give the same text. Raises `Conflict` when too large."""
    return await _collect(viewer, largest, is_json=True)


async def export_markdown(viewer: AnyUser, *, largest: int | None = MAX_RESPONSE_BYTES) -> str:
    """Return profile, diaries and conversations in the user's language. Raises `Conflict` when too large."""
    return await _collect(viewer, largest, is_json=False)


async def stream_text(viewer: AnyUser, *, is_json: bool) -> AsyncGenerator[str]:
    """Yield an export as one file, in one snapshot, which holds a connection until the end."""
    await store_abandoned_streams(viewer)
    async with open_snapshot() as sessions:
        source = json_pieces.make_pieces(viewer, None, sessions, None) if is_json else markdown.make_pieces(viewer, sessions, None, in_one=True)
        async with aclosing(source) as pages:
            async for page in pages:
                yield _join(page)


async def _collect(viewer: AnyUser, largest: int | None, *, is_json: bool) -> str:
    """Return an export as one text. Stops reading as soon as it is too large."""
    texts: list[str] = []
    size = 0
    async with aclosing(stream_text(viewer, is_json=is_json)) as source:
        async for text in source:
            size += len(json.dumps(text, ensure_ascii=False).encode())
            if largest is not None and size > largest:
                raise _too_large(largest)
            texts.append(text)
    return "".join(texts)


def _join(pieces: Sequence[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def _too_large(largest: int) -> Conflict:
    return Conflict(
        f"the export is larger than {largest / 1e6:.1f} MB, the limit of one response: fetch it with `accountExportPart`, part by part",
        reason=ConflictReason.TOO_LARGE,
    )
