"""Export and import through the whole application."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jobs.profile_update import update_profile
from persistence import database
from persistence.models import ActiveDay, Message, User
from resolvers import portability
from tests import seeds
from tests.jobs.job_setup import everything, rows
from tests.portable import portable
from tests.seeds import DAY

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

EXPORT = "mutation($input: AccountExportInput!) { accountExport(input: $input) { __typename ... on AccountExportSuccess { content mediaType fileName } } }"
IMPORT = """mutation($input: AccountImportInput!) { accountImport(input: $input) { __typename
  ... on AccountImportSuccess { conversations messages diaries profileValues }
  ... on InvalidInputError { field message } ... on ConflictError { code message } } }"""


PART = """mutation($input: AccountExportPartInput!) { accountExportPart(input: $input) { __typename
  ... on AccountExportPartSuccess { number nextCursor changedTables texts { name mediaType offset content } } ... on InvalidInputError { field message } } }"""


async def execute(user: User, document: str, **given: Any) -> Any:
    answered = await seeds.ask(document, {"input": given}, token=await seeds.bearer(user))
    assert "errors" not in answered, answered
    [found] = answered["data"].values()
    return found


async def test_account_import_into_an_empty_account_restores_the_export_and_a_second_is_refused():
    ann, bob = await seeds.person(), await seeds.person("bob")
    await seeds.whole_day(ann, DAY)
    async with database.transaction() as session:
        await update_profile(session, ann.id, reason="NIGHT")
    file = await execute(ann, EXPORT)
    assert (file["mediaType"], file["fileName"]) == ("application/json", "unilife.json")
    assert await execute(bob, IMPORT, content=file["content"]) == {
        "__typename": "AccountImportSuccess",
        "conversations": 1,
        "messages": 3,
        "diaries": 1,
        "profileValues": 2,
    }
    assert portable((await execute(bob, EXPORT))["content"]) == portable(file["content"])
    again = await execute(bob, IMPORT, content=file["content"])
    assert (again["__typename"], again["code"]) == ("ConflictError", "CONFLICT")


async def test_account_import_as_a_dry_run_estimates_the_diaries_before_it_makes_them_due():
    ann, bob = await seeds.person(), await seeds.person("bob")
    await seeds.said(ann, DAY, "I live in Leeds", "我喜欢喝茶")
    content = (await execute(ann, EXPORT))["content"]
    document = IMPORT.replace("messages diaries", "messages daysWithoutDiary estimatedTokens estimatedCost currency")
    tried = await execute(bob, document, content=content, writeDiaries=True, dryRun=True)
    assert (tried["messages"], tried["daysWithoutDiary"]) == (2, 1) and int(tried["estimatedTokens"]) > 1000
    assert (tried["estimatedCost"] is None) == (tried["currency"] is None)
    assert await rows(ActiveDay) == [] and len(await rows(Message)) == 2
    assert (await execute(bob, document, content=content, writeDiaries=True))["daysWithoutDiary"] == 1
    [day] = await rows(ActiveDay)
    assert (day.day, day.revision, day.diary_revision) == (DAY, 1, 0)


async def test_account_import_of_an_invalid_file_returns_invalid_input_error():
    ann = await seeds.person()
    token_rows = {"sign_ins"}
    before = {name: rows for name, rows in (await everything()).items() if name not in token_rows}
    refused = await execute(ann, IMPORT, content='{"format": "unilife/1"}')
    assert (refused["__typename"], refused["field"]) == ("InvalidInputError", "content") and "lacks" in refused["message"]
    assert {name: rows for name, rows in (await everything()).items() if name not in token_rows} == before


async def test_account_export_as_markdown_returns_readable_text():
    ann = await seeds.person()
    await seeds.whole_day(ann, DAY)
    file = await execute(ann, EXPORT, format="MARKDOWN")
    assert (file["mediaType"], file["fileName"]) == ("text/markdown", "unilife.md") and "Five kilometres!" in file["content"]


async def test_account_export_part_of_an_account_that_is_too_large_for_one_response_gives_parts_that_join_to_the_file():
    ann = await seeds.person()
    for number in range(5):
        await seeds.said(ann, DAY.replace(month=number + 1), *(f'{index} "茶" ' + "长" * 5_000 for index in range(60)))
    refused = await execute(ann, EXPORT.replace("fileName }", "fileName } ... on Error { message }"))
    assert refused["__typename"] == "ConflictError" and "accountExportPart" in refused["message"]
    parts = [await execute(ann, PART)]
    while (cursor := parts[-1]["nextCursor"]) is not None:
        parts.append(await execute(ann, PART, after=cursor))
    assert len(parts) > 2 and parts[-1]["changedTables"] == [] and max(len(json.dumps(part)) for part in parts) < 5_000_000
    content = "".join(text["content"] for part in parts for text in part["texts"])
    assert content == await portability.export_json(ann, largest=None)
    wrong = await execute(ann, PART, after=cursor or parts[0]["nextCursor"], format="MARKDOWN")
    assert (wrong["__typename"], wrong["field"]) == ("InvalidInputError", "after")
    [day] = [text for text in (await execute(ann, PART, format="MARKDOWN"))["texts"] if text["name"] == "days/2026-01-20.md"]
    assert day["mediaType"] == "text/markdown" and int(day["offset"]) == 0


@pytest.mark.parametrize(("document", "given"), [(EXPORT, {}), (PART, {}), (IMPORT, {"content": "{}"})])
async def test_account_export_and_import_when_signed_out_are_refused(document: str, given: dict[str, Any]):
    answered = await seeds.ask(document, {"input": given})
    assert answered["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
