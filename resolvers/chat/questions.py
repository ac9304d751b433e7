"""The first half of an exchange: stores the question before the model is called, once per idempotency key and one at a time in a conversation."""
from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

import settings
from jobs.deadline import Deadline
from jobs.deleted_messages import key_digests
from jobs.rules.day import day_bounds
from persistence import database
from persistence.ids import is_public_form, to_public_id, to_stored_id, uuid7
from persistence.models.enums import MessageRole, MessageStatus
from persistence.queries import exchange_opening as opening
from persistence.queries.answer_streams import has_abandoned
from persistence.queries.exchange_opening import (
    BusyUntil,
    ChangedMeanwhile,
    HasAbandonedStream,
    KeyDeleted,
    KeyTaken,
    NeedsBounds,
    NewQuestion,
    NoQuestion,
    OffPath,
    Opened,
    Repetition,
    StorageFull,
    TooManySiblings,
    WrongKind,
)
from persistence.queries.prompt_inputs import PromptInputs
from resolvers import storage_quota, text_validation
from resolvers.account_limits import chat_limit
from resolvers.chat.exchange import Exchange, ModelFailed, is_being_answered, message_state
from resolvers.diary import today
from resolvers.errors import Conflict, ConflictReason, InputRule, InvalidInput, NotFound, StorageExceeded
from resolvers.text_limits import MAX_CONTENT_LENGTH, MAX_KEY_LENGTH

if TYPE_CHECKING:
    from persistence.queries.exchange_rows import ConversationRow, MessageRow
    from persistence.queries.viewer import AnyUser
    from resolvers.context import Context

STORING_SECONDS = 2.0
"""Seconds of the request's time that are reserved after the model call for storing the answer and sending it."""
LEASE_GRACE_SECONDS = 5.0
"""Seconds between the latest end of the call and the time at which another call may treat its question as abandoned."""
MAX_RETRY_SECONDS = 5.0
"""Upper bound of `retryAfter` while an answer is in progress: most answers take less than the lease, which is for the slowest."""
MAX_ATTEMPTS = 10
"""Attempts at a statement that other requests overtake. Each attempt that fails means that another one succeeded."""


@dataclass(frozen=True)
class NewMessage:
    """Input of a new message. Without `conversation_id` a new conversation is created, `temporary` if requested, in which `memory_off` is off.

    `made_id` and `new_conversation_id` are ids that the client made. A conversation that exists under the latter is continued.
    """

    content: str
    conversation_id: UUID | None = None
    idempotency_key: str | None = None
    temporary: bool | None = None
    memory_off: Sequence[str] = ()
    made_id: UUID | None = None
    new_conversation_id: UUID | None = None

    @property
    def key(self) -> str | None:
        """The idempotency key under which the message is stored: the client's, or the id that it made."""
        return self.idempotency_key if self.made_id is None else str(self.made_id)


@dataclass(frozen=True)
class StoredQuestion:
    """A stored question that this call may answer while it holds `lease`.

    `inputs` are those of its prompt. `is_regeneration`: the question was asked before, so later questions may exist. `answer` is the
    chosen answer so far, if any, or with `continues` the one to go on with. `revision` is the revision of the question's day, if the question
    made the day's diary due.
    """

    question: MessageRow
    conversation: ConversationRow
    lease: datetime
    today: date
    inputs: PromptInputs
    is_regeneration: bool = False
    answer: MessageRow | None = None
    revision: int | None = None
    continues: bool = False


def model_timeout(deadline: Deadline) -> float:
    """Return the seconds that a model call may take now; it can be 0."""
    return max(0.0, min(settings.current().model_timeout_seconds, deadline.remaining() - STORING_SECONDS))


def lease_until(now: datetime, deadline: Deadline) -> datetime:
    return now + timedelta(seconds=model_timeout(deadline) + STORING_SECONDS + LEASE_GRACE_SECONDS)


async def store_question(viewer: AnyUser, sending: NewMessage, deadline: Deadline) -> StoredQuestion | Exchange:
    """Store the question; for an idempotency key, or an id that the client made, that was used before, return the exchange of its message.

    Raises `InvalidInput`, `StorageExceeded`, `NotFound` (also if the key's message, or the conversation whose id the client made, was deleted), and `Conflict`
    while another question of the conversation is being answered; for a repeated key `Conflict` while its message is being answered, and `ModelFailed`;
    `Conflict` for an id that belongs to something else.
    """
    return await store_with_retries(viewer, sending, partial(_store, viewer, sending, deadline))


async def store_with_retries(viewer: AnyUser, sending: NewMessage, store: Callable[[], Awaitable[StoredQuestion]]) -> StoredQuestion | Exchange:
    """Check the message and store it by `store`; for an idempotency key that was used before, return the exchange of its message.

    It is tried again, at most `MAX_ATTEMPTS` times, after the state that prevented it was resolved. Raises as `store_question` does.
    """
    check(sending)
    for _ in range(MAX_ATTEMPTS):
        try:
            return await store()
        except KeyDeleted:
            raise NotFound("message" if sending.new_conversation_id is None else "message or conversation") from None
        except KeyTaken:
            if (repeated := await find_repeated(viewer, sending)) is not None:
                return repeated
        except StorageFull:
            await require_room(viewer, sending)
        except HasAbandonedStream:
            await store_abandoned_streams(viewer)
        except ChangedMeanwhile:
            pass
    raise overtaken()


