# ruff: noqa: E501 - rows of items read by their lines
"""Items of several users, jobs and periods, of which a test of the job queue touches one."""
from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

from persistence import database
from persistence.ids import uuid7
from persistence.models import JobItem, JobRun, User
from persistence.models.jobs import ItemStatus, Job, RunStatus, Trigger
from tests.jobs.job_setup import everything

DAY = date(2026, 3, 4)
DAYS = (DAY + timedelta(days=1), DAY - timedelta(days=1), DAY)
"""The middle day is stored last, so that it is neither the first row nor the one with the least or the greatest key."""
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def ago(by: timedelta) -> datetime:
    return datetime.now(timezone.utc) - by


async def three_users() -> list[User]:
    """Store three users and return them by id; the middle one is stored last."""
    people = [User(id=uuid7(), email=f"{name}@example.org", password_hash="-", nickname=name, time_zone="UTC", locale="en") for name in ("ann", "bob", "cem")]
    for user in (people[2], people[0], people[1]):
        await store(user)
    return people


async def store(*stored: Any) -> None:
    async with database.transaction() as session:
        session.add_all(stored)


async def three_runs() -> list[JobRun]:
    """Store three runs and return them by id; the middle one is stored last."""
    runs = [JobRun(id=uuid7(), job=Job.DAILY_DIARY, trigger=Trigger.CLI, status=RunStatus.RUNNING) for _ in range(3)]
    for run in (runs[2], runs[0], runs[1]):
        await store(run)
    return runs


def item(user: User, day: date = DAY, job: Job = Job.DAILY_DIARY, status: ItemStatus = ItemStatus.PENDING, *, due: timedelta = MINUTE, **columns: Any) -> JobItem:
    """Return an item that became due some time ago."""
    return JobItem(user_id=user.id, job=job, period=day, status=status, due_at=ago(due), **columns)


def leased(user: User, day: date = DAY, job: Job = Job.DAILY_DIARY, *, left: timedelta = MINUTE, **columns: Any) -> JobItem:
    """Return a running item whose lease has so much time left."""
    return item(user, day, job, ItemStatus.RUNNING, lease_token=uuid7(), lease_until=ago(-left), attempts=1, **columns)


async def items_but(*keys: tuple[UUID, Job, date]) -> list[Any]:
    """Return the rows of all items but these."""
    left_out = [(str(user_id), str(job), str(day)) for user_id, job, day in keys]
    return [row for row in (await everything())["job_items"] if row[:3] not in left_out]
