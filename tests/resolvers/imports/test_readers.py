"""The readers of each kind: current branch, roles, texts, times, and what is counted as skipped."""
from __future__ import annotations

import json
from datetime import date, datetime, timezone
from typing import Any

import pytest

from resolvers.imports import chatgpt, claude, day_one, deepseek, gemini, grok, librechat, memorybank, open_webui, records
from resolvers.imports.bounds import CUT, clean
from resolvers.imports.memory_text import read_memory_text
from resolvers.imports.records import UnreadableConversation, UnreadableFile
from resolvers.imports.skip_reasons import SkipReason, reason_of
from resolvers.imports.timestamps import read_time
from tests.resolvers.imports.exports import (
    chatgpt_export,
    claude_export,
    day_one_entry,
    deepseek_export,
    gemini_export,
    grok_export,
    librechat_export,
    open_webui_export,
    said,
)

BANK = {"Ada ": {"2026-02-01": [{"query": "I moved to Leeds.", "response": "How is it?"}, {"query": "", "response": "Still there?"}]}}


def test_memorybank_read_keeps_order_days_and_speakers() -> None:
    [parsed] = memorybank.read(BANK, "Ada ")
    assert [(record.by_person, record.content, record.day) for record in parsed.records] == [
        (True, "I moved to Leeds.", date(2026, 2, 1)), (False, "How is it?", date(2026, 2, 1)), (False, "Still there?", date(2026, 2, 1)),
    ]
    assert parsed.skipped == {"no query": 1}


def test_memorybank_read_repeated_texts_get_different_stable_keys() -> None:
    exchange = {"query": "Good night.", "response": "Sleep well."}
    document = {"Ada": {"2026-02-01": [exchange, exchange], "2026-02-02": [exchange]}}
    keys = [record.key for parsed in memorybank.read(document, "Ada") for record in parsed.records]
    assert len(set(keys)) == 6
    assert keys == [record.key for parsed in memorybank.read(document, "Ada") for record in parsed.records]


def test_memorybank_read_text_without_a_date_is_skipped_and_counted() -> None:
    [parsed] = memorybank.read({"Ada": {"yesterday": [{"query": "a", "response": "b"}]}}, "Ada")
    assert not parsed.records and parsed.skipped == {"no date (YYYY-MM-DD)": 2}


@pytest.mark.parametrize(("person", "message"), [("Bob", "it has Ada, Cy"), (None, "choose one with --person: Ada, Cy")])
def test_memorybank_choose_person_unknown_or_missing_is_refused_with_the_known_names(person: str | None, message: str) -> None:
    with pytest.raises(UnreadableFile, match=message):
        memorybank.choose_person({**BANK, "Cy": {}}, person)


def test_chatgpt_read_follows_the_current_branch_only() -> None:
    parsed = chatgpt.read(chatgpt_export(
        said("a", None), said("b", "a", "assistant", "first try"), said("c", "a", "assistant", "second try", metadata={"model_slug": "gpt-5"}),
        said("d", "c", text="thanks 🙏"), is_archived=True))
    assert [record.content for record in parsed.records] == ["hello", "second try", "thanks 🙏"]
    assert [record.by_person for record in parsed.records] == [True, False, True]
    assert [record.model for record in parsed.records] == [None, "gpt-5", None]
    assert parsed.skipped == {"branch that is not the current one": 1}
    assert {(record.title, record.archived) for record in parsed.records} == {("A talk", True)}