def check(sending: NewMessage) -> None:
    """Raise `InvalidInput` if the message breaks a rule."""
    text_validation.validate_text("content", sending.content, MAX_CONTENT_LENGTH)
    if sending.idempotency_key is not None:
        text_validation.validate_text("idempotencyKey", sending.idempotency_key, MAX_KEY_LENGTH)
        if sending.made_id is not None:
            raise InvalidInput("idempotencyKey", "the id does what an idempotencyKey does: leave out one of them", rule=InputRule.NOT_ALLOWED_HERE)
    if sending.new_conversation_id is not None and sending.conversation_id is not None:
        raise InvalidInput("newConversationId", "send either the id of a conversation or one for a new conversation", rule=InputRule.NOT_ALLOWED_HERE)
    if sending.memory_off and sending.conversation_id is not None:
        raise InvalidInput("memory", "memory is for a new conversation: use `conversationUpdate` for one that exists", rule=InputRule.NOT_ALLOWED_HERE)


async def _store(viewer: AnyUser, sending: NewMessage, deadline: Deadline) -> StoredQuestion:
    new = to_new_question(viewer, sending, deadline)
    async with database.connection() as connection:
        opened = await opening.open_question(connection, new)
    return to_stored(new, opened)


def to_new_question(viewer: AnyUser, sending: NewMessage, deadline: Deadline) -> NewQuestion:
    """Return the question to store now."""
    now = datetime.now(timezone.utc)
    day, lease = today(viewer, now), lease_until(now, deadline)
    starts_at, ends_at = day_bounds(day, viewer.time_zone, viewer.day_ends_at)
    return NewQuestion(
        user_id=viewer.id, id=uuid7() if sending.made_id is None else to_stored_id(sending.made_id),
        conversation_id=sending.conversation_id or sending.new_conversation_id or uuid7(), is_new_conversation=sending.conversation_id is None,
        temporary=sending.temporary, content=sending.content, day=day, starts_at=starts_at, ends_at=ends_at, time_zone=viewer.time_zone,
        idempotency_key=sending.key, lease=lease, now=now, size=storage_quota.size(sending.content), storage_limit=storage_quota.limit(),
        limited=chat_limit(viewer) is not None,
        key_digests=() if sending.key is None else key_digests(viewer.id, sending.key), memory_off=sending.memory_off,
        conversation_digests=() if sending.new_conversation_id is None else key_digests(viewer.id, str(sending.new_conversation_id)),
    )


def to_stored(new: NewQuestion, opened: Opened | BusyUntil | WrongKind | None) -> StoredQuestion:
    """Return the question with its lease. Raises `NotFound`, `InvalidInput`, and `Conflict` while another question is being answered."""
    if isinstance(opened, Opened):
        return StoredQuestion(opened.question, opened.conversation, new.lease, new.day, opened.inputs, revision=opened.revision)
    if opened is None:
        raise NotFound("conversation")
    if isinstance(opened, WrongKind) and new.is_new_conversation:
        raise id_taken("newConversationId belongs to a conversation with other settings")
    if isinstance(opened, WrongKind):
        raise InvalidInput(
            "temporary", "temporary is set by a conversation's first message: omit it, keep a temporary one with `conversationUpdate`, or start a new one",
            rule=InputRule.NOT_ALLOWED_HERE,
        )
    raise being_answered("another message of this conversation is still being answered: send this one after the answer", opened.until, new.now)


async def require_room(viewer: AnyUser, sending: NewMessage) -> None:
    """Raise `StorageExceeded` if the message does not fit."""
    most = storage_quota.limit()
    if most is not None and not await storage_quota.has_room(viewer.id, storage_quota.size(sending.content)):
        raise StorageExceeded(most)


async def lease_question(viewer: AnyUser, message_id: UUID, deadline: Deadline, *, continues: bool = False) -> StoredQuestion:
    """Lease a question, given by its id or its answer's, for another answer, or to go on with the chosen one.

    Raises `NotFound`, `InvalidInput`, and `Conflict` while it or another question of the conversation is being answered.
    """
    bounds = None
    for _ in range(MAX_ATTEMPTS):
        now = datetime.now(timezone.utc)
        again = Repetition(viewer.id, message_id, lease_until(now, deadline), now, today(viewer, now), chat_limit(viewer) is not None, bounds, continues)
        try:
            async with database.connection() as connection:
                opened = await opening.reopen_question(connection, again)
        except HasAbandonedStream:
            await store_abandoned_streams(viewer)
            continue
        except ChangedMeanwhile:
            continue
        if isinstance(opened, NeedsBounds):
            bounds = day_bounds(opened.day, opened.time_zone, viewer.day_ends_at)
        else:
            return _to_leased(again, opened)
    raise overtaken()


