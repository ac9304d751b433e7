"""Markers that models write around thoughts and tool calls in their text, and the patterns that find them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from llm import unmarked_calls
from llm.tools import NAMES

THOUGHTS: Final = {
    "<think>": "</think>",
    "<thinking>": "</thinking>",
    "<thought>": "</thought>",
    "<seed:think>": "</seed:think>",
    "◁think▷": "◁/think▷",
    "[think]": "[/think]",
    "<reasoning>": "</reasoning>",
    "<analysis>": "</analysis>",
    "<antthinking>": "</antthinking>",
    "<|begin_of_thought|>": "<|end_of_thought|>",
    "<|start_thinking|>": "<|end_thinking|>",
    "<|channel|>analysis<|message|>": "<|end|>",
}
CALLS: Final = {
    "<tool_call>": "</tool_call>",
    "<tool_calls>": "</tool_calls>",
    "<tool_use>": "</tool_use>",
    "<function_call>": "</function_call>",
    "<function_calls>": "</function_calls>",
    "<function=": "</function>",
    "<invoke name=": "</invoke>",
    "<minimax:tool_call>": "</minimax:tool_call>",
    "<tool_code>": "</tool_code>",
    "```tool_code": "```",
    "```tool_call": "```",
    "✿function✿": "",
    **{f"<{name}>": f"</{name}>" for name in sorted(NAMES)},
    **{f"action:{space}{quote}{name}": "" for name in sorted(NAMES) for space in (" ", "") for quote in ("", "`")},
    "[tool_calls]": "",
    "<|python_tag|>": "<|eom_id|>",
    "<|tool_call|>": "<|/tool_call|>",
    "<|tool_call>": "<tool_call|>",
    "<|tool_calls_section_begin|>": "<|tool_calls_section_end|>",
    "<|tool_call_begin|>": "<|tool_call_end|>",
    "<|channel|>commentary to=": "<|call|>",
    "<｜tool▁calls▁begin｜>": "<｜tool▁calls▁end｜>",
    "<｜tool▁call▁begin｜>": "<｜tool▁call▁end｜>",
    **{f"<{bar}dsml{bar}{name}": f"</{bar}dsml{bar}{name.rstrip('>')}>" for bar in "｜|" for name in ("function_calls>", "tool_calls>", "invoke")},
}
"""Opening and closing markers in lower case. A marker without a closing one extends to the end of the text."""

PLAIN_MARKS: Final = ("<|channel|>final<|message|>", "<|start|>assistant", "<|return|>", "<|eot_id|>", "<|im_end|>", "<｜end▁of▁sentence｜>",
                       "<|tool_call_end|>", "<|tool_calls_section_end|>")
"""Markers that are removed on their own, without the text behind them."""
WORD_MARKS: Final = frozenset({"<reasoning>", "<analysis>"})
"""Tags that documents use, too: they open a thought only at the start of a line."""
CLOSINGS: Final = frozenset(THOUGHTS.values()) - {"<|end|>"}
_MARKS: Final = frozenset((*THOUGHTS, *CALLS, *CLOSINGS, *PLAIN_MARKS))
_FIRST_CHARACTERS: Final = frozenset(mark[0] for mark in _MARKS)
_MAX_SPACE: Final = 8
MAX_MARK_LENGTH: Final = max(map(len, _MARKS)) + _MAX_SPACE


def _pattern(marks: Iterable[str], before: str = "") -> str:
    """Return a pattern for the markers, which allows white space before the end of a tag. With `before`, the markers are given without that beginning."""
    ordered = sorted(marks, key=len, reverse=True)
    return "|".join(re.escape(mark[:-1]) + rf"\s{{0,{_MAX_SPACE}}}>" if re.fullmatch(r"</?[\w:]+>", before + mark) else re.escape(mark) for mark in ordered)


def _by_first_character(marks: Iterable[str]) -> str:
    """Return a pattern for the markers in any case. Its alternatives begin with one character each, so that a search skips all others quickly."""
    firsts = dict.fromkeys(case for mark in sorted(marks) for case in (mark[0], mark[0].upper()))
    groups = ((first, [mark for mark in marks if mark[0] == first.lower()]) for first in firsts)
    return "|".join(f"{re.escape(first)}(?i:{_pattern([mark[1:] for mark in group], first)})" for first, group in groups)


MARK: Final = re.compile(_by_first_character(_MARKS), re.ASCII)
MARK_OR_START: Final = re.compile(f"{_by_first_character(_MARKS)}|{unmarked_calls.START.pattern}", re.ASCII)
CLOSING_OF: Final = {opening: closing and re.compile(_pattern([closing]), re.IGNORECASE | re.ASCII) for opening, closing in CALLS.items()}
ENDS_OF_THOUGHT: Final = {opening: re.compile(_pattern([opening, THOUGHTS[opening]]), re.IGNORECASE | re.ASCII) for opening in THOUGHTS}
_LOWER: Final = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def normalize_marker(mark: str) -> str:
    """Return a marker in lower case, without white space before the end of its tag."""
    lower = mark.translate(_LOWER)
    return lower if lower in _MARKS else re.sub(r"\s+>\Z", ">", lower)


def _is_beginning(part: str) -> bool:
    """Return whether a marker begins with a text and goes on, or a tag's end may follow its white space."""
    return any(len(mark) > len(part) and mark.startswith(part) for mark in _MARKS) or part[-1].isspace() and part.rstrip() + ">" in _MARKS


def find_partial(text: str, *, tools: bool) -> int:
    """Return the number of characters at the end that may be the beginning of a marker, or with `tools` of an unmarked call."""
    tail = text[-MAX_MARK_LENGTH:].translate(_LOWER)
    for start in range(len(tail)):
        part = tail[start:]
        if part[0] in _FIRST_CHARACTERS and _is_beginning(part):
            return len(part)
        if tools and part in unmarked_calls.BEGINNINGS:
            return len(part)
    return 0
