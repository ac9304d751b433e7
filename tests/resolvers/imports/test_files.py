"""Reading of files: kinds by content, zips, encodings, and files that are broken in one place."""
from __future__ import annotations

import io
import json
import random
import tracemalloc
import zipfile
from typing import Any

import pytest

from resolvers.imports import json_items
from resolvers.imports.files import FileReader
from resolvers.imports.json_items import STREAMED, Item, JsonItems, NotJson
from resolvers.imports.records import UnreadableFile
from tests.resolvers.imports.exports import (
    chatgpt_export,
    claude_export,
    day_one_entry,
    deepseek_export,
    gemini_export,
    grok_export,
    librechat_export,
    open_webui_export,
    qwen_export,
    said,
)


def items(content: bytes) -> list[Item]:
    return list(JsonItems(io.BytesIO(content)))


def texts(content: bytes, person: str | None = None) -> tuple[list[str], FileReader]:
    reader = FileReader(person)
    return [record.content for parsed in reader.read_file(io.BytesIO(content), "file.json") for record in parsed.records], reader


def archive(**members: Any) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content if isinstance(content, (str, bytes)) else json.dumps(content))
    return file.getvalue()


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("chunk", [1, 7, 4096])
def test_json_items_list_gives_the_elements_of_the_document(monkeypatch: pytest.MonkeyPatch, chunk: int, ascii_only: bool, indent: int | None) -> None:
    monkeypatch.setattr(json_items, "CHUNK", chunk)
    chance = random.Random(chunk)
    document = [_random_value(chance, 4) for _ in range(60)]
    assert [item.value for item in items(json.dumps(document, ensure_ascii=ascii_only, indent=indent).encode())] == document


def _random_value(chance: random.Random, depth: int) -> Any:
    kind = chance.randrange(8 if depth else 6)
    if kind == 6:
        return [_random_value(chance, depth - 1) for _ in range(chance.randrange(4))]
    if kind == 7:
        return {_random_text(chance): _random_value(chance, depth - 1) for _ in range(chance.randrange(4))}
    return [None, True, chance.randrange(-9, 10**12), chance.random(), _random_text(chance), ""][kind]


def _random_text(chance: random.Random) -> str:
    return "".join(chance.choice('ab{}[]",:\\\n\t 雨😀\u200b') for _ in range(chance.randrange(12)))


@pytest.mark.parametrize(("content", "places", "errors"), [
    (b'[{"a":1},{"b":},{"c":3}]', ["[0]", "[1]", "[2]"], [None, "no JSON", None]),
    (b'[{"a":1},{"b":2', ["[0]", "[1]"], [None, "the file ends in the middle of it"]),
    (b'[{"a":1},', ["[0]", "[1]"], [None, "the file ends in the middle of the list"]),
    (b'[{"a":"x\\', ["[0]"], ["the file ends in the middle of it"]),
    (b'[{"a":"\xff\xfe"},{"b":2}]', ["[0]", "[1]"], ["no JSON", None]),
    (b'[' + b'[' * 100_000 + b']' * 100_000 + b',{"b":2}]', ["[0]", "[1]"], ["nested too deeply", None]),
    (b'[{"a":' + b'9' * 5000 + b'},{"b":2}]', ["[0]", "[1]"], ["no JSON", None]),
    (b'{"metadata":{"version":"1.0"},"entries":[{"a":1},2]}', ["entries[0]", "entries[1]"], [None, None]),
    (b'{"a":1}\n{"b":[2]}\n', ["", "document 2"], [None, None]),
    (b'{"a":[1', [""], ["the file ends in the middle of the object"]),
    (b'{"a":1,]}', [""], ["an object that is too large, or no JSON"]),
    (b'\xef\xbb\xbf[{"a":1}]', ["[0]"], [None]),
    ('[{"a":"雨"}]'.encode("utf-16"), ["[0]"], [None]),
    (b"  [ ]  ", [], []),
], ids=lambda value: repr(value)[:30])  # fmt: skip
def test_json_items_broken_element_is_reported_with_its_place_and_the_others_are_read(content: bytes, places: list[str], errors: list[str | None]) -> None:
    found: list[Item] = []
    try:
        for item in JsonItems(io.BytesIO(content)):
            found.append(item)
    except NotJson:
        pass
    assert ([item.place for item in found], [item.error for item in found]) == (places, errors)


