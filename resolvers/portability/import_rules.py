"""The API's rules for the values of an imported row: the validators that the mutations use, by column."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any, Final

from jobs.rules.day import FIRST_DAY, LAST_DAY, is_time_zone, week_start
from jobs.rules.diary.kept_claims import MAX_LINE_LENGTH, MAX_LINES
from jobs.rules.own_slots import is_known
from jobs.rules.profile.polarity import is_negated, key_of, plain_key
from jobs.rules.profile.statement_context import MAX_CONDITIONS
from jobs.rules.search.dates.days import FIRST_YEAR, LAST_YEAR
from jobs.rules.slots import MAX_VALUE_LENGTH, value_key
from jobs.rules.text.normalization import fold_characters
from jobs.rules.text.quotes import MAX_QUOTE_LENGTH
from llm.chat import MAX_ANSWER_TOKENS
from llm.prompt_composition import SUMMARY_TOKENS
from llm.responses import CHARACTERS_PER_TOKEN
from persistence.ids import uuid7_time
from resolvers import text_validation
from resolvers.companion import validate_companion
from resolvers.diary_editing import MAX_SUMMARY_LENGTH
from resolvers.display_names import without_controls
from resolvers.memory_rules import validate_switches
from resolvers.profile_slots import validate_slot
from resolvers.profile_verdicts import MAX_REASON_LENGTH, validate_value
from resolvers.text_limits import MAX_API_TOKEN_NAME_LENGTH, MAX_CONTENT_LENGTH, MAX_KEY_LENGTH, MAX_TITLE_LENGTH

ANSWER_LENGTH: Final = MAX_ANSWER_TOKENS * CHARACTERS_PER_TOKEN
"""Maximum characters of a stored answer of the assistant."""
MADE_SUMMARY_LENGTH: Final = MAX_LINE_LENGTH * MAX_LINES
"""Maximum characters of a diary's summary that is built from its lines."""
MAX_LABEL_LENGTH: Final = 200
"""Maximum characters of the name of a model or of a prompt version."""
MAX_VALUE_KEY_LENGTH: Final = 18 * MAX_VALUE_LENGTH
"""Maximum characters of a value's key: compatibility normalization turns one character into up to 18 (U+FDFA)."""
MAX_CONTEXT_LENGTH: Final = 80
"""Maximum characters of a day or of a condition that a statement names (jobs/rules/claims/context.py)."""
NEXT_DAY: Final = timedelta(days=1)
"""Maximum distance of a time into the future of this clock: a user's day begins up to 14 hours before the same day in UTC."""

_CODE: Final = re.compile(r"[A-Z][A-Z_]{0,63}")
_CHANGE: Final = re.compile(r"[A-Z_]{1,40}(?:: [A-Z_]{1,40})?")

Rule = Callable[[Any], Any]
"""A function that returns the value as it is stored. Raises `InvalidInput` or `ValueError`, whose message says what is wrong."""


def check_value(table: str, column: str, value: Any) -> Any:
    """Return the value as it is stored, checked by the rules of its type and its column. Raises `InvalidInput` or `ValueError`."""
    if value is None:
        return None
    for kind, check in _BY_TYPE:
        if isinstance(value, kind) and column != "happens_on":
            check(value)
            break
    rule = _RULES.get(f"{table}.{column}") or _EVERYWHERE.get(column)
    return value if rule is None else rule(value)


def _instant(at: datetime) -> None:
    if not FIRST_DAY < at.date() < LAST_DAY or at > datetime.now(timezone.utc) + NEXT_DAY:
        raise ValueError(f"is {at.isoformat()}; send a time from {(FIRST_DAY + NEXT_DAY).isoformat()} up to now")


def _day(day: date) -> None:
    if not FIRST_DAY <= day <= (datetime.now(timezone.utc) + NEXT_DAY).date():
        raise ValueError(f"is {day.isoformat()}; send a day from {FIRST_DAY.isoformat()} up to today")


def _event_day(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"is {day.isoformat()}; send a day of the years {FIRST_YEAR} to {LAST_YEAR}")
    return day


