"""A hostile account beside other users, in two nightly runs and under load: the data of the others is the same as without it."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

import logs
from persistence import database
from persistence.models import ActiveDay, Conversation, Diary, DiaryLine, DiaryVersion, JobItem, JobTokenBudget, LineEvidence, Model, ProfileValue, Usage, User
from persistence.models.account import Purpose
from persistence.models.diary import Origin
from persistence.models.jobs import Job
from tests import seeds
from tests.hostile_account import IMPORTED_DAYS, HostileAccount
from tests.jobs.job_setup import ModelServer, Person, night, rows, say
from tests.jobs.test_nights import MONDAY, SPOKEN
from tests.log_capture import lines_of
from tests.resolvers.chat.chat_setup import model, set_to

__all__ = ["model"]

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database", "one_utc_day"), pytest.mark.once]

NIGHT_TOKENS, CHAT_TOKENS = 220_000, 20_000
NOON_ZONE = seeds.noon_zone()
"""A time zone in which no day ends between two scenarios."""
EARLIER = MONDAY - timedelta(days=30)
"""The day before which all imported days lie."""
LIMITS = {"NIGHT_TOKENS_PER_DAY": str(NIGHT_TOKENS), "CHAT_TOKENS_PER_DAY": str(CHAT_TOKENS)}
CHINESE = ("我是一名护士，住在杭州。", "我很喜欢喝茶。", "今天和妹妹去了西湖，很累，但是很开心。")
OTHER_USERS: Mapping[str, tuple[str, Sequence[str], Sequence[str]]] = {
    "Ann": ("en", SPOKEN, ("What do I like?", "Where do I work?")),
    "Bob": ("en", ("I live in Leeds.", "I decided to learn the cello.", "I was so tired today, but happy."), ("Where do I live?", "What did I decide?")),
    "小李": ("zh-CN", CHINESE, ("我喜欢什么？", "我住在哪里？")),
    "小王": ("zh-CN", ("我住在成都，是一名老师。", "我决定每天早上跑步。", "今天下雨，我有点难过。"), ("我是做什么工作的？", "我决定了什么？")),
}  # fmt: skip
"""Nickname → language, messages of two days, and questions in the chat."""
SEND = """mutation($input: MessageSendInput!) { messageSend(input: $input) { __typename
  ... on MessageSendSuccess { question { content status } answer { content status } } } }"""
EVIDENCE = "evidence { quote start message { content } }"
PAGES = (
    "{ viewer { nickname locale dayEndsAt today chatTokensPerDay usageToday { day calls failedCalls inputTokens outputTokens chatTokens chatTokensPerDay } } }",
    "{ conversations { totalCount nodes { title tags archived messages(first: 50) { totalCount nodes { role content status errorCode day } } } } }",
    "{ diaries { totalCount nodes { date summary mood tags conversationCount messageCount version origin lines { kind text hidden " + EVIDENCE + " } } } }",
    "{ diaryStats { entryCount messageCount averageMood currentStreak longestStreak } recap(period: YEAR) { __typename } }",
    "{ profile { sections { name values { slot value confidence status locked origin evidence { quote start date } } } } }",
    '{ messageSearch(query: "tea 喜欢 cello Hamburg") { totalCount nodes { content day } } }',
)


@dataclass
class Outcome:
    """The outcome of a scenario: the rows and pages of each other user, and the answers during the load."""

    stored: dict[str, Any]
    pages: dict[str, Any]
    answers: dict[str, Any]


async def _store_other_users() -> dict[str, Person]:
    """Store the other users with two days each; their ids are the same in every scenario."""
    people = {}
    for number, (name, (locale, texts, _)) in enumerate(OTHER_USERS.items(), start=1):
        person = people[name] = Person(UUID(int=number), UUID(int=number + 100), NOON_ZONE)
        async with database.transaction() as session:
            session.add(User(id=person.id, email=f"honest{number}@example.org", password_hash="-", nickname=name, time_zone=person.time_zone, locale=locale))
            await session.flush()
            session.add(Conversation(user_id=person.id, id=person.conversation_id))
        await say(person, MONDAY, *texts)
        await say(person, MONDAY + timedelta(days=1), *texts[1:])
    return people


async def _bearer(person: Person) -> str:
    [user] = await rows(User, User.id == person.id)
    return await seeds.bearer(user)


async def _chats(name: str, person: Person) -> list[Any]:
    token = await _bearer(person)
    return [await seeds.ask(SEND, {"input": {"content": question}}, token=token) for question in OTHER_USERS[name][2]]


async def _pages(person: Person) -> list[Any]:
    token = await _bearer(person)
    answers = [await seeds.ask(document, token=token) for document in PAGES]
    assert not [answer for answer in answers if "errors" in answer], answers
    return answers


def _plain(row: Model, *names: str) -> str:
    return json.dumps([getattr(row, name) for name in names], ensure_ascii=False, default=str)


async def _stored(person: Person) -> dict[str, Any]:
    """Return the user's rows without ids and times, with the number of each."""
    wanted: Mapping[type[Any], tuple[str, ...]] = {
        Diary: ("day", "version", "tags"),
        DiaryVersion: ("version", "origin", "summary", "mood", "message_count", "model", "prompt_version"),
        DiaryLine: ("version", "position", "kind", "text", "hidden"),
        LineEvidence: ("position", "quote", "start"),
        ProfileValue: ("slot", "value", "status", "confidence", "origin", "locked"),
        Usage: ("day", "purpose", "calls", "failed_calls", "input_tokens", "output_tokens", "reserved_tokens"),
        JobItem: ("job", "period", "status", "error_code"),
        ActiveDay: ("day", "revision", "diary_revision"),
    }
    return {kind.__name__: Counter(_plain(row, *names) for row in await rows(kind, kind.user_id == person.id)) for kind, names in wanted.items()}


