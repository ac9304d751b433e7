"""The operations of admins through the whole application."""
from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update

import llm.client
from graph.relay import encode_id
from llm.prices import add_cost
from llm.usage import Usage as Tokens
from persistence.database import transaction
from persistence.ids import uuid7
from persistence.models import JobAttempt, JobItem, ModelPause, User
from persistence.models.account import Purpose, Role
from persistence.models.jobs import Job
from persistence.queries.model_limits import lease_slots
from persistence.queries.usage import UsageRecord, record_usage, record_usages
from tests import seeds
from tests.jobs.job_setup import ModelServer, Person, add_person, everything, night, say
from tests.jobs.test_nights import MONDAY, SPOKEN, TODAY
from tests.resolvers.chat.chat_setup import set_to

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

WEEK = {"from": MONDAY.isoformat(), "to": (MONDAY + timedelta(days=6)).isoformat()}
START = """mutation($input: JobRunStartInput!) { jobRunStart(input: $input) { __typename
  ... on JobRunStartSuccess { planned pending left
    estimatedTokens estimatedCost currency run { id status } } ... on InvalidInputError { code field message } } }"""
RUN = """query($id: ID!) { jobRun(id: $id) { job trigger status dryRun force reason periodFrom periodTo retryOf stoppedBecause errorCode tokens
  cachedTokens thinkingTokens cost currency costs { amount currency }
  startedAt finishedAt requestedBy { email } cancelRequestedAt cancelReason cancelRequestedBy { email } counts { total succeeded skipped failed pending }
  items(first: 2) { totalCount pageInfo { hasNextPage endCursor } nodes { user { nickname } job period day status attempts errorCode error leaseUntil modelCalls
  tokens promptVersion startedAt finishedAt } } } }"""
CANCEL = """mutation($input: JobRunCancelInput!) { jobRunCancel(input: $input) { __typename
  ... on JobRunCancelSuccess { run { status cancelReason cancelRequestedBy { email } counts { pending skipped } } } ... on ConflictError { code message } } }"""
RETRY = """mutation($input: JobRunRetryInput!) { jobRunRetry(input: $input) { __typename
  ... on JobRunRetrySuccess { planned pending run { status retryOf reason } } ... on ConflictError { code message } } }"""
NIGHTS = """{ nights { failures { job errorCode error items } pauses { kind reason probeAt }
  jobs { job due oldestDueAt running failed attempts p50Ms p95Ms } } health { modelPaused } }"""


@pytest.fixture
async def model(model_server: str, anyio_backend: str) -> AsyncIterator[ModelServer]:
    server = ModelServer(model_server)
    await server.reset()
    yield server
    await server.reset()
    await llm.client.close()


@pytest.fixture
async def token(database: str) -> str:
    """Return the access token of an admin."""
    root = await seeds.person("root")
    async with transaction() as session:
        await session.execute(update(User).where(User.id == root.id).values(role=Role.ADMIN))
    return await seeds.bearer(root)


async def execute(document: str, token: str, **variables: Any) -> Any:
    """Return the answer's data and assert that it has no errors."""
    answer = await seeds.ask(document, variables, token=token)
    assert "errors" not in answer, answer
    return answer["data"]


async def refused(document: str, token: str, **variables: Any) -> dict[str, Any]:
    """Return the union's error member and assert that nothing was changed."""
    before = await everything()
    [member] = (await execute(document, token, **variables)).values()
    assert await everything() == before and member["__typename"].endswith("Error")
    return member


async def add_users(count: int) -> list[Person]:
    found = [await add_person(f"P{number}") for number in range(count)]
    for person in found:
        await say(person, MONDAY, *SPOKEN)
    return found


