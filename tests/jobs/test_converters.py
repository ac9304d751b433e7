"""Signals from the check to the profile: polarity and context of what statements say, and opposites that never strengthen each other."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import datetime, time, timedelta, timezone
from functools import cache

import pytest

from jobs.converters import to_source_messages, to_stored_signals
from jobs.profile_inputs import to_evidence
from jobs.rules.diary.draft_check import check_draft
from jobs.rules.diary.drafts import Polarity
from jobs.rules.profile.profile import Evidence, Value, derive_profile
from persistence.models.chat import MessageRole
from persistence.queries.diary_writes import StoredSignal
from persistence.queries.job_inputs import LearnableMessage
from persistence.queries.profile_writes import EvidenceRow
from tests.jobs.rules.diary.test_draft_check import Quote, Signal
from tests.jobs.rules.factories import day, message_id

FOOD = "preferences.food"
PAIRS = 500


@cache
def learned(text: str, value: str, polarity: Polarity = "POSITIVE", *, slot: str = FOOD, on: int = 0) -> list[StoredSignal]:
    """Return what is stored of a statement of day `on` from which the model learns the value."""
    at = datetime.combine(day(on), time(12), timezone.utc)
    said = [LearnableMessage(message_id(1, on), message_id(0), message_id(9), MessageRole.USER, text, day(on), "UTC", 0, at)]
    draft = Signal(slot, value, (Quote(1, text),), polarity)
    return to_stored_signals(check_draft((), [draft], to_source_messages(said), day(on)).signals, said)


def evidence(signals: Iterable[StoredSignal]) -> list[Evidence]:
    return [
        to_evidence(EvidenceRow(
            signal.slot, signal.value, signal.value_key, signal.polarity, signal.confidence, signal.stated, item.day, item.message_id, item.said_at,
            item.relation, item.since, item.until, item.condition,
        ))
        for signal in signals for item in signal.evidence
    ]  # fmt: skip


@cache
def _alone(text: str, thing: str, polarity: Polarity, on: int) -> tuple[Value, ...]:
    return tuple(profile(learned(text, thing, polarity, on=on)))


def profile(*said: list[StoredSignal], on: int = 10) -> list[Value]:
    return list(derive_profile(evidence(signal for signals in said for signal in signals), [], day(on)))


def told(values: list[Value]) -> list[tuple[str, str, str]]:
    return [(value.value, value.polarity, value.status) for value in values]


@pytest.mark.parametrize(
    ("text", "value", "polarity", "kept"),
    [
        ("I hate cilantro.", "cilantro", "POSITIVE", ("cilantro", "DISLIKES", "ACTIVE")),
        ("I hate cilantro.", "cilantro", "NEGATIVE", ("cilantro", "DISLIKES", "ACTIVE")),
        ("I hate cilantro.", "hates cilantro", "POSITIVE", ("cilantro", "DISLIKES", "ACTIVE")),
        ("I don't eat pork.", "pork", "NEGATIVE", ("pork", "IS_NOT", "ACTIVE")),
        ("我不吃猪肉。", "猪肉", "NEGATIVE", ("猪肉", "IS_NOT", "ACTIVE")),
        ("我不吃猪肉。", "猪肉", "POSITIVE", ("猪肉", "IS_NOT", "ACTIVE")),
        ("我不吃猪肉。", "不吃猪肉", "POSITIVE", ("猪肉", "IS_NOT", "ACTIVE")),
        ("我讨厌香菜。", "香菜", "NEGATIVE", ("香菜", "DISLIKES", "ACTIVE")),
        ("I love tea.", "tea", "POSITIVE", ("tea", "LIKES", "ACTIVE")),
        ("I'm vegan.", "vegan", "POSITIVE", ("vegan", "IS", "ACTIVE")),
    ],
)
def test_to_stored_signals_of_a_statement_make_a_value_of_its_polarity(text: str, value: str, polarity: Polarity, kept: tuple[str, str, str]) -> None:
    assert told(profile(learned(text, value, polarity))) == [kept]


@pytest.mark.parametrize(
    ("slot", "text", "value", "context"),
    [
        ("identity.home", "I've lived in Bergen since 2019.", "Bergen", ("2019", None, None)),
        ("identity.home", "I live in Bergen until the end of March.", "Bergen", (None, "2026-03-31", None)),
        ("preferences.food", "I love coffee when I'm tired.", "coffee", (None, None, "when I'm tired")),
        ("preferences.food", "上班的时候我喜欢喝咖啡。", "咖啡", (None, None, "上班的时候")),
        ("identity.home", "我从去年开始住在杭州。", "杭州", ("2025", None, None)),
        ("habits.exercise", "I run on weekdays, and I've done it for three years.", "run", ("2023", None, "on weekdays")),
    ],
)
def test_to_stored_signals_keep_since_until_and_condition_of_the_statement(
    slot: str, text: str, value: str, context: tuple[str | None, str | None, str | None]
) -> None:
    [found] = profile(learned(text, value, slot=slot))
    assert (found.since, found.until, found.condition) == context


def test_to_stored_signals_of_an_ended_value_give_its_end() -> None:
    lived = learned("I live in Bergen.", "Bergen", slot="identity.home")
    [over] = profile(lived, learned("I no longer live in Bergen.", "Bergen", slot="identity.home", on=5))
    assert (over.status, over.until) == ("SUPERSEDED", day(5).isoformat())
    [only_over] = profile(learned("I used to live in Bergen.", "Bergen", slot="identity.home"))
    assert (only_over.status, only_over.confidence, only_over.until) == ("SUPERSEDED", 0.0, day(0).isoformat())


ENGLISH = (
    ("I love {}.", "I really like {}.", "I eat {} every day.", "{} is my favourite.", "I enjoy {} a lot.", "I'm a big fan of {}.", "I'm crazy about {}."),
    ("I don't like {}.", "I hate {}.", "I can't stand {}.", "I never eat {}.", "I don't eat {} any more.", "I no longer like {}.", "I'm not a fan of {}.",
     "I used to love {}.", "I really dislike {}.", "I hardly ever eat {}.",
     "I don't think I like {}.", "I'm sick of {}.", "I've never liked {}.", "I do not enjoy {}.",
     "{} is not my thing.", "I gave up {}.", "I'm fed up with {}.", "I have never eaten {}."),
    "coffee tea cilantro pork beef mushrooms olives cheese noodles sushi "
    "anchovies durian tofu beer wine chocolate garlic onions oysters lamb celery curry liver".split(),
)  # fmt: skip
CHINESE = (
    ("我喜欢吃{}。", "我爱吃{}。", "我每天都吃{}。", "我最爱{}。", "我很喜欢{}。", "{}是我的最爱。", "我特别喜欢吃{}。"),
    ("我不喜欢吃{}。", "我讨厌{}。", "我受不了{}。", "我从来不吃{}。", "我不吃{}。", "我再也不吃{}了。", "我不太喜欢{}。", "我以前爱吃{}。", "我不再吃{}了。",
     "我很少吃{}。",
     "我没吃过{}。", "我戒了{}。", "我并不喜欢{}。", "{}我不吃。", "我不怎么吃{}。", "我吃腻了{}。", "我一点都不喜欢{}。", "我最烦{}了。"),
    "咖啡 香菜 猪肉 牛肉 蘑菇 芹菜 奶酪 面条 寿司 榴莲 豆腐 啤酒 巧克力 大蒜 洋葱 羊肉 苦瓜 茄子 火锅 螃蟹 鸭血 皮蛋 臭豆腐".split(),
)  # fmt: skip


def confidence(values: Iterable[Value], thing: str, *, negated: bool) -> float:
    return max((value.confidence for value in values if value.value == thing and value.polarity in ("DISLIKES", "IS_NOT") == negated), default=0.0)


@pytest.mark.parametrize("language", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_negations_in_generated_pairs_never_strengthen_their_opposite(language: tuple[tuple[str, ...], tuple[str, ...], list[str]]) -> None:
    choose, flips, effective = random.Random(20261128), list[str](), 0
    liked, denied, things = language
    for _ in range(PAIRS):
        thing, says, denies = choose.choice(things), choose.choice(liked), choose.choice(denied)
        claimed: Polarity = choose.choice(("POSITIVE", "NEGATIVE"))
        positive, negative = says.format(thing), denies.format(thing)
        for first, second in ((positive, negative), (negative, positive)):
            kept = learned(first, thing, claimed, on=0)
            both = profile(kept, learned(second, thing, claimed, on=1))
            alone = _alone(first, thing, claimed, 0)
            is_negative = second == negative
            if confidence(both, thing, negated=not is_negative) > confidence(alone, thing, negated=not is_negative):
                flips.append(f"{first} {second} {claimed}")
            if is_negative and confidence(_alone(second, thing, claimed, 1), thing, negated=False):
                flips.append(f"{second} {claimed}")
        effective += bool(_alone(negative, thing, "NEGATIVE", 0))
    assert flips == []
    assert effective >= 0.8 * PAIRS


def test_opposites_the_newest_explicit_statement_wins_and_the_other_ends() -> None:
    likes, hates = learned("I love olives.", "olives", on=0), learned("I hate olives.", "olives", on=3)
    again = learned("I like olives.", "olives", on=6)
    assert told(profile(likes, hates)) == [("olives", "DISLIKES", "ACTIVE"), ("olives", "LIKES", "SUPERSEDED")]
    [_, over] = profile(likes, hates)
    assert over.ended_at == datetime.combine(day(3), time(12), timezone.utc) and over.until == day(3).isoformat()
    assert told(profile(likes, hates, again)) == [("olives", "LIKES", "ACTIVE"), ("olives", "DISLIKES", "SUPERSEDED")]
    assert told(profile(likes)) == [("olives", "LIKES", "ACTIVE")], "the winner's evidence is gone"


def test_opposites_under_different_conditions_both_hold() -> None:
    tired, evening = learned("I like coffee when I'm tired.", "coffee", on=0), learned("I don't like coffee in the evening.", "coffee", "NEGATIVE", on=3)
    found = {value.polarity: (value.status, value.condition) for value in profile(tired, evening)}
    assert found == {"LIKES": ("ACTIVE", "when I'm tired"), "DISLIKES": ("ACTIVE", "in the evening")}


def test_condition_is_gone_with_the_statement_that_said_it() -> None:
    plain, conditional = learned("I love coffee.", "coffee", on=0), learned("I love coffee on weekdays.", "coffee", on=3)
    assert [value.condition for value in profile(plain, conditional)] == ["on weekdays"]
    assert [value.condition for value in profile(plain)] == [None]


def test_value_with_an_end_holds_until_that_day() -> None:
    berlin = learned("I live in Berlin until March 20.", "Berlin", slot="identity.home")
    end = (day(0) + timedelta(days=19)).isoformat()
    assert [(value.status, value.until) for value in profile(berlin, on=19)] == [("ACTIVE", end)]
    assert [(value.status, value.until) for value in profile(berlin, on=20)] == [("SUPERSEDED", end)]
