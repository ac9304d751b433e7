"""Dispute questions of the chat: asked once for each pair of contradicting values, and resolved by the user's answer."""
from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from uuid import UUID

import pytest

from jobs.profile_update import update_profile
from jobs.rules.own_slots import own_key
from jobs.rules.profile.disputes import find_disputes
from jobs.rules.profile.profile_types import Status, Value
from persistence import database
from persistence.models import DisputeQuestion, Message, ProfileValue, User
from persistence.models.diary import Polarity, StatementRelation
from persistence.models.profile import ValueStatus
from resolvers import chat, portability, profile_slots
from resolvers.chat import Exchange, ModelFailed, NewMessage
from tests import seeds
from tests.jobs.job_setup import night
from tests.resolvers.chat.chat_setup import Model, context_of, everything, move_messages_back, rows, say, set_to

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

EARLIER = date.today() - timedelta(days=9)
ASKED = "which holds now: Hangzhou or Shanghai?"


async def user_with_dispute(name: str = "ann") -> tuple[User, Message]:
    """Create a user with two contradicting values from one message."""
    user = await seeds.person(name)
    [message] = await seeds.said(user, EARLIER, "Homes")
    sides = [seeds.signal("identity.home", text, seeds.quote(message)) for text in ("Hangzhou", "Shanghai")]
    await seeds.diary(user, EARLIER, signals=sides)
    await learn(user)
    return user, message


async def learn(user: User) -> dict[str, ValueStatus]:
    async with database.transaction() as session:
        await update_profile(session, user.id, reason="NIGHT")
    return await homes(user)


async def homes(user: User) -> dict[str, ValueStatus]:
    return {row.value: row.status for row in await rows(ProfileValue, ProfileValue.user_id == user.id, ProfileValue.slot == "identity.home")}


async def asked(user: User) -> list[DisputeQuestion]:
    return await rows(DisputeQuestion, DisputeQuestion.user_id == user.id)


@pytest.mark.parametrize(("said", "question", "answer"), [
    ("I live in Hangzhou. I live in Shanghai.", "By the way, which holds now: Hangzhou or Shanghai?", "I live in Shanghai."),
    ("我住在上海。我住在杭州。", "对了，现在是上海还是杭州？", "我住在上海。"),
])  # fmt: skip
async def test_dispute_question_answered_resolves_the_dispute(model: Model, said: str, question: str, answer: str):
    ann = await seeds.person()
    await say(ann, said)
    await move_messages_back(ann, 2)
    await night()
    await night()
    assert set((await homes(ann)).values()) == {ValueStatus.DISPUTED}
    first = await say(ann, "Hello!" if said.isascii() else "你好！")
    assert question in first.answer.content
    assert "which holds" not in (await say(ann, answer, first.conversation.id)).answer.content
    await move_messages_back(ann, 2)
    await night()
    await night()
    home = answer.strip("。.").removeprefix("I live in ").removeprefix("我住在")
    assert {text for text, status in (await homes(ann)).items() if status is ValueStatus.ACTIVE} == {home}
    assert ValueStatus.DISPUTED not in (await homes(ann)).values()
    assert "which holds" not in (await say(ann, "Hello again!")).answer.content


@pytest.mark.parametrize(("home", "over", "question"), [
    ("Bergen", "I no longer live in Bergen", "which holds now: Bergen or no longer Bergen"),
    ("杭州", "我已经不住在杭州了", "现在是杭州还是不再是 杭州"),
])  # fmt: skip
async def test_dispute_question_about_a_well_founded_value_that_may_be_over_is_asked_once(model: Model, home: str, over: str, question: str):
    ann = await seeds.person()
    for days, text in ((6, f"I live in {home}"), (4, f"I live in {home}!")):
        [message] = await seeds.said(ann, date.today() - timedelta(days=days), text)
        await seeds.diary(ann, message.day, signals=[seeds.signal("identity.home", home, seeds.quote(message))])
    [denial] = await seeds.said(ann, date.today() - timedelta(days=2), over)
    ended = seeds.signal("identity.home", home, replace(seeds.quote(denial), relation=StatementRelation.ENDED), polarity=Polarity.NEGATIVE)
    await seeds.diary(ann, denial.day, signals=[ended])
    assert await learn(ann) == {home: ValueStatus.DISPUTED}
    answers = [(await say(ann, "Hello!" if home.isascii() else "你好！")).answer.content for _ in range(2)]
    assert [question in answer for answer in answers] == [True, False]
    assert len(await asked(ann)) == 1


