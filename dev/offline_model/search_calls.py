"""Tool calls for questions about earlier days: the offline model first requests a search, then reports the results.

A question for a day ("when did I …?", 我什么时候…？) searches the diary, one for a text ("what did I say about …?") the messages. A search without results is
followed by one in the other source; after that the model answers.
"""

from __future__ import annotations

import json
import re

from dev.offline_model import prompt_parser
from dev.offline_model.prompt_parser import strings
from dev.offline_model.protocol import Answer, ChatRequest
from dev.offline_model.sentences import is_wide

DIARY = "search_diary"
MESSAGES = "search_messages"
MAX_REPORTED = 3
_NOTHING = "Nothing that the person said"
"""The beginning of the first result of a search that found nothing about its query."""

_WORDS = re.compile(
    r"\b(?:what (?:did|have) (?:I|we) (?:say|said|tell|told|write|written|talk|talked)|did I (?:ever )?(?:say|tell|mention|write))\b"
    r"|(?:我|我们)[^，。？]{0,8}(?:说过|提过|提到过|讲过|聊过)(?:什么|哪些)?",
    re.IGNORECASE,
)
_DAY = re.compile(
    r"\b(?:when|(?:on )?(?:which|what) day) (?:did|was|were|had) (?:I|we)\b"
    r"|(?:我|我们)[^，。？]{0,6}(?:什么时候|哪(?:一)?天|何时)|(?:什么时候|哪(?:一)?天|何时)(?:我|我们)",
    re.IGNORECASE,
)


def call_for(request: ChatRequest) -> Answer | None:
    """Return the next search, or None if the question needs none or the searches are done."""
    question = question_of(request)
    wanted = DIARY if _DAY.search(question) else MESSAGES if _WORDS.search(question) else None
    results = _results(request)
    if wanted and results and not any(results) and len(results) == 1:
        wanted = MESSAGES if wanted == DIARY else DIARY
    elif results:
        wanted = None
    if wanted is None or wanted not in request.tools:
        return None
    return _call(wanted, question)


def call_anyway(request: ChatRequest, *, endless: bool, despite_none: bool) -> Answer | None:
    """Return a search whatever the question is, once or `endless`ly; with `despite_none` even if no tool may be called.

    None if no tool is offered, or the search was made.
    """
    tools = request.tools or ((MESSAGES,) if despite_none and request.offered else ())
    if not tools or (_results(request) and not endless):
        return None
    return _call(MESSAGES if MESSAGES in tools else min(tools), question_of(request))


def _call(tool: str, question: str) -> Answer:
    return Answer("", "tool_calls", tool, json.dumps({"query": question[:200]}, ensure_ascii=False))


def found_by(request: ChatRequest) -> list[str] | None:
    """Return the results of the searches for the last question; None without any search."""
    results = _results(request)
    return [row for rows in results for row in rows] if results else None


def report(question: str, found: list[str]) -> str:
    wide = is_wide(question)
    if not found:
        return "这件事你没有跟我说过，我在以前的日子里没有找到。" if wide else "You never told me: I have found nothing about that in earlier days."
    rows = "\n".join(f"- {row}" for row in found[:MAX_REPORTED])
    return f"我找到了：\n{rows}" if wide else f"This is what I have found:\n{rows}"


def question_of(request: ChatRequest) -> str:
    """Return the user's question, without the sections that the program adds before it."""
    return prompt_parser.question(last_words(request), request.system)


def last_words(request: ChatRequest) -> str:
    return next((message.content for message in reversed(request.messages) if message.role == "user"), "")


def _results(request: ChatRequest) -> list[list[str]]:
    """Return the results of each search since the last question."""
    since: list[list[str]] = []
    for message in reversed(request.messages):
        if message.role == "user":
            break
        if message.role == "tool":
            shown = prompt_parser.sections(message.content) if "\nborder: " in message.content else {}
            found = strings(shown.get("recalled", shown.get("profile", [])))
            since.append([] if found and found[0].startswith(_NOTHING) else found)
    return since[::-1]
