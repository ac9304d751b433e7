"""The second half of an exchange: calls the model without holding a database session, then stores the answer or the failure."""
from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, TypeVar

import logs
import settings
from jobs.deadline import Deadline
from jobs.delimiter_seeds import conversation_seed
from llm import chat, responses
from llm.call_log import name_caller
from llm.chat import ComposedPrompt, Recall
from llm.errors import ModelError, ModelTimeout
from llm.messages import Completion
from llm.tool_loop import Permit
from persistence import database
from persistence.models.account import Purpose
from persistence.models.chat import MODEL_INTERRUPTED
from resolvers.chat.background import calendar_for, read_background, speaker_names
from resolvers.chat.disputes import DisputePrompt, claim_dispute_prompt
from resolvers.chat.exchange import Exchange, ModelFailed
from resolvers.chat.exchange_storage import SummarySource, store_answer, store_failure
from resolvers.chat.history import read_history
from resolvers.chat.questions import STORING_SECONDS, StoredQuestion, model_timeout
from resolvers.chat.quota import Admission, reserve_for_chat
from resolvers.chat.recall import recall_for
from resolvers.chat.side_tasks import SideTasks
from resolvers.model_refusals import end_pause, record_refusal

if TYPE_CHECKING:
    from persistence.queries.viewer import AnyUser

MIN_MODEL_SECONDS = 3.0
"""Minimum seconds for a model call: with less time, the call would be billed but end without an answer."""

T = TypeVar("T")
AnswerChunks = AsyncGenerator["str | Completion", None]
CallModel = Callable[[ComposedPrompt, float, "Recall | None", Permit], AnswerChunks]
"""A function that calls the model with a timeout in seconds and yields the chunks of a stream, if any, and last the `Completion`. Raises `ModelError`."""


async def complete_answer(composition: ComposedPrompt, seconds: float, recall: Recall | None, permit: Permit) -> AnswerChunks:
    yield await chat.answer(composition, timeout=seconds, recall=recall, permit=permit)


async def stream_answer(composition: ComposedPrompt, seconds: float, recall: Recall | None, permit: Permit) -> AnswerChunks:
    async with aclosing(chat.answer_stream(composition, timeout=seconds, recall=recall, permit=permit)) as pieces:  # type: ignore[type-var] # an asynchronous generator has aclose()
        async for piece in pieces:
            yield piece


async def answer(viewer: AnyUser, asked: StoredQuestion, deadline: Deadline) -> Exchange:
    """Return the stored exchange. Raises `ModelFailed`; `Conflict` when the question was deleted meanwhile."""
    async with aclosing(stream_exchange(viewer, asked, deadline, complete_answer)) as steps:
        async for step in steps:
            if isinstance(step, Exchange):
                return step
    raise AssertionError("the last step is the exchange")


async def stream_exchange(viewer: AnyUser, asked: StoredQuestion, deadline: Deadline, ask: CallModel) -> AsyncGenerator[StoredQuestion | str | Exchange, None]:
    """Yield the stored question, the answer's chunks as they arrive, then the stored exchange.

    The question's outcome is always stored, even if the caller closes this generator or is cancelled. Raises as `answer` does.
    """
    attempt = _Attempt(viewer, asked, deadline)
    name_caller(user_id=viewer.id, purpose=Purpose.CHAT.value)
    try:
        yield asked
        composition = await attempt.prepare()
        admission = attempt.admission
        recall = attempt.recall if admission.looks_back else None
        async with aclosing(ask(composition, model_timeout(deadline), recall, admission.permit)) as pieces:
            async for piece in pieces:
                if attempt.receive(piece):
                    yield attempt.chunks[-1]
        await attempt.companions.wait(deadline.remaining() - STORING_SECONDS)
    except ModelError as error:
        failure = error
    except BaseException:
        await _run_shielded(_log_exceptions(attempt.interrupt()))
        raise
    else:
        yield await _run_shielded(attempt.store())
        return
    raise await _run_shielded(attempt.fail(failure))


