"""An export as one zip of any size, written while it is read: the JSON file, the profile and a file a day as Markdown, and a manifest at the end."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime, timezone
from typing import IO, TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from resolvers.portability import json_pieces, markdown
from resolvers.portability.import_file import CHANGED, FORMAT, LABEL
from resolvers.portability.label import make_label
from resolvers.portability.pieces import Piece, Pieces, Sessions, State

if TYPE_CHECKING:
    from persistence.queries.viewer import AnyUser

MANIFEST = "manifest.json"
COMPRESSION = 3
"""zlib's level: 6 takes twice the time for a twentieth less."""


class _Buffer:
    """The bytes that a `ZipFile` wrote and that were not taken yet. It cannot seek, so sizes follow their file."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Do nothing: `take` hands over what there is."""

    def take(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)


class _Writer:
    """Writes pieces into the zip, each file after the other."""

    def __init__(self) -> None:
        self._buffer = _Buffer()
        self._zip = ZipFile(self._buffer, "w", ZIP_DEFLATED, compresslevel=COMPRESSION)  # type: ignore[call-overload] # any object with `write` does
        self._name = ""
        self._file: IO[bytes] | None = None
        self._at = datetime.now(timezone.utc)
        self.files = 0

    def write(self, pieces: Sequence[Piece]) -> bytes:
        """Return the bytes that follow those of the last call."""
        for piece in pieces:
            if piece.name != self._name:
                self._open(piece.name)
            assert self._file is not None, "a file was opened for the piece"
            self._file.write(piece.text.encode())
        return self._buffer.take()

    def end(self, manifest: Mapping[str, Any]) -> bytes:
        text = json.dumps({"exported_at": self._at.isoformat(timespec="seconds"), "files": self.files, **manifest}, ensure_ascii=False, indent=1)
        written = self.write([Piece(MANIFEST, text + "\n", None)])
        self._close()
        self._zip.close()
        return written + self._buffer.take()

    def _open(self, name: str) -> None:
        self._close()
        info = ZipInfo(name, self._at.timetuple()[:6])
        info.compress_type, info.external_attr = ZIP_DEFLATED, 0o600 << 16
        self._name, self._file = name, self._zip.open(info, "w", force_zip64=True)
        self.files += 1

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()


async def stream_archive(
    viewer: AnyUser, sessions: Sessions, state: State | None, *, with_json: bool = True, with_markdown: bool = True
) -> AsyncGenerator[bytes]:
    """Yield the zip. Each page is read in a session of its own, so `state` is compared at the end; None where all sessions have one snapshot."""
    writer = _Writer()
    sources: list[Pieces] = [json_pieces.make_pieces(viewer, state, sessions, None)] if with_json else []
    sources += [markdown.make_pieces(viewer, sessions, None)] if with_markdown else []
    for source in sources:
        async with aclosing(source) as pages:
            async for page in pages:
                if data := await asyncio.to_thread(writer.write, page):
                    yield data
    changed = await state.list_changed(sessions) if state else []
    yield writer.end({"format": FORMAT, LABEL: make_label(viewer.locale), CHANGED: changed})