async def test_dispute_question_in_several_conversations_is_asked_once(model: Model):
    ann, _ = await user_with_dispute()
    answers = [(await say(ann, text)).answer.content for text in ("Hello!", "Hello!", "What do you know about me?", "Tell me about the sea")]
    assert [ASKED in answer for answer in answers] == [True, False, False, False]


async def test_dispute_question_many_messages_at_once_is_in_one_prompt(model: Model):
    ann, _ = await user_with_dispute()
    exchanges = await asyncio.gather(*(say(ann, f"Tell me about river {number}") for number in range(8)))
    told = [exchange for exchange in exchanges if ASKED in exchange.answer.content]
    [row] = await asked(ann)
    assert [exchange.question.id for exchange in told] == [row.question_id]


async def test_dispute_question_changed_dispute_is_asked_again(model: Model):
    ann, message = await user_with_dispute()
    await say(ann, "Hello!")
    assert set((await learn(ann)).values()) == {ValueStatus.DISPUTED}
    assert ASKED not in (await say(ann, "Hello!")).answer.content
    sides = [seeds.signal("identity.home", text, seeds.quote(message)) for text in ("Hangzhou", "Shanghai", "Ningbo")]
    await seeds.diary(ann, EARLIER, signals=sides)
    await learn(ann)
    assert "Hangzhou or Ningbo or Shanghai?" in (await say(ann, "Hello!")).answer.content
    assert "Ningbo" not in (await say(ann, "Hello!")).answer.content
    [row] = await asked(ann)
    assert row.slot == "identity.home"


async def test_dispute_question_two_disputes_are_asked_one_at_a_time(model: Model):
    ann, message = await user_with_dispute()
    sides = [seeds.signal("identity.home", text, seeds.quote(message)) for text in ("Hangzhou", "Shanghai")]
    sides += [seeds.signal("identity.occupation", text, seeds.quote(message)) for text in ("nurse", "baker")]
    await seeds.diary(ann, EARLIER, signals=sides)
    await learn(ann)
    answers = [(await say(ann, "Hello!")).answer.content for _ in range(3)]
    assert [("Hangzhou or Shanghai" in answer, "baker or nurse" in answer) for answer in answers] == [(True, False), (False, True), (False, False)]


async def test_dispute_question_model_failure_is_not_recorded(model: Model):
    ann, _ = await user_with_dispute()
    for fault in ("402", "empty"):
        await model.fail(match="task: chat/7", kind=fault)
        with pytest.raises(ModelFailed):
            await say(ann, "Hello!")
        assert await asked(ann) == []
        await model.reset()
    assert ASKED in (await say(ann, "Hello!")).answer.content


async def test_dispute_question_stream_stopped_before_its_text_is_not_recorded(model: Model):
    ann, _ = await user_with_dispute()
    await model.fail(match="task: chat/7", kind="silent")
    context = await context_of(ann)
    steps = chat.stream(context, NewMessage("Hello!"))
    started = await steps.__anext__()
    assert isinstance(started, chat.StreamStart)
    await model.is_being_asked()
    assert len(await asked(ann)) == 1
    stopped = await chat.stop(context, started.question.id)
    assert stopped.answer is None and await asked(ann) == []
    await steps.aclose()


async def test_dispute_question_regenerated_answer_asks_again(model: Model):
    ann, _ = await user_with_dispute()
    first = await say(ann, "Hello!")
    again = await chat.regenerate(await context_of(ann), first.question.id)
    assert ASKED in again.answer.content
    await model.fail(match="task: chat/7", kind="402")
    with pytest.raises(ModelFailed):
        await chat.regenerate(await context_of(ann), first.question.id)
    await model.reset()
    assert len(await asked(ann)) == 1 and ASKED not in (await say(ann, "Hello!")).answer.content


async def test_dispute_question_temporary_conversation_is_not_asked(model: Model):
    ann, _ = await user_with_dispute()
    assert ASKED not in (await say(ann, "Hello!", temporary=True)).answer.content
    assert await asked(ann) == [] and ASKED in (await say(ann, "Hello!")).answer.content


async def test_dispute_question_over_the_profile_budget_is_neither_asked_nor_recorded(model: Model):
    ann, _ = await user_with_dispute()
    with set_to(PROFILE_TOKENS="5"):
        assert "which holds" not in (await say(ann, "Hello!")).answer.content
    assert await asked(ann) == []


