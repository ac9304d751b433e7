"""Random histories of one user: what was deleted is in no column of a dump, no log line and no later prompt, except where the receipt names it.

Each message has a marker, a name that occurs nowhere else. A model that mixes what it was told is imitated by rows: after a night, texts that the model
makes get the markers of other messages. The user also sets and erases values. `ERASURE_WALKS` sets the number of histories.
"""
from __future__ import annotations

import os
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from uuid import UUID

import pytest
from sqlalchemy import update

from jobs.profile_update import update_profile
from jobs.rules.day import week_start
from jobs.rules.slots import value_key
from persistence import database
from persistence.models import (
    Conversation,
    Diary,
    DiaryLine,
    DiaryVersion,
    Message,
    ProfileValue,
    Signal,
    SignalEvidence,
    User,
)
from persistence.models.chat import MessageRole
from persistence.models.enums import ValueStatus
from resolvers import chat, diary_editing, profile_verdicts
from resolvers.answer_sources import read_sources
from resolvers.erasure import Receipt
from resolvers.errors import BadInput, Conflict, InvalidInput, NotFound
from resolvers.imports.records import ParsedConversation, Record
from resolvers.imports.storing import store
from tests import seeds
from tests.jobs.job_setup import night
from tests.resolvers.chat.chat_setup import FAR, Model, context_of, model, move_messages_back, rows, say
from tests.resolvers.dump import find_words

__all__ = ["model"]

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

WALKS = int(os.environ.get("ERASURE_WALKS", "6"))
STEPS = 14
ENGLISH = (
    "I live in {} now.", "I went to {} and it was wonderful.", "I love {}.", "My sister's name is {}.", "I always run with {} in the morning.",
    "I decided to sell my {}.", "i was so tired after {} today", "Should I call {}?",
)
CHINESE = ("我现在住在{}。", "我今天去了{}，很开心。", "我喜欢{}。", "我每天早上和{}一起跑步。", "我决定卖掉{}。", "今天{}让我好累。")
ASKS = ("What do you know about me?", "Where do I live?", "你了解我什么？", "What did I do this week?")
SYLLABLES = ("za", "qu", "xi", "vo", "ky", "wu", "jo", "fe", "bri", "dol", "nim", "tra")
HAN = "泉鄂骆澜璟珂邺榆岑郦汐翊琮霖嵩沅"


