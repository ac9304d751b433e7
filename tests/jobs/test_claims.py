"""A night with a model that lies about what a user wrote: what is stored, what is corrected, and what is told to admins."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest

from persistence.models import Diary, DiaryLine, DiaryVersion, JobAttempt, LineEvidence, ProfileValue, Signal, SignalEvidence
from persistence.models.diary import LineKind, Origin, Polarity, StatementRelation
from persistence.models.jobs import Job
from persistence.models.profile import ValuePolarity, ValueStatus
from tests.jobs.job_setup import ModelServer, add_person, night, rows, say
from tests.jobs.test_nights import MONDAY

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

WALK = "I walked the dog around the reservoir."
WALK_ZH = "我绕着水库遛狗。"


@pytest.fixture
async def model(model_server: str) -> ModelServer:
    server = ModelServer(model_server)
    await server.reset()
    return server


def line(text: str, quote: str, kind: str = "SUMMARY") -> Mapping[str, Any]:
    return {"kind": kind, "text": text, "evidence": [{"message": 1, "quote": quote}]}


def signal(slot: str, value: str, quote: str, message: int, polarity: str = "POSITIVE") -> Mapping[str, Any]:
    """Return a signal of the user's `message`, counted from 1; an answer stands between any two of them."""
    evidence = [{"message": 2 * message - 1, "quote": quote}]
    return {"slot": slot, "value": value, "polarity": polarity, "stated": True, "confidence": 0.9, "evidence": evidence}


async def write(model: ModelServer, texts: Sequence[str], lines: Sequence[Mapping[str, Any]], signals: Sequence[Mapping[str, Any]]) -> None:
    """Have the model answer a day of these messages with this draft."""
    await say(await add_person(), MONDAY, *texts)
    await model.fail(answers={"diary": json.dumps({"lines": lines, "signals": signals, "mood": None}, ensure_ascii=False)})
    await night(Job.DAILY_DIARY)
    await night(Job.DAILY_PROFILE)


async def test_daily_diary_stores_the_whole_statement_and_what_was_cited_of_it(model: ModelServer) -> None:
    said = f"Rain again. {WALK} Then soup."
    await write(model, [said, "我喜欢喝茶，尤其是绿茶。"], [line("Walked the dog.", "walked the dog")], [signal("preferences.food", "茶", "喜欢喝茶", 2)])
    [stored], [proof] = await rows(LineEvidence), await rows(SignalEvidence)
    assert (stored.quote, said[stored.start :][: len(stored.quote)], said[stored.cited_start : stored.cited_end]) == (WALK, WALK, "walked the dog")
    assert (proof.quote, proof.start, proof.cited_start, proof.cited_end) == ("我喜欢喝茶，尤其是绿茶。", 0, 1, 5)


@pytest.mark.parametrize(
    ("walk", "texts", "lies"),
    [
        (
            WALK,
            ["I don't like coffee any more.", "My brother is a pilot.", "Should I move to Porto?", "If I were rich I'd live in Kyoto.", "I love glue, jk"],
            ["preferences.food=coffee", "identity.occupation=pilot", "identity.home=Porto", "identity.home=Kyoto", "preferences.food=glue"],
        ),
        (
            WALK_ZH,
            ["我不喜欢喝咖啡了。", "我哥是飞行员。", "我要不要搬去厦门？", "要是有钱我就住在京都了。", "我最爱吃胶水，开玩笑的。"],
            ["preferences.food=咖啡", "identity.occupation=飞行员", "identity.home=厦门", "identity.home=京都", "preferences.food=胶水"],
        ),
    ],
    ids=["en", "zh"],
)  # fmt: skip
async def test_daily_diary_stores_no_value_whose_statement_says_otherwise(
    model: ModelServer, walk: str, texts: Sequence[str], lies: Sequence[str]
) -> None:
    drafted = [signal(slot, value, value, number) for number, (slot, _, value) in enumerate((lie.partition("=") for lie in lies), start=2)]
    robbed = [line("Robbed a bank at noon.", walk, kind="HIGHLIGHT"), line("中午抢了银行。", walk, kind="HIGHLIGHT")]
    await write(model, [walk, *texts], [line(walk, walk), *robbed], drafted)
    assert {found.polarity for found in await rows(Signal)} <= {Polarity.NEGATIVE}
    assert {found.polarity for found in await rows(ProfileValue)} <= {ValuePolarity.DISLIKES}
    assert [found.text for found in await rows(DiaryLine)] == [walk]
    [attempt] = [found for found in await rows(JobAttempt) if found.job is Job.DAILY_DIARY]
    assert {"NEGATION", "OTHER_SUBJECT", "QUESTION", "HYPOTHESIS", "JOKE", "UNDECIDED"} <= set(attempt.dropped)
    [version] = await rows(DiaryVersion)
    assert version.dropped_count == sum(attempt.dropped.values())


async def test_daily_diary_turns_a_disliked_value_and_keeps_a_plan_as_a_decision(model: ModelServer) -> None:
    plan = "I'm going to move to Vienna next spring."
    signals = [signal("preferences.food", "cilantro", "cilantro", 2), signal("identity.home", "Vienna", "move to Vienna", 3)]
    await write(model, [WALK, "I hate cilantro.", plan], [line(WALK, WALK)], signals)
    assert [(found.value, found.polarity) for found in await rows(Signal)] == [("cilantro", Polarity.NEGATIVE)]
    [value] = await rows(ProfileValue)
    assert (value.value, value.polarity, value.status) == ("cilantro", ValuePolarity.DISLIKES, ValueStatus.ACTIVE)
    assert [found.text for found in await rows(DiaryLine) if found.kind is LineKind.DECISION] == [plan]