async def test_job_run_start_returns_a_run_with_costs_and_each_of_its_items(model: ModelServer, token: str) -> None:
    await add_users(3)
    await model.fail(match="P1", kind="503")
    with set_to(MODEL_INPUT_PRICE="1", MODEL_OUTPUT_PRICE="2", MODEL_PRICE_CURRENCY="CNY"):
        started = (await execute(START, token, input={"job": "DAILY_DIARY", **WEEK, "reason": "a test"}))["jobRunStart"]
    with set_to(MODEL_INPUT_PRICE="1000", MODEL_OUTPUT_PRICE="2000"):  # later prices change nothing
        run = (await execute(RUN, token, id=started["run"]["id"]))["jobRun"]
    async with transaction() as session:
        of_run = select(func.sum(JobAttempt.input_tokens), func.sum(JobAttempt.output_tokens))
        prompts, answers = (await session.execute(of_run)).one()
    assert (started["planned"], started["pending"], started["left"], started["run"]["status"]) == (3, 1, 1, "PARTIAL")
    assert started["estimatedTokens"] > 0 and started["estimatedCost"] > 0 and started["currency"] == "CNY"
    assert (run["cost"], run["currency"]) == (pytest.approx((prompts + 2 * answers) / 1e6), "CNY") and len(run["costs"]) == 1
    assert (run["job"], run["trigger"], run["status"], run["reason"]) == ("DAILY_DIARY", "ADMIN", "PARTIAL", "a test")
    assert run["requestedBy"] == {"email": "root@example.org"}
    assert (run["periodFrom"], run["periodTo"]) == (WEEK["from"], WEEK["to"]) and not run["dryRun"] and not run["force"]
    assert run["counts"] == {"total": 3, "succeeded": 2, "skipped": 0, "failed": 0, "pending": 1} and run["tokens"] > 0 and run["cost"] > 0
    items = run["items"]
    assert items["totalCount"] == 3 and items["pageInfo"]["hasNextPage"] and len(items["nodes"]) == 2
    rest = "query($id: ID!, $after: String) { jobRun(id: $id) { items(after: $after) { nodes { user { nickname } status errorCode error } } } }"
    [last] = (await execute(rest, token, id=started["run"]["id"], after=items["pageInfo"]["endCursor"]))["jobRun"]["items"]["nodes"]
    by_name = {item["user"]["nickname"]: item for item in [*items["nodes"], last]}
    assert set(by_name) == {"P0", "P1", "P2"}
    assert (by_name["P1"]["status"], by_name["P1"]["errorCode"]) == ("PENDING", "MODEL_UNAVAILABLE") and "DEEPSEEK_BASE_URL" in by_name["P1"]["error"]
    [written] = [item for item in items["nodes"] if item["status"] == "SUCCEEDED"][:1]
    assert (written["attempts"], written["modelCalls"], written["errorCode"], written["leaseUntil"]) == (1, 1, None, None)
    assert written["tokens"] > 0 and written["promptVersion"].startswith("diary/") and written["startedAt"] < written["finishedAt"]
    fields = "id job period status attempts errorCode tokens promptVersion startedAt user { nickname }"
    own_ids = f"query($id: ID!) {{ jobRun(id: $id) {{ items {{ nodes {{ {fields} }} }} }} }}"
    listed = (await execute(own_ids, token, id=started["run"]["id"]))["jobRun"]["items"]["nodes"]
    nodes = f"query($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on JobItem {{ {fields} }} }} }}"
    assert len({item["id"] for item in listed}) == 3
    assert (await execute(nodes, token, ids=[item["id"] for item in listed]))["nodes"] == listed
    user = await seeds.bearer(await seeds.person("nobody"))
    assert (await execute(nodes, user, ids=[item["id"] for item in listed]))["nodes"] == [None] * 3


