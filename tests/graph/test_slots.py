# ruff: noqa: E501 - cases are one line each
"""Slots that users define and sensitive ones, through the whole application: mutations, their errors, isolation, settings."""

from __future__ import annotations

from typing import Any

import pytest

from jobs.profile_update import update_profile
from jobs.rules.own_slots import MAX_OWN_SLOTS, own_key
from jobs.rules.slots import SENSITIVE, SLOTS
from persistence import database
from persistence.models import OwnSlot, ProfileChange, ProfileValue, Signal, User, Verdict
from tests import seeds
from tests.jobs.job_setup import everything, rows
from tests.seeds import DAY, ask, bearer, quote, said, signal

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

ERRORS = "... on Error { code message } ... on InvalidInputError { field rule }"
SLOT = "slot { id name many halfLifeDays guide createdAt }"
CREATE = f"mutation ($input: SlotCreateInput!) {{ result: slotCreate(input: $input) {{ __typename {ERRORS} ... on SlotCreateSuccess {{ {SLOT} }} }} }}"
UPDATE = f"""mutation ($input: SlotUpdateInput!) {{ result: slotUpdate(input: $input) {{ __typename {ERRORS}
    ... on SlotUpdateSuccess {{ {SLOT} changedValues profile {{ sections {{ name values {{ value status }} }} }} }} }} }}"""
DELETE = """mutation ($input: SlotDeleteInput!) { result: slotDelete(input: $input) { __typename ... on Error { code message }
    ... on SlotDeleteSuccess { deletedId receipt { signalsRemoved valuesRemoved linesRemoved messagesRemoved } } } }"""
SET = f"""mutation ($input: ProfileValueSetInput!) {{ result: profileValueSet(input: $input) {{ __typename {ERRORS}
    ... on ProfileValueSetSuccess {{ value {{ id slot ownSlot {{ id name }} value }} }} }} }}"""
ACCOUNT = f"""mutation ($input: AccountUpdateInput!) {{ result: accountUpdate(input: $input) {{ __typename {ERRORS}
    ... on AccountUpdateSuccess {{ user {{ sensitiveSlots }} receipt {{ dryRun signalsRemoved valuesRemoved }} }} }} }}"""
SETTINGS = "{ profileSlots { slot ownSlot { id name } section label description many halfLifeDays sensitive enabled } }"
VALUES = "{ profile { sections { name values { slot ownSlot { name } value status } } } }"


async def call(user: User, document: str, **input: Any) -> dict[str, Any]:
    answer = await ask(document, {"input": input}, token=await bearer(user))
    assert "errors" not in answer, answer
    return answer["data"]["result"]  # type: ignore[no-any-return]


async def read(user: User, document: str) -> Any:
    answer = await ask(document, token=await bearer(user))
    assert "errors" not in answer, answer
    return answer["data"]


async def create(user: User, name: str = "Shoe size", **given: Any) -> dict[str, Any]:
    made = await call(user, CREATE, **{"name": name, "many": False, **given})
    assert made["__typename"] == "SlotCreateSuccess", made
    return made["slot"]  # type: ignore[no-any-return]


async def only_slot(user: User) -> OwnSlot:
    [slot] = await rows(OwnSlot, OwnSlot.user_id == user.id)
    return slot  # type: ignore[no-any-return]


async def learned(user: User, slot: str, *values: str) -> None:
    """Store a day whose diary has a signal for each value, said one after the other, and the profile."""
    messages = await said(user, DAY, *(f"It is {value} now." for value in values))
    await seeds.diary(user, DAY, [], [signal(slot, value, quote(message)) for value, message in zip(values, messages)])
    async with database.transaction() as session:
        await update_profile(session, user.id, reason="NIGHT")


async def test_slot_create_returns_the_slot_and_lists_it_after_the_tables_slots():
    ann = await seeds.person()
    made = await create(ann, "  鞋 码 ", many=True, halfLifeDays=None, guide="What I wear")
    assert (made["name"], made["many"], made["halfLifeDays"], made["guide"]) == ("鞋 码", True, None, "What I wear")
    listed = (await read(ann, SETTINGS))["profileSlots"]
    assert [item["slot"] for item in listed[:-1]] == [key.upper().replace(".", "_") for key in SLOTS]
    assert listed[-1] == {
        "slot": "OWN", "ownSlot": {"id": made["id"], "name": "鞋 码"}, "section": "OWN", "label": "鞋 码", "description": "What I wear", "many": True,
        "halfLifeDays": None, "sensitive": False, "enabled": True,
    }  # fmt: skip
    assert {item["slot"] for item in listed if not item["enabled"]} == {key.upper().replace(".", "_") for key in SENSITIVE}


