"""The model's call that reads the lines of a memory text, counted and limited as a user's other calls are."""
from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from jobs.deadline import Deadline
from jobs.delimiter_seeds import prompt_seed
from jobs.prompt_slots import personal_guides, slot_guides, to_key
from llm import memory as model
from llm.call_log import name_caller
from llm.errors import ModelError, ModelTimeout
from llm.usage import Usage
from persistence import database
from persistence.models.enums import Purpose
from persistence.queries.profile_writes import lock_user
from persistence.queries.usage import record_usage
from resolvers.chat.exchange import describe_failure
from resolvers.chat.questions import model_timeout
from resolvers.chat.quota import Admission, reserve_user_tokens
from resolvers.diary import today
from resolvers.errors import Refusal, Unauthenticated
from resolvers.model_refusals import end_pause, record_refusal

if TYPE_CHECKING:
    from jobs.user_slots import Slots
    from persistence.queries.viewer import AnyUser

MIN_SECONDS: Final = 3.0
"""Minimum seconds for a model call: with less time, the call would be billed but end without an answer."""


class MemoryUnread(Refusal):
    """Raised when the model did not read a memory text; nothing was imported. `code` is one of the MODEL_… codes, `retry_after` is in seconds."""

    def __init__(self, error: ModelError, why: str | None = None) -> None:
        super().__init__(f"{why or error.summary.partition(':')[0]}; nothing was imported: try again later")
        self.code = error.code
        self.retry_after = error.retry_after


class Proposal(NamedTuple):
    """A value that the model proposes for the line at a position."""

    line: int
    slot: str
    value: str
    polarity: str


async def read_lines(user: AnyUser, lines: Sequence[str], slots: Slots, deadline: Deadline) -> tuple[Sequence[Proposal], int]:
    """Return the values that the model proposes for the lines, and the number of values beyond the bound of its answer. Raises `MemoryUnread`."""
    name_caller(user_id=user.id, purpose=Purpose.IMPORT.value)
    request = _request(user, lines, slots)
    try:
        admission = await reserve_user_tokens(user, today(user), sum(model.estimate_tokens(request)))
    except ModelError as error:
        raise MemoryUnread(error, describe_failure(error.code)) from error
    seconds = model_timeout(deadline)
    try:
        if seconds < MIN_SECONDS:
            raise ModelTimeout
        reading = await model.read_memory(request, seed=prompt_seed(model.PROMPT_VERSION), timeout=seconds)
    except ModelError as error:
        await _record(user, admission, error.usage, failed=True)
        await record_refusal(error)
        raise MemoryUnread(error) from error
    await _record(user, admission, reading.usage, failed=False)
    if admission.paused:
        await end_pause()
    return [Proposal(value.line, to_key(value.slot, slots), value.value, value.polarity) for value in reading.values], reading.trimmed


def estimate(user: AnyUser, lines: Sequence[str], slots: Slots) -> tuple[int, int]:
    """Return the tokens of the prompts and the answers for these lines."""
    return model.estimate_tokens(_request(user, lines, slots))


def _request(user: AnyUser, lines: Sequence[str], slots: Slots) -> model.MemoryRequest:
    return model.MemoryRequest(lines, user.locale, slot_guides(), personal_guides(slots))


async def _record(user: AnyUser, admission: Admission, usage: Usage, *, failed: bool) -> None:
    async with database.transaction() as session:
        if await lock_user(session, user.id) is None:
            raise Unauthenticated
        await record_usage(session, user.id, admission.today, Purpose.IMPORT, usage, failed=failed)
        if admission.reserved:
            await record_usage(session, user.id, admission.today, Purpose.CHAT, Usage.none(), calls=0, reserved=admission.reserved)
