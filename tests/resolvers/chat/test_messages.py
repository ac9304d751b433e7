"""Messages and answers: stored rows, the prompt, idempotency keys and model failures."""
from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone
from uuid import uuid4

import pytest

from jobs.rules.day import day_bounds, day_of
from persistence.ids import uuid7
from persistence.models import ActiveDay, Conversation, Message, Usage
from persistence.models.account import Purpose
from persistence.models.chat import MessageRole, MessageStatus
from persistence.models.enums import CutOff
from persistence.models.profile import ValueStatus
from resolvers import chat
from resolvers.chat import Exchange, ModelFailed, NewMessage
from resolvers.chat.questions import StoredQuestion, store_question
from resolvers.chat.running import answer
from resolvers.errors import Conflict, ConflictReason, InvalidInput, NotFound, Unauthenticated
from tests import seeds
from tests.log_capture import written_log
from tests.resolvers.chat.chat_setup import Model, abandoned, context_of, everything, rows, say, set_to, stored_message

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

FAULTS = {
    "401": "MODEL_UNAUTHORIZED", "402": "MODEL_QUOTA_EXCEEDED", "429": "MODEL_RATE_LIMITED", "500": "MODEL_UNAVAILABLE", "400": "MODEL_REJECTED",
    "empty": "MODEL_EMPTY", "404": "MODEL_NOT_FOUND", "filtered": "MODEL_FILTERED", "html": "MODEL_MALFORMED", "cut": "MODEL_MALFORMED",
}


async def test_send_first_message_stores_question_answer_and_conversation(model: Model):
    ann = await seeds.person(time_zone="Asia/Shanghai", day_ends_at=4)
    said = await say(ann, "I moved to Hangzhou last week. It rains a lot.")
    question, reply = await stored_message(said.question.id), await stored_message(said.answer.id)
    assert (question.role, question.status, question.content) == (MessageRole.USER, MessageStatus.COMPLETE, "I moved to Hangzhou last week. It rains a lot.")
    assert question.answer_lease_until is None and question.error_code is None and question.time_zone == "Asia/Shanghai"
    assert question.day == day_of(question.created_at, "Asia/Shanghai", 4)
    assert (reply.role, reply.status, reply.reply_to, reply.day) == (MessageRole.ASSISTANT, MessageStatus.COMPLETE, question.id, question.day)
    assert "Hangzhou" in reply.content and reply.model == "unilife-offline" and reply.prompt_version == "chat/7"
    assert reply.input_tokens and reply.output_tokens and reply.latency_ms is not None
    assert question.id < reply.id
    [conversation] = await rows(Conversation)
    assert conversation.title and not conversation.temporary and conversation.last_message_at == reply.created_at
    assert await model.calls() == {"chat": 1, "title": 1}


async def test_send_each_message_raises_the_day_revision(model: Model):
    ann = await seeds.person(time_zone="America/New_York", day_ends_at=3)
    first = await say(ann, "Good morning")
    await say(ann, "Good evening", first.conversation.id)
    [active] = await rows(ActiveDay)
    assert (active.day, active.revision, active.diary_revision) == (first.question.day, 2, 0)
    assert (active.starts_at, active.ends_at) == day_bounds(active.day, "America/New_York", 3)


