"""Use cases of the switches of a user's memory: what is learned from their chats, what chats are told, and which topics are never kept."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from jobs.rules.day import day_bounds
from jobs.rules.memory import DIARY, PROFILE, SWITCHES, switches_in_effect
from persistence import database
from persistence.database import Session
from persistence.models import User
from persistence.models.enums import Learning
from persistence.queries import memory_switches as stored
from persistence.queries.account import update_user
from persistence.queries.chat_import import bump_days
from persistence.queries.erasure import lock_erasures
from persistence.queries.memory_switches import Gap
from persistence.queries.search_terms import reset_progress
from persistence.queries.users import find_user
from resolvers.diary import today
from resolvers.errors import Conflict, ConflictReason, Faults, InputRule, InvalidInput
from resolvers.memory_rules import RULES

if TYPE_CHECKING:
    from persistence.queries.viewer import AnyUser

LearnFrom = str
"""GAP, to learn from the messages of the gap, or NOW, to learn from later ones only."""


@dataclass(frozen=True)
class UpdatedMemory:
    """A changed account. `gap` is what waits for the user's answer, `learned` what this change lets the jobs learn from."""

    user: User
    gap: Gap | None
    learned: Gap | None


async def find_gap(viewer: AnyUser) -> Gap | None:
    """Return the messages that the user wrote while a switch was off that is on now, unless they have decided whether to learn from them; None without any."""
    async with database.session() as session:
        return await stored.find_gap(session, viewer.id, _off_now(viewer))


async def update_memory(viewer: AnyUser, switches: Mapping[str, bool | None], changes: Mapping[str, Any], learn_from: LearnFrom | None) -> UpdatedMemory:
    """Change the account's switches (by name), and its pause, topics and names; what is not named keeps its value.

    With `learn_from`, the gap is answered for: its messages are learned from by the next nightly jobs, or never. Raises `InvalidInput`, `Conflict`.
    """
    values: dict[str, Any] = {}
    faults = Faults()
    with faults.collect():
        change_switches((), switches)
    for name, value in changes.items():
        with faults.collect():
            values[name] = RULES[name](value)
    faults.raise_first()
    async with database.transaction() as session:
        await lock_erasures(session, viewer.id)
        user = await find_user(session, viewer.id)
        if user is None:
            raise Conflict("the account was deleted while the request ran", reason=ConflictReason.ACCOUNT_DELETED)
        before = user.memory_off
        values["memory_off"] = change_switches(before, switches)
        if PROFILE in values["memory_off"] and PROFILE not in before:
            await _mark_unread(session, user, Learning.DIARY)
        after = switches_after(user, values)
        learned = await _answer_gap(session, user, after, learn_from) if learn_from is not None else None
        changed = await update_user(session, viewer.id, **values)
        if changed is None:
            raise Conflict("the account was deleted while the request ran", reason=ConflictReason.ACCOUNT_DELETED)
        return UpdatedMemory(changed, await stored.find_gap(session, viewer.id, after), learned)


def change_switches(off: Collection[str], switches: Mapping[str, bool | None]) -> list[str]:
    """Return the switches that are off after a change. Raises `InvalidInput` for a switch that is neither on nor off."""
    for name, value in switches.items():
        if value is None:
            field = {"TOLD": "toldInChats"}.get(name, name.lower())
            raise InvalidInput(field, f"{field} must be true or false; omit it to keep the current value", rule=InputRule.REQUIRED)
    return [name for name in SWITCHES if not switches.get(name, name not in off)]


def switches_after(user: AnyUser, values: Mapping[str, Any]) -> list[str]:
    """Return the switches that are off in effect once `values` are stored, in a pause all of them."""
    paused_until: date | None = values.get("memory_paused_until", user.memory_paused_until)
    return list(SWITCHES) if paused_until is not None and today(user) < paused_until else list(values.get("memory_off", user.memory_off))


async def _answer_gap(session: Session, user: AnyUser, off: Sequence[str], learn_from: LearnFrom, conversation_id: UUID | None = None) -> Gap | None:
    """Answer for the gap; return what may be learned from. Raises `InvalidInput` while the diary is off, so that nothing can be learned."""
    if DIARY in off:
        message = "the diary is off, or paused: switch it on, and say in the same request what to learn from"
        raise InvalidInput("learnFrom", message, rule=InputRule.SWITCHED_OFF)
    gap = await stored.find_gap(session, user.id, off, conversation_id)
    learn = learn_from == "GAP"
    if gap is None:
        return None
    days = await stored.close_gap(session, user.id, off, learn=learn, conversation_id=conversation_id)
    if not learn:
        return None
    await _make_due(session, user, days)
    return gap


async def exclude_from_memory(session: Session, user: AnyUser, message_ids: Sequence[UUID]) -> Mapping[UUID, Learning]:
    """Have nothing be learned from these messages of the user; return those from which something might be, with what it was."""
    before, days = await stored.exclude_from_memory(session, user.id, message_ids)
    await _make_due(session, user, days)
    return before


async def include_in_memory(session: Session, user: AnyUser, before: Mapping[UUID, Learning]) -> Sequence[UUID]:
    """Undo `exclude_from_memory`, as far as the switches allow it by now; return the messages that are changed, without those that were deleted."""
    changed, days = await stored.include_in_memory(session, user.id, _off_now(user), before)
    await _make_due(session, user, days)
    return changed


async def _mark_unread(session: Session, user: AnyUser, learning: Learning, conversation_id: UUID | None = None) -> None:
    """Mark what the nightly jobs have not read yet as written while the switch was off: a switch counts for what it can still keep out."""
    await _make_due(session, user, await stored.mark_unread(session, user.id, learning, conversation_id))


async def _make_due(session: Session, user: AnyUser, days: Sequence[date]) -> None:
    """Make the days due, and have the search look again at what it may recall."""
    if days:
        await bump_days(session, user.id, {day: day_bounds(day, user.time_zone, user.day_ends_at) for day in days}, due=True)
        await reset_progress(session, user.id)


@dataclass(frozen=True)
class ConversationSwitches:
    """A change of a conversation's switches: those that are named, by name, and the answer to its gap."""

    switches: Mapping[str, bool | None]
    learn_from: LearnFrom | None = None


async def update_conversation_switches(session: Session, viewer: AnyUser, conversation_id: UUID, off: Sequence[str], change: ConversationSwitches) -> list[str]:
    """Return the switches of a conversation that are off after a change, whose row the caller has locked, and mark its messages by them."""
    after = change_switches(off, change.switches)
    for switch, learning in ((DIARY, Learning.NONE), (PROFILE, Learning.DIARY)):
        if switch in after and switch not in off:
            await _mark_unread(session, viewer, learning, conversation_id)
    if change.learn_from is not None:
        await _answer_gap(session, viewer, sorted({*_off_now(viewer), *after}), change.learn_from, conversation_id)
    return after


async def find_conversation_gap(viewer: AnyUser, conversation_id: UUID) -> Gap | None:
    """Return the gap of one conversation, as `find_gap` does; None without one."""
    async with database.session() as session:
        return await stored.find_gap(session, viewer.id, _off_now(viewer), conversation_id)


def _off_now(user: AnyUser) -> list[str]:
    effect = switches_in_effect(user, today(user))
    return [name for name, on in zip(SWITCHES, (effect.diary, effect.profile, effect.told)) if not on]
