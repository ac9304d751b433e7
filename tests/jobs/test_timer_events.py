from __future__ import annotations

import json
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from jobs.timer_events import COMMANDS, TimerRequest, TriggerError, find_command, parse_timer_event
from persistence.models.jobs import Job
from tests.cloud_events import load_event

TIMERS = {
    "tencent": ("tencent/timer.json", "Message", "TriggerName"),
    "aliyun": ("aliyun/timer.json", "payload", "triggerName"),
    "huawei": ("huawei/timer.json", "user_event", "trigger_name"),
}
AWS = ("aws/eventbridge_rule.json", "aws/scheduler.json")


def timer(cloud: str, text: Any, name: str = "EveryDay") -> dict[str, Any]:
    path, text_key, name_key = TIMERS[cloud]
    return {**load_event(path), text_key: text, name_key: name}


SPELLINGS = [
    ("daily_diary", Job.DAILY_DIARY),
    ("daily-diary", Job.DAILY_DIARY),
    ("DAILY_DIARY", Job.DAILY_DIARY),
    (" Daily-Diary\n", Job.DAILY_DIARY),
    ("DailyDiary", Job.DAILY_DIARY),
    ("generate_daily_diaries", Job.DAILY_DIARY),
    ("generate-daily-diaries", Job.DAILY_DIARY),
    ("daily_profile", Job.DAILY_PROFILE),
    ("analyze_daily_profiles", Job.DAILY_PROFILE),
    ("weekly-profile", Job.WEEKLY_PROFILE),
    ("analyze_weekly_profiles", Job.WEEKLY_PROFILE),
    ("tick", None),
    ("TICK", None),
]


@pytest.mark.parametrize("cloud", TIMERS)
@pytest.mark.parametrize(("spelling", "job"), SPELLINGS)
def test_parse_timer_event_each_spelling_in_the_text_returns_the_job(cloud: str, spelling: str, job: Job | None) -> None:
    for text in (spelling, json.dumps(spelling), json.dumps({"job": spelling})):
        assert parse_timer_event(timer(cloud, text)) == TimerRequest(job, cloud, "EveryDay")


@pytest.mark.parametrize("cloud", TIMERS)
@pytest.mark.parametrize("name", ["daily-diary", "unilife-daily-diary", "UnilifeDailyDiary-1AB2C", "generate_daily_diaries"])
@pytest.mark.parametrize("text", ["", None, "every night", "{}"])
def test_parse_timer_event_text_without_a_job_returns_the_job_of_the_timers_name(cloud: str, name: str, text: Any) -> None:
    assert parse_timer_event(timer(cloud, text, name)) == TimerRequest(Job.DAILY_DIARY, cloud, name)


def test_parse_timer_event_text_and_name_differ_returns_the_job_of_the_text() -> None:
    found = parse_timer_event(timer("tencent", "weekly_profile", "daily-diary"))
    assert found and found.job is Job.WEEKLY_PROFILE


@pytest.mark.parametrize("path", AWS)
def test_parse_timer_event_aws_rule_or_schedule_returns_the_job(path: str) -> None:
    for detail in ({"job": "daily-diary"}, '{"job": "daily-diary"}'):
        found = parse_timer_event({**load_event(path), "detail": detail})
        assert found and (found.job, found.cloud) == (Job.DAILY_DIARY, "aws")
    found = parse_timer_event({**load_event(path), "resources": ["arn:aws:scheduler:us-east-2:1:schedule/default/unilife-weekly-profile"]})
    assert found and (found.job, found.name) == (Job.WEEKLY_PROFILE, "unilife-weekly-profile")


@pytest.mark.parametrize(
    "wrap", [lambda event: event, json.dumps, lambda event: json.dumps(event).encode(), lambda event: bytearray(json.dumps(event).encode())]
)
def test_parse_timer_event_as_object_text_or_bytes_returns_the_same_job(wrap: Any) -> None:
    assert parse_timer_event(wrap({"job": "daily_profile"})) == TimerRequest(Job.DAILY_PROFILE, "direct")
    assert parse_timer_event(wrap(timer("aliyun", "tick"))) == TimerRequest(None, "aliyun", "EveryDay")


OPTIONS = {"job": "daily_diary", "from": "2026-01-01", "to": "2026-01-31", "user_ids": [str(UUID(int=1))], "force": True, "dry_run": True}


@pytest.mark.parametrize(
    "event",
    [
        OPTIONS,
        timer("tencent", json.dumps(OPTIONS)),
        {**load_event(AWS[0]), "detail": OPTIONS},
        {"job": "daily_diary", **{k: OPTIONS[k] for k in ("from", "to", "force")}, "userIds": OPTIONS["user_ids"], "dryRun": True},
    ],
    ids=["direct", "tencent", "aws", "camel case"],
)
def test_parse_timer_event_with_options_returns_them(event: Any) -> None:
    found = parse_timer_event(event)
    assert found and (found.job, found.first, found.last) == (Job.DAILY_DIARY, date(2026, 1, 1), date(2026, 1, 31))
    assert (found.user_ids, found.force, found.dry_run) == ((UUID(int=1),), True, True)


