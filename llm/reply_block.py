"""Filter of an answer that ends with replies to suggest, between two markers: it separates them from the text that is shown.

No part of the block is shown: in a stream, what may be the beginning of the marker, and white space before it, is held back until it is decided. A block
that is malformed or unfinished gives no replies, and is not shown either.
"""

from __future__ import annotations

import json
import re
from typing import Final

MAX_BLOCK_LENGTH: Final = 2_000
"""Characters of a block. A longer one is no block but text about the marker, and is shown."""

_OPENING: Final = re.compile(r"<\s{0,8}suggested[\s_-]{0,2}replies\s{0,8}>", re.IGNORECASE)
_CLOSING: Final = re.compile(r"<\s{0,8}/\s{0,8}suggested[\s_-]{0,2}replies\s{0,8}>", re.IGNORECASE)
_MARKER: Final = "<suggestedreplies>"
_MAX_MARKER_LENGTH: Final = 48
_FENCE: Final = re.compile(r"(?:```|~~~)\w{0,12}\Z")
_FENCE_PART: Final = re.compile(r"(?:`{1,3}|~{1,3})\w{0,12}\Z")
_LIST: Final = re.compile(r"\s*(?:\[|[-*+•\"“「]|\d{1,2}[.)、]|```|~~~|\Z)")
"""The beginning of a block's content, also of one that was cut off."""
_BULLET: Final = re.compile(r"^\s*(?:[-*+•]|\d{1,2}[.)、])\s*")


class ReplyBlock:
    """A filter that takes an answer in chunks and returns what may be shown. `text` is all that was shown, `replies` what the blocks contained."""

    def __init__(self) -> None:
        self.text = ""
        self.replies: list[str] = []
        self._held = ""
        self._block: str | None = None
        self._opened_with = ""
        self._scanned = 0
        self._is_after_block = False
        self._owed_fence = ""

    def feed(self, chunk: str) -> list[str]:
        """Add a chunk; return the text that may be shown now, in non-empty chunks."""
        shown: list[str] = []
        if self._block is None:
            self._held += chunk
        else:
            self._block += chunk
        while self._step(shown):
            pass
        return self._show(shown)

    def end(self) -> list[str]:
        """Return the remaining text, once the whole answer was fed. White space at its end is dropped."""
        if self._block is not None and not _LIST.match(self._block):
            self._held, self._block = self._opened_with + self._block, None  # the answer is about the marker
        if self._block is not None:
            self.replies += _parse(self._block)
        elif self._is_after_block:
            self._held = ""  # no more than a part of a fence
        rest, self._block, self._held = "" if self._block is not None else _without_beginning(self._held).rstrip(), None, ""
        return self._show([rest])

    def _step(self, shown: list[str]) -> bool:
        """Take the next part of the text; return whether another one may follow."""
        return self._read_text(shown) if self._block is None else self._read_block(self._block)

    def _read_text(self, shown: list[str]) -> bool:
        """Show the text before the next block, and open that block; return whether another part may follow."""
        if self._is_after_block and not self._leave_block():
            return False
        found = _OPENING.search(self._held, self._scanned)
        if found is None:
            end = _end_of_text(self._held)
            shown.append(self._held[:end])
            self._held, self._scanned = self._held[end:], 0
            return False
        before = self._held[: found.start()]
        if before.endswith("`") and not _FENCE.search(before):
            shown.append(self._held[: found.end()])  # the answer mentions the marker
            self._held, self._scanned = self._held[found.end() :], 0
            return True
        shown.append(_FENCE.sub("", before.rstrip()).rstrip())
        self._opened_with, self._block = self._held[len(shown[-1]) : found.end()], self._held[found.end() :]
        self._held, self._scanned = "", 0
        return True

    def _leave_block(self) -> bool:
        """Drop white space and the end of a fence behind a block; return whether text follows, which is a new paragraph."""
        self._held = self._held.lstrip()
        fence = self._owed_fence
        if fence and self._held.startswith(fence):
            self._held, self._owed_fence = self._held[len(fence) :].lstrip(), ""
        elif fence.startswith(self._held):
            return False
        if self._held:
            self._held, self._is_after_block = f"\n\n{self._held}", False
        return bool(self._held)

    def _read_block(self, block: str) -> bool:
        """Read the suggestions of a block that is complete; return whether another part may follow. A block that is too long is text."""
        found = _CLOSING.search(block)
        if found is None and len(block) <= MAX_BLOCK_LENGTH:
            return False
        if found is None or found.start() > MAX_BLOCK_LENGTH:
            self._held, self._scanned, self._block = self._opened_with + block, len(self._opened_with), None
            return True
        self.replies += _parse(block[: found.start()])
        self._held, self._block, self._is_after_block = block[found.end() :], None, True
        self._owed_fence = next((fence for fence in ("```", "~~~") if fence in self._opened_with), "")
        return True

    def _show(self, shown: list[str]) -> list[str]:
        pieces = [piece for piece in shown if piece]
        if pieces and not self.text:
            pieces[0] = pieces[0].lstrip()
        self.text += "".join(pieces)
        return [piece for piece in pieces if piece]


def _end_of_text(text: str) -> int:
    """Return where the part of a text ends that can be shown: white space, a fence and a beginning of the marker at its end may belong to a block."""
    shown = text[: len(text) - len(_beginning(text))].rstrip()
    fence = _FENCE_PART.search(shown, max(0, len(shown) - 16))
    return len(shown if fence is None else shown[: fence.start()].rstrip())


def _beginning(text: str) -> str:
    """Return the end of a text that may be the beginning of a marker."""
    start = text.rfind("<", max(0, len(text) - _MAX_MARKER_LENGTH))
    return text[start:] if start >= 0 and _MARKER.startswith(_squeeze(text[start:])) else ""


def _without_beginning(text: str) -> str:
    """Return a whole text without a marker at its end that was cut off, if it is more than a few letters of one."""
    beginning = _beginning(text)
    return text[: len(text) - len(beginning)] if len(_squeeze(beginning)) > len("<sug") else text


def _squeeze(text: str) -> str:
    return re.sub(r"[\s_-]", "", text).casefold()


def _parse(block: str) -> list[str]:
    """Return the texts of a block: a JSON list, or a line each, with bullets. What is neither gives none."""
    text = block.strip().strip("`").strip()
    start, end = text.find("["), text.rfind("]")
    if start >= 0:
        try:
            found = json.loads(text[start : end + 1])
        except (ValueError, RecursionError):
            return []
        return [item for item in found if isinstance(item, str)] if isinstance(found, list) else []
    return [_BULLET.sub("", line) for line in text.splitlines()]