@pytest.mark.parametrize(("node", "reason"), [
    (said("x", "a", "system"), "role system"),
    (said("x", "a", "tool"), "role tool"),
    (said("x", "a", "critic"), "unknown role"),
    (said("x", "a", metadata={"is_visually_hidden_from_conversation": True}), "hidden message"),
    (said("x", "a", weight=0), "hidden message"),
    (said("x", "a", "assistant", recipient="browser"), "call of a tool"),
    (said("x", "a", "assistant", content={"content_type": "code", "text": "print()"}), "content type code"),
    (said("x", "a", "assistant", content={"content_type": "thoughts", "thoughts": []}), "content type thoughts"),
    (said("x", "a", content={"content_type": "user_editable_context", "user_profile": "…"}), "content type user_editable_context"),
    (said("x", "a", text="  "), "no text"),
    (said("x", "a", text="\u200b\u3164"), "no text"),
    (said("x", "a", content={"content_type": "text", "parts": None}), "no text"),
])  # fmt: skip
def test_chatgpt_read_message_of_neither_user_nor_assistant_is_skipped_and_counted(node: dict[str, Any], reason: str) -> None:
    parsed = chatgpt.read(chatgpt_export(said("a", None), node, said("z", "x", text="goodbye")))
    assert [record.content for record in parsed.records] == ["hello", "goodbye"]
    assert parsed.skipped == {reason: 1}


@pytest.mark.parametrize("name", ["1", "msg-1", "client-created-root"])
def test_read_message_ids_that_are_counted_in_each_conversation_give_different_keys(name: str) -> None:
    chats = [chatgpt.read(chatgpt_export(said(name, None), conversation_id=chat)) for chat in ("c1", "c2")]
    said_to_claude = [{"uuid": name, "sender": "human", "text": "hello"}]
    chats += [claude.read(claude_export(uuid=chat, chat_messages=said_to_claude)) for chat in ("c1", "c2")]
    assert len({record.key for parsed in chats for record in parsed.records}) == 4


def test_chatgpt_read_message_of_a_branched_chat_keeps_its_key() -> None:
    node = said("a", None)
    node["message"]["id"] = "aaa2f2ed-4d9c-4a2b-8f4e-1c2d3e4f5a6b"
    chats = [chatgpt.read(chatgpt_export(node, conversation_id=chat)) for chat in ("c1", "c2")]
    assert {record.key for parsed in chats for record in parsed.records} == {"chatgpt:aaa2f2ed-4d9c-4a2b-8f4e-1c2d3e4f5a6b"}


def test_chatgpt_read_text_without_a_content_type_is_text() -> None:
    parsed = chatgpt.read(chatgpt_export(said("a", None, content={"parts": ["hello"]})))
    assert [record.content for record in parsed.records] == ["hello"] and not parsed.skipped


def test_chatgpt_read_deleted_and_empty_nodes_leave_the_path_whole() -> None:
    item = chatgpt_export(said("a", None), {"id": "b", "parent": "a", "children": [], "message": None}, said("c", "b", "assistant", "yes"))
    item["mapping"]["gone"] = None
    assert [record.content for record in chatgpt.read(item).records] == ["hello", "yes"]


def test_chatgpt_read_multimodal_message_keeps_its_text_and_transcript_and_loses_citations() -> None:
    parts = ["look at this \ue200cite\ue202turn0search0\ue201", {"content_type": "image_asset_pointer"}]
    spoken = [{"content_type": "audio_transcription", "text": "said aloud"}]
    shown, heard = ({"content_type": "multimodal_text", "parts": found} for found in (parts, spoken))
    parsed = chatgpt.read(chatgpt_export(said("a", None, content=shown), said("b", "a", content=heard)))
    assert [record.content for record in parsed.records] == ["look at this", "said aloud"]
    assert parsed.skipped == {"attachments (images, audio, files)": 1}


def test_chatgpt_read_answer_keeps_the_names_that_are_linked_in_it() -> None:
    marks = {
        'entity\ue202["people","Mei \\"Lin\\" 林",0]': 'Mei "Lin" 林', "url\ue202the timetable\ue202https://rail.example/leeds": "the timetable",
        "cite\ue202turn0search1\ue202turn0search2": "", "navlist\ue202More\ue202turn0news1": "", "entity\ue202[broken": "", "entity\ue202[1]": "", "entity": "",
    }  # fmt: skip
    texts = [f"Ask \ue200{mark}\ue201." for mark in marks]
    parsed = chatgpt.read(chatgpt_export(said("a", None), said("b", "a", "assistant", [*texts, "See【12†source】【4:0†plan.pdf】【注】."])))
    assert parsed.records[1].content == "\n\n".join([*(f"Ask {shown}." for shown in marks.values()), "See【注】."])


