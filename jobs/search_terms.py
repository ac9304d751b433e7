"""Making of search terms: for users who lack some, by the timers, in short transactions, each of which continues where the last one ended."""
from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from jobs.deadline import Deadline
from jobs.rules.search.ranking import ASSISTANT
from jobs.rules.search.search_terms import TERMS_VERSION, stored_terms, term_keys
from persistence import database
from persistence.database import Session
from persistence.queries import search_terms as storing
from persistence.queries.erasure_counts import lock_erasure_counts

DUE_AFTER = timedelta(hours=6)
"""A message that is older than this without terms makes its user due; then all messages except those of the last hour get terms."""
USER_BATCH_SIZE = 1_000
MAX_PASSED = 5_000
"""Users that one transaction, and one call, looks at."""
MAX_SECONDS = 60.0
MARGIN_SECONDS = 15.0
"""One timer event spends no more than this on terms, and keeps this until its deadline."""


def make_term_keys(user_id: UUID, text: str) -> list[int]:
    """Return the keys to store for a text of the user."""
    return term_keys(user_id.bytes, stored_terms(text))


async def make_missing_terms(deadline: Deadline, *, max_seconds: float = MAX_SECONDS) -> int:
    """Make terms for the users who lack some, from where the last call stopped, and return the number of texts that were read.

    A call ends after the last user; the next one begins with the first. Only one call works at a time; another returns at once.
    """
    own, made, passed, ended = Deadline(max_seconds), 0, 0, False
    while deadline.remaining() > MARGIN_SECONDS:
        async with database.transaction() as session:
            after = await storing.claim_sweep(session)
            if after is None:
                break
            users = await storing.list_users(session, after, USER_BATCH_SIZE, TERMS_VERSION, DUE_AFTER)
            index = next((index for index, (_, lacks) in enumerate(users) if lacks), len(users))
            if index < len(users):
                read, done = await _read_batch(session, users[index][0])
                made, index = made + read, index + done
            ended = index == len(users) < USER_BATCH_SIZE
            await storing.move_sweep(session, UUID(int=0) if ended else users[index - 1][0] if index else after)
        passed += index
        if ended or passed >= MAX_PASSED or not own.remaining():
            break
    return made


async def make_terms_of(user_id: UUID) -> int:
    """Make all terms that a user lacks, and return the number of texts read."""
    made = 0
    while True:
        async with database.transaction() as session:
            number, done = await _read_batch(session, user_id)
        made += number
        if done:
            return made


async def _read_batch(session: Session, user_id: UUID) -> tuple[int, bool]:
    """Make the next terms of a user; return the number of texts read, and whether none is left."""
    await lock_erasure_counts(session, [user_id])  # the texts that are read here stay as they are until their terms are stored
    version, through = await storing.lock_progress(session, user_id)
    after = through if through is not None and version == TERMS_VERSION else UUID(int=0)
    texts, reached, more = await storing.list_messages_after(session, user_id, TERMS_VERSION, after)
    await storing.store_message_terms(session, user_id, TERMS_VERSION, {text.id: make_term_keys(user_id, text.text) for text in texts}, changed=False)
    await storing.save_progress(session, user_id, TERMS_VERSION, reached)
    if more:
        return len(texts), False
    diaries = await storing.list_diaries_without_terms(session, user_id, TERMS_VERSION)
    await storing.store_diary_terms(session, user_id, TERMS_VERSION, [(text.id, text.diary_version, make_term_keys(user_id, text.text)) for text in diaries])
    counted = await storing.recount(session, user_id, reached, ASSISTANT)
    return len(texts) + len(diaries), counted and len(diaries) < storing.BATCH_SIZE


async def store_changed_message(session: Session, user_id: UUID, message_id: UUID, content: str) -> None:
    """Store the terms of a message's new text, in the transaction that changes it."""
    await storing.store_message_terms(session, user_id, TERMS_VERSION, {message_id: make_term_keys(user_id, content)}, changed=True)
