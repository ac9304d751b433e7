from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from dev.imports import chatgpt, files, memorybank
from dev.imports.day_assignment import IN_THE_FUTURE, NO_SUCH_DAY, Clock, assign_days
from dev.imports.records import Record, UnreadableFile, clean
from jobs.rules.day import day_of

NOW = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
BANK = {"Ada ": {"2026-02-01": [{"query": "I moved to Leeds.", "response": "How is it?"}, {"query": "", "response": "Still there?"}]}}


def said(name: str, parent: str | None, role: str = "user", text: object = "hello", at: float | None = 1_760_000_000.0, **message: Any) -> dict[str, Any]:
    parts = text if isinstance(text, list) else [text]
    content = message.pop("content", {"content_type": "text", "parts": parts})
    return {"id": name, "parent": parent, "children": [],
            "message": {"id": f"m-{name}", "author": {"role": role}, "create_time": at, "content": content, **message}}


def export(*nodes: dict[str, Any], **conversation: Any) -> list[dict[str, Any]]:
    mapping = {node["id"]: node for node in nodes}
    for node in nodes:
        if node["parent"] in mapping:
            mapping[node["parent"]]["children"].append(node["id"])
    return [{"conversation_id": "c1", "title": "A talk", "create_time": 1_759_999_999.0, "mapping": mapping, "current_node": nodes[-1]["id"], **conversation}]


def test_memorybank_read_keeps_order_days_and_speakers() -> None:
    reading = memorybank.read(BANK, "Ada ")
    assert [(record.by_person, record.content, record.day) for record in reading.records] == [
        (True, "I moved to Leeds.", date(2026, 2, 1)), (False, "How is it?", date(2026, 2, 1)), (False, "Still there?", date(2026, 2, 1)),
    ]
    assert reading.skipped == {"no query": 1}


def test_memorybank_read_repeated_texts_get_different_stable_keys() -> None:
    exchange = {"query": "Good night.", "response": "Sleep well."}
    document = {"Ada": {"2026-02-01": [exchange, exchange], "2026-02-02": [exchange]}}
    keys = [record.key for record in memorybank.read(document, "Ada").records]
    assert len(set(keys)) == 6
    assert keys == [record.key for record in memorybank.read(json.loads(json.dumps(document)), "Ada").records]


def test_memorybank_read_text_without_a_date_is_skipped_and_counted() -> None:
    reading = memorybank.read({"Ada": {"yesterday": [{"query": "a", "response": "b"}]}}, "Ada")
    assert not reading.records and reading.skipped == {"no date (YYYY-MM-DD)": 2}


def test_memorybank_read_unknown_person_is_refused_with_the_known_names() -> None:
    with pytest.raises(UnreadableFile, match="it has Ada"):
        memorybank.read(BANK, "Bob")


def test_chatgpt_read_follows_the_current_branch_only() -> None:
    document = export(said("a", None), said("b", "a", "assistant", "first try"), said("c", "a", "assistant", "second try"), said("d", "c", text="thanks"))
    reading = chatgpt.read(document)
    assert [record.content for record in reading.records] == ["hello", "second try", "thanks"]
    assert [record.by_person for record in reading.records] == [True, False, True]
    assert +reading.skipped == {"branch that is not the current one": 1}
    assert {record.title for record in reading.records} == {"A talk"}


@pytest.mark.parametrize(("node", "reason"), [
    (said("x", "a", "system"), "role system"),
    (said("x", "a", "tool"), "role tool"),
    (said("x", "a", "critic"), "unknown role"),
    (said("x", "a", metadata={"is_visually_hidden_from_conversation": True}), "hidden message"),
    (said("x", "a", weight=0), "hidden message"),
    (said("x", "a", "assistant", recipient="browser"), "call of a tool"),
    (said("x", "a", "assistant", content={"content_type": "code", "text": "print()"}), "content type code"),
    (said("x", "a", "assistant", content={"content_type": "thoughts", "thoughts": []}), "content type thoughts"),
    (said("x", "a", text="  "), "no text"),
])  # fmt: skip
def test_chatgpt_read_message_of_neither_user_nor_assistant_is_skipped_and_counted(node: dict[str, Any], reason: str) -> None:
    reading = chatgpt.read(export(said("a", None), node, said("z", "x", text="goodbye")))
    assert [record.content for record in reading.records] == ["hello", "goodbye"]
    assert +reading.skipped == {reason: 1}


def test_chatgpt_read_multimodal_message_keeps_its_text_and_transcript() -> None:
    parts = ["look at this", {"content_type": "image_asset_pointer"}]
    spoken = [{"content_type": "audio_transcription", "text": "said aloud"}]
    shown, heard = ({"content_type": "multimodal_text", "parts": found} for found in (parts, spoken))
    reading = chatgpt.read(export(said("a", None, content=shown), said("b", "a", content=heard)))
    assert [record.content for record in reading.records] == ["look at this", "said aloud"]
    assert +reading.skipped == {"attachments (images, audio, files)": 1}


