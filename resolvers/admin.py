"""Use cases of admins: start and watch job runs, manage accounts, read usage. graph/permissions.py checks roles before a resolver runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

import logs
from jobs import run as job_run
from jobs.deadline import Deadline
from jobs.model_limiter import ITEM_TOKENS, MODEL_JOBS
from jobs.run_validation import MAX_RANGE, MAX_REASON_LENGTH, InvalidRunRequest
from llm import prices
from llm.usage import Cost
from persistence import database
from persistence.database import without_time_limit
from persistence.models import JobRun, User
from persistence.models.account import Role
from persistence.models.jobs import Job, RunStatus, Trigger
from persistence.paging import PageRange, range_of_keys
from persistence.queries import account as accounts
from persistence.queries import job_run_items, job_runs, model_limits, usage_reports, users
from persistence.queries.job_monitoring import Failure, JobState, failures, job_states
from persistence.queries.job_planning import Scope, tokens_per_item
from persistence.queries.job_run_items import ItemKey, RunCounts, RunItem
from persistence.queries.model_limits import ActivePause
from persistence.queries.model_pauses import MODEL_SWITCHED_OFF
from persistence.queries.usage_reports import PersonUsage, UsageRow
from resolvers.errors import Conflict, ConflictReason, InputRule, InvalidInput, NotFound
from resolvers.text_limits import MAX_SEARCH_LENGTH, MAX_SEARCH_WORDS

if TYPE_CHECKING:
    from persistence.queries.viewer import AnyUser

FIELDS = {"from": "from", "to": "to", "user_ids": "userIds", "reason": "reason"}
"""Names in the API of the fields that `InvalidRunRequest` can name."""
RUN_MARGIN_SECONDS = 3.0
"""Seconds of the request's time that a run leaves free, so that the response can still be sent."""


@dataclass(frozen=True)
class JobOverview:
    jobs: list[JobState]
    failures: list[Failure]
    pauses: list[ActivePause]


@dataclass(frozen=True)
class RunView:
    """A run with its counts and the admins who requested and cancelled it."""

    run: JobRun
    counts: RunCounts
    requested_by: User | None
    cancel_requested_by: User | None


@dataclass(frozen=True)
class StartedRun:
    """The result of a start within its request; `view` is None for a dry run, which records nothing.

    `estimated_tokens` extrapolates the recent usage of such items to the planned ones, and `estimated_cost` is their price at the current
    time.
    """

    view: RunView | None
    summary: job_run.RunSummary
    estimated_tokens: int
    estimated_cost: float | None
    currency: str | None


async def start_run(
    viewer: AnyUser,
    deadline: Deadline,
    *,
    job: Job,
    first: date | None,
    last: date | None,
    user_ids: Sequence[UUID] | None,
    force: bool,
    dry_run: bool,
    reason: str | None = None,
) -> StartedRun:
    """Plan a run and process its items for as long as the request may last; the next timer processes the rest.

    Raises `InvalidInput`, in which case no run is started.
    """
    scope = Scope(first, last, user_ids, force)
    return await _run_and_load(job_run.RunRequest(job, Trigger.ADMIN, viewer.id, reason, scope, dry_run=dry_run), deadline)


async def _run_and_load(request: job_run.RunRequest, deadline: Deadline) -> StartedRun:
    try:
        with without_time_limit():  # a job's statements cover all users, so the time limit of one user's statements does not fit
            summary = await job_run.run(request, Deadline(deadline.remaining() - RUN_MARGIN_SECONDS))
    except InvalidRunRequest as wrong:
        raise InvalidInput(FIELDS[wrong.field], str(wrong), rule=InputRule.OUT_OF_RANGE) from None
    view = await get_run(summary.run_id) if summary.run_id else None
    estimated_tokens, cost = await estimate(request.job, summary.planned)
    return StartedRun(view, summary, estimated_tokens, cost.amount if cost else None, cost.currency if cost else None)


