"""`changedAt` of a user, by which clients poll: it rises with each kind of change and with nothing else. `nextNightAt`, when the next diary is written."""
from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from unittest.mock import patch

import pytest
from sqlalchemy import update

from graph.relay import encode_id
from persistence import database
from persistence.models import ActiveDay, Conversation, User
from persistence.models.account import Role
from persistence.models.jobs import Job
from resolvers import account
from tests import seeds
from tests.graph.test_receipts import fill, result
from tests.jobs.job_setup import night
from tests.resolvers.chat.chat_setup import Model, model
from tests.seeds import DAY, ask

__all__ = ["model"]

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]


class Watch:
    """Reads `changedAt` as a client does, and remembers what it was."""

    def __init__(self, token: str) -> None:
        self.token, self.last = token, datetime.min.replace(tzinfo=timezone.utc)

    async def rose(self) -> bool:
        answer = await ask("{ viewer { changedAt } }", token=self.token)
        before, self.last = self.last, datetime.fromisoformat(answer["data"]["viewer"]["changedAt"])
        assert self.last >= before
        return self.last > before


async def admin() -> User:
    found = await seeds.person("root")
    async with database.transaction() as session:
        await session.execute(update(User).where(User.id == found.id).values(role=Role.ADMIN))
    return found


async def test_changed_at_rises_with_each_kind_of_change_of_the_user_and_of_nobody_else(model: Model):
    user, other = await seeds.person(), await seeds.person("other")
    ids, token = await fill(user, "en"), await seeds.bearer(user)
    watch, others = Watch(token), Watch(await seeds.bearer(other))
    await watch.rose(), await others.rose()
    success = "... on {}Success {{ __typename }}"

    async def change(mutation: str, *, expected: str | None = None, selection: str = "", **input: object) -> dict[str, object]:
        name = f"{mutation[0].upper()}{mutation[1:]}"
        answer = await result(token, mutation, selection or success.format(name), **input)
        assert answer["__typename"] == (expected or f"{name}Success"), answer
        assert await watch.rose() is (expected is None or expected == "ModelUnavailableError"), mutation
        return answer

    both = "... on MessageSendSuccess { question { id } answer { id } conversation { id } }"
    sent = await change("messageSend", content="I like tea.", selection=both)
    question, answer, conversation = (sent[name]["id"] for name in ("question", "answer", "conversation"))  # type: ignore[index] # objects
    await model.fail(always="500")
    await change("messageSend", content="Do I?", conversationId=conversation, expected="ModelUnavailableError")
    await model.reset()
    await change("messageRate", messageId=answer, rating="UP")
    await change("messageEdit", messageId=question, content="I like green tea.")
    await change("conversationUpdate", conversationId=conversation, pinned=True)
    await change("diaryUpdate", id=ids["diary"], lines=[{"id": ids["line"], "hidden": True}])
    await change("profileValueLock", id=ids["value"])
    await change("accountUpdate", nickname="Ann")
    await change("memoryUpdate", toldInChats=False)
    await change("companionUpdate", name="Sam")
    await change("slotUpdate", id=ids["slot"], name="Tools")
    await change("importStart")
    await change("messageDelete", messageId=ids["message"], dryRun=True, expected="MessageDeleteSuccess")
    await change("profileValueSet", slot="PREFERENCES_FOOD", value="", expected="InvalidInputError")
    assert not await watch.rose() and (await ask("{ profile { id } diaries { nodes { id } } }", token=token))["data"] and not await watch.rose()
    await change("messageDelete", messageId=ids["message"])
    await change("conversationDelete", conversationId=conversation)
    await change("diaryDelete", id=ids["diary"])
    assert not await others.rose()
    root = await seeds.bearer(await admin())
    assert (await result(root, "userUpdate", "", userId=encode_id("User", user.id), chatTokensPerDay=5))["__typename"] == "UserUpdateSuccess"
    assert await watch.rose()
    listed = (await ask("{ users { nodes { changedAt nextNightAt } } }", token=root))["data"]["users"]["nodes"]
    assert sorted(node["changedAt"] is None for node in listed) == [False, True, True]


async def test_changed_at_rises_with_what_the_nightly_jobs_store_and_ignores_times_to_come(model: Model):
    user = await seeds.person()
    [said] = await seeds.said(user, DAY, "I went climbing with Anna today and I liked it.")
    await seeds.whole_day(user, DAY - timedelta(days=1))
    starts_at = said.created_at - timedelta(hours=12)
    async with database.transaction() as session:
        session.add(ActiveDay(user_id=user.id, day=DAY, starts_at=starts_at, ends_at=starts_at + timedelta(days=1)))
        await session.execute(update(Conversation).values(updated_at=datetime.now(timezone.utc) + timedelta(days=900)))
    watch = Watch(await seeds.bearer(user))
    await watch.rose()
    assert (await night(Job.DAILY_DIARY)).succeeded == 1 and await watch.rose()
    await night(Job.DAILY_DIARY)
    assert not await watch.rose()
    assert (await night(Job.DAILY_PROFILE)).succeeded == 1 and await watch.rose()


@pytest.mark.parametrize(("zone", "hour", "today", "expected"), [
    ("America/New_York", 2, date(2026, 3, 7), "2026-03-08T07:00:00+00:00"),  # the clock skips the hour
    ("America/New_York", 1, date(2026, 10, 31), "2026-11-01T05:00:00+00:00"),  # the hour comes twice
    ("Asia/Shanghai", 4, date(2026, 5, 20), "2026-05-20T20:00:00+00:00"),
])  # fmt: skip
async def test_next_night_is_the_end_of_the_users_day_also_when_the_clocks_change(zone: str, hour: int, today: date, expected: str):
    user = await seeds.person(time_zone=zone, day_ends_at=hour)
    with patch.object(account, "today", return_value=today):
        found = account.next_night_at(user)
        assert found is not None and found.isoformat() == expected


async def test_next_night_is_when_the_current_day_ends_and_null_while_the_diary_is_off_or_paused():
    token = await seeds.bearer(await seeds.person(time_zone=seeds.noon_zone(), day_ends_at=3))
    viewer = (await ask("{ viewer { today nextNightAt } }", token=token))["data"]["viewer"]
    day = (await ask("{ day { date startsAt endsAt state } }", token=token))["data"]["day"]
    assert (day["date"], day["state"], day["endsAt"]) == (viewer["today"], "RUNNING", viewer["nextNightAt"])
    assert datetime.fromisoformat(day["startsAt"]) <= datetime.now(timezone.utc) < datetime.fromisoformat(day["endsAt"])
    tomorrow = (date.fromisoformat(viewer["today"]) + timedelta(days=1)).isoformat()
    for off, on in (({"diary": False}, {"diary": True}), ({"pausedUntil": tomorrow}, {"pausedUntil": None})):
        for input, expected in ((off, None), (on, day["endsAt"])):
            assert (await result(token, "memoryUpdate", "", **input))["__typename"] == "MemoryUpdateSuccess"
            assert (await ask("{ viewer { nextNightAt } }", token=token))["data"]["viewer"]["nextNightAt"] == expected