def test_chatgpt_read_messages_of_an_unknown_form_are_counted() -> None:
    unknown = [{"id": name, "parent": "a", "children": [], "message": message} for name, message in (("x", {"text": "hi"}), ("y", "hi"))]
    parsed = chatgpt.read(chatgpt_export(*unknown, said("a", None)))
    assert [record.content for record in parsed.records] == ["hello"] and parsed.skipped == {"message of an unknown form": 2}


def test_chatgpt_read_message_without_a_time_gets_the_previous_time() -> None:
    parsed = chatgpt.read(chatgpt_export(said("a", None, at=None), said("b", "a", at=1_760_000_500.5), said("c", "b", at=None)))
    times = [record.sent_at.timestamp() for record in parsed.records if record.sent_at]
    assert times == [1_759_999_999.0, 1_760_000_500.5, 1_760_000_500.5]


@pytest.mark.parametrize("broken", [0, -5, 1e30, float("nan"), "yesterday", True, [], {}])
def test_chatgpt_read_message_without_a_usable_time_is_skipped_and_counted(broken: Any) -> None:
    parsed = chatgpt.read(chatgpt_export(said("a", None, at=broken), create_time=None))
    assert not parsed.records and parsed.skipped == {"no usable time": 1}


def test_chatgpt_read_temporary_chat_is_skipped_and_counted() -> None:
    parsed = chatgpt.read(chatgpt_export(said("a", None), said("b", "a"), is_do_not_remember=True))
    assert not parsed.records and parsed.skipped == {"temporary chat": 2}


@pytest.mark.parametrize("current", [None, "lost", 7, ["c"]])
def test_chatgpt_read_without_a_current_node_takes_the_newest_leaf(current: Any) -> None:
    old, new = said("b", "a", text="old", at=1_760_000_001.0), said("c", "a", text="new", at=1_760_000_002.0)
    item = chatgpt_export(said("a", None), new, old)
    item["current_node"] = current if not isinstance(current, list) else None
    assert [record.content for record in chatgpt.read(item).records] == ["hello", "new"]


def test_chatgpt_read_cycle_ends() -> None:
    assert len(chatgpt.read(chatgpt_export(said("a", "b"), said("b", "a"))).records) == 2


def test_claude_read_follows_the_edited_question_and_leaves_tools_out() -> None:
    parsed = claude.read(claude_export())
    assert [(record.by_person, record.content) for record in parsed.records] == [(True, "I move to Leeds in May."), (False, "Leeds it is.")]
    assert parsed.records[0].sent_at == datetime(2026, 3, 6, 14, 58, 0, 100_000, timezone.utc)
    assert {record.title for record in parsed.records} == {"Moving to Leeds 🏡"}
    assert parsed.skipped == {"branch that is not the current one": 2, "attachments (images, audio, files)": 1, "part of type thinking": 1,
                              "part of type tool_use": 1, "part of type tool_result": 1, "no text": 1}


@pytest.mark.parametrize("name", ["text", "transcript"])
def test_claude_read_spoken_message_is_its_transcript(name: str) -> None:
    item = claude_export()
    item["chat_messages"][2]["content"] = [{"type": "voice_note", name: "I move to Leeds, said aloud."}]
    assert [record.content for record in claude.read(item).records] == ["I move to Leeds, said aloud.", "Leeds it is."]


