"""What may be asked of a run by name: days that have begun, people who are there, a range that somebody can oversee."""
from __future__ import annotations

from datetime import timedelta

from persistence.database import session
from persistence.queries.people import find_unknown
from persistence.queries.planning import Scope
from persistence.queries.runs import latest_day

LONGEST_RANGE = timedelta(days=366)
MOST_PEOPLE = 1000
MOST_REASON = 500


class AskedWrongly(ValueError):
    """A run that is not begun. `field` is what to correct: `from`, `to`, `user_ids` or `reason`; the message says how."""

    code = "BAD_USER_INPUT"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


async def check(scope: Scope, reason: str | None = None) -> None:
    """Raises `AskedWrongly`. What is due by itself is asked for without a word, so that a timer costs no statement here."""
    if reason is not None and len(reason) > MOST_REASON:
        raise AskedWrongly("reason", f"a reason has at most {MOST_REASON} characters")
    _check_range(scope)
    if scope.first is not None or scope.user_ids is not None:
        await _check_against_database(scope)


def _check_range(scope: Scope) -> None:
    first, last = scope.first, scope.last
    if first is None and last is None:
        if scope.force and scope.user_ids is None:
            raise AskedWrongly("from", "to do again what is up to date, name the first and the last day, or the people")
        return
    if first is None or last is None:
        raise AskedWrongly("from" if first is None else "to", "give both the first and the last day, or neither for everything that is due")
    if last < first:
        raise AskedWrongly("to", f"the last day ({last}) lies before the first ({first})")
    if last - first > LONGEST_RANGE:
        raise AskedWrongly("to", f"at most {LONGEST_RANGE.days + 1} days in one run: ask for {first} to {first + LONGEST_RANGE} first")


async def _check_against_database(scope: Scope) -> None:
    async with session() as reading:
        latest = await latest_day(reading)
        unknown = await find_unknown(reading, scope.user_ids or ())
    for field, day in (("from", scope.first), ("to", scope.last)):
        if day is not None and day > latest:
            raise AskedWrongly(field, f"{day} has not begun for anybody yet: the latest day is {latest}")
    if scope.user_ids is not None and not 0 < len(scope.user_ids) <= MOST_PEOPLE:
        raise AskedWrongly("user_ids", f"name 1 to {MOST_PEOPLE} people, or none for everybody")
    if unknown:
        named = ", ".join(str(number) for number, user_id in enumerate(scope.user_ids or (), start=1) if user_id in unknown)
        raise AskedWrongly("user_ids", f"no account has this id: number {named} of the list; leave it out, nothing was begun")