def _whole(number: int) -> None:
    if not 0 <= number < 2**31:
        raise ValueError(f"is {number}; send 0 to {2**31 - 1}")


def _share(number: float) -> None:
    if not 0 <= number <= 1:
        raise ValueError(f"is {number}; send 0 to 1")


_BY_TYPE: Final[tuple[tuple[type[Any], Callable[[Any], object]], ...]] = ((datetime, _instant), (date, _day), (bool, bool), (int, _whole), (float, _share))


def _text(field: str, longest: int) -> Rule:
    return lambda text: text_validation.validate_text(field, text, longest)


def _line(field: str, longest: int) -> Rule:
    return lambda text: text_validation.validate_line(field, text, longest)


def _pattern(wanted: re.Pattern[str], example: str) -> Rule:
    def rule(text: str) -> str:
        if not wanted.fullmatch(text):
            raise ValueError(f"is not a code such as {example}")
        return text

    return rule


def _slot(name: str) -> str:
    if not is_known(name):
        raise ValueError("is not a profile slot; send one such as identity.home")
    return name


def _key(key: str) -> str:
    """Return the key, that of a former version by the current rule."""
    words = plain_key(key)
    current = value_key(words)
    if not current or len(words) > MAX_VALUE_KEY_LENGTH or (current != words and fold_characters(words) != words):
        raise ValueError("is not a normalized value key")
    return key_of(current, negated=is_negated(key))


def _zone(name: str) -> str:
    if not is_time_zone(name):
        raise ValueError("is not an IANA time zone such as Asia/Shanghai")
    return name


def _id_with_time(id: Any) -> Any:
    """Return the id. Raises `ValueError` for a time in the future: ids are sorted by their time, and an answer's id is derived from its question's."""
    if id.int >> 80 > (datetime.now(timezone.utc) + NEXT_DAY).timestamp() * 1000:
        raise ValueError("is an id (UUID version 7) whose time is in the future")
    uuid7_time(id)
    return id


def _monday(day: date) -> date:
    if day != week_start(day):
        raise ValueError("is no Monday")
    return day


def _mood(mood: int) -> int:
    if not 1 <= mood <= 5:
        raise ValueError(f"is {mood}; send 1 (low) to 5 (high), or null")
    return mood


def _version(number: int) -> int:
    if number < 1:
        raise ValueError(f"is {number}; versions start at 1")
    return number


def _companion(name: str) -> Rule:
    return lambda text: validate_companion({name: text})[name]


_EVERYWHERE: Final[Mapping[str, Rule]] = {
    "slot": _slot,
    "value": validate_value,
    "before": validate_value,
    "after": validate_value,
    "value_key": _key,
    "from_key": _key,
    "into_key": _key,
    "quote": _text("quote", MAX_QUOTE_LENGTH),
    "model": _line("model", MAX_LABEL_LENGTH),
    "prompt_version": _line("promptVersion", MAX_LABEL_LENGTH),
    "tags": text_validation.validate_tags,
    "version": _version,
    "happens_on": _event_day,
}
"""Rules by column name, for all tables."""