def test_claude_read_older_export_without_content_and_parents_takes_all_texts() -> None:
    item = claude_export(model="claude-sonnet-4-6")
    for message in item["chat_messages"]:
        message.pop("content")
        message.pop("parent_message_uuid")
        message["text"] = message["text"] or "Yes, in May."
    for one, other in ((0, 3), (1, 3)):  # in any order, an answer with the time of its question
        item["chat_messages"][one], item["chat_messages"][other] = item["chat_messages"][other], item["chat_messages"][one]
    item["chat_messages"][3]["created_at"] = "2026-03-06T14:57:17.419271Z"
    parsed = claude.read(item)
    assert [record.content for record in parsed.records] == ["I move to Leed.", "Where is that?", "Yes, in May.", "Leeds it is."]
    assert [record.model for record in parsed.records] == [None, "claude-sonnet-4-6", None, "claude-sonnet-4-6"]


def test_deepseek_read_follows_the_newest_answer_without_thoughts() -> None:
    parsed = deepseek.read(deepseek_export())
    assert [(record.by_person, record.content, record.model) for record in parsed.records] == [
        (True, "我五月搬到杭州。", None), (False, "杭州很美。", "deepseek-reasoner")]
    assert parsed.records[0].sent_at == datetime(2026, 3, 29, 20, 49, 37, 18_000, timezone.utc)
    assert parsed.skipped == {"branch that is not the current one": 1, "fragment of type SEARCH": 1}


def test_deepseek_read_older_export_without_fragments_takes_turns() -> None:
    item = deepseek_export()
    for node in item["mapping"].values():
        if node["message"]:
            node["message"]["content"] = node["message"].pop("fragments")[-1]["content"]
    assert [(record.by_person, record.content) for record in deepseek.read(item).records] == [(True, "我五月搬到杭州。"), (False, "杭州很美。")]


def test_deepseek_matches_conversations_with_fragments_also_without_its_time() -> None:
    item = deepseek_export()
    del item["inserted_at"]
    assert deepseek.matches(item) and len(deepseek.read(item).records) == 2
    assert not deepseek.matches(chatgpt_export(said("a", None)))


def test_open_webui_read_follows_the_current_answer_without_reasoning_and_stays_archived() -> None:
    parsed = open_webui.read(open_webui_export())
    assert [(record.content, record.model, record.archived) for record in parsed.records] == [
        ("I like tea.", None, True), ("Green or black?", "llama3:8b", True)]
    assert [record.sent_at and record.sent_at.timestamp() for record in parsed.records] == [1_760_000_000, 1_760_000_005]
    assert parsed.skipped == {"branch that is not the current one": 1, "attachments (images, audio, files)": 1}


def test_open_webui_read_older_export_with_a_list_takes_all_messages() -> None:
    listed = [
        {"id": "x", "role": "user", "content": "hello", "timestamp": 1_760_000_000}, {"role": "assistant", "content": "hi"},
        {"role": "system", "content": "be kind"},
    ]
    parsed = open_webui.read(open_webui_export(history={}, messages=listed))
    assert [record.content for record in parsed.records] == ["hello", "hi"] and parsed.skipped == {"role system": 1}


def test_gemini_read_takes_prompts_and_counts_other_activity() -> None:
    used, prompted = gemini_export()
    parsed = gemini.read(prompted)
    assert [(record.by_person, record.content.split("\n")[0]) for record in parsed.records] == [
        (True, "I drive to Leeds on Friday."), (False, "Two & a half hours.")]
    assert {record.sent_at for record in parsed.records} == {datetime(2026, 4, 20, 18, 24, 31, 187_000, timezone.utc)}
    assert parsed.skipped == {"attachments (images, audio, files)": 1}
    assert not gemini.read(used).records and gemini.read(used).skipped == {"activity other than a prompt": 1}
    german = {**prompted, "title": "Eingegebener Prompt: Ich fahre nach Leeds."}
    assert gemini.read(german).records[0].content == "Ich fahre nach Leeds."
    with pytest.raises(UnreadableConversation, match="language of the Google account"):
        gemini.read({**prompted, "title": "提问：去利兹要多久？"})


