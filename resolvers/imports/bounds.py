"""The API's bounds on imported texts: titles, tags and model names on one line, everything cut to what the schema promises."""
from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from jobs.rules.text.normalization import to_single_line
from llm.printable_text import is_blank, join_surrogates
from llm.titles import shorten
from resolvers.display_names import find_hidden
from resolvers.imports.records import Record
from resolvers.portability.import_rules import ANSWER_LENGTH
from resolvers.text_limits import MAX_CONTENT_LENGTH, MAX_KEY_LENGTH, MAX_TAG_LENGTH, MAX_TAGS, MAX_TITLE_LENGTH

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
MAX_MODEL_LENGTH: Final = 100
CUT: Final = "cut to the longest text that a message may have"
"""The reason under which messages are counted that were imported in part."""


def to_bounds(record: Record, cut: Counter[str]) -> Record:
    """Return the record within the API's bounds; a message that had to be cut is counted in `cut`."""
    longest = MAX_CONTENT_LENGTH if record.by_person else ANSWER_LENGTH
    if len(record.content) > longest:
        cut[CUT] += 1
    return replace(
        record, key=_key(record.key), content=shorten(record.content, longest), title=name_of(record.title, MAX_TITLE_LENGTH),
        model=None if record.by_person else name_of(record.model, MAX_MODEL_LENGTH), tags=tags_of(record.tags),
    )


def name_of(text: Any, longest: int) -> str | None:
    """Return a title, tag or name as one line of at most `longest` characters; None if there is nothing to show."""
    return _name(text, longest) if isinstance(text, str) else None


@lru_cache(maxsize=1024)  # all messages of a conversation have its title
def _name(text: str, longest: int) -> str | None:
    line = to_single_line(text[: longest * 4])
    while (hidden := find_hidden(line)) is not None:
        line = " ".join(line.replace(hidden, "").split())
    return None if is_blank(line) else shorten(line, longest)


def tags_of(tags: Any) -> tuple[str, ...]:
    named = (name_of(tag, MAX_TAG_LENGTH) for tag in tags) if isinstance(tags, (list, tuple)) else ()
    return tuple(dict.fromkeys(tag for tag in named if tag))[:MAX_TAGS]


def clean(text: str) -> str:
    """Return text that PostgreSQL can store: without NUL, and without unpaired surrogates, in which a cut text may end."""
    text = text.replace("\x00", "")
    return (join_surrogates(text) if _SURROGATE.search(text) else text).strip()


def _key(key: str) -> str:
    key = clean(key)
    return key if len(key) <= MAX_KEY_LENGTH else f"{key.partition(':')[0][:40]}:{hashlib.sha256(key.encode()).hexdigest()}"