@dataclass
class _Attempt:
    """An attempt at an answer, with its progress so far."""

    viewer: AnyUser
    asked: StoredQuestion
    deadline: Deadline
    companions: SideTasks = field(default_factory=SideTasks)
    composition: ComposedPrompt | None = None
    condensing: SummarySource | None = None
    completion: Completion | None = None
    admission: Admission = field(init=False)
    offered: DisputePrompt | None = None
    birthday: tuple[int, int] | None = None
    chunks: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.admission = Admission(self.viewer, self.asked.today)

    async def prepare(self) -> ComposedPrompt:
        """Load the prompt's contents, reserve tokens and start the side tasks. Raises `ModelTimeout` when too little time is left.

        Raises `ModelPaused` and `ChatQuotaExceeded` as `reserve_for_chat` does.
        """
        read_at, conversation = datetime.now(timezone.utc), self.asked.conversation
        async with database.session() as session:
            history = await read_history(session, conversation, self.asked.question)
            background = await read_background(session, self.viewer, self.asked.question)
        self.offered = await claim_dispute_prompt(conversation, self.asked.question)
        self.birthday = background.birthday
        background = replace(background, dispute=self.offered.dispute.prompt_line if self.offered else None)
        budget = settings.current().history_tokens
        composition = chat.compose(
            background, history.summary, history.turns, seed=conversation_seed(conversation.id), history_tokens=budget,
            profile_tokens=settings.current().profile_tokens, diary_tokens=settings.current().diary_tokens)
        if self.deadline.remaining() < MIN_MODEL_SECONDS + STORING_SECONDS:
            raise ModelTimeout
        self.admission = await reserve_for_chat(self.viewer, self.asked.today, composition)
        seconds = model_timeout(self.deadline)
        overtaken = conversation.summary_through_message_id is not None and history.summary is None
        older = () if overtaken else history.older_half(budget)
        self.composition, self.condensing = composition, SummarySource([message.id for message in older], read_at)
        if conversation.title is None:
            self.companions.make_title(self.asked.question, self.viewer.locale, seconds)
        if older:
            self.companions.make_summary(history.summary, older, self.viewer.locale, seconds)
        return composition

    @property
    def recall(self) -> Recall:
        """The function that searches the user's earlier days for the model."""
        question = self.asked.question
        return recall_for(question, calendar_for(self.viewer, question, self.birthday), speaker_names(self.viewer))

    def receive(self, piece: str | Completion) -> bool:
        """Record a chunk or the completion; return whether it is a chunk to pass on."""
        if isinstance(piece, Completion):
            self.completion = piece
            return False
        self.chunks.append(piece)
        return True

    async def store(self) -> Exchange:
        assert self.completion is not None and self.condensing is not None, "a call without an answer raises"
        exchange = await store_answer(self.asked, self.completion, await self.companions.collect(), self.condensing, self.admission.reserved)
        if self.admission.paused:
            await end_pause()
        return exchange

    async def fail(self, error: ModelError) -> ModelFailed:
        usage = error.usage if self.composition else None
        question = await store_failure(self.asked, error.code, usage, await self.companions.collect(), self.admission.reserved, self.offered)
        await record_refusal(error)
        return ModelFailed(
            error.code, question, self.asked.conversation, answered=self.asked.answer is not None, retry_after=error.retry_after)

    async def interrupt(self) -> None:
        """Store the outcome after the client has disconnected: a complete answer is stored for its next visit; otherwise the usage is recorded."""
        if self.completion is not None:
            await self.store()
            return
        usage = responses.estimate_usage(self.composition.messages, "".join(self.chunks)) if self.composition else None
        await store_failure(self.asked, MODEL_INTERRUPTED, usage, await self.companions.collect(), self.admission.reserved, self.offered)


_ending: set[asyncio.Task[Any]] = set()


async def _run_shielded(work: Coroutine[Any, Any, T]) -> T:
    """Run the work to its end, even if the caller is cancelled meanwhile."""
    task = asyncio.ensure_future(work)
    _ending.add(task)
    task.add_done_callback(_ending.discard)
    return await asyncio.shield(task)


async def _log_exceptions(work: Coroutine[Any, Any, None]) -> None:
    """Run the work and log its exceptions: the question's lease expires by itself."""
    try:
        await work
    except Exception as error:
        logs.write("answer_cleanup_failed", level="ERROR", error_code=getattr(error, "code", None), exception=type(error).__name__)
