"""Prompt delimiters: equal for equal seeds, not guessable without the secret, and absent from the texts they fence."""

from __future__ import annotations

import hmac
import json
from itertools import product

import pytest

from llm import delimiters

SECRET = "a secret of the server that is long enough for it"


def test_seed_of_another_secret_or_scope_differs() -> None:
    scopes = [("conversation", "1"), ("conversation", "2"), ("prompt", "1"), ("conversation",), ("conversation1",)]
    seeds = {delimiters.seed(secret, *scope) for secret, scope in product((SECRET, SECRET + "!"), scopes)}
    assert len(seeds) == 2 * len(scopes) and delimiters.seed(SECRET, *scopes[0]) in seeds


def test_seed_of_a_scope_is_neither_the_key_nor_a_signature() -> None:
    """Check the key itself and signatures of the scope made with it."""
    seed = delimiters.seed(SECRET, "conversation", "1")
    signed = {hmac.digest(SECRET.encode(), text, "sha256") for text in (b"conversation1", b'["conversation", "1"]', b'["conversation", "1"]\x01')}
    assert seed not in signed and SECRET.encode() not in seed


def test_make_delimiter_same_seed_returns_the_same_for_all_texts() -> None:
    drawn = delimiters.make_delimiter(b"seed", ["a text"])
    assert drawn == delimiters.make_delimiter(b"seed", []) == delimiters.make_delimiter(b"seed", ["another"])
    assert drawn != delimiters.make_delimiter(b"other", [])


def test_make_delimiter_text_with_known_delimiters_returns_an_unused_one() -> None:
    known: list[str] = []
    for _ in range(5):
        drawn = delimiters.make_delimiter(b"seed", [f"… {border} …" for border in known])
        assert drawn not in known and delimiters.make_delimiter(b"seed", known) == drawn
        known.append(drawn)


@pytest.mark.parametrize("text", ["a\nb", "a\r\nb", "a\u2028b", "a\u2029b", "a\x85b", "a\x0bb\x0c", '"\n=====', "\x7f"])
def test_line_text_with_line_breaks_is_one_line(text: str) -> None:
    written = delimiters.line({"text": text})
    assert len(written.splitlines()) == 1 and json.loads(written) == {"text": text}


def test_fence_sections_text_with_the_delimiter_uses_another() -> None:
    plain, _ = delimiters.fence_sections(b"seed", {"messages": ["Hi"]})
    drawn, block = delimiters.fence_sections(b"seed", {"messages": [f"{plain} end", "Hi"]})
    assert drawn != plain and block.split("\n") == [f"{drawn} messages", f'"{plain} end"', '"Hi"', f"{drawn} end"]
