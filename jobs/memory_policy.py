"""Policies of what may be kept of users' words, by their switches and the topics that they never want kept: for the jobs and every other writer of diaries.

A draft is checked against the policy when it is made, so that a repeated one equals the stored one, and again when it is stored, since the policy may have
changed during the model call.
"""
from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timezone
from typing import TYPE_CHECKING
from uuid import UUID

from jobs.rules.day import day_of
from jobs.rules.memory import switches_in_effect
from jobs.rules.topics.topic_filter import TopicFilter, make_topic_filter
from jobs.user_edits import with_lines
from persistence.database import Session
from persistence.models.diary import LineKind
from persistence.models.enums import Learning
from persistence.queries.diary_writes import NewEntry, StoredLine, StoredSignal
from persistence.queries.memory_switches import lock_switches

if TYPE_CHECKING:
    from persistence.queries.job_inputs import LearnableMessage
    from persistence.queries.viewer import AnyUser


@dataclass(frozen=True)
class MemoryPolicy:
    """The switches of an account in effect, and the filter of its topics."""

    diary: bool = True
    profile: bool = True
    topics: TopicFilter | None = None

    def allows(self, *texts: str) -> bool:
        """Return whether none of the texts is about a topic that is never kept."""
        return self.topics is None or not any(map(self.topics.touches, texts))

    def allows_line(self, line: StoredLine) -> bool:
        """Return whether a line may be kept; the user's own lines always may."""
        return line.by_person or self.allows(line.text, *(item.quote for item in line.evidence))

    def allows_signal(self, signal: StoredSignal) -> bool:
        """Return whether a signal may be kept: never while the profile is switched off."""
        if not self.profile:
            return False
        return not self.covers_slot(signal.slot) and self.allows(signal.value, *(item.quote for item in signal.evidence))

    def covers_slot(self, slot: str) -> bool:
        """Return whether all values of a slot are about a topic that is never kept."""
        return self.topics is not None and self.topics.covers_slot(slot)


def policy_of(user: AnyUser, now: datetime | None = None) -> MemoryPolicy:
    """Return the policy of a user now."""
    today = day_of(now or datetime.now(timezone.utc), user.time_zone, user.day_ends_at)
    switches = switches_in_effect(user, today)
    return MemoryPolicy(switches.diary, switches.profile, make_topic_filter(tuple(user.topics_off), tuple(user.names_off)))


def keep_allowed(entry: NewEntry, policy: MemoryPolicy, not_for_profile: Collection[UUID] = ()) -> NewEntry:
    """Return the entry without the lines and signals that may not be kept, and without quotes of messages that the profile may not use.

    If all emotions are left out, the mood is left out too, unless the user gave it.
    """
    lines = [line for line in entry.lines if policy.allows_line(line)]
    signals = allowed_signals(entry.signals, policy, not_for_profile)
    kept = entry if len(signals) == len(entry.signals) else replace(entry, signals=signals)
    if len(lines) == len(entry.lines):
        return kept
    kept = with_lines(kept, lines)
    return kept if kept.mood_by_person or not _has_lost_emotions(entry.lines, lines) else replace(kept, mood=None)


def _has_lost_emotions(before: Sequence[StoredLine], left: Sequence[StoredLine]) -> bool:
    if any(line.kind is LineKind.EMOTION for line in left):
        return False
    return not left or any(line.kind is LineKind.EMOTION for line in before)


def allowed_signals(signals: Iterable[StoredSignal], policy: MemoryPolicy, not_for_profile: Collection[UUID] = ()) -> list[StoredSignal]:
    """Return the signals that may be kept, without quotes of the messages `not_for_profile`, and without those that have no other quote."""
    if not_for_profile:
        narrowed = (replace(signal, evidence=tuple(item for item in signal.evidence if item.message_id not in not_for_profile)) for signal in signals)
        signals = [signal for signal in narrowed if signal.evidence]
    return [signal for signal in signals if policy.allows_signal(signal)]


def not_for_profile(messages: Iterable[LearnableMessage]) -> frozenset[UUID]:
    """Return the ids of the messages that were written while the profile was off."""
    return frozenset(message.id for message in messages if message.learning is not Learning.ALL)


async def lock_policies(session: Session, user_ids: Iterable[UUID]) -> dict[UUID, MemoryPolicy]:
    """Return the users' policies, which stay as they are until the transaction ends. Deleted users are left out."""
    return {user.id: policy_of(user) for user in await lock_switches(session, user_ids)}


async def drop_disallowed(
    session: Session, entries: Sequence[tuple[UUID, date, NewEntry]], policies: Mapping[UUID, MemoryPolicy] | None = None
) -> list[tuple[UUID, date, NewEntry]]:
    """Return the entries as `keep_allowed` does, and without those of users who have switched off the diary since they were made."""
    if policies is None:
        policies = await lock_policies(session, {user_id for user_id, _, _ in entries})
    return [
        (user_id, period, keep_allowed(entry, policies[user_id])) for user_id, period, entry in entries
        if user_id in policies and policies[user_id].diary
    ]
