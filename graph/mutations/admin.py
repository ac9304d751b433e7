"""Mutations for administrators."""
from datetime import date
from typing import Annotated, Any

import strawberry
from typing_extensions import Self

from graph.enums import Role
from graph.field_costs import WHOLE_ACCOUNT, weight
from graph.permissions import Admin
from graph.relay import decode_id_of
from graph.results import ConflictError, InvalidInputError, to_result
from graph.scalars import BigInt
from graph.types.job import Job, JobRun
from graph.types.nights import Pause
from graph.types.user import User
from resolvers import admin


@strawberry.input(description="Which job to run, for which users and days.")
class JobRunStartInput:
    job: Job = strawberry.field(description="The job to run.")
    from_: date | None = strawberry.field(default=None, name="from", description="First day of the range, in each user's own time zone. Absent or null together with `to`: everything that is due.")
    to: date | None = strawberry.field(default=None, description="Last day of the range, inclusive: at most 366 days after the first, and not after the current date in UTC+14. Days that are not over for a user are left out.")
    user_ids: list[strawberry.ID] | None = strawberry.field(default=None, description="Ids of the users, 1 to 1000; absent or null for all users.")
    force: bool = strawberry.field(default=False, description="True to process days again that are up to date; requires a date range or `userIds`. Identical results are not stored again, but the model calls are billed.")
    dry_run: bool = strawberry.field(default=False, description="True to only count what would be done and estimate its tokens and cost; writes nothing.")
    reason: str | None = strawberry.field(default=None, description="Reason, shown with the run to other admins; at most 500 characters. Absent or null for none.")


@strawberry.type(description="The run was processed for as long as the request's time allowed; timers process the rest.")
class JobRunStartSuccess:
    run: JobRun | None = strawberry.field(description="The run, to be polled with `jobRun`; null for a dry run, which is not stored.")
    planned: int = strawberry.field(description="Number of items that the run planned; for a dry run, that it would plan.")
    pending: int = strawberry.field(description="Number of items that were still pending when the request ended: those of this run, or for a run without days and users all due items of the job. For a dry run the same as `planned`.")
    left: int = strawberry.field(description="The same as `pending`.", deprecation_reason="`JobRunCounts` calls the same number pending; use `pending`.")
    estimated_tokens: BigInt = strawberry.field(description="Estimated tokens for the planned items, based on recent items of the job; 0 for a job without model calls.")
    estimated_cost: float | None = strawberry.field(description="What these tokens would cost at current prices; null when no price is known.")
    currency: str | None = strawberry.field(description="The currency of `estimatedCost` as an ISO 4217 code; null when no price is known.")

    @classmethod
    def from_started(cls, started: "admin.StartedRun") -> Self:
        pending = started.summary.pending
        return cls(run=JobRun.from_view(started.view) if started.view else None, planned=started.summary.planned, pending=pending, left=pending,
                   estimated_tokens=BigInt(started.estimated_tokens), estimated_cost=started.estimated_cost, currency=started.currency)


@strawberry.input(description="The run to cancel.")
class JobRunCancelInput:
    id: strawberry.ID = strawberry.field(description="Id of the run to cancel.")
    reason: str | None = strawberry.field(default=None, description="Reason, shown with the run to other admins; at most 500 characters. Absent or null for none.")


@strawberry.type(description="The run stops before its next item. Items in progress are finished; items that it was explicitly started for and that had not been started are dropped.")
class JobRunCancelSuccess:
    run: JobRun = strawberry.field(description="The run after the cancellation.")


@strawberry.input(description="The run whose failed items to retry.")
class JobRunRetryInput:
    id: strawberry.ID = strawberry.field(description="Id of the run whose items failed.")
    reason: str | None = strawberry.field(default=None, description="Reason, shown with the run to other admins; at most 500 characters. Absent or null for none.")


@strawberry.type(description="The failed items were retried in a new run for as long as the request's time allowed; timers process the rest.")
class JobRunRetrySuccess(JobRunStartSuccess):
    pass