def test_chatgpt_read_message_without_a_time_gets_the_previous_time() -> None:
    reading = chatgpt.read(export(said("a", None, at=None), said("b", "a", at=1_760_000_500.5), said("c", "b", at=None)))
    times = [record.sent_at.timestamp() for record in reading.records if record.sent_at]
    assert times == [1_759_999_999.0, 1_760_000_500.5, 1_760_000_500.5]


@pytest.mark.parametrize("broken", [0, -5, 1e30, "yesterday", True])
def test_chatgpt_read_message_without_a_usable_time_is_skipped_and_counted(broken: Any) -> None:
    reading = chatgpt.read(export(said("a", None, at=broken), create_time=None))
    assert not reading.records and +reading.skipped == {"no usable time": 1}


def test_chatgpt_read_temporary_chat_is_skipped_and_counted() -> None:
    reading = chatgpt.read(export(said("a", None), said("b", "a"), is_do_not_remember=True))
    assert not reading.records and +reading.skipped == {"temporary chat": 2}


def test_chatgpt_read_without_a_current_node_takes_the_newest_leaf_and_ends_in_a_cycle() -> None:
    old, new = said("b", "a", text="old", at=1_760_000_001.0), said("c", "a", text="new", at=1_760_000_002.0)
    assert [record.content for record in chatgpt.read(export(said("a", None), new, old, current_node=None)).records] == ["hello", "new"]
    assert len(chatgpt.read(export(said("a", "b"), said("b", "a"))).records) == 2


def test_clean_text_with_nul_or_surrogate_returns_storable_text() -> None:
    assert clean(" a\x00b\ud83d ") == "ab?"


@pytest.fixture
def write_file(tmp_path: Path) -> Iterator[Any]:
    def write(content: str | bytes, name: str = "file.json") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    yield write


@pytest.mark.parametrize("content", ["", "not JSON", "[]", "{}", "[1]", '{"a": 1}', '[{"messages": []}]', "[" * 100_000], ids=lambda text: repr(text[:20]))
def test_load_unknown_layout_is_refused_with_the_expected_ones(write_file: Any, content: str) -> None:
    with pytest.raises(UnreadableFile, match="expected a ChatGPT data export"):
        files.load(write_file(content))


def test_load_zip_with_a_divided_export_returns_all_parts_in_order(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("chat.html", "<html>")
        archive.writestr("conversations-001.json", json.dumps(export(said("b", None, text="later"))))
        archive.writestr("conversations-000.json", json.dumps(export(said("a", None, text="earlier"))))
    assert [record.content for record in chatgpt.read(files.load(path)).records] == ["earlier", "later"]


def test_load_zip_without_conversations_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("notes.txt", "")
    with pytest.raises(UnreadableFile, match=r"has no conversations\.json"):
        files.load(tmp_path / "other.zip")


def dated(day: date, number: int) -> Record:
    return Record(f"k{day}{number}", "c", True, "text", day=day)


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("day_ends_at", [0, 4, 23])
@pytest.mark.parametrize("day", [date(2023, 4, 27), date(2025, 3, 9), date(2025, 11, 2)], ids=str)
def test_assign_days_dates_without_times_are_spread_within_the_users_day(zone: str, day_ends_at: int, day: date) -> None:
    placed, left_out = assign_days([dated(day, number) for number in range(50)], Clock(zone, day_ends_at, NOW))
    assert not left_out
    times = [message.sent_at for message in placed]
    assert times == sorted(set(times)) and len(times) == 50
    assert {day_of(at, zone, day_ends_at) for at in times} == {message.day for message in placed} == {day}


def test_assign_days_instant_keeps_its_time_and_gets_the_users_day() -> None:
    late = datetime(2026, 1, 1, 18, 30, tzinfo=timezone.utc)
    placed, _ = assign_days([Record("k", "c", True, "text", sent_at=late)], Clock("Asia/Shanghai", 4, NOW))
    assert (placed[0].sent_at, placed[0].day, placed[0].time_zone) == (late, date(2026, 1, 1), "Asia/Shanghai")


def test_assign_days_future_or_skipped_day_is_left_out_and_counted() -> None:
    today = NOW.date()
    records = [dated(today, 1), dated(today + timedelta(days=1), 2), Record("late", "c", True, "text", sent_at=NOW + timedelta(seconds=1))]
    placed, left_out = assign_days(records, Clock("UTC", 0, NOW))
    assert [message.key for message in placed] == [records[0].key] and placed[0].sent_at <= NOW
    assert left_out == {IN_THE_FUTURE: 2}
    placed, left_out = assign_days([dated(date(2011, 12, 30), 1)], Clock("Pacific/Apia", 0, NOW))
    assert not placed and left_out == {NO_SUCH_DAY: 1}