@dataclass
class Walk:
    """One user's history. `markers` has the markers that each message of the user says now; `gone` those deleted or edited away; `by_hand` the keys of
    the values that the user set, by their markers."""

    user: User
    chance: random.Random
    model: Model
    markers: dict[UUID, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    by_hand: dict[str, str] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    numbers: int = 0

    def new_marker(self, wide: bool) -> str:
        self.numbers += 1
        if wide:
            return "".join(self.chance.sample(HAN, 3))
        name = "".join(self.chance.sample(SYLLABLES, 4))
        return name.capitalize() if self.chance.random() < 0.7 else name

    def sentence(self) -> tuple[str, str]:
        wide = self.chance.random() < 0.35
        marker = self.new_marker(wide)
        while marker.casefold() in {other.casefold() for other in [*self.markers.values(), *self.gone, *self.by_hand]}:
            marker = self.new_marker(wide)
        return self.chance.choice(CHINESE if wide else ENGLISH).format(marker), marker

    async def say(self) -> None:
        content, marker = self.sentence()
        conversations = [row.id for row in await rows(Conversation)]
        where = self.chance.choice([None, *conversations])
        sent = await say(self.user, content, where)
        self.markers[sent.question.id] = marker
        self.log.append(f"say {marker}")

    async def ask(self) -> None:
        conversations = [row.id for row in await rows(Conversation)]
        await say(self.user, self.chance.choice(ASKS), self.chance.choice([None, *conversations]))
        self.log.append("ask")

    async def edit(self) -> None:
        if not self.markers:
            return
        message, (content, marker) = self.chance.choice(sorted(self.markers)), self.sentence()
        old = self.markers[message]
        self.log.append(f"edit {old} to {marker}")
        edited = await chat.edit(await context_of(self.user), message, content)
        self.markers[message] = marker
        self.gone.add(old)
        await self.check(edited.receipt)

    async def import_chat(self) -> None:
        """Import a chat of another product, of a day before all others, with an answer that repeats the message."""
        content, marker = self.sentence()
        at = datetime(2020, 1, 1, 12, tzinfo=timezone.utc) + timedelta(days=self.numbers)
        said = [
            Record(f"{self.numbers} {by_person}", f"chat {self.numbers}", by_person, content, at + timedelta(minutes=not by_person), title=content)
            for by_person in (True, False)
        ]
        await store(self.user, [ParsedConversation(said)])
        [stored] = await rows(Message, Message.content == content, Message.role == MessageRole.USER)
        self.markers[stored.id] = marker
        self.log.append(f"import {marker}")

    async def fork(self) -> None:
        if not self.markers:
            return
        message = self.chance.choice(sorted(self.markers))
        await chat.fork_conversation(await context_of(self.user), message)
        self.log.append(f"fork after {self.markers[message]}")

    async def night(self) -> None:
        days = self.chance.choice([1, 1, 7])
        await move_messages_back(self.user, days)
        await self.move_days(days)
        while (await night()).run_id is not None:
            pass
        self.log.append(f"night after {days}")
        if self.chance.random() < 0.7:
            await self.mix()

    async def move_days(self, days: int) -> None:
        """Move the diaries, and the days that answers were told of, with their messages."""
        past = timedelta(days=days)
        async with database.transaction() as session:
            for shift in (days + FAR, -FAR):  # in two steps, because one row's new day may be another's old one
                await session.execute(update(Diary).where(Diary.user_id == self.user.id).values(day=Diary.day - shift))
            await session.execute(update(SignalEvidence).where(SignalEvidence.user_id == self.user.id).values(day=SignalEvidence.day - days))
        for answer in await rows(Message, Message.sources.is_not(None)):
            sources = read_sources(answer.sources)
            assert sources is not None
            sources.days = {day - past for day in sources.days}
            async with database.transaction() as session:
                await session.execute(update(Message).where(Message.id == answer.id).values(sources=sources.to_json()))

    async def mix(self) -> None:
        """Write markers of other messages into texts that a model makes."""
        told = sorted({*self.markers.values()})
        if not told:
            return
        lines = [line for line in await rows(DiaryLine) if not line.by_person]
        values = await rows(Signal)
        answers = sorted(await rows(Message, Message.role == MessageRole.ASSISTANT), key=lambda row: row.id)
        titled = [row for row in await rows(Conversation) if not row.title_by_person]
        async with database.transaction() as session:
            for line in self.chance.sample(lines, min(3, len(lines))):
                text = f"After {self.chance.choice(told)}, {line.text}"
                await session.execute(update(DiaryLine).where(DiaryLine.id == line.id).values(text=text))
                version = (DiaryVersion.diary_id == line.diary_id, DiaryVersion.version == line.version)
                joined = {"summary": DiaryVersion.summary + text}
                await session.execute(update(DiaryVersion).where(*version, DiaryVersion.summary_by_person.is_(False)).values(**joined))
            for signal in self.chance.sample(values, min(2, len(values))):
                text = f"{signal.value} {self.chance.choice(told)}"
                await session.execute(update(Signal).where(Signal.id == signal.id).values(value=text, value_key=value_key(text)))
                condition = f"when with {self.chance.choice(told)}"
                await session.execute(update(SignalEvidence).where(SignalEvidence.signal_id == signal.id).values(condition=condition))
            for row in self.chance.sample(titled, min(1, len(titled))):
                await session.execute(update(Conversation).where(Conversation.id == row.id).values(title=f"On {self.chance.choice(told)}"))
            for row in self.chance.sample(answers, min(2, len(answers))):
                earlier = sorted(marker for id, marker in self.markers.items() if id < row.id)
                if earlier:
                    replies = [f"Tell me of {self.chance.choice(earlier)}"]
                    await session.execute(update(Message).where(Message.id == row.id).values(suggested_replies=replies))
            await update_profile(session, self.user.id, reason="TEST")
        self.log.append("mix")

    async def week(self) -> None:
        """Store what a weekly review may find: a pattern named after one message, with quotes of others."""
        said = [row for row in await rows(Message, Message.role == MessageRole.USER) if not row.copied and row.id in self.markers]
        if len({row.day for row in said}) < 2:
            return
        first, second, named = self.chance.sample(said, 2) + [self.chance.choice(said)]
        pattern = seeds.signal("habits.exercise", f"goes to {self.markers[named.id]}", *map(seeds.quote, (first, second)), stated=False)
        await seeds.week_review(self.user, week_start(first.day), pattern)
        async with database.transaction() as session:
            await update_profile(session, self.user.id, reason="TEST")
        self.log.append(f"week of {self.markers[named.id]} by {self.markers[first.id]} and {self.markers[second.id]}")

    async def reject(self) -> None:
        values = await rows(ProfileValue, ProfileValue.status == ValueStatus.ACTIVE)
        if values:
            value = self.chance.choice(sorted(values, key=lambda row: row.id))
            await profile_verdicts.reject(await context_of(self.user), value.id, "not so")
            self.log.append(f"reject {value.value}")

    async def set_by_hand(self) -> None:
        if self.markers:
            marker = self.chance.choice(sorted(self.markers.values()))
            given = (await profile_verdicts.set_value(await context_of(self.user), "preferences.activities", f"walks in {marker}")).value
            assert given is not None
            self.by_hand[marker] = given.value_key
            self.log.append(f"set {marker}")

    async def erase(self) -> None:
        """Erase a value that was set by hand, whether or not a message still says its words."""
        values = {row.value_key: row.id for row in await rows(ProfileValue)}
        markers = sorted(marker for marker, key in self.by_hand.items() if key in values)
        if markers:
            marker = self.chance.choice(markers)
            self.log.append(f"erase {marker}")
            receipt = (await profile_verdicts.erase(await context_of(self.user), value_id=values[self.by_hand.pop(marker)])).receipt
            if marker not in self.markers.values():
                self.gone.add(marker)
            await self.check(receipt)

    async def reword(self) -> None:
        lines = [line for line in await rows(DiaryLine) if not line.by_person]
        if lines:
            line = self.chance.choice(sorted(lines, key=lambda row: row.id))
            try:
                changes = diary_editing.DiaryChanges(lines=[(line.id, {"text": "My own words of the day."})])
                await diary_editing.update(await context_of(self.user), line.diary_id, changes)
            except (Conflict, NotFound, InvalidInput, BadInput):
                return
            self.log.append(f"reword {line.text}")

    async def delete(self) -> None:
        if not self.markers:
            return
        message = self.chance.choice(sorted(self.markers))
        before = await self.counts()
        if self.chance.random() < 0.25:
            [row] = await rows(Message, Message.id == message)
            self.log.append(f"delete the conversation of {self.markers[message]}")
            receipt = await chat.delete_conversation(await context_of(self.user), row.conversation_id)
        else:
            self.log.append(f"delete {self.markers[message]}")
            receipt = (await chat.delete(await context_of(self.user), message)).receipt
        left = {row.id for row in await rows(Message)}
        self.gone |= {marker for id, marker in self.markers.items() if id not in left}
        self.markers = {id: marker for id, marker in self.markers.items() if id in left}
        after = await self.counts()
        fell = {name: before[name] - after[name] for name in before}
        counted = {
            "messages": receipt.messages_removed, "copies": receipt.copies_removed, "diaries": receipt.diaries_removed,
            "lines": receipt.lines_removed, "signals": receipt.signals_removed, "values": receipt.values_removed,
        }  # fmt: skip
        assert fell == counted, self.log
        await self.check(receipt)

    async def counts(self) -> dict[str, int]:
        """Count the rows that a receipt counts."""
        current = {(diary.id, diary.version) for diary in await rows(Diary)}
        messages = await rows(Message)
        return {
            "messages": sum(not row.copied for row in messages),
            "copies": sum(row.copied for row in messages),
            "diaries": len(current),
            "lines": sum((row.diary_id, row.version) in current for row in await rows(DiaryLine)),
            "signals": sum(row.week is not None or (row.diary_id, row.version) in current for row in await rows(Signal)),
            "values": len(await rows(ProfileValue)),
        }

    async def check(self, receipt: Receipt) -> None:
        """Expect that what went is nowhere, but for what the user wrote by hand."""
        words = self.gone - set(self.markers.values())
        found = await find_words(words)
        assert not found.keys() - self.by_hand.keys(), (found, self.log)
        went = {word for word in found if any(entry.endswith(word) for entry in self.log[-1:])}
        assert not went or receipt.kept_in, (went, self.log)


ACTIONS: dict[str, tuple[Callable[[Walk], Awaitable[None]], int]] = {
    "say": (Walk.say, 5), "ask": (Walk.ask, 2), "edit": (Walk.edit, 2), "fork": (Walk.fork, 1),
    "import": (Walk.import_chat, 1), "night": (Walk.night, 2), "week": (Walk.week, 1),
    "reject": (Walk.reject, 1), "set": (Walk.set_by_hand, 1), "erase": (Walk.erase, 1), "reword": (Walk.reword, 1), "delete": (Walk.delete, 3),
}  # fmt: skip


@pytest.mark.parametrize("seed", range(WALKS))
async def test_random_history_with_deletions_leaves_no_deleted_words(seed: int, model: Model, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", "unilife")
    walk = Walk(await seeds.person(time_zone=seeds.noon_zone()), random.Random(seed), model)
    for _ in range(4):
        await walk.say()
    await walk.night()
    names, weights = list(ACTIONS), [weight for _, weight in ACTIONS.values()]
    for name in walk.chance.choices(names, weights, k=STEPS):
        await ACTIONS[name][0](walk)
    await walk.delete()
    gone = walk.gone - walk.by_hand.keys() - set(walk.markers.values())
    await model.reset()
    for question in ASKS[:2]:
        await say(walk.user, question)
    await walk.night()
    asked = "\0".join(await model.bodies()).casefold()
    assert asked and not {word for word in gone if word.casefold() in asked}, walk.log
    written = "\0".join(str(vars(record)) for record in caplog.records if record.name.startswith("unilife"))
    assert not {word for word in walk.gone | set(walk.markers.values()) if word.casefold() in written.casefold()}
    assert not await find_words(gone), walk.log
    assert walk.gone, "a history without any deletion shows nothing"
