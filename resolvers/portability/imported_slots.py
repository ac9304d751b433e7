"""The check that an imported file has rows only of slots that are open for its user: of the table, switched on, or defined in the file."""
from __future__ import annotations

from collections.abc import Collection
from typing import Final

from jobs.rules.own_slots import MAX_OWN_SLOTS, own_key
from jobs.rules.slots import SENSITIVE, SLOTS
from persistence.queries.portability import Rows

_TABLES: Final = ("signals", "verdicts", "profile_aliases", "dispute_questions", "profile_changes", "profile_values")
"""Tables whose rows name a slot. A REVERT among the verdicts names none."""


def find_slot_error(switched_on: Collection[str], rows: Rows) -> str | None:
    """Return the first fault of the slots that the rows name; None if they are all open."""
    if len(rows["own_slots"]) > MAX_OWN_SLOTS:
        return f"own_slots has {len(rows['own_slots'])} rows; the limit is {MAX_OWN_SLOTS}"
    names: set[str] = set()
    for number, row in enumerate(rows["own_slots"]):
        if row["name_key"] in names:
            return f"own_slots[{number}] has the same name as an earlier row"
        names.add(row["name_key"])
    present = {"", *(key for key in SLOTS if key not in SENSITIVE or key in switched_on), *(own_key(row["id"]) for row in rows["own_slots"])}
    for table in _TABLES:
        for number, row in enumerate(rows[table]):
            if row["slot"] not in present:
                return f"{table}[{number}].slot is neither on in account.sensitive_slots nor among own_slots"
    return None
