"""Answers that are being made while something is erased that their model was told: they are stored without it, however the two meet."""
from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from sqlalchemy import text

from jobs.diary_generation import write_draft
from jobs.rules.own_slots import own_key
from jobs.rules.search.repetition import REMOVED, REMOVED_CHINESE
from llm.diary import DayRequest, DiaryDraft
from persistence import database
from persistence.errors import DatabaseUnavailable
from persistence.models import AnswerStream, DiaryLine, Message, User
from persistence.models.chat import CutOff, MessageStatus
from persistence.models.diary import LineKind
from persistence.queries.erasure_counts import count_erasure
from resolvers import chat, companion, diary_rewriting, profile_slots, profile_verdicts
from resolvers.chat import Exchange, ModelFailed, NewMessage, StreamStart
from resolvers.chat.exchange_storage import store_answer
from resolvers.chat.questions import store_abandoned_streams
from resolvers.errors import Conflict
from tests import seeds
from tests.jobs.job_setup import add_person, night
from tests.jobs.job_setup import say as say_on
from tests.paced_model import PacedModel, paced_model
from tests.resolvers.chat.chat_setup import Model, active, context_of, everything, rows, say, set_to, stored_message
from tests.resolvers.dump import find_words
from tests.seeds import DAY, line, quote

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

ENGLISH = ("I live in Zanzibar now.", "Where do I live?", "Zanzibar", "You live in Zanzibar", " by the sea. Nice weather today.", REMOVED, "Nice weather")
CHINESE = ("我现在住在泉州。", "我住在哪里？", "泉州", "你住在泉州", " 的海边。今天天气不错。", REMOVED_CHINESE, "天气不错")
LANGUAGES = pytest.mark.parametrize("words", [ENGLISH, CHINESE], ids=["en", "zh"])


@pytest.fixture
async def more_connections(database: str) -> AsyncIterator[None]:
    """Give the process a connection for each side, and for looking at them."""
    from persistence import database as access

    with set_to(DATABASE_POOL_SIZE="4"):
        await access.dispose()
        yield
        await access.dispose()


class Asking:
    """An answer that waits for its model; `model` was asked, and has sent its first words if it streams."""

    def __init__(self, task: asyncio.Task[Exchange], model: PacedModel) -> None:
        self._task, self._model = task, model

    async def end(self) -> Exchange:
        self._model.go_on.set()
        return await self._task


async def ask(ann: User, question: str, model: PacedModel, conversation: UUID | None = None, *, streams: bool, **patience: float) -> Asking:
    shown = asyncio.Event()

    async def read() -> Exchange:
        steps = chat.stream(await context_of(ann, **patience), NewMessage(question, conversation))
        async for step in steps:
            if isinstance(step, Exchange):
                return step
            if not isinstance(step, StreamStart):
                shown.set()
        raise AssertionError("a stream ends with its exchange")

    async def send() -> Exchange:
        return await say(ann, question, conversation)

    task = asyncio.ensure_future(read() if streams else send())
    while not task.done() and not (shown.is_set() if streams else model.calls):
        await asyncio.sleep(0.01)
    return Asking(task, model)


async def delete_message(ann: User, place: str, home: str) -> Callable[[], Awaitable[object]]:
    said = await say(ann, home)
    return lambda: delete(ann, said.question.id)


async def delete(ann: User, id: UUID) -> object:
    return await chat.delete(await context_of(ann), id)


async def erase_value(ann: User, place: str, home: str) -> Callable[[], Awaitable[object]]:
    value = (await profile_verdicts.set_value(await context_of(ann), "identity.home", place)).value
    assert value is not None
    return lambda: erase(ann, value.id)


async def erase(ann: User, id: UUID) -> object:
    return await profile_verdicts.erase(await context_of(ann), value_id=id)


async def edit_message_of_a_diary(ann: User, place: str, home: str) -> Callable[[], Awaitable[object]]:
    yesterday = DAY - timedelta(days=1)
    move, run = await seeds.said(ann, yesterday, home, "I ran.")
    await active(ann, yesterday)
    await seeds.diary(ann, yesterday, [line(LineKind.SUMMARY, home, quote(move)), line(LineKind.SUMMARY, "I ran.", quote(run))], summary=f"{home} I ran.")
    return lambda: edit(ann, move.id)


async def edit(ann: User, id: UUID) -> object:
    return await chat.edit(await context_of(ann), id, "Never mind.")