def test_grok_read_follows_the_newest_answer_and_leaves_elements_of_the_page_out() -> None:
    [item] = grok_export()["conversations"]
    parsed = grok.read(item)
    assert [(record.by_person, record.content, record.model) for record in parsed.records] == [
        (True, "I fly kites on Sundays.", None), (False, "On the beach?", "grok-4")]
    assert {record.title for record in parsed.records} == {"Kites"}
    assert parsed.records[1].sent_at == datetime(2026, 1, 1, 10, 0, 20, 500_000, timezone.utc)
    assert parsed.skipped == {"branch that is not the current one": 1, "attachments (images, audio, files)": 1}
    for response in item["responses"]:
        response["response"]["response_id"] = response["response"].pop("_id")
    item["conversation"]["conversation_id"] = item["conversation"].pop("id")
    assert grok.read(item) == parsed
    [temporary] = grok_export(temporary=True)["conversations"]
    assert not grok.read(temporary).records and grok.read(temporary).skipped == {"temporary chat": 3}


@pytest.mark.parametrize("recursive", [False, True])
def test_librechat_read_list_and_tree_follow_the_newest_answer(recursive: bool) -> None:
    parsed = librechat.read(librechat_export(recursive=recursive))
    assert [(record.by_person, record.content, record.model) for record in parsed.records] == [
        (True, "My sister is Mei.", None), (False, "How is Mei?", "gpt-4o")]
    assert parsed.skipped == {"branch that is not the current one": 1, "part of type think": 1}


def test_day_one_read_entry_lies_in_the_day_of_its_own_zone_and_is_marked_as_written() -> None:
    parsed = day_one.read(day_one_entry())
    [record] = parsed.records
    assert (record.day, record.written, record.by_person, record.time_zone) == (date(2026, 1, 14), True, True, "America/New_York")
    assert record.content == "# First run\n\nRan 5 km along the river. \n\n雨停了。"
    assert (record.title, record.tags) == ("First run", ("run", "river"))
    assert parsed.skipped == {"attachments (images, audio, files)": 1}


@pytest.mark.parametrize(("entry", "content", "skipped"), [
    ({"text": None, "richText": '{"contents":[{"text":"Slept "},{"text":"well."},{"embeddedObjects":[]}]}', "photos": None}, "Slept well.", {}),
    ({"text": "", "richText": "{broken", "photos": None}, None, {"no text": 1}),
    ({"creationDate": "soon", "photos": None}, None, {"no usable time": 1}),
    ({"timeZone": "Mars/Olympus", "text": "a", "tags": None, "photos": None}, "a", {}),
    ({"text": r"tea\/cake at 5\:30\, \$4 C\:\\d", "photos": None}, r"tea/cake at 5:30, $4 C:\d", {}),
    ({"text": "half \ud83d\x00", "photos": None}, "half", {}),
])  # fmt: skip
def test_day_one_read_unusual_entries_are_read_or_counted(entry: dict[str, Any], content: str | None, skipped: dict[str, int]) -> None:
    parsed = day_one.read(day_one_entry(**entry))
    assert [record.content for record in parsed.records] == ([] if content is None else [content]) and parsed.skipped == skipped


@pytest.mark.parametrize(("read", "item"), [
    (chatgpt.read, chatgpt_export({"parent": None, "id": "", "children": [], "message": said("a", None)["message"]}, conversation_id=None)),
    (claude.read, claude_export(uuid=None)), (deepseek.read, deepseek_export(id="")), (day_one.read, day_one_entry(uuid=None)),
    (open_webui.read, {**open_webui_export(), "id": None}), (librechat.read, librechat_export(conversationId=None)),
])  # fmt: skip
def test_read_conversation_without_an_id_is_refused(read: Any, item: dict[str, Any]) -> None:
    with pytest.raises(UnreadableConversation, match="no id"):
        read(item)


