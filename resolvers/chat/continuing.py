"""Use case that continues an answer which was stopped, or cut off by its length."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from persistence import database
from persistence.models.enums import CutOff, MessageRole
from persistence.queries import companions
from persistence.queries.exchange_opening import find_by_id
from resolvers.answer_sources import read_sources
from resolvers.chat.exchange import Exchange
from resolvers.chat.exchange_storage import store_failure
from resolvers.chat.questions import StoredQuestion, lease_question, store_abandoned_streams
from resolvers.chat.running import answer
from resolvers.errors import Conflict, ConflictReason, InputRule, InvalidInput, NotFound

if TYPE_CHECKING:
    from jobs.deadline import Deadline
    from persistence.queries.exchange_rows import MessageRow
    from persistence.queries.viewer import AnyUser
    from resolvers.context import Context

CONTINUABLE = (CutOff.STOPPED, CutOff.LENGTH)


async def continue_answer(context: Context, message_id: UUID) -> Exchange:
    """Continue an answer, given by its id or its question's: the new text is appended to it.

    When the call fails, the answer stays as it is. While the user has switched off that prompts contain anything about them, an answer whose prompt did is
    not continued, since its text may repeat that. Raises `NotFound`, `InvalidInput` for an answer that is not cut off, `Conflict` while this or another
    question of the conversation is being answered, `ModelFailed`.
    """
    viewer = await context.require_viewer()
    return await answer(viewer, await lease_continuation(viewer, message_id, context.deadline), context.deadline)


async def lease_continuation(viewer: AnyUser, message_id: UUID, deadline: Deadline) -> StoredQuestion:
    """Lease the question of an answer that can be continued. Nothing is changed for one that cannot. Raises as `continue_answer` does."""
    await store_abandoned_streams(viewer)
    question, written = await _find(viewer, message_id)
    _check(question, written, message_id)
    asked = await lease_question(viewer, question.id, deadline, continues=True)
    try:
        _check(asked.question, asked.answer, message_id)
        is_told = asked.inputs.told
        if asked.answer is not None and not is_told and _may_repeat(asked.answer, [viewer.nickname, *await _forms_of_address(viewer)]):
            message = "`toldInChats` is off, and this answer may repeat what its prompt contained about you: use `messageRegenerate`"
            raise Conflict(message, reason=ConflictReason.CHANGED_MEANWHILE)
    except (Conflict, InvalidInput):
        await store_failure(asked, "", None, ())
        raise
    return replace(asked, continues=True)


async def _forms_of_address(viewer: AnyUser) -> Sequence[str]:
    async with database.connection() as connection:
        return await companions.list_forms_of_address(connection, viewer.id)


def _may_repeat(written: MessageRow, names: Sequence[str]) -> bool:
    """Return whether an answer may repeat what its prompt contained about the user, by the same rule as the history of a prompt
    (persistence/queries/prompt_inputs.py)."""
    sources = read_sources(written.sources)
    told = written.prompt_version is not None or written.cut_off is CutOff.STOPPED if sources is None else bool(sources.items())
    return told or any(name.lower() in written.content.lower() for name in names)


async def _find(viewer: AnyUser, message_id: UUID) -> tuple[MessageRow, MessageRow | None]:
    """Return a question and its chosen answer, given by the id of either."""
    async with database.connection() as connection:
        found = await find_by_id(connection, viewer.id, message_id)
        if found is not None and found[0].role is MessageRole.ASSISTANT:
            if found[0].reply_to is None:
                raise InvalidInput("messageId", "this answer belongs to no user message, so it cannot be continued", rule=InputRule.NOT_ALLOWED_HERE)
            found = await find_by_id(connection, viewer.id, found[0].reply_to)
    if found is None:
        raise NotFound("message")
    return found[0], found[2]


def _check(question: MessageRow, written: MessageRow | None, message_id: UUID) -> None:
    if written is None:
        raise InvalidInput("messageId", "this message has no answer to continue: use `messageRegenerate`", rule=InputRule.NOT_ALLOWED_HERE)
    if message_id not in (question.id, written.id):
        message = "another answer to this question is chosen: call `messageSelect` with this one first"
        raise InvalidInput("messageId", message, rule=InputRule.NOT_ALLOWED_HERE)
    if written.cut_off not in CONTINUABLE:
        message = "this answer was neither stopped nor cut off by its length, so there is nothing to continue"
        raise InvalidInput("messageId", message, rule=InputRule.NOT_ALLOWED_HERE)
    if question.edited_at is not None and question.edited_at > (written.edited_at or written.created_at):
        message = "the question was edited after this answer: use `messageRegenerate` for an answer to the new text"
        raise Conflict(message, reason=ConflictReason.CHANGED_MEANWHILE)