async def store_abandoned_streams(viewer: AnyUser) -> int:
    """Store the text of the user's streams whose process has died, and return the number of questions that this ended."""
    async with database.connection() as connection:
        if not await has_abandoned(connection, viewer.id):
            return 0
    from persistence.queries.erasure import lock_erasures  # processes rarely die, so few requests need it

    async with database.transaction() as session:  # what was kept may have been erased meanwhile, so an erasure in progress ends first
        return await lock_erasures(session, viewer.id)


def _to_leased(again: Repetition, opened: Opened | BusyUntil | NoQuestion | OffPath | TooManySiblings | None) -> StoredQuestion:
    if opened is None:
        raise NotFound("message")
    if isinstance(opened, NoQuestion):
        raise InvalidInput("messageId", "this answer belongs to no user message, so it cannot be regenerated", rule=InputRule.NOT_ALLOWED_HERE)
    if isinstance(opened, OffPath):
        raise off_path()
    if isinstance(opened, TooManySiblings):
        raise too_many_siblings("this question has", "answers: delete one of them, or send the question again")
    if isinstance(opened, BusyUntil):
        raise being_answered("this message, or another one of its conversation, is still being answered: retry in a few seconds", opened.until, again.now)
    return StoredQuestion(
        opened.question, opened.conversation, again.lease, again.today, opened.inputs, is_regeneration=True, answer=opened.answer,
        revision=opened.revision)


def being_answered(message: str, until: datetime, now: datetime) -> Conflict:
    """Return the refusal while a question is being answered, at the latest until `until`."""
    return Conflict(message, retry_after=min(MAX_RETRY_SECONDS, max(1.0, (until - now).total_seconds())), reason=ConflictReason.BEING_ANSWERED)


def id_taken(fault: str) -> Conflict:
    """Return the refusal of an id that the client made."""
    return Conflict(f"{fault}: make a new id for what is new", reason=ConflictReason.ID_TAKEN)


def off_path() -> InvalidInput:
    return InvalidInput("messageId", "this message is not on the current path of its conversation: call `messageSelect` first", rule=InputRule.NOT_ALLOWED_HERE)


def too_many_siblings(subject: str, rest: str) -> InvalidInput:
    message = f"{subject} {opening.MAX_SIBLINGS} {rest}"
    return InvalidInput("messageId", message, rule=InputRule.TOO_MANY, bounds=(1, opening.MAX_SIBLINGS))


def overtaken() -> Conflict:
    return Conflict(
        "other requests were changing this conversation at the same time; nothing was changed: retry in a few seconds",
        retry_after=1.0, reason=ConflictReason.CHANGED_MEANWHILE,
    )


async def find_message_ids(context: Context, ids: Sequence[UUID]) -> Sequence[UUID]:
    """Return the ids under which the caller's messages are stored; an id that a client made and that no message has stays as it is."""
    keys = [str(id) for id in ids if is_public_form(id)]
    if not keys:
        return ids
    viewer = await context.require_viewer()
    async with database.connection() as connection:
        stored = await opening.find_ids_by_keys(connection, viewer.id, keys)
    found = {to_public_id(id): id for id in stored.values()}
    return [found.get(id, id) if is_public_form(id) else id for id in ids]


async def find_repeated(viewer: AnyUser, sending: NewMessage) -> Exchange | None:
    """Return the exchange of the message that was sent with this key or id before, or None when that message was deleted meanwhile.

    Raises `InvalidInput` if the key, and `Conflict` if the id, belongs to another message, `ModelFailed`, and `Conflict` when there is no answer yet or no
    more.
    """
    async with database.connection() as connection:
        found = await opening.find_by_key(connection, viewer.id, sending.key or "")
    if found is None:
        return None
    earlier, conversation, answer = found
    target = sending.conversation_id or sending.new_conversation_id
    elsewhere = target is not None and target != earlier.conversation_id
    reworded = earlier.edited_at is None and sending.content != earlier.content
    renamed = sending.made_id is not None and sending.made_id != to_public_id(earlier.id)
    if earlier.role is not MessageRole.USER or elsewhere or reworded or renamed:
        if sending.made_id is not None:
            raise id_taken("this id belongs to another message")
        raise InvalidInput("idempotencyKey", "this idempotencyKey was used for another message: send a new key with each message", rule=InputRule.DUPLICATE)
    standing, now = message_state(earlier), datetime.now(timezone.utc)
    if standing.status is MessageStatus.FAILED:
        raise ModelFailed(standing.error_code or "MODEL_ERROR", earlier, conversation)
    if answer is not None:
        return Exchange(earlier, answer, conversation)
    if earlier.answer_lease_until is not None and is_being_answered(earlier, now):
        raise being_answered("this message is still being answered: retry in a few seconds with the same idempotencyKey or id", earlier.answer_lease_until, now)
    raise Conflict("this message was answered, and the answer was deleted: use `messageRegenerate` for a new answer", reason=ConflictReason.DELETED_MEANWHILE)
