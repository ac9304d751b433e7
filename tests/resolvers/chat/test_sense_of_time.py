"""Times in the chat's prompt, as the model endpoint receives it: notes of gaps, what lies ahead, and what has passed, which is asked about once."""
from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from bench.prompt_relay import Relay
from persistence import database
from persistence.models import EventQuestion, Message, User
from persistence.models.diary import LineKind
from persistence.models.enums import SourceReason, SourceVerdict
from resolvers import chat, portability, source_judging
from resolvers.answer_sources import DAY as DAY_SOURCE
from resolvers.answer_sources import SourceKey, Sources, read_sources
from resolvers.chat import ModelFailed
from resolvers.diary import today
from tests import seeds
from tests.resolvers.chat.chat_setup import Model, context_of, model, rows, say
from tests.resolvers.chat.test_prompt_prefix import endpoint, prompts

__all__ = ["endpoint", "model"]
pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

DAY = timedelta(days=1)


async def user_in_midday(locale: str = "en") -> User:
    user = await seeds.person(time_zone=seeds.noon_zone())
    async with database.transaction() as session:
        (await session.get_one(User, user.id)).locale = locale
    user.locale = locale
    return user


async def tell(user: User, text: str, *, days_ahead: int, days_ago: int = 8, kind: LineKind = LineKind.SUMMARY) -> tuple[Message, date]:
    """Store a message of the past and its diary, whose line is about a day ahead of today (or before it, if negative)."""
    said_on, happens_on = today(user) - days_ago * DAY, today(user) + days_ahead * DAY
    [message] = await seeds.said(user, said_on, text)
    await seeds.diary(user, said_on, [replace(seeds.line(kind, text, seeds.quote(message)), happens_on=happens_on)], summary=text)
    return message, happens_on


def section(body: dict[str, Any], name: str, place: int = 0) -> list[str]:
    """Return the lines of a section of one of the prompt's messages: the system's, or the question's for -1."""
    found = body["messages"][place]["content"].splitlines()
    border = next(row.removeprefix("border: ") for row in body["messages"][0]["content"].splitlines() if row.startswith("border: "))
    if f"{border} {name}" not in found:
        return []
    start = found.index(f"{border} {name}") + 1
    return [json.loads(row) for row in found[start : next(number for number, row in enumerate(found) if number >= start and row.startswith(border))]]


async def move(question: Message | Any, back: timedelta) -> None:
    async with database.transaction() as session:
        at = datetime.now(timezone.utc) - back
        await session.execute(update(Message).where(Message.user_id == question.user_id, Message.id == question.id).values(created_at=at))


@pytest.mark.parametrize(("locale", "weekdays", "form"), [
    ("en", ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), "{} ({}): "), ("zh-CN", tuple("一二三四五六日"), "{}（星期{}）："),
])  # fmt: skip
async def test_prompt_lists_the_events_ahead_with_dates_and_leaves_out_the_others(endpoint: Relay, locale: str, weekdays: tuple[str, ...], form: str):
    ann = await user_in_midday(locale)
    _, exam = await tell(ann, "The exam", days_ahead=0)
    _, flight = await tell(ann, "The flight", days_ahead=13, days_ago=9)
    await tell(ann, "The wedding", days_ahead=14, days_ago=10)
    first = await say(ann, "Hello!")
    await say(ann, "And now?", first.conversation.id)
    before, after = prompts(endpoint)
    events = ((exam, "The exam"), (flight, "The flight"))
    assert section(before, "ahead") == [form.format(day.isoformat(), weekdays[day.weekday()]) + text for day, text in events]
    assert after["messages"][0] == before["messages"][0]
    told = read_sources((await rows(Message, Message.id == first.answer.id))[0].sources)
    assert told is not None and {today(ann) - 8 * DAY, today(ann) - 9 * DAY} <= told.days


async def test_prompt_without_events_has_no_section_for_them(endpoint: Relay):
    ann = await user_in_midday()
    await say(ann, "Hello!")
    [body] = prompts(endpoint)
    assert " ahead\n" not in body["messages"][0]["content"] and " passed\n" not in body["messages"][-1]["content"]


