# ruff: noqa: E501 - cases are one line each
"""The rules for topics and names that are never kept: what they find of the labelled statements, and what they leave alone."""

from __future__ import annotations

import pytest

from bench.topics.__main__ import FURTHER, LANGUAGES, find_topics, measure, missed_of, mistaken, neutral
from jobs.rules.memory import TOPICS
from jobs.rules.topics.topic_filter import make_topic_filter


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [*TOPICS, "NAME"])
def test_topic_filter_finds_95_percent_of_the_statements_of_a_topic(kind: str, language: str) -> None:
    for half, size, missed in measure(kind, language):
        assert len(missed) <= 0.05 * size, (half, missed)


@pytest.mark.parametrize("language", LANGUAGES)
def test_topic_filter_finds_95_percent_of_the_further_statements(language: str) -> None:
    for name in FURTHER:
        for kind, size, missed in missed_of(name, language):
            assert len(missed) <= 0.05 * size, (name, kind, missed)


@pytest.mark.parametrize("language", LANGUAGES)
def test_topic_filter_takes_few_neutral_statements_for_a_topic(language: str) -> None:
    assert len(mistaken(language)) <= 0.03 * len(neutral(language)), mistaken(language)


@pytest.mark.parametrize(("figure", "meant", "topic"), [
    ("I'm sick of this weather.", "I'm sick of this weather and have a fever.", "HEALTH"), ("I paid no attention.", "I paid no attention to my debts.", "MONEY"),
    ("她迷上了一个播客。", "她迷上了我的男朋友。", "LOVE"), ("参观了一座老教堂。", "在老教堂里祷告。", "BELIEFS"),
])  # fmt: skip
def test_topic_filter_leaves_a_figure_alone_and_finds_the_topic_beside_it(figure: str, meant: str, topic: str) -> None:
    assert not find_topics(figure) and find_topics(meant) == {topic}


@pytest.mark.parametrize(("name", "text"), [
    ("Anna", "I met Annabel and Joanna."), ("Bo", "A boat, a bow and Bob."), ("Kate Miller", "Kate met a miller."), ("王伟", "王先生很伟大。"), ("Tim", "Time flies."), ("Mia", "The miasma lifted."),
    ("Mary-Jane", "Mary met Jane."),
])  # fmt: skip
def test_topic_filter_of_a_name_leaves_other_words_alone(name: str, text: str) -> None:
    names = make_topic_filter((), (name,))
    assert names is not None and not names.touches(text) and names.touches(name)


def test_topic_filter_without_topics_and_names_is_none_and_leaves_unknown_topics_out() -> None:
    assert make_topic_filter((), ()) is None and make_topic_filter(("WEATHER",), ()) is None
    health = make_topic_filter(("HEALTH",), ())
    assert health is not None and health.touches("I have asthma.") and not health.touches("I earn 3,000 euros.") and health.covers_slot("identity.health")
