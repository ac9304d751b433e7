"""Receipts of deletions against reality: what is queried before and after differs by exactly what they name, and a dry run changes nothing."""
from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from graph.relay import decode_id_of, encode_id
from jobs.profile_update import update_profile
from jobs.rules.own_slots import own_key
from persistence import database
from persistence.models import User
from persistence.models.diary import LineKind
from tests import seeds
from tests.jobs.job_setup import everything
from tests.resolvers.chat.chat_setup import Model, active, model
from tests.seeds import DAY, ask, bearer, line, quote, signal

__all__ = ["model"]

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

TEXTS = {
    "en": ("I went climbing with Anna.", "climbing", "Climbed with Anna.", "I live in Hangzhou now.", "Hangzhou", "Lives in Hangzhou.", "Anna"),
    "zh": ("我和安娜去攀岩了。", "攀岩", "和安娜去攀岩。", "我现在住在杭州。", "杭州", "住在杭州。", "安娜"),
}
DIARY = "id date version summary lines(includeHidden: true) { id text hidden } versions { version lines(includeHidden: true) { id } }"
PROFILE = "id sections { values(statuses: [ACTIVE, DISPUTED, SUGGESTED, SUPERSEDED, REJECTED]) { id value confidence status } }"
EVERYTHING = f"""{{
  conversations {{ nodes {{ id title messages {{ nodes {{ id content }} }} }} }} diaries {{ nodes {{ {DIARY} }} }} profile {{ {PROFILE} }}
  profileChanges {{ nodes {{ id }} }} profileSlots {{ ownSlot {{ id }} }} }}"""
RECEIPT = f"receipt {{ dryRun deletedIds days valuesRemoved linesRemoved messagesRemoved diaries {{ {DIARY} }} profile {{ {PROFILE} }} }}"


def ids_in(found: Any) -> Iterator[str]:
    if isinstance(found, dict):
        yield from ([found["id"]] if "id" in found else [])
        found = list(found.values())
    if isinstance(found, list):
        for item in found:
            yield from ids_in(item)


async def stored() -> dict[str, Any]:
    """Return every row, but sessions, which a request may touch."""
    return {table: rows for table, rows in (await everything()).items() if table != "sign_ins"}


async def fill(user: User, language: str) -> dict[str, str]:
    """Store two days in two versions, with a fork, a profile and a slot of the user's own; return the ids that the deletions name."""
    climbed, climbing, climbs, home, city, lives, _ = TEXTS[language]
    [went, lived] = await seeds.said(user, DAY, climbed, home)
    lines = [
        line(LineKind.SUMMARY, climbs, quote(went)), line(LineKind.ACTIVITY, climbing, quote(went, climbing)), line(LineKind.HIGHLIGHT, lives, quote(lived)),
    ]
    signals = [signal("preferences.activities", climbing, quote(went, climbing)), signal("identity.home", city, quote(lived, city))]
    await active(user, DAY)
    token = await bearer(user)
    slot = (await result(token, "slotCreate", "... on SlotCreateSuccess { slot { id } }", name="Gear", many=True))["slot"]["id"]
    signals.append(signal(own_key(decode_id_of("OwnSlot", slot)), climbing, quote(went, climbing)))
    for version in (lines, [*lines, line(LineKind.OPEN_QUESTION, f"{city}?", quote(lived, city))]):
        diary_id = await seeds.diary(user, DAY, version, signals, summary=climbs)
    async with database.transaction() as session:
        await update_profile(session, user.id, reason="NIGHT")
    await result(token, "conversationFork", "__typename", messageId=encode_id("Message", lived.id))
    found = (await ask(EVERYTHING, token=token))["data"]
    value = next(item["id"] for section in found["profile"]["sections"] for item in section["values"] if item["value"] == climbing)
    first = found["diaries"]["nodes"][0]["lines"][0]["id"]
    return {
        "message": encode_id("Message", went.id), "conversation": encode_id("Conversation", went.conversation_id), "diary": encode_id("Diary", diary_id),
        "line": first, "slot": slot, "value": value, "token": token, "name": TEXTS[language][6],
    }


async def result(token: str, mutation: str, selection: str, **input: Any) -> dict[str, Any]:
    name = f"{mutation[0].upper()}{mutation[1:]}Input"
    answer = await ask(f"mutation ($input: {name}!) {{ {mutation}(input: $input) {{ __typename {selection} }} }}", {"input": input}, token=token)
    assert "errors" not in answer, answer
    return answer["data"][mutation]  # type: ignore[no-any-return]


DELETIONS: dict[str, Callable[[dict[str, str]], dict[str, Any]]] = {
    "messageDelete": lambda ids: {"messageId": ids["message"]},
    "messageEdit": lambda ids: {"messageId": ids["message"], "content": "OK."},
    "conversationDelete": lambda ids: {"conversationId": ids["conversation"]},
    "conversationsDelete": lambda ids: {"conversationIds": [ids["conversation"]]},
    "diaryDelete": lambda ids: {"id": ids["diary"]},
    "diaryUpdate": lambda ids: {"id": ids["diary"], "lines": [{"id": ids["line"], "deleted": True}]},
    "memoryErase": lambda ids: {"names": [ids["name"]]},
    "profileValueErase": lambda ids: {"id": ids["value"]},
    "slotDelete": lambda ids: {"id": ids["slot"]},
}
IN_CHINESE = ("messageDelete", "conversationDelete", "memoryErase")


