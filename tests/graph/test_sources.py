"""Sources of answers and verdicts on them through the whole application: one request leads to the words, and the next prompt follows a verdict."""
from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from graph.relay import decode_part_id, encode_id, encode_part_id
from persistence.ids import uuid7
from persistence.models import JudgedSource, Message, User, Verdict
from persistence.models.enums import SourceVerdict
from resolvers import chat
from resolvers.answer_sources import SourceKey
from tests import seeds
from tests.graph.app_documents import mutate, query, query_counted
from tests.jobs.job_setup import everything, rows
from tests.resolvers.chat.chat_setup import Model, context_of, model
from tests.resolvers.chat.prompt_contents import World, last_prompt, summarize
from tests.resolvers.chat.test_erasure import store_written_day

__all__ = ["model"]

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

DAY = date.today() - timedelta(days=9)
OLD = date.today() - timedelta(days=40)
QUESTION = "How is the zebra?"

TOLD = """ fragment Told on Message { sources { items { ...Item } shownFrom { id } } }
fragment Item on Source {
  __typename id reasons removed verdict
  ... on ValueSource { value { id slot value status endedAt until evidence { quote message { id content } } } }
  ... on DaySource { date diary { id summary lines { id text evidence { quote message { id content } } } } }
  ... on MessageSource { message { id role content conversation { id title } } }
  ... on SummarySource { through { id } conversation { id title } }
  ... on AccountSource { field }
}"""
SOURCES = "query($id: ID!) { nodes(ids: [$id]) { ... on Message { ...Told } } }" + TOLD
CONVERSATION = "query($id: ID!) { conversation(id: $id) { messages(first: 10, newestFirst: true) { nodes { id role content ...Told } } } }" + TOLD
ASK = """mutation($input: MessageSendInput!) {
  messageSend(input: $input) { ... on MessageSendSuccess { answer { id content ...Told } conversation { id } } ... on Error { code message } }
}""" + TOLD
JUDGE = """mutation($input: SourceJudgeInput!) {
  sourceJudge(input: $input) {
    ... on SourceJudgeSuccess { changedValues source { ...Item } answer { id ...Told } } ... on Error { code message } ... on InvalidInputError { field }
  }
}""" + TOLD


@dataclass(frozen=True)
class Scene:
    ann: User
    conversation: str
    answer: str
    items: Sequence[dict[str, Any]]
    zebra: Message

    def item(self, kind: str, *reasons: str) -> dict[str, Any]:
        """Return the first source of this type that has all of these reasons."""
        return next(item for item in self.items if item["__typename"] == kind and {*reasons} <= {*item["reasons"]})

    async def judge(self, item: dict[str, Any], verdict: str | None, **input: Any) -> dict[str, Any]:
        return await mutate(self.ann, JUDGE, id=item["id"], verdict=verdict, **input)

    async def ask(self, content: str = QUESTION, *, here: bool = True) -> tuple[str, list[dict[str, Any]]]:
        """Return the text of the next prompt, without the conversation's own messages, and the sources of its answer."""
        conversation = {"conversationId": self.conversation} if here else {"temporary": True}
        sent = await mutate(self.ann, ASK, content=content, **conversation)
        prompt = await last_prompt(_MODEL[0])
        kept = [prompt[0]["content"], prompt[-1]["content"], *(message["content"] for message in prompt if message["role"] == "tool")]
        asked = [message["content"] for message in prompt if message["role"] == "user"][-1]
        return "\n".join({*kept, asked}), sent["answer"]["sources"]["items"]

    async def change_day(self, mutation: str) -> None:
        """Run a mutation of the day's diary."""
        document = f"mutation($day: Date!) {{ {mutation} {{ __typename }} }}"
        await seeds.ask(document, {"day": DAY.isoformat()}, token=await seeds.bearer(self.ann))


_MODEL: list[Model] = []


@pytest.fixture
async def scene(model: Model) -> Scene:
    """Return a user with a written day of two values, an old day with a zebra, and an answer that was told all of it, in a temporary conversation."""
    _MODEL[:] = [model]
    ann = await seeds.person()
    await store_written_day(ann, DAY)
    [zebra, *_] = await seeds.said(ann, OLD, "The zebra ate my apples", "The zebra slept, and I live in Hangzhou now")
    await seeds.diary(ann, OLD, [seeds.line(seeds.LineKind.SUMMARY, "Fed a zebra.", seeds.quote(zebra))], summary="Fed a zebra.")
    for number in (1, 2):  # so that the old day is none of the latest three
        await seeds.diary(ann, DAY + timedelta(days=number), summary="It rained.")
    sent = await mutate(ann, ASK, content=QUESTION, temporary=True)
    return Scene(ann, sent["conversation"]["id"], sent["answer"]["id"], sent["answer"]["sources"]["items"], zebra)