async def test_passed_event_is_told_in_one_answer_only_and_again_where_that_is_regenerated(endpoint: Relay):
    ann = await user_in_midday()
    _, exam = await tell(ann, "The exam", days_ahead=-1)
    first = await say(ann, "Hello!")
    await say(ann, "Hello again!", first.conversation.id)
    await say(ann, "Another talk.")
    await chat.regenerate(await context_of(ann), first.question.id)
    shown = [section(body, "passed", -1) for body in prompts(endpoint)]
    assert shown == [[f"{exam.isoformat()} ({exam:%A}): The exam"], [], [], shown[0]]
    assert all(section(body, "ahead") == [] for body in prompts(endpoint))
    assert [(row.question_id, row.happens_on) for row in await rows(EventQuestion)] == [(first.question.id, exam)]


async def test_passed_event_of_concurrent_questions_is_told_in_one(endpoint: Relay):
    ann = await user_in_midday()
    await tell(ann, "The exam", days_ahead=-2)
    await asyncio.gather(*(say(ann, f"Hello number {number}!") for number in range(4)))
    assert sorted(len(section(body, "passed", -1)) for body in prompts(endpoint)) == [0, 0, 0, 1]


async def test_passed_event_of_a_failed_answer_is_told_in_the_next(model: Model):
    ann = await user_in_midday()
    await tell(ann, "The exam", days_ahead=-1)
    await model.fail(match="task: chat/7", kind="402")
    with pytest.raises(ModelFailed):
        await say(ann, "Hello!")
    assert await rows(EventQuestion) == []
    await model.reset()
    second = await say(ann, "Hello again!")
    assert [row.question_id for row in await rows(EventQuestion)] == [second.question.id]


@pytest.mark.parametrize(
    ("days_ahead", "days_ago", "temporary"), [(-1, 1, False), (-8, 20, False), (-1, 8, True)], ids=["said afterwards", "long over", "temporary"]
)
async def test_passed_event_is_not_asked_about(endpoint: Relay, days_ahead: int, days_ago: int, temporary: bool):
    ann = await user_in_midday()
    await tell(ann, "The exam", days_ahead=days_ahead, days_ago=days_ago)
    await say(ann, "Hello!", temporary=temporary)
    assert section(prompts(endpoint)[0], "passed", -1) == [] and await rows(EventQuestion) == []


async def test_asking_about_an_event_takes_no_statement_of_its_own(endpoint: Relay):
    ann = await user_in_midday()
    first = await say(ann, "Hello!")
    with seeds.statements() as without:
        await say(ann, "One more.", first.conversation.id)
    await tell(ann, "The exam", days_ahead=-1)
    await tell(ann, "The flight", days_ahead=2, days_ago=9)
    with seeds.statements() as seen:
        await say(ann, "One more.", first.conversation.id)
    assert len(seen) == len(without) and section(prompts(endpoint)[-1], "passed", -1) and section(prompts(endpoint)[-1], "ahead")


async def test_deleted_event_leaves_the_prompt_with_what_was_asked_about_it(endpoint: Relay):
    ann = await user_in_midday()
    exam, _ = await tell(ann, "The exam", days_ahead=-1)
    flight, _ = await tell(ann, "The flight", days_ahead=2, days_ago=9)
    await say(ann, "Hello!")
    for message in (exam, flight):
        await chat.delete(await context_of(ann), message.id)
    assert await rows(EventQuestion) == []
    await say(ann, "Hello!")
    assert section(prompts(endpoint)[-1], "ahead") == []