@pytest.mark.parametrize(("mutation", "language"), [*((name, "en") for name in DELETIONS), *((name, "zh") for name in IN_CHINESE)])
async def test_receipt_of_a_deletion_names_exactly_what_is_gone_and_what_is_left(mutation: str, language: str):
    user = await seeds.person(language)
    ids = await fill(user, language)
    token, input = ids["token"], DELETIONS[mutation](ids)
    if mutation == "profileValueErase":  # a value that the user set, and that no message supports
        set_by_hand = await result(token, "profileValueSet", "... on ProfileValueSetSuccess { value { id } }", slot="PREFERENCES_FOOD", value="noodles")
        input = {"id": set_by_hand["value"]["id"]}
    before, rows = (await ask(EVERYTHING, token=token))["data"], await stored()
    selection = f"... on {mutation[0].upper()}{mutation[1:]}Success {{ {RECEIPT} }}"
    tried = (await result(token, mutation, selection, **input, dryRun=True))["receipt"]
    assert await stored() == rows and (await ask(EVERYTHING, token=token))["data"] == before
    assert tried["dryRun"] is True and tried["profile"] == before["profile"]
    assert tried["diaries"] == [found for found in before["diaries"]["nodes"] if found["date"] in tried["days"]]
    receipt = (await result(token, mutation, selection, **input))["receipt"]
    after = (await ask(EVERYTHING, token=token))["data"]
    gone = set(ids_in(before)) - set(ids_in(after))
    assert gone and sorted(receipt["deletedIds"]) == sorted(gone), json.dumps([receipt["deletedIds"], before, after])
    assert receipt["dryRun"] is False and sorted(tried["deletedIds"]) == sorted(gone) and tried["days"] == receipt["days"]
    for name in ("valuesRemoved", "linesRemoved", "messagesRemoved"):
        assert tried[name] == receipt[name]
    assert receipt["profile"] == after["profile"]
    assert receipt["diaries"] == [found for found in after["diaries"]["nodes"] if found["date"] in receipt["days"]]
    changed = [found["date"] for found in before["diaries"]["nodes"] if found not in after["diaries"]["nodes"]]
    assert set(changed) <= set(receipt["days"])


CARRIED = """{ conversations { nodes { messages { nodes { id role carries { lines { id text evidence { quote message { id } } } values { id value } } } } } }
  diaries { nodes { lines { id evidence { message { id } } } } }
  profile { sections { values { id evidence { message { id } } } } } }"""


def carriers(found: dict[str, Any]) -> dict[str, set[str]]:
    """Return the ids of the lines and values that stand on each message, as the evidence of these says."""
    stand_on: dict[str, set[str]] = {}
    items = [line for diary in found["diaries"]["nodes"] for line in diary["lines"]]
    for item in [*items, *(value for section in found["profile"]["sections"] for value in section["values"])]:
        for quoted in item["evidence"]:
            stand_on.setdefault(quoted["message"]["id"], set()).add(item["id"])
    return stand_on


@pytest.mark.parametrize("language", TEXTS)
async def test_message_carries_what_evidence_leads_back_to_it_and_a_deletion_takes_it(language: str, model: Model):
    user = await seeds.person(language)
    ids = await fill(user, language)
    other = await bearer(await seeds.person("other"))
    both = "question { carries { lines { id } values { id } } } answer { carries { lines { id } } }"
    sent = await result(ids["token"], "messageSend", f"... on MessageSendSuccess {{ {both} }}", content="Hm.")
    assert sent["question"]["carries"] == {"lines": [], "values": []} and sent["answer"]["carries"] is None
    found = (await ask(CARRIED, token=ids["token"]))["data"]
    messages = [message for conversation in found["conversations"]["nodes"] for message in conversation["messages"]["nodes"]]
    assert [message["role"] for message in messages if message["carries"] is None] == ["ASSISTANT"]
    carried = {message["id"]: message["carries"] for message in messages if message["carries"]}
    named = {id: {item["id"] for item in (*carries["lines"], *carries["values"])} for id, carries in carried.items()}
    assert len(named) >= 5 and {id: items for id, items in named.items() if items} == carriers(found)  # the copies in the fork carry nothing
    went = carried[ids["message"]]
    assert [line["text"] for line in went["lines"]] == [TEXTS[language][2], TEXTS[language][1]]
    assert {value["value"] for value in went["values"]} == {TEXTS[language][1]}
    deleted = (await result(ids["token"], "messageDelete", f"... on MessageDeleteSuccess {{ {RECEIPT} }}", messageId=ids["message"]))["receipt"]
    assert named[ids["message"]] <= set(deleted["deletedIds"])
    nodes = "query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Message { carries { lines { id } values { id } } } } }"
    assert (await ask(nodes, {"ids": list(carried)}, token=other))["data"]["nodes"] == [None] * len(carried)
    versions = "{ diaries { nodes { versions { id version lines { id } } } } }"
    listed = (await ask(versions, token=ids["token"]))["data"]["diaries"]["nodes"][0]["versions"]
    by_id = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on DiaryVersion { id version lines { id } } } }"
    asked = {"ids": [version["id"] for version in listed]}
    assert len(listed) >= 2 and (await ask(by_id, asked, token=ids["token"]))["data"]["nodes"] == listed
    assert (await ask(by_id, asked, token=other))["data"]["nodes"] == [None] * len(listed)
    hidden = next(id for id, carries in carried.items() if carries["lines"] and id != ids["message"])
    diary = next(found["id"] for found in (await ask(EVERYTHING, token=ids["token"]))["data"]["diaries"]["nodes"])
    hiding = [{"id": carried[hidden]["lines"][0]["id"], "hidden": True}]
    await result(ids["token"], "diaryUpdate", "... on DiaryUpdateSuccess { diary { id } }", id=diary, lines=hiding)
    [left] = (await ask(nodes, {"ids": [hidden]}, token=ids["token"]))["data"]["nodes"]
    assert [line["id"] for line in left["carries"]["lines"]] == [line["id"] for line in carried[hidden]["lines"][1:]]
