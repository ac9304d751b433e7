"""The second half of an exchange: calls the model without holding a database session, then stores the answer or the failure."""
from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

import logs
import settings
from jobs.deadline import Deadline
from jobs.delimiter_seeds import conversation_seed
from llm import chat, responses
from llm.call_log import name_caller
from llm.chat import ComposedPrompt, Recall
from llm.errors import ModelError, ModelFiltered, ModelTimeout
from llm.messages import Completion
from llm.progress import Progress
from llm.tool_loop import LookUp, Permit
from llm.tools import Call, Search, ToolFailed
from llm.usage import Usage
from persistence.errors import DatabaseError
from persistence.models.enums import MODEL_INTERRUPTED, Purpose, SourceReason, ToolOutcome
from persistence.queries.answer_streams import StreamState
from persistence.queries.prompt_inputs import STOPPED
from resolvers import model_refusals
from resolvers.answer_sources import FoundDay, OfferedSources, Sources, read_sources
from resolvers.chat.background import calendar_for, read_background, speaker_names
from resolvers.chat.continuation import continuation_turns, find_joint
from resolvers.chat.disputes import DisputePrompt, claim_dispute_prompt, disputed_ids
from resolvers.chat.exchange import AnswerNotStored, Exchange, ModelFailed
from resolvers.chat.exchange_storage import answer_id, find_exchange, store_answer, store_failure
from resolvers.chat.history import arrange_history
from resolvers.chat.questions import STORING_SECONDS, StoredQuestion, model_timeout
from resolvers.chat.quota import Admission, reserve_for_chat
from resolvers.chat.recall import recall_for
from resolvers.chat.side_tasks import SideTasks
from resolvers.chat.withheld import withheld_of
from resolvers.errors import Conflict, ConflictReason, Refusal

if TYPE_CHECKING:
    from persistence.queries.exchange_rows import ConversationRow, MessageRow
    from persistence.queries.viewer import AnyUser
    from resolvers.chat.tool_calls import AnswerTools

MIN_MODEL_SECONDS = 3.0
"""Minimum seconds for a model call: with less time, the call would be billed but end without an answer."""
RETRY_SECONDS, RETRY_PAUSE = 2.0, 0.2
"""Seconds within which an answer is stored once the database answers again after an error, and between two tries."""

T = TypeVar("T")
EndKeeping = Callable[[], Awaitable[None]]
AnswerChunks = AsyncGenerator["str | Completion", None]
CallModel = Callable[[ComposedPrompt, float, "Recall | None", Permit], AnswerChunks]
"""A function that calls the model with a timeout in seconds and yields the chunks of a stream, if any, and last the `Completion`. Raises `ModelError`."""


async def complete_answer(composition: ComposedPrompt, seconds: float, recall: Recall | None, permit: Permit) -> AnswerChunks:
    yield await chat.answer(composition, timeout=seconds, recall=recall, permit=permit)


async def stream_answer(composition: ComposedPrompt, seconds: float, recall: Recall | None, permit: Permit, progress: Progress | None = None) -> AnswerChunks:
    async with aclosing(chat.answer_stream(composition, timeout=seconds, recall=recall, permit=permit, progress=progress)) as pieces:  # type: ignore[type-var] # an asynchronous generator has aclose()
        async for piece in pieces:
            yield piece


async def stream_exchange(
    viewer: AnyUser, asked: StoredQuestion, deadline: Deadline, ask: CallModel, attempt: Attempt | None = None
) -> AsyncGenerator[StoredQuestion | str | Exchange, None]:
    """Yield the stored question, the answer's chunks as they arrive, then the stored exchange.

    The question's outcome is always stored, even if the caller closes this generator or is cancelled. Raises `ModelFailed`, with the answer so far if the
    call failed after its first chunks; `Conflict` when the question was deleted meanwhile.
    """
    attempt = attempt or Attempt(viewer, asked, deadline)
    name_caller(user_id=viewer.id, purpose=Purpose.CHAT.value)
    ending: Coroutine[Any, Any, Exchange | ModelFailed]
    try:
        yield asked
        composition = await attempt.prepare()
        admission = attempt.admission
        recall = attempt.recall if admission.looks_back and asked.inputs.told else None
        async with aclosing(ask(composition, model_timeout(deadline), recall, admission.permit)) as pieces:
            async for piece in pieces:
                if attempt.receive(piece):
                    yield attempt.chunks[-1]
        await attempt.side_tasks.wait(deadline.remaining() - STORING_SECONDS)
    except ModelError as error:
        ending = attempt.fail(error)
    except DatabaseError as error:
        ending = attempt.conclude(error)
    except BaseException:
        attempt.is_ending = True
        await _run_shielded(_log_exceptions(attempt.interrupt()))
        raise
    else:
        ending = attempt.store()
    attempt.is_ending = True
    outcome = await _run_shielded(attempt.concluded(ending))
    if isinstance(outcome, ModelFailed):
        raise outcome
    yield outcome