async def test_job_item_tells_admins_why_claims_were_dropped_and_no_text(model: ModelServer, token: str) -> None:
    await say(await add_person("P0"), MONDAY, "I walked the dog.", "My brother is a pilot.")
    lines = [{"kind": "SUMMARY", "text": "Walked the dog.", "evidence": [{"message": 1, "quote": "walked the dog"}]}]
    signal = {"slot": "identity.occupation", "value": "pilot", "stated": True, "confidence": 0.9, "evidence": [{"message": 3, "quote": "is a pilot"}]}
    await model.fail(answers={"diary": json.dumps({"lines": lines, "signals": [signal], "mood": None})})
    started = (await execute(START, token, input={"job": "DAILY_DIARY", **WEEK}))["jobRunStart"]
    document = "query($id: ID!) { jobRun(id: $id) { items(first: 2) { nodes { status dropped { reason count } } } } }"
    [item] = (await execute(document, token, id=started["run"]["id"]))["jobRun"]["items"]["nodes"]
    assert item == {"status": "SUCCEEDED", "dropped": [{"reason": "OTHER_SUBJECT", "count": 1}]}


async def test_job_item_tells_admins_what_the_second_reading_answered(model: ModelServer, token: str) -> None:
    await say(await add_person("P0"), MONDAY, "I walked the dog.", "Talked with Leo about the dishes.")
    lines = [
        {"kind": "SUMMARY", "text": "Walked the dog.", "evidence": [{"message": 1, "quote": "walked the dog"}]},
        {"kind": "ACTIVITY", "text": "Sorted out the dishes with Leo.", "evidence": [{"message": 3, "quote": "about the dishes"}]},
    ]
    said = {"diary": json.dumps({"lines": lines, "signals": [], "mood": None}), "check": json.dumps({"answers": {"1": "DOES_NOT_SAY"}})}
    await model.fail(answers=said)
    started = (await execute(START, token, input={"job": "DAILY_DIARY", **WEEK}))["jobRunStart"]
    document = "query($id: ID!) { jobRun(id: $id) { items(first: 2) { nodes { modelCalls checks { answer count model promptVersion } } } } }"
    [item] = (await execute(document, token, id=started["run"]["id"]))["jobRun"]["items"]["nodes"]
    assert item == {"modelCalls": 2, "checks": [{"answer": "DOES_NOT_SAY", "count": 1, "model": "unilife-offline", "promptVersion": "check/1"}]}


async def test_job_item_while_running_shows_its_lease(model: ModelServer, token: str) -> None:
    await add_users(1)
    started = (await execute(START, token, input={"job": "DAILY_DIARY", **WEEK, "dryRun": False}))["jobRunStart"]
    async with transaction() as session:
        await session.execute(update(JobItem).where(JobItem.job == Job.DAILY_DIARY).values(
            status="RUNNING", lease_until=func.now() + timedelta(minutes=1), lease_token=uuid7(), finished_at=None))
    run = (await execute(RUN, token, id=started["run"]["id"]))["jobRun"]
    [item] = run["items"]["nodes"]
    assert item["status"] == "RUNNING" and item["leaseUntil"] > item["startedAt"] and item["finishedAt"] is None
    assert run["counts"]["pending"] == 1


async def test_job_run_start_as_a_dry_run_returns_plan_and_cost_without_a_run(model: ModelServer, token: str) -> None:
    await add_users(2)
    before = await everything()
    with set_to(MODEL_INPUT_PRICE="1", MODEL_OUTPUT_PRICE="2"):
        tried = (await execute(START, token, input={"job": "DAILY_DIARY", **WEEK, "dryRun": True}))["jobRunStart"]
    assert tried["__typename"] == "JobRunStartSuccess" and (tried["planned"], tried["pending"], tried["run"]) == (2, 2, None)
    assert tried["estimatedTokens"] > 0 and tried["estimatedCost"] > 0
    assert await everything() == before and await model.calls() == 0


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"from": "2026-03-02", "to": "2026-03-01"}, "to"),
        ({"from": "2026-03-02"}, "to"),
        ({"to": "2026-03-02"}, "from"),
        ({"from": "2020-01-01", "to": "2024-01-01"}, "to"),
        ({"from": MONDAY.isoformat(), "to": (TODAY + timedelta(days=3)).isoformat()}, "to"),
        ({"from": "2999-01-01", "to": "2999-01-02"}, "from"),
        ({"userIds": []}, "userIds"),
        ({"userIds": [encode_id("User", uuid7())]}, "userIds"),
        ({"reason": "x" * 501}, "reason"),
    ],
)
async def test_job_run_start_with_an_invalid_input_is_refused_naming_the_field(model: ModelServer, token: str, asked: dict[str, Any], field: str) -> None:
    await add_users(1)
    wrong = await refused(START, token, input={"job": "DAILY_DIARY", **asked})
    assert (wrong["__typename"], wrong["code"], wrong["field"]) == ("InvalidInputError", "BAD_USER_INPUT", field) and wrong["message"]


