"""Account-wide provider errors in chats and jobs: admins see the provider's message, others only a state, and a success ends the pause."""
from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from persistence import database
from persistence.models import Diary, JobItem, Message, ModelPause, User
from persistence.models.account import Role
from persistence.models.jobs import Job
from persistence.models.limits import PauseKind
from tests import seeds
from tests.jobs.job_setup import add_person, night
from tests.jobs.job_setup import say as say_on_day
from tests.jobs.test_nights import MONDAY, SPOKEN
from tests.log_capture import written_log
from tests.resolvers.chat.chat_setup import Model, model, rows, set_to

__all__ = ["model"]

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

HEALTH = "{ health { status modelPaused modelState } }"
NIGHTS = """{ nights { failures { job errorCode items providerStatus providerCode providerMessage }
  pauses { kind reason since probeAt providerStatus providerCode providerMessage } } }"""
RUNS = "{ jobRuns { nodes { items { nodes { status errorCode providerStatus providerCode providerMessage } } } } }"
SEND = """mutation($input: MessageSendInput!) { messageSend(input: $input) { __typename ... on MessageSendSuccess { answer { content } }
  ... on Error { code message } } }"""
REWRITE = """mutation($input: DiaryRewriteInput!) { diaryRewrite(input: $input) { __typename ... on Error { code message } } }"""
REFUSALS = [("401", "MODEL_UNAUTHORIZED", "KEY_REJECTED"), ("403", "MODEL_UNAUTHORIZED", "KEY_REJECTED"),
            ("402", "MODEL_QUOTA_EXCEEDED", "BALANCE_EMPTY"), ("404", "MODEL_NOT_FOUND", "NAME_REJECTED")]
PROVIDER_MESSAGES = {"401": ("invalid_api_key", "invalid api key"), "402": ("insufficient_balance", "insufficient balance"),
                     "404": ("model_not_found", "no such model")}


async def _admin() -> str:
    root = await seeds.person("root")
    async with database.transaction() as session:
        await session.execute(update(User).where(User.id == root.id).values(role=Role.ADMIN))
    return await seeds.bearer(root)


async def _send(user: User, content: str = "I planted two pear trees.") -> Any:
    answer = await seeds.ask(SEND, {"input": {"content": content}}, token=await seeds.bearer(user))
    return answer["data"]["messageSend"]


async def _health() -> Any:
    return (await seeds.ask(HEALTH))["data"]["health"]


async def _nights(token: str) -> Any:
    return (await seeds.ask(NIGHTS, token=token))["data"]["nights"]


@pytest.mark.parametrize(("fault", "code", "state"), REFUSALS)
async def test_health_after_an_account_wide_provider_error_states_it_until_the_next_success(model: Model, fault: str, code: str, state: str) -> None:
    ann = await seeds.person()
    assert await _health() == {"status": "OK", "modelPaused": None, "modelState": "OK"}
    await model.fail(always=fault)
    assert (await _send(ann))["code"] == code
    assert await _health() == {"status": "OK", "modelPaused": code, "modelState": state}
    await model.reset()
    assert (await _send(ann))["__typename"] == "MessageSendSuccess"
    assert await _health() == {"status": "OK", "modelPaused": None, "modelState": "OK"} and await rows(ModelPause) == []


@pytest.mark.parametrize("fault", ["400", "422", "429", "500", "503", "filtered", "empty", "html"])
async def test_health_after_another_model_error_stays_ok(model: Model, fault: str) -> None:
    await model.fail(always=fault)
    assert (await _send(await seeds.person()))["__typename"] == "ModelUnavailableError"
    assert await _health() == {"status": "OK", "modelPaused": None, "modelState": "OK"} and await rows(ModelPause) == []


