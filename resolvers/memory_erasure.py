"""Use case in which a user erases what was kept about topics and names before they chose that these are never kept."""
from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from jobs.memory_policy import MemoryPolicy, policy_of
from jobs.rules.topics.topic_filter import make_topic_filter
from jobs.user_edits import join_sentences
from persistence import database
from persistence.database import Session
from persistence.queries import derived_texts as derived
from persistence.queries import kept_texts, repetitions
from persistence.queries.erasure import ErasedData, lock_erasures, name_deleted
from persistence.queries.evidence_erasure import MentioningTexts, drop_mentioning
from persistence.queries.imported_values import delete_values
from persistence.queries.kept_texts import KeptText
from persistence.queries.users import find_user
from resolvers.erasure import Receipt, recompute_after_erasure
from resolvers.errors import Conflict, ConflictReason
from resolvers.memory_rules import validate_names, validate_topics
from resolvers.repetitions import EVERYTHING

if TYPE_CHECKING:
    from persistence.queries.viewer import AnyUser

ERASED = "TOPICS_ERASED"
"""The reason in the log of profile changes."""


@dataclass(frozen=True)
class StoredTexts:
    """Numbers of current lines, signals and values about what is never kept."""

    lines: int = 0
    signals: int = 0
    values: int = 0


async def count_stored(viewer: AnyUser) -> StoredTexts:
    """Return the numbers of what is stored about the user's topics and names."""
    policy = policy_of(viewer)
    if policy.topics is None:
        return StoredTexts()
    async with database.session() as session:
        found = await _find(session, viewer, policy)
    kinds = Counter(item.kind for item in found if item.current)
    return StoredTexts(kinds[kept_texts.LINE], kinds[kept_texts.SIGNAL], kinds[kept_texts.VALUE] + kinds[kept_texts.IMPORTED])


async def erase_topics(viewer: AnyUser, topics: Sequence[str] | None, names: Sequence[str] | None, *, dry_run: bool = False) -> Receipt:
    """Erase lines, signals and values about topics and names in all versions, and generated titles and summaries; with `dry_run` nothing.

    Without both, those that the user wants never to be kept. Raises `InvalidInput`, `Conflict`.
    """
    chosen = None if topics is None and names is None else make_topic_filter(tuple(validate_topics(topics or ())), tuple(validate_names(names or ())))
    async with database.transaction(dry_run=dry_run) as session:
        await lock_erasures(session, viewer.id)
        user = await find_user(session, viewer.id)
        if user is None:
            raise Conflict("the account was deleted while the request ran", reason=ConflictReason.ACCOUNT_DELETED)
        policy = policy_of(user) if topics is None and names is None else MemoryPolicy(topics=chosen)
        if policy.topics is None:
            return Receipt()
        found = await _find(session, user, policy)
        others = [item for item in await derived.list_derived_texts(session, user.id, EVERYTHING) if not policy.allows(item.text)]
        await derived.clear_derived_texts(session, user.id, others)
        summaries = [(item.id, item.number) for item in others if item.kind == derived.SUMMARY and item.id is not None]
        mentioning = MentioningTexts(_ids(found, kept_texts.LINE), _ids(found, kept_texts.SIGNAL), summaries)
        dropped = await drop_mentioning(session, user.id, mentioning, join_sentences)
        imported = await delete_values(session, user.id, _ids(found, kept_texts.IMPORTED))
        await _clear_generated(session, user, policy)
        names_gone = dropped.names | {(value.slot, value.value_key) for value in imported}
        erased = ErasedData(lines=dropped.lines, signals=dropped.signals, days=dropped.days, names=names_gone, gone=name_deleted("DiaryLine", dropped.line_ids))
        return await recompute_after_erasure(session, user, erased, ERASED)


async def _find(session: Session, user: AnyUser, policy: MemoryPolicy) -> list[KeptText]:
    found = await kept_texts.list_kept_texts(session, user.id)
    return await asyncio.to_thread(lambda: [item for item in found if not policy.allows(item.text) or policy.covers_slot(item.slot)])


def _ids(found: Sequence[KeptText], kind: str) -> list[UUID]:
    return [item.id for item in found if item.kind == kind]


async def _clear_generated(session: Session, user: AnyUser, policy: MemoryPolicy) -> None:
    """Clear generated titles and running summaries of conversations; the next answers make new ones."""
    cleared = [
        (item.id, item.title is not None and not policy.allows(item.title), item.summary is not None and not policy.allows(item.summary))
        for item in await repetitions.lock_generated_texts(session, user.id, EVERYTHING)
    ]
    if any(title or summary for _, title, summary in cleared):
        await repetitions.clear_texts(session, user.id, cleared)
