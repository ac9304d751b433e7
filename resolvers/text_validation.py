"""The rules for a text of the person's before it is stored. Imports are held to the same."""
from __future__ import annotations

from collections.abc import Sequence

from resolvers.display_names import find_hidden
from resolvers.errors import InvalidInput

CONTENT_LENGTH = 20_000
TITLE_LENGTH = 200
TAG_LENGTH = 40
MOST_TAGS = 20
KEY_LENGTH = 200
SEARCH_LENGTH = 200
SEARCH_WORDS = 10


def validate_text(field: str, text: str, longest: int) -> str:
    """`text` as it is, if it has 1 to `longest` characters of which not all are blank. Raises `InvalidInput`."""
    if not text.strip():
        raise InvalidInput(field, f"{field} is empty: send 1 to {longest:,} characters")
    if len(text) > longest:
        raise InvalidInput(field, f"{field} has {len(text):,} characters; the limit is {longest:,}")
    if "\x00" in text or not _is_unicode(text):
        raise InvalidInput(field, f"{field} has a NUL character or half of a surrogate pair, which cannot be stored")
    return text


def validate_line(field: str, text: str, longest: int) -> str:
    """The same for a title or a tag: white space becomes single spaces. Raises `InvalidInput`."""
    return validate_text(field, " ".join(text.split()), longest)


def checked_name(field: str, text: str, longest: int) -> str:
    """Return a title or tag as `validate_line` does, if nothing in it is hidden or turns its direction. Raises `InvalidInput`."""
    line = validate_line(field, text, longest)
    if (hidden := find_hidden(line)) is not None:
        raise InvalidInput(field, f"{field} has the character U+{ord(hidden):04X}, which cannot be seen or turns the text around: leave it out")
    return line


def validate_tags(tags: Sequence[str]) -> list[str]:
    """Return each once, in the given order. Raises `InvalidInput`."""
    if len(tags) > MOST_TAGS and len(set(tags)) > MOST_TAGS:
        raise InvalidInput("tags", f"tags has {len(tags)} entries; the limit is {MOST_TAGS}")
    return list(dict.fromkeys(checked_name("tags", tag, TAG_LENGTH) for tag in tags))


def search_words(field: str, text: str | None) -> list[str]:
    """The words that must all occur; none when nothing is searched for. Raises `InvalidInput`."""
    if text is None:
        return []
    words = list(dict.fromkeys(validate_text(field, text, SEARCH_LENGTH).split()))
    if len(words) > SEARCH_WORDS:
        raise InvalidInput(field, f"{field} has {len(words)} words; the limit is {SEARCH_WORDS}")
    return words


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
