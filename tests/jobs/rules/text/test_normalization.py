"""Folding of texts, and finding a folded quote in the original text."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jobs.rules.slots import value_key
from jobs.rules.text.normalization import fold, has_content, to_single_line
from jobs.rules.text.quotes import find_quote

TRICKY = "aAzZßİıΣσς ﬁﬂ½①ＡＢｃ１２３，。！？、“”‘’'\"「」《》—–-~〜…ｶﾞガé가각ㄱㅏᄀ ᅡ́̈̇\u200b\u200d\ufe0f\u00a0\u3000\n\t你好我喜欢徒步👨‍👩‍👧❤🏽🇨🇳"
texts = st.text(st.one_of(st.sampled_from(TRICKY), st.characters()), max_size=40)


def find(quote: str, content: str) -> str | None:
    place = find_quote(quote, content, fold(content))
    return None if place is None else content[place[0] : place[1]]


@given(text=texts)
@example(text="ﬁn ＡＢ\u3000ｶﾞ e\u0301 가 👨‍👩‍👧")
@settings(max_examples=400, deadline=None)
def test_fold_any_text_maps_each_character_to_its_position(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    assert list(folded.starts) == sorted(folded.starts)
    assert list(folded.ends) == sorted(folded.ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(folded.starts, folded.ends, strict=True))


@given(text=texts)
@settings(max_examples=400, deadline=None)
def test_fold_twice_equals_once(text: str) -> None:
    once = fold(text).text
    assert fold(once).text == once


@given(before=texts, quote=texts.filter(has_content), after=texts)
@settings(max_examples=400, deadline=None)
def test_find_quote_slice_of_the_message_is_found(before: str, quote: str, after: str) -> None:
    content = before + quote + after
    found = find(quote, content)
    assert found is not None
    assert found in content


@given(content=texts, quote=texts)
@settings(max_examples=400, deadline=None)
def test_find_quote_found_text_equals_the_quote_when_folded(content: str, quote: str) -> None:
    found = find(quote, content)
    if found is not None and found != quote:
        assert fold(quote).text.strip() in fold(found).text or value_key(quote) in value_key(found)


@pytest.mark.parametrize(
    ("quote", "content", "found"),
    [
        ("i like tea", "Well, I  like\nTEA a lot", "I  like\nTEA"),
        ("ABC123", "编号ＡＢＣ１２３吧", "ＡＢＣ１２３"),
        ("我喜欢徒步,真的!", "是啊，我喜欢徒步，真的！", "我喜欢徒步，真的！"),
        ("我用Python写代码", "我用 Python 写代码", "我用 Python 写代码"),
        ("我用 Python 写代码", "我用Python写代码", "我用Python写代码"),
        ('He said "yes"', "he said “yes” to me", "he said “yes”"),
        ("don't", "I don’t know", "don’t"),
        ("café", "the cafe\u0301 there", "cafe\u0301"),
        ("finance", "in ﬁnance now", "ﬁnance"),
        ("ガム", "ｶﾞﾑを買う", "ｶﾞﾑ"),
        ("straße", "in der STRASSE", "STRASSE"),
        ("I like tea.", "I like tea", "I like tea"),
        ("“我喜欢茶。”", "因为我喜欢茶", "我喜欢茶"),
        ("❤ you", "I ❤️ you", "❤️ you"),
        ("zero width", "ze\u200bro width", "ze\u200bro width"),
        ("art", "a party about art", "art"),
        ("嗯", "嗯，好", "嗯"),
        ("👨‍👩‍👧", "us: 👨‍👩‍👧!", "👨‍👩‍👧"),
        ("I like coffee", "I like tea", None),
        ("like  not", "likenot", None),
        ("e", "\u00e9", None),
        ("I like ... tea", "I like green tea", None),
        ("", "anything", None),
        ("。", "好。", "。"),
    ],
)
def test_find_quote_of_each_spelling_returns_the_original_text_or_none(quote: str, content: str, found: str | None) -> None:
    assert find(quote, content) == found


@given(text=texts)
@settings(max_examples=400, deadline=None)
def test_value_key_of_a_key_is_unchanged(text: str) -> None:
    assert value_key(value_key(text)) == value_key(text)
    assert value_key(f" {text}。") == value_key(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hiking!", "ｈｉｋｉｎｇ"),
        ("喜欢 徒步。", "喜欢徒步"),
        ("9–17", "9 - 17"),
        ("❤️", "❤"),
        ("well-being", "Well being"),
        ("caf\u00e9", "cafe\u0301"),
    ],
)
def test_value_key_of_two_spellings_is_the_same(one: str, other: str) -> None:
    assert value_key(one) == value_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [("7:30", "730"), ("C#", "C"), ("C++", "C"), ("1.5 km", "15 km"), ("不吃辣", "吃辣"), ("2 3", "23")],
)
def test_value_key_of_different_values_differs(one: str, other: str) -> None:
    assert value_key(one) != value_key(other)


def test_value_key_of_text_without_content_is_empty() -> None:
    assert value_key(" …！\u200b") == ""


@given(text=st.text(max_size=60))
def test_to_single_line_any_text_returns_one_line_that_can_be_stored(text: str) -> None:
    cleaned = to_single_line(text)
    cleaned.encode()
    assert "\x00" not in cleaned
    assert cleaned == " ".join(cleaned.split())
    assert to_single_line(cleaned) == cleaned
