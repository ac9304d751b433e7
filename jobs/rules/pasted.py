"""Which stretches of a message the person brought along rather than said: code, quoted mail, JSON, borders like those of a prompt.

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
_FENCE: Final = re.compile(r"^```.*?(?:^```|\Z)", re.MULTILINE | re.DOTALL)


def is_pasted(content: str, start: int, end: int) -> bool:
    """Whether any of `content[start:end]` lies in such a stretch."""
    return any(found.start() < end and start < found.end() for pattern in (_FENCE, _PASTED) for found in pattern.finditer(content))
