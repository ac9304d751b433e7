"""The task of a request, from the first line of its instructions: `task: <name>/<version>`.

Only the system message is parsed, so a user's text cannot select the task. Without a marker the task is a conversation.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dev.offline_model import chat, claim_check, diary, memory, prompt_parser, search_calls, summarizer, week, wish_calls
from dev.offline_model.protocol import Answer, ChatRequest, RequestError
from dev.offline_model.suggestions import with_suggestions

_MARKER = re.compile(r"\Atask: ([a-z]+)/(\d+)$", re.MULTILINE)

Sections = Mapping[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Task:
    name: str
    request: ChatRequest

    def answer(self, *, invented: bool = False, agreeing: bool = False) -> Answer:
        """Return the task's answer. Raises RequestError if the prompt is not the one that the task needs."""
        if self.name == "check":
            return Answer(_as_json(claim_check.answer(_data(self.request), agreeing=agreeing)))
        if self.name == "chat" and (call := wish_calls.call_for(self.request) or search_calls.call_for(self.request)):
            return call
        return Answer(ANSWERS[self.name](self.request, invented))


def recognize(request: ChatRequest) -> Task:
    """Return the request's task. Raises RequestError for a task that the offline model does not know."""
    marker = _MARKER.search(request.system)
    name = marker[1] if marker else "chat"
    if name not in KNOWN:
        raise RequestError(f"the offline model does not know the task {name}: it knows {', '.join(KNOWN)}", code="unknown_request")
    return Task(name, request)


def _diary(request: ChatRequest, invented: bool) -> str:
    found = _data(request)
    personal = prompt_parser.personal_slots(found)
    slots = prompt_parser.slots(request.system) | frozenset(personal)
    draft = diary.write(prompt_parser.messages(found), slots, prompt_parser.strings(found.get("rejected", [])), personal)
    return _as_json(diary.with_invented_quotes(draft) if invented else draft)


def _week(request: ChatRequest, invented: bool) -> str:
    found = _data(request)
    draft = week.review(prompt_parser.messages(found), prompt_parser.slots(request.system), found.get("known", []))
    return _as_json(diary.with_invented_quotes(draft) if invented else draft)


def _memory(request: ChatRequest, invented: bool) -> str:
    found = _data(request)
    personal = prompt_parser.personal_slots(found)
    draft = memory.read(found.get("lines", []), prompt_parser.slots(request.system) | frozenset(personal), personal)
    return _as_json({"values": [{**value, "value": f"invented {value['value']}"} for value in draft["values"]]} if invented else draft)


def _chat(request: ChatRequest, invented: bool) -> str:
    background = prompt_parser.sections(request.system) if "\nborder: " in request.system else {}
    said = [(message.role, prompt_parser.question(message.content, request.system)) for message in request.messages if message.role in ("user", "assistant")]
    last = next((text for role, text in reversed(said) if role == "user"), "")
    if told := wish_calls.outcomes(request):
        return with_suggestions(wish_calls.report(search_calls.question_of(request), told), request.system, last)
    if (found := search_calls.found_by(request)) is not None:
        return with_suggestions(search_calls.report(search_calls.question_of(request), found), request.system, last)
    fresh = prompt_parser.for_this_question(search_calls.last_words(request), request.system)
    return with_suggestions(chat.reply(chat.Remembered.read({**background, **fresh}), said), request.system, last)


def _title(request: ChatRequest, invented: bool) -> str:
    return summarizer.title(" ".join(prompt_parser.strings(_data(request).get("messages", []))))


def _summary(request: ChatRequest, invented: bool) -> str:
    found = _data(request)
    turns = [(str(item.get("from")), str(item.get("text"))) for item in found.get("messages", [])]
    return summarizer.summary(" ".join(prompt_parser.strings(found.get("summary", []))), turns)


def _data(request: ChatRequest) -> Sections:
    """Return the sections of the first message after the instructions; later messages belong to a repair."""
    first = next((message.content for message in request.messages if message.role == "user"), "")
    return prompt_parser.sections(first)


def _as_json(draft: object) -> str:
    return json.dumps(draft, ensure_ascii=False)


ANSWERS: Mapping[str, Callable[[ChatRequest, bool], str]] = {
    "diary": _diary,
    "week": _week,
    "memory": _memory,
    "chat": _chat,
    "title": _title,
    "summary": _summary,
}
KNOWN = (*ANSWERS, "check")
"""The names of all tasks; a check is answered apart, because it can be made to agree with everything."""
