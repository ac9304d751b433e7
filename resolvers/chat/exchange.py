"""A question with its answer, and the question's state while it has none."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, NamedTuple

from llm import errors as model_errors
from persistence.models.enums import MODEL_INTERRUPTED, CutOff, MessageStatus
from persistence.queries.model_pauses import MODEL_SWITCHED_OFF
from resolvers.errors import Refusal

if TYPE_CHECKING:
    from persistence.errors import DatabaseError
    from persistence.queries.exchange_rows import AnyMessage, ConversationRow, MessageRow


@dataclass(frozen=True)
class Exchange:
    """A stored question with its answer and conversation."""

    question: MessageRow
    answer: MessageRow
    conversation: ConversationRow


class MessageState(NamedTuple):
    """The state of a message; `error_code` is set if the status is FAILED."""

    status: MessageStatus
    error_code: str | None = None


def message_state(message: AnyMessage, now: datetime | None = None) -> MessageState:
    """Return the state of a message: a PENDING question whose lease has expired counts as FAILED."""
    failed = message.status is MessageStatus.FAILED
    late = message.answer_lease_until is not None and message.answer_lease_until <= (now or datetime.now(timezone.utc))
    if message.status is MessageStatus.PENDING and late:
        return MessageState(MessageStatus.FAILED, MODEL_INTERRUPTED)
    return MessageState(message.status, message.error_code if failed else None)


def is_being_answered(message: AnyMessage, now: datetime) -> bool:
    """Return whether a call holds the question's lease, also while an existing answer is being regenerated."""
    return message.answer_lease_until is not None and message.answer_lease_until > now


class ModelFailed(Refusal):
    """Raised when the model gave no whole answer; the question is kept. `code` is one of the MODEL_… codes, `retry_after` is in seconds.

    `answer` is what had been streamed of an answer whose call failed later: it is stored as STOPPED, or with FILTER where the provider withheld the rest.
    """

    def __init__(
        self, code: str, question: MessageRow, conversation: ConversationRow, *, answered: bool = False, retry_after: float | None = None,
        answer: MessageRow | None = None,
    ) -> None:
        kept = "what had arrived of the answer was kept" if answer else "the previous answer was kept" if answered else "the message was kept"
        retry = "go on with `messageContinue`, or retry" if answer is not None and answer.cut_off is CutOff.STOPPED else "retry"
        super().__init__(f"{describe_failure(code)}; {kept}: {retry} with `messageRegenerate`")
        self.code = code
        self.retry_after = retry_after
        self.answer = answer
        self.question = question
        self.conversation = conversation


class AnswerNotStored(ModelFailed):
    """Raised when the database failed after the question was stored. `code` is the database error's, `answer` what had been streamed, if it was stored."""

    def __init__(self, error: DatabaseError, question: MessageRow, conversation: ConversationRow, answer: MessageRow | None = None) -> None:
        super().__init__(error.code, question, conversation, retry_after=getattr(error, "retry_after", None), answer=answer)
        if answer is None:
            told = f"{describe_failure(error.code)} after the message was stored"
            self.message = f"{told}: query the message, and retry with `messageRegenerate` if it has no answer"


def describe_failure(code: str) -> str:
    """Return why the model gave no answer, as a text for the user."""
    if code.startswith("DATABASE_"):
        return _REASONS.get(code, "the database failed")
    return _REASONS.get(code, _REASONS[model_errors.ModelError.code])


_MODEL_ERRORS: tuple[type[model_errors.ModelError], ...] = (model_errors.ModelError, *model_errors.ModelError.__subclasses__())
_REASONS = {kind.code: kind.summary.partition(":")[0] for kind in _MODEL_ERRORS}
_REASONS["SERVER_BUSY"] = "the server became busy"
_REASONS["DATABASE_UNAVAILABLE"] = "the database could not be reached"
_REASONS["DATABASE_TIMEOUT"] = "a database statement exceeded its time limit"
_REASONS[MODEL_INTERRUPTED] = "the answer was aborted before it was stored"
_REASONS["QUOTA_EXCEEDED"] = "your token quota for today is used up"
_REASONS[MODEL_SWITCHED_OFF] = "the operator has switched off the language model"
