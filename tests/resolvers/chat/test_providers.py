"""Chat with each provider family, response form and error: answers, streams, titles and searches."""

from __future__ import annotations

import pytest

from dev.offline_model.faults import BEHAVIORS
from dev.offline_model.provider_errors import ERRORS, kinds_of
from dev.offline_model.shapes import SHAPES
from persistence.models import Conversation, Message, ModelPause, User
from persistence.models.chat import CutOff, MessageStatus
from resolvers import chat
from resolvers.chat import Exchange, ModelFailed, NewMessage
from tests import seeds
from tests.providers import ALWAYS, CODES, MODELS, assert_all_is_counted, assert_nothing_of_a_thought_is_stored, family_of, speaking_as
from tests.resolvers.chat.chat_setup import Model, context_of, everything, rows, say

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database"), pytest.mark.once]

MESSAGE = "I saw a red squirrel in the park"
FIRST_QUESTION = "What did I say about squirrels?"
SECOND_QUESTION = "When did I see the squirrel?"


async def listen(user: User, content: str) -> tuple[str, Exchange]:
    """Return the joined pieces of a streamed answer and the stored exchange."""
    steps = [step async for step in chat.stream(await context_of(user), NewMessage(content))]
    assert isinstance(steps[-1], Exchange)
    return "".join(step for step in steps if isinstance(step, str)), steps[-1]


async def converse(model: Model, *, searches: bool = True) -> list[Exchange]:
    """Send two questions that need a search, one answered whole and one as a stream; return both exchanges."""
    ann = await seeds.person()
    await seeds.said(ann, seeds.DAY, MESSAGE)
    whole = await say(ann, FIRST_QUESTION)
    pieces, streamed = await listen(ann, SECOND_QUESTION)
    assert pieces == streamed.answer.content
    for exchange in (whole, streamed):
        assert not searches or ("red squirrel" in exchange.answer.content and exchange.answer.tool_calls == 1)
        assert exchange.answer.content.strip() and exchange.answer.status is MessageStatus.COMPLETE
    assert all(conversation.title for conversation in await rows(Conversation))
    await assert_nothing_of_a_thought_is_stored()
    return [whole, streamed]


@pytest.mark.parametrize("family", MODELS)
async def test_chat_family_with_thinking_off_answers_streams_titles_and_searches(model: Model, family: str) -> None:
    async with speaking_as(model, family):
        await converse(model)
        await assert_all_is_counted(model)
    stats = await model.stats()
    assert stats["tokens"]["reasoning_tokens"] == 0 and stats["by_task"] == {"chat": 4, "title": 2}


@pytest.mark.parametrize("family", [family for family in MODELS if family != "plain"])
async def test_chat_family_with_thinking_on_answers_streams_titles_and_searches(model: Model, family: str) -> None:
    async with speaking_as(model, family, thinking=True):
        await converse(model)
        await assert_all_is_counted(model)
    stats = await model.stats()
    assert stats["tokens"]["reasoning_tokens"] > 0 and stats["by_task"] == {"chat": 4, "title": 2}


@pytest.mark.parametrize(("family", "name"), ALWAYS.items())
@pytest.mark.parametrize("thinking", [False, True])
async def test_chat_model_that_always_thinks_answers_streams_titles_and_searches(model: Model, family: str, name: str, thinking: bool) -> None:
    async with speaking_as(model, family, model=name, thinking=thinking):
        await converse(model)
        await assert_all_is_counted(model)


NO_TEXT = {"content-null": "MODEL_EMPTY", "think-unclosed": "MODEL_EMPTY"}
BROKEN = ("tool-empty-arguments", "tool-broken-arguments")
"""Tool calls that cannot be run."""
NO_RESULT = ("tool-endless", "tool-despite-none", "tool-several", "tool-no-index", *BROKEN)
"""Tool calls that find nothing, or are made more than once."""
CUT_OFF = {
    "finish-length": CutOff.LENGTH,
    "finish-network-error": CutOff.LENGTH,
    "finish-resource": CutOff.LENGTH,
    "finish-sensitive": CutOff.FILTER,
    "finish-content-filter": CutOff.FILTER,
}


@pytest.mark.parametrize(
    ("kind", "family"),
    [(kind, "plain") for kind in SHAPES if kind not in NO_TEXT] + [(kind, "deepseek") for kind in SHAPES if kind.startswith(("think-b", "think-c", "tool-"))],
)
async def test_chat_each_response_form_is_understood(model: Model, kind: str, family: str) -> None:
    async with speaking_as(model, family, always=kind):
        exchanges = await converse(model, searches=kind not in (*NO_RESULT, *CUT_OFF))
    if kind not in ("usage-null", "usage-absent"):
        await assert_all_is_counted(model)
    assert all(exchange.answer.input_tokens and exchange.answer.output_tokens for exchange in exchanges)
    assert all(bool(exchange.answer.tool_calls) is (kind not in BROKEN) for exchange in exchanges)