async def test_job_run_start_with_a_user_id_of_another_type_is_refused(model: ModelServer, token: str) -> None:
    before = await everything()
    answer = await seeds.ask(START, {"input": {"job": "DAILY_DIARY", "userIds": [encode_id("Diary", uuid7())]}}, token=token)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"] and await everything() == before


async def test_job_run_retry_and_cancel_handle_failed_and_pending_items_or_report_a_conflict(model: ModelServer, token: str) -> None:
    await add_users(2)
    await model.fail(match="P1", kind="empty")
    with set_to(ITEM_ATTEMPTS="1"):
        id = (await execute(START, token, input={"job": "DAILY_DIARY", **WEEK}))["jobRunStart"]["run"]["id"]
    await model.reset()
    [failure] = (await execute(NIGHTS, token))["nights"]["failures"]
    assert (failure["job"], failure["errorCode"], failure["items"]) == ("DAILY_DIARY", "MODEL_EMPTY", 1) and "DEEPSEEK_MODEL" in failure["error"]
    assert (await refused(CANCEL, token, input={"id": id}))["code"] == "CONFLICT"
    again = (await execute(RETRY, token, input={"id": id, "reason": "it is back"}))["jobRunRetry"]
    assert again == {"__typename": "JobRunRetrySuccess", "planned": 1, "pending": 0, "run": {"status": "SUCCEEDED", "retryOf": id, "reason": "it is back"}}
    assert (await refused(RETRY, token, input={"id": id}))["code"] == "CONFLICT"
    with set_to(MODEL_CONCURRENCY="1"):
        async with transaction() as session:
            await lease_slots(session, uuid7(), wanted=1, cap=1, lease=timedelta(minutes=5))
        waiting = (await execute(START, token, input={"job": "DAILY_DIARY", **WEEK, "force": True}))["jobRunStart"]
    assert waiting["pending"] == 2
    stopped = (await execute(CANCEL, token, input={"id": waiting["run"]["id"], "reason": "a mistake"}))["jobRunCancel"]["run"]
    assert (stopped["status"], stopped["cancelReason"], stopped["cancelRequestedBy"]) == ("CANCELLED", "a mistake", {"email": "root@example.org"})
    assert stopped["counts"] == {"pending": 0, "skipped": 2}


async def test_job_runs_filtered_by_job_and_status_are_paged_newest_first(model: ModelServer, token: str) -> None:
    await add_users(1)
    ids = [(await execute(START, token, input={"job": job, **WEEK}))["jobRunStart"]["run"]["id"] for job in ("DAILY_DIARY", "DAILY_PROFILE", "DAILY_DIARY")]
    listed = """query($job: Job, $status: JobRunStatus, $after: String, $first: Int! = 20) {
      jobRuns(job: $job, status: $status, after: $after, first: $first) { totalCount pageInfo { endCursor hasNextPage } nodes { id } } }"""
    assert [node["id"] for node in (await execute(listed, token))["jobRuns"]["nodes"]] == ids[::-1]
    only = (await execute(listed, token, job="DAILY_DIARY", status="SUCCEEDED", first=1))["jobRuns"]
    assert ([node["id"] for node in only["nodes"]], only["totalCount"], only["pageInfo"]["hasNextPage"]) == ([ids[2]], 2, True)
    more = (await execute(listed, token, job="DAILY_DIARY", status="SUCCEEDED", first=1, after=only["pageInfo"]["endCursor"]))["jobRuns"]
    assert [node["id"] for node in more["nodes"]] == [ids[0]] and (await execute(listed, token, status="CANCELLED"))["jobRuns"]["totalCount"] == 0


