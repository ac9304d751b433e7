"""Job runs of an admin: start, dry run, progress, cancellation and retry."""
from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest

from jobs import model_limiter
from jobs.deadline import Deadline
from jobs.model_limiter import ITEM_TOKENS
from jobs.run_validation import MAX_RANGE, MAX_USERS
from persistence.ids import uuid7
from persistence.models import Diary, DiaryVersion, JobAttempt, JobItem, JobRun, User
from persistence.models.diary import Origin
from persistence.models.jobs import ItemStatus, Job, RunStatus, Trigger
from persistence.queries.job_run_items import ItemPage, RunItem
from resolvers import admin
from resolvers.admin import StartedRun
from resolvers.admin_loaders import AdminLoaders
from resolvers.errors import Conflict, InvalidInput, NotFound
from tests import seeds
from tests.jobs.job_setup import ModelServer, Person, add_person, everything, night, rows, say
from tests.jobs.test_nights import MONDAY, SPOKEN, TODAY
from tests.resolvers.chat.chat_setup import set_to

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

DAYS = [MONDAY + timedelta(days=number) for number in range(3)]


@pytest.fixture
async def root(database: str) -> User:
    return await seeds.person("root")


async def list_items(run_id: UUID, *, status: ItemStatus | None, limit: int, after: Any = None) -> Sequence[RunItem]:
    return await AdminLoaders(run_id).items.load(ItemPage(run_id, status, limit, after))


async def count_items(run_id: UUID, *, status: ItemStatus | None) -> int:
    return await AdminLoaders(run_id).item_count.load((run_id, status))


async def people(count: int, days: int = 1) -> list[Person]:
    found = [await add_person(f"P{number}") for number in range(count)]
    for person in found:
        for day in DAYS[:days]:
            await say(person, day, *SPOKEN)
    return found


async def start(root: User, *, seconds: float = 60.0, **asked: Any) -> StartedRun:
    given = {"job": Job.DAILY_DIARY, "first": DAYS[0], "last": DAYS[-1], "user_ids": None, "force": False, "dry_run": False, **asked}
    return await admin.start_run(root, Deadline(seconds), **given)


async def refused(kind: type[Exception], work: Callable[[], Awaitable[Any]]) -> Any:
    """Return the refusal after checking that nothing changed."""
    before = await everything()
    with pytest.raises(kind) as caught:
        await work()
    assert await everything() == before
    return caught.value


async def test_start_run_of_a_range_works_and_stores_requester_and_reason(model: ModelServer, root: User) -> None:
    await people(2, days=2)
    started = await start(root, reason="the import of last week")
    assert started.view is not None
    run, counts = started.view.run, started.view.counts
    assert (run.trigger, run.requested_by, run.reason, run.period_from, run.period_to) == (Trigger.ADMIN, root.id, "the import of last week", DAYS[0], DAYS[-1])
    assert (run.status, started.view.requested_by and started.view.requested_by.id) == (RunStatus.SUCCEEDED, root.id)
    assert run.started_at <= datetime.now(timezone.utc) and run.finished_at is not None
    assert (started.summary.planned, counts.total, counts.succeeded, counts.pending) == (4, 4, 4, 0)
    assert counts.input_tokens + counts.output_tokens == started.summary.tokens > 0
    assert len(await rows(Diary)) == 4


async def test_start_run_of_a_range_processes_the_oldest_day_first(model: ModelServer, root: User) -> None:
    await people(2, days=3)
    with set_to(NIGHT_CONCURRENCY="1"):
        await start(root)
    attempts = sorted(await rows(JobAttempt), key=lambda attempt: attempt.id)
    for user_id in {attempt.user_id for attempt in attempts}:
        assert [attempt.period for attempt in attempts if attempt.user_id == user_id] == DAYS


