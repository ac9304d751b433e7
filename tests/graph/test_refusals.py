"""Refusals as a frontend reads them: one selection for every mutation, all faults of a form at once, and a reason that can be translated."""
from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

import settings
from graph.relay import encode_id
from persistence import database
from persistence.models import Conversation, Diary, User
from persistence.models.enums import Role
from tests import seeds
from tests.jobs.job_setup import rows

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

FORM = (
    "__typename ... on Error { code message retryAfter } ... on InvalidInputError { field rule min max faults { field rule min max message suggestion } }"
)
STATE = "__typename ... on Error { code message field retryAfter } ... on ConflictError { reason }"
REGISTER = f"mutation($input: AccountRegisterInput!) {{ accountRegister(input: $input) {{ {FORM} }} }}"
FINE = {"email": "ann@example.org", "password": "a kettle sings at dawn", "nickname": "Ann", "timeZone": "Asia/Shanghai", "locale": "zh-CN", "dayEndsAt": 4}


async def ask(document: str, given: dict[str, Any], token: str | None = None) -> Any:
    answer = await seeds.ask(document, {"input": given}, token=token)
    assert "errors" not in answer, answer["errors"]
    (result,) = answer["data"].values()
    return result


@pytest.mark.parametrize(
    ("wrong", "faults"),
    [
        ({"email": "ann"}, [("email", "FORMAT", None, None)]),
        ({"password": "short"}, [("password", "TOO_SHORT", 15, 128)]),
        ({"password": "password" * 40}, [("password", "TOO_LONG", 15, 128)]),
        ({"password": "ann@example.org!"}, [("password", "GUESSABLE", None, None)]),
        ({"nickname": " \u200b"}, [("nickname", "EMPTY", 1, 50)]),
        ({"nickname": "a" * 51}, [("nickname", "TOO_LONG", 1, 50)]),
        ({"nickname": "a\nb"}, [("nickname", "CHARACTER", 1, 50)]),
        ({"timeZone": "Beijing"}, [("timeZone", "UNKNOWN_VALUE", None, None)]),
        ({"dayEndsAt": 24}, [("dayEndsAt", "OUT_OF_RANGE", 0, 23)]),
        (
            {"email": "安", "password": "短", "nickname": "", "timeZone": "Mars", "dayEndsAt": -1},
            [("email", "FORMAT", None, None), ("password", "TOO_SHORT", 15, 128), ("timeZone", "UNKNOWN_VALUE", None, None),
             ("dayEndsAt", "OUT_OF_RANGE", 0, 23), ("nickname", "EMPTY", 1, 50)],
        ),
    ],
    ids=["email", "short", "long", "guessable", "blank", "long_name", "line_break", "zone", "hour", "all"],
)  # fmt: skip
async def test_account_register_tells_every_fault_of_the_form(wrong: dict[str, Any], faults: list[Any]) -> None:
    refused = await ask(REGISTER, FINE | wrong)
    assert [(fault["field"], fault["rule"], fault["min"], fault["max"]) for fault in refused["faults"]] == faults
    assert (refused["__typename"], refused["code"], refused["rule"]) == ("InvalidInputError", "BAD_USER_INPUT", faults[0][1])
    assert refused["message"] == refused["faults"][0]["message"] and refused["retryAfter"] is None
    assert not await rows(User)