async def delete_companion_version(ann: User, place: str, home: str) -> Callable[[], Awaitable[object]]:
    await companion.update_companion(await context_of(ann), {"instructions": home})
    return lambda: clear_companion(ann)


async def clear_companion(ann: User) -> object:
    await companion.update_companion(await context_of(ann), {"instructions": None})
    return await companion.delete_versions(await context_of(ann), None)


async def delete_slot(ann: User, place: str, home: str) -> Callable[[], Awaitable[object]]:
    slot = await profile_slots.create_slot(await context_of(ann), name=place, many=True, half_life_days=None, guide="")
    await profile_verdicts.set_value(await context_of(ann), own_key(slot.id), "42")
    return lambda: close_slot(ann, slot.id)


async def close_slot(ann: User, id: UUID) -> object:
    return await profile_slots.delete_slot(await context_of(ann), id)


SOURCES = {"message": delete_message, "value": erase_value, "diary": edit_message_of_a_diary, "companion": delete_companion_version, "slot": delete_slot}


@LANGUAGES
@pytest.mark.parametrize(("source", "streams"), [("message", True), ("value", False), ("diary", True), ("companion", False), ("slot", False)])
async def test_answer_repeats_nothing_that_was_erased_while_it_was_made(model: Model, words: tuple[str, ...], source: str, streams: bool):
    home, question, place, first, rest, marker, stays = words
    ann = await seeds.person(time_zone=seeds.noon_zone())
    erase_it = await SOURCES[source](ann, place, home)
    conversation = next((row.conversation_id for row in await rows(Message)), None) if source == "message" else None
    with paced_model(first, rest) as slow, set_to(DEEPSEEK_BASE_URL=slow.address):
        asking = await ask(ann, question, slow, conversation, streams=streams)
        assert place in str(slow.calls), "the model is told it"
        await erase_it()
        ended = await asking.end()
    stored = await stored_message(ended.answer.id)
    assert stored.content == ended.answer.content and marker in stored.content and stays in stored.content
    assert stored.redacted and ended.answer.redacted and stored.withdrawn
    assert await find_words([place]) == {} and await rows(AnswerStream) == []


@pytest.mark.usefixtures("more_connections")
@pytest.mark.parametrize("streams", [True, False], ids=["stream", "plain"])
async def test_answer_that_is_stored_while_an_erasure_is_in_progress_waits_for_it(model: Model, streams: bool):
    home, question, place, first, rest, marker, _ = ENGLISH
    ann = await seeds.person(time_zone=seeds.noon_zone())
    said = await say(ann, home)
    reached, go_on = asyncio.Event(), asyncio.Event()

    async def wait(session: database.Session, user_id: UUID) -> None:
        reached.set()
        await go_on.wait()
        await count_erasure(session, user_id)

    with paced_model(first, rest) as slow, set_to(DEEPSEEK_BASE_URL=slow.address), patch("resolvers.erasure.count_erasure", wait):
        asking = await ask(ann, question, slow, said.conversation.id, streams=streams)
        deleting = asyncio.ensure_future(delete(ann, said.question.id))
        await reached.wait()
        ending = asyncio.ensure_future(asking.end())
        while not await is_kept_waiting():
            await asyncio.sleep(0.02)
        go_on.set()
        await deleting
        ended = await ending
    assert marker in (await stored_message(ended.answer.id)).content and await find_words([place]) == {}


async def is_kept_waiting() -> bool:
    async with database.session() as session:
        return bool(await session.scalar(text("select count(*) from pg_locks where locktype = 'advisory' and not granted")))


async def test_erasure_of_something_else_leaves_an_answer_as_it_is(model: Model):
    home, question, place, first, rest, _, _ = ENGLISH
    ann = await seeds.person(time_zone=seeds.noon_zone())
    said, other = await say(ann, home), await say(ann, "I sold my piano.")
    with paced_model(first, rest) as slow, set_to(DEEPSEEK_BASE_URL=slow.address):
        asking = await ask(ann, question, slow, said.conversation.id, streams=True)
        await delete(ann, other.question.id)
        ended = await asking.end()
    stored = await stored_message(ended.answer.id)
    assert (stored.content, stored.redacted, stored.withdrawn) == (first + rest, False, False) and place in str(await find_words([place]))