async def estimate(job: Job | None, items: int) -> tuple[int, Cost | None]:
    """Return the tokens that `items` items of a job take, based on the recent usage of such items, and their price at the current time."""
    prompts, answers, cached = await _tokens_per_item(job)
    return round((prompts + answers) * items), prices.estimate(prompts * items, answers * items, cached * items)


async def _tokens_per_item(job: Job | None) -> tuple[float, float, float]:
    """Return the tokens of an item's prompts, of its answers, and of the part of its prompts that the provider's cache serves."""
    if job not in MODEL_JOBS:
        return 0.0, 0.0, 0.0
    async with database.session() as session:
        return await tokens_per_item(session, job) or (ITEM_TOKENS * 0.8, ITEM_TOKENS * 0.2, 0.0)


async def cancel_run(viewer: AnyUser, run_id: UUID, reason: str | None) -> RunView:
    """Make a run stop before its next item, and drop its items that no worker has started, even if the request that started it is over.

    Raises `Conflict` when the run has nothing to cancel, `InvalidInput`, `NotFound`.
    """
    _check_reason(reason)
    view = await get_run(run_id)
    async with database.transaction() as session:
        if not await job_runs.request_cancel(session, run_id, requested_by=viewer.id, reason=reason):
            raise Conflict(
                f"the run ({view.run.status.value}) has no pending or running items, or it was cancelled before: nothing was changed",
                reason=ConflictReason.NOTHING_TO_DO,
            )
    logs.write("job_run_cancelled", level="WARNING", run_id=run_id, user_id=viewer.id, reason=reason, error_code=job_runs.CANCELLED)
    return await get_run(run_id)


async def retry_run(viewer: AnyUser, deadline: Deadline, run_id: UUID, reason: str | None) -> StartedRun:
    """Retry the FAILED items of a run in a new run. Raises `Conflict` when there are none, `InvalidInput`, `NotFound`."""
    _check_reason(reason)
    view = await get_run(run_id)
    async with database.session() as session:
        if not await job_runs.has_failed_items(session, run_id):
            raise Conflict("the run has no FAILED items: no item failed, or a later run has claimed them: retry that run", reason=ConflictReason.NOTHING_TO_DO)
    return await _run_and_load(job_run.RunRequest(view.run.job, Trigger.ADMIN, viewer.id, reason, retry_of=run_id), deadline)


async def switch_model_off(viewer: AnyUser, reason: str) -> list[ActivePause]:
    """Stop all use of the model for all users at once: nightly jobs write fallback entries, chats are refused. Raises `InvalidInput`."""
    _require_reason(reason)
    async with database.transaction() as session:
        await model_limits.disable_model(session, viewer.id, reason.strip())
        pauses = await model_limits.list_pauses(session)
    logs.write("model_switched_off", level="WARNING", user_id=viewer.id, reason=reason.strip(), error_code=MODEL_SWITCHED_OFF)
    return pauses


async def switch_model_on(viewer: AnyUser, reason: str) -> list[ActivePause]:
    """Allow the use of the model again. Raises `Conflict` when no admin has switched it off, `InvalidInput`."""
    _require_reason(reason)
    async with database.transaction() as session:
        if not await model_limits.enable_model(session):
            raise Conflict(
                "no admin has switched the model off; if the setting MODEL_ENABLED is false, the operator must change it in the deployment",
                reason=ConflictReason.NOTHING_TO_DO,
            )
        pauses = await model_limits.list_pauses(session)
    logs.write("model_switched_on", user_id=viewer.id, reason=reason.strip())
    return pauses


async def load_job_overview() -> JobOverview:
    async with database.session() as session:
        return JobOverview(await job_states(session), await failures(session), await model_limits.list_pauses(session))


def _check_reason(reason: str | None) -> None:
    if reason is not None and len(reason) > MAX_REASON_LENGTH:
        raise InvalidInput("reason", f"reason must have at most {MAX_REASON_LENGTH} characters", rule=InputRule.TOO_LONG, bounds=(0, MAX_REASON_LENGTH))


