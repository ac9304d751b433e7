"""Functions that read a user's text run in linear, not quadratic time.

Growth is measured in CPU time of this thread, which a busy machine hardly changes, between half the longest permitted length and all of it, and
compared as a ratio: 2 is linear, 4 is quadratic. A function that takes under `NOTHING` at the longest length passes whatever its ratio.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.rules import slots, statements
from jobs.rules.diary import draft_check
from jobs.rules.diary.drafts import SourceMessage
from jobs.rules.diary.fallback import fallback
from jobs.rules.profile import merges
from jobs.rules.search.dates.days import Calendar
from jobs.rules.search.dates.named_days import find_named_days
from jobs.rules.search.query import asks_about_past, read_query
from jobs.rules.search.search_terms import count_terms, query_terms
from jobs.rules.text import normalization, secrets
from jobs.rules.text.pasted_text import Pasted
from jobs.rules.text.quotes import find_quote
from jobs.rules.text.sentences import keywords, sentences
from jobs.rules.text.spans import Spans
from jobs.rules.wishes import MAX_MESSAGE, find_wishes, forgotten_spans
from jobs.user_edits import mentions_removed_text
from llm import delimiters, tokens
from resolvers import account, display_names, text_validation
from resolvers.chat.exchange_storage import title_of
from resolvers.errors import InvalidInput
from resolvers.portability.markdown_text import escape_line, quote, yaml_value
from resolvers.text_limits import MAX_CONTENT_LENGTH, MAX_TITLE_LENGTH

pytestmark = pytest.mark.once

LONGEST = MAX_CONTENT_LENGTH
NOTHING = 0.1
"""Seconds of CPU for the longest text."""
GROWTH = 3.0
DAY = date(2026, 3, 1)


def message(text: str) -> list[SourceMessage]:
    return [SourceMessage(1, UUID(int=1), True, DAY, text)]


def check(text: str) -> object:
    quote = SimpleNamespace(message=1, text=text[:400])
    line = SimpleNamespace(kind="SUMMARY", text=text[:300], evidence=[quote], happens_on=None)
    signal = SimpleNamespace(
        slot="preferences.food", value=text[:100], polarity="POSITIVE", confidence=0.5, stated=True, evidence=[quote], happens_on=None,
    )
    return draft_check.check_draft([line] * 3, [signal] * 3, message(text), DAY)


def markdown(text: str) -> str:
    return escape_line(text) + quote(text) + yaml_value(text)


def refusing(work: Callable[[str], Any]) -> Callable[[str], Any]:
    def quietly(text: str) -> Any:
        try:
            return work(text)
        except InvalidInput as refusal:
            return refusal

    return quietly


READERS: Mapping[str, Callable[[str], Any]] = {
    "sentences": lambda text: list(sentences(text)),
    "topics": keywords,
    "wishes": lambda text: [find_wishes("FORGET", part) for part in (text, text[:MAX_MESSAGE])],
    "forgotten_spans": lambda text: list(forgotten_spans(text)),
    "find_secrets": secrets.find_secrets,
    "pasted": lambda text: Pasted(text).holds(5, 9),
    "find_quote": lambda text: find_quote(text[:500], text, normalization.fold(text)),
    "find_long_quote": lambda text: find_quote(text, text + "x", normalization.fold(text + "x")),
    "question_terms": query_terms,
    "count": lambda text: count_terms(text, query_terms(text[:200])),
    "fold": normalization.fold,
    "fold_characters": normalization.fold_characters,
    "clean": normalization.to_single_line,
    "says_something": normalization.has_content,
    "fallback": lambda text: fallback(message(text), "en"),
    "check": check,
    "value_key": slots.value_key,
    "names": lambda text: statements.mentions(text[:120], text),
    "is_stated": lambda text: statements.is_stated(text[:120], slots.SLOTS["habits.sleep"], [text]),
    "merging_words": merges._words,
    "tells": lambda text: mentions_removed_text(text, [text[:500]], []),
    "tokens_count": tokens.count,
    "tokens_trim": lambda text: tokens.truncate(text, 100),
    "tokens_split": lambda text: list(tokens.split(text, 1)),
    "line": delimiters.line,
    "enclose": lambda text: delimiters.fence_sections(b"seed", {"a": [text]}),
    "checked": refusing(lambda text: text_validation.validate_text("content", text, 2 * LONGEST)),
    "checked_line": refusing(lambda text: text_validation.validate_line("title", text, 2 * LONGEST)),
    "validate_name": refusing(lambda text: text_validation.validate_name("title", text, MAX_TITLE_LENGTH)),
    "checked_tags": refusing(lambda text: text_validation.validate_tags(text.split())),
    "find_hidden": lambda text: display_names.find_hidden(text[: MAX_TITLE_LENGTH]),
    "search_words": refusing(lambda text: text_validation.search_words("query", text)),
    "read_query": lambda text: read_query(text, Calendar(DAY, (5, 20)), ["ann"]),
    "find_named_days": lambda text: find_named_days(text, Calendar(DAY)),
    "asks_about_past": asks_about_past,
    "title_of": title_of,
    "nickname": refusing(lambda text: account.validate_account_fields({"nickname": text})),
    "locale": refusing(lambda text: account.validate_account_fields({"locale": text})),
    "time_zone": refusing(lambda text: account.validate_account_fields({"time_zone": text})),
    "markdown": markdown,
}

UNITS = (
    *(chr(code) for code in range(33, 127) if not chr(code).isalnum()),
    *"。！？…；、，：「」“”‘’（）—·《１Ａ字aA1é🙂\u0301\u1161\ufdfaİß\u3000\u200b\u200d\ufe0f\u202e\u00a0\u034f\ue000\U000e0001",
    " ", "\n", "\r\n", "\t", ".a", "!a", "'a", '"a', "‘a", "“a", "「a", "1 ", "12-", "1.", "4111 1111 1111 1111 ", "aA1", "0a" * 16 + " ", "aA1" * 11 + " ",
    "((",
    "\u0316\u0301", "\u0301\uff9e", "\u0f71\u0f72", "\u0301\u0f73", "e\u0301", "\u1100\u1161", "👩\u200d🍳", "pass ", "my password is ", "密码", "密码是",
    "pin ",
    "-----BEGIN ", "-----BEGIN PRIVATE KEY", "eyJ", "://a:b@", "```\n", "~~~", '"""', "“““\n", "「「「", "<|", "<|a|>", "> ", '[":', '{":\n', "=====\n",
    "hiking ",
    "什么时候", "今天。", "\ud800", "password for a b c ", "ssn ", "[\n", "<a", "a.) ", "字 1 ",
)  # fmt: skip


