"""The user's birthday, as the chat and searches need it."""
from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from jobs.rules.search.dates.named_days import find_birthday
from jobs.rules.slots import BIRTHDAY
from persistence.queries import own_slots

if TYPE_CHECKING:
    from persistence.connection_holder import SupportsFetch


async def load_birthday(connection: SupportsFetch, user_id: UUID, today: date) -> tuple[int, int] | None:
    """Load month and day of the user's birthday; None if the profile has no active one."""
    return birthday_in(await own_slots.list_active_values(connection, user_id, BIRTHDAY), today)


def birthday_in(values: Iterable[str], today: date) -> tuple[int, int] | None:
    """Return month and day of the first value that names a day; None if none does."""
    return next((found for value in values if (found := find_birthday(value, today))), None)
