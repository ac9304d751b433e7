"""Replies that the model suggests below its own answer, in the same call: what asks for them, and which of them can be shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import aclosing
from dataclasses import replace
from typing import Final

from llm.errors import ModelEmpty
from llm.messages import ChatMessage, Completion
from llm.printable_text import is_blank
from llm.prompt_composition import ComposedPrompt
from llm.reply_block import ReplyBlock

MAX_REPLIES: Final = 3
MAX_REPLY_LENGTH: Final = 120

INSTRUCTIONS: Final = """\
Behind the whole answer, on a line of its own, add up to three short messages that the person might send next, as a JSON list between two markers:
<suggested_replies>["…", "…"]</suggested_replies>
Write them as the person would, in the language of your answer, each on one line of at most 60 characters, without Markdown.
Leave the line out where nothing fits, and say nothing about it."""

_MARKDOWN: Final = re.compile(r"[`*~|<>\[\]{}\\]|__|^\s*(?:#|[-+•]\s|\d{1,2}[.)]\s)|===|https?://", re.IGNORECASE)
_UNSHOWN: Final = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
_DIRECTIONS: Final = frozenset("\u200b\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff")


def ask(composition: ComposedPrompt) -> ComposedPrompt:
    """Return the prompt with the request for replies at the end of its instructions."""
    first, *others = composition.messages
    system: ChatMessage = {"role": first["role"], "content": f"{first['content']}\n\n{INSTRUCTIONS}"}
    return replace(composition, messages=[system, *others], suggests=True)


def cut_off(completion: Completion) -> Completion:
    """Return the completion of a whole answer with its replies apart. Raises ModelEmpty when nothing else is left."""
    block = ReplyBlock()
    block.feed(completion.text)
    block.end()
    return _completed(completion, block)


async def cut_off_stream(pieces: AsyncIterator[str | Completion]) -> AsyncGenerator[str | Completion, None]:
    """Yield the chunks of an answer without its replies, and then the completion with them. Raises ModelEmpty when nothing else is left."""
    block = ReplyBlock()
    async with aclosing(pieces):  # type: ignore[type-var] # an asynchronous generator has aclose()
        async for piece in pieces:
            if isinstance(piece, Completion):
                for shown in block.end():
                    yield shown
                yield _completed(piece, block)
            else:
                for shown in block.feed(piece):
                    yield shown


def _completed(completion: Completion, block: ReplyBlock) -> Completion:
    if is_blank(block.text):
        raise ModelEmpty(usage=completion.usage)
    found = () if completion.cut_off else clean_replies(block.replies, block.text)
    return replace(completion, text=block.text, suggested_replies=found)


def clean_replies(found: Iterable[str], answer: str) -> tuple[str, ...]:
    """Return the first replies that can be shown below an answer: each one line of plain text in the answer's script, none twice."""
    kept: dict[str, str] = {}
    for reply in found:
        line = reply.strip()
        if _is_fit(line) and script_of(line) in (None, script_of(answer)):
            kept.setdefault(_key(line), line)
    return tuple(kept.values())[:MAX_REPLIES]


def _is_fit(line: str) -> bool:
    return (
        len(line) <= MAX_REPLY_LENGTH and not is_blank(line) and bool(_key(line)) and not _MARKDOWN.search(line)
        and not any(unicodedata.category(char) in _UNSHOWN or char in _DIRECTIONS for char in line)
    )  # fmt: skip


def _key(line: str) -> str:
    """Return the key that all spellings of a reply share: its letters and digits."""
    return "".join(char for char in unicodedata.normalize("NFKC", line).casefold() if char.isalnum())


_SCRIPTS: Final = (
    ("Hangul", "\u1100", "\u11ff"), ("Hangul", "\uac00", "\ud7a3"), ("Kana", "\u3040", "\u30ff"), ("Han", "\u3400", "\u9fff"),
    ("Cyrillic", "\u0400", "\u052f"), ("Arabic", "\u0600", "\u06ff"), ("Hebrew", "\u0590", "\u05ff"), ("Greek", "\u0370", "\u03ff"),
    ("Devanagari", "\u0900", "\u097f"), ("Thai", "\u0e00", "\u0e7f"),
)  # fmt: skip
_WEIGHTS: Final = {"Han": 4, "Kana": 4, "Hangul": 3}
"""Letters of an alphabet that one such character stands for: a Chinese sentence with an English name in it is Chinese."""


def script_of(text: str) -> str | None:
    """Return the script that most of a text is in, None without letters. Japanese is a text with Kana in it."""
    counted: dict[str, int] = {}
    for char in text:
        if char.isalpha():
            name = next((name for name, first, last in _SCRIPTS if first <= char <= last), "other")
            counted[name] = counted.get(name, 0) + _WEIGHTS.get(name, 1)
    if not counted:
        return None
    script = max(counted, key=lambda name: counted[name])
    return "Kana" if script == "Han" and counted.get("Kana", 0) * 5 >= counted["Han"] else script
