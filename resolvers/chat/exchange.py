"""A question with its answer, and how it stands while there is none."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone

from llm import errors as model_errors
from persistence.models import Conversation, Message
from persistence.models.chat import MessageStatus
from resolvers.errors import Refusal

INTERRUPTED = "MODEL_INTERRUPTED"
"""The call that should have answered ended without a word: the process died, or the client went away."""


@dataclass(frozen=True)
class Exchange:
    """What was said once, as it is stored."""

    question: Message
    answer: Message
    conversation: Conversation


@dataclass(frozen=True)
class MessageState:
    """`error_code` is set where the status is FAILED."""

    status: MessageStatus
    error_code: str | None = None


def message_state(message: Message, now: datetime | None = None) -> MessageState:
    """A question whose call had to end by now and left no word has failed, whatever its row still says."""
    late = message.pending_until is not None and message.pending_until <= (now or datetime.now(timezone.utc))
    if message.status is MessageStatus.PENDING and late:
        return MessageState(MessageStatus.FAILED, INTERRUPTED)
    return MessageState(message.status, message.error_code)


def is_being_answered(message: Message, now: datetime) -> bool:
    """Also while an answer that is there is being made again."""
    return message.pending_until is not None and message.pending_until > now


class ModelFailed(Refusal):
    """No answer. The question is kept; `code` is one of the MODEL_… codes, `retry_after` in seconds."""

    def __init__(self, code: str, question: Message, conversation: Conversation, *, answered: bool = False, retry_after: float | None = None) -> None:
        kept = "the earlier answer stands" if answered else "the message is kept"
        super().__init__(f"{describe_failure(code)}; {kept}: ask again with messageRegenerate")
        self.code = code
        self.retry_after = retry_after
        self.question = question
        self.conversation = conversation


def describe_failure(code: str) -> str:
    """Why the model gave nothing, in words for the person."""
    return _REASONS.get(code, _REASONS[model_errors.ModelError.code])


_REASONS = {kind.code: kind.summary.partition(":")[0] for kind in (model_errors.ModelError, *model_errors.ModelError.__subclasses__())}
_REASONS[INTERRUPTED] = "the answer was interrupted"
_REASONS["QUOTA_EXCEEDED"] = "your allowance for today is used up"
_REASONS["MODEL_SWITCHED_OFF"] = "the operator has stopped the use of the language model for now"
