"""Import of a memory text: its lines are read by the model, checked by rules, and stored as suggestions that only the user can confirm.

docs/decisions/0058-import-memory-texts-as-suggestions.md has the reasons.
"""
from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from jobs.deadline import Deadline
from jobs.deleted_messages import find_deleted
from jobs.imported_lines import find_imported_lines, remember_lines
from jobs.memory_policy import MemoryPolicy, policy_of
from jobs.profile_update import update_profile
from jobs.rules.text.secrets import contains_secret
from jobs.user_slots import Slots, load_user_slots
from persistence import database
from persistence.database import Session
from persistence.models.enums import ValuePolarity, ValueStatus
from persistence.queries import imported_values as stored
from persistence.queries.erasure_counts import lock_erasure_counts
from persistence.queries.imported_values import NewValue
from persistence.queries.profile_reads import list_values
from persistence.queries.profile_writes import lock_user
from resolvers import storage_quota
from resolvers.diary import today
from resolvers.errors import Unauthenticated
from resolvers.imports.memory_reading import Proposal, read_lines
from resolvers.imports.memory_text import INSTRUCTION, MemoryLine, MemoryText, read_memory_text
from resolvers.imports.records import Suggestion
from resolvers.imports.storing import DELETED

if TYPE_CHECKING:  # the tables of the rules take a while to compile, so the functions below import them
    from jobs.rules.imports.memory_lines import Fault, LineValue
    from persistence.models import User
    from persistence.queries.viewer import AnyUser

IMPORTED: Final = "MEMORY_IMPORTED"
"""The reason in the log of profile changes."""
KIND: Final = "memory text"
MAX_LINES: Final = 300
"""Lines that one import reads. Lines that were imported before do not count, so that a longer text is imported by repeating it."""

BEYOND: Final = f"line beyond the first {MAX_LINES} new ones: import the text again"
SECRET: Final = "password, key or card number"
EMPTY: Final = "line without a value for the profile"
SWITCHED_OFF: Final = "line while the profile is switched off"
TOPIC: Final = "value about a topic or name that you never want kept"
REJECTED: Final = "value that you rejected"
TOO_MANY: Final = "value beyond the most that are read at once"
FAULT_REASONS: Final[dict[Fault, str]] = {
    "UNKNOWN_SLOT": "value for no slot of the profile", "SLOT_OFF": "value of a sensitive slot that is switched off", "LENGTH": "value of an unusable length",
    "SECRET": SECRET, "WORDS": "value whose words do not stand in its line", "OTHER_SUBJECT": "value of somebody else",
    "NOT_NOW": "value that is over or planned", "NOT_IN_EARNEST": "value that is asked, supposed or in jest", "INSTRUCTION": INSTRUCTION,
    "NEGATION": "value that its line denies", "UNDECIDED": "value that its line does not plainly say",
}  # fmt: skip


StoredSuggestion = tuple[str, bool]
"""The id of an imported value, and whether the profile had the value otherwise."""


@dataclass
class MemoryPreview:
    """The values that an import of a memory text adds. `lines` are those that it reads; `already_there` counts lines and values of earlier imports."""

    lines: Sequence[MemoryLine] = ()
    values: list[NewValue] = field(default_factory=list)
    known: frozenset[tuple[str, str]] = frozenset()
    already_there: int = 0
    skipped: Counter[str] = field(default_factory=Counter)

    @property
    def suggestions(self) -> list[Suggestion]:
        return [
            Suggestion(value.slot, value.value, value.value_key, value.polarity, value.quote, value.noted_on, (value.slot, value.value_key) in self.known)
            for value in self.values
        ]

    @property
    def size(self) -> int:
        """Return the bytes of the new rows for the storage limit."""
        return sum(storage_quota.size(value.value, value.quote) for value in self.values)