def told(items: Sequence[dict[str, Any]]) -> set[str]:
    """Return the keys of sources, without those of the account."""
    return {decode_part_id("Source", item["id"])[1] for item in items if item["__typename"] != "AccountSource"}


def key_of(item: dict[str, Any]) -> str:
    return decode_part_id("Source", item["id"])[1]


async def test_sources_lead_from_the_answer_to_the_quoted_message_in_one_request(scene: Scene):
    [answer] = (await query(scene.ann, SOURCES, id=scene.answer))["nodes"]
    items = answer["sources"]["items"]
    assert items == scene.items and [item["__typename"] for item in items][-3:] == ["AccountSource"] * 3
    home = next(item["value"] for item in items if item["__typename"] == "ValueSource" and item["value"]["value"] == "Hangzhou")
    assert home["evidence"][0]["message"]["content"] == "I live in Hangzhou now." and home["evidence"][0]["quote"] in "I live in Hangzhou now."
    day = scene.item("DaySource", "SEARCH")
    assert (day["date"], day["diary"]["lines"][0]["evidence"][0]["message"]["content"]) == (OLD.isoformat(), "The zebra ate my apples")
    assert scene.item("MessageSource", "SEARCH")["message"]["conversation"]["title"] == "A talk"
    assert {item["field"] for item in items if item["__typename"] == "AccountSource"} == {"NICKNAME", "LOCALE", "TIME_ZONE"}
    assert not any(item["removed"] or item["verdict"] for item in items)
    shown = (await query(scene.ann, "Sources", id=scene.answer))["node"]["sources"]["items"]
    assert [(item["__typename"], item["id"], item["reasons"]) for item in shown] == [(item["__typename"], item["id"], item["reasons"]) for item in items]
    value = next(item["value"] for item in shown if item.get("value", {}).get("value") == "Hangzhou")
    assert value["evidence"][0]["message"]["content"] == "I live in Hangzhou now."


async def test_sources_of_many_answers_take_as_many_statements_as_of_one(scene: Scene):
    _, few = await query_counted(scene.ann, CONVERSATION, id=scene.conversation)
    for _ in range(3):
        await scene.ask()
    found, many = await query_counted(scene.ann, CONVERSATION, id=scene.conversation)
    answers = [node["sources"]["items"] for node in found["conversation"]["messages"]["nodes"] if node["role"] == "ASSISTANT"]
    assert len(answers) == 4 and all(len(items) > 5 for items in answers) and many == few


async def test_sources_of_deleted_things_show_as_removed_without_any_text(scene: Scene):
    await chat.delete(await context_of(scene.ann), scene.zebra.id)
    await scene.change_day("diaryDelete(input: {date: $day})")
    [answer] = (await query(scene.ann, SOURCES, id=scene.answer))["nodes"]
    items = answer["sources"]["items"]
    assert [item["id"] for item in items] == [item["id"] for item in scene.items]
    removed = [item for item in items if item["removed"]]
    assert {item["__typename"] for item in removed} == {"ValueSource", "DaySource", "MessageSource"}
    assert all(item.get("value") is item.get("diary") is item.get("message") is None for item in removed)
    assert "Hangzhou" not in json.dumps(removed) and "apples" not in json.dumps(items)