async def test_profile_slots_of_a_chinese_user_are_labelled_in_chinese():
    ann = await seeds.person()
    await call(ann, ACCOUNT, sensitiveSlots=[])
    english = {item["slot"]: item for item in (await read(ann, SETTINGS))["profileSlots"]}
    await ask('mutation { accountUpdate(input: {locale: "zh-CN"}) { __typename } }', token=await bearer(ann))
    chinese = {item["slot"]: item for item in (await read(ann, SETTINGS))["profileSlots"]}
    assert english["IDENTITY_BIRTHDAY"]["label"] == "Birthday" and chinese["IDENTITY_BIRTHDAY"]["label"] == "生日"
    assert english["IDENTITY_ALLERGIES"]["description"] != chinese["IDENTITY_ALLERGIES"]["description"]


@pytest.mark.parametrize(("given", "field"), [
    ({"name": " "}, "name"), ({"name": "x" * 41}, "name"), ({"name": "a\u200bb"}, "name"), ({"name": "\u202eeman"}, "name"), ({"name": "!!!"}, "name"),
    ({"name": "Birthday"}, "name"), ({"name": "identity.home"}, "name"), ({"name": "IDENTITY_HOME"}, "name"), ({"name": "生 日"}, "name"),
    ({"name": "shoe-SIZE"}, "name"), ({"name": "4111 1111 1111 1111"}, "name"),
    ({"name": "Bike", "guide": "g" * 201}, "guide"), ({"name": "Bike", "guide": "a\u2066b"}, "guide"),
    ({"name": "Bike", "halfLifeDays": 0}, "halfLifeDays"), ({"name": "Bike", "halfLifeDays": 36501}, "halfLifeDays"), ({"name": "Bike", "halfLifeDays": -1}, "halfLifeDays"),
])  # fmt: skip
async def test_slot_create_with_an_invalid_field_changes_nothing(given: dict[str, Any], field: str):
    ann = await seeds.person()
    await create(ann, "Shoe size")
    token, before = await bearer(ann), await everything()
    answer = await ask(CREATE, {"input": {"many": False, **given}}, token=token)
    assert answer["data"]["result"]["__typename"] == "InvalidInputError" and answer["data"]["result"]["field"] == field
    assert await everything() == before


async def test_slot_create_beyond_the_limit_conflicts_and_changes_nothing():
    ann, bob = await seeds.person(), await seeds.person("bob")
    for number in range(MAX_OWN_SLOTS):
        await create(ann, f"Slot {number} x")
    assert (await call(ann, CREATE, name="One more", many=True))["code"] == "CONFLICT"
    assert len(await rows(OwnSlot)) == MAX_OWN_SLOTS
    assert (await create(bob, "One more"))["name"] == "One more", "the limit is of each account"


async def test_slot_update_changes_the_given_fields_and_keeps_the_values():
    ann = await seeds.person()
    made = await create(ann, guide="My shoes")
    await learned(ann, own_key((await only_slot(ann)).id), "42")
    changed = await call(ann, UPDATE, id=made["id"], name="Shoes")
    assert (changed["slot"]["name"], changed["slot"]["guide"], changed["slot"]["id"]) == ("Shoes", "My shoes", made["id"])
    own = [section for section in (await read(ann, VALUES))["profile"]["sections"] if section["name"] == "OWN"][0]
    assert own["values"] == [{"slot": "OWN", "ownSlot": {"name": "Shoes"}, "value": "42", "status": "ACTIVE"}]


async def test_slot_update_from_many_to_one_recomputes_the_profile():
    ann = await seeds.person()
    made = await create(ann, many=True)
    await learned(ann, own_key((await only_slot(ann)).id), "41", "42")
    before = {row.value: row.status.value for row in await rows(ProfileValue)}
    changed = await call(ann, UPDATE, id=made["id"], many=False)
    after = {row.value: row.status.value for row in await rows(ProfileValue)}
    assert before == {"41": "ACTIVE", "42": "ACTIVE"} and after == {"41": "SUPERSEDED", "42": "ACTIVE"} and changed["changedValues"] == 1
    assert [row.reason for row in await rows(ProfileChange, ProfileChange.reason.like("SLOT%"))] == ["SLOT_UPDATED: SUPERSEDED"]