async def test_dispute_question_without_disputes_takes_no_statement_of_its_own(model: Model):
    ann = await seeds.person()
    await say(ann, "Hello!")
    with seeds.statements() as seen:
        exchange = await say(ann, "Hello!")
    assert isinstance(exchange, Exchange) and len([text for text in seen if "DISPUTED" in text]) == 1
    assert not [text for text in seen if "dispute_questions" in text and "update messages" not in text and "insert into messages" not in text]


async def test_dispute_question_deleted_message_is_asked_again(model: Model):
    ann, _ = await user_with_dispute()
    first = await say(ann, "Hello!")
    await chat.delete(await context_of(ann), first.question.id)
    assert await asked(ann) == [] and ASKED in (await say(ann, "Hello!")).answer.content


async def test_dispute_question_deleted_evidence_removes_the_dispute(model: Model):
    ann, message = await user_with_dispute()
    await say(ann, "Hello!")
    assert len(await asked(ann)) == 1
    await chat.delete(await context_of(ann), message.id)
    assert await homes(ann) == {} and await asked(ann) == []


async def test_dispute_question_of_an_own_slot_with_many_values_is_about_one_thing_at_a_time(model: Model):
    ann = await seeds.person()
    slot = own_key((await profile_slots.create_slot(await context_of(ann), name="Wines", many=True, half_life_days=None, guide="Wines")).id)
    for days, relation in ((6, None), (4, None), (2, StatementRelation.ENDED)):
        [message] = await seeds.said(ann, date.today() - timedelta(days=days), "Merlot. Riesling.")
        polarity = Polarity.NEGATIVE if relation else Polarity.POSITIVE
        quote = replace(seeds.quote(message), relation=relation)
        await seeds.diary(ann, message.day, signals=[seeds.signal(slot, text, quote, polarity=polarity) for text in ("Merlot", "Riesling")])
    [unrelated] = await seeds.said(ann, EARLIER, "Rain.")
    await learn(ann)
    question = (await say(ann, "Hello!")).answer.content
    assert ("no longer Merlot" in question) is not ("no longer Riesling" in question)
    [before] = await asked(ann)
    await chat.delete(await context_of(ann), unrelated.id)
    assert [row.dispute_digest for row in await asked(ann)] == [before.dispute_digest]
    assert "no longer" not in (await say(ann, "Hello again!")).answer.content


async def test_dispute_question_imported_account_is_not_asked_again(model: Model):
    ann, _ = await user_with_dispute()
    await say(ann, "Hello!")
    bob = await seeds.person("bob")
    await portability.import_json(bob, await portability.export_json(ann))
    [there], [here] = await asked(bob), await asked(ann)
    assert (there.slot, there.dispute_digest, there.question_id) == (here.slot, here.dispute_digest, here.question_id)
    assert ASKED not in (await say(bob, "Hello!")).answer.content


async def test_dispute_question_of_another_user_is_not_asked(model: Model):
    await user_with_dispute()
    bob = await seeds.person("bob")
    before = len((await everything())["dispute_questions"])
    assert "which holds" not in (await say(bob, "Hello!")).answer.content
    assert len((await everything())["dispute_questions"]) == before == 0


def value(text: str, status: Status, message: int) -> Value:
    at = datetime(2026, 5, message, tzinfo=timezone.utc)
    return Value("identity.home", text, text.lower(), status, 0.5, False, "STATED", at, at, None, (UUID(int=message),))


def test_find_disputes_fingerprint_depends_on_values_and_evidence_only():
    sides = [value("Hangzhou", "DISPUTED", 1), value("Shanghai", "DISPUTED", 2)]
    [one], [other] = find_disputes(sides), find_disputes(reversed(sides))
    assert one == other and one.line_for(one.slot) == "identity.home: Hangzhou | Shanghai"
    [changed] = find_disputes([sides[0], value("Shanghai", "DISPUTED", 3)])
    assert changed.fingerprint != one.fingerprint
    [alone] = find_disputes([sides[0], value("Ningbo", "ACTIVE", 2)])
    assert alone.line_for(alone.slot) == "identity.home: Hangzhou | no longer Hangzhou"
    assert find_disputes([value("Ningbo", "ACTIVE", 2)]) == []
