"""Sources of an answer: exactly what stood in its prompt about the user, each with the reasons."""
from __future__ import annotations

import json
from datetime import timedelta

import pytest

from llm import tool_loop, tools
from llm.tools import Search
from persistence.models.enums import SourceReason
from resolvers import chat
from resolvers.answer_sources import DAY, MESSAGE, SUMMARY, VALUE, FoundDay, Sources, read_sources
from resolvers.chat import Exchange, NewMessage
from resolvers.chat.recall import recall_for
from tests import seeds
from tests.resolvers.chat.chat_setup import Model, context_of, say, set_to, stored_message
from tests.resolvers.chat.prompt_contents import TEXTS, TODAY, assert_equal_both_ways, last_prompt, make_world, summarize

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]


@pytest.mark.parametrize("locale", TEXTS)
async def test_sources_equal_the_captured_prompt_in_every_situation(model: Model, locale: str):
    world = await make_world("ann", locale)
    ann, texts = world.user, world.texts
    seen: set[str] = set()
    kinds: set[str] = set()

    async def check(exchange: Exchange) -> Exchange:
        stored = (await stored_message(exchange.answer.id)).sources
        assert stored == exchange.answer.sources and stored is not None and not any(mark in stored for mark in world.marks)
        contents = assert_equal_both_ways(await last_prompt(model), world, stored)
        kinds.update(key.kind for key in contents)
        seen.update(set().union(*contents.values()))
        return exchange

    first = await check(await say(ann, texts["greeting"], temporary=True))
    assert "DISPUTE" not in seen
    await check(await say(ann, texts["search"], first.conversation.id))
    await check(await say(ann, texts["date"].format(day=TODAY - timedelta(days=17)), temporary=True))
    await check(await say(ann, texts["tool"], temporary=True))
    await check(await say(ann, texts["when"], temporary=True))
    last = await check(await say(ann, texts["nothing"], first.conversation.id))
    await summarize(world, first.conversation.id, last.answer.id)
    await check(await say(ann, texts["greeting"], first.conversation.id))
    for profile, diary in (("12", "30"), ("25", "60"), ("40", "100")):
        with set_to(PROFILE_TOKENS=profile, DIARY_TOKENS=diary):
            await check(await say(ann, texts["search"], temporary=True))
            await check(await say(ann, texts["tool"], temporary=True))
    async for step in chat.stream(await context_of(ann), NewMessage(texts["search"], temporary=True)):
        if isinstance(step, Exchange):
            await check(step)
    asked = await check(await say(ann, texts["greeting"]))  # the others are not recalled by searches, since they are temporary
    assert "DISPUTE" in seen
    await check(await chat.regenerate(await context_of(ann), asked.question.id))
    assert kinds == {VALUE, DAY, MESSAGE, SUMMARY, "account"}
    assert seen == {"PROFILE", "DISPUTE", "RECENT", "FOUND", "TOOL", "CONVERSATION", "ACCOUNT"}


async def test_comparison_with_the_prompt_fails_when_any_source_is_left_out_or_added(model: Model):
    world = await make_world("ann", "en")
    said = await say(world.user, world.texts["tool"], temporary=True)
    prompt, stored = await last_prompt(model), json.loads(said.answer.sources or "")
    assert len(stored["reasons"]) > 8
    for key in stored["reasons"]:
        less = {**stored, "reasons": {other: reasons for other, reasons in stored["reasons"].items() if other != key}}
        with pytest.raises(AssertionError):
            assert_equal_both_ways(prompt, world, json.dumps(less))
    absent = next(key for key in world.marks.values() if str(key) not in stored["reasons"])
    with pytest.raises(AssertionError):
        assert_equal_both_ways(prompt, world, json.dumps({**stored, "reasons": {**stored["reasons"], str(absent): ["SEARCH"]}}))


@pytest.mark.parametrize("locale", TEXTS)
async def test_sources_of_a_dated_question_tell_the_date_from_the_words(model: Model, locale: str):
    world = await make_world("ann", locale)
    dated = await say(world.user, world.texts["date"].format(day=TODAY - timedelta(days=17)), temporary=True)
    reasons = (read_sources(dated.answer.sources) or Sources()).items()
    assert {tuple(given) for key, given in reasons.items() if key.kind == MESSAGE} == {(SourceReason.DATE,)}
    worded = await say(world.user, world.texts["search"])
    reasons = (read_sources(worded.answer.sources) or Sources()).items()
    assert {tuple(given) for key, given in reasons.items() if key.kind == MESSAGE} == {(SourceReason.SEARCH,)}


async def test_sources_without_anything_known_have_the_account_only(model: Model):
    said = await say(await seeds.person(), "Tell me about rivers")
    sources = read_sources((await stored_message(said.answer.id)).sources)
    assert sources is not None and {key.kind for key in sources.items()} == {"account"} and sources.shown_from == said.question.id
    assert (await stored_message(said.question.id)).sources is None


async def test_sources_from_before_reasons_were_recorded_are_read_without_reasons():
    sources = read_sources('{"values": ["018f0000-0000-7000-8000-000000000001"], "days": ["2026-05-20"], "messages": []}')
    assert sources is not None
    assert {str(key): list(reasons) for key, reasons in sources.items().items()} == {"value:018f0000-0000-7000-8000-000000000001": [], "day:2026-05-20": []}


@pytest.mark.parametrize("tool", [tools.SEARCH_MESSAGES, tools.SEARCH_DIARY])
async def test_recall_tells_the_messages_that_it_shows(tool: str):
    ann = await seeds.person()
    [zebra, _] = await seeds.said(ann, seeds.DAY, "The zebra was mine.", "It rained.")
    [question] = await seeds.said(ann, seeds.DAY + timedelta(days=1), "zebra?")
    found: list[list[FoundDay]] = []
    await recall_for(question, found_days=found)(Search(tool, "zebra"))  # type: ignore[arg-type] # a list of lists
    keys = {key for day in found[0] for key in day.excerpt.keys}
    assert str(zebra.id) in keys and str(question.id) not in keys


@pytest.mark.parametrize("allows", [True, False])
async def test_tool_results_without_tokens_for_them_are_no_sources(model: Model, allows: bool):
    """A quota that does not cover the results has them removed before the model sees them."""

    async def recall(search: Search) -> list[str]:
        return ["2026-05-20 (Wed):\nperson: the zebra was mine"]

    async def permit(amount: int) -> bool:
        return allows

    completion = await tool_loop.complete(
        [{"role": "user", "content": "What did I say about the zebra?"}], max_tokens=100, timeout=30, retries=0, recall=recall, seed=b"seed", permit=permit)
    assert completion.tools_used == 1 and completion.shown_results == ((0,) if allows else ())
    assert ("zebra was mine" in json.dumps(await last_prompt(model))) is allows