@pytest.mark.parametrize(("verdict", "status"), [("WRONG", "REJECTED"), ("OUTDATED", "SUPERSEDED")])
async def test_source_judge_of_a_value_changes_the_profile_until_it_is_taken_back(scene: Scene, verdict: str, status: str):
    home = next(item for item in scene.items if item.get("value", {}).get("value") == "Hangzhou")
    before, _ = await scene.ask("Hello!")
    assert "identity.home: Hangzhou" in before
    judged = await scene.judge(home, verdict)
    value = judged["source"]["value"]
    assert (judged["changedValues"], judged["source"]["verdict"], value["status"], value["id"]) == (1, verdict, status, home["value"]["id"])
    assert value["endedAt"]
    after, items = await scene.ask("Hello!")
    assert "Hangzhou" not in after and "Ran before work." in after and key_of(home) not in told(items)
    searched, _ = await scene.ask("What did I say about Hangzhou?")
    assert "I live in Hangzhou now" in searched and "Lives in Hangzhou." not in searched
    assert (await scene.judge(home, verdict))["changedValues"] == 0 and len(await rows(Verdict)) == 1
    other = "WRONG" if verdict == "OUTDATED" else "OUTDATED"
    assert (await scene.judge(home, other))["source"]["verdict"] == other and len(await rows(Verdict)) == 1
    assert (await scene.judge(home, verdict))["source"]["value"]["status"] == status and len(await rows(Verdict)) == 1
    undone = await scene.judge(home, None)
    assert (undone["source"]["value"]["status"], undone["source"]["verdict"]) == ("ACTIVE", None)
    again, items = await scene.ask("Hello!")
    assert "identity.home: Hangzhou" in again and key_of(home) in told(items) and await rows(JudgedSource) == await rows(Verdict) == []


async def test_source_judge_not_now_withholds_a_value_and_what_says_it_from_this_conversation_only(scene: Scene):
    home = next(item for item in scene.items if item.get("value", {}).get("value") == "Hangzhou")
    before, _ = await scene.ask()
    assert before.count("Hangzhou") == 3  # the profile, a diary, and a message of the old day
    assert (await scene.judge(home, "NOT_NOW"))["changedValues"] == 0
    after, items = await scene.ask()
    assert "Hangzhou" not in after and "Ran before work." in after and "zebra ate my apples" in after and key_of(home) not in told(items)
    assert "Hangzhou" in (await scene.ask(here=False))[0]
    with_tool, _ = await scene.ask("What did I say about the zebra?")
    assert "zebra ate my apples" in with_tool and "recalled" in with_tool and "Hangzhou" not in with_tool
    fork = await chat.fork_conversation(await context_of(scene.ann), decode_part_id("Source", home["id"])[0])
    sent = await mutate(scene.ann, ASK, content="Hello!", conversationId=encode_id("Conversation", fork.id))
    assert key_of(home) not in told(sent["answer"]["sources"]["items"])
    await scene.judge(home, None)
    assert (await scene.ask())[0].count("Hangzhou") == 3
    await chat.delete_conversation(await context_of(scene.ann), fork.id)
    assert await rows(JudgedSource) == []


@pytest.mark.parametrize("verdict", ["WRONG", "NOT_NOW"])
async def test_source_judge_of_a_message_withholds_it_from_prompts_and_tools(scene: Scene, verdict: str):
    found = next(item for item in scene.items if item.get("message", {}).get("id") == encode_id("Message", scene.zebra.id))
    assert (await scene.judge(found, verdict))["source"]["verdict"] == verdict
    for question in (QUESTION, "What did I say about the zebra?"):
        prompt, items = await scene.ask(question)
        assert "ate my apples" not in prompt and "zebra slept" in prompt and key_of(found) not in told(items)
    assert ("ate my apples" in (await scene.ask(here=False))[0]) is (verdict == "NOT_NOW")
    await scene.judge(found, None)
    assert "ate my apples" in (await scene.ask(here=False))[0]


@pytest.mark.parametrize("verdict", SourceVerdict.__members__)
async def test_source_judge_of_a_day_withholds_its_diary(scene: Scene, verdict: str):
    day = next(item for item in scene.items if item.get("date") == DAY.isoformat())
    judged = await scene.judge(day, verdict)
    shown = [line["text"] for line in judged["source"]["diary"]["lines"]]
    assert (shown == []) is (verdict == "WRONG")
    prompt, items = await scene.ask()
    assert "Ran before work." not in prompt and key_of(day) not in told(items)
    assert ("Ran before work." in (await scene.ask(here=False))[0]) is (verdict == "NOT_NOW")
    undone = await scene.judge(day, None)
    assert [line["text"] for line in undone["source"]["diary"]["lines"]] == [line["text"] for line in day["diary"]["lines"]]
    assert "Ran before work." in (await scene.ask())[0] and await rows(JudgedSource) == []