@pytest.mark.parametrize("kind", NO_TEXT)
async def test_chat_response_without_text_raises_and_is_counted(model: Model, kind: str) -> None:
    ann = await seeds.person()
    async with speaking_as(model, "plain", always=kind):
        for ask in (say, listen):
            with pytest.raises(ModelFailed) as failed:
                await ask(ann, "Hello there")
            assert failed.value.code == NO_TEXT[kind]
    await assert_all_is_counted(model)
    await assert_nothing_of_a_thought_is_stored()


@pytest.mark.parametrize("kind", CUT_OFF)
async def test_chat_response_that_ended_early_is_stored_as_cut_off(model: Model, kind: str) -> None:
    ann = await seeds.person()
    whole = (await say(ann, "I planted two apple trees in the garden")).answer.content
    async with speaking_as(model, "plain", always=kind):
        cut = (await say(ann, "I planted two apple trees in the garden")).answer
        pieces, streamed = await listen(ann, "I planted two apple trees in the garden")
    assert cut.content == pieces == streamed.answer.content and whole.startswith(pieces) and 0 < len(pieces) < len(whole)
    assert cut.cut_off is streamed.answer.cut_off is CUT_OFF[kind]


async def codes_of(model: Model, kinds: list[str], ask: object) -> dict[str, str]:
    """Return the code of each error, as each provider words it."""
    ann, found = await seeds.person(), dict[str, str]()
    for kind in kinds:
        async with speaking_as(model, family_of(kind.rpartition(":")[2]), always=kind):
            with pytest.raises(ModelFailed) as failed:
                await ask(ann, "I planted two apple trees in the garden")  # type: ignore[operator]
        found[kind] = failed.value.code
        assert failed.value.question.status is MessageStatus.FAILED and failed.value.question.error_code == failed.value.code
    return found


@pytest.mark.parametrize(("inside", "ask"), [("", say), ("", listen), ("error-in-200:", say), ("error-in-sse:", listen)])
@pytest.mark.parametrize("meaning", CODES)
async def test_chat_each_provider_error_has_its_code_and_stores_no_answer(model: Model, meaning: str, inside: str, ask: object) -> None:
    kinds = [inside + kind for kind in kinds_of(meaning)]  # type: ignore[arg-type]
    found = await codes_of(model, kinds, ask)
    assert {kind: code for kind, code in found.items() if code not in CODES[meaning]} == {}
    assert {message.role.value for message in await rows(Message)} == {"USER"}


async def test_title_provider_error_keeps_the_answer_and_a_fallback_title(model: Model) -> None:
    ann = await seeds.person()
    for kind in ("zhipu-1301", "zhipu-1113", "error-in-200:zhipu-1301", "think-unclosed", "content-null", "html"):
        async with speaking_as(model, "plain", match="task: title/", kind=kind):
            said = await say(ann, "I planted two apple trees. It took a day.")
        assert "apple trees" in (said.conversation.title or ""), kind
        assert "apple trees" in said.answer.content
    await assert_nothing_of_a_thought_is_stored()


PARAMETERS = ("max_tokens", "stream_options", "tools", "thinking", "tool_choice")


@pytest.mark.parametrize("style", ["rejects-parameter", "rejects-parameter-422", "rejects-parameter-unrecognized"])
@pytest.mark.parametrize("name", PARAMETERS)
async def test_chat_refused_parameter_is_omitted_from_then_on(model: Model, name: str, style: str) -> None:
    ann = await seeds.person()
    async with speaking_as(model, "deepseek"):
        await model.fail(always=f"{style}:{name}")  # without a strict family, which would also refuse the replacement of the parameter
        first = await say(ann, "I planted two apple trees in the garden")
        pieces, _ = await listen(ann, "I planted two apple trees in the garden")
        refused = await _refusals(model)
        await say(ann, "I planted two apple trees in the garden")
        await listen(ann, "I planted two apple trees in the garden")
    assert first.answer.content == pieces and 1 <= refused == await _refusals(model)
    await assert_nothing_of_a_thought_is_stored()


async def _refusals(model: Model) -> int:
    """Return the number of calls that got no answer."""
    stats = await model.stats()
    return int(stats["calls"] - stats["answers"])


async def test_chat_provider_error_changes_only_the_question(model: Model) -> None:
    ann = await seeds.person()
    said = await say(ann, "I planted two apple trees in the garden")
    before = await everything()
    async with speaking_as(model, "zhipu", always="zhipu-1301"):
        with pytest.raises(ModelFailed):
            await say(ann, "And a pear tree", said.conversation.id)
    after = await everything()
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {"messages", "usage", "active_days", "conversations", "sign_ins", "user_storage", "user_changes"} and not await rows(ModelPause)


def test_provider_cases_of_forms_and_errors_are_complete() -> None:
    assert len(SHAPES) > 40 and len(ERRORS) > 50 and {family_of(kind) for kind in ERRORS} == set(MODELS) and "html" in BEHAVIORS
