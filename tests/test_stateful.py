"""A user's data under random sequences of operations: the invariants hold after every step."""
from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine, Iterator
from datetime import date, datetime, timedelta, timezone
from typing import Any, TypeVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import delete, func, select, update

import llm.client
import persistence.database
from jobs.profile_inputs import to_evidence, to_value, to_verdict
from jobs.rules.profile import profile as rules
from jobs.rules.slots import value_key
from jobs.user_edits import update_withdrawn_quotes
from persistence import database
from persistence.ids import uuid7
from persistence.models import (
    ActiveDay,
    Conversation,
    Diary,
    DiaryDeletion,
    DiaryLine,
    JobItem,
    LineEvidence,
    Message,
    Model,
    ModelPause,
    ProfileChange,
    ProfileValue,
    Signal,
    SignalEvidence,
    User,
    Verdict,
)
from persistence.models.chat import MessageRole
from persistence.models.jobs import ItemStatus, Job
from persistence.models.profile import ValueStatus, VerdictKind
from persistence.queries import profile_writes as stored
from resolvers import chat, portability
from resolvers import diary_editing as editing
from resolvers import diary_rewriting as rewriting
from resolvers import profile_verdicts as verdicts
from resolvers.diary import today
from resolvers.diary_editing import DiaryChanges, LineChanges
from tests.jobs.job_setup import ModelServer, Person, add_person, night, rows, say
from tests.portable import portable
from tests.resolvers.chat.chat_setup import context_of
from tests.seeds import noon_zone

T = TypeVar("T")

DAYS = [date(2026, 5, 18) + timedelta(days=number) for number in range(3)]
WORDS = {
    "Zanzibar": "I live in Zanzibar now.", "Rotterdam": "I live in Rotterdam now.", "泉州": "我现在住在泉州。", "beekeeper": "I work as a beekeeper.",
    "chess": "I like chess.", "养蜂": "我喜欢养蜂。", "yoga": "I do yoga every morning.",
}  # fmt: skip
"""A word that occurs in no other text → the message that contains it."""
TEXTS = st.lists(st.sampled_from(sorted(WORDS.values())), min_size=1, max_size=2, unique=True).map(" ".join)
USER_TEXTS = st.sampled_from(["Written by hand.", "手写的一句。", "Another line of my own."])
SLOTS = {"identity.home": "Lisbon", "preferences.activities": "fencing"}
PICK = st.integers(0, 10**6)
EXAMPLES = int(os.environ.get("MEMORY_EXAMPLES", "9"))
JOBS: list[Job | None] = [None, Job.DAILY_DIARY, Job.DAILY_PROFILE, Job.WEEKLY_PROFILE]
BOOKKEEPING = ("job_items", "job_attempts", "job_runs", "usage", "night_shares", "sign_ins", "model_slots", "model_pauses", "row_changes")
"""Tables about the processing instead of the user's data."""


