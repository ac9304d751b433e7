"""Names by which the user calls the assistant, in the prompts of the nightly jobs, so that "thanks, Momo" is not taken for a part of the user's life."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from llm import tokens

VERSION: Final = "names/1"
"""The version of the note, appended to the version of a prompt that contains it."""
SECTION: Final = "names of the assistant"
MAX_NAME_TOKENS: Final = 40
"""Tokens of each name in a prompt; the rest is cut off."""
NOTE: Final = (
    f'The section "{SECTION}" lists what the person calls the assistant. Whoever is spoken to or told of by such a name is the\n'
    "assistant: no person and no pet in the person's life, unless the person's own words tell of somebody else who is called so."
)


def name_sections(names: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """Return the section with the names; none without names, so that the prompt is the same as before."""
    return {SECTION: [tokens.truncate(name, MAX_NAME_TOKENS) for name in names]} if names else {}


def with_note(block: str, names: Sequence[str]) -> str:
    """Return the block of data, followed by the note on its names."""
    return f"{block}\n\n{NOTE}" if names else block


def add_names_version(prompt_version: str, names: Sequence[str]) -> str:
    """Return the version of a prompt with these names."""
    return f"{prompt_version}+{VERSION}" if names else prompt_version
