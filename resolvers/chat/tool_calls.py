"""The tool calls of one answer besides searches: the profile, and what the user wishes to be remembered or forgotten.

A change of the profile needs a wish in the user's own words of the question (jobs/rules/wishes), and acts by the rules of the mutation for it. It is
recorded with the answer by ids, and an answer that fails takes it back.
"""
from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal
from uuid import UUID

import logs
from jobs.memory_policy import policy_of
from jobs.rules import wishes
from jobs.rules.profile.profile_prompt import select_prompt_values
from jobs.rules.slots import SLOTS, value_key
from jobs.user_slots import load_user_slots
from llm import tokens, tools
from llm.tools import Call, Forget, Remember, Search, ShowProfile, ToolFailed
from persistence import database
from persistence.database import Session
from persistence.errors import DatabaseError, Overtaken
from persistence.models.enums import Learning, MessageRole, SourceReason, ToolOutcome, ValuePolarity, VerdictKind
from persistence.queries import chat_reads, memory_switches
from persistence.queries import profile_writes as stored
from persistence.queries.erasure import lock_erasures
from resolvers import memory_settings, profile_verdicts
from resolvers.answer_sources import ToolCall, read_sources
from resolvers.chat.background import assistant_names, slot_names, to_values
from resolvers.chat.tool_values import Supported, find_meant, find_named_values, means_before, say_value, support_of
from resolvers.chat.withheld import withheld_of
from resolvers.errors import DomainError
from resolvers.tool_undo import undo_changes

if TYPE_CHECKING:
    from jobs.user_slots import Slots
    from persistence.models import User
    from persistence.queries.viewer import AnyUser
    from resolvers.answer_sources import FoundDay, Sources
    from resolvers.chat.questions import StoredQuestion

MAX_CHANGES: Final = 5
"""Calls that may change the profile in one answer; further ones are refused."""
MAX_PROFILE_TOKENS: Final = 1_100
"""Tokens that the values of the profile take; llm/tool_loop.py cuts them at `MAX_RESULT_TOKENS`, with their JSON."""

Refusal = Literal[
    "NO_WISH", "NOT_IN_WISH", "UNSUPPORTED", "NO_SUCH_SLOT", "NOT_ALLOWED", "MEMORY_OFF", "TOPIC_OFF", "PLAY", "TEMPORARY", "TOO_MANY", "AMBIGUOUS",
    "NOT_FOUND", "MESSAGE_CHANGED",
]
_TOLD: Final[dict[str, str]] = {
    "NO_WISH": "Not done: no wish was found that is evidently the person's own; what stands beside a quoted, pasted or long text does not count. If they want "
               "it, ask them to say it in a message of its own, such as: Remember that I live in Oslo. 记住我住在杭州。",
    "NOT_IN_WISH": "Not done: words must be copied from the part of the person's message in which they ask for it.",
    "UNSUPPORTED": "Not done: the person's words do not say this value. Use their own words for it, or ask what they mean.",
    "NO_SUCH_SLOT": "Not done: there is no such slot. Their message is kept all the same; tell them that it has no place in the profile.",
    "NOT_ALLOWED": "Not done: the profile does not take this value or this slot. Tell the person that settings may have to change first.",
    "MEMORY_OFF": "Not done: the person has switched off that this is kept. Tell them so.",
    "TOPIC_OFF": "Not done: it is about something that the person never wants kept. Tell them so.",
    "PLAY": "Not done: this conversation is role play, of which the profile keeps nothing. Tell them so.",
    "TEMPORARY": "Not done: nothing of a temporary conversation is kept. Tell them so.",
    "TOO_MANY": f"Not done: at most {MAX_CHANGES} changes in one answer. Tell the person to ask for the rest in another message.",
    "AMBIGUOUS": "Not done: several values could be meant. Ask the person which of them.",
    "NOT_FOUND": "Not done: neither a value of the profile nor a message of theirs that no diary has read yet is what they name. Tell them so, or ask what "
                 "they mean. They can delete older messages and lines of diaries themselves.",
    "MESSAGE_CHANGED": "Not done: the message was changed or deleted meanwhile.",
}
_FAILED: Final = "The tool failed, and nothing was changed. Say so, answer from what is known, and do not call it again."
_TOLD_BEFORE: Final = "Done already, and the person can undo it below the answer. Confirm it in few words."