async def find_new_lines(user: AnyUser | None, text: str) -> MemoryPreview:
    """Return the lines that an import would read, with what it leaves out before the model is asked. Without a user, nothing was imported before."""
    found = await asyncio.to_thread(read_memory_text, text)
    if user is None:
        return _new_lines(found, frozenset(), frozenset())
    async with database.session() as session:
        texts = {line.text for line in found.lines}
        imported = await find_imported_lines(session, user.id, texts)
        deleted, _ = await find_deleted(session, user.id, texts)
    return _new_lines(found, imported, deleted)


def _new_lines(found: MemoryText, imported: frozenset[str], deleted: frozenset[str]) -> MemoryPreview:
    preview = MemoryPreview(already_there=sum(line.text in imported for line in found.lines), skipped=Counter(found.skipped))
    lines: list[MemoryLine] = []
    for line in found.lines:
        if line.text in imported:
            continue
        if line.text in deleted:
            preview.skipped[DELETED] += 1
        elif contains_secret(line.text):
            preview.skipped[SECRET] += 1
        elif len(lines) < MAX_LINES:
            lines.append(line)
        else:
            preview.skipped[BEYOND] += 1
    preview.lines = lines
    return preview


async def preview_memory(user: AnyUser, text: str, deadline: Deadline, *, reading: str | None = None) -> tuple[MemoryPreview, str | None]:
    """Return the report of what an import would add, and the reading to keep for the import. Calls the model, unless the reading of an earlier preview has
    all lines.

    Raises `MemoryUnread`, without which nothing can be suggested.
    """
    preview = await find_new_lines(user, text)
    if not policy_of(user).profile:
        preview.skipped[SWITCHED_OFF] += len(preview.lines)
        preview.lines = ()
        return preview, reading
    lines = [line.text for line in preview.lines]
    kept = _load(reading, lines)
    if kept is None:
        async with database.session() as session:
            slots = (await load_user_slots(session, [user]))[user.id]
        kept = await read_lines(user, lines, slots, deadline) if lines else ((), 0)
        reading = _dump(lines, *kept)
    async with database.session() as session:
        await _check(session, user, preview, *kept)
    return preview, reading


async def store_memory(user: AnyUser, preview: MemoryPreview) -> list[StoredSuggestion]:
    """Store the previewed values that are still to be stored, and recompute the profile. Return the new ones.

    Raises `Unauthenticated` if the user was deleted meanwhile, and `StorageExceeded`.
    """
    async with database.transaction() as session:
        await lock_erasure_counts(session, [user.id])  # what is being deleted counts as deleted
        locked = await lock_user(session, user.id)
        if locked is None:
            raise Unauthenticated
        if not policy_of(locked).profile:
            preview.values.clear()
            return []
        values = await filter_allowed(session, locked, preview.values)
        saved = await stored.save_values(session, user.id, today(user), values)
        await remember_lines(session, user.id, {line.text for line in preview.lines})
        if saved:
            await update_profile(session, user.id, reason=IMPORTED)
            await storage_quota.add(session, user.id, preview.size)
        return [(str(id), (slot, key) in preview.known) for id, slot, key in saved]


async def load_suggestions(user_id: UUID, kept: Iterable[StoredSuggestion]) -> list[Suggestion]:
    """Return the suggestions of an earlier import that are still stored."""
    known = {UUID(id): is_known for id, is_known in kept}
    async with database.session() as session:
        rows = await stored.list_by_ids(session, user_id, list(known)) if known else ()
    return [Suggestion(row.slot, row.value, row.value_key, row.polarity, row.quote, row.noted_on, known[row.id]) for row in rows]


