"""Streaming filter of a model's text: separates the text for the user from thoughts and written tool calls.

Released text is never withdrawn: the released chunks together are the stored text. A marker may arrive in several chunks, so the end of the text
is held back as long as it may be the beginning of a marker. White space at both ends is removed.
"""

from __future__ import annotations

import re
from typing import Final

from llm import text_markers as markers
from llm import unmarked_calls, written_calls
from llm.printable_text import join_surrogates, remove_unprintable
from llm.tools import NAMES, ToolCall
from llm.unmarked_calls import Candidate

MAX_PIECE_LENGTH = 24
"""Characters of one chunk when text that was held back is released."""

_STEP: Final = 4_000
"""Characters that are scanned together: the unscanned rest of them is copied at each marker, which would make a long text slow."""
_MAX_RETRIES: Final = 50
"""Unclosed brackets whose content is searched for a call; the bound keeps the time linear."""


class VisibleText:
    """A filter that takes a text in chunks and returns what may be shown.

    With `hold` all text is held back until `release_beginning`, in case it turns out to be a thought without an opening marker. With `tools` a part that
    may be an unmarked call is held back until that is decided.
    """

    def __init__(self, *, hold: bool = False, tools: bool = False) -> None:
        self.text = ""
        self.leading = ""
        """The white space that was removed before the text."""
        self.thought = ""
        self.calls: list[ToolCall] = []
        self.wrote_call = False
        """The text contained a call, readable or not."""
        self.unopened = False
        """A thought ended that had no opening marker."""
        self._hold = hold
        self._waited = False
        self._tools = tools
        self._raw = ""
        self._held = ""
        self._block: str | None = None
        self._opening = ""
        self._at_line_start = True
        self._depth = self._seen = 0
        self._last_closing = (0, 0)
        self._candidate: Candidate | None = None
        self._cleared = 0
        self._retries = 0
        self._owed: list[str] = []
        self._fences = 0
        self._backticks = 0
        self._shown_words: set[str] = set()

    def feed(self, piece: str) -> list[str]:
        """Add a chunk; return the text that may be shown now, in non-empty chunks."""
        for start in range(0, len(piece), _STEP):
            self._raw += piece[start : start + _STEP]
            self._scan(last=False)
        return self._release(last=False)

    def end(self) -> list[str]:
        """Return the remaining text to show, once the whole text was fed."""
        self._scan(last=True)
        while self._block is not None:
            self._end_block(self._block)
            self._scan(last=True)
        return self._release(last=True)

    def release_beginning(self) -> None:
        """Stop holding back the beginning: it is not a thought."""
        self._hold = False

    def _scan(self, *, last: bool) -> None:
        while self._raw:
            if self._block is not None:
                if not self._continue_block():
                    return
            elif self._candidate is not None:
                if not self._judge(self._candidate, last=last):
                    return
            elif self._owed:
                if not self._close_frame(last=last):
                    return
            elif not self._show_until_mark(last=last):
                return

    def _show_until_mark(self, *, last: bool) -> bool:
        """Show the text before the next marker or candidate; return whether there is one."""
        found = self._next()
        if found is None:
            self._take(len(self._raw) - (0 if last else markers.find_partial(self._raw, tools=self._tools)))
            return False
        if self._tools and unmarked_calls.START.fullmatch(found[0]):
            if not last and (kept := markers.find_partial(self._raw, tools=self._tools)) > len(self._raw) - found.start():
                self._take(len(self._raw) - kept)
                return False  # the name may be part of a marker that is still incomplete
            self._take(found.start())
            self._candidate = Candidate()
            return True
        self._take(found.start())
        self._drop(len(found[0]))
        self._handle_mark(found[0])
        return True

    def _next(self) -> re.Match[str] | None:
        if not self._tools:
            return markers.MARK.search(self._raw)
        if self._cleared:
            found = markers.MARK.search(self._raw, 0, self._cleared + markers.MAX_MARK_LENGTH)
            if found is not None and found.start() < self._cleared:
                return found
        return markers.MARK_OR_START.search(self._raw, self._cleared)

    def _take(self, length: int) -> None:
        self._show(self._raw[:length])
        self._drop(length)

    def _drop(self, length: int) -> None:
        self._raw = self._raw[length:]
        self._cleared = max(0, self._cleared - length)

    def _judge(self, candidate: Candidate, *, last: bool) -> bool:
        """Judge the candidate; return whether it is decided."""
        candidate.judge(self._raw, last=last)
        if candidate.call is None:
            self._waited = True
            return False
        self._candidate = None
        if not candidate.call:
            self._owed = []
            self._retries += not candidate.closed
            self._cleared = candidate.end if candidate.closed or self._retries > _MAX_RETRIES else 1
            return True
        self.wrote_call = True
        self.calls.extend(call for call in written_calls.parse(self._raw[: candidate.end]) if call.name in NAMES)
        self._drop(candidate.end)
        if length := unmarked_calls.measure_frame(self._held):
            frame, self._held = self._held[-length:], self._held[:-length]
            self._owed.extend(unmarked_calls.list_closings(frame))
            self._fences, self._backticks = self._fences - frame.count("```"), 0
        return True

    def _close_frame(self, *, last: bool) -> bool:
        """Drop what closes the fence or bracket around a call; return whether enough text has arrived to decide that."""
        rest = self._raw.lstrip()
        if not last and (not rest or any(len(rest) < len(closing) and closing.startswith(rest) for closing in self._owed)):
            return False
        space = len(self._raw) - len(rest)
        closing = next((closing for closing in self._owed if rest.startswith(closing)), "")
        if closing:
            self._owed.remove(closing)
            self._drop(space + len(closing))
        elif rest[:1] in (",", ";") and rest:
            self._drop(space + 1)
        elif unmarked_calls.START.match(rest):
            self._drop(space)
            self._candidate = Candidate()
        elif not last and rest in unmarked_calls.BEGINNINGS:
            return False
        else:
            self._owed = []
        return True

    def _show(self, text: str) -> None:
        self._held += text
        joined = "`" * self._backticks + text
        self._fences += joined.count("```")
        self._backticks = (len(joined) - len(joined.rstrip("`"))) % 3

    def _handle_mark(self, mark: str) -> None:
        """Show a marker that the text only mentions; otherwise open or close the thought or call that it marks."""
        lower = markers.normalize_marker(mark)
        if self._is_quoted():
            self._show(mark)
        elif lower in markers.PLAIN_MARKS:
            pass
        elif lower in markers.CLOSINGS:
            if lower in self._shown_words:
                self._show(mark)
            else:
                self._close_unopened()
        else:
            self._at_line_start = self._starts_line()
            if lower in markers.WORD_MARKS and not self._at_line_start:
                self._shown_words.add(markers.THOUGHTS[lower])
                self._show(mark)
                return
            self._opening, self._block = mark, ""
            self._depth, self._seen, self._last_closing = 1, 0, (0, 0)

    def _is_quoted(self) -> bool:
        """Return whether the text mentions a marker instead of using it: in backticks or in a code block."""
        return (self._held or self.text).endswith("`") or self._fences % 2 == 1

    def _starts_line(self) -> bool:
        """Return whether only blanks precede this position in its line. Released text never ends with white space, so only held text can end a line."""
        before = self._held.rstrip(" \t")
        return before.endswith("\n") or not before and not self.text or not self.text and not before.strip()

    def _close_unopened(self) -> None:
        """Treat all text that is still held back as a thought; text that was released before cannot be withdrawn."""
        self.unopened = True
        if not self.text:
            self.thought, self._held = self.thought + self._held, ""
            self._hold = False
            self._fences = self._backticks = 0

    def _continue_block(self) -> bool:
        """Add the text to the block; return whether the block ended."""
        assert self._block is not None
        mark = markers.normalize_marker(self._opening)
        before = max(0, len(self._block) - markers.MAX_MARK_LENGTH)
        self._block, self._raw, self._cleared = self._block + self._raw, "", 0
        if mark in markers.THOUGHTS:
            found = self._end_of_thought(self._block, mark, before)
        else:
            closing = markers.CLOSING_OF[mark]
            found = closing.search(self._block, before) if closing else None
        if found is None:
            return False
        block, self._raw, self._block = self._block[: found.start()], self._block[found.end() :], None
        self._close(block, ended=True, closing=found[0])
        return True

    def _end_of_thought(self, block: str, mark: str, before: int) -> re.Match[str] | None:
        """Return the marker that closes the thought; nested thoughts have their own closing markers."""
        for found in markers.ENDS_OF_THOUGHT[mark].finditer(block, max(before, self._seen)):
            self._seen = found.end()
            if markers.normalize_marker(found[0]) == mark:
                self._depth += not (block[max(0, found.start() - 1) : found.start()] == "`")
                continue
            self._depth -= 1
            self._last_closing = found.span()
            if not self._depth:
                return found
        return None

    def _end_block(self, block: str) -> None:
        """Close a block at the end of the text. A thought that mentioned its own marker ended at the last closing one."""
        start, end = self._last_closing
        if end and markers.normalize_marker(self._opening) in markers.THOUGHTS:
            self._raw = block[end:]
            self._close(block[:start], ended=True)
        else:
            self._close(block, ended=False)

    def _close(self, block: str, *, ended: bool, closing: str = "") -> None:
        self._block = None
        if markers.normalize_marker(self._opening) in markers.THOUGHTS:
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
        """Return the text to show now. White space at the end waits for the next text, half of a surrogate pair for the other half."""
        if not last and not self.text and self._hold:
            self._waited = True
            return []
        text = self._held
        if "\ud800" <= text[-1:] <= "\udbff" and not last:
            text = text[:-1]
        frame = unmarked_calls.measure_frame(text) if self._tools and not last else 0
        kept = text[: len(text) - frame].rstrip()
        rest = self._held[len(kept) :]
        if not self.text:
            beginning = kept.lstrip()
            if beginning and not self.thought:  # white space behind a thought only separates it from the text
                self.leading = remove_unprintable(kept[: len(kept) - len(beginning)])
            kept = beginning
        shown = remove_unprintable(join_surrogates(kept))
        self._held = "" if last else rest
        self.text += shown
        size = MAX_PIECE_LENGTH if self._waited else max(len(shown), 1)
        self._waited = False
        return [shown[start : start + size] for start in range(0, len(shown), size)]


def separate(text: str, *, tools: bool = False) -> VisibleText:
    """Separate a complete text."""
    visible = VisibleText(hold=True, tools=tools)
    visible.feed(text)
    visible.end()
    return visible
