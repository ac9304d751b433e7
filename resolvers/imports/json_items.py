"""Streamed reading of JSON: the elements of a list, or the members of an object, one at a time, whatever the size of the file.

The end of an element is found by its brackets before it is parsed, so an element that is no JSON is reported and the next one is read. Documents
may follow each other, as in JSON Lines. No library is needed: brackets are found by regular expressions, elements are parsed by `json`.
"""
from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Protocol

CHUNK: Final = 256 * 1024
MAX_ITEM_BYTES: Final = 32 * 1024 * 1024
"""A longer element is skipped. The longest conversations seen in exports have a few megabytes."""
STREAMED: Final = frozenset({"entries", "conversations", "data"})
"""Members of an object whose lists are read element by element: Day One's entries, Grok's and exporters' conversations, Qwen Chat's data."""

_NO_BRACKETS: Final = re.compile(rb'(?:[^"\[\]{}]+|"[^"\\]*(?:\\.[^"\\]*){0,2000}"){0,2000}', re.DOTALL)
"""Whole strings and what stands between them. A string that is not read to its end, or is very long, is left to `_STRING`."""
_STRING: Final = re.compile(rb'(?:[^"\\]+|\\.){0,2000}', re.DOTALL)
_SCALAR: Final = re.compile(rb"[^\s,\[\]{}:\"]*")
_FILLER: Final = re.compile(rb"[\s,:]*")
_BOMS: Final = (
    (codecs.BOM_UTF8, None), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip


class Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class Item:
    """An element and its place, such as `[3]` or `entries[3]`; `error` says why there is no value."""

    place: str
    value: Any = None
    error: str | None = None


class NotJson(Exception):
    """Raised for a document that begins with neither a list nor an object."""


class _EndOfFile(Exception):
    pass


class JsonItems:
    """Iterates over the elements of the documents in a stream. Raises `NotJson`."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._buffer = b""
        self._at = 0
        self._dropping = False
        self._decoder: codecs.IncrementalDecoder | None = None
        self._start()

    def __iter__(self) -> Iterator[Item]:
        number = 0
        while (opening := self._next_byte()) is not None:
            if opening not in b"[{":
                raise NotJson
            self._at += 1
            yield from self._elements("") if opening == b"[" else self._members(number)
            number += 1

    def _elements(self, name: str) -> Iterator[Item]:
        number = 0
        while (following := self._next_byte()) != b"]":
            place = f"{name}[{number}]"
            if following is None:
                yield Item(place, error="the file ends in the middle of the list")
                return
            if following == b"}":
                yield Item(place, error="a bracket is missing")
                return
            try:
                raw = self._raw()
            except _EndOfFile:
                self._at = len(self._buffer)
                yield Item(place, error="the file ends in the middle of it")
                return
            yield Item(place, error=f"larger than {MAX_ITEM_BYTES // 1024 // 1024} MB") if raw is None else _parse(place, raw)
            number += 1
        self._at += 1

    def _members(self, number: int) -> Iterator[Item]:
        """Yield the elements of streamed members or, if there are none, the object as a whole."""
        members: list[bytes] = []
        size = 0
        streamed, place = False, f"document {number + 1}" if number else ""
        while (following := self._next_byte()) != b"}":
            try:
                if following is None:
                    raise _EndOfFile
                key = self._raw()
                following = self._next_byte()
                if following == b"[" and (name := _name(key)) in STREAMED:
                    self._at += 1
                    streamed = True
                    yield from self._elements(name)
                    continue
                value = self._raw()
            except _EndOfFile:
                self._at = len(self._buffer)
                yield Item(place, error="the file ends in the middle of the object")
                return
            size += len(value or b"")
            if key is None or value is None or size > MAX_ITEM_BYTES or not key.startswith(b'"'):
                yield Item(place, error="an object that is too large, or no JSON")
                return
            members.append(key + b":" + value)
        self._at += 1
        if not streamed:
            yield _parse(place, b"{" + b",".join(members) + b"}")

    def _raw(self) -> bytes | None:
        """Read and return the next value as it is written; None if it is larger than `MAX_ITEM_BYTES`."""
        first = self._next_byte()
        if first is None:
            raise _EndOfFile
        self._buffer, self._at = self._buffer[self._at :] if self._at > CHUNK else self._buffer, 0 if self._at > CHUNK else self._at
        start, self._dropping = self._at, False
        if first in b"[{":
            self._skip_brackets()
        elif first == b'"':
            self._at += 1
            self._skip_string()
        else:
            self._skip_scalar()
        return None if self._dropping else self._buffer[start : self._at]

    def _skip_brackets(self) -> None:
        depth, start = 0, self._at
        while True:
            found = _NO_BRACKETS.match(self._buffer, self._at)
            assert found is not None, "it matches nothing at least"
            self._at = found.end()
            following = self._buffer[self._at : self._at + 1]
            if not following:
                start = self._more(start)
                continue
            if following not in b'"[]{}':
                continue
            self._at += 1
            if following == b'"':
                start = self._skip_string(start)
                continue
            depth += 1 if following in b"[{" else -1
            if depth == 0:
                return

    def _skip_string(self, start: int | None = None) -> int:
        """Move behind the closing quotation mark of the string whose beginning was read; return where the value starts now."""
        start = self._at - 1 if start is None else start
        while True:
            found = _STRING.match(self._buffer, self._at)
            assert found is not None, "it matches nothing at least"
            self._at = found.end()
            if self._buffer[self._at : self._at + 1] == b'"':
                self._at += 1
                return start
            if self._at >= len(self._buffer) - 1:  # the end, or a backslash whose character is not read yet
                start = self._more(start)

    def _skip_scalar(self) -> None:
        start = self._at
        while True:
            found = _SCALAR.match(self._buffer, self._at)
            assert found is not None, "it matches nothing at least"
            self._at = found.end()
            if self._at < len(self._buffer):
                self._at += 0 if self._at > start else 1  # a bracket that opens nothing is skipped
                return
            try:
                self._more(self._at)
            except _EndOfFile:
                return

    def _more(self, start: int) -> int:
        """Read on. When the value is too large already, what was read of it is dropped; return where the value starts now. Raises `_EndOfFile`."""
        if self._at - start > MAX_ITEM_BYTES:
            self._dropping = True
            self._buffer, self._at, start = self._buffer[self._at :], 0, 0
        more = self._read()
        if not more:
            raise _EndOfFile
        self._buffer += more
        return start

    def _next_byte(self) -> bytes | None:
        """Skip white space, commas and colons, and return the next byte without reading it; None at the end."""
        while True:
            found = _FILLER.match(self._buffer, self._at)
            assert found is not None, "it matches nothing at least"
            self._at = found.end()
            if self._at < len(self._buffer):
                return self._buffer[self._at : self._at + 1]
            self._buffer, self._at = self._read(), 0
            if not self._buffer:
                return None

    def _start(self) -> None:
        """Read the first bytes and their byte order mark: exports that were saved anew by an editor may have one."""
        head = self._stream.read(4)
        for mark, encoding in _BOMS:
            if head.startswith(mark):
                self._decoder = codecs.getincrementaldecoder(encoding)("replace") if encoding else None
                head = head if encoding else head[len(mark) :]
                break
        self._buffer = self._decoder.decode(head).encode() if self._decoder else head

    def _read(self) -> bytes:
        while True:
            chunk = self._stream.read(CHUNK)
            if self._decoder is None or not chunk:
                return chunk
            if text := self._decoder.decode(chunk).encode():
                return text


def _parse(place: str, raw: bytes) -> Item:
    try:
        return Item(place, json.loads(raw.decode("utf-8", "surrogatepass"), strict=False))
    except RecursionError:
        return Item(place, error="nested too deeply")
    except ValueError:
        return Item(place, error="no JSON")


def _name(key: bytes | None) -> str:
    return (key or b"")[1:-1].decode("utf-8", "replace")