async def test_start_run_out_of_time_leaves_items_to_timers_and_follows_them(model: ModelServer, root: User) -> None:
    await people(3)
    started = await start(root, seconds=admin.RUN_MARGIN_SECONDS)
    assert started.view is not None and (started.summary.pending, started.summary.stopped_because) == (3, "DEADLINE")
    run_id = started.view.run.id
    assert (started.view.counts.total, started.view.counts.pending) == (3, 3)
    await model.fail(match="P2", kind="500")
    timer = await night()
    followed = (await admin.get_run(run_id)).counts
    assert (followed.total, followed.succeeded, followed.pending) == (3, 2, 1)
    assert followed.input_tokens + followed.output_tokens > 0, "what timers took for it is counted"
    items = await list_items(run_id, status=None, limit=10, after=None)
    assert sorted(item.status.value for item in items) == ["PENDING", "SUCCEEDED", "SUCCEEDED"]
    [waiting] = [item for item in items if item.status is ItemStatus.PENDING]
    assert waiting.error_code == "MODEL_UNAVAILABLE" and waiting.attempt == 1
    assert {item.requested_by_run_id for item in await rows(JobItem, JobItem.job == Job.DAILY_DIARY)} == {run_id} != {timer.run_id}


async def test_run_items_in_pages_lists_each_item_once_with_its_attempts(model: ModelServer, root: User) -> None:
    await people(3, days=2)
    await model.fail(match="P1", kind="empty")
    started = await start(root)
    assert started.view is not None
    run_id = started.view.run.id
    await model.reset()
    whole = await list_items(run_id, status=None, limit=100, after=None)
    paged, after = [], None
    while page := await list_items(run_id, status=None, limit=2, after=after):
        paged, after = [*paged, *page], page[-1].position
    assert paged == whole and len({item.key for item in whole}) == len(whole) == 6 == await count_items(run_id, status=None)
    done = await list_items(run_id, status=ItemStatus.SUCCEEDED, limit=100, after=None)
    assert len(done) == 4 == await count_items(run_id, status=ItemStatus.SUCCEEDED)
    for item in done:
        assert item.input_tokens > 0 and item.output_tokens > 0 and item.model_calls == 1 and item.attempt == 1
        assert item.prompt_version and item.prompt_version.startswith("diary/")
        assert item.started_at and item.finished_at and item.started_at < item.finished_at and item.lease_until is None


async def test_run_counts_day_changed_later_stays_succeeded(model: ModelServer, root: User) -> None:
    [person] = await people(1)
    started = await start(root)
    assert started.view is not None
    await night()
    await say(person, DAYS[0], "Late at night I decided to learn the violin.", hour=22)
    await night(seconds=0)
    assert {item.status for item in await rows(JobItem, JobItem.job == Job.DAILY_DIARY)} == {ItemStatus.PENDING}
    counts = (await admin.get_run(started.view.run.id)).counts
    assert (counts.total, counts.succeeded, counts.pending) == (1, 1, 0)


async def test_start_run_dry_run_returns_plan_and_cost_and_changes_nothing(model: ModelServer, root: User) -> None:
    await people(2, days=2)
    before = await everything()
    with set_to(MODEL_INPUT_PRICE="1", MODEL_OUTPUT_PRICE="2"):
        first = await start(root, dry_run=True)
    assert await everything() == before and await model.calls() == 0
    assert (first.view, first.summary.planned, first.estimated_tokens) == (None, 4, 4 * ITEM_TOKENS)
    assert first.estimated_cost == pytest.approx(4 * ITEM_TOKENS * (0.8 * 1 + 0.2 * 2) / 1_000_000)
    await start(root, last=DAYS[0])
    took = [attempt.input_tokens + attempt.output_tokens for attempt in await rows(JobAttempt)]
    before = await everything()
    second = await start(root, dry_run=True)
    assert await everything() == before and second.summary.planned == 2
    assert second.estimated_tokens == pytest.approx(2 * sum(took) / len(took), abs=1) and second.estimated_cost is None


async def test_start_run_forced_dry_run_counts_up_to_date_days(model: ModelServer, root: User) -> None:
    await people(2)
    await start(root)
    before = await everything()
    assert [(await start(root, dry_run=True, force=force)).summary.planned for force in (False, True)] == [0, 2]
    assert (await start(root, dry_run=True, job=Job.DAILY_PROFILE)).estimated_tokens == 0
    assert await everything() == before


