"""Model calls of a conversation: answers, titles and running summaries."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from llm import client, delimiters, prompts, suggested_replies, tokens, tool_loop
from llm.errors import ModelFiltered, ModelTruncated
from llm.messages import ChatMessage, Completion
from llm.prompt_composition import COMPANION_VERSION, PROMPT_VERSION, SUMMARY_TOKENS, Background, ComposedPrompt, DiaryNote, Turn, compose
from llm.titles import MAX_TITLE_LENGTH, clean_title, shorten
from llm.tool_loop import Permit, Recall

if TYPE_CHECKING:
    from llm.progress import Progress

__all__ = [
    "COMPANION_VERSION",
    "PROMPT_VERSION",
    "REPLIES_VERSION",
    "Background",
    "ComposedPrompt",
    "DiaryNote",
    "Recall",
    "Turn",
    "answer",
    "answer_stream",
    "ask_for_replies",
    "compose",
    "summarize",
    "generate_title",
]

TITLE_VERSION: Final = "title/2"
SUMMARY_VERSION: Final = "summary/2"
REPLIES_VERSION: Final = "replies/1"
"""The version of the request for suggested replies, which changes with its text in llm/suggested_replies.py."""
MAX_ANSWER_TOKENS = 2_000
MAX_TITLE_TOKENS = 60
MAX_TITLE_INPUT_TOKENS = 600
MAX_SUMMARY_INPUT_TOKENS = 12_000
"""Tokens that are read of a question for a title, and of all turns for a summary (each turn gets the same share)."""


async def answer(
    composition: ComposedPrompt, *, timeout: float, retries: int = 1, recall: Recall | None = None, permit: Permit | None = None
) -> Completion:
    """Return the answer. `timeout` bounds the whole call in seconds, a retry and the searches by `recall` included. Raises ModelError."""
    completion = await tool_loop.complete(
        composition.messages, max_tokens=MAX_ANSWER_TOKENS, timeout=timeout, retries=retries, recall=recall, permit=permit, seed=composition.seed
    )
    return suggested_replies.cut_off(completion) if composition.suggests else completion


def answer_stream(
    composition: ComposedPrompt, *, timeout: float, recall: Recall | None = None, permit: Permit | None = None, progress: Progress | None = None
) -> AsyncIterator[str | Completion]:
    """Return an iterator over the answer's chunks and the completion, which raises ModelError. `timeout` bounds the whole call in seconds."""
    pieces = tool_loop.stream(
        composition.messages, max_tokens=MAX_ANSWER_TOKENS, timeout=timeout, recall=recall, permit=permit, seed=composition.seed, progress=progress)
    return suggested_replies.cut_off_stream(pieces) if composition.suggests else pieces


def ask_for_replies(composition: ComposedPrompt) -> ComposedPrompt:
    """Return the prompt that also asks for replies to suggest, in the same call."""
    return suggested_replies.ask(composition)


async def generate_title(question: str, *, seed: bytes, locale: str, timeout: float) -> Completion:
    """Return a title of one line and at most `MAX_TITLE_LENGTH` characters; `seed` is the seed of the conversation's delimiters. Raises ModelError."""
    messages = _task(TITLE_VERSION, seed, locale, {"messages": [tokens.truncate(question, MAX_TITLE_INPUT_TOKENS)]})
    completion = await client.complete(messages, max_tokens=MAX_TITLE_TOKENS, timeout=timeout, purpose="title")
    return replace(completion, text=clean_title(completion.text) or shorten(" ".join(question.split()), MAX_TITLE_LENGTH))


async def summarize(previous: str | None, turns: Sequence[Turn], *, seed: bytes, locale: str, timeout: float) -> Completion:
    """Return the summary that replaces `previous` and `turns`; `seed` is the seed of the conversation's delimiters.

    Raises ModelError; ValueError without turns.
    """
    if not turns:
        raise ValueError("the list of messages to summarise is empty")
    share = max(40, MAX_SUMMARY_INPUT_TOKENS // len(turns))
    said = [{"from": _speaker(turn), "text": tokens.truncate(turn.content, share)} for turn in turns]
    messages = _task(SUMMARY_VERSION, seed, locale, {"summary": [previous] if previous else [], "messages": said})
    completion = await client.complete(messages, max_tokens=SUMMARY_TOKENS, timeout=timeout, purpose="summary")
    if completion.cut_off is not None:  # a summary that was cut off would drop what it replaces
        raise (ModelFiltered if completion.cut_off == "FILTER" else ModelTruncated)(usage=completion.usage)
    return completion


def _task(version: str, seed: bytes, locale: str, sections: Mapping[str, Sequence[object]]) -> list[ChatMessage]:
    prompt = prompts.load(version)
    border, block = delimiters.fence_sections(seed, sections)
    data = prompt.data.substitute(locale=locale, border=border, block=block)
    return [{"role": "system", "content": prompt.instructions.substitute()}, {"role": "user", "content": data}]


def _speaker(turn: Turn) -> str:
    return "person" if turn.role == "user" else "assistant"
