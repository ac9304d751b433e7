"""diaryUpdate, diaryRewrite and diaryDelete through the whole application."""
from __future__ import annotations

import asyncio
from typing import Any

import pytest

from graph.relay import encode_id
from persistence import database
from persistence.ids import uuid7
from persistence.models import User
from persistence.queries.model_limits import disable_model, enable_model
from tests import seeds
from tests.jobs.job_setup import everything
from tests.resolvers.chat.chat_setup import Model, active, model
from tests.seeds import DAY, ask, bearer

__all__ = ["model"]

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

DIARY = "id date summary mood tags version origin lines(includeHidden: true) { id kind text hidden byPerson evidence { quote } }"
RECEIPT = "receipt { messagesRemoved copiesRemoved diariesRemoved linesRemoved signalsRemoved valuesRemoved valuesLowered valuesRestored }"
ERRORS = "... on Error { code message } ... on InvalidInputError { field }"
UPDATE = f"""mutation ($input: DiaryUpdateInput!) {{ diaryUpdate(input: $input) {{ __typename {ERRORS}
    ... on DiaryUpdateSuccess {{ diary {{ {DIARY} versions {{ version origin summary lines {{ text }} }} }} {RECEIPT} }} }} }}"""
REWRITE = f"""mutation ($input: DiaryRewriteInput!) {{ diaryRewrite(input: $input) {{ __typename {ERRORS}
    ... on DiaryRewriteFailedError {{ retryAfter }} ... on DiaryRewriteSuccess {{ diary {{ {DIARY} }} }} }} }}"""
DELETE = f"""mutation ($input: DiaryDeleteInput!) {{ diaryDelete(input: $input) {{ __typename {ERRORS}
    ... on DiaryDeleteSuccess {{ deletedId date {RECEIPT} }} }} }}"""
READ = f"query ($date: Date!) {{ diary(date: $date) {{ {DIARY} }} }}"


async def call(user: User, document: str, **input: Any) -> dict[str, Any]:
    answer = await ask(document, {"input": input}, token=await bearer(user))
    assert "errors" not in answer, answer
    [result] = answer["data"].values()
    return result  # type: ignore[no-any-return]


async def diary_of(user: User) -> dict[str, Any]:
    answer = await ask(READ, {"date": DAY.isoformat()}, token=await bearer(user))
    return answer["data"]["diary"]  # type: ignore[no-any-return]


async def test_diary_update_with_a_reworded_and_a_hidden_line_stores_one_new_version():
    ann = await seeds.person()
    await seeds.whole_day(ann, DAY)
    summary, highlight, *_ = (await diary_of(ann))["lines"]
    result = await call(ann, UPDATE, date=DAY.isoformat(), mood=5, tags=["run"], lines=[
        {"id": summary["id"], "text": "I ran."}, {"id": highlight["id"], "hidden": True}])
    diary = result["diary"]
    assert (diary["version"], diary["origin"], diary["mood"], diary["tags"], diary["summary"]) == (2, "EDITED", 5, ["run"], "I ran.")
    assert [(line["text"], line["hidden"], line["byPerson"]) for line in diary["lines"][:2]] == [("I ran.", False, True), ("Five kilometres!", True, False)]
    assert diary["lines"][0]["evidence"] == [{"quote": "ran 5 km"}]
    assert [(version["version"], version["origin"]) for version in diary["versions"]] == [(2, "EDITED"), (1, "MODEL")]
    assert diary["versions"][1]["lines"][0]["text"] == "Ran in the morning."


async def test_diary_update_keeps_absent_fields_and_resets_null_ones():
    ann = await seeds.person()
    diary_id = encode_id("Diary", await seeds.whole_day(ann, DAY))
    written = await call(ann, UPDATE, id=diary_id, summary="My day.", mood=1, tags=["a"])
    assert written["diary"]["summary"] == "My day."
    kept = await call(ann, UPDATE, id=diary_id, mood=2)
    assert (kept["diary"]["summary"], kept["diary"]["tags"], kept["diary"]["mood"]) == ("My day.", ["a"], 2)
    taken = await call(ann, UPDATE, id=diary_id, summary=None, mood=None, tags=None, lines=None)
    assert (taken["diary"]["summary"], taken["diary"]["tags"], taken["diary"]["mood"]) == ("Ran in the morning.", [], None)