@pytest.mark.parametrize(
    ("given", "rule"),
    [({"name": None}, "REQUIRED"), ({"many": None}, "REQUIRED"), ({"name": "Bike"}, "DUPLICATE"), ({"name": "生日"}, "DUPLICATE"), ({"halfLifeDays": 0}, "OUT_OF_RANGE")],
)
async def test_slot_update_with_an_invalid_field_changes_nothing(given: dict[str, Any], rule: str):
    ann = await seeds.person()
    made = await create(ann)
    await create(ann, "Bike")
    token, before = await bearer(ann), await everything()
    answer = await ask(UPDATE, {"input": {"id": made["id"], **given}}, token=token)
    refused = answer["data"]["result"]
    assert (refused["field"], refused["rule"]) == (*given, rule) and await everything() == before


async def test_slot_delete_erases_signals_values_verdicts_and_history_of_that_slot_alone():
    ann = await seeds.person()
    made = await create(ann)
    key = own_key((await only_slot(ann)).id)
    await seeds.whole_day(ann, DAY)
    await learned(ann, key, "41", "42")
    await call(ann, SET, slot="OWN", ownSlotId=made["id"], value="43")
    others = len(await rows(Signal, Signal.slot != key))
    gone = await call(ann, DELETE, id=made["id"])
    assert gone["deletedId"] == made["id"] and gone["receipt"] == {"signalsRemoved": 2, "valuesRemoved": 3, "linesRemoved": 0, "messagesRemoved": 0}
    for table in (Signal, Verdict, ProfileValue, ProfileChange):
        assert await rows(table, table.slot == key) == []  # type: ignore[attr-defined] # each of the four has it
    assert await rows(OwnSlot) == [] and len(await rows(Signal)) == others > 0


@pytest.mark.parametrize("document", [UPDATE, DELETE, SET])
async def test_own_slot_of_another_user_is_not_found_in_the_words_of_one_that_never_existed(document: str):
    ann, bob = await seeds.person(), await seeds.person("bob")
    hers = (await create(ann))["id"]
    his = (await create(bob, "Bike"))["id"]
    await call(bob, DELETE, id=his)
    token, before = await bearer(bob), await everything()
    answers = []
    for id in (hers, his):
        input = {"slot": "OWN", "ownSlotId": id, "value": "42"} if document is SET else {"id": id, **({"name": "Mine"} if document is UPDATE else {})}
        answers.append((await ask(document, {"input": input}, token=token))["errors"][0])
    assert [answer["extensions"]["code"] for answer in answers] == ["NOT_FOUND"] * 2 and answers[0]["message"] == answers[1]["message"]
    assert await everything() == before
    node = await ask("query ($id: ID!) { node(id: $id) { id } }", {"id": hers}, token=token)
    assert node["data"]["node"] is None
    assert all(item["ownSlot"] is None for item in (await read(bob, SETTINGS))["profileSlots"])


async def test_node_of_an_own_slot_returns_it_to_its_user():
    ann = await seeds.person()
    made = await create(ann)
    answer = await ask("query ($id: ID!) { node(id: $id) { ... on OwnSlot { id name } } }", {"id": made["id"]}, token=await bearer(ann))
    assert answer["data"]["node"] == {"id": made["id"], "name": "Shoe size"}


async def test_profile_value_set_in_an_own_slot_returns_the_value_with_its_slot():
    ann = await seeds.person()
    made = await create(ann)
    value = (await call(ann, SET, slot="OWN", ownSlotId=made["id"], value="42"))["value"]
    assert (value["slot"], value["ownSlot"], value["value"]) == ("OWN", {"id": made["id"], "name": "Shoe size"}, "42")


@pytest.mark.parametrize("given", [{"slot": "OWN"}, {"slot": "IDENTITY_HOME", "own": True}])
async def test_profile_value_set_with_a_slot_and_an_own_slot_that_do_not_fit_changes_nothing(given: dict[str, Any]):
    ann = await seeds.person()
    made = await create(ann)
    token, before = await bearer(ann), await everything()
    input = {"slot": given["slot"], "value": "42", **({"ownSlotId": made["id"]} if "own" in given else {})}
    assert (await ask(SET, {"input": input}, token=token))["data"]["result"]["field"] == "ownSlotId"
    assert await everything() == before