async def _check(session: Session, user: AnyUser, preview: MemoryPreview, proposals: Sequence[Proposal], trimmed: int) -> None:
    """Add to the preview the proposed values that their lines say, and count the others."""
    slots = (await load_user_slots(session, [user]))[user.id]
    present = {(value.slot, value.value_key): value.status for value in await list_values(session, user.id)}
    before = {(row.slot, row.value_key) for row in (await stored.load_imported_values(session, [user.id]))[user.id]}
    policy = policy_of(user)
    found, faults = await asyncio.to_thread(_judge, preview.lines, proposals, _names(user), today(user), slots)
    preview.skipped.update(faults)
    preview.skipped[TOO_MANY] += trimmed
    for line, value in found:
        name = (value.slot, value.value_key)
        if name in before:
            preview.already_there += 1
        elif not _may_be_kept(policy, value.slot, value.value, line.text):
            preview.skipped[TOPIC] += 1
        elif present.get(name) is ValueStatus.REJECTED:
            preview.skipped[REJECTED] += 1
        else:
            before.add(name)
            preview.values.append(NewValue(
                value.slot, value.value, value.value_key, ValuePolarity(value.polarity), line.text, value.start, value.end, line.noted_on))
    preview.known = frozenset(present) & {(value.slot, value.value_key) for value in preview.values}
    preview.skipped = +preview.skipped


def _judge(
    lines: Sequence[MemoryLine], proposals: Sequence[Proposal], names: Sequence[str], day: date, slots: Slots
) -> tuple[list[tuple[MemoryLine, LineValue]], Counter[str]]:
    from jobs.rules.imports.memory_lines import LineValue, check_line_value

    found: list[tuple[MemoryLine, LineValue]] = []
    faults: Counter[str] = Counter()
    turned = _turn(lines, names)
    for proposal in proposals:
        line = lines[proposal.line]
        checked = check_line_value(proposal.slot, proposal.value, proposal.polarity, line.text, turned[proposal.line], day, slots)
        if isinstance(checked, LineValue):
            found.append((line, checked))
        else:
            faults[FAULT_REASONS[checked]] += 1
    faults[EMPTY] = len(lines) - len({proposal.line for proposal in proposals})
    return found, faults


def _turn(lines: Sequence[MemoryLine], names: Sequence[str]) -> list[str]:
    """Return each line as the user would say it; the names that the text itself gives to the user count as well."""
    from jobs.rules.imports.first_person import find_names, is_about_user, to_first_person

    given = dict.fromkeys(names)
    for line in lines:
        given |= dict.fromkeys(find_names(to_first_person(line.text)))
    turned: list[str] = []
    about_user = False
    for line in lines:
        turned.append(to_first_person(line.text, list(given), continues=line.continues and about_user))
        about_user = is_about_user(line.text, turned[-1])
    return turned


def _names(user: AnyUser) -> tuple[str, ...]:
    return tuple(dict.fromkeys((user.nickname, *user.nickname.split()[:1])))


async def filter_allowed(session: Session, user: User, values: Iterable[NewValue]) -> list[NewValue]:
    """Return the values without those of a slot that the user closed, of topics that are never kept, and that they rejected, since the preview.

    The user must be locked.
    """
    policy = policy_of(user)
    slots = (await load_user_slots(session, [user]))[user.id]
    rejected = {(row.slot, row.value_key) for row in await list_values(session, user.id) if row.status is ValueStatus.REJECTED}
    return [
        value for value in values
        if value.slot in slots and (value.slot, value.value_key) not in rejected and _may_be_kept(policy, value.slot, value.value, value.quote or "")
    ]


def _may_be_kept(policy: MemoryPolicy, slot: str, *texts: str) -> bool:
    return not policy.covers_slot(slot) and policy.allows(*texts)


def _dump(lines: Sequence[str], proposals: Sequence[Proposal], trimmed: int) -> str:
    return json.dumps({"lines": lines, "values": [[lines[each.line], each.slot, each.value, each.polarity] for each in proposals], "trimmed": trimmed})


def _load(reading: str | None, lines: Sequence[str]) -> tuple[Sequence[Proposal], int] | None:
    """Return the kept proposals for these lines; None if a line was not read."""
    if reading is None:
        return None
    kept: dict[str, Any] = json.loads(reading)
    numbers = {line: number for number, line in enumerate(lines)}
    if not numbers.keys() <= set(kept["lines"]):
        return None
    return [Proposal(numbers[line], *rest) for line, *rest in kept["values"] if line in numbers], kept["trimmed"]