async def test_diary_update_with_a_deleted_line_removes_it_from_all_versions_and_counts_it():
    ann = await seeds.person()
    await seeds.whole_day(ann, DAY)
    emotion = (await diary_of(ann))["lines"][3]
    result = await call(ann, UPDATE, date=DAY.isoformat(), lines=[{"id": emotion["id"], "deleted": True}])
    assert result["receipt"]["linesRemoved"] == 1
    assert "开心" not in [line["text"] for line in result["diary"]["lines"]]
    assert all("开心" not in [line["text"] for line in version["lines"]] for version in result["diary"]["versions"])


@pytest.mark.parametrize(("input", "field"), [({"mood": 9}, "mood"), ({"summary": ""}, "summary"), ({"tags": [" "]}, "tags")])
async def test_diary_update_with_an_invalid_field_returns_invalid_input_error(input: dict[str, Any], field: str):
    ann = await seeds.person()
    await seeds.whole_day(ann, DAY)
    before = {table: rows for table, rows in (await everything()).items() if table != "sign_ins"}
    result = await call(ann, UPDATE, date=DAY.isoformat(), **input)
    assert (result["__typename"], result["code"], result["field"]) == ("InvalidInputError", "BAD_USER_INPUT", field)
    assert {table: rows for table, rows in (await everything()).items() if table != "sign_ins"} == before


async def test_diary_update_with_a_line_that_a_newer_version_rewords_returns_conflict_error():
    ann = await seeds.person()
    await seeds.whole_day(ann, DAY)
    line = (await diary_of(ann))["lines"][0]
    await call(ann, UPDATE, date=DAY.isoformat(), lines=[{"id": line["id"], "text": "I ran."}])
    before = await everything()
    result = await call(ann, UPDATE, date=DAY.isoformat(), lines=[{"id": line["id"], "hidden": True}])
    assert (result["__typename"], result["code"]) == ("ConflictError", "CONFLICT")
    assert {**await everything(), "sign_ins": []} == {**before, "sign_ins": []}


async def test_diary_update_of_lines_that_are_hidden_at_once_keeps_version_and_ids_and_can_be_undone():
    ann, bob = await seeds.person(), await seeds.person("bob")
    await seeds.whole_day(ann, DAY)
    lines = (await diary_of(ann))["lines"]
    ids = [line["id"] for line in lines]
    results = await asyncio.gather(*(call(ann, UPDATE, date=DAY.isoformat(), lines=[{"id": id, "hidden": True}]) for id in ids[:3]))
    assert [result["__typename"] for result in results] == ["DiaryUpdateSuccess"] * 3
    diary = await diary_of(ann)
    assert (diary["version"], diary["origin"], [line["id"] for line in diary["lines"]]) == (1, "MODEL", ids)
    assert [line["hidden"] for line in diary["lines"]] == [True, True, True, False] and diary["summary"] is None
    node = "query ($id: ID!) { node(id: $id) { __typename id ... on DiaryLine { text hidden evidence { quote } } } }"
    found = (await ask(node, {"id": ids[0]}, token=await bearer(ann)))["data"]["node"]
    assert found == {"__typename": "DiaryLine", "id": ids[0], "text": lines[0]["text"], "hidden": True, "evidence": lines[0]["evidence"]}
    assert (await ask(node, {"id": ids[0]}, token=await bearer(bob)))["data"]["node"] is None
    await call(ann, UPDATE, date=DAY.isoformat(), mood=1)
    undone = await call(ann, UPDATE, date=DAY.isoformat(), lines=[{"id": id, "hidden": False} for id in ids[:3]])
    assert (undone["diary"]["version"], undone["diary"]["summary"]) == (2, "Ran in the morning.")
    assert [(line["text"], line["hidden"]) for line in undone["diary"]["lines"]] == [(line["text"], False) for line in lines]