@pytest.mark.parametrize("fault", sorted(PROVIDER_MESSAGES))
async def test_nights_pause_shows_the_providers_message_to_admins_only(model: Model, fault: str) -> None:
    ann, token = await seeds.person(), await _admin()
    await model.fail(always=fault)
    refused = await _send(ann)
    code, words = PROVIDER_MESSAGES[fault]
    [pause] = (await _nights(token))["pauses"]
    assert (pause["kind"], pause["providerStatus"], pause["providerCode"], pause["providerMessage"]) == ("MODEL", int(fault), code, words)
    assert words not in str(refused) and words not in str(await _health())
    denied = await seeds.ask(NIGHTS, token=await seeds.bearer(ann))
    assert denied["data"] == {"nights": None} and [error["extensions"]["code"] for error in denied["errors"]] == ["FORBIDDEN"]


async def test_health_with_a_retired_model_is_name_rejected_and_nights_shows_the_cause(model: Model) -> None:
    ann, token = await seeds.person(), await _admin()
    with set_to(DEEPSEEK_MODEL="deepseek-chat"):
        assert (await _send(ann))["code"] == "MODEL_NOT_FOUND"
    assert (await _health())["modelState"] == "NAME_REJECTED"
    [pause] = (await _nights(token))["pauses"]
    assert (pause["providerStatus"], pause["providerMessage"]) == (400, "Model Not Exist")
    with set_to(DEEPSEEK_MODEL="deepseek-flash"):
        assert (await _send(ann))["__typename"] == "MessageSendSuccess"
    assert (await _health())["modelState"] == "OK"


async def test_nights_pause_omits_a_provider_message_that_repeats_the_request(model: Model) -> None:
    ann, token = await seeds.person(), await _admin()
    await model.fail(always="404")
    with written_log() as lines:
        await _send(ann, "There is no such model of a train.")
    [pause] = (await _nights(token))["pauses"]
    assert (pause["providerStatus"], pause["providerCode"], pause["providerMessage"]) == (404, "model_not_found", None)
    assert "no such model" not in str(lines)


async def test_model_pause_set_by_a_chat_stops_the_nightly_job_and_keeps_the_probe_time(model: Model) -> None:
    ann = await seeds.person()
    await model.fail(always="404")
    await _send(ann)
    [first] = await rows(ModelPause)
    await model.fail(always="401")
    await _send(ann)
    [second] = await rows(ModelPause)
    assert (second.reason, second.probe_at, second.since) == ("MODEL_UNAUTHORIZED", first.probe_at, first.since)
    await say_on_day(await add_person(), MONDAY, *SPOKEN)
    await model.reset()
    summary = await night(Job.DAILY_DIARY)
    assert summary.stopped_because == "MODEL_UNAUTHORIZED" and await model.calls() == {}
    [item] = await rows(JobItem)
    assert (item.error_code, item.provider_status, item.provider_code) == ("MODEL_UNAUTHORIZED", 401, "invalid_api_key")


async def test_model_pause_ended_by_a_chat_makes_waiting_items_due(model: Model) -> None:
    await say_on_day(await add_person(), MONDAY, *SPOKEN)
    await model.fail(always="402")
    await night(Job.DAILY_DIARY)
    await model.fail(always="401")
    assert (await _send(await seeds.person("bob")))["code"] == "MODEL_UNAUTHORIZED"
    await model.reset()
    assert (await _send(await seeds.person()))["__typename"] == "MessageSendSuccess"
    summary = await night(Job.DAILY_DIARY)
    assert (summary.succeeded, summary.stopped_because) == (1, None)


async def test_diary_rewrite_with_an_account_wide_provider_error_pauses_the_model_until_a_success(model: Model) -> None:
    ann = await seeds.person()
    await _send(ann)
    [day] = {message.day for message in await rows(Message)}
    token = await seeds.bearer(ann)
    await model.fail(always="401")
    refused = (await seeds.ask(REWRITE, {"input": {"date": day.isoformat()}}, token=token))["data"]["diaryRewrite"]
    assert refused["code"] == "MODEL_UNAUTHORIZED" and (await _health())["modelState"] == "KEY_REJECTED" and await rows(Diary) == []
    await model.reset()
    written = (await seeds.ask(REWRITE, {"input": {"date": day.isoformat()}}, token=token))["data"]["diaryRewrite"]
    assert written["__typename"] == "DiaryRewriteSuccess" and (await _health())["modelState"] == "OK"


