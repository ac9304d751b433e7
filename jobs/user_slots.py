"""Each user's slots: those of the table that are on for them, and those that they defined."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from jobs.rules.own_slots import own_slot, slots_of
from jobs.rules.slots import Slot
from persistence.database import Session
from persistence.models import OwnSlot
from persistence.queries.own_slots import load_all_own_slots

if TYPE_CHECKING:
    from persistence.queries.viewer import AnyUser

Slots = Mapping[str, Slot]
"""The slots of one user by key."""


async def load_user_slots(session: Session, users: Iterable[AnyUser]) -> dict[UUID, Slots]:
    """Load each user's slots by user id, with one statement."""
    by_id = {user.id: user for user in users}
    own = await load_all_own_slots(session, list(by_id))
    return {id: slots_of(user.sensitive_slots, map(to_slot, own[id])) for id, user in by_id.items()}


def to_slot(row: OwnSlot) -> Slot:
    return own_slot(row.id, row.name, row.many, row.half_life_days, row.guide)