async def test_diary_mutations_without_exactly_one_of_id_and_date_are_refused():
    ann = await seeds.person()
    id, token = encode_id("Diary", await seeds.whole_day(ann, DAY)), await bearer(ann)
    for document in (UPDATE, REWRITE, DELETE):
        for input in ({}, {"id": id, "date": DAY.isoformat()}):
            [result] = (await ask(document, {"input": input}, token=token))["data"].values()
            assert (result["__typename"], result["field"]) == ("InvalidInputError", "date")
    assert (await diary_of(ann))["version"] == 1


async def test_diary_mutations_on_another_users_diary_are_refused_like_an_unknown_id():
    ann, bob = await seeds.person(), await seeds.person("bob")
    token = await bearer(bob)
    for document in (UPDATE, REWRITE, DELETE):
        said = set()
        for id in (await seeds.whole_day(ann, DAY), uuid7()):
            [error] = (await ask(document, {"input": {"id": encode_id("Diary", id)}}, token=token))["errors"]
            said.add((error["message"], error["extensions"]["code"]))
        assert said == {("no such diary", "NOT_FOUND")}


async def test_diary_mutations_when_signed_out_are_refused():
    ann = await seeds.person()
    await seeds.whole_day(ann, DAY)
    before = await everything()
    for document in (UPDATE, REWRITE, DELETE):
        [error] = (await ask(document, {"input": {"date": DAY.isoformat()}}))["errors"]
        assert error["extensions"]["code"] == "UNAUTHENTICATED"
    assert await everything() == before


async def test_diary_rewrite_stores_a_new_version_and_keeps_it_when_the_model_fails(model: Model):
    ann = await seeds.person()
    await seeds.whole_day(ann, DAY)
    await active(ann, DAY)
    result = await call(ann, REWRITE, date=DAY.isoformat())
    assert (result["__typename"], result["diary"]["version"]) == ("DiaryRewriteSuccess", 2)
    await model.fail(always="429")
    failed = await call(ann, REWRITE, id=result["diary"]["id"])
    assert (failed["__typename"], failed["code"]) == ("DiaryRewriteFailedError", "MODEL_RATE_LIMITED")
    assert (await diary_of(ann))["version"] == 2


async def test_diary_rewrite_while_the_model_is_switched_off_is_refused(model: Model):
    root, ann = await seeds.person("root"), await seeds.person()
    await seeds.whole_day(ann, DAY)
    await active(ann, DAY)
    async with database.transaction() as session:
        await disable_model(session, root.id, "too dear")
    token = await bearer(ann)
    before = await everything()
    failed = (await ask(REWRITE, {"input": {"date": DAY.isoformat()}}, token=token))["data"]["diaryRewrite"]
    assert (failed["__typename"], failed["code"]) == ("DiaryRewriteFailedError", "MODEL_SWITCHED_OFF")
    assert failed["message"] == "the operator has switched off the language model; the diary was not changed: try again later"
    assert await model.calls() == {} and await everything() == before
    async with database.transaction() as session:
        await enable_model(session)
    assert (await call(ann, REWRITE, date=DAY.isoformat()))["__typename"] == "DiaryRewriteSuccess"


async def test_diary_delete_removes_the_diary_and_returns_a_receipt():
    ann = await seeds.person()
    id = encode_id("Diary", await seeds.whole_day(ann, DAY))
    result = await call(ann, DELETE, id=id)
    assert (result["deletedId"], result["date"]) == (id, DAY.isoformat())
    assert (result["receipt"]["diariesRemoved"], result["receipt"]["linesRemoved"], result["receipt"]["signalsRemoved"]) == (1, 4, 2)
    assert await diary_of(ann) is None