async def test_source_judge_of_a_line_hides_only_it_and_shows_it_again(scene: Scene):
    day = next(item for item in scene.items if item.get("date") == DAY.isoformat())
    line = next(line for line in day["diary"]["lines"] if line["text"] == "Lives in Hangzhou.")
    judged = await scene.judge(day, "WRONG", lineIds=[line["id"]])
    assert judged["source"]["diary"]["summary"] == "Ran before work. My own words."
    prompt, items = await scene.ask("Hello!")
    assert "Lives in Hangzhou." not in prompt and "Ran before work." in prompt and key_of(day) in told(items)
    await scene.change_day("diaryUpdate(input: {date: $day, mood: 2})")
    [answer] = (await query(scene.ann, SOURCES, id=scene.answer))["nodes"]
    shown = next(item for item in answer["sources"]["items"] if item["id"] == day["id"])["diary"]["lines"]
    ran = next(line for line in shown if line["text"] == "Ran before work.")
    assert (await scene.judge(day, "WRONG", lineIds=[ran["id"]]))["source"]["diary"]["summary"] == "My own words."
    undone = await scene.judge(day, None)
    assert undone["source"]["diary"]["summary"] == "Ran before work. Lives in Hangzhou. My own words."


async def test_source_judge_of_a_summary_has_it_written_anew(scene: Scene):
    answer_id = (await rows(Message, Message.id == decode_part_id("Source", scene.items[0]["id"])[0]))[0]
    world = World(scene.ann, {"summary": "They spoke of {mark}."})
    await summarize(world, answer_id.conversation_id, answer_id.id)
    prompt, items = await scene.ask("Hello!")
    [summary] = [item for item in items if item["__typename"] == "SummarySource"]
    assert "qsumx" in prompt and (summary["through"]["id"], summary["conversation"]["id"]) == (scene.answer, scene.conversation)
    assert (await scene.judge(summary, "NOT_NOW"))["field"] == "verdict" and (await scene.judge(summary, None))["field"] == "verdict"
    assert (await scene.judge(summary, "WRONG"))["changedValues"] == 0
    prompt, items = await scene.ask("Hello!")
    assert "qsumx" not in prompt and not [item for item in items if item["__typename"] == "SummarySource"]


async def test_source_judge_refuses_what_cannot_be_judged_and_changes_nothing(scene: Scene):
    [name, *_] = [item for item in scene.items if item.get("field") == "NICKNAME"]
    value, day = scene.item("ValueSource"), next(item for item in scene.items if item.get("date") == DAY.isoformat())
    line = day["diary"]["lines"][0]["id"]
    bob = await seeds.person("bob")
    before = await everything()
    for item, verdict, input, field in (
        (name, "WRONG", {}, "id"), (value, "WRONG", {"lineIds": [line]}, "lineIds"), (day, "OUTDATED", {"lineIds": [line]}, "lineIds"),
        (day, "WRONG", {"lineIds": []}, "lineIds"), (day, "WRONG", {"lineIds": [line, line]}, "lineIds"),
    ):
        refused = await scene.judge(item, verdict, **input)
        assert (refused["code"], refused["field"]) == ("BAD_USER_INPUT", field)
    answer_id = decode_part_id("Source", value["id"])[0]
    unknown = encode_part_id("Source", answer_id, str(SourceKey("value", str(uuid7()))))
    document = "mutation($input: SourceJudgeInput!) { sourceJudge(input: $input) { __typename } }"
    for viewer, id, code in (
        (scene.ann, unknown, "NOT_FOUND"), (bob, value["id"], "NOT_FOUND"), (scene.ann, scene.answer, "BAD_USER_INPUT"), (scene.ann, "x", "BAD_USER_INPUT"),
        (None, value["id"], "UNAUTHENTICATED"),
    ):
        token = None if viewer is None else await seeds.bearer(viewer)
        [error] = (await seeds.ask(document, {"input": {"id": id, "verdict": "WRONG"}}, token=token))["errors"]
        assert error["extensions"]["code"] == code
    after = await everything()
    assert {name: kept for name, kept in after.items() if name != "sign_ins"} == {name: kept for name, kept in before.items() if name != "sign_ins"}


async def test_source_judge_of_something_deleted_since_is_a_conflict(scene: Scene):
    await chat.delete(await context_of(scene.ann), scene.zebra.id)
    found = next(item for item in scene.items if item.get("message", {}).get("id") == encode_id("Message", scene.zebra.id))
    await scene.change_day("diaryDelete(input: {date: $day})")
    day = next(item for item in scene.items if item.get("date") == DAY.isoformat())
    for item in (found, day, scene.item("ValueSource")):
        assert (await scene.judge(item, "OUTDATED"))["code"] == "CONFLICT"
    assert await rows(JudgedSource) == []