def test_json_items_element_that_is_too_large_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_items, "CHUNK", 100)
    monkeypatch.setattr(json_items, "MAX_ITEM_BYTES", 1000)
    large = json.dumps([{"a": 1}, {"b": ["x" * 90] * 50}, {"c": "y" * 5000}, {"d": 4}]).encode()
    assert [(item.value, item.error) for item in items(large)] == [({"a": 1}, None), (None, "larger than 0 MB"), (None, "larger than 0 MB"), ({"d": 4}, None)]


KINDS: dict[str, tuple[Any, list[str]]] = {
    "ChatGPT": ([chatgpt_export(said("a", None))], ["hello"]),
    "Claude": ([claude_export()], ["I move to Leeds in May.", "Leeds it is."]),
    "DeepSeek": ([deepseek_export()], ["我五月搬到杭州。", "杭州很美。"]),
    "Open WebUI": ([open_webui_export()], ["I like tea.", "Green or black?"]),
    "Qwen Chat": (qwen_export(), ["我在杭州上班。", "西湖近吗？"]),
    "Grok": (grok_export(), ["I fly kites on Sundays.", "On the beach?"]),
    "Gemini": (gemini_export()[1:], ["I drive to Leeds on Friday.\nHow long is it?", "Two & a half hours.\nBy train\nBy bus"]),
    "LibreChat": (librechat_export(recursive=True), ["My sister is Mei.", "How is Mei?"]),
    "Day One": ({"metadata": {"version": "1.0"}, "entries": [day_one_entry(text="Ran.")]}, ["Ran."]),
    "MemoryBank": ({"Ada": {"2026-02-01": [{"query": "Hi.", "response": "Hello."}]}}, ["Hi.", "Hello."]),
}


@pytest.mark.parametrize("kind", KINDS)
def test_read_file_recognises_each_kind_by_its_content(kind: str) -> None:
    document, contents = KINDS[kind]
    for content in (json.dumps(document).encode(), archive(**{"some/name.json": document, "user.json": {"id": "u"}, "photo.jpeg": b"\xff"})):
        found, reader = texts(content)
        assert found == contents and reader.report.kinds == {kind.replace("Qwen Chat", "Open WebUI"): 1} and reader.report.omitted == 0


def test_read_file_zip_with_a_divided_export_reads_all_parts_in_order() -> None:
    later, earlier = ([chatgpt_export(said(name, None, text=name))] for name in ("later", "earlier"))
    content = archive(**{
        "chat.html": "<html>", "conversations-001.json": later, "conversations-000.json": earlier, "user.json": {"id": "user-1", "email": "a@b"},
        "message_feedback.json": [{"id": "f", "rating": "thumbsUp"}], "shared_conversations.json": [], "__MACOSX/._conversations.json": b"\x00\x05",
    })
    found, reader = texts(content)
    assert found == ["earlier", "later"] and not reader.report.omissions


def test_read_file_zip_with_zips_in_it_reads_them_and_reports_a_damaged_one() -> None:
    inner = archive(**{"conversations-000.json": [chatgpt_export(said("a", None, text="twice packed"))], "deep.zip": archive(**{"a.json": [claude_export()]})})
    found, reader = texts(archive(**{
        "report.html": "<html>", "User Online Activity/Conversations__1-chatgpt-0001.zip": inner, "User Online Activity/Files__1.zip": b"PK damaged",
        "__MACOSX/._Conversations__1.zip": b"\x00",
    }))  # fmt: skip
    assert found == ["twice packed"] and reader.report.kinds == {"ChatGPT": 1}
    assert [omission.place for omission in reader.report.omissions] == ["User Online Activity/Files__1.zip"]


def test_read_file_memories_of_claude_are_named_as_a_memory_text() -> None:
    memories = [{"conversations_memory": "**Work**\n\nAda is a nurse.", "project_memories": {}, "account_uuid": "5f0c"}]
    found, reader = texts(archive(**{"conversations.json": [claude_export()], "memories.json": memories, "users.json": [{"uuid": "5f0c"}]}))
    [omission] = reader.report.omissions
    assert len(found) == 2 and omission.place == "memories.json[0]" and "importPart with kind MEMORY" in omission.reason
    with pytest.raises(UnreadableFile, match="import-memory, or importPart with kind MEMORY"):
        texts(json.dumps(memories).encode())