@pytest.mark.parametrize(
    ("asked", "field", "said"),
    [
        ({"first": DAYS[1], "last": DAYS[0]}, "to", "earlier than the first"),
        ({"last": None}, "to", "send both"),
        ({"first": None}, "from", "send both"),
        ({"first": date(2001, 1, 1), "last": date(2001, 1, 1) + MAX_RANGE + timedelta(days=1)}, "to", "at most 367 days"),
        ({"first": TODAY + timedelta(days=3), "last": TODAY + timedelta(days=4)}, "from", "has not begun"),
        ({"last": TODAY + timedelta(days=3)}, "to", "the latest day is"),
        ({"last": date.max}, "to", "at most 367 days"),
        ({"first": None, "last": None, "force": True}, "from", "needs a date range"),
        ({"user_ids": []}, "userIds", "send 1 to 1000"),
        ({"user_ids": [uuid7() for _ in range(MAX_USERS + 1)]}, "userIds", "send 1 to 1000"),
        ({"user_ids": [uuid7()]}, "userIds", "number 1 of the list"),
        ({"reason": "x" * 501}, "reason", "500 characters"),
    ],
)
@pytest.mark.parametrize("dry_run", [False, True])
async def test_start_run_invalid_scope_is_refused_and_changes_nothing(
    model: ModelServer, root: User, asked: dict[str, Any], field: str, said: str, dry_run: bool
) -> None:
    await people(1)
    wrong = await refused(InvalidInput, lambda: start(root, dry_run=dry_run, **asked))
    assert wrong.field == field and said in wrong.message and await model.calls() == 0


async def test_start_run_unknown_user_is_refused_by_list_position(model: ModelServer, root: User) -> None:
    known = await people(2)
    wrong = await refused(InvalidInput, lambda: start(root, user_ids=[known[0].id, uuid7(), known[1].id]))
    assert "number 2 of the list" in wrong.message


async def test_start_run_of_today_plans_nothing_until_the_day_is_over(model: ModelServer, root: User) -> None:
    started = await start(root, first=TODAY, last=TODAY)
    assert started.view is not None and (started.summary.planned, started.view.run.status) == (0, RunStatus.SUCCEEDED)


async def test_cancel_run_with_pending_items_drops_only_those_it_requested(model: ModelServer, root: User) -> None:
    await people(2, days=1)
    await night()
    calls = await model.calls()
    written = await rows(DiaryVersion)
    late = await add_person("Late")
    await say(late, DAYS[0], *SPOKEN)
    started = await start(root, force=True, seconds=0)
    assert started.view is not None and started.view.counts.pending == 3
    view = await admin.cancel_run(root, started.view.run.id, "the wrong week")
    run = view.run
    assert (run.status, run.cancel_reason, view.cancel_requested_by and view.cancel_requested_by.id) == (RunStatus.CANCELLED, "the wrong week", root.id)
    assert run.cancel_requested_at and (view.counts.pending, view.counts.skipped) == (0, 3)
    timer = await night(Job.DAILY_DIARY)
    assert (timer.planned, timer.succeeded) == (1, 1) and await model.calls() == calls + 1
    assert {version.user_id for version in await rows(DiaryVersion)} == {late.id, *(version.user_id for version in written)}


async def test_cancel_run_items_due_after_a_diary_are_kept(model: ModelServer, root: User) -> None:
    await people(1)
    await night(Job.DAILY_DIARY)
    started = await start(root, job=Job.DAILY_PROFILE, seconds=0)
    assert started.view is not None
    await refused(Conflict, lambda: admin.cancel_run(root, started.view.run.id, None))
    assert (await night(Job.DAILY_PROFILE)).succeeded == 1