async def test_health_with_the_model_switched_off_and_refused_is_switched_off(model: Model) -> None:
    await model.fail(always="401")
    await _send(await seeds.person())
    async with database.transaction() as session:
        session.add(ModelPause(kind=PauseKind.SWITCH, reason="the bill"))
    assert (await _health())["modelState"] == "SWITCHED_OFF"
    with set_to(MODEL_ENABLED="false"):
        assert (await _health())["modelState"] == "SWITCHED_OFF"


async def test_job_items_and_failures_show_the_providers_message(model: Model) -> None:
    token = await _admin()
    for _ in range(2):
        await say_on_day(await add_person(), MONDAY, *SPOKEN)
    await model.fail(always="422")
    with set_to(ITEM_ATTEMPTS="1"):
        await night(Job.DAILY_DIARY)
    said = {"providerStatus": 422, "providerCode": "invalid_request_error", "providerMessage": "invalid parameters"}
    [failure] = (await _nights(token))["failures"]
    assert failure == {"job": "DAILY_DIARY", "errorCode": "MODEL_REJECTED", "items": 2, **said}
    [run] = (await seeds.ask(RUNS, token=token))["data"]["jobRuns"]["nodes"]
    assert run["items"]["nodes"] == [{"status": "FAILED", "errorCode": "MODEL_REJECTED", **said}] * 2


async def test_job_item_that_succeeds_after_a_failure_shows_no_provider_error(model: Model) -> None:
    token = await _admin()
    await say_on_day(await add_person(), MONDAY, *SPOKEN)
    await model.fail(next=["500"])
    await night(Job.DAILY_DIARY)
    [item] = await rows(JobItem)
    assert (item.status.value, item.provider_status) == ("PENDING", 500)
    async with database.transaction() as session:
        await session.execute(update(JobItem).values(due_at=JobItem.created_at))
    await night(Job.DAILY_DIARY)
    shown = [node for run in (await seeds.ask(RUNS, token=token))["data"]["jobRuns"]["nodes"] for node in run["items"]["nodes"]]
    nothing = {"errorCode": None, "providerStatus": None, "providerCode": None, "providerMessage": None}
    assert {"status": "SUCCEEDED", **nothing} in shown


async def test_failed_model_call_is_logged_once_with_user_and_purpose(model: Model) -> None:
    ann, person = await seeds.person(), await add_person()
    await say_on_day(person, MONDAY, *SPOKEN)
    await model.fail(always="401")
    with written_log() as lines:
        await _send(ann)
        await night(Job.DAILY_DIARY)
    calls = [line for line in lines if line["event"] == "model_call_failed"]
    made_for = [(line["purpose"], line["user_id"]) for line in calls]  # the title's call may be cancelled before it is refused
    assert made_for.count(("CHAT", str(ann.id))) == 1 and {user_id for _, user_id in made_for} == {str(ann.id)}
    shown = {(line["level"], line["code"], line["status"], line["provider_code"]) for line in calls}
    assert shown == {("ERROR", "MODEL_UNAUTHORIZED", 401, "invalid_api_key")}
    [paused] = [line for line in lines if line["event"] == "model_paused"]
    assert paused["provider_status"] == 401 and paused["action"]
    [served] = [line["request_id"] for line in lines if line["event"] == "http_request"]
    assert {line["request_id"] for line in [*calls, paused]} == {served} and "request_id" not in lines[-1]


async def test_failed_model_call_of_a_job_is_logged_with_run_and_user(model: Model) -> None:
    person = await add_person()
    await say_on_day(person, MONDAY, *SPOKEN)
    await model.fail(always="422")
    with written_log() as lines:
        summary = await night(Job.DAILY_DIARY)
    [call] = [line for line in lines if line["event"] == "model_call_failed"]
    assert (call["purpose"], call["job"], call["user_id"], call["run_id"]) == ("DIARY", "DAILY_DIARY", str(person.id), str(summary.run_id))
    assert (call["level"], call["code"], call["status"]) == ("WARNING", "MODEL_REJECTED", 422) and call["action"]
