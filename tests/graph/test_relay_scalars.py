from __future__ import annotations

from datetime import date, datetime, timezone
from typing import Any

import pytest
from graphql import GraphQLError

from graph import scalars
from tests.graph.small_schema import Context, make_schema


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=timezone.utc)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-01-31T08:30:00Z", utc(2026, 1, 31, 8, 30)),
        ("2026-01-31t08:30:00z", utc(2026, 1, 31, 8, 30)),
        ("2026-01-31T08:30:00+08:00", utc(2026, 1, 31, 0, 30)),
        ("2026-01-31T08:30:00.5-03:30", utc(2026, 1, 31, 12, 0, 0, 500000)),
        ("2026-01-31T08:30:00.123456789Z", utc(2026, 1, 31, 8, 30, 0, 123456)),
    ],
)
def test_parse_date_time_with_any_offset_returns_utc(text: str, instant: datetime) -> None:
    found = scalars.parse_date_time(text)
    assert (found, found.tzinfo) == (instant, timezone.utc)
    assert scalars.parse_date_time(scalars.format_date_time(found)) == found


PARSERS: list[tuple[Any, list[Any]]] = [
    (
        scalars.parse_date_time,
        [
            "2026-01-31T08:30:00",
            "2026-01-31",
            "2026-W01-1T00:00:00Z",
            "2026-02-30T00:00:00Z",
            "0001-01-01T00:00:00+14:00",
            "2026-01-31 08:30:00Z",
            "",
            5,
            None,
            "２０２６-01-31T08:30:00Z",
        ],
    ),
    (scalars.parse_date, ["2026-1-1", "2026-02-30", "20260101", "2026-W01-1", "2026-01-01T00:00:00Z", "", 20260101]),
    (scalars.parse_time_zone, [8, None]),
    (scalars.parse_locale, [1, None]),
    (
        scalars.parse_email,
        ["", "a", "a@b", "@b.org", "a@b.org, c@d.org", "a b@c.org", "a@b..org", "a@.org", "a" * 250 + "@b.org", "A <a@b.org>", "a@b.org\n c", 1],
    ),
]


@pytest.mark.parametrize(("parse", "value"), [(parse, value) for parse, values in PARSERS for value in values])
def test_scalar_parser_with_an_invalid_value_raises_bad_user_input(parse: Any, value: Any) -> None:
    with pytest.raises(GraphQLError) as refused:
        parse(value)
    assert refused.value.extensions == {"code": "BAD_USER_INPUT"}


def test_format_date_of_a_parsed_date_returns_the_same_text() -> None:
    assert scalars.format_date(scalars.parse_date("2024-02-29")) == "2024-02-29"


@pytest.mark.parametrize("address", ["name@example.org", " a.b+c@例子.公司 ", "o'neil@x.co"])
def test_parse_email_strips_surrounding_spaces(address: str) -> None:
    assert scalars.parse_email(address) == address.strip()


@pytest.mark.parametrize("wrong", [datetime(2026, 1, 1), date(2026, 1, 1), "2026-01-01"])
def test_format_date_time_without_a_time_zone_raises_type_error(wrong: Any) -> None:
    with pytest.raises(TypeError):
        scalars.format_date_time(wrong)


def test_format_date_of_a_date_time_raises_type_error() -> None:
    with pytest.raises(TypeError):
        scalars.format_date(utc(2026, 1, 1))


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("argument", "kind", "good", "bad"),
    [
        ("at", "DateTime", "2026-01-01T00:00:00Z", "yesterday"),
        ("day", "Date", "2026-01-01", "1.1.2026"),
        ("email", "EmailAddress", "a@b.org", "a"),
    ],
)
async def test_scalar_as_a_literal_or_a_variable_is_parsed_alike(argument: str, kind: str, good: str, bad: str) -> None:
    schema = make_schema()
    as_variable = f"query ($value: {kind}) {{ echo({argument}: $value) }}"
    given = [await schema.execute(f'{{ echo({argument}: "{good}") }}', None, Context("r")), await schema.execute(as_variable, {"value": good}, Context("r"))]
    assert given[0].data == given[1].data and given[0].data is not None
    for refused in (
        await schema.execute(f'{{ echo({argument}: "{bad}") }}', None, Context("r")),
        await schema.execute(as_variable, {"value": bad}, Context("r")),
    ):
        assert refused.data is None
        assert [error.extensions for error in refused.errors or []] == [{"code": "BAD_USER_INPUT", "requestId": "r"}]
