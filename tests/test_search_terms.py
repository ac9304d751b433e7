"""Search by stored terms: the same results as by reading the texts, in whichever way they were written or changed, and nothing left of what was deleted."""

from __future__ import annotations

import ast
from datetime import date, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, text, update

from jobs.deadline import Deadline
from jobs.rules.day import day_bounds
from jobs.rules.search.dates.days import Calendar
from jobs.rules.search.search_terms import TERMS_VERSION, fragments, query_terms, stored_terms, term_keys
from jobs.run import run_timer
from jobs.search_terms import make_missing_terms, make_terms_of
from jobs.timer_events import TimerRequest
from persistence import database
from persistence.bulk import bulk_insert
from persistence.ids import uuid7
from persistence.models import Conversation, DiaryLine, DiaryTerms, Message, MessageTerms, SearchState, User
from persistence.models.chat import MessageRole, MessageStatus
from persistence.queries.chat_import import ImportedMessage, import_messages
from persistence.queries.search import EVERYTHING, SearchRange
from resolvers import chat, diary_editing, portability
from resolvers.diary_editing import DiaryChanges, LineChanges
from resolvers.search import look_back, rank_message_ids
from tests import seeds
from tests.jobs.job_setup import rows
from tests.resolvers.chat.chat_setup import Model, context_of, model, say
from tests.seeds import DAY

__all__ = ["model"]

ROOT = Path(__file__).parents[1]
TODAY = Calendar(DAY + timedelta(days=10))
SAMPLE = (
    "I saw a red squirrel in the park, and running stories of CAFÉ owners bought children's bikes",
    "我今天在公园看见一只松鼠，然后去２号咖啡馆喝了ｃｏｆｆｅｅ",
    "Москва: snake_case 100% naïve Straße ﬁne 3.14",
    "東京タワー 서울 ｱｲｽ — “quoted”, it’s",
    "臺灣的頭髮, co‐oper\u00adate İstanbul ışık cœur ＡＢＣ C++",
)


async def searched(user: User, query: str, **narrowed: Any) -> list[str]:
    """Return the texts of the messages that a search for the query, and for its words as typed, finds."""
    async with database.session() as session:
        ids = await rank_message_ids(session, user.id, query, query.split(), calendar=TODAY, **narrowed)
    texts = {message.id: message.content for message in await rows(Message, Message.user_id == user.id)}
    return [texts[id] for id in ids]


async def remembered(user: User, query: str, span: SearchRange = EVERYTHING) -> tuple[list[str], list[date], bool, dict[date, str]]:
    """Return the messages and the days that a look-back finds, whether one is about the query, and these days' diaries."""
    async with database.session() as session:
        found = await look_back(session, user.id, query, TODAY, names=["Ann"], span=span)
    days = [item.day for item in found.days]
    return [item.turn.text for item in found.turns], days, found.about, {day: found.diaries[day] for day in days if day in found.diaries}


async def terms_of(user: User) -> set[int]:
    """Return the keys of all terms that are stored for the user."""
    stored = [*await rows(MessageTerms, MessageTerms.user_id == user.id), *await rows(DiaryTerms, DiaryTerms.user_id == user.id)]
    return {key for row in stored for key in row.terms}


def keys(user: User, word: str) -> set[int]:
    return set(term_keys(user.id.bytes, stored_terms(word)))


async def missing(user: User) -> int:
    """Return how many of the messages that the search takes for read have no terms."""
    [state] = await rows(SearchState, SearchState.user_id == user.id)
    async with database.session() as session:
        there = select(MessageTerms.message_id).where(MessageTerms.user_id == user.id)
        count = select(func.count()).where(Message.user_id == user.id, Message.id <= (state.through or UUID(int=0)), Message.id.not_in(there))
        return int(await session.scalar(count) or 0)


async def backdate(user: User) -> None:
    """Move the user's sent messages back by two hours, so that their transactions count as ended."""
    async with database.transaction() as session:
        await session.execute(text("set local session_replication_role = replica"))
        for message in (await session.scalars(select(Message).where(Message.user_id == user.id).order_by(Message.id))).all():
            earlier = UUID(int=message.id.int - (2 * 3600 * 1000 << 80))
            for column in ("id", "reply_to", "copy_of"):
                await session.execute(text(f"update messages set {column} = :new where user_id = :user and {column} = :old"),
                                      {"new": earlier, "user": user.id, "old": message.id})


# --- the terms themselves ---


@given(st.text(max_size=60))
def test_stored_terms_of_a_text_contain_the_terms_that_a_query_has_of_it(said: str):
    assert set(query_terms(said)) <= stored_terms(said)