def _require_reason(reason: str) -> None:
    if not 0 < len(reason.strip()) <= MAX_REASON_LENGTH:
        raise InvalidInput(
            "reason", f"reason must have 1 to {MAX_REASON_LENGTH} characters; other admins can read it",
            rule=InputRule.TOO_LONG if reason.strip() else InputRule.EMPTY, bounds=(1, MAX_REASON_LENGTH),
        )


def _check_range(first: date, last: date) -> None:
    if last < first:
        raise InvalidInput("to", "to is earlier than from", rule=InputRule.OUT_OF_RANGE)
    if last - first > MAX_RANGE:
        raise InvalidInput(
            "to", f"the range from `from` to `to` must have at most {MAX_RANGE.days + 1} days", rule=InputRule.OUT_OF_RANGE, bounds=(1, MAX_RANGE.days + 1)
        )


async def get_run(run_id: UUID) -> RunView:
    """Return a run. Raises `NotFound`."""
    found = await load_runs([run_id])
    if run_id not in found:
        raise NotFound("job run")
    return found[run_id]


async def load_runs(ids: Sequence[UUID]) -> dict[UUID, RunView]:
    """Return the runs that exist, with a number of queries that does not depend on the number of ids."""
    async with database.session() as session:
        found = await job_runs.load_runs(session, ids)
    return {view.run.id: view for view in await _views(found)}


async def load_run_items(keys: Sequence[ItemKey]) -> dict[ItemKey, tuple[RunItem, User, UUID]]:
    """Return the items that exist, each with its user and the id of its run, with a number of queries that does not depend on the number of keys."""
    if not keys:
        return {}
    async with database.session() as session:
        found = await job_run_items.load_run_items(session, keys)
        owners = await users.load_users(session, list({key.user_id for key in found}))
    return {key: (item, owners[key.user_id], key.run_id) for key, item in found.items() if key.user_id in owners}


async def list_runs(
    *, job: Job | None, status: RunStatus | None, limit: int, after: UUID | None = None, before: UUID | None = None, backward: bool = False
) -> list[RunView]:
    """Return at most `limit` runs, which are listed the newest first, in that order or backward."""
    async with database.session() as session:
        found = await job_runs.list_runs(session, range_of_keys(limit, after, before, backward), job=job, status=status)
    return await _views(found)


async def _views(found: Sequence[JobRun]) -> list[RunView]:
    """Return the runs with their counts and admins, with a number of queries that does not depend on the number of runs."""
    async with database.session() as session:
        counts = await job_run_items.load_counts(session, [row.id for row in found])
        admins = await users.load_users(session, {id for row in found for id in (row.requested_by, row.cancel_requested_by) if id})
    return [RunView(row, counts[row.id], _of(admins, row.requested_by), _of(admins, row.cancel_requested_by)) for row in found]


def _of(found: Mapping[UUID, User], user_id: UUID | None) -> User | None:
    return found.get(user_id) if user_id else None


async def count_runs(*, job: Job | None, status: RunStatus | None) -> int:
    async with database.session() as session:
        return await job_runs.count_runs(session, job=job, status=status)


async def list_users(
    *, search: str | None, limit: int, after: UUID | None = None, before: UUID | None = None, backward: bool = False
) -> Sequence[User]:
    """Return at most `limit` users, who are listed the newest first, in that order or backward.

    Spellings of a word are one in nicknames, as in `messageSearch`.
    """
    async with database.session() as session:
        return await users.list_users(session, _searched(search), range_of_keys(limit, after, before, backward))


async def count_users(*, search: str | None) -> int:
    async with database.session() as session:
        return await users.count_users(session, search=_searched(search))


