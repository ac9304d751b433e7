# ruff: noqa: E501 - cases are one line each
"""The rules for topics and names that are never kept: what they find of the labelled statements, and what they leave alone."""

from __future__ import annotations

import pytest

from bench.topics.__main__ import FURTHER, LANGUAGES, further, measure, mistaken
from jobs.rules.memory import TOPICS
from jobs.rules.topics.topic_filter import find_topics, make_topic_filter


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [*TOPICS, "NAME"])
def test_topic_filter_finds_95_percent_of_the_statements_of_a_topic(kind: str, language: str) -> None:
    for half, size, missed in measure(kind, language):
        assert len(missed) <= 0.05 * size, (half, missed)


@pytest.mark.parametrize("language", LANGUAGES)
def test_topic_filter_finds_95_percent_of_the_further_statements(language: str) -> None:
    statements = [statement for name in FURTHER for statement in further(name, language)]
    assert len([text for topic, text in statements if topic not in find_topics(text)]) <= 0.05 * len(statements)


@pytest.mark.parametrize("language", LANGUAGES)
def test_topic_filter_takes_few_neutral_statements_for_a_topic(language: str) -> None:
    assert len(mistaken(language)) <= 3, mistaken(language)


@pytest.mark.parametrize(("name", "text"), [
    ("Anna", "I met Annabel and Joanna."), ("Bo", "A boat, a bow and Bob."), ("Kate Miller", "Kate met a miller."), ("王伟", "王先生很伟大。"), ("Tim", "Time flies."), ("Mia", "The miasma lifted."),
])  # fmt: skip
def test_topic_filter_of_a_name_leaves_other_words_alone(name: str, text: str) -> None:
    names = make_topic_filter((), (name,))
    assert names is not None and not names.touches(text) and names.touches(name)


def test_topic_filter_without_topics_and_names_is_none_and_leaves_unknown_topics_out() -> None:
    assert make_topic_filter((), ()) is None and make_topic_filter(("WEATHER",), ()) is None
    health = make_topic_filter(("HEALTH",), ())
    assert health is not None and health.touches("I have asthma.") and not health.touches("I earn 3,000 euros.") and health.covers_slot("identity.health")
