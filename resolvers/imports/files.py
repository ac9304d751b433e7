"""Reading of a file of any kind: the kind is recognised by the content, a zip is opened, and what cannot be read is reported with its position."""
from __future__ import annotations

import io
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, BinaryIO, Final, NamedTuple

from resolvers.imports import chatgpt, claude, day_one, deepseek, gemini, grok, librechat, memorybank, open_webui
from resolvers.imports.json_items import Item, JsonItems, NotJson, Stream
from resolvers.imports.records import ParsedConversation, ReadReport, UnreadableConversation, UnreadableFile


class Kind(NamedTuple):
    name: str
    matches: Callable[[Any], bool]
    read: Callable[[dict[str, Any]], ParsedConversation]


KINDS: Final = (
    Kind("DeepSeek", deepseek.matches, deepseek.read), Kind("ChatGPT", chatgpt.matches, chatgpt.read), Kind("Claude", claude.matches, claude.read),
    Kind("Open WebUI", open_webui.matches, open_webui.read), Kind("LibreChat", librechat.matches, librechat.read),
    Kind("Grok", grok.matches, grok.read), Kind("Gemini", gemini.matches, gemini.read), Kind("Day One", day_one.matches, day_one.read),
)  # fmt: skip
MEMORY_BANK: Final = "MemoryBank"
EXPECTED: Final = (
    "the kinds that are read, from a JSON file or the product's .zip: ChatGPT (conversations.json), Claude (conversations.json), "
    "DeepSeek (conversations.json), Gemini (My Activity of Google Takeout, as JSON), Grok (prod-grok-backend.json), Open WebUI and Qwen Chat (chat export), "
    "LibreChat (export of a conversation as JSON), Day One (JSON), "
    'MemoryBank ({"person": {"2023-04-27": [{"query": "…", "response": "…"}]}}). What another assistant remembers of you is imported '
    "as a memory text (import-memory, or importPart with kind MEMORY)"
)
_MEMORY: Final = "what Claude remembers of you, and no conversation: import it as a memory text (import-memory, or importPart with kind MEMORY)"
_UNKNOWN: Final = "no conversation or entry of a known kind"
_FAULTS: Final = (AttributeError, IndexError, KeyError, OverflowError, RecursionError, TypeError, ValueError)
"""The exceptions of a reader for values of a type that no product is known to write."""
_DAMAGE: Final = (RuntimeError, zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError)
"""The exceptions for a file of a zip that is encrypted, damaged or packed in an unknown way."""


@dataclass
class FileReader:
    """Reads the conversations of a file one at a time, and counts in `report` what is left out. `person` names a user of MemoryBank's file."""

    person: str | None = None
    report: ReadReport = field(default_factory=ReadReport)

    def read_file(self, file: BinaryIO, name: str) -> Iterator[ParsedConversation]:
        """Yield the conversations of a JSON file or a zip. Raises `UnreadableFile` if it has none of a known kind, when the end is reached."""
        is_archive = zipfile.is_zipfile(file)
        file.seek(0)
        yield from self._read_zip(file, name) if is_archive else self.read_json(file, name)
        if not self.report.kinds:
            raise UnreadableFile(f"{name} is of no known kind; {EXPECTED}")

    def read_text(self, text: str, name: str) -> Iterator[ParsedConversation]:
        """Yield the conversations of a JSON text, as `read_file` does."""
        return self.read_file(io.BytesIO(text.encode("utf-8", "surrogatepass")), name)

    def read_json(self, stream: Stream, name: str, *, quiet: bool = False) -> Iterator[ParsedConversation]:
        """Yield the conversations of one JSON document. If it has none, nothing is reported: it may be another file of the archive.

        Raises `UnreadableFile` if it is not JSON, unless `quiet`.
        """
        own = ReadReport()
        try:
            for item in JsonItems(stream):
                yield from self._conversations(item, f"{name}{item.place if item.place.startswith('[') else item.place and ' ' + item.place}", own)
        except NotJson as error:
            if not quiet and not own.kinds:
                raise UnreadableFile(f"{name} is not JSON; {EXPECTED}") from error
        except (OSError, EOFError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
            own.omit(name, f"the rest of the file cannot be read: {error}")
        except zlib.error as error:
            own.omit(name, f"the rest of the file is damaged: {error}")
        if own.kinds or not quiet:
            self.report.add(own)

    def _read_zip(self, file: BinaryIO, name: str, *, is_nested: bool = False) -> Iterator[ParsedConversation]:
        """Yield the conversations of all JSON files of an archive; a large export is split into conversations-000.json and so on."""
        try:
            archive = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
            if not is_nested:
                raise UnreadableFile(f"{name} is a damaged zip: {error}; {EXPECTED}") from error
            self.report.omit(name, f"a damaged zip: {error}")
            return
        with archive:
            for member in sorted(archive.namelist()):
                path = PurePosixPath(member)
                if path.name.startswith("._") or "__MACOSX" in path.parts:
                    continue
                if path.suffix.lower() == ".json":
                    yield from self._read_member(archive, member)
                elif path.suffix.lower() == ".zip" and not is_nested:
                    yield from self._read_nested(archive, member)

    def _read_nested(self, archive: zipfile.ZipFile, member: str) -> Iterator[ParsedConversation]:
        """Yield the conversations of a zip within the zip, as in OpenAI's "User Online Activity/Conversations__….zip"."""
        with tempfile.TemporaryFile() as unpacked:
            try:
                with archive.open(member) as stream:
                    shutil.copyfileobj(stream, unpacked)
            except _DAMAGE as error:
                self.report.omit(member, f"the file cannot be read: {error}")
                return
            yield from self._read_zip(unpacked, member, is_nested=True)

    def _read_member(self, archive: zipfile.ZipFile, member: str) -> Iterator[ParsedConversation]:
        try:
            stream = archive.open(member)
        except _DAMAGE as error:
            self.report.omit(member, f"the file cannot be read: {error}")
            return
        with stream:
            yield from self.read_json(stream, member, quiet=True)

    def _conversations(self, item: Item, place: str, report: ReadReport) -> Iterator[ParsedConversation]:
        kind = next((kind for kind in KINDS if kind.matches(item.value)), None)
        if kind is None and memorybank.matches(item.value):
            report.kinds[MEMORY_BANK] += 1
            person = memorybank.choose_person(item.value, self.person)
            for parsed in memorybank.read(item.value, person):
                report.skipped += parsed.skipped
                yield parsed
        elif kind is None and isinstance(item.value, dict) and "conversations_memory" in item.value:
            self.report.omit(place, _MEMORY)  # the file has no conversation, so its own report may be dropped
        elif kind is None:
            report.omit(place, item.error or _UNKNOWN)
        else:
            report.kinds[kind.name] += 1
            if (conversation := _read(kind, item, place, report)) is not None:
                yield conversation


def _read(kind: Kind, item: Item, place: str, report: ReadReport) -> ParsedConversation | None:
    try:
        parsed = kind.read(item.value)
    except UnreadableConversation as error:
        report.omit(place, error.reason)
        return None
    except _FAULTS as error:
        report.omit(place, f"of a form that {kind.name} is not known to write ({type(error).__name__})")
        return None
    report.skipped += parsed.skipped
    return parsed