async def test_cancel_run_while_it_works_stops_it_after_items_in_flight(model: ModelServer, root: User, monkeypatch: pytest.MonkeyPatch) -> None:
    await people(4)
    claim = model_limiter.claim_within

    async def claim_and_be_cancelled(session: Any, wanted: Any, terms: Any) -> Any:
        claimed = await claim(session, wanted, terms)
        await session.commit()
        await admin.cancel_run(root, wanted.run_id, None)
        return claimed

    monkeypatch.setattr(model_limiter, "claim_within", claim_and_be_cancelled)
    with set_to(NIGHT_CONCURRENCY="1"):
        started = await start(root)
    assert started.view is not None and (started.view.run.status, started.summary.stopped_because) == (RunStatus.CANCELLED, "CANCELLED")
    assert (started.view.counts.succeeded, started.view.counts.skipped, started.view.counts.pending) == (1, 3, 0) and await model.calls() == 1


async def test_cancel_run_finished_or_unknown_run_is_refused(model: ModelServer, root: User) -> None:
    await people(1)
    started = await start(root)
    assert started.view is not None
    await refused(Conflict, lambda: admin.cancel_run(root, started.view.run.id, None))
    await refused(NotFound, lambda: admin.cancel_run(root, uuid7(), None))
    await refused(InvalidInput, lambda: admin.cancel_run(root, started.view.run.id, "x" * 501))


async def test_retry_run_with_failed_items_retries_them_once(model: ModelServer, root: User) -> None:
    await people(3)
    await model.fail(match="P1", kind="empty")
    with set_to(ITEM_ATTEMPTS="1"):
        started = await start(root)
    assert started.view is not None and (started.view.run.status, started.view.counts.failed) == (RunStatus.PARTIAL, 1)
    await model.reset()
    again = await admin.retry_run(root, Deadline(60), started.view.run.id, "the model is back")
    assert again.view is not None and (again.view.run.retry_of, again.view.run.reason) == (started.view.run.id, "the model is back")
    assert (again.summary.planned, again.summary.succeeded) == (1, 1) and await model.calls("diary") == 1
    versions = {(version.user_id, version.version): version.origin for version in await rows(DiaryVersion)}
    assert sorted(origin.value for origin in versions.values()) == ["FALLBACK", "MODEL", "MODEL", "MODEL"]
    assert Origin.MODEL in versions.values()
    assert "claimed them" in (await refused(Conflict, lambda: admin.retry_run(root, Deadline(60), started.view.run.id, None))).message


async def test_retry_run_items_failed_in_a_timer_run_are_retried(model: ModelServer, root: User) -> None:
    await people(2)
    started = await start(root, seconds=0)
    assert started.view is not None
    await model.fail(always="empty")
    with set_to(ITEM_ATTEMPTS="1"):
        await night(Job.DAILY_DIARY)
    assert (await admin.get_run(started.view.run.id)).counts.failed == 2
    await model.reset()
    again = await admin.retry_run(root, Deadline(60), started.view.run.id, None)
    assert (again.summary.planned, again.summary.succeeded) == (2, 2)


async def test_retry_run_without_failures_is_refused(model: ModelServer, root: User) -> None:
    await people(1)
    started = await start(root)
    assert started.view is not None
    await refused(Conflict, lambda: admin.retry_run(root, Deadline(60), started.view.run.id, None))
    await refused(NotFound, lambda: admin.retry_run(root, Deadline(60), uuid7(), None))
    await refused(InvalidInput, lambda: admin.retry_run(root, Deadline(60), started.view.run.id, "x" * 501))


async def test_tick_for_a_date_range_runs_all_follow_up_jobs(model: ModelServer) -> None:
    await people(2, days=2)
    summary = await night(first=DAYS[0], last=DAYS[1])
    jobs = {(item.job, item.status in (ItemStatus.SUCCEEDED, ItemStatus.SKIPPED)) for item in await rows(JobItem)}
    assert jobs == {(Job.DAILY_DIARY, True), (Job.DAILY_PROFILE, True), (Job.WEEKLY_PROFILE, True)} and summary.pending == 0
    assert {run.status for run in await rows(JobRun)} == {RunStatus.SUCCEEDED}
