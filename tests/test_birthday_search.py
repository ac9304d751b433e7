"""Questions about one's birthday: the profile knows the day, and searches of messages and earlier days read "the weekend before my birthday" by it."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from jobs.rules.day import day_of
from persistence import database
from persistence.models import Message, User
from persistence.models.profile import ValueStatus
from resolvers import chat, profile_verdicts
from resolvers.birthday import load_birthday
from tests import seeds
from tests.resolvers.chat.chat_setup import background_of, context_of
from tests.seeds import said

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]


def last_birthday(today: date) -> date:
    """Return a Wednesday about two months ago, so that the weekend before it is a whole one in the past."""
    about = today - timedelta(days=60)
    return about - timedelta(days=(about.weekday() - 2) % 7)


async def user_with_birthday(form: str) -> tuple[User, Message, Message]:
    """Create a user whose profile has their birthday, with messages on the Saturday before it and on another Saturday."""
    ann = await seeds.person()
    birthday = last_birthday(day_of(datetime.now(timezone.utc), ann.time_zone, ann.day_ends_at))
    await profile_verdicts.set_value(await context_of(ann), "identity.birthday", birthday.strftime(form))
    saturday = birthday - timedelta(days=4)
    assert saturday.weekday() == 5
    [before] = await said(ann, saturday, "We painted the fence green.")
    [other] = await said(ann, saturday - timedelta(days=14), "We painted the door blue.")
    return ann, before, other


@pytest.mark.parametrize("form", ["%B %d", "%Y-%m-%d", "%m月%d日", "%d %B 1990"])
@pytest.mark.parametrize("query", ["the weekend before my birthday", "我生日前的那个周末"])
async def test_message_search_of_the_weekend_before_my_birthday_finds_that_weekend(form: str, query: str):
    ann, before, other = await user_with_birthday(form)
    found = await chat.search_messages(await context_of(ann), query, limit=10)
    assert [row.id for row in found.rows] == [before.id]


@pytest.mark.parametrize("question", ["What did we paint on the weekend before my birthday?", "我生日前的那个周末我们刷了什么？"])
async def test_background_of_a_question_about_the_birthday_has_that_weekend_first(question: str):
    ann, before, other = await user_with_birthday("%B %d")
    [asked] = await said(ann, date.today(), question)
    background = await background_of(ann, asked)
    assert background.birthday is not None and background.related[0].day == before.day


async def test_birthday_that_was_rejected_or_superseded_is_not_used():
    ann = await seeds.person()
    await seeds.value(ann, "identity.birthday", "May 2", status=ValueStatus.REJECTED)
    await seeds.value(ann, "identity.birthday", "May 3", status=ValueStatus.SUPERSEDED)
    async with database.session() as session:
        assert await load_birthday(session, ann.id, date(2026, 5, 20)) is None
    await seeds.value(ann, "identity.birthday", "5月4日")
    async with database.session() as session:
        assert await load_birthday(session, ann.id, date(2026, 5, 20)) == (5, 4)