class Refused(Exception):
    """Raised for a change that is refused, with the reason."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason)
        self.reason: Refusal = reason


@dataclass(frozen=True)
class _Change:
    """The outcome of a change that was made."""

    told: str
    value: UUID | None
    verdict: UUID | None
    is_new: bool = True
    """False for what another answer to the question changed before."""
    kept_out: Mapping[UUID, Learning] = field(default_factory=dict)
    """The messages from which nothing is learned any more, with what might be learned before."""


class AnswerTools:
    """The tools of an answer that is being made, apart from searches."""

    def __init__(self, viewer: AnyUser, asked: StoredQuestion, sources: Sources, found_days: Sequence[Sequence[FoundDay]]) -> None:
        """Record the calls in `sources`; `found_days` are the days that the searches of the answer found."""
        self._viewer, self._asked, self._sources, self._found_days = viewer, asked, sources, found_days
        self._changes = 0
        self._forgotten: set[UUID] = set()
        self.shown: dict[int, Sequence[UUID]] = {}
        """The values that each call showed, by the number of the call."""
        self.made: list[UUID] = []
        """The verdicts that this answer gave, without those of another answer to the question."""
        self.kept_out: dict[UUID, Learning] = {}
        """The messages from which nothing is learned because of this answer, with what might be learned before."""

    async def run(self, call: Call, number: int) -> list[str]:
        """Run a call that is no search and return what the model is told. Raises `ToolFailed`."""
        if isinstance(call, ShowProfile):
            return self._show(number)
        assert not isinstance(call, Search), "searches are run by recall"
        name = tools.REMEMBER if isinstance(call, Remember) else tools.FORGET
        try:
            if self._changes >= MAX_CHANGES:
                raise Refused("TOO_MANY")
            self._changes += 1
            made = await (self._remember(call) if isinstance(call, Remember) else self._forget(call))
        except Refused as refused:
            self._record(ToolCall(name, ToolOutcome.REFUSED, refused.reason))
            return [_TOLD[refused.reason]]
        except DomainError as refused:
            self._record(ToolCall(name, ToolOutcome.REFUSED, "NOT_ALLOWED"))
            return [_TOLD["NOT_ALLOWED"], refused.message]
        except (DatabaseError, Overtaken) as error:
            logs.write("tool_failed", level="WARNING", tool=name, error_code=getattr(error, "code", None))
            self._record(ToolCall(name, ToolOutcome.FAILED, getattr(error, "code", None)))
            raise ToolFailed(_FAILED) from error
        if made.is_new and made.verdict is not None:
            self.made.append(made.verdict)
        if made.is_new:
            self.kept_out.update(made.kept_out)
        if not any(known.tool == name and (known.verdict, known.kept_out) == (made.verdict, made.kept_out) for known in self._sources.calls):
            self._record(ToolCall(name, ToolOutcome.DONE, value=made.value, verdict=made.verdict, kept_out=made.kept_out))
        if made.value is not None:
            self._sources.add_values([made.value], SourceReason.TOOL)
        return [made.told]

    def _record(self, call: ToolCall) -> None:
        self._sources.calls.append(call)

    def _show(self, number: int) -> list[str]:
        inputs = self._asked.inputs
        ids = {(value.slot, value.value_key): value.id for value in inputs.values}
        values = [value for value in to_values(withheld_of(inputs).told(inputs)) if ids[value.slot, value.value_key] not in self._forgotten]
        lines = select_prompt_values(values, MAX_PROFILE_TOKENS, tokens.count, slot_names(inputs))
        self.shown[number] = [ids[value.slot, value.value_key] for value, _ in lines]
        self._record(ToolCall(tools.SHOW_PROFILE, ToolOutcome.DONE, results=len(lines)))
        return [line for _, line in lines]

    def _told(self) -> Iterator[str]:
        """Yield the texts before the model that are not the user's: earlier answers and diaries. What the user wrote before as well is theirs."""
        inputs = self._asked.inputs
        said = "\n".join(message.content for message in inputs.history if message.role is MessageRole.USER)
        yield from (message.content for message in inputs.history if message.role is not MessageRole.USER and not wishes.repeats(message.content, said))
        yield from (text for _, text in inputs.diaries)
        yield from (found.excerpt.diary for days in self._found_days for found in days if found.excerpt.diary)

    async def _locate(self, kind: wishes.Kind, words: str) -> tuple[wishes.Wish, str]:
        """Return the wish that the words stand in, and the words as the user wrote them. Raises `Refused`."""
        content = self._asked.question.content
        names = assistant_names(self._asked.inputs)
        found = await asyncio.to_thread(wishes.locate, kind, content, words, list(self._told()), names)
        if isinstance(found, str):
            raise Refused(found)
        wish, start, end = found
        return wish, content[start:end]

    async def _begin(self, session: Session, *, learns: bool = True) -> User:
        """Lock what a change needs and return the user. Raises `Refused` if the question is not as it was asked any more, or for a change that `learns`
        while the profile is off."""
        viewer, question = self._viewer, self._asked.question
        await lock_erasures(session, viewer.id)
        user = await stored.lock_user(session, viewer.id)
        message = await chat_reads.find_message(session, viewer.id, question.id)
        conversation = await chat_reads.find_conversation(session, viewer.id, self._asked.conversation.id)
        if user is None or message is None or conversation is None or message.content != question.content:
            raise Refused("MESSAGE_CHANGED")
        if conversation.temporary:
            raise Refused("TEMPORARY")
        if conversation.play:
            raise Refused("PLAY")
        if learns and (message.learning is not Learning.ALL or not policy_of(user).profile):
            raise Refused("MEMORY_OFF")
        return user

    async def _remember(self, call: Remember) -> _Change:
        wish, words = await self._locate("REMEMBER", call.words)
        content, day = self._asked.question.content, self._asked.question.day
        async with database.transaction() as session:
            user = await self._begin(session)
            slots = (await load_user_slots(session, [user]))[user.id]
            slot = _find_slot(call.slot, slots)
            value = profile_verdicts.validate_value(call.value)
            found = await asyncio.to_thread(support_of, slot, value, call.negated, content, wish, words, day, slots)
            if found is None:
                raise Refused("UNSUPPORTED")
            policy = policy_of(user)
            if policy.covers_slot(slot) or not policy.allows(found.value, words):
                raise Refused("TOPIC_OFF")
            return await self._set(session, slot, found, words)

    async def _set(self, session: Session, slot: str, found: Supported, words: str) -> _Change:
        viewer, question = self._viewer, self._asked.question
        before = next((
            row for row in await stored.list_verdicts(session, viewer.id)
            if row.kind is VerdictKind.SET and row.slot == slot and row.value_key == found.key and question.id in row.evidence), None)
        told = "Done: it is in the profile now, and the person can undo it below the answer. Confirm it in few words."
        if before is not None:
            known = await profile_verdicts.find_named(session, viewer.id, slot, found.key)
            return _Change(told, known and known.id, before.id, is_new=False)
        polarity = None if found.polarity is None else ValuePolarity(found.polarity)
        judged = await profile_verdicts.store_set(session, viewer, slot, found.value, polarity, evidence=[question.id], words=words)
        return _Change(told, judged.value and judged.value.id, judged.verdict_id)

    async def _forget(self, call: Forget) -> _Change:
        viewer, question = self._viewer, self._asked.question
        try:
            wish, words = await self._locate("FORGET", call.words)
        except Refused:
            if (before := await asyncio.to_thread(means_before, question.content, call.words)) is None:
                raise
            return await self._keep_unwritten(before)
        async with database.transaction() as session:
            user = await self._begin(session, learns=False)
            values = await stored.list_values(session, viewer.id)
            unread = await memory_switches.list_unread(session, viewer.id)
            named = await asyncio.to_thread(find_named_values, values, wishes.without_request(question.content, wish)[wish.start : wish.end], words, call.value)
            if not named and (done := await self._forgotten_before(session)) is not None:
                return _Change(_TOLD_BEFORE, done.value, done.verdict, is_new=False, kept_out=done.kept_out)
            if not named:
                return await self._exclude_meant(session, user, unread, call, wish)
            if len(named) != 1:
                raise Refused("AMBIGUOUS")
            against = [question.id, *await asyncio.to_thread(say_value, unread, named[0].value)]  # the next night would learn it from these again
            judged = await profile_verdicts.give_verdict(
                session, viewer, named[0].id, VerdictKind.REJECT, profile_verdicts.REJECTED, also_against=against, keeps_all=True)
        self._forgotten.add(named[0].id)
        return _Change("Done: the value is rejected, and the person can undo it below the answer. Confirm it in few words.", named[0].id, judged.verdict_id)

    async def _exclude_meant(self, session: Session, user: User, unread: Sequence[tuple[UUID, str]], call: Forget, wish: wishes.Wish) -> _Change:
        """Have nothing be learned from the messages that the wish means, of which the profile has nothing yet. Raises `Refused` if there are none."""
        question = self._asked.question
        meant = await asyncio.to_thread(find_meant, unread, question.id, self._previous(), question.content, wish, call.value)
        return await self._mark_kept_out(session, user, meant)

    async def _keep_unwritten(self, before: bool) -> _Change:
        """Have nothing be learned from a message that is not to be written down, or from the one before it. Raises `Refused` if a night has read it."""
        async with database.transaction() as session:
            user = await self._begin(session, learns=False)
            if (done := await self._forgotten_before(session)) is not None:
                return _Change(_TOLD_BEFORE, done.value, done.verdict, is_new=False, kept_out=done.kept_out)
            unread = {id for id, _ in await memory_switches.list_unread(session, self._viewer.id)}
            wanted = self._previous() if before else self._asked.question.id
            return await self._mark_kept_out(session, user, [wanted] if wanted in unread else [])

    def _previous(self) -> UUID | None:
        """Return the user's message before the question in its conversation."""
        own = [message for message in self._asked.inputs.history if message.role is MessageRole.USER and message.said_at is not None]
        previous = max(own, key=lambda message: (message.said_at, message.id), default=None)
        return previous and previous.id

    async def _mark_kept_out(self, session: Session, user: User, meant: Sequence[UUID]) -> _Change:
        if not meant:
            raise Refused("NOT_FOUND")
        kept_out = await memory_settings.exclude_from_memory(session, user, meant)
        told = (f"Done: neither diary nor profile learns anything from the messages that say it ({len(kept_out)}), which stay in the chat. The person can "
                "undo it below the answer. Confirm it in few words.")
        return _Change(told, None, None, kept_out=kept_out)

    async def _forgotten_before(self, session: Session) -> ToolCall | None:
        """Return the call by which the earlier answer to this question forgot something, if there is one such call and it stands."""
        earlier = None if self._asked.answer is None else read_sources(self._asked.answer.sources)
        given = {verdict.id for verdict in await stored.list_verdicts(session, self._viewer.id)}
        forgot = [call for call in (earlier.calls if earlier else ()) if call.tool == tools.FORGET and not call.undone]
        done = [call for call in forgot if call.verdict in given or call.kept_out]
        return done[0] if len(done) == 1 else None


