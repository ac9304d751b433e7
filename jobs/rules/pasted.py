"""Which stretches of a message the person brought along rather than said: code, quoted mail and documents, JSON, borders like those of a
prompt, and what somebody says in quotation marks.

They may be about anybody, so nothing is learnt about the person from them; a line of the diary may still quote them.
"""

from __future__ import annotations

import re
from typing import Final

_PASTED: Final = re.compile(
    r"^[ \t]*>.*$"  # quoted mail
    r"|^[ \t]*[\[{].*\":.*$"  # a line of JSON
    r"|^[ \t]*(?:={5,}|-{5,}|\#{5,}).*$"  # a border
    r"|<\|[^|\n]*\|>.*?(?:<\|[^|\n]*\|>|$)",  # a chat template's marks, and what stands between two of them
    re.MULTILINE,
)
_FENCE: Final = re.compile(
    r"^```.*?(?:^```|\Z)|^~~~.*?(?:^~~~|\Z)|^\"\"\".*?(?:\"\"\"|\Z)|^“““.*?(?:”””|\Z)|^「「「.*?(?:」」」|\Z)", re.MULTILINE | re.DOTALL
)
_SPEECH: Final = re.compile(
    r"“[^”\n]{0,400}”|\"[^\"\n]{0,400}\"|「[^」\n]{0,400}」|『[^』\n]{0,400}』|‘[^\n]{0,400}?’(?!\w)|(?<![\w'])'[^\n]{0,400}?'(?!\w)"
)
_FIRST_PERSON: Final = re.compile(r"\b(?:I|I['’]\w+|my|me|we|our|us)\b|[我咱俺]", re.IGNORECASE)


def is_pasted(content: str, start: int, end: int) -> bool:
    """Whether any of `content[start:end]` lies in such a stretch, or all of it in quotation marks in which somebody says I: who, nobody knows."""
    if any(found.start() < end and start < found.end() for pattern in (_FENCE, _PASTED) for found in pattern.finditer(content)):
        return True
    return any(found.start() <= start and end <= found.end() and _FIRST_PERSON.search(found[0]) for found in _SPEECH.finditer(content))
