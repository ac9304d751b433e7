"""Validation of a run's explicit scope and its reason: days that have begun, users that exist, and bounds on the range, the users and the text."""
from __future__ import annotations

from datetime import timedelta

from persistence import database
from persistence.queries.job_planning import Scope
from persistence.queries.job_runs import latest_started_day
from persistence.queries.users import find_missing_user_ids

MAX_RANGE = timedelta(days=366)
MAX_USERS = 1000
MAX_REASON_LENGTH = 500


class InvalidRunRequest(ValueError):
    """The error of a run that is not started. `field` names the argument to correct: `from`, `to`, `user_ids` or `reason`; the message says how."""

    code = "BAD_USER_INPUT"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


async def validate_run_request(scope: Scope, reason: str | None = None) -> None:
    """Check a run's scope and reason. A scope without days or users, such as a timer's, is checked without a query. Raises `InvalidRunRequest`."""
    if reason is not None and len(reason) > MAX_REASON_LENGTH:
        raise InvalidRunRequest("reason", f"reason must have at most {MAX_REASON_LENGTH} characters")
    _check_range(scope)
    if scope.first is not None or scope.user_ids is not None:
        await _check_against_database(scope)


def _check_range(scope: Scope) -> None:
    first, last = scope.first, scope.last
    if first is None and last is None:
        if scope.force and scope.user_ids is None:
            raise InvalidRunRequest("from", "`force` needs a date range or a list of users")
        return
    if first is None or last is None:
        raise InvalidRunRequest("from" if first is None else "to", "send both the first and the last day, or neither for everything that is due")
    if last < first:
        raise InvalidRunRequest("to", f"the last day ({last}) is earlier than the first ({first})")
    if last - first > MAX_RANGE:
        raise InvalidRunRequest("to", f"a run has at most {MAX_RANGE.days + 1} days: start with {first} to {first + MAX_RANGE}")


async def _check_against_database(scope: Scope) -> None:
    async with database.session() as session:
        latest = await latest_started_day(session)
        unknown = await find_missing_user_ids(session, scope.user_ids or ())
    for field, day in (("from", scope.first), ("to", scope.last)):
        if day is not None and day > latest:
            raise InvalidRunRequest(field, f"{day} has not begun in any user's time zone: the latest day is {latest}")
    if scope.user_ids is not None and not 0 < len(scope.user_ids) <= MAX_USERS:
        raise InvalidRunRequest("user_ids", f"send 1 to {MAX_USERS} users, or none for all users")
    if unknown:
        named = ", ".join(str(number) for number, user_id in enumerate(scope.user_ids or (), start=1) if user_id in unknown)
        raise InvalidRunRequest("user_ids", f"no account has this id: number {named} of the list; no run was started: remove it")