def test_read_texts_are_cut_to_the_bounds_of_the_schema() -> None:
    long = "ä" * 20_001
    parsed = chatgpt.read(chatgpt_export(
        said("a", None, text=long), said("b" * 300, "a", "assistant", "short", metadata={"model_slug": "m\n" * 200}), title="Line\none\u202e " + "长" * 300))
    question, answer = parsed.records
    assert len(question.content) == 20_000 and parsed.skipped == {CUT: 1}
    assert question.title is not None and question.title.startswith("Line one 长") and len(question.title) == 200
    assert answer.model is not None and len(answer.model) == 100 and "\n" not in answer.model
    assert len(answer.key) <= 200


@pytest.mark.parametrize("title", [None, "", " \n ", "\u200b", 7, ["a"]])
def test_read_conversation_with_an_empty_title_has_none(title: Any) -> None:
    assert chatgpt.read(chatgpt_export(said("a", None), title=title)).records[0].title is None


@pytest.mark.parametrize(("value", "instant"), [
    (1_760_000_000, "2025-10-09T08:53:20+00:00"), (1_760_000_000_500, "2025-10-09T08:53:20.500000+00:00"),
    ("1760000000.5", "2025-10-09T08:53:20.500000+00:00"), (1_760_000_000_500_000, "2025-10-09T08:53:20.500000+00:00"),
    ("2026-03-30T04:49:37.018000+08:00", "2026-03-29T20:49:37.018000+00:00"), ("2026-03-06T14:57:17.123456789Z", "2026-03-06T14:57:17.123456+00:00"),
    ("2026-03-06 14:57", "2026-03-06T14:57:00+00:00"), ("2026-03-06T14:57:17-0330", "2026-03-06T18:27:17+00:00"),
])  # fmt: skip
def test_read_time_takes_every_form(value: Any, instant: str) -> None:
    found = read_time(value)
    assert found is not None and found.isoformat() == instant


@pytest.mark.parametrize("value", [
    None, True, "", "today", "2026-13-01T00:00:00Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00", -1, float("inf"), 10**400,
])  # fmt: skip
def test_read_time_without_a_time_is_none(value: Any) -> None:
    assert read_time(value) is None


def test_clean_text_with_nul_or_surrogate_returns_storable_text() -> None:
    assert clean(" a\x00b\ud83d ") == "ab"
    assert clean("\ud83d\ude00") == "😀"


def test_read_memory_text_of_json_takes_the_texts_without_ids_times_and_paths() -> None:
    found = read_memory_text(json.dumps([{
        "conversations_memory": "**Work**\n\nAda is a nurse in Leeds.\n\n她喜欢茶", "project_memories": {"0190a1b2-aaaa-7bbb-8ccc-0123456789ab": "Moves soon."},
        "account_uuid": "0190a1b2-cccc-7bbb-8ccc-0123456789ab", "created_at": "2026-05-01T10:00:00.5Z", "updated_at": "2026-05-01",
        "files": [{"path": "/memories/food.md", "url": "https://claude.ai/chat/1?x=2", "content": "- tea\n- coffee/cocoa"}],
    }]))
    assert [line.text for line in found.lines] == ["Ada is a nurse in Leeds.", "她喜欢茶", "Moves soon.", "tea", "coffee/cocoa"]


def test_reason_of_every_reason_of_the_readers_but_an_unknown_form_has_a_code_of_its_own() -> None:
    reasons = {value for name, value in vars(records).items() if name.isupper() and isinstance(value, str)}
    assert {reason for reason in reasons if reason_of(reason) is SkipReason.OTHER} == {records.UNKNOWN_FORM}
    assert reason_of(records.OTHER_ACTIVITY) is SkipReason.NOT_DIALOGUE and reason_of("a reason of another release") is SkipReason.OTHER