@strawberry.input(description="The reason for switching the model off.")
class ModelSwitchOffInput:
    reason: str = strawberry.field(description="Reason, shown in `Pause.reason`; 1 to 500 characters.")


@strawberry.input(description="The reason for switching the model on.")
class ModelSwitchOnInput:
    reason: str = strawberry.field(description="Reason, written to the log; 1 to 500 characters.")


@strawberry.type(description="All use of the model is switched off.")
class ModelSwitchOffSuccess:
    pauses: list[Pause] = strawberry.field(description="The active model pauses.")


@strawberry.type(description="The use of the model is allowed again.")
class ModelSwitchOnSuccess:
    pauses: list[Pause] = strawberry.field(description="Model pauses that are still active, because the provider rejects calls; empty otherwise.")


@strawberry.input(description="Changes of a user's account by an admin. Absent fields keep their value.")
class UserUpdateInput:
    user_id: strawberry.ID = strawberry.field(description="Id of the user to change.")
    role: Role | None = strawberry.field(default=None, description="The new role; absent or null keeps it. Admins cannot demote themselves.")
    chat_tokens_per_day: strawberry.Maybe[int | None] = strawberry.field(
        description="The user's quota of model tokens for chats per day; 0 for none at all. Null: the installation's setting CHAT_TOKENS_PER_DAY applies.",
    )
    disabled: bool | None = strawberry.field(default=None, description="True disables the account: all its sessions are revoked and its personal access tokens deleted, the user cannot sign in, and nightly jobs plan nothing for the user. False enables it again; absent or null keeps it. Admins cannot disable themselves.")


@strawberry.type(description="The account was changed.")
class UserUpdateSuccess:
    user: User = strawberry.field(description="The user after the change.")


@strawberry.input(description="The user whose sessions to revoke.")
class UserSessionsRevokeInput:
    user_id: strawberry.ID = strawberry.field(description="Id of the user. Admins revoke their own sessions with `sessionRevokeAll`.")


@strawberry.type(description="All sessions of the user were revoked and the personal access tokens deleted: none of the tokens works any more.")
class UserSessionsRevokeSuccess:
    user: User = strawberry.field(description="The user.")
    revoked_sessions: int = strawberry.field(description="Number of sessions that were revoked.")


JobRunStartResult = Annotated[JobRunStartSuccess | InvalidInputError, strawberry.union("JobRunStartResult", description="Outcome of `jobRunStart`.")]
JobRunCancelResult = Annotated[JobRunCancelSuccess | ConflictError | InvalidInputError, strawberry.union("JobRunCancelResult", description="Outcome of `jobRunCancel`.")]
JobRunRetryResult = Annotated[JobRunRetrySuccess | ConflictError | InvalidInputError, strawberry.union("JobRunRetryResult", description="Outcome of `jobRunRetry`.")]
ModelSwitchOffResult = Annotated[ModelSwitchOffSuccess | InvalidInputError, strawberry.union("ModelSwitchOffResult", description="Outcome of `modelSwitchOff`.")]
ModelSwitchOnResult = Annotated[ModelSwitchOnSuccess | ConflictError | InvalidInputError, strawberry.union("ModelSwitchOnResult", description="Outcome of `modelSwitchOn`.")]
UserUpdateResult = Annotated[UserUpdateSuccess | InvalidInputError, strawberry.union("UserUpdateResult", description="Outcome of `userUpdate`.")]

UserSessionsRevokeResult = Annotated[
    UserSessionsRevokeSuccess | InvalidInputError, strawberry.union("UserSessionsRevokeResult", description="Outcome of `userSessionsRevoke`.")
]