async def test_stream_that_dies_after_an_erasure_leaves_nothing_of_it(model: Model):
    home, question, place, first, rest, _, _ = ENGLISH
    ann = await seeds.person(time_zone=seeds.noon_zone())
    said = await say(ann, home)
    with paced_model(f"{first}, where it is warm", rest) as slow, set_to(DEEPSEEK_BASE_URL=slow.address):
        asking = await ask(ann, question, slow, said.conversation.id, streams=True)
        while not any(place in row.content for row in await rows(AnswerStream)):
            await asyncio.sleep(0.02)
        await delete(ann, said.question.id)
        assert await find_words([place]) == {}
        async with database.transaction() as session:  # as a process that died long ago
            await session.execute(text("update answer_streams set beat_at = now() - interval '1 minute'"))
        assert await store_abandoned_streams(ann) == 1
        assert await find_words([place]) == {}
        with pytest.raises((ModelFailed, Conflict)):
            await asking.end()
    assert await find_words([place]) == {}


async def test_day_that_is_written_while_another_days_message_is_erased_is_written_again(model: Model):
    ann = await add_person()
    [moved] = await say_on(ann, DAY - timedelta(days=1), ENGLISH[0])
    await say_on(ann, DAY, "I ran along the river and was happy.")
    while (await night()).run_id is not None:
        pass
    await say_on(ann, DAY, "I swam in the lake.", hour=20)
    context, written = await context_of(ann), list[date]()

    async def erase_first(request: DayRequest, seconds: float) -> DiaryDraft:
        if not written:
            await chat.delete(context, moved)
        written.append(request.day)
        return await write_draft(request, seconds)

    with patch("jobs.diary_generation.write_draft", erase_first):
        while (await night()).run_id is not None:
            pass
    assert written == [DAY, DAY] and await find_words([ENGLISH[2]]) == {}
    assert any("lake" in row.text for row in await rows(DiaryLine))
    written.clear()
    [moved] = await say_on(ann, DAY - timedelta(days=2), ENGLISH[0])
    with patch("jobs.diary_generation.write_draft", erase_first), pytest.raises(Conflict):
        await diary_rewriting.rewrite(context, DAY)
    assert written == [DAY] and await find_words([ENGLISH[2]]) == {}


@pytest.mark.parametrize("is_whole", [True, False], ids=["whole", "shown"])
async def test_stream_keeps_what_was_written_when_the_database_fails_for_a_moment(model: Model, is_whole: bool):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    failed = list[bool]()

    async def fail_once(*given: Any, **named: Any) -> Exchange:
        if not failed:
            failed.append(True)
            raise DatabaseUnavailable
        return await store_answer(*given, **named)

    async def fail_after_words(*given: Any, **named: Any) -> AsyncGenerator[str, None]:
        yield "The tide"
        yield " rises"
        raise DatabaseUnavailable

    sending, context = NewMessage("Tell me about the sea and its tides"), await context_of(ann)
    with patch("resolvers.chat.answers.store_answer", fail_once) if is_whole else patch("llm.chat.answer_stream", fail_after_words):
        steps = chat.stream(context, sending)
        started = await steps.__anext__()
        assert isinstance(started, StreamStart)
        if is_whole:
            assert isinstance([step async for step in steps][-1], Exchange) and failed
            return
        with pytest.raises(ModelFailed, match="messageContinue") as ended:
            _ = [step async for step in steps]
    [question, answer] = sorted(await rows(Message), key=lambda row: row.id)
    kept = ended.value.answer
    assert kept is not None and (ended.value.code, kept.content, answer.content) == ("DATABASE_UNAVAILABLE", "The tide rises", "The tide rises")
    assert (question.status, question.answer_lease_until, answer.cut_off) == (MessageStatus.COMPLETE, None, CutOff.STOPPED)
    with pytest.raises(ModelFailed) as resumed:  # the stream has ended, as another instance would see it
        _ = [step async for step in chat.resume(context, started.position)]
    assert resumed.value.code == "DATABASE_UNAVAILABLE" and resumed.value.answer is not None and resumed.value.answer.id == answer.id


async def test_regeneration_whose_earlier_answer_is_deleted_is_stored_in_its_place(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    said = await say(ann, "Where is it warm?")
    with paced_model("By the sea", ", I think.") as slow, set_to(DEEPSEEK_BASE_URL=slow.address):
        again = asyncio.ensure_future(chat.regenerate(await context_of(ann), said.question.id))
        while not slow.calls and not again.done():
            await asyncio.sleep(0.01)
        await delete(ann, said.answer.id)
        slow.go_on.set()
        fresh = await again
    assert [row.content for row in sorted(await rows(Message), key=lambda row: row.id)] == ["Where is it warm?", "By the sea, I think."]
    assert fresh.answer.chosen and not fresh.answer.off_path and await everything()
