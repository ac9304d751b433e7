"""The lines of a diary about role play: that the user played, and the words with which the play began. Nothing that was said in it is told as life."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from jobs.rules.diary.drafts import SourceMessage
from jobs.rules.diary.fallback import FallbackLine, FallbackQuote
from jobs.rules.play import begins_play
from jobs.rules.text.normalization import has_content, is_cjk, to_single_line
from jobs.rules.text.sentences import sentences

MAX_LINES: Final = 3
"""Conversations of a day whose play is told."""
MAX_QUOTE: Final = 120
"""Characters of the words with which a play began."""


def played_lines(messages: Sequence[SourceMessage]) -> list[FallbackLine]:
    """Return a line for each of the first conversations, in their order; `messages` are those of play."""
    first: dict[UUID | None, SourceMessage] = {}
    for message in messages:
        if message.by_person and has_content(message.content):
            known = first.setdefault(message.conversation_id, message)
            if not begins_play(known.content) and begins_play(message.content):
                first[message.conversation_id] = message
    return [_line(message) for message in list(first.values())[:MAX_LINES]]


def _line(message: SourceMessage) -> FallbackLine:
    quote = _opening(message.content)
    words = to_single_line(quote)
    text = f"玩了角色扮演：“{words}”" if any(map(is_cjk, quote)) else f"Played: “{words}”"
    return FallbackLine("SUMMARY", text, (FallbackQuote(message.number, quote),))


def _opening(content: str) -> str:
    """Return the sentence that begins the play, or the first one, cut between words."""
    found = [sentence.text for sentence in sentences(content) if has_content(sentence.text)] or [content]
    chosen = next((text for text in found if begins_play(text)), found[0]).strip()
    if len(chosen) <= MAX_QUOTE:
        return chosen
    head = chosen[:MAX_QUOTE]
    return (head.rpartition(" ")[0] or head).rstrip()