class Memory(RuleBasedStateMachine):
    loop: asyncio.AbstractEventLoop
    model: ModelServer

    def __init__(self) -> None:
        super().__init__()
        self.locked: dict[UUID, tuple[str, str]] = {}
        self.rejected: dict[tuple[str, str], frozenset[UUID]] = {}

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    @initialize(texts=st.lists(TEXTS, min_size=len(DAYS), max_size=len(DAYS)))
    def create_user(self, texts: list[str]) -> None:
        """Create the user with a message on each day, and run the nightly jobs."""
        self.person: Person = self.run(add_person(time_zone=noon_zone()))
        self.user: User = self.run(get_only_row(User, User.id == self.person.id))
        self.context = self.run(context_of(self.user, seconds=600.0))
        self.conversations = [self.person.conversation_id, self.run(new_conversation(self.person))]
        for day, text in zip(DAYS, texts):
            self.run(say(self.person, day, text))
        self.run(run_all_jobs())

    def teardown(self) -> None:
        if hasattr(self, "person"):
            self.check_export_is_restored()
            self.run(delete_account(self.person))

    def check_export_is_restored(self) -> None:
        """Import the export into another account and check that its export is the same file; the jobs run first, so that the profile is up to date."""
        self.run(run_all_jobs())
        file = self.run(portability.export_json(self.user, largest=None))
        other = self.run(add_person())
        there = self.run(get_only_row(User, User.id == other.id))
        self.run(delete_conversations(other))
        self.run(portability.import_json(there, file, largest=None))
        assert portable(self.run(export_account(other.id))) == portable(file)
        self.run(delete_account(other))

    @rule(day=st.sampled_from(DAYS), text=TEXTS, hour=st.integers(0, 23), position=st.integers(0, 1))
    def sends_a_message(self, day: date, text: str, hour: int, position: int) -> None:
        if self.conversations[position] not in [row.id for row in self.rows(Conversation)]:
            self.conversations[position] = self.run(new_conversation(self.person))
        self.run(say(self.person, day, text, conversation_id=self.conversations[position], hour=hour))

    @rule(pick=PICK, text=TEXTS)
    def edits_a_message(self, pick: int, text: str) -> None:
        for message in self.pick_row(Message, pick, Message.role == MessageRole.USER, Message.copied.is_(False)):
            self.run(chat.edit(self.context, message.id, text))

    @rule(pick=PICK)
    def deletes_a_message(self, pick: int) -> None:
        for message in self.pick_row(Message, pick):
            self.run(chat.delete(self.context, message.id))

    @rule(pick=PICK)
    def forks_a_conversation(self, pick: int) -> None:
        for message in self.pick_row(Message, pick):
            self.run(chat.fork_conversation(self.context, message.id))

    @rule(pick=PICK)
    def deletes_a_conversation(self, pick: int) -> None:
        for conversation in self.pick_row(Conversation, pick):
            self.run(chat.delete_conversation(self.context, conversation.id))

    @rule(day=st.sampled_from(DAYS), text=TEXTS, again=st.sampled_from(JOBS))
    def sends_a_message_and_runs_jobs(self, day: date, text: str, again: Job | None) -> None:
        self.sends_a_message(day, text, 21, 0)
        self.runs_all_jobs(again)

    @rule(again=st.sampled_from(JOBS))
    def runs_all_jobs(self, again: Job | None) -> None:
        self.run(run_all_jobs())
        assert self.due_items() == [] and self.days_to_write() == []
        if self.rows(Diary):
            self.second_run_changes_no_row(again)

    @precondition(lambda self: self.rows(Diary) and not self.due_items() and not self.days_to_write())
    @rule(job=st.sampled_from(JOBS))
    def second_run_changes_no_row(self, job: Job | None) -> None:
        """Days are written again after each change, but a reviewed week is reviewed again only on request."""
        if job in (None, Job.WEEKLY_PROFILE):
            self.run(night(Job.WEEKLY_PROFILE, user_ids=[self.person.id], force=True))
        before = self.load_rows()
        self.run(night(job, user_ids=[self.person.id], force=True))
        assert self.load_rows() == before

    @rule(job=st.sampled_from(JOBS[1:]))
    def runs_one_job(self, job: Job) -> None:
        """Run one job while the others may have due items."""
        self.run(night(job, user_ids=[self.person.id]))

    @rule(kind=st.sampled_from(["500", "429", "402", "empty", "truncated", "garbage", "misshapen", "invented"]), share=st.sampled_from([0.5, 1.0]))
    def runs_jobs_with_a_failing_model(self, kind: str, share: float) -> None:
        """Run the jobs while the model fails; failed items are retried in a later run."""
        self.run(self.model.fail(rate=share, kinds=[kind]))
        self.run(run_all_jobs())
        self.run(self.model.reset())
        self.run(make_items_due(self.person))

    @rule(pick=PICK, hidden=st.booleans())
    def hides_or_shows_a_line(self, pick: int, hidden: bool) -> None:
        for line in self.pick_current_line(pick):
            self.run(editing.update(self.context, line.diary_id, DiaryChanges(lines=[(line.id, LineChanges(hidden=hidden))])))

    @rule(pick=PICK, text=USER_TEXTS)
    def rewrites_a_line(self, pick: int, text: str) -> None:
        for line in self.pick_current_line(pick):
            self.run(editing.update(self.context, line.diary_id, DiaryChanges(lines=[(line.id, LineChanges(text=text))])))

    @rule(pick=PICK)
    def deletes_a_line(self, pick: int) -> None:
        for line in self.pick_current_line(pick):
            self.run(editing.update(self.context, line.diary_id, DiaryChanges(lines=[(line.id, LineChanges(deleted=True))])))

    @rule(pick=PICK, mood=st.none() | st.integers(1, 5), summary=st.none() | USER_TEXTS)
    def edits_a_diary(self, pick: int, mood: int | None, summary: str | None) -> None:
        for diary in self.pick_row(Diary, pick):
            self.run(editing.update(self.context, diary.id, DiaryChanges(mood=mood, summary=summary)))

    @rule(pick=PICK)
    def rewrites_a_day(self, pick: int) -> None:
        for diary in self.pick_row(Diary, pick):
            if self.rows(Message, Message.day == diary.day, Message.role == MessageRole.USER, Message.copied.is_(False)):
                self.run(rewriting.rewrite(self.context, diary.day))

    @rule(pick=PICK)
    def deletes_a_diary(self, pick: int) -> None:
        for diary in self.pick_row(Diary, pick):
            self.run(editing.delete(self.context, diary.id))
            assert diary.day in [row.day for row in self.rows(DiaryDeletion)] or not self.rows(Message, Message.day == diary.day)

    @rule(slot=st.sampled_from(sorted(SLOTS)))
    def sets_a_value(self, slot: str) -> None:
        self.run(verdicts.set_value(self.context, slot, SLOTS[slot]))
        self.rejected.pop((slot, value_key(SLOTS[slot])), None)
        self.drop_replaced_locks(slot, SLOTS[slot])

    @rule(pick=PICK)
    def locks_a_value(self, pick: int) -> None:
        for value in self.pick_row(ProfileValue, pick):
            self.run(verdicts.lock(self.context, value.id))
            self.rejected.pop((value.slot, value.value_key), None)
            self.drop_replaced_locks(value.slot, value.value)
            self.locked[value.id] = (value.slot, value.value)

    def drop_replaced_locks(self, slot: str, value: str) -> None:
        """Drop the lock in a single-value slot that the value set or locked after it replaces."""
        if not rules.SLOTS[slot].many:
            self.locked = {id: held for id, held in self.locked.items() if held[0] != slot or held[1] == value}

    @rule(pick=PICK)
    def unlocks_a_value(self, pick: int) -> None:
        for value in self.pick_row(ProfileValue, pick, ProfileValue.locked):
            self.run(verdicts.unlock(self.context, value.id))
            self.locked.pop(value.id, None)

    @rule(pick=PICK)
    def rejects_a_value(self, pick: int) -> None:
        for value in self.pick_row(ProfileValue, pick):
            name = (value.slot, value.value_key)
            self.run(verdicts.reject(self.context, value.id, None))
            self.locked.pop(value.id, None)
            self.rejected[name] = self.rejected.get(name, frozenset()) | frozenset(value.evidence)

    @rule(day=st.sampled_from(DAYS))
    def reverts_to_a_day(self, day: date) -> None:
        then = self.computed_values(as_of=day)
        self.run(verdicts.revert(self.context, as_of=day))
        self.reset_expectations()
        assert [to_value(row) for row in self.stored_values()] == then

    @rule(pick=PICK)
    def reverts_to_a_change(self, pick: int) -> None:
        for change in self.pick_row(ProfileChange, pick):
            self.run(verdicts.revert(self.context, change_id=change.id))
            self.reset_expectations()

    def reset_expectations(self) -> None:
        """Take the locks from the reverted profile; which rejections it restored, only the rules know."""
        self.locked = {row.id: (row.slot, row.value) for row in self.stored_values() if row.locked}
        self.rejected = {}

    @invariant()
    def stored_profile_equals_the_computed_one(self) -> None:
        if self.due_items():
            return
        assert [to_value(row) for row in self.stored_values()] == self.computed_values()

    @invariant()
    def locked_values_are_unchanged(self) -> None:
        held = {row.id: row for row in self.stored_values()}
        for id, (_, text) in self.locked.items():
            assert held[id].locked and held[id].value == text and held[id].confidence == 1.0, (self.locked, list(map(to_value, self.stored_values())))

    @invariant()
    def rejected_values_stay_absent_with_the_same_evidence(self) -> None:
        for row in self.stored_values():
            refused = self.rejected.get((row.slot, row.value_key))
            assert refused is None or row.status is ValueStatus.REJECTED or not frozenset(row.evidence) & refused

    @invariant()
    def lines_and_signals_have_exact_quotes(self) -> None:
        messages = {row.id: row for row in self.rows(Message)}
        lines, signals = self.rows(LineEvidence), self.rows(SignalEvidence)
        for item in (*lines, *signals):
            message = messages[item.message_id]
            assert message.content[item.start : item.start + len(item.quote)] == item.quote
            assert message.role is MessageRole.USER and not message.copied
        assert all(messages[item.message_id].day == item.day for item in signals)
        assert {row.id for row in self.rows(Signal)} == {item.signal_id for item in signals}
        supported = {item.line_id for item in lines}
        assert all(row.by_person or row.id in supported for row in self.rows(DiaryLine))

    @invariant()
    def quotes_of_hidden_lines_are_withdrawn(self) -> None:
        self.run(self.assert_nothing_to_withdraw())

    async def assert_nothing_to_withdraw(self) -> None:
        async with database.transaction() as session:
            assert (await update_withdrawn_quotes(session, self.person.id, DAYS)).quotes == 0

    @invariant()
    def deleted_text_is_in_no_table(self) -> None:
        """A locked value is the user's own text, which stays."""
        said = "\n".join([*(row.content for row in self.rows(Message)), *(row.value for row in self.rows(Verdict) if row.kind is VerdictKind.LOCK)])
        gone = [word.casefold() for word in WORDS if word not in said]
        for table, found in self.load_rows().items():
            for row in found:
                assert not [word for word in gone if word in row.casefold()], table

    def rows(self, model: Any, *conditions: Any) -> list[Any]:
        return sorted(self.run(rows(model, model.user_id == self.person.id, *conditions)), key=sort_key) if hasattr(self, "person") else []

    def pick_row(self, model: Any, pick: int, *conditions: Any) -> Iterator[Any]:
        """Return an iterator of one of the rows, or of none if there are none."""
        found = self.rows(model, *conditions)
        return iter([found[pick % len(found)]] if found else [])

    def pick_current_line(self, pick: int) -> Iterator[Any]:
        current = {(diary.id, diary.version) for diary in self.rows(Diary)}
        found = sorted((line for line in self.rows(DiaryLine) if (line.diary_id, line.version) in current), key=lambda line: (line.diary_id, line.position))
        return iter([found[pick % len(found)]] if found else [])

    def stored_values(self) -> list[Any]:
        order = {slot: position for position, slot in enumerate(rules.SLOTS)}
        status_order = {"ACTIVE": 0, "DISPUTED": 1, "SUGGESTED": 2, "SUPERSEDED": 3, "REJECTED": 4}
        return sorted(self.rows(ProfileValue), key=lambda row: (order[row.slot], status_order[row.status.value], -row.confidence, row.value_key))

    def computed_values(self, as_of: date | None = None) -> list[rules.Value]:
        return self.run(self.compute(as_of)) if hasattr(self, "person") else []

    async def compute(self, as_of: date | None) -> list[rules.Value]:
        async with database.session() as session:
            evidence = [to_evidence(row) for row in await stored.list_evidence(session, self.person.id)]
            given = [to_verdict(row, self.user) for row in await stored.list_verdicts(session, self.person.id)]
            aliases = await stored.load_aliases(session, self.person.id)
        return list(rules.derive_profile(evidence, given, as_of or today(self.user), aliases=aliases))

    def due_items(self) -> list[Any]:
        """Return the user's items that are due."""
        return self.rows(JobItem, JobItem.status.in_(["PENDING"]), JobItem.due_at <= datetime.now(timezone.utc))

    def days_to_write(self) -> list[Any]:
        """Return the days whose diary is older than the last change to their messages."""
        return self.rows(ActiveDay, ActiveDay.diary_revision < ActiveDay.revision)

    def load_rows(self) -> dict[str, list[str]]:
        return self.run(load_rows(self.person)) if hasattr(self, "person") else {}


