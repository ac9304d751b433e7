"""Lists of conversations: pinned ones first, by filters that can be combined, and the tags in use."""
from __future__ import annotations

import pytest

from jobs.search_terms import make_terms_of
from resolvers import chat
from resolvers.chat import make_filter
from resolvers.errors import InvalidInput, NotFound
from tests import seeds
from tests.resolvers.chat.chat_setup import context_of, everything
from tests.resolvers.chat.test_conversations import make_conversations, pages, place_of
from tests.seeds import DAY

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]


async def test_list_conversations_pinned_come_first_and_pages_go_on_when_another_is_pinned() -> None:
    ann = await seeds.person()
    made = await make_conversations(ann, *(f"number {number}" for number in range(6)))
    context = await context_of(ann)
    for number in (1, 4):
        assert (await chat.update_conversation(context, made[number].id, {"pinned": True})).pinned
    rest = sorted((made[number].id for number in (0, 2, 3, 5)), reverse=True)
    expected = [*sorted((made[1].id, made[4].id), reverse=True), *rest]
    found = await pages(lambda after: chat.list_conversations(context, make_filter(), after=after, limit=2), place_of)
    assert [row.id for row in found] == expected
    before = await chat.list_conversations(context, make_filter(), limit=3)
    await chat.update_conversation(context, before.rows[-1].id, {"pinned": True})
    after = await chat.list_conversations(context, make_filter(), after=place_of(before.rows[-1]), limit=9)
    assert [row.id for row in after.rows] == rest[1:]
    with pytest.raises(InvalidInput) as refused:
        await chat.update_conversation(context, made[0].id, {"pinned": None})
    assert refused.value.field == "pinned"


async def test_list_conversations_filters_narrow_together() -> None:
    ann, bob = await seeds.person(), await seeds.person("bob")
    tea, work, both, put_away = await make_conversations(ann, "tea", "work", "both", "put away")
    await make_conversations(bob, "tea")
    context = await context_of(ann)
    await chat.update_conversation(context, tea.id, {"tags": ["Café"], "pinned": True})
    await chat.update_conversation(context, work.id, {"tags": ["work"]})
    await chat.update_conversation(context, both.id, {"tags": ["WORK", "cafe\u0301"]})
    await chat.update_conversation(context, put_away.id, {"tags": ["work"], "archived": True, "pinned": True})
    for wanted, names in (
        (make_filter(tags=["cafe"]), {"tea", "both"}), (make_filter(tags=["Work"]), {"work", "both"}), (make_filter(tags=["work", "café"]), {"both"}),
        (make_filter(tags=["wor"]), set()), (make_filter(pinned=True), {"tea"}), (make_filter(pinned=False), {"work", "both"}),
        (make_filter(archived=True, tags=["work"], pinned=True), {"put away"}), (make_filter(search="about tea", tags=["cafe"]), {"tea"}),
        (make_filter(search="about tea", tags=["work"]), set()),
    ):  # fmt: skip
        assert {row.title for row in (await chat.list_conversations(context, wanted, limit=9)).rows} == names, wanted
        assert await chat.count_conversations(context, wanted) == len(names)
    assert [(use.tag, use.conversations) for use in await chat.list_tags(context, archived=False)] == [("cafe\u0301", 2), ("work", 2)]
    assert [(use.tag, use.conversations) for use in await chat.list_tags(context, archived=True)] == [("work", 1)]
    assert [(use.tag, use.conversations) for use in await chat.list_tags(context)] == [("work", 3), ("cafe\u0301", 2)]
    assert not await chat.list_tags(await context_of(bob))


@pytest.mark.parametrize("tags", [[""], ["x" * 41], ["a\u202eb"], [str(number) for number in range(21)]], ids=["empty", "long", "direction", "many"])
async def test_list_conversations_invalid_tag_is_refused(tags: list[str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        make_filter(tags=tags)
    assert refused.value.field == "tags"


@pytest.mark.parametrize("by_terms", [False, True], ids=["by text", "by terms"])
async def test_search_messages_within_a_conversation_finds_its_messages_only(by_terms: bool) -> None:
    ann, bob = await seeds.person(), await seeds.person("bob")
    here = await seeds.said(ann, DAY, "a red fox", "我今天去了西湖", "the Café at six", "a blue hen", "on Monday")
    there = await seeds.said(ann, DAY, "a red fox", "我也去了西湖", "cafe", "a long tale of a red fox and of a hen and of much else")
    if by_terms:
        await make_terms_of(ann.id)
    context = await context_of(ann)
    for query, found in (
        ("fox red", [here[0]]), ("西湖", [here[1]]), ("CAFE", [here[2]]), ("red hen fox", [here[0]]), ("a b", [here[3]]), ("moon", []),
    ):  # fmt: skip
        page = await chat.search_messages(context, query, conversation_id=here[0].conversation_id, limit=9)
        assert ([row.id for row in page.rows], page.total) == ([row.id for row in found], len(found)), query
    assert {row.id for row in (await chat.search_messages(context, "fox", limit=9)).rows} == {here[0].id, there[0].id, there[3].id}
    everyday = await chat.search_messages(context, "on May 20th", conversation_id=here[0].conversation_id, limit=9)
    assert {row.id for row in everyday.rows} == {row.id for row in here}
    before = await everything()
    with pytest.raises(NotFound):
        await chat.search_messages(await context_of(bob), "fox", conversation_id=here[0].conversation_id, limit=9)
    changed = {name for name, rows in (await everything()).items() if rows != before[name]}
    assert changed <= {"sign_ins"}, "the context of another user signs in"
