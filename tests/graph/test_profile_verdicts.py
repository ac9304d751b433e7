"""profileValueSet, -Lock, -Unlock, -Reject and profileRevert through the whole application."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from graph.relay import encode_id
from jobs import profile_update
from persistence import database
from persistence.ids import uuid7
from persistence.models import User
from tests import seeds
from tests.jobs.job_setup import everything
from tests.seeds import DAY, ask, bearer

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

VALUE = "value { id slot value status locked origin confidence evidence { quote } changes { reason } } changedValues"
ERRORS = "... on Error { code message } ... on InvalidInputError { field }"
SET = f"""mutation ($input: ProfileValueSetInput!) {{ result: profileValueSet(input: $input) {{ __typename {ERRORS}
    ... on ProfileValueSetSuccess {{ {VALUE} }} }} }}"""
LOCK = f"mutation ($input: ProfileValueLockInput!) {{ result: profileValueLock(input: $input) {{ __typename ... on ProfileValueLockSuccess {{ {VALUE} }} }} }}"
UNLOCK = f"""mutation ($input: ProfileValueUnlockInput!) {{ result: profileValueUnlock(input: $input) {{ __typename
    ... on ProfileValueUnlockSuccess {{ {VALUE} }} }} }}"""
REJECT = f"""mutation ($input: ProfileValueRejectInput!) {{ result: profileValueReject(input: $input) {{ __typename {ERRORS}
    ... on ProfileValueRejectSuccess {{ {VALUE} }} }} }}"""
PROFILE = "profile { asOf sections { name values { id value status locked confidence } } }"
REVERT = f"""mutation ($input: ProfileRevertInput!) {{ result: profileRevert(input: $input) {{ __typename {ERRORS}
    ... on ProfileRevertSuccess {{ changedValues {PROFILE} }} }} }}"""
CHANGES = "{ profileChanges(first: 50) { nodes { id reason before after } } }"


async def call(user: User, document: str, **input: Any) -> dict[str, Any]:
    answer = await ask(document, {"input": input}, token=await bearer(user))
    assert "errors" not in answer, answer
    return answer["data"]["result"]  # type: ignore[no-any-return]


async def store_profile(user: User) -> dict[str, str]:
    """Store a day and its profile, and return the ids by value."""
    await seeds.whole_day(user, DAY)
    async with database.transaction() as session:
        await profile_update.update_profile(session, user.id, reason="NIGHT")
    return {value["value"]: value["id"] for value in await values(user)}


async def values(user: User) -> list[dict[str, Any]]:
    answer = await ask(f"{{ {PROFILE} }}", token=await bearer(user))
    return [value for section in answer["data"]["profile"]["sections"] for value in section["values"]]


async def test_profile_value_set_lock_unlock_and_reject_return_the_changed_value():
    ann = await seeds.person()
    await store_profile(ann)
    set_by_hand = await call(ann, SET, slot="IDENTITY_HOME", value="Suzhou")
    value = set_by_hand["value"]
    assert (value["value"], value["status"], value["origin"], value["confidence"], value["evidence"]) == ("Suzhou", "ACTIVE", "STATED", 1.0, [])
    assert value["changes"][0]["reason"].startswith("VALUE_SET") and set_by_hand["changedValues"] == 2
    assert (await call(ann, LOCK, id=value["id"]))["value"]["locked"] is True
    assert (await call(ann, UNLOCK, id=value["id"]))["value"]["locked"] is False
    rejected = await call(ann, REJECT, id=value["id"], reason="No.")
    assert rejected["value"]["status"] == "REJECTED"
    assert {value["value"]: value["status"] for value in await values(ann)} == {"Hangzhou": "ACTIVE", "running": "ACTIVE"}


async def test_profile_revert_to_a_change_or_a_day_restores_that_profile():
    ann = await seeds.person()
    ids = await store_profile(ann)
    answer = await ask(CHANGES, token=await bearer(ann))
    newest = answer["data"]["profileChanges"]["nodes"][0]
    before = await values(ann)
    await call(ann, REJECT, id=ids["running"])
    reverted = await call(ann, REVERT, changeId=newest["id"])
    assert reverted["changedValues"] == 1 and await values(ann) == before
    emptied = await call(ann, REVERT, asOf=(DAY - timedelta(days=1)).isoformat())
    assert emptied["changedValues"] == 2 and await values(ann) == []


@pytest.mark.parametrize(
    ("document", "input", "field"),
    [
        (SET, {"slot": "IDENTITY_HOME", "value": " "}, "value"),
        (REVERT, {"asOf": "2099-01-01"}, "asOf"),
    ],
)
async def test_profile_mutations_with_an_invalid_field_return_invalid_input_error(document: str, input: dict[str, Any], field: str):
    ann = await seeds.person()
    result = await call(ann, document, **input)
    assert (result["__typename"], result["field"]) == ("InvalidInputError", field) and await values(ann) == []


async def test_profile_revert_without_exactly_one_target_is_refused():
    ann = await seeds.person()
    await store_profile(ann)
    token = await bearer(ann)
    before = await everything()
    for input in ({}, {"asOf": DAY.isoformat(), "changeId": encode_id("ProfileChange", uuid7())}):
        result = (await ask(REVERT, {"input": input}, token=token))["data"]["result"]
        assert (result["__typename"], result["field"]) == ("InvalidInputError", "asOf")
    assert await everything() == before


async def test_profile_mutations_on_another_users_value_are_refused_like_an_unknown_id():
    ann, bob = await seeds.person(), await seeds.person("bob")
    theirs = (await store_profile(ann))["running"]
    token = await bearer(bob)
    before = await everything()
    for document in (LOCK, UNLOCK, REJECT):
        said = set()
        for id in (theirs, encode_id("ProfileValue", uuid7())):
            [error] = (await ask(document, {"input": {"id": id}}, token=token))["errors"]
            said.add((error["message"], error["extensions"]["code"]))
        assert said == {("no such profile value", "NOT_FOUND")}
    assert await everything() == before


async def test_profile_mutations_when_signed_out_are_refused():
    ann = await seeds.person()
    ids = await store_profile(ann)
    before = await everything()
    inputs = {SET: {"slot": "IDENTITY_HOME", "value": "x"}, REVERT: {"asOf": DAY.isoformat()}} | {
        document: {"id": ids["running"]} for document in (LOCK, UNLOCK, REJECT)
    }
    for document, input in inputs.items():
        [error] = (await ask(document, {"input": input}))["errors"]
        assert error["extensions"]["code"] == "UNAUTHENTICATED"
    assert await everything() == before


POLARITY = "value { value polarity status locked since until condition } changedValues"
SET_POLARITY = SET.replace(VALUE, POLARITY)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"value": "cilantro", "polarity": "DISLIKES"}, ("cilantro", "DISLIKES")),
        ({"value": "pork", "polarity": "IS_NOT"}, ("pork", "IS_NOT")),
        ({"value": "hates cilantro"}, ("cilantro", "DISLIKES")),
        ({"value": "不吃猪肉"}, ("猪肉", "IS_NOT")),
        ({"value": "tea", "polarity": "LIKES"}, ("tea", "LIKES")),
        ({"value": "vegetarian"}, ("vegetarian", "IS")),
    ],
)
async def test_profile_value_set_with_a_polarity_keeps_it_through_lock_and_unlock(given: dict[str, str], shown: tuple[str, str]):
    ann = await seeds.person()
    value = (await call(ann, SET_POLARITY, slot="PREFERENCES_FOOD", **given))["value"]
    assert (value["value"], value["polarity"], value["status"]) == (*shown, "ACTIVE")
    [id] = [found["id"] for found in await values(ann)]
    locked = (await call(ann, LOCK.replace(VALUE, POLARITY), id=id))["value"]
    unlocked = (await call(ann, UNLOCK.replace(VALUE, POLARITY), id=id))["value"]
    assert (locked["polarity"], locked["locked"]) == (shown[1], True) and (unlocked["polarity"], unlocked["locked"]) == (shown[1], False)


async def test_profile_value_set_to_the_opposite_supersedes_and_a_reject_restores():
    ann = await seeds.person()
    await call(ann, SET_POLARITY, slot="PREFERENCES_FOOD", value="tea", polarity="LIKES")
    assert (await call(ann, SET_POLARITY, slot="PREFERENCES_FOOD", value="tea", polarity="DISLIKES"))["changedValues"] == 2
    assert [(value["value"], value["status"]) for value in await values(ann)] == [("tea", "ACTIVE"), ("tea", "SUPERSEDED")]
    disliked = (await values(ann))[0]["id"]
    rejected = (await call(ann, REJECT.replace(VALUE, POLARITY), id=disliked))["value"]
    assert (rejected["polarity"], rejected["status"]) == ("DISLIKES", "REJECTED")
    assert [(value["value"], value["status"]) for value in await values(ann)] == [("tea", "ACTIVE")]
    answer = await ask("{ profileChanges(first: 9) { nodes { after negated effect value { polarity } } } }", token=await bearer(ann))
    assert sorted((node["negated"], node["effect"]) for node in answer["data"]["profileChanges"]["nodes"]) == [
        (False, "RESTORED"), (False, "SET"), (False, "SUPERSEDED"), (True, "REJECTED"), (True, "SET")]  # fmt: skip


REPLACE = f"""mutation ($input: ProfileValueSetInput!) {{ result: profileValueSet(input: $input) {{ __typename {ERRORS} ... on ConflictError {{ reason }}
    ... on InvalidInputError {{ rule }} ... on ProfileValueSetSuccess {{ {VALUE} replaced {{ id value status }} }} }} }}"""


@pytest.mark.parametrize(("slot", "wrong", "right"), [("PREFERENCES_ACTIVITIES", "running", "swimming"), ("PREFERENCES_FOOD", "米饭", "面条")])
async def test_profile_value_set_with_replaces_corrects_a_value_of_a_slot_with_many_in_one_request(slot: str, wrong: str, right: str):
    ann, bob = await seeds.person(), await seeds.person("bob")
    ids = await store_profile(ann)
    if wrong not in ids:
        ids[wrong] = (await call(ann, SET, slot=slot, value=wrong))["value"]["id"]
    corrected = await call(ann, REPLACE, slot=slot, value=right, replaces=ids[wrong])
    assert (corrected["value"]["value"], corrected["value"]["status"]) == (right, "ACTIVE") and corrected["changedValues"] == 2
    assert corrected["replaced"] == {"id": ids[wrong], "value": wrong, "status": "REJECTED"}
    shown = await values(ann)
    assert right in {value["value"] for value in shown} and wrong not in {value["value"] for value in shown}
    again = await call(ann, REPLACE, slot=slot, value=right, replaces=ids[wrong])
    assert (again["changedValues"], again["replaced"]) == (0, corrected["replaced"]) and await values(ann) == shown
    locked = (await call(ann, LOCK, id=ids["Hangzhou"]))["value"]
    before = await everything()
    refusals = [
        ({"slot": slot, "value": "rowing", "replaces": ids["Hangzhou"]}, ("InvalidInputError", "replaces", "NOT_ALLOWED_HERE")),
        ({"slot": slot, "value": right.upper(), "replaces": corrected["value"]["id"]}, ("InvalidInputError", "replaces", "SAME_AS_BEFORE")),
        ({"slot": "IDENTITY_HOME", "value": "Bern", "replaces": locked["id"]}, ("ConflictError", None, "LOCKED")),
    ]
    for input, expected in refusals:
        refused = await call(ann, REPLACE, **input)
        assert (refused["__typename"], refused.get("field"), refused.get("rule") or refused.get("reason")) == expected
    for user, id in ((bob, ids[wrong]), (ann, encode_id("ProfileValue", uuid7()))):
        answer = await ask(REPLACE, {"input": {"slot": slot, "value": "rowing", "replaces": id}}, token=await bearer(user))
        assert answer["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    after = await everything()
    assert {name: rows for name, rows in after.items() if name != "sign_ins"} == {name: rows for name, rows in before.items() if name != "sign_ins"}