async def test_edited_message_takes_the_day_from_the_line_that_another_quote_keeps(endpoint: Relay):
    ann = await user_in_midday()
    said_on = today(ann) - 8 * DAY
    exam, other = await seeds.said(ann, said_on, "The exam is on Friday", "The exam worries me")
    line = replace(seeds.line(LineKind.SUMMARY, "The exam", seeds.quote(exam), seeds.quote(other)), happens_on=today(ann) + DAY)
    await seeds.diary(ann, said_on, [line])
    await chat.edit(await context_of(ann), exam.id, "Nothing of the kind")
    await say(ann, "Hello!")
    assert section(prompts(endpoint)[-1], "ahead") == []


async def test_imported_account_is_not_asked_again(endpoint: Relay):
    ann = await user_in_midday()
    await tell(ann, "The exam", days_ahead=-1)
    await tell(ann, "The flight", days_ahead=2, days_ago=9)
    await say(ann, "Hello!")
    bob = await seeds.person("bob", time_zone=ann.time_zone)
    await portability.import_json(bob, await portability.export_json(ann))
    await say(bob, "Hello!")
    first, second = prompts(endpoint)
    assert section(second, "passed", -1) == [] != section(first, "passed", -1) and section(second, "ahead") == section(first, "ahead") != []


async def conversation_with_gaps(user: User, endpoint: Relay) -> tuple[UUID, list[datetime]]:
    """Hold a talk whose questions lie 50 hours and a minute apart, and return their local times."""
    times, id = [timedelta(hours=52), timedelta(hours=2), timedelta(minutes=119)], None
    for text in ("Hello! I was out all day.", "下午好！今天下雨了。", "One more."):
        exchange = await say(user, text, id)
        id = exchange.conversation.id
        await move(exchange.question, times.pop(0))
    assert id is not None
    found = await rows(Message, Message.conversation_id == id, Message.reply_to.is_(None))
    return id, [message.created_at for message in sorted(found, key=lambda message: message.created_at)]


async def test_earlier_questions_after_a_gap_begin_with_their_time_and_keep_it(endpoint: Relay):
    ann = await seeds.person(time_zone="Asia/Shanghai")
    id, times = await conversation_with_gaps(ann, endpoint)
    local = [at.astimezone(timezone(timedelta(hours=8))) for at in times]
    for text in ("And now?", "And then?"):
        await say(ann, text, id)
    before, after = prompts(endpoint)[-2:]
    asked = [message["content"] for message in before["messages"][1:] if message["role"] == "user"]
    assert asked[0] == f"[{local[0]:%Y-%m-%d %a %H:%M}]\nHello! I was out all day."
    assert asked[1] == f"[{local[1]:%m-%d} 周{'一二三四五六日'[local[1].weekday()]} {local[1]:%H:%M}]\n下午好！今天下雨了。"
    assert asked[2] == "One more." and asked[3].endswith("\n\nAnd now?")
    kept = before["messages"][:-1]
    assert after["messages"][: len(kept)] == kept


async def test_days_of_events_are_sources_for_as_long_as_the_prompt_tells_them(endpoint: Relay):
    ann = await user_in_midday()
    ahead, _ = await tell(ann, "The exam", days_ahead=3, days_ago=20)
    passed, _ = await tell(ann, "The concert", days_ahead=-1, days_ago=30)
    for number in range(4):  # newer diaries, so that these days are told for their events alone
        await tell(ann, f"Rain {number}", days_ahead=100, days_ago=number + 1)
    first = await say(ann, "Hello!")
    again = await say(ann, "Hello again!")
    upcoming = [
        {key.reference for key, reasons in (read_sources(said.answer.sources) or Sources()).items().items() if SourceReason.UPCOMING in reasons}
        for said in (first, again)
    ]
    assert upcoming == [{ahead.day.isoformat(), passed.day.isoformat()}, {ahead.day.isoformat()}]
    context = await context_of(ann)
    await source_judging.judge(context, first.answer.id, SourceKey(DAY_SOURCE, ahead.day.isoformat()), SourceVerdict.OUTDATED, None)
    last = await say(ann, "And now?")
    assert section(prompts(endpoint)[-1], "ahead") == []
    assert ahead.day.isoformat() not in {key.reference for key in (read_sources(last.answer.sources) or Sources()).items()}
