"""Suggested replies: what is cut off an answer however it arrives, and what of it can be shown."""
from __future__ import annotations

import random

import pytest

from llm.errors import ModelEmpty
from llm.messages import Completion
from llm.reply_block import MAX_BLOCK_LENGTH, ReplyBlock
from llm.suggested_replies import clean_replies, cut_off
from llm.usage import Usage

BLOCK = '<suggested_replies>["What else?", "Tell me more.", "And you?"]</suggested_replies>'
REPLIES = ["What else?", "Tell me more.", "And you?"]
ANSWERS = {
    "block at the end": (f"It went well.\n\n{BLOCK}", "It went well.", REPLIES),
    "block on the same line": (f"It went well. {BLOCK}", "It went well.", REPLIES),
    "fenced block": (f"It went well.\n```json\n{BLOCK}\n```\n", "It went well.", REPLIES),
    "fence within the markers": ('Yes.\n<suggested_replies>\n```json\n["So?"]\n```\n</suggested_replies>', "Yes.", ["So?"]),
    "other spelling of the markers": ('Yes.\n<Suggested Replies>["So?"]</ suggested-replies >', "Yes.", ["So?"]),
    "lines with bullets": ("Yes.\n<suggested_replies>\n- So?\n2. And then?\n</suggested_replies>", "Yes.", ["So?", "And then?"]),
    "closing marker missing": ('Yes.\n<suggested_replies>["So?"]', "Yes.", ["So?"]),
    "cut off in the list": ('Yes.\n<suggested_replies>["So?", "And', "Yes.", []),
    "cut off in the marker": ("Yes.\n<suggested_re", "Yes.", []),
    "broken list": ("Yes.\n<suggested_replies>[So?, And]</suggested_replies>", "Yes.", []),
    "nested list": (f"Yes.\n<suggested_replies>{'[' * 1_900}</suggested_replies>", "Yes.", []),
    "block before the end": (f"One.\n{BLOCK}\n\nTwo.", "One.\n\nTwo.", REPLIES),
    "no block": ("1 < 2, a <b>bold</b> claim, `code`, ```\nx < y\n``` and <sug", "1 < 2, a <b>bold</b> claim, `code`, ```\nx < y\n``` and <sug", []),
    "marker in backticks": ("The marker `<suggested_replies>` is cut off.", "The marker `<suggested_replies>` is cut off.", []),
    "text about the marker": ("A <suggested_replies> marker is cut off.", "A <suggested_replies> marker is cut off.", []),
    "Chinese": ('好的。\n<suggested_replies>["后来呢？"]</suggested_replies>', "好的。", ["后来呢？"]),
}  # fmt: skip


@pytest.mark.parametrize("name", ANSWERS)
def test_reply_block_in_chunks_of_any_size_is_cut_off_and_never_shown(name: str) -> None:
    text, answer, replies = ANSWERS[name]
    chance = random.Random(name)
    for sizes in ((1,), (2,), (7,), (len(text),), (1, 2, 3, 5, 8, 13)):
        block, shown, start = ReplyBlock(), "", 0
        while start < len(text):
            size = chance.choice(sizes)
            pieces = block.feed(text[start : start + size])
            start, shown = start + size, shown + "".join(pieces)
            assert all(pieces) and answer.startswith(shown), "what was shown cannot be withdrawn"
        shown += "".join(block.end())
        assert (shown, block.text, block.replies) == (answer, answer, replies), sizes


def test_reply_block_too_long_for_a_block_is_shown_as_text() -> None:
    text = f"One.\n<suggested_replies>{'word ' * MAX_BLOCK_LENGTH}end"
    block = ReplyBlock()
    assert "".join([*block.feed(text), *block.end()]) == text == block.text and block.replies == []


@pytest.mark.parametrize(("found", "kept"), [
    (["So?", "so", "  SO!  ", "And then?", "Why?", "Where?"], ["So?", "And then?", "Why?"]),
    (["", "  ", "\u200b", "…", "x" * 121, "two\nlines", "a\x07bell", "turn\u202eed"], []),
    (["**Bold**", "- item", "# Title", "`code`", "[a](b)", "see https://example.org", "<b>", "1. First", "a | b", "__x__", "====="], []),
    (["后来呢？", "So what?"], ["So what?"]),
    (["I like 北京, and you?", "2025?"], ["I like 北京, and you?", "2025?"]),
])  # fmt: skip
def test_clean_replies_keeps_plain_lines_in_the_script_of_the_answer(found: list[str], kept: list[str]) -> None:
    assert clean_replies(found, "It was a fine day in the hills, you said.") == tuple(kept)


def test_clean_replies_of_a_chinese_answer_are_chinese() -> None:
    assert clean_replies(["So what?", "后来呢？", "再说说 Python 吧"], "你说今天去了西湖，Python 也学了。") == ("后来呢？", "再说说 Python 吧")


def test_cut_off_incomplete_answer_has_no_replies_and_bare_block_is_an_empty_answer() -> None:
    whole = Completion(f"Yes.\n{BLOCK}", "m", "stop", Usage.none(), 1)
    assert (cut_off(whole).text, cut_off(whole).suggested_replies) == ("Yes.", tuple(REPLIES))
    cut = Completion(f"Yes.\n{BLOCK}", "m", "length", Usage.none(), 1, cut_off="LENGTH")
    assert (cut_off(cut).text, cut_off(cut).suggested_replies) == ("Yes.", ())
    with pytest.raises(ModelEmpty):
        cut_off(Completion(BLOCK, "m", "stop", Usage.none(), 1))