def _find_slot(name: str, slots: Slots) -> str:
    """Return the key of a slot by its key, the last part of its key, or the name of one of the user's own. Raises `Refused`."""
    wanted = name.strip().lower().replace(" ", "_")
    key = next((key for key in slots if wanted in (key, key.partition(".")[2])), None)
    key = key or next((key for key, slot in slots.items() if slot.name and value_key(slot.name) == value_key(name)), None)
    if key is None:
        raise Refused("NOT_ALLOWED" if any(wanted in (other, other.partition(".")[2]) for other in SLOTS) else "NO_SUCH_SLOT")
    return key


def search_call(search: Search, results: int) -> ToolCall:
    """Return the record of a search."""
    return ToolCall(search.name, ToolOutcome.DONE, first=search.first, last=search.last, results=results)


def record_shown_results(sources: Sources, recorded: Mapping[int, int], shown: Sequence[int], answer_tools: AnswerTools | None) -> None:
    """Mark the calls whose results the model was not shown, and add what the others showed to the sources. `recorded` has the calls' indexes by number."""
    for number, index in recorded.items():
        call = sources.calls[index] if index < len(sources.calls) else None
        if call is not None and number not in shown and call.outcome is ToolOutcome.DONE and call.tool not in tools.CHANGING:
            sources.calls[index] = replace(call, outcome=ToolOutcome.SKIPPED)
    if answer_tools is not None:
        for number in shown:
            sources.add_values(answer_tools.shown.get(number, ()), SourceReason.TOOL)


async def undo_unstored_changes(user_id: UUID, sources: Sources, kept: int, answer_tools: AnswerTools) -> None:
    """Undo what the tools of an answer that is not stored have changed; `kept` is the number of calls from before it was continued."""
    if not answer_tools.made and not answer_tools.kept_out:
        return
    try:
        await undo_changes(user_id, answer_tools.made, answer_tools.kept_out)
    except DatabaseError as error:
        logs.write("tool_undo_failed", level="ERROR", error_code=error.code)
    del sources.calls[kept:]
