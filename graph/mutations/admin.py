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
from resolvers.admin import StartedRun


@strawberry.input(description="Which job to run, for whom and for which days.")
class JobRunStartInput:
    job: Job = strawberry.field(description="The job.")  # type: ignore[valid-type]
    from_: date | None = strawberry.field(default=None, name="from", description="First day, in each person's own zone. Absent, with `to`: everything that is due.")
    to: date | None = strawberry.field(default=None, description="Last day, included; at most 366 days after the first, and none that has begun nowhere yet. Days that are not over are left out.")
    user_ids: list[strawberry.ID] | None = strawberry.field(default=None, description="Only these people, at most 1000; absent for everybody.")
    force: bool = strawberry.field(default=False, description="Do days again that are up to date; needs days or people. What comes out the same is not stored again, but the model is paid.")
    dry_run: bool = strawberry.field(default=False, description="Only count what would be done, and estimate what it would take; writes nothing.")
    reason: str | None = strawberry.field(default=None, description="Why, for whoever reads the run later; at most 500 characters.")


@strawberry.type(description="The run was carried out as far as the request's time allowed; timers do the rest.")
class JobRunStartSuccess:
    run: JobRun | None = strawberry.field(description="The run, to poll with `jobRun`; null for a dry run, which is not recorded.")
    planned: int = strawberry.field(description="How many items the run planned; for a dry run, how many it would.")
    left: int = strawberry.field(description="How many of them still wait.")
    estimated_tokens: BigInt = strawberry.field(description="Tokens that the planned items take, estimated by what such items took lately; 0 for a job that asks no model.")
    estimated_cost: float | None = strawberry.field(description="What they would cost at this minute's prices; null when no price is known.")
    currency: str | None = strawberry.field(description="The currency of `estimatedCost`, as an ISO 4217 code; null when no price is known.")

    @classmethod
    def from_started(cls, started: StartedRun) -> Self:
        return cls(run=started.view and JobRun.from_view(started.view), planned=started.summary.planned, left=started.summary.pending,
                   estimated_tokens=BigInt(started.estimated_tokens), estimated_cost=started.estimated_cost, currency=started.currency)


@strawberry.input(description="Which run to stop.")
class JobRunCancelInput:
    id: strawberry.ID = strawberry.field(description="The run.")
    reason: str | None = strawberry.field(default=None, description="Why, for whoever reads the run later; at most 500 characters.")


@strawberry.type(description="The run stops at its next item. Items in hand are finished; what it had asked for and nobody had begun is dropped.")
class JobRunCancelSuccess:
    run: JobRun = strawberry.field(description="The run as it is now.")


@strawberry.input(description="Which run's failures to take up again.")
class JobRunRetryInput:
    id: strawberry.ID = strawberry.field(description="The run that gave them up.")
    reason: str | None = strawberry.field(default=None, description="Why, for whoever reads the run later; at most 500 characters.")


@strawberry.type(description="What had failed was taken up in a new run, as far as the request's time allowed; timers do the rest.")
class JobRunRetrySuccess(JobRunStartSuccess):
    pass


@strawberry.input(description="Why all use of the model is to stop.")
class ModelSwitchOffInput:
    reason: str = strawberry.field(description="Why, for whoever reads it later; 1 to 500 characters.")


@strawberry.input(description="Why the model may be used again.")
class ModelSwitchOnInput:
    reason: str = strawberry.field(description="Why, for the log; 1 to 500 characters.")


@strawberry.type(description="The model is not used any more.")
class ModelSwitchOffSuccess:
    pauses: list[Pause] = strawberry.field(description="Why the model is not asked now.")


@strawberry.type(description="The model may be used again.")
class ModelSwitchOnSuccess:
    pauses: list[Pause] = strawberry.field(description="Why the model is not asked all the same, if the provider refuses; else empty.")


@strawberry.input(description="What to change of somebody's account. What is absent stays.")
class UserUpdateInput:
    user_id: strawberry.ID = strawberry.field(description="The person.")
    role: Role | None = strawberry.field(default=None, description="Their new role. Admins cannot demote themselves.")  # type: ignore[valid-type]
    chat_tokens_per_day: strawberry.Maybe[int | None] = strawberry.field(
        description="Tokens of the model that their chats may take a day; 0 for none. Null: as the installation's setting CHAT_TOKENS_PER_DAY says.",
    )
    disabled: bool | None = strawberry.field(default=None, description="Whether they are kept out: every sign-in ends for good, they cannot sign in, and their nights rest. Admins cannot disable themselves.")


