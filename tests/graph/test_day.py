"""A day as an object: what was said on it, its diary, and the reason when there is none."""
from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from persistence import database
from persistence.models import ActiveDay, Conversation, DiaryVersion, User
from persistence.models.diary import Origin
from resolvers import diary as diaries
from tests import seeds
from tests.seeds import DAY

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

ONE_DAY = """query($date: Date!, $after: String) { day(date: $date) {
  date startsAt endsAt state messageCount diary { id date } conversations { id title }
  messages(first: 2, after: $after) { totalCount nodes { content day conversation { title } } pageInfo { hasNextPage endCursor } }
} }"""


async def ask(viewer: User, day: date, **variables: Any) -> Any:
    answer = await seeds.ask(ONE_DAY, {"date": day.isoformat(), **variables}, token=await seeds.bearer(viewer))
    assert "errors" not in answer, answer["errors"]
    return answer["data"]["day"]


async def changed(table: Any, **values: Any) -> None:
    async with database.transaction() as session:
        await session.execute(update(table).values(**values))


async def test_day_with_a_diary_returns_it_with_its_messages_and_conversations() -> None:
    ann = await seeds.person()
    await seeds.whole_day(ann, DAY)
    await seeds.said(await seeds.person("bob"), DAY, "Bob's day")
    found = await ask(ann, DAY)
    assert (found["date"], found["state"], found["messageCount"], found["diary"]["date"]) == (DAY.isoformat(), "WRITTEN", 3, DAY.isoformat())
    assert [talk["title"] for talk in found["conversations"]] == ["A talk"]
    assert [message["content"] for message in found["messages"]["nodes"]] == ["I ran 5 km before work", "今天很累，但是很开心"]
    assert found["messages"]["totalCount"] == 3 and found["messages"]["pageInfo"]["hasNextPage"]
    rest = (await ask(ann, DAY, after=found["messages"]["pageInfo"]["endCursor"]))["messages"]
    assert [message["content"] for message in rest["nodes"]] == ["I live in Hangzhou now"] and not rest["pageInfo"]["hasNextPage"]
    await changed(DiaryVersion, origin=Origin.FALLBACK)
    assert (await ask(ann, DAY))["state"] == "FALLBACK"


async def test_day_without_a_diary_says_why() -> None:
    ann = await seeds.person(time_zone=seeds.noon_zone())
    now = diaries.today(ann)
    assert (await ask(ann, now))["state"] == "RUNNING" and (await ask(ann, now + timedelta(days=1)))["state"] == "AHEAD"
    quiet = await ask(ann, DAY)
    assert (quiet["state"], quiet["messageCount"], quiet["diary"], quiet["conversations"], quiet["messages"]["nodes"]) == ("QUIET", 0, None, [], [])
    await seeds.said(ann, DAY, "Nothing is written of this yet")
    begins = datetime(2026, 5, 20, tzinfo=ZoneInfo(ann.time_zone))
    async with database.transaction() as session:
        session.add(ActiveDay(user_id=ann.id, day=DAY, starts_at=begins, ends_at=begins + timedelta(hours=23)))
    found = await ask(ann, DAY)
    assert (found["state"], datetime.fromisoformat(found["endsAt"])) == ("WAITING", begins + timedelta(hours=23)), "the day ended by another clock"
    await changed(ActiveDay, diary_revision=ActiveDay.revision)
    assert (await ask(ann, DAY))["state"] == "UNREQUESTED"


async def test_day_whose_diary_was_deleted_is_forgotten() -> None:
    ann = await seeds.person()
    await seeds.whole_day(ann, DAY)
    deleted = await seeds.ask(
        'mutation { diaryDelete(input: {date: "2026-05-20"}) { ... on DiaryDeleteSuccess { deletedId } } }', token=await seeds.bearer(ann)
    )
    assert deleted["data"]["diaryDelete"]["deletedId"]
    found = await ask(ann, DAY)
    assert (found["state"], found["diary"], found["messageCount"]) == ("FORGOTTEN", None, 3)


async def test_day_leaves_temporary_chats_out() -> None:
    ann = await seeds.person()
    await seeds.said(ann, DAY, "Not to be kept")
    await changed(Conversation, temporary=True)
    found = await ask(ann, DAY)
    assert (found["messageCount"], found["conversations"], found["messages"]["nodes"]) == (0, [], [])


async def test_day_out_of_range_or_without_a_token_is_refused() -> None:
    refused = await seeds.ask(ONE_DAY, {"date": "0001-01-01"}, token=await seeds.bearer(await seeds.person()))
    assert [error["extensions"]["code"] for error in refused["errors"]] == ["BAD_USER_INPUT"]
    unknown = await seeds.ask(ONE_DAY, {"date": DAY.isoformat()})
    assert [error["extensions"]["code"] for error in unknown["errors"]] == ["UNAUTHENTICATED"]