async def test_mutations_with_several_faults_tell_them_all_and_change_nothing() -> None:
    ann = await seeds.person()
    token = await seeds.bearer(ann)
    await seeds.whole_day(ann, seeds.DAY)
    [talk] = [conversation.id for conversation in await rows(Conversation)]
    before = [vars(row) | {"_sa_instance_state": None} for table in (Conversation, Diary) for row in await rows(table)]
    update = f"mutation($input: ConversationUpdateInput!) {{ conversationUpdate(input: $input) {{ {FORM} }} }}"
    refused = await ask(update, {"conversationId": encode_id("Conversation", talk), "title": "a" * 201, "archived": None, "tags": ["b" * 41]}, token)
    assert [(fault["field"], fault["rule"], fault["max"]) for fault in refused["faults"]] == [
        ("title", "TOO_LONG", 200), ("archived", "REQUIRED", None), ("tags", "TOO_LONG", 40)
    ]
    edit = f"mutation($input: DiaryUpdateInput!) {{ diaryUpdate(input: $input) {{ {FORM} }} }}"
    refused = await ask(edit, {"date": seeds.DAY.isoformat(), "mood": 6, "summary": "\u200b"}, token)
    assert [(fault["field"], fault["rule"]) for fault in refused["faults"]] == [("summary", "EMPTY"), ("mood", "OUT_OF_RANGE")]
    slot = f"mutation($input: SlotCreateInput!) {{ slotCreate(input: $input) {{ {FORM} }} }}"
    refused = await ask(slot, {"name": "!", "many": False, "halfLifeDays": 0}, token)
    assert {(fault["field"], fault["rule"]) for fault in refused["faults"]} == {("name", "EMPTY"), ("halfLifeDays", "OUT_OF_RANGE")}
    assert before == [vars(row) | {"_sa_instance_state": None} for table in (Conversation, Diary) for row in await rows(table)]


async def test_refusals_of_other_kinds_have_the_fields_of_the_interface_and_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    ann = await seeds.person()
    token = await seeds.bearer(ann)
    taken = await ask(REGISTER.replace(FORM, STATE), FINE | {"email": ann.email})
    assert (taken["__typename"], taken["field"], taken["retryAfter"]) == ("EmailTakenError", "email", None)
    start = "mutation($input: ImportStartInput!) { importStart(input: $input) { ... on ImportStartSuccess { import { id } } } }"
    begun = (await ask(start, {}, token))["import"]["id"]
    refused = await ask(f"mutation($input: ImportCommitInput!) {{ importCommit(input: $input) {{ {STATE} }} }}", {"importId": begun}, token)
    assert (refused["__typename"], refused["reason"], refused["field"]) == ("ConflictError", "NOTHING_TO_DO", None)
    monkeypatch.setenv("REGISTRATION_OPEN", "false")
    settings.current.cache_clear()
    try:
        closed = await ask("mutation($input: AccountRegisterInput!) { accountRegister(input: $input) { ... on ConflictError { code reason } } }", FINE)
    finally:
        monkeypatch.undo()
        settings.current.cache_clear()
    assert closed == {"code": "REGISTRATION_CLOSED", "reason": "REGISTRATION_CLOSED"}


async def test_refused_arguments_of_queries_name_field_and_rule():
    ann = await seeds.person()
    async with database.transaction() as session:
        await session.execute(update(User).where(User.id == ann.id).values(role=Role.ADMIN))
    document = f"""{{
      diaries(search: "a b c d e f g h i j k") {{ totalCount }} tagged: diaries(tag: "{"t" * 41}") {{ totalCount }}
      ranged: diaries(from: "2026-03-02", to: "2026-03-01") {{ totalCount }}
      conversations(search: "\u0301") {{ totalCount }} messageSearch(query: "\u0301") {{ totalCount }} users(search: "{"a" * 201}") {{ totalCount }}
      diaryCalendar(year: 2026) {{ year }} thirteen: diaryCalendar(year: 2026, month: 13) {{ year }} day(date: "0001-01-01") {{ date }}
      upcoming(to: "2026-03-01") {{ totalCount }} profileAsOf(date: "9000-01-01") {{ date }}
    }}"""
    answered = await seeds.ask(document, token=await seeds.bearer(ann))
    found = {error["path"][0]: (error["extensions"]["field"], error["extensions"]["rule"]) for error in answered["errors"]}
    assert found == {
        "diaries": ("search", "TOO_MANY"), "tagged": ("tag", "TOO_LONG"), "ranged": ("from", "OUT_OF_RANGE"), "conversations": ("search", "EMPTY"),
        "messageSearch": ("query", "EMPTY"), "users": ("search", "TOO_LONG"), "diaryCalendar": ("month", "REQUIRED"), "thirteen": ("month", "OUT_OF_RANGE"),
        "day": ("date", "OUT_OF_RANGE"), "upcoming": ("from", "OUT_OF_RANGE"), "profileAsOf": ("date", "OUT_OF_RANGE"),
    }  # fmt: skip
