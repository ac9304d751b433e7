"""Detection of pasted text in a message: code, quoted mail and documents, JSON, borders like those of a prompt, and first-person speech in
quotation marks.

Such text may be about anyone, so no signal about the user may be based on it; a diary line may still quote it.
"""

from __future__ import annotations

import re
from typing import Final

from jobs.rules.text.spans import Spans

_PASTED: Final = re.compile(
    r"^[ \t]*>.*$"  # quoted mail
    r"|^[ \t]*[\[{].*\":.*$"  # a line of JSON
    r"|^[ \t]*(?:={5,}|-{5,}|\#{5,}).*$"  # a border
    r"|<\|[^|\n]*\|>.*?(?:<\|[^|\n]*\|>|$)",  # a chat template's markers, and the text between two of them
    re.MULTILINE,
)
_FENCE: Final = re.compile(
    r"^```.*?(?:^```|\Z)|^~~~.*?(?:^~~~|\Z)|^-{3,}[ \t]*$.*?^-{3,}[ \t]*$"
    r"|^\"\"\".*?(?:\"\"\"|\Z)|^“““.*?(?:”””|\Z)|^「「「.*?(?:」」」|\Z)", re.MULTILINE | re.DOTALL
)
_SPEECH: Final = re.compile(
    r"“[^”\n]{0,400}”|\"[^\"\n]{0,400}\"|「[^」\n]{0,400}」|『[^』\n]{0,400}』|‘[^\n]{0,400}?’(?!\w)|(?<![\w'])'[^\n]{0,400}?'(?!\w)"
)
_FIRST_PERSON: Final = re.compile(r"\b(?:I|I['’]\w+|my|me|we|our|us)\b|[我咱俺]", re.IGNORECASE)


class Pasted:
    """The pasted spans of one message, found once for all quotes that are looked up in them."""

    def __init__(self, content: str) -> None:
        self._brought = Spans(brought_spans(content))
        self._spoken = Spans(found.span() for found in _SPEECH.finditer(content) if _FIRST_PERSON.search(found[0]))

    def holds(self, start: int, end: int) -> bool:
        """Return whether part of `content[start:end]` was pasted, or all of it lies in one pair of quotation marks around first-person speech.

        The speaker of such speech is unknown.
        """
        return self._brought.touch(start, end) or self._spoken.enclose(start, end)


def brought_spans(content: str) -> list[tuple[int, int]]:
    """Return the spans of code, quoted mail, JSON, borders and texts between borders."""
    return [found.span() for pattern in (_FENCE, _PASTED) for found in pattern.finditer(content)]


def is_pasted(content: str, start: int, end: int) -> bool:
    """Return `Pasted(content).holds(start, end)`."""
    return Pasted(content).holds(start, end)
