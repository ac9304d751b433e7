"""Readers of exports and of memory texts run in linear, not quadratic time in the length of a text: a part of 4 MB may be one message."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from resolvers.imports import chatgpt, claude, day_one, deepseek, gemini, grok, librechat, open_webui
from resolvers.imports.memory_text import read_memory_text
from tests.jobs.rules.test_growth import grows
from tests.resolvers.imports import exports

pytestmark = pytest.mark.once

LONGEST = 30_000
"""Characters of a text, far fewer than a part may have."""

MARKUP = (
    "<", "[", "(", "*", "_", "`", "~~", '"', "\u201c", "#", ">", "|", "\n", " ", "\u0301", "&", "<grok:render>", "<grok:render", "</grok:render>",
    '<details type="reasoning">', '<details type="reasoning"', "<details ", "</details>", "<p", "<p>", "<br ", "</p", "![", "![](dayone", "[a](",
    "[a](b", "![a", "\u30101\u2020", "\u30101", "\ue200", "\ue200a", "\ue201", "<|", "&#", "\\", "**a", "*a", "__a", '{"memory": "', "- ", "1. ",
    "[2024-", "(2024-05", " \n", "Prompted ",
)


def _open_webui(text: str) -> dict[str, Any]:
    return {"id": "w", "created_at": 1_760_000_000, "chat": {"messages": [{"id": "a", "role": "assistant", "content": text, "timestamp": 1_760_000_000}]}}


def _grok(text: str) -> dict[str, Any]:
    [conversation] = exports.grok_export()["conversations"]
    conversation["responses"][-1]["response"]["message"] = text
    return dict(conversation)


READERS: Mapping[str, Callable[[str], Any]] = {
    "chatgpt": lambda text: chatgpt.read(exports.chatgpt_export(exports.said("1", None), exports.said("2", "1", "assistant", text), title=text)),
    "claude": lambda text: claude.read(exports.claude_export(name=text, chat_messages=[
        {"uuid": "a", "sender": "assistant", "text": text, "content": [{"type": "text", "text": text}], "created_at": "2026-03-06T14:57:31Z"}])),
    "day_one": lambda text: day_one.read(exports.day_one_entry(text=text)),
    "deepseek": lambda text: deepseek.read({"id": "d", "title": text, "inserted_at": "2026-03-30T04:49:36Z", "mapping": {"1": {
        "id": "1", "parent": None, "children": [], "message": {"inserted_at": "2026-03-30T04:49:36Z", "fragments": [{"type": "RESPONSE", "content": text}]}}}}),
    "gemini": lambda text: gemini.read({**exports.gemini_export()[1], "safeHtmlItem": [{"html": text}]}),
    "gemini_prompt": lambda text: gemini.read({**exports.gemini_export()[1], "title": f"Prompted {text}"}),
    "grok": lambda text: grok.read(_grok(text)),
    "librechat": lambda text: librechat.read(exports.librechat_export(title=text)),
    "open_webui": lambda text: open_webui.read(_open_webui(text)),
    "memory": read_memory_text,
}


def family(length: int) -> Iterator[str]:
    for unit in MARKUP:
        yield unit * ((length - 1) // len(unit)) + "a"


@pytest.mark.parametrize("name", READERS)
def test_reader_of_a_long_text_runs_in_linear_time(name: str) -> None:
    bad = [long[:20] for short, long in zip(family(LONGEST // 2), family(LONGEST), strict=True) if grows(READERS[name], short, long)]
    assert not bad, f"{name} takes more than linear time on {bad}"