async def test_nights_shows_due_items_failures_durations_and_model_pauses(model: ModelServer, token: str) -> None:
    await add_users(3)
    await model.fail(always="402")
    await night(Job.DAILY_DIARY)
    seen = await execute(NIGHTS, token)
    [pause] = seen["nights"]["pauses"]
    assert (pause["kind"], pause["reason"]) == ("MODEL", "MODEL_QUOTA_EXCEEDED") and pause["probeAt"]
    assert seen["health"] == {"modelPaused": "MODEL_QUOTA_EXCEEDED"}
    await model.reset()
    async with transaction() as session:
        await session.execute(update(JobItem).values(due_at=JobItem.created_at))
        await session.execute(update(ModelPause).values(probe_at=ModelPause.since))
    due = {job["job"]: job for job in (await execute(NIGHTS, token))["nights"]["jobs"]}["DAILY_DIARY"]
    assert (due["due"], due["running"], due["failed"], due["attempts"]) == (3, 0, 0, 3) and due["oldestDueAt"]
    await night(Job.DAILY_DIARY)
    after = await execute(NIGHTS, token)
    diaries = {job["job"]: job for job in after["nights"]["jobs"]}["DAILY_DIARY"]
    assert (diaries["due"], diaries["oldestDueAt"], diaries["attempts"]) == (0, None, 6) and 0 < diaries["p50Ms"] <= diaries["p95Ms"]
    assert after["nights"]["failures"] == after["nights"]["pauses"] == [] and after["health"] == {"modelPaused": None}


async def test_model_switch_off_shows_its_reason_to_admins_and_only_the_state_to_others(token: str) -> None:
    off = """mutation($reason: String!) { modelSwitchOff(input: {reason: $reason}) { __typename ... on ModelSwitchOffSuccess { pauses { kind reason } }
      ... on InvalidInputError { code field } } }"""
    on = """mutation { modelSwitchOn(input: {reason: "paid"}) { __typename ... on ModelSwitchOnSuccess { pauses { kind } } ... on ConflictError { code } } }"""
    assert (await refused(off, token, reason=" "))["field"] == "reason"
    assert (await refused(on, token))["code"] == "CONFLICT"
    assert (await execute(off, token, reason="the bill"))["modelSwitchOff"]["pauses"] == [{"kind": "SWITCH", "reason": "the bill"}]
    assert (await seeds.ask("{ health { status modelPaused } }"))["data"]["health"] == {"status": "OK", "modelPaused": "MODEL_SWITCHED_OFF"}
    assert (await execute(on, token))["modelSwitchOn"] == {"__typename": "ModelSwitchOnSuccess", "pauses": []}
    with set_to(MODEL_ENABLED="false"):
        assert (await seeds.ask("{ health { modelPaused } }"))["data"]["health"] == {"modelPaused": "MODEL_SWITCHED_OFF"}