@given(st.text(alphabet="abcdXYZ é中文字１_%.' ", max_size=30), st.integers(0, 29), st.integers(1, 12))
def test_fragments_of_a_part_of_a_text_are_among_its_stored_terms(said: str, start: int, length: int):
    for word in said[start : start + length].split():
        assert fragments(word) <= stored_terms(said)


def test_term_keys_of_two_users_differ():
    assert set(term_keys(UUID(int=1).bytes, ["tea", "茶"])).isdisjoint(term_keys(UUID(int=2).bytes, ["tea", "茶"]))


def test_stored_terms_are_those_of_their_version():
    """Fails after a change of the terms: raise TERMS_VERSION and write the new digest beside it, since the stored terms must be made again."""
    digest = sha256("\n".join(" ".join(sorted(stored_terms(said))) for said in SAMPLE).encode()).hexdigest()[:16]
    assert (TERMS_VERSION, digest) == (2, "72d0cf2174364149")


# --- the same results by terms and by texts ---

QUERIES = (
    "squirrel", "squirrels in the park", "running", "swam", "red", "photo", "cat", "100%", "_", "ai", "don't", "When did I swim with my sister?", "松鼠", "猫",
    "公园 松鼠", "我什么时候看见松鼠的？", "咖啡", "café", "the", "yesterday", "May 22nd squirrel", "last week", "zebra", "x@y.org", "Ann swim", "5月21日",
)  # fmt: skip
SAID = (
    "a squirrel ran through the park", "squirrels in parks", "I swam far with my sister", "We go swimming", "a photograph of the cat", "concatenate them",
    "我今天在公园看见一只松鼠", "小猫在公园", "喝咖啡", "le Café at noon", "100% sure", "snake_case", "again and again", "I don't know", "write to x@y.org",
    "nothing at all", "RED paint, red wine, red", "the red one", "Ann said so", "茶和咖啡，还有松鼠",
)  # fmt: skip


async def fill_days(user: User) -> None:
    """Store four days with messages, two of them with a diary; also a temporary conversation."""
    for number in range(4):
        said = await seeds.said(user, DAY + timedelta(days=number), *(SAID[place] for place in range(number, len(SAID), 4)))
    async with database.transaction() as session:
        await session.execute(update(Conversation).where(Conversation.id == said[0].conversation_id).values(temporary=True))
    await seeds.diary(user, DAY, [seeds.line(seeds.LineKind.HIGHLIGHT, "A photo of zebras."), seeds.line(seeds.LineKind.EMOTION, "secret", hidden=True)])
    await seeds.diary(user, DAY + timedelta(days=2), summary="Swimming and 咖啡.")


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
async def test_searches_by_terms_find_what_searches_of_the_texts_find():
    ann, bob = await seeds.person(), await seeds.person("bob")
    await fill_days(ann)
    await fill_days(bob)
    spans = [{}, {"recallable_only": True}, {"span": SearchRange(DAY, DAY + timedelta(days=1))}]
    ranges = [EVERYTHING, SearchRange(first=DAY + timedelta(days=1)), SearchRange(before=(await rows(Message, Message.user_id == ann.id))[9].id)]

    async def results() -> list[Any]:
        found: list[Any] = [await searched(ann, query, **narrowed) for query in QUERIES for narrowed in spans]
        return found + [await remembered(ann, query, span) for query in QUERIES for span in ranges]

    by_text = await results()
    await make_terms_of(ann.id)
    assert len(await rows(MessageTerms)) == len(SAID) and len(await rows(DiaryTerms)) == 2 and await missing(ann) == 0
    by_terms = await results()
    for number, (expected, found) in enumerate(zip(by_text, by_terms)):
        assert found == expected, number
    assert any(by_text), "the queries find something"


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
async def test_search_beyond_five_thousand_matching_messages_finds_the_oldest():
    ann = await seeds.person()
    first = datetime(2020, 1, 1, tzinfo=timezone.utc)
    async with database.transaction() as session:
        talk = Conversation(user_id=ann.id, id=uuid7(first))
        session.add(talk)
        await session.flush()
        await bulk_insert(session, Message, [
            {"user_id": ann.id, "id": uuid7(at), "conversation_id": talk.id, "role": MessageRole.USER, "content": "tea zeppelin" if number == 0 else "tea",
             "status": MessageStatus.COMPLETE, "day": at.date(), "time_zone": "UTC", "created_at": at}
            for number in range(5_200) for at in [first + timedelta(minutes=30 * number)]
        ])  # fmt: skip
    assert "tea zeppelin" not in (await remembered(ann, "my tea on the zeppelin"))[0], "the newest five thousand texts with a term are read"
    await make_terms_of(ann.id)
    found = await remembered(ann, "my tea on the zeppelin")
    assert found[0][0] == "tea zeppelin" and found[1][0] == first.date() and found[2]
    assert (await searched(ann, "zeppelin tea"))[0] == "tea zeppelin"