@pytest.mark.parametrize("value", ["in spring", "5月", "sometime"])
async def test_profile_value_set_of_a_birthday_without_a_day_changes_nothing(value: str):
    ann = await seeds.person()
    token, before = await bearer(ann), await everything()
    assert (await ask(SET, {"input": {"slot": "IDENTITY_BIRTHDAY", "value": value}}, token=token))["data"]["result"]["field"] == "value"
    assert await everything() == before


async def test_profile_value_set_in_a_sensitive_slot_needs_it_on():
    ann = await seeds.person()
    token, before = await bearer(ann), await everything()
    refused = (await ask(SET, {"input": {"slot": "IDENTITY_ALLERGIES", "value": "peanuts"}}, token=token))["data"]["result"]
    assert (refused["__typename"], refused["field"]) == ("InvalidInputError", "slot") and await everything() == before
    assert (await call(ann, ACCOUNT, sensitiveSlots=["IDENTITY_ALLERGIES"]))["receipt"] is None
    assert (await call(ann, SET, slot="IDENTITY_ALLERGIES", value="peanuts"))["value"]["value"] == "peanuts"


async def test_account_update_switches_sensitive_slots_on_and_off_and_off_erases_what_they_held():
    ann = await seeds.person()
    on = await call(ann, ACCOUNT, sensitiveSlots=["IDENTITY_BELIEFS", "IDENTITY_HEALTH", "IDENTITY_HEALTH"])
    assert on["user"]["sensitiveSlots"] == ["IDENTITY_HEALTH", "IDENTITY_BELIEFS"] and on["receipt"] is None
    await learned(ann, "identity.health", "asthma", "migraine")
    await call(ann, SET, slot="IDENTITY_BELIEFS", value="Buddhist")
    before = {table: found for table, found in (await everything()).items() if table != "sign_ins"}
    tried = await call(ann, ACCOUNT, sensitiveSlots=["IDENTITY_BELIEFS"], dryRun=True)
    assert tried["user"] == on["user"] and tried["receipt"] == {"dryRun": True, "signalsRemoved": 2, "valuesRemoved": 2}
    assert {table: found for table, found in (await everything()).items() if table != "sign_ins"} == before
    off = await call(ann, ACCOUNT, sensitiveSlots=["IDENTITY_BELIEFS"])
    assert off == {"__typename": "AccountUpdateSuccess", "user": {"sensitiveSlots": ["IDENTITY_BELIEFS"]}, "receipt": {"dryRun": False, "signalsRemoved": 2, "valuesRemoved": 2}}
    assert await rows(Signal) == [] and {row.value for row in await rows(ProfileValue)} == {"Buddhist"}
    assert {row.slot for row in await rows(ProfileChange)} == {"identity.beliefs"}
    await call(ann, ACCOUNT, sensitiveSlots=["IDENTITY_HEALTH", "IDENTITY_BELIEFS"])
    assert {row.value for row in await rows(ProfileValue)} == {"Buddhist"}, "what was off stays erased"


@pytest.mark.parametrize("slots", [["IDENTITY_HOME"], ["IDENTITY_HEALTH", "OWN"], None])
async def test_account_update_with_slots_that_are_not_sensitive_changes_nothing(slots: list[str] | None):
    ann = await seeds.person()
    await call(ann, ACCOUNT, sensitiveSlots=["IDENTITY_HEALTH"])
    token, before = await bearer(ann), await everything()
    assert (await ask(ACCOUNT, {"input": {"sensitiveSlots": slots}}, token=token))["data"]["result"]["field"] == "sensitiveSlots"
    assert await everything() == before


async def test_viewer_lists_the_sensitive_slots_that_are_on():
    ann = await seeds.person()
    assert await read(ann, "{ viewer { sensitiveSlots } }") == {"viewer": {"sensitiveSlots": []}}
    await call(ann, ACCOUNT, sensitiveSlots=["IDENTITY_ALLERGIES"])
    assert await read(ann, "{ viewer { sensitiveSlots } }") == {"viewer": {"sensitiveSlots": ["IDENTITY_ALLERGIES"]}}


async def test_slot_mutations_and_settings_without_a_session_are_refused():
    for document, input in ((CREATE, {"name": "Bike", "many": True}), (UPDATE, {"id": "x"}), (DELETE, {"id": "x"})):
        assert (await ask(document, {"input": input}))["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert (await ask(SETTINGS))["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert await rows(OwnSlot) == []