@dataclass
class Attempt:
    """An attempt at an answer, with its progress so far. `before_end` is awaited before its outcome is stored."""

    viewer: AnyUser
    asked: StoredQuestion
    deadline: Deadline
    side_tasks: SideTasks = field(default_factory=SideTasks)
    composition: ComposedPrompt | None = None
    condensed: Mapping[UUID, str] = field(default_factory=dict)
    completion: Completion | None = None
    admission: Admission = field(init=False)
    offered: DisputePrompt | None = None
    birthday: tuple[int, int] | None = None
    chunks: list[str] = field(default_factory=list)
    sources: Sources = field(default_factory=Sources)
    found_days: list[Sequence[FoundDay]] = field(default_factory=list)
    """The days that each search of the model found."""
    answer_tools: AnswerTools | None = None
    """The tools besides searches, from the first call of one on."""
    recorded: dict[int, int] = field(default_factory=dict)
    """The position of each call among those of `sources`, by its number."""
    before_end: EndKeeping | None = None
    progress: Progress = field(default_factory=Progress)
    is_ending: bool = False
    """True from when the outcome is being stored: then it is too late to stop the call."""
    is_lost: bool = False
    """True if a checkpoint found that the question was deleted or leased by another call."""
    stopped: Exchange | Refusal | None = None

    def __post_init__(self) -> None:
        self.admission = Admission(self.viewer, self.asked.today)
        if self.asked.continues and self.asked.answer is not None:
            self.sources = read_sources(self.asked.answer.sources) or self.sources
        self._kept_calls = len(self.sources.calls)
        self._began = time.monotonic()
        self._leading = ""
        self.stored_id = answer_id(self.asked)

    async def prepare(self) -> ComposedPrompt:
        """Load the prompt's contents, reserve tokens and start the side tasks. Raises `ModelTimeout` when too little time is left.

        Raises `ModelPaused` and `ChatQuotaExceeded` as `reserve_for_chat` does.
        """
        conversation, question, inputs = self.asked.conversation, self.asked.question, self.asked.inputs
        history = arrange_history(conversation, question, inputs.history, told=inputs.told)
        offered = OfferedSources(summary_through=conversation.summary_through_message_id)
        background = await read_background(self.viewer, question, inputs, offered)
        self.offered = await claim_dispute_prompt(conversation, question, inputs)
        self.birthday = background.birthday
        background = replace(background, dispute=self.offered.line if self.offered else None)
        budget = settings.current().history_tokens
        composition = chat.compose(
            background, history.summary, [*history.turns, *continuation_turns(self.asked)], seed=conversation_seed(conversation.id), history_tokens=budget,
            profile_tokens=settings.current().profile_tokens, diary_tokens=settings.current().diary_tokens)
        offered.disputed = disputed_ids(self.offered.dispute, inputs) if self.offered else ()
        if inputs.told:
            self.sources.add_shown(composition.shown, offered)
        self.sources.shown_from = history.messages[composition.omitted_turns].id
        if settings.current().suggested_replies and not self.asked.continues:
            composition = chat.ask_for_replies(composition)
        if (left := self.deadline.remaining()) < MIN_MODEL_SECONDS + STORING_SECONDS:
            logs.write("model_call_skipped", level="WARNING", user_id=self.viewer.id, code="TIME_TOO_SHORT", seconds_left=round(left, 1))
            raise ModelTimeout
        self.admission = await reserve_for_chat(self.viewer, self.asked.today, composition, inputs.pauses)
        seconds = model_timeout(self.deadline)
        overtaken = conversation.summary_through_message_id is not None and history.summary is None
        older = () if overtaken or not inputs.told else history.older_half(budget)
        self.composition, self.condensed = composition, {message.id: message.content.removesuffix(STOPPED) for message in older}
        if conversation.title is None:
            self.side_tasks.make_title(question, self.viewer.locale, seconds)
        if older:
            self.side_tasks.make_summary(conversation.id, history.summary, older, self.viewer.locale, seconds)
        return composition

    @property
    def recall(self) -> Recall:
        """The function that runs the model's tool calls."""
        question = self.asked.question
        calendar = calendar_for(self.viewer, question, self.birthday)
        search = recall_for(question, calendar, speaker_names(self.viewer, self.asked.inputs), self.found_days, withheld_of(self.asked.inputs))
        return partial(self._run_tool, search)

    async def _run_tool(self, search: LookUp, call: Call) -> list[str]:
        """Run a call and record it. Raises `ToolFailed` for a search that the database cannot do."""
        from resolvers.chat.tool_calls import AnswerTools, search_call  # few answers call tools

        number = len(self.found_days)
        self.recorded[number] = len(self.sources.calls)
        if not isinstance(call, Search):
            self.found_days.append(())
            self.answer_tools = self.answer_tools or AnswerTools(self.viewer, self.asked, self.sources, self.found_days)
            return await self.answer_tools.run(call, number)
        try:
            found = await search(call)
        except DatabaseError as error:
            self.found_days.append(())
            self.sources.calls.append(replace(search_call(call, 0), outcome=ToolOutcome.FAILED, reason=error.code))
            logs.write("tool_failed", level="WARNING", tool=call.name, error_code=error.code)
            raise ToolFailed("The search failed: nothing was looked up. Answer from what is known, and say that you could not look further back.") from error
        self.sources.calls.append(search_call(call, len(self.found_days[number])))
        return found

    async def _undo_changes(self) -> None:
        """Undo the changes of tool calls, because the answer that would show them is not stored."""
        if self.answer_tools is not None:
            from resolvers.chat.tool_calls import undo_unstored_changes

            await undo_unstored_changes(self.viewer.id, self.sources, self._kept_calls, self.answer_tools)

    def receive(self, piece: str | Completion) -> bool:
        """Record a chunk or the completion; return whether it is a chunk to pass on."""
        if isinstance(piece, Completion):
            self.completion = replace(piece, leading=self._leading) if self.chunks else piece
            return False
        if not self.chunks:
            self._leading = self.progress.leading() if self.progress.leading else ""
        self.chunks.append(piece if self.chunks else find_joint(self.asked, piece, self._leading) + piece)
        return True

    async def store(self) -> Exchange:
        assert self.completion is not None, "a call without an answer raises"
        try:
            exchange = await self._store_whole(self.completion)
        except Conflict:
            await self._undo_changes()
            raise
        if self.admission.paused:
            await model_refusals.end_pause()
        return exchange

    async def _store_whole(self, completion: Completion) -> Exchange:
        self._complete_sources(completion)
        made = await self.side_tasks.collect()
        return await store_answer(self.asked, completion, made, self.condensed, self.sources, self.admission.reserved, self.viewer)

    def _complete_sources(self, completion: Completion) -> None:
        """Add to the sources what tools showed the model, and mark the calls whose results it was not shown."""
        self._add_found(completion.shown_results)
        if self.recorded:
            from resolvers.chat.tool_calls import record_shown_results

            record_shown_results(self.sources, self.recorded, completion.shown_results, self.answer_tools)

    def _add_found(self, numbers: Sequence[int]) -> None:
        for number in numbers:
            self.sources.add_found(self.found_days[number], SourceReason.TOOL)

    async def _store_partial(self, partial: Completion, *, failed: str | None = None) -> Exchange:
        """Store the text of an answer that ended early. `failed`: the error by which it ended; its call counts as failed."""
        self._complete_sources(partial)
        made = await self.side_tasks.collect()
        return await store_answer(self.asked, partial, made, {}, self.sources, self.admission.reserved, self.viewer, failed=failed)

    async def fail(self, error: ModelError) -> ModelFailed:
        """Store the outcome of a failed call: the chunks so far as an answer that was cut off, so that no text is lost that was shown. Without any, the
        question fails, or keeps its earlier answer."""
        partial = self._to_partial()
        if partial is not None:
            partial = replace(partial, usage=error.usage, cut_off="FILTER" if isinstance(error, ModelFiltered) else "STOPPED")
            try:
                kept = await self._store_partial(partial, failed=error.code)
            except Conflict:
                await self._undo_changes()
                raise
            finally:
                await model_refusals.record_refusal(error)
            return ModelFailed(error.code, kept.question, kept.conversation, retry_after=error.retry_after, answer=kept.answer)
        await self._undo_changes()
        usage = error.usage if self.composition else None
        question = await store_failure(self.asked, error.code, usage, await self.side_tasks.collect(), self.admission.reserved, self.offered)
        await model_refusals.record_refusal(error)
        return ModelFailed(
            error.code, question, self.asked.conversation, answered=self.asked.answer is not None, retry_after=error.retry_after)

    async def concluded(self, ending: Coroutine[Any, Any, Exchange | ModelFailed]) -> Exchange | ModelFailed:
        """Return the outcome of `ending`; if the database fails during it, the question as it is stored."""
        try:
            if self.before_end is not None:
                await self.before_end()
            return await ending
        except DatabaseError as error:
            return await self.conclude(error)

    async def conclude(self, error: DatabaseError) -> Exchange | AnswerNotStored:
        """Return the exchange or the question as it is stored after an error of the database: the statement that failed may have been carried out.

        Where the database answers again within the request's time, at most after `RETRY_SECONDS`, the answer is stored: as a whole if it was received, else
        what was shown, as stopped, with the error; without any text the attempt ends as interrupted. Else what a checkpoint kept becomes an answer once
        the stream counts as abandoned, and the lease expires by itself.
        """
        ends = Deadline(max(0.0, min(RETRY_SECONDS, self.deadline.remaining())))
        while True:
            try:
                return await self._conclude(error)
            except DatabaseError:
                if ends.remaining() <= RETRY_PAUSE:
                    return AnswerNotStored(error, self.asked.question, self.asked.conversation)
                await asyncio.sleep(RETRY_PAUSE)

    async def _conclude(self, error: DatabaseError) -> Exchange | AnswerNotStored:
        stored, conversation, answer = await self._find_stored()
        if answer is not None:
            return Exchange(stored, answer, conversation)
        partial = None if self.completion is not None else self._to_partial()
        try:
            if stored.answer_lease_until == self.asked.lease and self.completion is not None:
                return await self._store_whole(self.completion)
            if stored.answer_lease_until == self.asked.lease and partial is not None:
                kept = await self._store_partial(partial, failed=error.code)
                return AnswerNotStored(error, kept.question, kept.conversation, kept.answer)
        except Conflict:  # the statement that failed was carried out just now, or another call has the question
            stored, conversation, answer = await self._find_stored()
            if answer is not None:
                return Exchange(stored, answer, conversation)
        await self.end_interrupted(self.completion.usage if self.completion else self._estimate_usage())
        stored, conversation, answer = await self._find_stored()
        return AnswerNotStored(error, stored, conversation) if answer is None else Exchange(stored, answer, conversation)

    async def _find_stored(self) -> tuple[MessageRow, ConversationRow, MessageRow | None]:
        """Return the question as it is stored, its conversation, and its answer if that is new. Raises `Conflict` when the question was deleted."""
        found = await find_exchange(self.asked.question)
        if found is None:
            raise Conflict("the message was deleted while it was being answered", reason=ConflictReason.DELETED_MEANWHILE)
        stored, conversation, answer = found
        return stored, conversation, None if answer is None or answer == self.asked.answer else answer

    async def end_interrupted(self, usage: Usage | None) -> MessageRow:
        await self._undo_changes()
        return await store_failure(self.asked, MODEL_INTERRUPTED, usage, await self.side_tasks.collect(), self.admission.reserved, self.offered)

    def _estimate_usage(self) -> Usage | None:
        """Return the usage of the calls so far: as the provider reported it, else estimated by what was sent and received; None before the first call."""
        if self.composition is None:
            return None
        return self.progress.usage or responses.estimate_usage(self.composition.messages, "".join(self.chunks))

    async def interrupt(self) -> None:
        """Store the outcome of an answer that was stopped: the whole answer if it was received, else what was written, marked as stopped.

        Without any text the question fails. The usage counts in any case.
        """
        if self.before_end is not None:
            await self.before_end()
        partial = self._to_partial()
        try:
            if self.completion is not None:
                self.stopped = await self.store()
            elif partial is not None:
                self.stopped = await self._store_partial(partial)
            else:
                question = await self.end_interrupted(self._estimate_usage())
                failed = ModelFailed(MODEL_INTERRUPTED, question, self.asked.conversation, answered=self.asked.answer is not None)
                self.stopped = self._lost() if self.is_lost else failed
        except Conflict as gone:
            self.stopped = gone

    def _lost(self) -> Conflict:
        return Conflict("the message was deleted or regenerated while it was being answered", reason=ConflictReason.DELETED_MEANWHILE)

    def interrupted_as(self) -> Exchange | Refusal:
        """Return the outcome of an interrupted answer; MODEL_INTERRUPTED when it could not be stored."""
        return self.stopped or ModelFailed(MODEL_INTERRUPTED, self.asked.question, self.asked.conversation, answered=self.asked.answer is not None)

    def _to_partial(self) -> Completion | None:
        text, usage = "".join(self.chunks), self._estimate_usage()
        if not text.strip() or usage is None:
            return None
        model, took = self.progress.model() if self.progress.model else "", round((time.monotonic() - self._began) * 1000)
        used, shown = self.progress.tools_used, self.progress.shown_results
        return Completion(text, model, "stopped", usage, took, tools_used=used, shown_results=shown, cut_off="STOPPED")

    def to_stream_state(self, text: str) -> StreamState:
        """Return the state of this attempt for a checkpoint."""
        asked = self.asked
        self._add_found(self.progress.shown_results)
        start = len(asked.answer.content) if asked.continues and asked.answer is not None else 0
        return StreamState(
            asked.question.user_id, asked.question.id, asked.lease, self.stored_id, asked.continues, start, text, self.sources.to_json(), asked.inputs.erasures)


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