# --- who makes terms ---


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
async def test_make_missing_terms_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("persistence.queries.search_terms.BATCH_SIZE", 8)
    ann, bob, _ = await seeds.person(), await seeds.person("bob"), await seeds.person("carol")
    await fill_days(ann)
    await fill_days(bob)
    by_text = [await searched(ann, query) for query in QUERIES]
    stored = [0]
    for _ in range(2 * -(-len(SAID) // 8)):
        assert await make_missing_terms(Deadline(60), max_seconds=0) <= 8 + 2
        stored.append(len(await rows(MessageTerms)))
        assert [await searched(ann, query) for query in QUERIES] == by_text
    assert stored == [0, 8, 16, 20, 28, 36, 40] and await make_missing_terms(Deadline(60)) == 0


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
async def test_timer_event_makes_missing_terms_and_a_dry_run_none():
    ann = await seeds.person()
    await fill_days(ann)
    await run_timer(TimerRequest(None, "direct", dry_run=True), Deadline(60))
    assert await rows(MessageTerms) == [] and await rows(SearchState) == []
    await run_timer(TimerRequest(None, "direct"), Deadline(60))
    assert len(await rows(MessageTerms)) == len(SAID)


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
async def test_terms_of_another_version_are_not_used_and_are_made_again():
    ann = await seeds.person()
    await fill_days(ann)
    await make_terms_of(ann.id)
    async with database.transaction() as session:
        await session.execute(update(MessageTerms).values(version=0, terms=[]))
        await session.execute(update(DiaryTerms).values(version=0, terms=[]))
        await session.execute(update(SearchState).values(version=0))
    found = await searched(ann, "squirrel")
    assert "a squirrel ran through the park" in found and (await remembered(ann, "zebras"))[3]
    assert await make_missing_terms(Deadline(60)) == len(SAID) + 2
    assert {row.version for row in await rows(MessageTerms)} == {TERMS_VERSION} == {row.version for row in await rows(DiaryTerms)}
    assert await searched(ann, "squirrel") == found and (await remembered(ann, "zebras"))[3]


# --- every way in which a text comes, changes and goes ---


async def assert_found(user: User, *said: str) -> None:
    """Check that each text is found now, and by its terms after they were made."""
    for _ in range(2):
        for words in said:
            assert words in await searched(user, words), words
        await make_terms_of(user.id)
    assert await missing(user) == 0


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
async def test_texts_of_every_way_to_write_messages_are_found(model: Model):
    """Sent, answered, streamed, regenerated, edited, forked, imported from another system and from an export."""
    ann = await seeds.person()
    context = await context_of(ann)
    sent = await say(ann, "A walk with Zebulon")
    steps = [step async for step in chat.stream(context, chat.NewMessage("A song by Quillon", conversation_id=sent.conversation.id))]
    again = await chat.regenerate(context, sent.question.id)
    await chat.fork_conversation(context, again.answer.id)
    assert isinstance(steps[-1], chat.Exchange)
    answers = [message.content for message in await rows(Message, Message.user_id == ann.id, Message.role == MessageRole.ASSISTANT)]
    await assert_found(ann, "A walk with Zebulon", "A song by Quillon", *answers)
    await backdate(ann)
    async with database.transaction() as session:
        await session.execute(delete(SearchState))
    await assert_found(ann, "A walk with Zebulon", "A song by Quillon", *answers)
    asked = await rows(Message, Message.user_id == ann.id, Message.role == MessageRole.USER)
    edited = next(message for message in asked if "Zebulon" in message.content and not message.copied)
    await chat.edit(context, edited.id, "A walk with Wilhelmina")
    copies = 2  # the message, and that of the fork, which follows it
    assert await searched(ann, "Wilhelmina") == ["A walk with Wilhelmina"] * copies and keys(ann, "Wilhelmina") <= await terms_of(ann)
    await assert_found(ann, "A walk with Wilhelmina")


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
async def test_imported_messages_older_than_those_with_terms_are_found():
    ann, bob = await seeds.person(), await seeds.person("bob")
    await seeds.said(ann, DAY, "a squirrel")
    await make_terms_of(ann.id)
    old = datetime(2020, 5, 1, tzinfo=timezone.utc)
    imported = ImportedMessage("key", "a talk", MessageRole.USER, "an ocelot", old, old.date(), "UTC")
    async with database.transaction() as session:
        await import_messages(session, ann.id, [imported], day_bounds=lambda day: day_bounds(day, "UTC", 0))
    await assert_found(ann, "an ocelot", "a squirrel")
    await make_terms_of(bob.id)
    await portability.import_json(bob, await portability.export_json(ann))
    await assert_found(bob, "an ocelot", "a squirrel")


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
async def test_deleted_texts_leave_no_terms():
    ann, bob = await seeds.person(), await seeds.person("bob")
    for user in (ann, bob):
        said = await seeds.said(user, DAY, "the ocelot", "the peacock")
        other = await seeds.said(user, DAY + timedelta(days=1), "the wombat")
        await seeds.diary(user, DAY, [seeds.line(seeds.LineKind.HIGHLIGHT, "An ocelot.", seeds.quote(said[0]))], summary="A peacock.")
        await make_terms_of(user.id)
    context = await context_of(bob)
    before = await terms_of(bob)
    assert keys(bob, "ocelot") | keys(bob, "wombat") <= before
    await chat.delete(context, said[0].id)
    assert (keys(bob, "ocelot")).isdisjoint(await terms_of(bob)) and await searched(bob, "ocelot") == []
    assert (await remembered(bob, "peacock"))[3] == {DAY: "A peacock."}, "the diary is found by its text"
    await chat.delete_conversation(context, other[0].conversation_id)
    assert keys(bob, "wombat").isdisjoint(await terms_of(bob))
    await chat.edit(context, said[1].id, "the heron")
    assert keys(bob, "peacock").isdisjoint({key for row in await rows(MessageTerms, MessageTerms.user_id == bob.id) for key in row.terms})
    async with database.transaction() as session:
        await session.execute(delete(User).where(User.id == bob.id))
    assert await terms_of(bob) == set() and await rows(SearchState, SearchState.user_id == bob.id) == []
    assert keys(ann, "ocelot") <= await terms_of(ann), "another user's terms stay"


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
async def test_edited_and_hidden_diary_lines_are_found_as_they_are_now():
    ann = await seeds.person()
    said = await seeds.said(ann, DAY, "an early walk")
    await seeds.diary(ann, DAY, [
        seeds.line(seeds.LineKind.HIGHLIGHT, "The ocelot again.", seeds.quote(said[0])), seeds.line(seeds.LineKind.ACTIVITY, "Quilting", seeds.quote(said[0])),
    ])  # fmt: skip
    await make_terms_of(ann.id)
    assert (await remembered(ann, "ocelot"))[3] and (await remembered(ann, "quilting"))[3]
    context = await context_of(ann)
    lines = {line.text: line.id for line in await rows(DiaryLine, DiaryLine.user_id == ann.id)}
    await diary_editing.update(context, DAY, DiaryChanges(lines=[(lines["The ocelot again."], LineChanges(hidden=True))]))
    assert not (await remembered(ann, "ocelot"))[3] and (await remembered(ann, "quilting"))[3]
    await make_terms_of(ann.id)
    assert not (await remembered(ann, "ocelot"))[3] and (await remembered(ann, "quilting"))[3] and keys(ann, "ocelot").isdisjoint(await terms_of(ann))


WRITERS = {
    "persistence/queries/answer_streams.py": "answers of dead streams, which may have older ids and set the progress back; continued ones lose their terms",
    "persistence/queries/branches.py": "which messages are on the current path, which no search reads; no text",
    "persistence/queries/chat_import.py": "imports, which call reset_progress",
    "persistence/queries/chat_writes.py": "sent and copied messages, which get new ids; edits, after which store_changed_message is called",
    "persistence/queries/exchange_closing.py": "answers; an older one that is replaced loses its terms, and sets the progress back",
    "persistence/queries/exchange_opening.py": "questions, which get new ids",
    "persistence/queries/memory_switches.py": "what may be learned of messages, which a search reads beside their terms; no text",
    "persistence/queries/repetitions.py": "answers whose sentences are blanked, after which store_changed_message is called",
}
"""The modules that write messages by name, and why a search finds what they write. An import of an export writes every table, and calls reset_progress."""


def test_messages_are_written_by_the_known_modules_only():
    """A new way to write messages with older ids, or to change their texts, must make their terms: see persistence/queries/search_terms.py."""
    found = {
        str(path.relative_to(ROOT))
        for package in ("persistence", "jobs", "resolvers", "graph")
        for path in (ROOT / package).rglob("*.py")
        if "migrations" not in path.parts and writes_messages(path.read_text(encoding="utf-8"))
    }
    assert found == set(WRITERS)


def writes_messages(source: str) -> bool:
    """Return whether a module inserts messages or updates them, by SQLAlchemy or in plain SQL."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("insert", "update", "upsert", "bulk_insert"):
            given = [argument.id for argument in node.args if isinstance(argument, ast.Name)]
            if "Message" in given:
                return True
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and any(
            words in " ".join(node.value.lower().split()) for words in ("insert into messages", "update messages")
        ):
            return True
    return False