@pytest.mark.parametrize("content", [
    b"", b"not JSON", b"[]", b"{}", b"[1]", b'{"a": 1}', b'[{"messages": []}]', b"[" * 100_000, b"\x89PNG\r\n", b"<html>", b"null", b'"text"',
    archive(**{"notes.txt": "hello"}), archive(**{"other.json": [{"a": 1}]}), archive(**{"broken.json": "[{"}),
], ids=lambda content: repr(content[:4]))  # fmt: skip - a zip tells the time behind
def test_read_file_of_unknown_kind_is_refused_with_the_kinds_that_are_read(content: bytes) -> None:
    with pytest.raises(UnreadableFile, match="ChatGPT .*Claude .*DeepSeek .*Open WebUI .*LibreChat .*Day One .*MemoryBank"):
        texts(content)


def test_read_file_bad_conversations_are_left_out_with_place_and_reason_and_the_others_are_read() -> None:
    broken = chatgpt_export(said("a", None))
    broken["mapping"]["a"]["message"]["author"] = {"role": {}}
    document = [
        chatgpt_export(said("a", None, text="first")), None, 7, {"title": "deleted", "mapping": None},
        chatgpt_export(said("a", None), mapping={}, conversation_id=None),
        chatgpt_export(said("b", None, text="last")),
    ]
    content = json.dumps(document).encode().replace(b'"title": "deleted"', b'"title": deleted')
    found, reader = texts(content)
    assert found == ["first", "last"]
    assert [(omission.place, omission.reason) for omission in reader.report.omissions] == [
        ("file.json[1]", "no conversation or entry of a known kind"), ("file.json[2]", "no conversation or entry of a known kind"),
        ("file.json[3]", "no JSON"), ("file.json[4]", "no id"),
    ]
    assert texts(json.dumps([broken, document[0]]).encode())[0] == ["first"]


def test_read_file_values_of_unexpected_types_never_stop_the_file() -> None:
    """Every value of every kind is replaced in turn by values of other types: the conversation after it is read all the same."""
    for kind, (document, _) in KINDS.items():
        if kind in ("MemoryBank", "Qwen Chat"):  # Qwen Chat has the reader of Open WebUI
            continue
        listed = document if isinstance(document, list) else next((document[name] for name in STREAMED if name in document), [document])
        intact = chatgpt_export(said("z", None, text="intact"))
        for changed in _mutations(listed[0]):
            found, _ = texts(json.dumps([changed, intact]).encode())
            assert found[-1] == "intact", (kind, changed)


def _mutations(value: Any) -> list[Any]:
    """Return copies of the value, in each of which one part is of another type or missing."""
    changed: list[Any] = [None, 7, 1.5, "x", [], {}, [None], {"x": None}, True]
    if isinstance(value, dict):
        for key, part in value.items():
            changed += [{**value, key: other} for other in _mutations(part)]
            changed.append({name: kept for name, kept in value.items() if name != key})
    elif isinstance(value, list):
        for number, part in enumerate(value):
            changed += [[*value[:number], other, *value[number + 1 :]] for other in _mutations(part)]
    return changed


def test_read_file_damaged_zip_keeps_what_comes_before_the_damage() -> None:
    chance = random.Random(1)
    noise = [chatgpt_export(said(f"{number}", None, text=str(chance.getrandbits(4000)))) for number in range(400)]
    content = bytearray(archive(**{"conversations.json": noise}))
    content[len(content) // 2 : len(content) // 2 + 200] = b"\x00" * 200
    found, reader = texts(bytes(content))
    assert 0 < len(found) < 400 and reader.report.omitted >= 1


def test_read_file_encrypted_member_is_reported() -> None:
    content = bytearray(archive(**{"a.json": [chatgpt_export(said("a", None))], "b.json": [chatgpt_export(said("b", None, text="open"))]}))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + flags] |= 1
    found, reader = texts(bytes(content))
    assert found == ["open"] and [omission.place for omission in reader.report.omissions] == ["a.json"]


def test_read_json_large_file_takes_no_more_memory_than_its_conversations_one_by_one() -> None:
    class Endless:
        """A list of conversations that is made as it is read."""

        def __init__(self, number: int) -> None:
            listed = (json.dumps(chatgpt_export(said("a", None, text=f"{place} " + "長い話 " * 500), conversation_id=f"c{place}")) for place in range(number))
            self._pieces = iter([b"["])
            self._rest = (piece.encode() + b"," for piece in listed)
            self.sent = 0

        def read(self, size: int, /) -> bytes:
            piece = next(self._pieces, None) or next(self._rest, b"")
            self.sent += len(piece)
            return piece

    stream, found = Endless(600), 0
    tracemalloc.start()
    try:
        for parsed in FileReader().read_json(stream, "large.json"):
            found += len(parsed.records)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found == 600 and stream.sent > 5_000_000 and peak < 2_000_000
