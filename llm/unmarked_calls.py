"""Detection of unmarked tool calls in a text: a JSON object that names an offered tool, or a tool's name before its arguments.

A candidate is judged from the first character that may begin a call. It waits for the closing bracket, for at most `MAX_PART_LENGTH` characters,
and each character is scanned once, so that the time stays linear.
"""

from __future__ import annotations

import re
from typing import Final

from llm.tools import NAMES
from llm.written_calls import MAX_PART_LENGTH

_NAME: Final = "(?:" + "|".join(sorted(map(re.escape, NAMES))) + ")"
_BETWEEN: Final = r"(?:\s|:\d{0,3}|<\|\w{1,40}\|>|<｜tool▁sep｜>|\[ARGS\]|```\w{0,12}){0,40}"
_HEAD: Final = re.compile(rf"\{{(?=\s{{0,40}}[\"'])|{_NAME}(?:\(|{_BETWEEN}\{{)")
_OPEN_HEAD: Final = re.compile(rf"\{{\s{{0,40}}|{_NAME}{_BETWEEN}(?:<\|?\w{{0,40}}\|?|<｜?[\w▁]{{0,8}}｜?|\[A?R?G?S?|`{{1,2}})?")
_TELLS: Final = re.compile(
    rf"[\"'](?:name|function|function_name|tool|tool_name|recipient_name|action)[\"']\s*:\s*[\"'](?:functions\.)?{_NAME}\b|[\"']{_NAME}[\"']\s*:\s*\{{|{_NAME}\(")
_ARGUMENTS: Final = re.compile(rf"{_NAME}\(\s*(?:[{{\"')]|\w+\s*[=:]|\Z)")
_FRAMES: Final = {"```": "```", "`": "`", "[": "]", "print(": ")"}
_FRAME: Final = re.compile(r"(?:```[\w-]{0,16}\s{0,8}|`|\[\s{0,8}|print\(|functions\.|default_api\.)+\Z")
MAX_FRAME_LENGTH: Final = 60

START: Final = re.compile("|".join((r"\{", *sorted(map(re.escape, NAMES)))))
"""Pattern of the beginning of a candidate. All its alternatives begin with a character, which makes a search quick."""
BEGINNINGS: Final = frozenset(
    whole[:length] for whole in (*NAMES, "print(", "functions.", "default_api.") for length in range(1, len(whole)))
"""Ends of a text that may become the beginning of a candidate."""


class Candidate:
    """A part of the text that may be a call. `call`: whether it is one; None while undecided. `end`: the end of that part."""

    def __init__(self) -> None:
        self.call: bool | None = None
        self.end = 0
        self.closed = False
        self._position = -1
        self._closings: list[str] = []
        self._quote = ""
        self._before = ""
        self._certain = False

    def judge(self, text: str, *, last: bool) -> None:
        """Judge the text from the candidate's first character on; each call passes the whole text so far."""
        if self._position < 0:
            head = _HEAD.match(text)
            if head is None:
                if last or not _OPEN_HEAD.fullmatch(text):
                    self._decide(call=False, end=1)
                return
            self._position = head.end() - 1
        if not self._certain and not self._closes(text, MAX_PART_LENGTH) and len(text) > MAX_PART_LENGTH:
            self._certain = self._is_call(text[:MAX_PART_LENGTH])
            if not self._certain:
                self._decide(call=False, end=MAX_PART_LENGTH)
        if self.call is None and (self._closes(text, len(text)) or last):
            end = self._position
            self._decide(call=self._certain or self._is_call(text[:end]), end=end)

    def _decide(self, *, call: bool, end: int) -> None:
        self.call, self.end = call, end

    def _is_call(self, text: str) -> bool:
        if text.startswith("{"):
            return _TELLS.search(text) is not None
        return not re.match(rf"{_NAME}\(", text) or _ARGUMENTS.match(text) is not None

    def _closes(self, text: str, bound: int) -> bool:
        """Scan up to the bracket that closes the first one. Brackets inside quoted strings are ignored."""
        while self._position < min(len(text), bound) and not self.closed:
            character = text[self._position]
            self._position += 1
            if self._quote:
                if self._before == "\\":
                    character = ""
                elif character == self._quote:
                    self._quote = ""
            elif character == '"' or character == "'" and self._before in "([{,:=":
                self._quote = character
            elif character in "([{":
                self._closings.append({"(": ")", "[": "]", "{": "}"}[character])
            elif character in ")]}" and character == self._closings[-1]:
                self._closings.pop()
                self.closed = not self._closings
            if self._quote or not character.isspace():
                self._before = character
        return self.closed


def measure_frame(text: str) -> int:
    """Return the number of characters at the end of the text that would belong to a following call: a fence, a bracket, a prefix of its name."""
    found = _FRAME.search(text[-MAX_FRAME_LENGTH:])
    return len(found[0]) if found else 0


def list_closings(frame: str) -> list[str]:
    """Return the texts that close such a frame, in any order."""
    return [_FRAMES[opening] for opening in re.findall(r"```|`|\[|print\(", frame)]
