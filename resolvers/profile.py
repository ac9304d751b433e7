"""Use cases that read the viewer's profile: the current one, the one as of a past day, and the log of changes."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import NAMESPACE_OID, UUID, uuid5

from jobs.profile_inputs import compute_profile
from jobs.rules.own_slots import is_known
from jobs.rules.profile import profile as rules
from jobs.rules.slots import SLOTS, position
from persistence import database
from persistence.models.profile import ValueOrigin, ValuePolarity, ValueStatus
from persistence.paging import cut_page, range_of_keys
from persistence.queries import profile_reads as reading
from persistence.queries.profile_reads import Change, Value, ValueQuote
from resolvers.diary import check_supported_day, today
from resolvers.errors import InputRule, InvalidInput
from resolvers.loaders import Loaders

if TYPE_CHECKING:
    from persistence.queries.viewer import AnyUser

ORDER = (
    ValueStatus.ACTIVE,
    ValueStatus.DISPUTED,
    ValueStatus.SUGGESTED,
    ValueStatus.SUPERSEDED,
    ValueStatus.REJECTED,
)
"""Order of a slot's values by status: ACTIVE values first."""


@dataclass(frozen=True)
class Profile:
    """The values of a day, in display order. `id` is the user's for the current profile, and another one for each past day."""

    id: UUID
    as_of: date
    values: Sequence[Value]


@dataclass(frozen=True)
class ChangePage:
    """A page of changes; `has_next` is true if more follow, `has_previous` if some precede it."""

    changes: Sequence[Change]
    has_next: bool
    has_previous: bool


async def get_profile(viewer: AnyUser, as_of: date | None, *, name: str = "asOf") -> Profile:
    """Return the stored profile; with `as_of`, compute it from today's evidence and verdicts up to that day.

    A past profile is computed by the same function as the current one instead of being read from the log of changes: values learned from
    text that was deleted or corrected since must not reappear in an earlier day. Raises `InvalidInput` for a day that has not begun for the
    user or is outside the supported range; `name` is what the API calls it.
    """
    now = today(viewer)
    if as_of is not None and check_supported_day(as_of, name) > now:
        raise InvalidInput(name, f"{name} is {as_of.isoformat()}; send a day up to today, {now.isoformat()}", rule=InputRule.OUT_OF_RANGE)
    async with database.session() as session:
        values: Sequence[Value] = await reading.list_values(session, viewer.id)
        if as_of is None:
            return Profile(viewer.id, now, _in_order(values))
        past = await compute_profile(session, viewer, as_of)
    ids = {(value.slot, value.value_key): value.id for value in values}
    return Profile(uuid5(viewer.id, as_of.isoformat()), as_of, _in_order([_value(value, viewer.id, ids) for value in past]))


async def list_changes(
    viewer: AnyUser, *, after: UUID | None = None, before: UUID | None = None, limit: int, backward: bool = False
) -> ChangePage:
    async with database.session() as session:
        found = await reading.list_changes(session, viewer.id, tuple(SLOTS), range_of_keys(limit + 1, after, before, backward))
    return ChangePage(*cut_page(found, limit, after=after, before=before, backward=backward))


async def count_changes(viewer: AnyUser) -> int:
    async with database.session() as session:
        return await reading.count_changes(session, viewer.id, tuple(SLOTS))


async def list_quotes(loaders: Loaders, value: Value) -> list[ValueQuote]:
    """Return the quotes that support a value, oldest first: those from messages that count as its evidence, and the sentences of memory texts."""
    counted = {None, *value.evidence}
    return [quote for quote in await loaders.quotes.load((value.slot, value.value_key)) if quote.message_id in counted]


async def list_carried_values(loaders: Loaders, message_id: UUID) -> list[Value]:
    """Return the values of the profile that a message supports, in display order, without rejected ones."""
    return [value for value in _in_order(await loaders.carried_values.load(message_id)) if value.status is not ValueStatus.REJECTED]


def _in_order(values: Sequence[Value]) -> list[Value]:
    """Sort values by slot, status, lock, confidence and last occurrence (locked, highest and newest first); omit slots that are no longer declared."""
    return sorted((value for value in values if is_known(value.slot)), key=_place)


def _place(value: Value) -> tuple[tuple[int, str], int, bool, float, float, str]:
    newest = -value.last_seen_at.timestamp()
    return position(value.slot), ORDER.index(value.status), not value.locked, -value.confidence, newest, value.value_key


def _value(value: rules.Value, user_id: UUID, ids: dict[tuple[str, str], UUID]) -> Value:
    """Return a computed value in the form of a stored one, with the id of today's value, or, if there is none, a deterministic id."""
    id = ids.get((value.slot, value.value_key)) or uuid5(NAMESPACE_OID, f"{user_id}\n{value.slot}\n{value.value_key}")
    return Value(
        id, value.slot, value.value, value.value_key, ValueStatus(value.status), value.confidence, value.locked,
        ValueOrigin(value.origin), value.first_seen_at, value.last_seen_at, value.ended_at, value.evidence,
        ValuePolarity(value.polarity), value.since, value.until, value.condition,
    )  # fmt: skip
