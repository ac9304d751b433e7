"""Validation of a user's texts before they are stored. Imports follow the same rules."""
from __future__ import annotations

from collections.abc import Sequence

from jobs.rules.text.words import fold_words
from llm.printable_text import is_blank
from resolvers.display_names import find_hidden
from resolvers.errors import InputRule, InvalidInput
from resolvers.text_limits import MAX_SEARCH_LENGTH, MAX_SEARCH_WORDS, MAX_TAG_LENGTH, MAX_TAGS


def validate_text(field: str, text: str, longest: int) -> str:
    """Return `text` unchanged if it has 1 to `longest` characters and shows at least one of them. Raises `InvalidInput`."""
    if len(text) > longest:
        raise InvalidInput(field, f"{field} has {len(text):,} characters; the limit is {longest:,}", rule=InputRule.TOO_LONG, bounds=(1, longest))
    if is_blank(text):
        raise InvalidInput(
            field, f"{field} is empty: send 1 to {longest:,} characters, at least one of them visible", rule=InputRule.EMPTY, bounds=(1, longest)
        )
    if "\x00" in text or not _is_unicode(text):
        raise InvalidInput(field, f"{field} has a NUL character or half of a surrogate pair, which cannot be stored: remove it", rule=InputRule.CHARACTER)
    return text


def validate_line(field: str, text: str, longest: int) -> str:
    """Return the text of a title or tag with white space collapsed to single spaces. Raises `InvalidInput` as `validate_text` does."""
    return validate_text(field, " ".join(text.split()), longest)


def validate_name(field: str, text: str, longest: int) -> str:
    """Return a title or tag as `validate_line` does, unless it has an invisible character or a direction control. Raises `InvalidInput`."""
    line = validate_line(field, text, longest)
    if (hidden := find_hidden(line)) is not None:
        raise InvalidInput(
            field, f"{field} has the character U+{ord(hidden):04X}, which is invisible or changes the text direction: remove it", rule=InputRule.CHARACTER
        )
    return line


def validate_tags(tags: Sequence[str]) -> list[str]:
    """Return the tags without duplicates, in the given order; of two spellings of a tag the first. Raises `InvalidInput`."""
    if len(tags) > MAX_TAGS and len(set(tags)) > MAX_TAGS:
        raise InvalidInput("tags", f"tags has {len(tags)} entries; the limit is {MAX_TAGS}", rule=InputRule.TOO_MANY, bounds=(0, MAX_TAGS))
    kept: dict[str, str] = {}
    for tag in tags:
        line = validate_name("tags", tag, MAX_TAG_LENGTH)
        kept.setdefault(fold_words(line), line)
    return list(kept.values())


def search_words(field: str, text: str | None) -> list[str]:
    """Return the words of a search, all of which must occur in a result; an empty list without a search. Raises `InvalidInput`."""
    if text is None:
        return []
    words = [word for word in dict.fromkeys(validate_text(field, text, MAX_SEARCH_LENGTH).split()) if fold_words(word)]
    if not words:  # such as an accent alone, which is in every spelling of a word
        raise InvalidInput(field, f"{field} has nothing to search for: send a letter, digit or sign", rule=InputRule.EMPTY, bounds=(1, MAX_SEARCH_LENGTH))
    if len(words) > MAX_SEARCH_WORDS:
        raise InvalidInput(field, f"{field} has {len(words)} words; the limit is {MAX_SEARCH_WORDS}", rule=InputRule.TOO_MANY, bounds=(0, MAX_SEARCH_WORDS))
    return words


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
