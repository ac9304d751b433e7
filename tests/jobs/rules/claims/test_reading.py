# ruff: noqa: E501 - a row is one example
"""Readings of a sentence at the words of a value: polarity, marks, subject, quotation and condition."""

from __future__ import annotations

import pytest

from jobs.rules.claims.context import find_condition
from jobs.rules.claims.judgement import is_in_quotation
from jobs.rules.claims.readable import find_line_fault
from jobs.rules.claims.reading import Sentence


def sentence(content: str, *, elided: bool = False) -> Sentence:
    return Sentence(content, 0, len(content), elided=elided)


def span(found: Sentence, words: str) -> tuple[int, int]:
    start = found.text.rindex(words)
    return start, start + len(words)


@pytest.mark.parametrize(
    ("content", "words", "attitude"),
    [
        ("I drink tea;hate coffee", "tea", None), ("I drink tea;hate coffee", "coffee", "DISLIKES"), ("我喝茶，讨厌咖啡。", "茶", None), ("我喝茶，讨厌咖啡。", "咖啡", "DISLIKES"),
        ("I love tea, it's cheap", "tea", "LIKES"),
    ],
)  # fmt: skip
def test_read_attitude_of_the_next_clause_is_not_that_of_this_one(content: str, words: str, attitude: str | None) -> None:
    found = sentence(content)
    assert found.read(*span(found, words)).attitude == attitude


@pytest.mark.parametrize(
    ("content", "words", "negative"),
    [
        ("I moved to Bergen not Oslo.", "bergen", False), ("I moved to Bergen not Oslo.", "oslo", True), ("我咖啡不喝了", "咖啡", True), ("Coffee is not good", "coffee", True),
        ("我不喝茶，咖啡和一些果汁酒", "果汁", True), ("我不喝茶，咖啡和那一些果汁酒", "果汁", False),
    ],
)  # fmt: skip
def test_read_negation_behind_the_words_of_a_subject_or_before_a_short_list_reaches_them(content: str, words: str, negative: bool) -> None:
    found = sentence(content)
    assert found.read(*span(found, words)).is_negative is negative


@pytest.mark.parametrize(
    ("content", "words", "marks"),
    [
        ("When I was a child I loved candy, but now I love tea.", "candy", ["PAST"]), ("When I was a child I loved candy, but now I love tea.", "tea", []),
        ("Now I love tea; when I was a child, I loved candy.", "candy", ["PAST"]), ("小时候我爱吃糖，现在我爱喝茶。", "茶", []), ("现在我爱喝茶，小时候我爱吃糖。", "糖", ["PAST"]),
        ("现在我爱喝茶，小时候我爱吃糖。", "茶", []), ("If I were rich, I would buy a boat, but actually I love my bike.", "bike", []),
    ],
)  # fmt: skip
def test_read_mark_of_the_past_ends_where_a_later_clause_returns_to_the_present(content: str, words: str, marks: list[str]) -> None:
    found = sentence(content)
    assert sorted(found.read(*span(found, words)).marks) == marks


@pytest.mark.parametrize(
    ("content", "words", "asks"),
    [
        ("I love tea, and do you like coffee?", "tea", False), ("I love tea, and do you like coffee?", "coffee", True), ("I love tea, right?", "tea", False), ("我喜欢喝茶，你呢？", "茶", False),
        ("You drink tea?", "tea", True), ("I slept badly, but durian is my favourite?", "durian", True), ("Right?", "right", True), ("Do I like tea, coffee or milk?", "tea", True),
    ],
)  # fmt: skip
def test_read_question_mark_asks_in_the_last_clause_and_in_those_that_begin_as_questions(content: str, words: str, asks: bool) -> None:
    found = sentence(content)
    assert ("QUESTION" in found.read(*span(found, words)).marks) is asks


@pytest.mark.parametrize(
    ("content", "subjects"),
    [
        ("Thank you, I love tea.", ["i"]), ("See you tomorrow.", []), ("For you I cooked.", ["i"]), ("You love tea.", ["you"]), ("I live with her and she cooks.", ["i", "she"]),
        ("Like you said, it rained.", []),
    ],
)  # fmt: skip
def test_subjects_you_behind_a_preposition_or_a_verb_is_none(content: str, subjects: list[str]) -> None:
    assert [subject.name for subject in sentence(content).subjects] == subjects


@pytest.mark.parametrize(
    ("content", "words", "quoted"),
    [
        ("The sign said 'we all love fresh coffee here'.", "coffee", True), ("The sign said 'we all love fresh bread here', and coffee was good.", "coffee", False),
        ("Coffee, as 'the good old days' go.", "coffee", False), ("我说'我们都喜欢喝咖啡的人'茶", "咖啡", True), ("我说'我们都喜欢喝咖啡的人'茶", "茶", False), ("I read 'Coffee' twice.", "coffee", False),
    ],
)  # fmt: skip
def test_is_in_quotation_holds_for_words_within_the_marks_alone(content: str, words: str, quoted: bool) -> None:
    found = sentence(content)
    assert is_in_quotation(found, *span(found, words), words) is quoted


@pytest.mark.parametrize(
    ("content", "words", "condition"),
    [
        ("At work I drink tea.", "tea", "at work"), ("If it rains, I run indoors.", "run", "if it rains"), ("NBA开赛的时候我喝啤酒。", "啤酒", "NBA开赛的时候"),
        ("I'm tired的时候喜欢喝茶。", "茶", "I'm tired的时候"), ("  ; tea at work", "tea", "at work"), (", at work I drink tea, never milk", "tea", "at work"),
    ],
)  # fmt: skip
def test_find_condition_begins_with_a_small_letter_unless_it_is_written_in_capitals(content: str, words: str, condition: str) -> None:
    found = sentence(content)
    assert find_condition(words, found, *span(found, words)) == condition


@pytest.mark.parametrize(
    ("line", "content", "fault"),
    [
        ("Adopted a kitten.", "I have an appointment to adopt a kitten.", "WORDS"), ("Today adopted a kitten.", "I have an appointment to adopt a kitten.", None),
        ("Paid the rent.", "I walked the dog.", "WORDS"), ("Walked the dog.", "I walked the dog.", None), ("Walked in the park.", "I walked.", "WORDS"),
        ("Went for a walk with a plan.", "I went for a walk.", None), ("Went for a walk with a friend.", "I went for a walk.", "WORDS"), ("Talked with my love about tea.", "I talked about tea.", None),
    ],
)  # fmt: skip
def test_find_line_fault_of_a_line_that_cannot_be_a_paraphrase_is_words(line: str, content: str, fault: str | None) -> None:
    assert find_line_fault(sentence(line, elided=True), [sentence(content)]) == fault