def _searched(search: str | None) -> list[users.SearchedWord]:
    """Return the words of a search, none for a blank one. Raises `InvalidInput` for too many."""
    from jobs.rules.text.word_patterns import word_pattern  # not needed before the first search
    from jobs.rules.text.words import fold_words

    words = dict.fromkeys((search or "").replace("\x00", "").split())
    if len(search or "") > MAX_SEARCH_LENGTH or len(words) > MAX_SEARCH_WORDS:
        raise InvalidInput(
            "search", f"search takes at most {MAX_SEARCH_WORDS} words and {MAX_SEARCH_LENGTH} characters: send fewer",
            rule=InputRule.TOO_LONG if len(search or "") > MAX_SEARCH_LENGTH else InputRule.TOO_MANY,
            bounds=(0, MAX_SEARCH_LENGTH if len(search or "") > MAX_SEARCH_LENGTH else MAX_SEARCH_WORDS),
        )
    return [users.SearchedWord(word, word_pattern(word) if fold_words(word) else None) for word in words]


async def load_users(user_ids: Iterable[UUID]) -> dict[UUID, User]:
    async with database.session() as session:
        return await users.load_users(session, user_ids)


async def update_user(viewer: AnyUser, user_id: UUID, changes: Mapping[str, Any]) -> User:
    """Change the given ones of `role`, `disabled` and `chat_tokens_per_day` (None: the default from the settings).

    Admins cannot disable or demote themselves. Disabling revokes every sign-in permanently: once enabled again, the user has to sign in
    anew. Raises `InvalidInput`, `NotFound`.
    """
    if user_id == viewer.id and (changes.get("role") is Role.USER or changes.get("disabled")):
        raise InvalidInput(
            "role" if changes.get("role") is Role.USER else "disabled", "you cannot disable your own account or change its role",
            rule=InputRule.NOT_ALLOWED_HERE,
        )
    if not 0 <= (changes.get("chat_tokens_per_day") or 0) < 2**31:
        raise InvalidInput(
            "chatTokensPerDay", "chatTokensPerDay must be 0 (no chat) to 2147483647, or null for the default of this installation",
            rule=InputRule.OUT_OF_RANGE, bounds=(0, 2147483647),
        )
    async with database.transaction() as session:
        changed = await accounts.update_user(session, user_id, **changes)
        if changed is not None and changed.disabled:
            await accounts.revoke_sign_ins(session, user_id)
        await session.note_changes([user_id])
    if changed is None:
        raise NotFound("user")
    return changed


async def revoke_sessions(viewer: AnyUser, user_id: UUID) -> tuple[User, int]:
    """Revoke all sign-ins of a user; return the user and the number of revoked sign-ins.

    Raises `NotFound`, and `InvalidInput` for the admin's own account.
    """
    if user_id == viewer.id:
        raise InvalidInput("userId", "you cannot revoke your own sessions here: use `sessionRevokeAll`", rule=InputRule.NOT_ALLOWED_HERE)
    async with database.transaction() as session:
        revoked = await accounts.revoke_sign_ins(session, user_id)
        user = (await users.load_users(session, [user_id])).get(user_id)
    if user is None:
        raise NotFound("user")
    logs.write("user_sessions_revoked", user_id=user_id, requested_by=viewer.id, revoked=revoked)
    return user, revoked


async def usage_between(first: date, last: date, *, user_id: UUID | None, job: Job | None) -> list[UsageRow]:
    """Return the usage of the days from `first` to `last`. Raises `InvalidInput`."""
    _check_range(first, last)
    async with database.session() as session:
        return await usage_reports.usage_between(session, first, last, user_id=user_id, job=job)


async def usage_by_user(
    first: date, last: date, *, job: Job | None, limit: int, after: tuple[int, UUID] | None = None, before: tuple[int, UUID] | None = None,
    backward: bool = False,
) -> list[PersonUsage]:
    """Return at most `limit` users' usage of the days from `first` to `last`, in the order of the list or backward. Raises `InvalidInput`."""
    _check_range(first, last)
    async with database.session() as session:
        return await usage_reports.usage_by_user(session, first, last, PageRange(limit, after, before, backward), job=job)


async def count_usage_users(first: date, last: date, *, job: Job | None) -> int:
    async with database.session() as session:
        return await usage_reports.count_users(session, first, last, job=job)