@strawberry.type(description="The account was changed.")
class UserUpdateSuccess:
    user: User = strawberry.field(description="The person as they are now.")


@strawberry.input(description="Whose sign-ins to end.")
class UserSessionsRevokeInput:
    user_id: strawberry.ID = strawberry.field(description="The person. Admins end their own by `sessionRevokeAll`.")


@strawberry.type(description="Every sign-in of the person has ended: none of their tokens works any more.")
class UserSessionsRevokeSuccess:
    user: User = strawberry.field(description="The person.")
    revoked_sessions: int = strawberry.field(description="How many sign-ins there were.")


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
    @strawberry.mutation(permission_classes=[Admin], metadata=weight(WHOLE_ACCOUNT), description="Run a job now: plan what is asked for, work as long as the request may last, answer with the run.")
    async def job_run_start(self, info: strawberry.Info, input: JobRunStartInput) -> JobRunStartResult | None:
        viewer = await info.context.require_viewer()
        user_ids = None if input.user_ids is None else [decode_id_of("User", id) for id in input.user_ids]
        started = admin.start_run(viewer, info.context.deadline, job=input.job, first=input.from_, last=input.to, user_ids=user_ids,
                                  force=input.force, dry_run=input.dry_run, reason=input.reason)
        return await to_result(started, JobRunStartSuccess.from_started)

    @strawberry.mutation(permission_classes=[Admin], description="Stop a run at its next item, also when its request is over and timers do the rest.")
    async def job_run_cancel(self, info: strawberry.Info, input: JobRunCancelInput) -> JobRunCancelResult | None:
        viewer = await info.context.require_viewer()
        return await to_result(admin.cancel_run(viewer, decode_id_of("JobRun", input.id), input.reason), lambda view: JobRunCancelSuccess(run=JobRun.from_view(view)))

    @strawberry.mutation(permission_classes=[Admin], metadata=weight(WHOLE_ACCOUNT), description="Take up the items that a run gave up, in a new run.")
    async def job_run_retry(self, info: strawberry.Info, input: JobRunRetryInput) -> JobRunRetryResult | None:
        viewer = await info.context.require_viewer()
        started = admin.retry_run(viewer, info.context.deadline, decode_id_of("JobRun", input.id), input.reason)
        return await to_result(started, JobRunRetrySuccess.from_started)

    @strawberry.mutation(permission_classes=[Admin], description="Stop all use of the model for everybody, at once: chats are refused, nights write fallback entries.")
    async def model_switch_off(self, info: strawberry.Info, input: ModelSwitchOffInput) -> ModelSwitchOffResult | None:
        viewer = await info.context.require_viewer()
        off = admin.switch_model_off(viewer, input.reason)
        return await to_result(off, lambda pauses: ModelSwitchOffSuccess(pauses=[Pause.from_pause(pause) for pause in pauses]))

    @strawberry.mutation(permission_classes=[Admin], description="Allow the use of the model again.")
    async def model_switch_on(self, info: strawberry.Info, input: ModelSwitchOnInput) -> ModelSwitchOnResult | None:
        viewer = await info.context.require_viewer()
        on = admin.switch_model_on(viewer, input.reason)
        return await to_result(on, lambda pauses: ModelSwitchOnSuccess(pauses=[Pause.from_pause(pause) for pause in pauses]))

    @strawberry.mutation(permission_classes=[Admin], description="Change somebody's role, or keep them out.")
    async def user_update(self, info: strawberry.Info, input: UserUpdateInput) -> UserUpdateResult | None:
        viewer = await info.context.require_viewer()
        updated = admin.update_user(viewer, decode_id_of("User", input.user_id), _changes(input))
        return await to_result(updated, lambda user: UserUpdateSuccess(user=User.from_model(user)))

    @strawberry.mutation(permission_classes=[Admin], description="End every sign-in of a person, who then has to sign in again with the password.")
    async def user_sessions_revoke(self, info: strawberry.Info, input: UserSessionsRevokeInput) -> UserSessionsRevokeResult | None:
        viewer = await info.context.require_viewer()
        revoked = admin.revoke_sessions(viewer, decode_id_of("User", input.user_id))
        return await to_result(revoked, lambda done: UserSessionsRevokeSuccess(user=User.from_model(done[0]), revoked_sessions=done[1]))


def _changes(input: UserUpdateInput) -> dict[str, Any]:
    given = {name: value for name, value in (("role", input.role), ("disabled", input.disabled)) if value is not None}
    return given if input.chat_tokens_per_day is None else {**given, "chat_tokens_per_day": input.chat_tokens_per_day.value}