async def test_send_one_message_counts_usage_by_purpose(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    said = await say(ann, "Tell me about rivers")
    used = {row.purpose: row for row in await rows(Usage)}
    assert set(used) == {Purpose.CHAT, Purpose.TITLE}
    assert (used[Purpose.CHAT].calls, used[Purpose.CHAT].failed_calls, used[Purpose.CHAT].day) == (1, 0, said.question.day)
    assert (used[Purpose.CHAT].input_tokens, used[Purpose.CHAT].output_tokens) == (said.answer.input_tokens, said.answer.output_tokens)


async def test_send_temporary_conversation_creates_no_active_day(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    said = await say(ann, "Just between us", temporary=True)
    await say(ann, "And this", said.conversation.id)
    assert said.conversation.temporary and await rows(ActiveDay) == []


async def test_send_later_message_includes_earlier_ones_in_the_prompt(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    first = await say(ann, "My sister Mei is a violinist in Vienna.")
    said = await say(ann, "What do you remember about me?", first.conversation.id)
    elsewhere = await say(ann, "What do you remember about me?")
    assert "Mei is a violinist" in said.answer.content and "Mei" not in elsewhere.answer.content


async def test_send_with_profile_and_diaries_includes_them_in_the_prompt(model: Model):
    ann = await seeds.person("lin")
    await seeds.value(ann, "identity.home", "杭州")
    await seeds.value(ann, "preferences.food", "hot pot", status=ValueStatus.DISPUTED)
    await seeds.value(ann, "identity.occupation", "a lawyer", status=ValueStatus.REJECTED)
    for age, summary in enumerate(["Day of the whale.", "Day of the heron.", "Day of the otter.", "Day of the badger."]):
        await seeds.diary(ann, seeds.DAY - timedelta(days=age), summary=summary)
    told_of = (await say(ann, "What do you remember about me?", temporary=True)).answer.content
    assert "杭州" in told_of and "hot pot (?)" in told_of and "lin" in told_of
    assert "lawyer" not in told_of and "badger" not in told_of
    assert all(animal in told_of for animal in ("whale", "heron", "otter"))


async def test_send_with_data_of_other_users_excludes_it_from_the_prompt(model: Model):
    ann, bob = await seeds.person(time_zone=seeds.noon_zone()), await seeds.person("bob")
    await seeds.value(ann, "identity.home", "Reykjavik")
    await seeds.diary(ann, seeds.DAY, summary="Day of the whale.")
    told_of = (await say(bob, "What do you remember about me?")).answer.content
    assert "Reykjavik" not in told_of and "whale" not in told_of


async def test_send_repeated_idempotency_key_returns_the_same_answer(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    first = await say(ann, "Only once, please", idempotency_key="k")
    context = await context_of(ann)
    calls, before = await model.calls(), await everything()
    again = await chat.send(context, NewMessage("Only once, please", idempotency_key="k"))
    assert (again.question.id, again.answer.id, again.conversation.id) == (first.question.id, first.answer.id, first.conversation.id)
    assert await model.calls() == calls and await everything() == before


async def test_send_concurrent_same_idempotency_key_calls_the_model_once(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    contexts = [await context_of(ann) for _ in range(6)]
    sent = await asyncio.gather(*(chat.send(context, NewMessage("Me first", idempotency_key="k")) for context in contexts), return_exceptions=True)
    answered = [item for item in sent if isinstance(item, Exchange)]
    assert answered and len({item.answer.id for item in answered}) == 1
    assert all(isinstance(item, (Exchange, Conflict)) for item in sent)
    assert (await model.calls())["chat"] == 1
    assert len(await rows(Conversation)) == 1 and len(await rows(Message)) == 2
    [active] = await rows(ActiveDay)
    assert active.revision == 1


async def test_send_same_idempotency_key_of_two_users_is_kept_apart(model: Model):
    ann, bob = await seeds.person(time_zone=seeds.noon_zone()), await seeds.person("bob")
    hers, his = await say(ann, "Hello from me", idempotency_key="k"), await say(bob, "Hello from me", idempotency_key="k")
    assert hers.question.id != his.question.id and his.conversation.user_id == bob.id


async def test_send_idempotency_key_of_another_message_is_refused(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    said = await say(ann, "The first", idempotency_key="k")
    other = await say(ann, "Elsewhere")
    context = await context_of(ann)
    before, calls = await everything(), await model.calls()
    for sending in (NewMessage("The second", idempotency_key="k"), NewMessage("The first", other.conversation.id, "k")):
        with pytest.raises(InvalidInput, match="was used for another message") as refused:
            await chat.send(context, sending)
        assert refused.value.field == "idempotencyKey"
    assert said.answer and await everything() == before and await model.calls() == calls


async def test_send_idempotency_key_being_answered_returns_conflict(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    said = await say(ann, "Patience", idempotency_key="k")
    await chat.delete(await context_of(ann), said.answer.id)
    await abandoned(said.question, since=timedelta(seconds=-60))
    context = await context_of(ann)
    before, calls = await everything(), await model.calls()
    with pytest.raises(Conflict, match="retry"):
        await chat.send(context, NewMessage("Patience", idempotency_key="k"))
    with pytest.raises(Conflict, match="retry"):
        await chat.regenerate(context, said.question.id)
    with pytest.raises(Conflict, match="being answered") as edit:
        await chat.edit(context, said.question.id, "Impatience")
    assert edit.value.reason is ConflictReason.BEING_ANSWERED and edit.value.retry_after, "a client waits as long as the reason says"
    assert await everything() == before and await model.calls() == calls


async def test_send_abandoned_question_counts_as_failed_and_can_be_regenerated(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    said = await say(ann, "Are you there?", idempotency_key="k")
    await chat.delete(await context_of(ann), said.answer.id)
    await abandoned(said.question, since=timedelta(seconds=1))
    calls = await model.calls()
    with pytest.raises(ModelFailed, match="messageRegenerate") as failed:
        await say(ann, "Are you there?", idempotency_key="k")
    assert failed.value.code == "MODEL_INTERRUPTED" and failed.value.question.id == said.question.id
    assert chat.message_state(await stored_message(said.question.id)).status is MessageStatus.FAILED
    assert await model.calls() == calls
    again = await chat.regenerate(await context_of(ann), said.question.id)
    assert again.answer.reply_to == said.question.id and again.question.status is MessageStatus.COMPLETE


@pytest.mark.parametrize(("fault", "code"), FAULTS.items())
async def test_send_model_failure_keeps_the_question_for_regeneration(model: Model, fault: str, code: str):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    await model.fail(match="task: chat/7", kind=fault)
    with pytest.raises(ModelFailed, match="messageRegenerate") as failed:
        await say(ann, "Please keep this", idempotency_key="k")
    assert failed.value.code == code and (failed.value.retry_after == 7) == (fault == "429")
    [question] = await rows(Message)
    assert failed.value.question.id == question.id and failed.value.conversation.id == question.conversation_id
    assert (question.content, question.status, question.error_code, question.answer_lease_until) == ("Please keep this", MessageStatus.FAILED, code, None)
    [active] = await rows(ActiveDay)
    assert active.revision == 1
    [used] = await rows(Usage, Usage.purpose == Purpose.CHAT)
    assert (used.calls, used.failed_calls) == (1, 1)
    assert (used.input_tokens > 0) == (fault in ("empty", "cut", "filtered"))
    calls = await model.calls()
    with pytest.raises(ModelFailed) as again:
        await say(ann, "Please keep this", idempotency_key="k")
    assert again.value.code == code and again.value.question.id == question.id and await model.calls() == calls
    await model.reset()
    answered = await chat.regenerate(await context_of(ann), question.id)
    assert answered.question.id == question.id and answered.question.status is MessageStatus.COMPLETE and answered.question.error_code is None
    assert (await say(ann, "Please keep this", idempotency_key="k")).answer.id == answered.answer.id


@pytest.mark.parametrize(("fault", "cut"), [("truncated", CutOff.LENGTH), ("resource", CutOff.LENGTH), ("finish-content-filter", CutOff.FILTER)])
async def test_send_cut_off_answer_is_stored_and_marked(model: Model, fault: str, cut: CutOff):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    await model.fail(match="task: chat/7", kind=fault)
    said = await say(ann, "I planted two apple trees in the garden")
    stored = await stored_message(said.answer.id)
    assert stored.cut_off is cut and stored.content and said.question.status is MessageStatus.COMPLETE
    await model.reset()
    again = await chat.regenerate(await context_of(ann), said.question.id)
    assert again.answer.id != stored.id and again.answer.cut_off is None and again.answer.content.startswith(stored.content)


async def test_send_slow_model_fails_with_timeout(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    await model.fail(match="task: chat/7", kind="timeout")
    with set_to(MODEL_TIMEOUT_SECONDS="1"), pytest.raises(ModelFailed) as failed:
        await say(ann, "Hello?")
    assert failed.value.code == "MODEL_TIMEOUT" and failed.value.question.status is MessageStatus.FAILED


async def test_send_with_too_little_time_makes_no_model_call(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    with written_log() as lines, pytest.raises(ModelFailed) as failed:
        await chat.send(await context_of(ann, seconds=4), NewMessage("In a hurry", idempotency_key="k"))
    [skipped] = [line for line in lines if line["event"] == "model_call_skipped"]
    assert (skipped["level"], skipped["user_id"]) == ("WARNING", str(ann.id)) and "time limit" in skipped["action"] and "hurry" not in str(lines)
    assert failed.value.code == "MODEL_TIMEOUT" and (await stored_message(failed.value.question.id)).status is MessageStatus.FAILED
    assert await model.calls() == {} and await rows(Usage) == []
    assert (await chat.regenerate(await context_of(ann), failed.value.question.id)).answer.content


async def test_send_after_a_failed_question_is_answered(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    said = await say(ann, "Hello to you")
    await model.fail(match="POISON", kind="400")
    with pytest.raises(ModelFailed):
        await say(ann, "a POISON of a question", said.conversation.id)
    assert (await say(ann, "And now?", said.conversation.id)).answer.content


async def test_answer_to_a_question_deleted_meanwhile_is_billed_but_not_stored(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    context = await context_of(ann)
    asked = await store_question(ann, NewMessage("Never mind"), context.deadline)
    assert isinstance(asked, StoredQuestion)
    await chat.delete(context, asked.question.id)
    with pytest.raises(Conflict, match="deleted"):
        await answer(ann, asked, context.deadline)
    assert await rows(Message) == [] and await rows(ActiveDay) == []
    [used] = await rows(Usage, Usage.purpose == Purpose.CHAT)
    assert used.calls == 1 and used.input_tokens > 0


async def test_answer_after_its_lease_expired_stores_nothing(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    context = await context_of(ann)
    late = await store_question(ann, NewMessage("Who answers?"), context.deadline)
    assert isinstance(late, StoredQuestion)
    await abandoned(late.question, since=timedelta(seconds=1))
    kept = await chat.regenerate(context, late.question.id)
    with pytest.raises(Conflict):
        await answer(ann, late, context.deadline)
    assert [message.id for message in await rows(Message, Message.reply_to == late.question.id)] == [kept.answer.id]


REFUSED = {
    "empty": (NewMessage(""), "content"),
    "blank": (NewMessage(" \n\t\u3000"), "content"),
    "too long": (NewMessage("长" * 20_001), "content"),
    "NUL": (NewMessage("a\x00b"), "content"),
    "half a pair": (NewMessage("a\ud800b"), "content"),
    "empty key": (NewMessage("a", idempotency_key=""), "idempotencyKey"),
    "long key": (NewMessage("a", idempotency_key="k" * 201), "idempotencyKey"),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_send_invalid_message_is_refused_and_changes_nothing(model: Model, case: str):
    sending, field = REFUSED[case]
    context = await context_of(await seeds.person(time_zone=seeds.noon_zone()))
    before = await everything()
    with pytest.raises(InvalidInput) as refused:
        await chat.send(context, sending)
    assert refused.value.field == field and await everything() == before and await model.calls() == {}


async def test_send_longest_message_is_stored_whole(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    content = "很长的话。" * 4_000
    assert (await stored_message((await say(ann, content)).question.id)).content == content


async def test_send_other_temporary_flag_is_refused_and_changes_nothing(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    said = await say(ann, "Remember this")
    context = await context_of(ann)
    before = await everything()
    with pytest.raises(InvalidInput) as refused:
        await chat.send(context, NewMessage("But not this", said.conversation.id, temporary=True))
    assert refused.value.field == "temporary" and await everything() == before
    assert (await chat.send(context, NewMessage("And this", said.conversation.id, temporary=False))).answer


async def test_send_to_another_users_conversation_returns_not_found(model: Model):
    ann, bob = await seeds.person(time_zone=seeds.noon_zone()), await seeds.person("bob")
    said = await say(ann, "Mine")
    context = await context_of(bob)
    before, words = await everything(), []
    for conversation_id in (said.conversation.id, uuid4()):
        with pytest.raises(NotFound) as missing:
            await chat.send(context, NewMessage("Let me in", conversation_id))
        words.append(str(missing.value))
    assert words[0] == words[1] and await everything() == before


async def test_send_without_a_session_is_refused_and_changes_nothing(model: Model):
    from jobs.deadline import Deadline
    from resolvers.context import Context

    before = await everything()
    with pytest.raises(Unauthenticated):
        await chat.send(Context(request_id="r", deadline=Deadline(30)), NewMessage("Hello"))
    assert await everything() == before and await model.calls() == {}


@pytest.mark.usefixtures("one_utc_day")
async def test_send_before_the_day_ends_belongs_to_the_previous_day(model: Model):
    hour = (datetime.now(timezone.utc).hour + 1) % 24
    early, late = await seeds.person(time_zone="UTC", day_ends_at=hour), await seeds.person("bob", time_zone="UTC", day_ends_at=0)
    before, after = await say(early, "Still up"), await say(late, "Still up")
    days = after.question.day - before.question.day
    assert days == timedelta(days=1 if hour else 0)
    assert uuid7() > before.answer.id
