"""Hashes of deleted messages, by which an import or a late retry recognizes them and does not bring them back unasked.

Each is keyed with JWT_SECRET_KEY and the user's id: it contains no text, cannot be compared between users, and nothing can be guessed from it without the
key. After the key was changed, hashes of the previous one are recognized while JWT_PREVIOUS_SECRET_KEY is set.
"""
from __future__ import annotations

import hmac
from collections.abc import Collection, Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Protocol, TypeVar
from uuid import UUID

import settings
from persistence.models.enums import MessageRole

if TYPE_CHECKING:  # executing this name would load SQLAlchemy, which a message does without
    from persistence.database import Session


class _Message(Protocol):
    @property
    def key(self) -> str: ...
    @property
    def conversation(self) -> str: ...
    @property
    def role(self) -> MessageRole: ...
    @property
    def content(self) -> str: ...


MessageT = TypeVar("MessageT", bound=_Message)


def key_digests(user_id: UUID, idempotency_key: str) -> list[bytes]:
    """Return the hashes of an idempotency key, with the current key and, if there is one, the previous key."""
    return _digests(user_id, b"key", idempotency_key)


def text_digests(user_id: UUID, text: str) -> list[bytes]:
    """Return the hashes of a message's text as `key_digests` does; composed characters and spaces do not matter."""
    from unicodedata import normalize  # not needed by a message that is sent

    return _digests(user_id, b"text", " ".join(normalize("NFC", text).split()))


def line_digests(user_id: UUID, line: str) -> list[bytes]:
    """Return the hashes of a line of a memory text as `key_digests` does; case, composed characters and spaces do not matter."""
    from unicodedata import normalize  # not needed by a message that is sent

    return _digests(user_id, b"line", " ".join(normalize("NFC", line).casefold().split()))


def _digests(user_id: UUID, kind: bytes, text: str) -> list[bytes]:
    current = settings.current()
    keys = [key.reveal().encode() for key in (current.jwt_secret_key, current.jwt_previous_secret_key) if key]
    return [hmac.digest(key, b"unilife deleted " + kind + user_id.bytes + text.encode("utf-8", "surrogatepass"), "sha256") for key in keys]


async def remember_deleted(session: Session, user_id: UUID, texts: Iterable[str], keys: Iterable[str]) -> None:
    """Store the hashes of deleted messages, in the transaction that deletes them. A text that says nothing, such as "ok", is not remembered."""
    from jobs.rules.search.repetition import telling_terms
    from persistence.queries.deleted_digests import save_digests

    digests = {text_digests(user_id, text)[0] for text in texts if telling_terms([text])} | {key_digests(user_id, key)[0] for key in keys}
    if digests:
        await save_digests(session, user_id, digests)


async def find_deleted(session: Session, user_id: UUID, texts: Collection[str], keys: Collection[str] = ()) -> tuple[frozenset[str], frozenset[str]]:
    """Return those of the texts, and of the idempotency keys, that the user deleted."""
    from persistence.queries.deleted_digests import find_digests

    of_texts = {text: text_digests(user_id, text) for text in texts}
    of_keys = {key: key_digests(user_id, key) for key in keys}
    found = await find_digests(session, user_id, [*chain(*of_texts.values(), *of_keys.values())])
    return (
        frozenset(text for text, digests in of_texts.items() if not found.isdisjoint(digests)),
        frozenset(key for key, digests in of_keys.items() if not found.isdisjoint(digests)),
    )


async def leave_out_deleted(session: Session, user_id: UUID, messages: Sequence[MessageT]) -> list[MessageT]:
    """Return the messages of an import without those that the user deleted and the answers to them. Messages come in the order of their conversations."""
    texts, keys = await find_deleted(session, user_id, {message.content for message in messages}, {message.key for message in messages})
    kept: list[MessageT] = []
    unanswered: set[str] = set()
    for message in messages:
        deleted = message.content in texts or message.key in keys
        if message.role is MessageRole.USER:
            unanswered.discard(message.conversation)
            if deleted:
                unanswered.add(message.conversation)
        if not deleted and message.conversation not in unanswered:
            kept.append(message)
    return kept