@strawberry.type
class AdminMutation:
    @strawberry.mutation(permission_classes=[Admin], metadata=weight(WHOLE_ACCOUNT), description="Run a job now: plan its items, process them for as long as the request may last, and return the run.")
    async def job_run_start(self, info: strawberry.Info, input: JobRunStartInput) -> JobRunStartResult | None:
        viewer = await info.context.require_viewer()
        user_ids = None if input.user_ids is None else [decode_id_of("User", id) for id in input.user_ids]
        started = admin.start_run(viewer, info.context.deadline, job=input.job, first=input.from_, last=input.to, user_ids=user_ids,
                                  force=input.force, dry_run=input.dry_run, reason=input.reason)
        return await to_result(started, JobRunStartSuccess.from_started)

    @strawberry.mutation(permission_classes=[Admin], description="Cancel a run: it stops before its next item, even when its request has ended and timers process the rest. ConflictError when nothing of it is pending or in progress, or when it was cancelled before.")
    async def job_run_cancel(self, info: strawberry.Info, input: JobRunCancelInput) -> JobRunCancelResult | None:
        viewer = await info.context.require_viewer()
        return await to_result(admin.cancel_run(viewer, decode_id_of("JobRun", input.id), input.reason), lambda view: JobRunCancelSuccess(run=JobRun.from_view(view)))

    @strawberry.mutation(permission_classes=[Admin], metadata=weight(WHOLE_ACCOUNT), description="Retry the failed items of a run in a new run. ConflictError when the run has none that still count as failed.")
    async def job_run_retry(self, info: strawberry.Info, input: JobRunRetryInput) -> JobRunRetryResult | None:
        viewer = await info.context.require_viewer()
        started = admin.retry_run(viewer, info.context.deadline, decode_id_of("JobRun", input.id), input.reason)
        return await to_result(started, JobRunRetrySuccess.from_started)

    @strawberry.mutation(permission_classes=[Admin], description="Switch all use of the model off for all users at once: chats are refused with MODEL_SWITCHED_OFF, and nightly jobs write fallback diaries.")
    async def model_switch_off(self, info: strawberry.Info, input: ModelSwitchOffInput) -> ModelSwitchOffResult | None:
        viewer = await info.context.require_viewer()
        off = admin.switch_model_off(viewer, input.reason)
        return await to_result(off, lambda pauses: ModelSwitchOffSuccess(pauses=[Pause.from_pause(pause) for pause in pauses]))

    @strawberry.mutation(permission_classes=[Admin], description="Allow the use of the model again. ConflictError when no admin has switched it off.")
    async def model_switch_on(self, info: strawberry.Info, input: ModelSwitchOnInput) -> ModelSwitchOnResult | None:
        viewer = await info.context.require_viewer()
        on = admin.switch_model_on(viewer, input.reason)
        return await to_result(on, lambda pauses: ModelSwitchOnSuccess(pauses=[Pause.from_pause(pause) for pause in pauses]))

    @strawberry.mutation(permission_classes=[Admin], description="Change a user's role or chat quota, or disable or enable the account.")
    async def user_update(self, info: strawberry.Info, input: UserUpdateInput) -> UserUpdateResult | None:
        viewer = await info.context.require_viewer()
        updated = admin.update_user(viewer, decode_id_of("User", input.user_id), _changes(input))
        return await to_result(updated, lambda user: UserUpdateSuccess(user=User.from_model(user)))

    @strawberry.mutation(permission_classes=[Admin], description="Revoke all sessions of a user, who then has to sign in again with the password.")
    async def user_sessions_revoke(self, info: strawberry.Info, input: UserSessionsRevokeInput) -> UserSessionsRevokeResult | None:
        viewer = await info.context.require_viewer()
        revoked = admin.revoke_sessions(viewer, decode_id_of("User", input.user_id))
        return await to_result(revoked, lambda done: UserSessionsRevokeSuccess(user=User.from_model(done[0]), revoked_sessions=done[1]))


def _changes(input: UserUpdateInput) -> dict[str, Any]:
    given = {name: value for name, value in (("role", input.role), ("disabled", input.disabled)) if value is not None}
    return given if input.chat_tokens_per_day is None else {**given, "chat_tokens_per_day": input.chat_tokens_per_day.value}