async def test_daily_diary_whose_summary_no_statement_says_gets_a_fallback_entry(model: ModelServer) -> None:
    await write(model, [WALK], [line("Robbed a bank at noon.", WALK)], [])
    [version] = await rows(DiaryVersion)
    assert version.origin is Origin.FALLBACK and len(await rows(Diary)) == 1
    assert [found.text for found in await rows(DiaryLine)] == [WALK]
    [attempt] = [found for found in await rows(JobAttempt) if found.job is Job.DAILY_DIARY]
    assert (attempt.error_code, attempt.dropped) == ("MODEL_UNSUPPORTED", {"UNDECIDED": 1})


async def test_daily_diary_correction_of_the_same_day_leaves_out_what_stood_on_its_words(model: ModelServer) -> None:
    home, food = signal("identity.home", "Bergen", "live in Bergen", 1), signal("preferences.food", "tea", "like tea", 1)
    lines = [line("I like tea.", "I like tea"), line("I live in Bergen.", "I live in Bergen", kind="HIGHLIGHT")]
    await write(model, ["I like tea. I live in Bergen.", "Sorry, not Bergen but Oslo."], lines, [home, food])
    assert [found.value for found in await rows(ProfileValue)] == ["tea"]
    assert [found.text for found in await rows(DiaryLine)] == ["I like tea."]
    [attempt] = [found for found in await rows(JobAttempt) if found.job is Job.DAILY_DIARY]
    assert attempt.dropped["CORRECTED"] == 2


@pytest.mark.parametrize(
    ("slot", "said", "quote", "value", "polarity", "correction", "right"),
    [
        ("identity.home", "I live in Bergen.", "live in Bergen", "Bergen", "POSITIVE", "No, I meant Oslo.", "Oslo"),
        ("identity.home", "我住在杭州。", "住在杭州", "杭州", "POSITIVE", "不是杭州，是上海。", "上海"),
        ("identity.occupation", "I work as a school nurse.", "school nurse", "school nurse", "POSITIVE", "Sorry, not a nurse but a cook.", "school cook"),
        ("preferences.food", "I hate coffee.", "hate coffee", "coffee", "NEGATIVE", "Oops, not coffee, tea.", "tea"),
        ("preferences.food", "我讨厌咖啡。", "讨厌咖啡", "咖啡", "NEGATIVE", "我说错了，不是咖啡，是茶。", "茶"),
        ("identity.home", "I live in Bergen.", "live in Bergen", "Bergen", "POSITIVE", "Scratch that.", None),
        ("identity.home", "I live in Bergen.", "live in Bergen", "Bergen", "POSITIVE", "Scratch that, it was a joke.", None),
        ("identity.home", "我住在杭州。", "住在杭州", "杭州", "POSITIVE", "我说错了，别当真。", None),
    ],
    ids=["home_en", "home_zh", "part_of_a_value", "dislike_en", "dislike_zh", "nothing_in_its_place", "no_value_in_its_place", "no_value_zh"],
)  # fmt: skip
async def test_daily_diary_correction_on_a_later_day_ends_the_value_and_learns_the_right_one(
    model: ModelServer, slot: str, said: str, quote: str, value: str, polarity: str, correction: str, right: str | None
) -> None:
    person = await add_person()
    await say(person, MONDAY, said)
    draft = {"lines": [line(said, said)], "signals": [signal(slot, value, quote, 1, polarity)], "mood": None}
    await model.fail(answers={"diary": json.dumps(draft, ensure_ascii=False)})
    await night(Job.DAILY_DIARY)
    await night(Job.DAILY_PROFILE)
    [before] = await rows(ProfileValue)
    assert (before.value, before.status) == (value, ValueStatus.ACTIVE)
    [spoken] = await say(person, MONDAY + timedelta(days=1), correction)
    await model.fail(answers={"diary": json.dumps({"lines": [line(correction, correction)], "signals": [], "mood": None}, ensure_ascii=False)})
    await night(Job.DAILY_DIARY)
    await night(Job.DAILY_PROFILE)
    quotes = await rows(SignalEvidence, SignalEvidence.message_id == spoken)
    assert [found.relation for found in quotes].count(StatementRelation.CORRECTED) == 1 and {found.quote for found in quotes} == {correction}
    values = {found.value: found for found in await rows(ProfileValue)}
    assert {name for name, found in values.items() if found.status is ValueStatus.ACTIVE} == ({right} if right else set())
    assert values[value].status is ValueStatus.SUPERSEDED and set(values) == {value} | ({right} if right else set())
    assert right is None or values[right].polarity is before.polarity


@pytest.mark.parametrize(
    ("said", "value", "over"),
    [("I work as an architect.", "architect", "I don't work as an architect anymore."), ("我是老师。", "老师", "我已经不是老师了。")],
    ids=["en", "zh"],
)
async def test_daily_diary_of_a_day_that_says_what_is_over_ends_the_value(model: ModelServer, said: str, value: str, over: str) -> None:
    person = await add_person(locale="en" if said.isascii() else "zh-CN")
    for day, text in enumerate((said, over)):
        await say(person, MONDAY + timedelta(days=day), text)
        await night(Job.DAILY_DIARY)
        await night(Job.DAILY_PROFILE)
        [found] = await rows(ProfileValue)
        assert (found.value, found.status) == (value, ValueStatus.ACTIVE if day == 0 else ValueStatus.SUPERSEDED)
