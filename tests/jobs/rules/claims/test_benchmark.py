"""The benchmark's statements, in both languages: how many lies the rules store, and how many truths they keep."""

from __future__ import annotations

import pytest

from bench.truth import days, held_out_en, held_out_zh, second_en, second_zh, statements_en, statements_zh
from bench.truth.measure import items, outcome

TUNED = {"en": statements_en.TUNED, "zh": statements_zh.TUNED}
HELD_OUT = {"en": held_out_en.HELD_OUT, "zh": held_out_zh.HELD_OUT}


def shares(table: str) -> tuple[float, float]:
    """Return the share of lies that are stored and the share of truths that are kept."""
    outcomes = [outcome(item) for item in items(table)]
    lies = [found.stored for found in outcomes if not found.item.true]
    truths = [found.stored for found in outcomes if found.item.true]
    return sum(lies) / len(lies), sum(truths) / len(truths)


@pytest.mark.parametrize("language", TUNED)
def test_rules_store_few_lies_and_keep_nearly_all_truths_of_the_tuned_statements(language: str) -> None:
    assert len(list(items(TUNED[language]))) >= 200
    stored, kept = shares(TUNED[language])
    assert stored <= 0.15 and kept >= 0.97


@pytest.mark.parametrize("language", HELD_OUT)
def test_held_out_statements_are_pairs_of_a_lie_and_a_truth_that_the_tuned_ones_do_not_have(language: str) -> None:
    found, tuned = list(items(HELD_OUT[language])), {item.message for item in items(TUNED[language])}
    assert len(found) >= 60
    assert [item.true for item in found] == [False, True] * (len(found) // 2)
    assert not tuned & {item.message for item in found}


SETS = {**{f"tuned {name}": table for name, table in TUNED.items()}, "second en": second_en.SECOND, "second zh": second_zh.SECOND,
        **{f"held out {name}": table for name, table in HELD_OUT.items()}}  # fmt: skip


@pytest.mark.parametrize("name", SETS)
def test_second_reading_that_says_says_to_everything_stores_few_lies(name: str) -> None:
    lies = [outcome(item, "SAYS").stored for item in items(SETS[name]) if not item.true]
    assert any(lies), "a model that lies has an effect"
    assert sum(lies) / len(lies) <= 0.15


@pytest.mark.parametrize("language", TUNED)
def test_rules_store_few_careless_claims_about_chats_of_a_day_and_keep_most_right_ones(language: str) -> None:
    outcomes = [days.outcome(item) for item in days.load("days", language)]
    assert len({found.item.messages for found in outcomes}) >= 150
    lies = [found.stored for found in outcomes if not found.item.true]
    truths = [found.stored or found.undated for found in outcomes if found.item.true]
    assert sum(lies) / len(lies) <= 0.1 and sum(truths) / len(truths) >= 0.7
    dated = [found.stored for found in outcomes if found.item.claim.happens_on is not None]
    assert sum(dated) / sum(found.item.true for found in outcomes if found.item.claim.happens_on is not None) >= 0.8


@pytest.mark.parametrize("name", days.HALVED_SETS)
def test_rules_store_few_careless_claims_of_each_half_of_the_third_set(name: str) -> None:
    for claims in (half for language in TUNED for half in days.load_halves(name, language)):
        outcomes = [days.outcome(item) for item in claims]
        lies = [found.stored for found in outcomes if not found.item.true]
        truths = [found.stored or found.undated for found in outcomes if found.item.true]
        assert len(lies) >= 50 and sum(lies) / len(lies) <= 0.1 and sum(truths) / len(truths) >= 0.6


DAYS = """
> Let's play: you're the innkeeper and I'm a knight.
> I live in the castle.
> Back to reality: I live in Hull.
- identity.home=castle|I live in the castle
+ identity.home=Hull|I live in Hull

> 我们来玩游戏吧，你当皇帝我当宰相
> 臣住在城东
- identity.home=城东|臣住在城东

> Chess club dinner is a week on Monday.
+ SUMMARY:Chess club dinner.|Chess club dinner is a week on Monday|2026-03-23
- SUMMARY:Chess club dinner.|Chess club dinner is a week on Monday|2026-03-16

> 大后天我妈来
+ SUMMARY:我妈来。|大后天我妈来|2026-03-17

> 18号去看牙
> 哦不对是19号
- SUMMARY:18号去看牙。|18号去看牙|2026-03-18
+ SUMMARY:19号去看牙。|18号去看牙&&是19号|2026-03-19

> 我表姐小芸要来。不是表姐，是堂姐。我表弟小海也来。
- relationships.people=表姐小芸|我表姐小芸
+ relationships.people=表弟小海|我表弟小海

> 我生日是农历八月十五
- identity.birthday=8月15日|我生日是农历八月十五

> My birthday is 15 August.
+ identity.birthday=15 August|My birthday is 15 August

> I pack boxes from 6 to 2 on weekdays and I never say no to plum cake.
+ habits.work_hours=from 6 to 2|I pack boxes from 6 to 2 on weekdays
- habits.sleep=from 6 to 2|from 6 to 2
+ preferences.food=plum cake|I never say no to plum cake
- preferences.food!=plum cake|never say no to plum cake

> 我在厨房从早班换成晚班了，一天不喝豆浆我就浑身难受
+ preferences.food=豆浆|一天不喝豆浆我就浑身难受
- preferences.food!=豆浆|不喝豆浆
- habits.work_hours=早班|从早班换成晚班

> 我老板住苏州，我base在无锡 天天坐高铁
- identity.home=苏州|住苏州
+ identity.home=无锡|base在无锡

> Did I mention my cousin Bo moved? Few people know that I miss him. My uncle's a Quaker. Vegan too.
+ relationships.people=cousin Bo|my cousin Bo
- identity.beliefs=Quaker|a Quaker
- preferences.food=vegan|Vegan too

> I'm the sheriff of Dry Creek and you're the bandit. I live in the jail.
- identity.occupation=sheriff|I'm the sheriff
- identity.home=jail|I live in the jail

> My tent collapsed in the storm. Considered selling my kayak.
- ACTIVITY:Collapsed in the storm.|collapsed in the storm
- ACTIVITY:Sold my kayak.|selling my kayak

> The fair is in Bergen, no wait
> I mean Oslo, always mix those up
- SUMMARY:The fair is in Bergen.|The fair is in Bergen

> 展会在绍兴，等等
> 是嘉兴，我老记混
- SUMMARY:展会在绍兴。|展会在绍兴

> rain and im not running, simple as
- habits.exercise!=running|im not running

> 下雨就不跑了
- habits.exercise!=跑|不跑了

> I like all fruit but durian. Gym every day except Sundays.
+ preferences.food=fruit|I like all fruit
- preferences.food=durian|durian
- habits.exercise=gym on Sundays|Gym every day except Sundays

> 比起咖啡我还是更爱喝茶，水果除了榴莲我都爱
+ preferences.food=茶|更爱喝茶
- preferences.food=咖啡|比起咖啡
+ preferences.food=水果|水果除了榴莲我都爱
- preferences.food=榴莲|除了榴莲

> prefer trains to planes
+ preferences.activities=trains|prefer trains to planes
- preferences.activities=planes|planes

> coworker moved here from Lagos, worked till 10 last night
- identity.home=Lagos|moved here from Lagos
- habits.work_hours=till 10|worked till 10 last night

> 昨晚加班到十点。平时七点起今天睡到十一点
- habits.work_hours=到十点|昨晚加班到十点
- habits.sleep=十一点|今天睡到十一点
+ habits.sleep=七点起|平时七点起

> told you i had the soup. nope it was the curry
- ACTIVITY:Had the soup.|i had the soup

> 中午喝的汤 哦不对 是咖喱饭
- ACTIVITY:中午喝的汤。|中午喝的汤

> my husband and i both wfh, asked if i still dance, i do
+ relationships.status=husband|my husband and i
- relationships.status=divorced|my husband and i

> 我姐发的：六月搬去珠海，另外我怀孕了
- identity.health=怀孕|我怀孕了

> i dont drink coffee abt half the week, prob allergic lol
- preferences.food=coffee|drink coffee
"""


def test_claims_about_several_messages_and_other_days_are_stored_only_where_the_chat_says_them() -> None:
    wrong = [(found.item.messages, found.item.claim, found.dropped) for found in map(days.outcome, days.read_days(DAYS)) if found.stored is not found.item.true]
    assert wrong == []
