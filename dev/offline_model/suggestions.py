"""Replies to suggest below an answer, when the prompt asks for them: questions in the answer's language that the offline model can answer."""

from __future__ import annotations

import json

from dev.offline_model.sentences import is_wide

_MARKER = "<suggested_replies>"
_ENGLISH = ("What do you know about me?", "What did I do last week?", "Let us talk about something else.")
_CHINESE = ("你记得我的哪些事？", "我上周做了什么？", "我们聊点别的吧。")


def with_suggestions(answer: str, instructions: str, question: str) -> str:
    """Return the answer with the block of replies that the instructions ask for; unchanged if they do not. What was just asked is not suggested."""
    if _MARKER not in instructions:
        return answer
    replies = [reply for reply in (_CHINESE if is_wide(answer) else _ENGLISH) if reply != question.strip()]
    return f"{answer}\n\n{_MARKER}{json.dumps(replies, ensure_ascii=False)}</suggested_replies>"