def sort_key(row: Any) -> str:
    return str(getattr(row, "id", "")) or str(row.__dict__.get("line_id")) + str(row.__dict__.get("signal_id"))


async def get_only_row(model: Any, condition: Any) -> Any:
    [found] = await rows(model, condition)
    return found


async def run_all_jobs() -> None:
    """Run the nightly jobs until nothing is due."""
    while (await night()).run_id is not None:
        pass


async def make_items_due(person: Person) -> None:
    """Make the user's pending items due and end the model's pauses."""
    async with database.transaction() as session:
        await session.execute(update(JobItem).where(JobItem.user_id == person.id, JobItem.status == ItemStatus.PENDING).values(due_at=func.now()))
        await session.execute(delete(ModelPause))


async def delete_conversations(person: Person) -> None:
    """Delete the user's conversations, since an import needs an empty account."""
    async with database.transaction() as session:
        await session.execute(delete(Conversation).where(Conversation.user_id == person.id))


async def export_account(user_id: UUID) -> str:
    return await portability.export_json(await get_only_row(User, User.id == user_id), largest=None)


async def new_conversation(person: Person) -> UUID:
    id = uuid7()
    async with database.transaction() as session:
        session.add(Conversation(user_id=person.id, id=id))
    return id


async def delete_account(person: Person) -> None:
    async with database.transaction() as session:
        await session.execute(delete(User).where(User.id == person.id))


async def load_rows(person: Person) -> dict[str, list[str]]:
    """Return every row of the user's data by table."""
    tables = [table for table in Model.metadata.sorted_tables if "user_id" in table.c and table.name not in BOOKKEEPING]
    async with database.session() as session:
        return {
            table.name: sorted(["\0".join(map(str, row)) for row in await session.execute(select(table).where(table.c.user_id == person.id))])
            for table in tables
        }


@pytest.fixture
def loop(empty_database: str, model_server: str) -> Iterator[asyncio.AbstractEventLoop]:
    opened = asyncio.new_event_loop()
    yield opened
    opened.run_until_complete(persistence.database.dispose())
    opened.run_until_complete(llm.client.close())
    opened.close()


def test_memory_after_any_sequence_of_operations_keeps_its_invariants(loop: asyncio.AbstractEventLoop, model_server: str) -> None:
    machine = type("MemoryOnThisLoop", (Memory,), {"loop": loop, "model": ModelServer(model_server)})
    run_state_machine_as_test(machine, settings=settings(
        max_examples=EXAMPLES, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True,
        phases=(Phase.explicit, Phase.generate)))
