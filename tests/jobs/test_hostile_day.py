"""A user's day of hostile texts beside other users' days: the other diaries and profiles are stored in the same run."""

from __future__ import annotations

import pytest

from persistence.models import Diary, JobItem, ProfileValue
from persistence.models.jobs import ItemStatus, Job
from tests.jobs.job_setup import ModelServer, add_person, night, rows, say
from tests.jobs.test_nights import MONDAY, SPOKEN

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

HOSTILE = ("." * 19_999 + "a", "1-" * 10_000, "\u0301\u0316" * 10_000, "<|" * 10_000, "密码是" * 6_666, "'a" * 10_000)


@pytest.mark.parametrize("texts", [HOSTILE[:1] * 3, HOSTILE], ids=["dots", "every kind"])
@pytest.mark.parametrize("answering", [True, False], ids=["model answers", "model fails"])
async def test_job_run_with_one_users_hostile_texts_finishes_the_other_users_in_time(model: ModelServer, texts: tuple[str, ...], answering: bool) -> None:
    hostile = await add_person("Mallory")
    await say(hostile, MONDAY, *texts)
    honest = [await add_person(f"Lin {number}") for number in range(5)]
    for person in honest:
        await say(person, MONDAY, *SPOKEN)
    if not answering:
        await model.fail(always="500")
    summary = await night()
    assert summary.run_id is not None
    done = {(item.user_id, item.job): item.status for item in await rows(JobItem)}
    if answering:
        assert all(done[person.id, job] is ItemStatus.SUCCEEDED for person in honest for job in (Job.DAILY_DIARY, Job.DAILY_PROFILE))
        assert {row.user_id for row in await rows(ProfileValue)} >= {person.id for person in honest}
    assert {row.user_id for row in await rows(Diary)} >= {person.id for person in honest}