_RULES: Final[Mapping[str, Rule]] = {
    **{f"companion_versions.{name}": _companion(name) for name in ("name", "form_of_address", "language", "instructions")},
    "messages.companion_version": _version,
    "imported_values.suggested_by": lambda name: text_validation.validate_name("suggestedBy", name, MAX_API_TOKEN_NAME_LENGTH),
    "own_slots.id": _id_with_time,
    "own_slots.name": lambda name: validate_slot({"name": name})["name"],
    "own_slots.guide": lambda guide: validate_slot({"guide": guide})["guide"],
    "own_slots.half_life_days": lambda days: validate_slot({"half_life_days": days})["half_life_days"],
    "conversations.id": _id_with_time,
    "conversations.memory_off": validate_switches,
    "conversations.title": lambda title: text_validation.validate_name("title", without_controls(title), MAX_TITLE_LENGTH),
    "conversations.summary": _text("summary", SUMMARY_TOKENS * CHARACTERS_PER_TOKEN),
    "messages.id": _id_with_time,
    "messages.content": _text("content", ANSWER_LENGTH),
    "messages.time_zone": _zone,
    "messages.idempotency_key": _text("idempotencyKey", MAX_KEY_LENGTH),
    "messages.error_code": _pattern(_CODE, "MODEL_TIMEOUT"),
    "diary_versions.mood": _mood,
    "diary_versions.summary": lambda summary: text_validation.validate_text("summary", summary, MADE_SUMMARY_LENGTH) if summary else summary,
    "diary_lines.text": _line("text", MAX_LINE_LENGTH),
    "diary_lines.replaced_text": _line("replacedText", MAX_LINE_LENGTH),
    "signals.week": _monday,
    "signal_evidence.since": _line("since", MAX_CONTEXT_LENGTH),
    "signal_evidence.until": _line("until", MAX_CONTEXT_LENGTH),
    "signal_evidence.condition": _line("condition", MAX_CONTEXT_LENGTH),
    "profile_values.since": _line("since", MAX_CONTEXT_LENGTH),
    "profile_values.until": _line("until", MAX_CONTEXT_LENGTH),
    "profile_values.condition": _line("condition", MAX_CONDITIONS * (MAX_CONTEXT_LENGTH + 2)),
    "verdicts.slot": lambda name: _slot(name) if name else name,
    "verdicts.value": lambda value: validate_value(value) if value else value,
    "verdicts.value_key": lambda key: _key(key) if key else key,
    "verdicts.reason": _text("reason", MAX_REASON_LENGTH),
    "dispute_questions.dispute": _line("dispute", 64),
    "profile_changes.reason": _pattern(_CHANGE, "NIGHT: ADDED"),
}
"""Rules by table and column; they take precedence over `_EVERYWHERE`."""

def check_row(table: str, row: Mapping[str, Any]) -> str | None:
    """Return an error about a combination of the row's columns, as the column and the reason; None when there is none."""
    rule = {"messages": _message, "diary_versions": _diary_version, "line_deletions": _deletion, "verdicts": _verdict, "imported_values": _imported}.get(table)
    return rule(row) if rule else None


def _message(row: Mapping[str, Any]) -> str | None:
    asked = row["role"].value == "USER"
    if row["status"].value == "PENDING" or (not asked and row["status"].value == "FAILED"):
        return f"status is {row['status'].value}: send COMPLETE or FAILED for a user message, COMPLETE for an answer"
    if asked and len(row["content"]) > MAX_CONTENT_LENGTH:
        return f"content has {len(row['content']):,} characters; the limit is {MAX_CONTENT_LENGTH:,}"
    if asked and abs((row["day"] - row["created_at"].astimezone(timezone.utc).date()).days) > 2:
        return "day must be at most 2 days before or after created_at"
    return None


def _diary_version(row: Mapping[str, Any]) -> str | None:
    if row["summary_by_person"] and not 0 < len(row["summary"]) <= MAX_SUMMARY_LENGTH:
        return f"summary has {len(row['summary']):,} characters; send 1 to {MAX_SUMMARY_LENGTH:,}"
    return None


def _deletion(row: Mapping[str, Any]) -> str | None:
    return None if row["start"] < row["stop"] else "stop must be greater than start"


def _verdict(row: Mapping[str, Any]) -> str | None:
    about_all, may_lack_text = row["kind"].value == "REVERT", row["kind"].value == "REJECT"
    if about_all != (not row["slot"]) or about_all != (not row["value"] and not may_lack_text) or about_all != (not row["value_key"]):
        return "slot, value and value_key must be empty for a REVERT, and only then; a REJECT may lack its value"
    if about_all and (row["as_of"] is None or row["until"] is None):
        return "as_of and until must not be null for a REVERT"
    return None


def _imported(row: Mapping[str, Any]) -> str | None:
    quote, start, end = row["quote"], row["cited_start"], row["cited_end"]
    if quote is None:
        return None if start is None and end is None else "cited_start and cited_end must be null without a quote"
    return None if None not in (start, end) and 0 <= start < end <= len(quote) else "cited_start and cited_end are no part of the quote"