async def record_calls(person: User, day: date, purpose: Purpose, tokens: int) -> None:
    """Record one failed and one successful call at the prices of the current settings."""
    half = add_cost(Tokens(tokens // 2, tokens // 4, cached_tokens=tokens // 8, thinking_tokens=tokens // 16))
    async with transaction() as session:
        await record_usage(session, person.id, day, purpose, half, failed=True)
        await record_usages(session, [UsageRecord(person.id, day, purpose, half)])


async def test_usage_returns_tokens_and_costs_by_day_job_and_user(token: str) -> None:
    ann, bob = await seeds.person("ann"), await seeds.person("bob")
    with set_to(MODEL_INPUT_PRICE="1", MODEL_OUTPUT_PRICE="2", MODEL_CACHED_INPUT_PRICE="0.5"):
        await record_calls(ann, MONDAY, Purpose.DIARY, 1_000)
        await record_calls(bob, MONDAY, Purpose.DIARY, 2_000_000_000)
    await record_calls(ann, MONDAY, Purpose.CHAT, 400)
    with set_to(MODEL_INPUT_PRICE="10", MODEL_OUTPUT_PRICE="20", MODEL_PRICE_CURRENCY="CNY"):
        await record_calls(ann, MONDAY + timedelta(days=1), Purpose.WEEK, 600)
    asked = """query($from: Date!, $to: Date!, $userId: ID, $job: Job) { usage(from: $from, to: $to, userId: $userId, job: $job) {
      day purpose job people calls failedCalls inputTokens outputTokens cachedTokens thinkingTokens cost currency costs { amount currency } } }"""
    with set_to(MODEL_INPUT_PRICE="5", MODEL_OUTPUT_PRICE="5", MODEL_PRICE_CURRENCY="EUR"):  # later prices change nothing
        everybody = (await execute(asked, token, **WEEK))["usage"]
        anns = (await execute(asked, token, **WEEK, userId=encode_id("User", ann.id)))["usage"]
        diaries = (await execute(asked, token, **WEEK, job="DAILY_DIARY"))["usage"]
    assert [(row["purpose"], row["job"], row["people"], row["inputTokens"]) for row in everybody] == [
        ("CHAT", None, 1, 400), ("DIARY", "DAILY_DIARY", 2, 2_000_001_000), ("WEEK", "WEEKLY_PROFILE", 1, 600)]
    assert everybody[1]["outputTokens"] == 1_000_000_500 and everybody[1]["calls"] == 4
    assert (everybody[1]["cachedTokens"], everybody[1]["thinkingTokens"]) == (500_000_250, 250_000_124)
    assert [(row["cost"] and round(row["cost"], 6), row["currency"]) for row in everybody] == [(None, None), (3750.001875, "USD"), (0.012, "CNY")]
    assert [row["costs"] for row in everybody] == [[], [{"amount": 3750.001875, "currency": "USD"}], [{"amount": 0.012, "currency": "CNY"}]]
    assert [(row["purpose"], row["inputTokens"], row["failedCalls"]) for row in anns] == [("CHAT", 400, 1), ("DIARY", 1_000, 1), ("WEEK", 600, 1)]
    assert diaries == [everybody[1]] and (await execute(asked, token, **WEEK, job="DAILY_PROFILE"))["usage"] == []
    answer = await seeds.ask(asked, {"from": "2026-02-02", "to": "2026-02-01"}, token=token)
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_usage_by_person_is_paged_from_the_highest_use_down(token: str) -> None:
    ann, bob, eve = [await seeds.person(name) for name in ("ann", "bob", "eve")]
    with set_to(MODEL_INPUT_PRICE="1", MODEL_OUTPUT_PRICE="0"):
        for person, tokens in ((ann, 100), (bob, 3_000_000_000 // 2), (eve, 100)):
            await record_calls(person, MONDAY, Purpose.DIARY, tokens)
    with set_to(MODEL_INPUT_PRICE="2", MODEL_OUTPUT_PRICE="0", MODEL_PRICE_CURRENCY="CNY"):
        await record_calls(bob, MONDAY + timedelta(days=1), Purpose.CHAT, 1_500_000_000)
    asked = """query($from: Date!, $to: Date!, $job: Job, $first: Int! = 20, $after: String) {
      usageByPerson(from: $from, to: $to, job: $job, first: $first, after: $after) {
        totalCount pageInfo { endCursor hasNextPage } nodes { user { nickname } calls inputTokens cost currency costs { amount currency } } } }"""
    names, after = [], None
    for _ in range(3):
        page = (await execute(asked, token, **WEEK, first=1, after=after))["usageByPerson"]
        names += [node["user"]["nickname"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
    assert names[0] == "bob" and sorted(names) == ["ann", "bob", "eve"] and (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (3, False)
    [most] = (await execute(asked, token, **WEEK, first=1))["usageByPerson"]["nodes"]
    assert (most["inputTokens"], most["calls"], most["cost"], most["currency"]) == (3_000_000_000, 4, None, None)
    assert most["costs"] == [{"amount": 3000.0, "currency": "CNY"}, {"amount": 1500.0, "currency": "USD"}]
    nodes = (await execute(asked, token, **WEEK, job="DAILY_DIARY"))["usageByPerson"]["nodes"]
    assert [(node["cost"], node["currency"]) for node in nodes] == [(1500.0, "USD"), (0.0001, "USD"), (0.0001, "USD")]


async def test_user_update_changes_limit_and_role_but_never_the_callers_own_access(token: str) -> None:
    change = """mutation($input: UserUpdateInput!) { userUpdate(input: $input) { __typename ... on UserUpdateSuccess { user { role disabled } }
      ... on InvalidInputError { code field } } }"""
    ann = await seeds.person("ann")
    id = encode_id("User", ann.id)
    for limit in (5, 0, None):
        assert (await execute(change, token, input={"userId": id, "chatTokensPerDay": limit}))["userUpdate"]["__typename"] == "UserUpdateSuccess"
        async with transaction() as session:
            assert await session.scalar(select(User.chat_tokens_per_day).where(User.id == ann.id)) == limit
    assert (await execute(change, token, input={"userId": id, "role": "ADMIN", "disabled": True}))["userUpdate"]["user"] == {"role": "ADMIN", "disabled": True}
    assert (await refused(change, token, input={"userId": id, "chatTokensPerDay": -1}))["field"] == "chatTokensPerDay"
    async with transaction() as session:
        own = encode_id("User", await session.scalar(select(User.id).where(User.email == "root@example.org")))
    assert (await refused(change, token, input={"userId": own, "role": "USER"}))["field"] == "role"
    assert (await refused(change, token, input={"userId": own, "disabled": True}))["field"] == "disabled"
    before = await everything()
    answer = await seeds.ask(change, {"input": {"userId": encode_id("User", uuid7()), "disabled": True}}, token=token)
    assert answer["errors"][0]["extensions"]["code"] == "NOT_FOUND" and await everything() == before


async def test_job_run_after_its_requester_is_deleted_is_kept(model: ModelServer, token: str) -> None:
    await add_users(1)
    id = (await execute(START, token, input={"job": "DAILY_DIARY", **WEEK}))["jobRunStart"]["run"]["id"]
    other = await seeds.person("other")
    async with transaction() as session:
        await session.execute(delete(User).where(User.email == "root@example.org"))
        await session.execute(update(User).where(User.id == other.id).values(role=Role.ADMIN))
    run = (await execute(RUN, await seeds.bearer(other), id=id))["jobRun"]
    assert (run["requestedBy"], run["status"], run["counts"]["total"]) == (None, "SUCCEEDED", 1)


async def test_users_search_takes_the_spellings_of_a_nickname_for_one():
    people = {name: await seeds.person(name) for name in ("ada", "ben", "cem", "dan")}
    nicknames = {"ada": "Zoë O’Neil", "ben": "陳偉", "cem": "İLKER", "dan": "100%"}
    async with transaction() as session:
        for name, user in people.items():
            await session.execute(update(User).where(User.id == user.id).values(nickname=nicknames[name]))
        await session.execute(update(User).where(User.id == people["ada"].id).values(role=Role.ADMIN))
    token = await seeds.bearer(people["ada"])
    expected = {"zoe": "ada", "O'NEIL": "ada", "o'neil zoe": "ada", "陈伟": "ben", "ilker": "cem", "%": "dan", "BEN@example": "ben", "zoe 陈": None}
    for search, found in expected.items():
        answer = await seeds.ask("query($s: String) { users(search: $s) { totalCount nodes { email } } }", {"s": search}, token=token)
        assert [node["email"] for node in answer["data"]["users"]["nodes"]] == ([f"{found}@example.org"] if found else []), search
        assert answer["data"]["users"]["totalCount"] == (1 if found else 0)
    everyone = await seeds.ask('{ users(search: "  ") { totalCount } }', token=token)
    assert everyone["data"]["users"]["totalCount"] == 4
