"""The part of a model's text that is meant for the person, separated from thoughts and written calls of tools, piece by piece.

What is let through is let through for good: the pieces together are the text that is stored. A marker may come in several pieces, so
the end of the text is held back as long as it may be the beginning of one. White space at both ends is left out.
"""

from __future__ import annotations

import re
from typing import Final

from llm import written_calls
from llm.tools import ToolCall

LONGEST_PIECE = 24
"""Characters. Text that was held back is given in pieces again."""

THOUGHTS: Final = {
    "<think>": "</think>",
    "<thinking>": "</thinking>",
    "<thought>": "</thought>",
    "<seed:think>": "</seed:think>",
    "◁think▷": "◁/think▷",
    "[think]": "[/think]",
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
"""Opening and closing marks, lower case. A mark without a closing one reaches to the end of the text."""

_PLAIN_MARKS: Final = ("<|channel|>final<|message|>", "<|start|>assistant", "<|return|>", "<|eot_id|>", "<|im_end|>", "<｜end▁of▁sentence｜>")
"""Left out by themselves."""
_CLOSINGS: Final = frozenset(THOUGHTS.values()) - {"<|end|>"}
_MARKS: Final = frozenset((*THOUGHTS, *CALLS, *_CLOSINGS, *_PLAIN_MARKS))
_PREFIXES: Final = frozenset(mark[:length] for mark in _MARKS for length in range(1, len(mark)))
_LONGEST: Final = max(map(len, _MARKS))
_MARK: Final = re.compile("|".join(sorted(map(re.escape, _MARKS), key=len, reverse=True)), re.IGNORECASE | re.ASCII)
_CLOSING_OF: Final = {opening: closing and re.compile(re.escape(closing), re.IGNORECASE | re.ASCII) for opening, closing in {**THOUGHTS, **CALLS}.items()}
_LOWER: Final = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
_BARE: Final = re.compile(r'\s*(?:```\w*\s*)?(?:\[\s*)?\{\s*"(?:name|function|tool|tool_name|type)"')
_BARE_PREFIX: Final = re.compile(
    r'\s*(?:`{0,2}|```\w*\s*)(?:\[?\s*)(?:\{\s*(?:"(?:n(?:a(?:m(?:e)?)?)?|f(?:u\w{0,6})?|t(?:o\w{0,7}|y\w{0,2})?)?)?)?\Z')
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def printable(text: str) -> str:
    """`text` without control characters and lone surrogates, which no database holds; line breaks and tabs stay."""
    return _UNPRINTABLE.sub("", text)


class VisibleText:
    """Takes a text in pieces and gives what may be shown.

    With `hold` all is held back until `let_go`, in case it turns out to be a thought without an opening mark. With `tools` a text that is
    nothing but a call in JSON is held back, too.
    """

    def __init__(self, *, hold: bool = False, tools: bool = False) -> None:
        self.text = ""
        self.thought = ""
        self.calls: list[ToolCall] = []
        self.wrote_call = False
        """A call stood in the text, readable or not."""
        self.unopened = False
        """A thought ended that had not begun."""
        self._hold = hold
        self._waited = False
        self._tools = tools
        self._raw = ""
        self._held = ""
        self._block: str | None = None
        self._opening = ""
        self._at_line_start = True

    def feed(self, piece: str) -> list[str]:
        """What may be shown now, in pieces that are not empty."""
        self._raw += piece
        self._scan(last=False)
        return self._release(last=False)

    def end(self) -> list[str]:
        """The rest that may be shown, once the text is whole."""
        self._scan(last=True)
        if self._block is not None:
            self._close(self._block, ended=False)
        if self._tools and not self.text and not self.calls and (calls := written_calls.bare(self._held)):
            self.calls, self.wrote_call, self._held = calls, True, ""
        return self._release(last=True)

    def let_go(self) -> None:
        """Hold the beginning back no longer: it is no thought."""
        self._hold = False

    def _scan(self, *, last: bool) -> None:
        while self._raw:
            if self._block is not None:
                if not self._continue_block():
                    return
                continue
            found = _MARK.search(self._raw)
            if found is None:
                kept = 0 if last else self._possible_mark()
                self._show(self._raw[: len(self._raw) - kept])
                self._raw = self._raw[len(self._raw) - kept :]
                return
            self._show(self._raw[: found.start()])
            self._raw = self._raw[found.end() :]
            self._meet(found[0])

    def _possible_mark(self) -> int:
        """How many characters at the end may be the beginning of a mark."""
        tail = self._raw[-_LONGEST:].translate(_LOWER)
        return next((len(tail) - start for start in range(len(tail)) if tail[start:] in _PREFIXES), 0)

    def _show(self, text: str) -> None:
        self._held += text

    def _meet(self, mark: str) -> None:
        lower = mark.translate(_LOWER)
        if self._is_quoted():
            self._show(mark)
        elif lower in _PLAIN_MARKS:
            pass
        elif lower in _CLOSINGS:
            self._close_unopened()
        else:
            shown = self.text + self._held
            self._at_line_start = not shown.strip() or shown.rstrip(" \t").endswith("\n")
            self._opening, self._block = mark, ""

    def _is_quoted(self) -> bool:
        """Whether the text speaks of a mark: in backticks or inside a block of code."""
        shown = self.text + self._held
        return shown.endswith("`") or shown.count("```") % 2 == 1

    def _close_unopened(self) -> None:
        """All that is still held was a thought; what was let through before cannot be taken back."""
        self.unopened = True
        if not self.text:
            self.thought, self._held = self.thought + self._held, ""
            self._hold = False

    def _continue_block(self) -> bool:
        """Whether the block ended."""
        assert self._block is not None
        closing = _CLOSING_OF[self._opening.translate(_LOWER)]
        before = max(0, len(self._block) - _LONGEST)
        self._block, self._raw = self._block + self._raw, ""
        found = closing.search(self._block, before) if closing else None
        if found is None:
            return False
        block, self._raw, self._block = self._block[: found.start()], self._block[found.end() :], None
        self._close(block, ended=True, closing=found[0])
        return True

    def _close(self, block: str, *, ended: bool, closing: str = "") -> None:
        self._block = None
        if self._opening.translate(_LOWER) in THOUGHTS:
            if not ended and not self._at_line_start:
                self._show(self._opening + block)
            else:
                self.thought += block
            return
        calls = written_calls.parse(self._opening + block + closing)
        if not calls and not ended and not self._at_line_start and block.lstrip()[:1] not in ("{", "[", "<", "") and "arg_key" not in block:
            self._show(self._opening + block)
            return
        self.wrote_call = True
        self.calls.extend(calls)

    def _release(self, *, last: bool) -> list[str]:
        """White space at the end waits for what follows it, half of a surrogate pair for its other half."""
        if not last and not self.text and self._must_hold():
            self._waited = True
            return []
        text = self._held
        if "\ud800" <= text[-1:] <= "\udbff" and not last:
            text = text[:-1]
        kept = text.rstrip()
        rest = self._held[len(kept) :]
        shown = printable(_paired(kept if self.text else kept.lstrip()))
        self._held = "" if last else rest
        self.text += shown
        size = LONGEST_PIECE if self._waited else max(len(shown), 1)
        self._waited = False
        return [shown[start : start + size] for start in range(0, len(shown), size)]

    def _must_hold(self) -> bool:
        return self._hold or self._tools and (_BARE.match(self._held) is not None or _BARE_PREFIX.match(self._held) is not None)


def separate(text: str, *, tools: bool = False) -> VisibleText:
    """A whole text, separated."""
    visible = VisibleText(hold=True, tools=tools)
    visible.feed(text)
    visible.end()
    return visible


def _paired(text: str) -> str:
    """Two halves of a surrogate pair, which came as two escapes, as the one character that they are."""
    if not any("\ud800" <= character <= "\udfff" for character in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\ufffd", "")
