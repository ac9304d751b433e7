# ruff: noqa: E501 - patterns of words read by their rows
"""Tool calls for wishes: the offline model asks for `remember` or `forget` when the user's message wishes it, and for the profile when it asks for all of it.

It looks for a wish anywhere in the message, also in what is pasted: as any model, it can be persuaded, and the program decides. Then it says what came of it.
"""

from __future__ import annotations

import json
import re

from dev.offline_model import search_calls
from dev.offline_model.protocol import Answer, ChatRequest
from dev.offline_model.sentences import is_wide, sentences
from dev.offline_model.traits import find_traits

REMEMBER, FORGET, PROFILE = "remember", "forget", "show_profile"
_REMEMBER = re.compile(
    r"\b(?:remember(?! when)|re?mem?ber|memori[sz]e|note|keep (?:that |this |it )?in mind|bear in mind|jot|don['’]?t (?:ever )?forget|never forget|save|store|add)\b|记住|記住|记得|記得|记下|記下|记一|記一|记好|别忘|別忘|不要忘|备注|備註|存一下|记到",
    re.IGNORECASE,
)
_FORGET = re.compile(
    r"(?<!don't )(?<!dont )(?<!don’t )(?<!never )\bforget\b|\b(?:delete|erase|remove|wipe|drop|stop remembering|take .{1,40} (?:out of|off)|don['’]?t (?:remember|save|keep|store))\b|(?<!别)(?<!別)(?<!不要)忘(?:了|掉|记)|删|刪|清掉|别再?记|別再?記|不要记|不要记得|去掉",
    re.IGNORECASE,
)
_UNWRITTEN = re.compile(
    r"\boff the record\b|\bbetween (?:us|you and me|ourselves)\b|\b(?:not|n['’]?t|never|no need to) (?:write|note|put|log|record|include)\b.{0,40}\b(?:this|that|it)\b|"
    r"\b(?:out of|not for) (?:my|the) (?:diary|journal)\b|保密|当我没说|當我沒說|(?:别|別|不要|不用|不想)[^，。！？忘]{0,8}(?:写|寫|日记|日記)|(?:只|就)(?:跟|和|對|对)你(?:说|說)|只告(?:诉|訴)你",
    re.IGNORECASE,
)
_ALL = re.compile(r"\bshow me (?:my|the) (?:whole |entire )?profile\b|(?:看看?|显示|给我看)(?:我的?)?(?:全部|整个|完整)?(?:的)?(?:档案|画像)", re.IGNORECASE)
_DONE = "Done:"


def call_for(request: ChatRequest) -> Answer | None:
    """Return the next call, or None if the message wishes nothing or the calls are done."""
    question = search_calls.question_of(request)
    if outcomes(request) or search_calls.found_by(request) is not None:
        return None
    if FORGET in request.tools and (_FORGET.search(question) or _UNWRITTEN.search(question)):
        return _call(FORGET, {"value": _object(question), "words": _words(question)})
    if REMEMBER in request.tools and _REMEMBER.search(question):
        for sentence in sentences(question):
            for trait in find_traits(sentence):
                return _call(REMEMBER, {"slot": trait.slot, "value": trait.value, "words": trait.quote, "negated": not trait.positive})
    if PROFILE in request.tools and _ALL.search(question):
        return _call(PROFILE, {})
    return None


def outcomes(request: ChatRequest) -> list[str]:
    """Return the outcomes of the changes since the last question."""
    found: list[str] = []
    for message in reversed(request.messages):
        if message.role == "user":
            break
        if message.role == "tool" and message.content.startswith((_DONE, "Not done:", "The tool failed")):
            found.append(message.content)
    return found[::-1]


def report(question: str, told: list[str]) -> str:
    """Return the answer that reports the outcomes of the changes."""
    done = all(text.startswith(_DONE) for text in told)
    if is_wide(question):
        return "好的，已经照你说的改了。" if done else "这次我没有改动你的档案。"
    return "Done, as you asked." if done else "I have not changed your profile."


def _words(question: str) -> str:
    """Return the sentence of the wish."""
    return next((sentence for sentence in sentences(question) if _FORGET.search(sentence)), question)[:500].strip()


def _object(question: str) -> str:
    return next((trait.value for sentence in sentences(question) for trait in find_traits(sentence)), _words(question)[:100])


def _call(tool: str, arguments: dict[str, object]) -> Answer:
    return Answer("", "tool_calls", tool, json.dumps(arguments, ensure_ascii=False))
