"""Queries for administrators."""
from datetime import date
from typing import Annotated
from uuid import UUID

import strawberry

from graph.field_costs import AGGREGATE, weight
from graph.permissions import Admin
from graph.relay import (
    After,
    Before,
    Connection,
    First,
    Last,
    cut_rows,
    decode_cursor,
    decode_id_of,
    encode_cursor,
    id_of_cursor,
    make_connection,
    one_more,
    read_page,
)
from graph.types.job import Job, JobRun, JobRunStatus
from graph.types.nights import Nights
from graph.types.usage import UsageDay, UsagePerson
from graph.types.user import User
from resolvers import admin

FirstDay = Annotated[date, strawberry.argument(name="from", description="First day of the range, in each user's own time zone.")]
LastDay = Annotated[date, strawberry.argument(description="Last day of the range, inclusive; at most 366 days after the first.")]
OfJob = Annotated[Job | None, strawberry.argument(description="Only usage by this job; absent or null for all jobs and chats.")]


@strawberry.type
class AdminQuery:
    @strawberry.field(permission_classes=[Admin], description="All user accounts, the newest first. Never includes what the users wrote.")
    async def users(
        self, first: First = None, after: After = None, last: Last = None, before: Before = None,
        search: Annotated[str | None, strawberry.argument(description="At most 10 words, each part of an e-mail address or, in any of the "
        "spellings that `messageSearch` takes for one, of a nickname; absent, null or blank for all users.")] = None,
    ) -> Connection[User] | None:
        page = read_page(first, after, last, before, id_of_cursor)
        rows, has_next, has_previous = cut_rows(await admin.list_users(search=search, **one_more(page)), page)
        return make_connection(
            rows, node=User.from_model, cursor=lambda row: encode_cursor(row.id), has_next=has_next, has_previous=has_previous,
            count=lambda: admin.count_users(search=search),
        )

    @strawberry.field(permission_classes=[Admin], description="Job runs, the newest first.")
    async def job_runs(
        self, first: First = None, after: After = None, last: Last = None, before: Before = None,
        job: Annotated[Job | None, strawberry.argument(description="Only runs of this job; absent or null for all runs, including those of all jobs.")] = None,
        status: Annotated[JobRunStatus | None, strawberry.argument(description="Only runs with this status; absent or null for all.")] = None,
    ) -> Connection[JobRun] | None:
        page = read_page(first, after, last, before, id_of_cursor)
        rows, has_next, has_previous = cut_rows(await admin.list_runs(job=job, status=status, **one_more(page)), page)
        return make_connection(
            rows, node=JobRun.from_view, cursor=lambda view: encode_cursor(view.run.id), has_next=has_next, has_previous=has_previous,
            count=lambda: admin.count_runs(job=job, status=status),
        )

    @strawberry.field(permission_classes=[Admin], description="One job run, for example to poll its progress. NOT_FOUND when it does not exist.")
    async def job_run(self, id: Annotated[strawberry.ID, strawberry.argument(description="Id of the job run.")]) -> JobRun | None:
        return JobRun.from_view(await admin.get_run(decode_id_of("JobRun", id)))

    @strawberry.field(permission_classes=[Admin], metadata=weight(AGGREGATE), description="Current state of the job queue: due, running and failed items, durations of attempts, and active model pauses.")
    async def nights(self) -> Nights | None:
        return Nights.from_state(await admin.load_job_overview())

    @strawberry.field(permission_classes=[Admin], metadata=weight(AGGREGATE), description="Model calls, tokens and cost by day and purpose, summed over all users or of one user.")
    async def usage(
        self, from_: FirstDay, to: LastDay,
        user_id: Annotated[strawberry.ID | None, strawberry.argument(description="Only the usage of this user; absent or null for all users.")] = None,
        job: OfJob = None,
    ) -> list[UsageDay] | None:
        wanted = None if user_id is None else decode_id_of("User", user_id)
        return [UsageDay.from_row(row) for row in await admin.usage_between(from_, to, user_id=wanted, job=job)]

    @strawberry.field(permission_classes=[Admin], metadata=weight(AGGREGATE), description="Model calls, tokens and cost of each user over these days; the user with the most tokens comes first.")
    async def usage_by_person(
        self, from_: FirstDay, to: LastDay, job: OfJob = None, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[UsagePerson] | None:
        page = read_page(first, after, last, before, lambda cursor: decode_cursor(cursor, int, UUID))
        rows, has_next, has_previous = cut_rows(await admin.usage_by_user(from_, to, job=job, **one_more(page)), page)
        found = await admin.load_users([row.user_id for row in rows])
        return make_connection(
            rows, node=lambda row: UsagePerson.from_usage(row, found[row.user_id]), cursor=lambda row: encode_cursor(*row.position),
            has_next=has_next, has_previous=has_previous, count=lambda: admin.count_usage_users(from_, to, job=job),
        )
