"""The signs of events: each row of the table holds for its own examples."""

from __future__ import annotations

import pytest

from jobs.rules.diary.event_signs import SIGNS, Sign, weigh


def has_sign(sign: Sign, statement: str) -> bool:
    return sign.english.search(statement) is not None or sign.chinese.search(statement) is not None


@pytest.mark.parametrize("sign", SIGNS, ids=lambda sign: sign.name)
def test_sign_occurs_in_its_examples_and_not_in_those_that_look_alike(sign: Sign) -> None:
    assert [statement for statement in sign.having if not has_sign(sign, statement)] == []
    assert [statement for statement in sign.lacking if has_sign(sign, statement)] == []


@pytest.mark.parametrize(
    ("event", "other"),
    [
        ("I met my sister at the station yesterday.", "It is important to have sisters."),
        ("We're moving to Leith in May.", "You would like Leith."),
        ("昨天我在车站见到了妹妹。", "有妹妹是很重要的。"),
        ("我打算五月搬家。", "你的建议很好。"),
    ],
)
def test_weigh_event_weighs_more_than_an_opinion(event: str, other: str) -> None:
    assert weigh(event) > 2 * weigh(other)