async def _run_scenario(model: ModelServer, hostile: HostileAccount | None) -> Outcome:
    """Run the nightly jobs, a day's load and the jobs again, while `hostile` makes all its attacks."""
    await model.reset()
    people = await _store_other_users()
    if hostile:
        await hostile.import_file(before=EARLIER)
        await hostile.store_poisoned_days(MONDAY)
    await night(seconds=300.0)
    if hostile:
        await hostile.edit_messages(times=4)
    await model.fail(latency_ms=200)
    storm = asyncio.ensure_future(hostile.attack()) if hostile else None
    chats = await asyncio.gather(*(_chats(name, person) for name, person in people.items()))
    during = await asyncio.gather(*(_pages(person) for person in people.values()))
    if storm:
        await storm
    await model.fail(latency_ms=0)
    await night(seconds=300.0)
    stored = {name: await _stored(person) for name, person in people.items()}
    pages = {name: [shown, await _pages(person)] for (name, person), shown in zip(people.items(), during, strict=True)}
    return Outcome(stored, pages, dict(zip(people, chats, strict=True)))


async def _spent(*purposes: Purpose) -> int:
    return sum(row.input_tokens + row.output_tokens + row.reserved_tokens for row in await rows(Usage) if row.purpose in purposes)


async def test_hostile_account_beside_other_users_changes_nothing_of_theirs(
    model: ModelServer, _empty: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = lines_of(monkeypatch)
    logs.configure("INFO")
    with set_to(**LIMITS):
        alone = await _run_scenario(model, None)
        assert all(kept["DiaryVersion"] and kept["ProfileValue"] and kept["LineEvidence"] for kept in alone.stored.values()), "there is something to keep"
        assert "FAILED" not in str(alone.answers) and "errors" not in str(alone.answers) and Origin.FALLBACK.value not in json.dumps(alone.stored)
        _empty()
        hostile = await HostileAccount.register()
        beside = await _run_scenario(model, hostile)
    assert beside.stored == alone.stored
    assert beside.pages == alone.pages
    assert beside.answers == alone.answers
    theirs = [row for row in await rows(Usage) if row.user_id == hostile.user.id]
    assert 0 < sum(row.input_tokens + row.output_tokens + row.reserved_tokens for row in theirs if row.purpose is Purpose.CHAT) <= CHAT_TOKENS
    assert await _spent(*(purpose for purpose in Purpose if purpose is not Purpose.CHAT)) <= NIGHT_TOKENS
    assert sum(row.spent + row.reserved for row in await rows(JobTokenBudget)) <= NIGHT_TOKENS
    waiting = await rows(JobItem, JobItem.user_id == hostile.user.id, JobItem.job == Job.DAILY_DIARY)
    assert any(item.error_code in ("NIGHT_BUDGET", "NIGHT_SHARE") for item in waiting), "the account needs more than there is"
    imported = await rows(ActiveDay, ActiveDay.user_id == hostile.user.id, ActiveDay.day < EARLIER)
    assert len(imported) == IMPORTED_DAYS and all(item.period > EARLIER for item in waiting)
    assert "QUOTA_EXCEEDED" in str(hostile.answers) and "INTERNAL_SERVER_ERROR" not in str(hostile.answers)
    assert [line for line in lines() if line["level"] == "ERROR"] == []
