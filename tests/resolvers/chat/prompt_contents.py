"""Contents of a captured prompt about a user, found by marks: words that only one thing of the user has."""
from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update

from persistence import database
from persistence.models import Conversation, Message, User
from persistence.models.enums import SourceReason, ValueStatus
from resolvers.answer_sources import ACCOUNT, DAY, MESSAGE, SUMMARY, VALUE, SourceKey, Sources, read_sources
from tests import seeds
from tests.resolvers.chat.chat_setup import Model

TODAY = date.today()
FOUND = "FOUND"
"""The place of what a search found, whatever its reason."""
PLACES: Mapping[str, str] = {
    "profile": "PROFILE", "undecided": "DISPUTE", "diary": "RECENT", "related days": FOUND, "recalled": "TOOL", "earlier in this conversation": "CONVERSATION",
}
"""The sections of a prompt by name, and the reason or place that stands for each."""
Contents = Mapping[SourceKey, set[str]]
"""The places of each thing in a prompt."""

TEXTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "message": "The zebra ate {mark} apples", "other": "I repaired the {mark} bicycle", "diary": "Watched the zebra near {mark}.",
        "summary": "They spoke of {mark}.", "greeting": "Hello!", "search": "How is the zebra?", "tool": "What did I say about the zebra?",
        "when": "When did I see the zebra?",
        "date": "What did I do on {day:%B} {day.day}, {day.year}?", "nothing": "Tell me of volcanoes",
    },
    "zh-CN": {
        "message": "斑马吃了{mark}个苹果", "other": "我修好了{mark}自行车", "diary": "在{mark}附近看斑马。", "summary": "他们谈到了{mark}。",
        "greeting": "你好！", "search": "斑马怎么样？", "tool": "关于斑马我说过什么？", "when": "我什么时候看的斑马？",
        "date": "{day.year}年{day.month}月{day.day}号我做了什么？", "nothing": "讲讲火山吧",
    },
}  # fmt: skip


@dataclass
class World:
    """A user with things that have marks."""

    user: User
    texts: Mapping[str, str]
    marks: dict[str, SourceKey] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)

    def mark(self, key: SourceKey) -> str:
        return next(mark for mark, found in self.marks.items() if found == key)


async def make_world(name: str, locale: str) -> World:
    """Store a user with ten days of messages and diaries, and values of which two are disputed."""
    world = World(await seeds.person(name), TEXTS[locale])
    async with database.transaction() as session:
        await session.execute(update(User).where(User.id == world.user.id).values(locale=locale))
    for number in range(10):
        day = TODAY - timedelta(days=20 - number)
        kinds = ("message", "other") if number % 2 else ("other",)
        said = await seeds.said(world.user, day, *(world.texts[kind].format(mark=f"qm{number}{kind[0]}x") for kind in kinds))
        world.messages += said
        world.marks.update({f"qm{number}{kind[0]}x": SourceKey(MESSAGE, str(message.id)) for kind, message in zip(kinds, said)})
        if number != 4:
            await seeds.diary(world.user, day, summary=world.texts["diary"].format(mark=f"qd{number}x"))
            world.marks[f"qd{number}x"] = SourceKey(DAY, day.isoformat())
    slots = ("preferences.food", "preferences.food", "preferences.activities", "identity.occupation", "identity.home", "identity.home")
    for number, slot in enumerate(slots):
        status = ValueStatus.DISPUTED if slot == "identity.home" else ValueStatus.ACTIVE
        value = await seeds.value(world.user, slot, f"qv{number}x", world.messages[0], status=status)
        world.marks[f"qv{number}x"] = SourceKey(VALUE, str(value.id))
    return world


async def summarize(world: World, conversation_id: UUID, through: UUID) -> None:
    """Store a running summary of a conversation."""
    async with database.transaction() as session:
        changed = update(Conversation).where(Conversation.user_id == world.user.id, Conversation.id == conversation_id)
        await session.execute(changed.values(summary=world.texts["summary"].format(mark="qsumx"), summary_through_message_id=through))
    world.marks["qsumx"] = SourceKey(SUMMARY, str(through))


async def last_prompt(model: Model) -> list[dict[str, Any]]:
    """Return the messages of the last chat request: the whole prompt, with what tools returned."""
    messages: list[dict[str, Any]] = json.loads((await model.requests("chat"))[-1]["body"])["messages"]
    return messages


def contents_of(prompt: Sequence[Mapping[str, Any]], world: World) -> Contents:
    """Return where the prompt has each marked thing, and the fields of the account."""
    found: defaultdict[SourceKey, set[str]] = defaultdict(set)
    for section, text in _sections(prompt):
        for mark in set(re.findall(r"q[a-z0-9]+x", text)):
            found[world.marks[mark]].add(PLACES[section])
    system, question = prompt[0]["content"], "\n".join(text for name, text in _sections(prompt) if name == "now")
    for name, told in (("NICKNAME", f'"{world.user.nickname}"' in system), ("LOCALE", "\nlocale: " in system), ("TIME_ZONE", "+0800" in question)):
        if told:
            found[SourceKey(ACCOUNT, name)].add("ACCOUNT")
    return found


def _sections(prompt: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Return the delimited sections of the prompt with their names."""
    sections = []
    for message in prompt:
        sections += re.findall(r"^={5}[0-9a-f]{16} ([a-z ]+)\n(.*?)(?=^={5}[0-9a-f]{16} )", message["content"], re.MULTILINE | re.DOTALL)
    return sections


def told_by(sources: Sources | None) -> Contents:
    """Return what the sources say of the prompt, in the form of `contents_of`."""
    assert sources is not None
    looked_back = {SourceReason.DATE, SourceReason.SEARCH}
    found = {}
    for key, reasons in sources.items().items():
        assert reasons, key
        places = {reason.value for reason in reasons if reason not in looked_back}
        found[key] = places | ({FOUND} if looked_back & {*reasons} and SourceReason.TOOL not in reasons else set())
    return found


def assert_equal_both_ways(prompt: Sequence[Mapping[str, Any]], world: World, stored: str | None) -> Contents:
    """Assert that the sources have exactly what the prompt contains, and return it. What both look-back and tool found is FOUND for neither."""
    contents = {key: places - {FOUND} if "TOOL" in places else places for key, places in contents_of(prompt, world).items()}
    assert told_by(read_sources(stored)) == contents
    return contents
