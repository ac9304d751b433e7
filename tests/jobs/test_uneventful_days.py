"""Days with nothing to tell: their entries have counts and no lines, after one call of the model or none."""
from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from persistence import database
from persistence.models import Diary, DiaryLine, DiaryVersion, JobAttempt, JobItem
from persistence.models.diary import Origin
from persistence.models.jobs import ItemStatus, Job
from persistence.queries.diary_statistics import list_streaks
from tests import seeds
from tests.jobs.job_setup import ModelServer, add_person, night, rows, say
from tests.jobs.test_nights import MONDAY

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

EMPTY = json.dumps({"lines": [], "signals": [], "mood": None})


@pytest.fixture
async def model(model_server: str) -> ModelServer:
    server = ModelServer(model_server)
    await server.reset()
    return server


async def items(job: Job = Job.DAILY_DIARY) -> list[Any]:
    return [item for item in await rows(JobItem) if item.job is job]


@pytest.mark.parametrize("said", [["ok"], ["hi", "thanks!"], ["嗯"], ["好的", "谢谢"], ["Good morning"], ["早安"], ["ok", "👌"]])
async def test_daily_diary_of_a_day_with_an_empty_draft_is_done_after_one_call(model: ModelServer, said: list[str]) -> None:
    await say(await add_person(), MONDAY, *said)
    await model.fail(answers={"diary": EMPTY})
    await night(Job.DAILY_DIARY)
    [version] = await rows(DiaryVersion)
    assert (version.origin, version.summary, version.message_count) == (Origin.MODEL, "", 2 * len(said))
    assert await rows(DiaryLine) == []
    [item] = await items()
    assert (item.status, item.error_code) == (ItemStatus.SUCCEEDED, None)
    assert await model.calls("diary") == 1
    await night(Job.DAILY_DIARY)
    assert await model.calls("diary") == 1 and len(await rows(DiaryVersion)) == 1


@pytest.mark.parametrize("said", [["👍"], ["!!!", "…"], ["😂😂", "❤️"], ["？"]])
async def test_daily_diary_of_a_day_without_a_word_needs_no_call(model: ModelServer, said: list[str]) -> None:
    await say(await add_person(), MONDAY, *said)
    await night(Job.DAILY_DIARY)
    [version] = await rows(DiaryVersion)
    assert (version.summary, version.model, version.message_count) == ("", None, 2 * len(said))
    assert await rows(DiaryLine) == [] and await model.calls("diary") == 0
    [item] = await items()
    assert (item.status, item.error_code) == (ItemStatus.SUCCEEDED, None)
    assert [attempt.model_calls for attempt in await rows(JobAttempt) if attempt.job is Job.DAILY_DIARY] == [0]
    await night(Job.DAILY_DIARY)
    assert len(await rows(DiaryVersion)) == 1


@pytest.mark.parametrize("said", ["I walked the dog around the reservoir and met Nina.", "我今天搬到了厦门，晚上和妹妹吃了火锅。"])
async def test_daily_diary_of_an_eventful_day_with_an_empty_draft_has_the_users_sentences_after_one_call(model: ModelServer, said: str) -> None:
    await say(await add_person(), MONDAY, said)
    await model.fail(answers={"diary": EMPTY})
    await night(Job.DAILY_DIARY)
    [version] = await rows(DiaryVersion)
    assert version.origin is Origin.FALLBACK and [found.text for found in await rows(DiaryLine)] != []
    assert [(item.status, item.error_code) for item in await items()] == [(ItemStatus.SUCCEEDED, None)]
    await night(Job.DAILY_DIARY)
    assert await model.calls("diary") == 1


async def test_uneventful_day_breaks_a_streak_and_its_summary_is_null(model: ModelServer) -> None:
    person = await add_person()
    for day, text in enumerate(["I walked the dog around the reservoir.", "👍", "I baked bread with Nina."]):
        await say(person, MONDAY + timedelta(days=day), text)
    await night(Job.DAILY_DIARY)
    assert len(await rows(Diary)) == 3
    async with database.session() as session:
        streaks = await list_streaks(session, person.id)
    assert [(streak.first, streak.last) for streak in streaks] == [(MONDAY + timedelta(days=day),) * 2 for day in (0, 2)]
    found = await seeds.ask("query($date: Date!) { diary(date: $date) { summary lines { text } messageCount versions { summary } } }",
                            {"date": str(MONDAY + timedelta(days=1))}, token=await seeds.bearer(person))
    assert found["data"]["diary"] == {"summary": None, "lines": [], "messageCount": 2, "versions": [{"summary": None}]}
