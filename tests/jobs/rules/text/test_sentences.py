"""The words by which sentences are compared."""

from __future__ import annotations

import pytest

from jobs.rules.text.sentences import keywords


@pytest.mark.parametrize(
    ("text", "kept", "left_out"),
    [
        ("我用Python写代码", {"python", "写代", "代码"}, {"我用", "写代码"}),
        ("去看Netflix上的剧", {"netflix"}, {"上的剧"}),
        ("I met Anna at the café", {"anna", "café"}, {"i", "the", "at"}),
    ],
)
def test_keywords_of_mixed_scripts_are_latin_words_and_pairs_of_characters(text: str, kept: set[str], left_out: set[str]) -> None:
    found = keywords(text)
    assert kept <= found and not left_out & found
