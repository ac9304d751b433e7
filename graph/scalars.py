"""The API's own scalars. `SCALARS` goes into `StrawberryConfig(scalar_map=...)`; annotate with the types of this module.

Invalid values are rejected with BAD_USER_INPUT, in literals and in variables alike.
"""
import re
from datetime import date, datetime, timezone
from typing import Any, NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

from graph.errors import ErrorCode, coded_error

TimeZone = NewType("TimeZone", str)
Locale = NewType("Locale", str)
EmailAddress = NewType("EmailAddress", str)
BigInt = NewType("BigInt", int)

MAX_EMAIL_LENGTH = 254
"""Maximum characters of an e-mail address. RFC 5321: a path of 256 characters less its angle brackets."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DATE_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.(\d{1,6})\d{0,3})?(Z|[+-]\d{2}:\d{2})", re.ASCII | re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@\"(),:;<>\[\]\\\x00-\x1f]{1,64}@[^\s@\"(),:;<>\[\]\\\x00-\x1f.]+(?:\.[^\s@\"(),:;<>\[\]\\\x00-\x1f.]+)+")


def parse_date_time(value: Any) -> datetime:
    """Return an aware UTC datetime from RFC 3339 text. An offset is required, because a time without one is ambiguous."""
    found = _DATE_TIME.fullmatch(_text(value, "DateTime"))
    if found is None:
        raise _refused("a DateTime must have the form 2026-01-31T08:30:00Z, with an offset from UTC")
    fraction, offset = found.groups()
    text = value[:19] + (f".{fraction:0<6}" if fraction else "") + ("+00:00" if offset in "Zz" else offset)
    try:
        return datetime.fromisoformat(text.upper()).astimezone(timezone.utc)
    except (ValueError, OverflowError):
        raise _refused("the DateTime is not a valid point in time") from None


def format_date_time(value: Any) -> str:
    """Return RFC 3339 text in UTC, such as `2026-01-31T08:30:00+00:00`. Raises `TypeError` for a naive datetime, whose zone would be a guess."""
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise TypeError("a DateTime must be an aware datetime")
    return value.astimezone(timezone.utc).isoformat()


def parse_date(value: Any) -> date:
    """Return a calendar day from `YYYY-MM-DD`."""
    if not _DATE.fullmatch(_text(value, "Date")):
        raise _refused("a Date must have the form 2026-01-31")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise _refused("the Date is not a day of the calendar") from None


def format_date(value: Any) -> str:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise TypeError("a Date must be a date without a time")
    return value.isoformat()


def parse_time_zone(value: Any) -> TimeZone:
    """Return the text. Whether it names a time zone is checked where it is used, so that a wrong one is refused as data, with its field."""
    return TimeZone(_text(value, "TimeZone"))


def parse_locale(value: Any) -> Locale:
    """Return the text. Whether it is a language tag is checked where it is used, so that a wrong one is refused as data, with its field."""
    return Locale(_text(value, "Locale"))


def parse_email(value: Any) -> EmailAddress:
    """Return the address as typed, without surrounding spaces; at most 254 characters."""
    text = _text(value, "EmailAddress").strip()
    if len(text) > MAX_EMAIL_LENGTH or not _EMAIL.fullmatch(text):
        raise _refused("an EmailAddress must have the form name@example.org and at most 254 characters")
    return EmailAddress(text)


def parse_big_int(value: Any) -> BigInt:
    """Return a whole number that a JSON number represents exactly in every language."""
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 2**53:
        raise _refused("a BigInt must be an integer between -2^53 and 2^53")
    return BigInt(value)


def _refused(message: str) -> GraphQLError:
    return coded_error(ErrorCode.BAD_USER_INPUT, message)


def _text(value: Any, scalar: str) -> str:
    if not isinstance(value, str):
        raise _refused(f"a {scalar} must be a string")
    return value


SCALARS: dict[object, ScalarDefinition] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description="A point in time in RFC 3339 format, such as `2026-01-31T08:30:00+00:00`. Responses are in UTC; inputs must have an offset or `Z`.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
        serialize=format_date_time,
        parse_value=parse_date_time,
    ),
    date: strawberry.scalar(
        name="Date",
        description="A calendar day in the user's own time zone, such as `2026-01-31`.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
        serialize=format_date,
        parse_value=parse_date,
    ),
    TimeZone: strawberry.scalar(
        name="TimeZone",
        description="The IANA name of a time zone, such as `Asia/Shanghai`. Inputs take it in any case, and whole-hour offsets such as `+08:00`, which become "
        "`Etc/GMT-8`; another text is refused with InvalidInputError, whose `suggestion` is the nearest name.",
        specified_by_url="https://www.iana.org/time-zones",
        serialize=str,
        parse_value=parse_time_zone,
    ),
    Locale: strawberry.scalar(
        name="Locale",
        description="A BCP 47 language tag, such as `zh-CN`, `en` or `zh-Hant-TW`, with extensions if the client has them (`en-US-u-ca-gregory`). Inputs take it "
        "in any case and in POSIX spelling (`zh_CN.UTF-8`); another text is refused with InvalidInputError, whose `suggestion` is the nearest tag.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc5646",
        serialize=str,
        parse_value=parse_locale,
    ),
    EmailAddress: strawberry.scalar(
        name="EmailAddress",
        description="An e-mail address of at most 254 characters.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc5321",
        serialize=str,
        parse_value=parse_email,
    ),
    BigInt: strawberry.scalar(
        name="BigInt",
        description="An integer between -2^53 and 2^53 as a JSON number, for sums that may exceed the 32 bits of Int.",
        serialize=int,
        parse_value=parse_big_int,
    ),
}
"""The scalars by Python type. Includes `datetime` and `date`, because Strawberry's own scalars accept bare times and week dates."""