@pytest.mark.parametrize(
    "option",
    [
        {"from": "1.1.2026"},
        {"from": 20260101},
        {"to": "2026-02-30"},
        {"from": "2026-02-01", "to": "2026-01-01"},
        {"user_ids": []},
        {"user_ids": "all"},
        {"user_ids": ["x"]},
        {"user_ids": [5]},
        {"user_ids": [str(UUID(int=1))] * 1001},
        {"force": "yes"},
        {"force": 1},
        {"dry_run": 0},
        {"dryrun": True},
        {"until": "2026-01-01"},
        {"job": "weekly_dairy"},
        {"job": None},
        {"job": 5},
        {"job": ["daily_diary"]},
    ],
    ids=lambda option: str(option)[:60],
)
def test_parse_timer_event_invalid_option_is_refused_by_name(option: dict[str, Any]) -> None:
    for event in ({"job": "daily_diary", **option}, timer("huawei", json.dumps({"job": "daily_diary", **option}), "daily_diary")):
        with pytest.raises(TriggerError) as refused:
            parse_timer_event(event)
        assert any(word in str(refused.value) for word in (*option, "send one of", "send only"))


@pytest.mark.parametrize(
    "event",
    [
        *(load_event(path) for path, _, _ in TIMERS.values()),
        *map(load_event, AWS),
        timer("tencent", "daily_dairy", "Night"),
        timer("aliyun", "", "daily_diary_and_weekly_profile"),
        timer("huawei", "[" * 100_000),
        timer("tencent", 5),
        timer("tencent", ["daily_diary"]),
    ],
    ids=[*TIMERS, "aws rule", "aws schedule", "misspelled", "two jobs in the name", "deep JSON", "number", "list"],
)
def test_parse_timer_event_timer_without_a_job_is_refused_with_the_accepted_names(event: dict[str, Any]) -> None:
    with pytest.raises(TriggerError) as refused:
        parse_timer_event(event)
    for name in ("daily_diary", "daily_profile", "weekly_profile", "tick", "generate_daily_diaries"):
        assert name in str(refused.value)


HTTP = (
    "tencent/function_url.json",
    "tencent/function_url_graphql.json",
    "tencent/apigw.json",
    "aliyun/http.json",
    "aliyun/http_get_empty.json",
    "huawei/apig.json",
    "huawei/apig_get_empty.json",
    "aws/function_url.json",
    "aws/http_v2.json",
    "aws/rest_v1.json",
    "aws/alb.json",
)


@pytest.mark.parametrize("path", HTTP)
def test_parse_timer_event_http_request_returns_none(path: str) -> None:
    forged = {**timer("tencent", "daily_diary"), "job": "daily_diary", "source": "aws.events"}
    event = {**load_event(path), "body": json.dumps(forged)}
    assert parse_timer_event(event) is None
    assert parse_timer_event({**event, "job": "daily_diary"}) is None


@pytest.mark.parametrize("event", [None, 5, "daily_diary", b"\xff", "[]", [], {}, {"Records": []}, "[" * 100_000], ids=lambda event: repr(event)[:20])
def test_parse_timer_event_other_event_returns_none(event: Any) -> None:
    assert parse_timer_event(event) is None


@pytest.mark.parametrize(
    ("event", "command"),
    [
        ({"job": "migrate"}, "migrate"), ({"job": " MIGRATE "}, "migrate"), (b'{"job": "migrate"}', "migrate"), ('{"job": "migrate"}', "migrate"),
        ({"job": "check_model"}, "check_model"), ({"job": "check-model"}, "check_model"), (b'{"job": "CheckModel"}', "check_model"),
    ],
    ids=str,
)
def test_find_command_direct_event_returns_the_command(event: Any, command: str) -> None:
    assert find_command(event) == command


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("cloud", TIMERS)
@pytest.mark.parametrize("form", ["{}", '"{}"', '{{"job": "{}"}}'])
def test_find_command_timers_text_or_name_returns_none(cloud: str, form: str, command: str) -> None:
    text = form.format(command)
    for event in (timer(cloud, text), timer(cloud, "", command), {**timer(cloud, text), "job": command}):
        assert find_command(event) is None
        with pytest.raises(TriggerError):
            parse_timer_event(event)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("path", AWS)
def test_find_command_aws_rule_or_schedule_returns_none(path: str, command: str) -> None:
    for event in ({**load_event(path), "detail": {"job": command}}, {**load_event(path), "job": command}):
        assert find_command(event) is None
        with pytest.raises(TriggerError):
            parse_timer_event(event)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("path", HTTP)
def test_find_command_http_request_returns_none(path: str, command: str) -> None:
    for event in ({**load_event(path), "body": json.dumps({"job": command})}, {**load_event(path), "job": command}):
        assert find_command(event) is None and find_command(json.dumps(event).encode()) is None


@pytest.mark.parametrize(
    "event",
    [{"job": "tick"}, {"job": None}, {"job": ["migrate"]}, {"job": {"migrate": 1}}, {"JOB": "migrate"}, [{"job": "migrate"}], "migrate", None],
    ids=str,
)
def test_find_command_other_event_returns_none(event: Any) -> None:
    assert find_command(event) is None


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("option", [{"force": True}, {"to": "2026-01-01"}, {"dry_run": True}, {"revision": "0001"}], ids=str)
def test_find_command_with_options_is_refused(option: dict[str, Any], command: str) -> None:
    with pytest.raises(TriggerError, match="takes no options"):
        find_command({"job": command, **option})


@pytest.mark.parametrize("command", COMMANDS)
def test_parse_timer_event_command_is_refused_as_an_unknown_job(command: str) -> None:
    with pytest.raises(TriggerError, match="unknown job"):
        parse_timer_event({"job": command})
