"""The times at which the timers fire: every expression over a year, in its cloud's grammar, in Shanghai's time."""
from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from jobs.timer_events import parse_timer_event
from persistence.models.jobs import Job
from tests.deploy.cron import CronError, moments
from tests.deploy.files import deployments, timer_event

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST, DAYS = date(2028, 1, 1), 366
"""A leap year."""
SUNDAY = 6
JOBS = {"daily-diary": Job.DAILY_DIARY, "daily-profile": Job.DAILY_PROFILE, "weekly-profile": Job.WEEKLY_PROFILE, "tick": None}

each_file = pytest.mark.parametrize("name", sorted(deployments()))


def year_of(name: str, timer_name: str) -> list[datetime]:
    deployment = deployments()[name]
    timer = deployment.timers[timer_name]
    around = moments(timer.expression, deployment.cloud, FIRST - timedelta(days=1), DAYS + 2, timer.zone)
    return [at for at in (found.astimezone(SHANGHAI) for found in around) if FIRST <= at.date() < FIRST + timedelta(days=DAYS)]


def every_day_at(hour: int, minute: int) -> list[datetime]:
    return [datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI) for day in (FIRST + timedelta(days=number) for number in range(DAYS))]


@each_file
def test_daily_diary_timer_fires_each_day_at_three(name: str) -> None:
    assert year_of(name, "daily-diary") == every_day_at(3, 0)


@each_file
def test_daily_profile_timer_fires_each_day_at_a_quarter_past_three(name: str) -> None:
    assert year_of(name, "daily-profile") == every_day_at(3, 15)


@each_file
def test_weekly_profile_timer_fires_on_sunday_at_four(name: str) -> None:
    assert year_of(name, "weekly-profile") == [at for at in every_day_at(4, 0) if at.weekday() == SUNDAY]


@each_file
def test_tick_timer_fires_each_minute(name: str) -> None:
    deployment = deployments()[name]
    timer = deployment.timers["tick"]
    found = list(moments(timer.expression, deployment.cloud, FIRST, DAYS, timer.zone))
    gaps = {later - earlier for earlier, later in zip(found, found[1:])}
    assert (len(found), gaps, found[0].second) == (DAYS * 24 * 60, {timedelta(minutes=1)}, 0)


@each_file
def test_timers_are_enabled_except_the_tick(name: str) -> None:
    assert {timer_name: timer.is_open for timer_name, timer in deployments()[name].timers.items()} == {job: job != "tick" for job in JOBS}


@each_file
@pytest.mark.parametrize("timer_name", JOBS)
def test_timer_event_of_each_timer_is_parsed_as_its_job(name: str, timer_name: str) -> None:
    trigger = parse_timer_event(timer_event(deployments()[name], timer_name))
    assert trigger is not None and trigger.job is JOBS[timer_name]
    assert (trigger.first, trigger.user_ids, trigger.force, trigger.dry_run) == (None, None, False, False)


@pytest.mark.parametrize(("cloud", "expression", "weekday"), [
    ("tencent", "0 0 4 ? * 1 *", 0), ("tencent", "0 0 4 * * 0 *", 6), ("aws", "cron(0 4 ? * 1 *)", 6), ("aws", "cron(0 4 ? * SUN *)", 6),
    ("aliyun", "CRON_TZ=Asia/Shanghai 0 0 4 * * MON", 0), ("huawei", "CRON_TZ=Asia/Shanghai 0 0 4 ? * SAT", 5),
])  # fmt: skip
def test_cron_weekday_number_follows_the_clouds_grammar(cloud: str, expression: str, weekday: int) -> None:
    assert {at.weekday() for at in moments(expression, cloud, FIRST, DAYS)} == {weekday}


def test_cron_expression_without_a_time_zone_is_read_in_utc() -> None:
    [utc] = moments("0 0 3 * * *", "aliyun", FIRST, 1)
    assert utc.astimezone(SHANGHAI).hour == 11
    [scheduled] = moments("cron(0 3 * * ? *)", "aws", FIRST, 1, "Asia/Shanghai")
    assert scheduled.astimezone(SHANGHAI).hour == 3


def test_cron_expression_on_tencent_with_day_and_weekday_matches_either() -> None:
    assert [at.day for at in moments("0 0 4 1 * SUN *", "tencent", FIRST, 31)] == [1, 2, 9, 16, 23, 30]


@pytest.mark.parametrize(("cloud", "expression"), [
    ("tencent", "0 3 * * *"), ("huawei", "0 0 3 * * ?"), ("aliyun", "CRON_TZ=Asia/Shanghai 0 0 4 * * 1"), ("aws", "cron(0 3 * * * *)"), ("aws", "0 3 * * ? *"),
    ("tencent", "0 60 3 * * * *"),
])  # fmt: skip
def test_cron_expression_that_a_cloud_refuses_or_leaves_undefined_raises_cron_error(cloud: str, expression: str) -> None:
    with pytest.raises(CronError):
        list(moments(expression, cloud, FIRST, 1))