def family(length: int) -> Iterator[str]:
    for unit in UNITS:
        yield unit * ((length - 1) // len(unit)) + "a"
    yield "".join(UNITS[place % len(UNITS)] for place in range(length))[:length]


def seconds(work: Callable[[str], Any], text: str, tries: int) -> float:
    """Return the least time of some tries, with the caches emptied before each."""
    least = float("inf")
    for _ in range(tries):
        for kept in (secrets._narrow_character, normalization._fold_cluster, slots.value_key):
            kept.cache_clear()
        began = time.thread_time()
        work(text)
        least = min(least, time.thread_time() - began)
    return least


def grows(work: Callable[[str], Any], short: str, long: str) -> bool:
    """Return True when time grows by more than `GROWTH` from the short to the long text in every series of tries."""
    if seconds(work, long, 1) < NOTHING:
        return False
    return all(seconds(work, long, tries) > max(NOTHING, GROWTH * seconds(work, short, tries)) for tries in (1, 2, 4))


@pytest.mark.parametrize("name", READERS)
def test_text_functions_each_run_in_linear_time(name: str) -> None:
    long = list(family(LONGEST))
    short = list(family(LONGEST // 2))
    bad = [long[place][:20] for place in range(len(long)) if grows(READERS[name], short[place], long[place])]
    assert not bad, f"{name} takes more than linear time on {bad}"


def test_grows_quadratic_function_returns_true() -> None:
    def quadratic(text: str) -> int:
        return sum(1 for at in range(0, len(text), 32) for _ in text[at:])

    # A busy machine can disturb a measurement, and a disturbed one only makes growth look smaller.
    assert any(grows(quadratic, "." * (LONGEST // 2), "." * LONGEST) for _ in range(3))


SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 8)).map(lambda given: (given[0], given[0] + given[1])), max_size=8)


@given(SPANS, st.integers(0, 30), st.integers(1, 8))
@settings(max_examples=300, deadline=None)
def test_spans_any_range_matches_a_linear_search(spans: list[tuple[int, int]], start: int, length: int) -> None:
    end, found = start + length, Spans(spans)
    real = [span for span in spans if span[0] < span[1]]
    assert found.touch(start, end) == any(first < end and start < last for first, last in real)
    assert found.enclose(start, end) == any(first <= start and end <= last for first, last in real)


@given(st.text(alphabet=".a \n!)”’\"1", max_size=40))
@settings(max_examples=500, deadline=None)
def test_sentences_any_text_match_a_search_at_every_full_stop(text: str) -> None:
    import re

    every_dot = re.compile(r"[。！？!?…；;]+[”’」』\"')）】]*|\.+[”’\"')]*(?=\s|$)|[\r\n]+")
    ends = {match.end() for match in every_dot.finditer(text)} | {len(text)}
    found = [(sentence.start, sentence.end) for sentence in sentences(text)]
    wanted, start = [], 0
    for end in sorted(ends):
        part = text[start:end]
        if normalization.has_content(part):
            wanted.append((start + len(part) - len(part.lstrip()), start + len(part.rstrip())))
        start = end
    assert found == wanted


@given(st.text(alphabet="a\u0301\u0316\u0f73ﾞ가ﬁ ", max_size=60))
@settings(max_examples=300, deadline=None)
def test_normalize_text_with_few_combining_marks_matches_unicodedata(text: str) -> None:
    import unicodedata

    if not any(len(run) > normalization.MARKS for run in text.replace("a", " ").replace("ﬁ", " ").replace("가", " ").split(" ")):
        assert normalization.normalize("NFKC", text) == unicodedata.normalize("NFKC", text)
