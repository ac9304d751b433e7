"""The tools of the MCP endpoint: their definitions in the two languages of the API's texts, and the check of their arguments."""
from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from jobs.rules.slots import MAX_VALUE_LENGTH, SLOTS
from persistence.models.enums import ApiScope
from resolvers import assistant_access as access
from resolvers.assistant_access import MAX_DAYS, SECTIONS, ToolRefused
from resolvers.diary import check_supported_day
from resolvers.errors import InvalidInput
from resolvers.locales import is_chinese
from resolvers.text_limits import MAX_SEARCH_LENGTH

if TYPE_CHECKING:
    from resolvers.api_tokens import Grant

Schema = Mapping[str, Any]
Arguments = Mapping[str, Any]


class Tool(NamedTuple):
    """A tool: title and description in English and in Chinese, the scopes of which one is enough to list it, and the schemas of arguments and result."""

    titles: tuple[str, str]
    descriptions: tuple[str, str]
    scopes: frozenset[ApiScope]
    arguments: Schema
    result: Schema
    run: Callable[[Grant, Arguments], Awaitable[dict[str, Any]]]
    writes: bool = False
    without_own: Schema | None = None
    """The schema of the arguments as it is listed for a token that does not read the user's own slots, if it differs."""


def _object(properties: Schema, *, required: tuple[str, ...] | None = None, closed: bool = False) -> Schema:
    """Return the schema of an object; without `required` all its properties are required."""
    made = {"type": "object", "properties": properties, "required": list(properties if required is None else required)}
    return {**made, "additionalProperties": False} if closed else made


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _text(description: str, **more: Any) -> Schema:
    return {"type": "string", "description": description, **more}


_DAY_FORM: Final = r"^\d{4}-\d{2}-\d{2}$"
_NULLABLE_TEXT: Final = {"type": ["string", "null"]}
_DAY: Final = {"type": "string", "pattern": _DAY_FORM}
_QUOTE: Final = _object({"quote": {"type": "string"}, "day": _DAY})
_FROM: Final = _text("First day, as YYYY-MM-DD in the person's time zone.", pattern=_DAY_FORM)
_TO: Final = _text("Last day, as YYYY-MM-DD.", pattern=_DAY_FORM)

_VALUE: Final = _object({
    "section": {"type": "string", "enum": list(SECTIONS)}, "slot": {"type": "string"}, "label": {"type": "string"}, "value": {"type": "string"},
    "polarity": _text("DISLIKES and IS_NOT deny the value.", enum=["IS", "LIKES", "DISLIKES", "IS_NOT"]),
    "status": _text("DISPUTED: other evidence says the contrary.", enum=["ACTIVE", "DISPUTED"]),
    "confidence": {"type": "number", "minimum": 0, "maximum": 1}, "locked": {"type": "boolean"},
    "firstDay": _DAY, "day": {**_DAY, "description": "The last day on which the person said it."},
    "since": _NULLABLE_TEXT, "until": _NULLABLE_TEXT, "condition": _NULLABLE_TEXT, "quotes": _list(_QUOTE),
})  # fmt: skip
_OWN: Final = _object({
    "ownSlot": _text("The key by which suggest_value takes a value for it."), "label": _text("The name that the person gave it."), "guide": {"type": "string"},
})  # fmt: skip
_MOOD: Final = {"type": ["integer", "null"], "description": "1 (low) to 5 (high)."}
_LINE: Final = _object({
    "kind": {"type": "string"}, "text": {"type": "string"},
    "basis": _text("PERSON: written by the person. QUOTES: code checked it against the person's words. NONE: neither.", enum=["PERSON", "QUOTES", "NONE"]),
    "happensOn": _NULLABLE_TEXT, "quotes": _list({"type": "string"}),
})  # fmt: skip
_HIT: Final = _object({
    "day": _DAY, "relevance": {"type": "number", "minimum": 0, "maximum": 1, "description": "Compared with the best day of the search."},
    "diary": _NULLABLE_TEXT, "quotes": _list({"type": "string"}),
})  # fmt: skip


async def _profile(grant: Grant, given: Arguments) -> dict[str, Any]:
    sections = given.get("sections")
    if sections is not None and (not isinstance(sections, list) or not all(isinstance(name, str) for name in sections)):
        raise ToolRefused("sections must be a list of texts.")
    return await access.read_profile(grant, sections)


async def _days(grant: Grant, given: Arguments) -> dict[str, Any]:
    limit = given.get("limit", MAX_DAYS)
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= MAX_DAYS:
        raise ToolRefused(f"limit must be 1 to {MAX_DAYS}.")
    return await access.list_days(grant, _day_of(given, "from"), _day_of(given, "to"), _day_of(given, "before"), limit)


async def _day(grant: Grant, given: Arguments) -> dict[str, Any]:
    day = _day_of(given, "day")
    assert day is not None, "it is required"
    return await access.read_day(grant, day)


async def _search(grant: Grant, given: Arguments) -> dict[str, Any]:
    return await access.search(grant, _text_of(given, "query"), _day_of(given, "from"), _day_of(given, "to"))


async def _suggest(grant: Grant, given: Arguments) -> dict[str, Any]:
    negated = given.get("negated", False)
    if not isinstance(negated, bool):
        raise ToolRefused("negated must be true or false.")
    named = [name for name in ("slot", "ownSlot") if given.get(name)]  # some clients send an empty text for what is not given
    if len(named) != 1:
        raise ToolRefused("Send either slot or ownSlot.")
    return await access.suggest_value(grant, _text_of(given, named[0]), _text_of(given, "value"), own=named == ["ownSlot"], negated=negated)


_SUGGESTION: Final = {
    "slot": _text("; ".join(f"{slot.key}: {slot.guide}" for slot in SLOTS.values()), enum=list(SLOTS)),
    "value": _text("The value, in the person's own words.", maxLength=MAX_VALUE_LENGTH),
    "negated": {"type": "boolean", "description": "True if the person denies or dislikes it."},
}  # fmt: skip
_OWN_SLOT: Final = _text("In place of slot: a slot that the person defined, by an `ownSlot` of the tool profile.")

TOOLS: Final[Mapping[str, Tool]] = {
    "profile": Tool(
        ("Profile", "个人资料"),
        ("Read what is known about the person: values by section, each with its confidence, its day and, if the token allows it, the person's own words; "
         "with the section OWN also the slots that the person defined (ownSlots).",
         "读取关于此人的已知信息：按分类列出，每条附可信度、日期，以及令牌允许时本人的原话；OWN 分类还列出本人自定义的条目（ownSlots）。"),
        frozenset(SECTIONS.values()),
        _object({"sections": {**_list({"type": "string", "enum": list(SECTIONS)}), "description": "Absent: all that the token may read."}}, required=(), closed=True),
        _object({"asOf": _DAY, "values": _list(_VALUE), "ownSlots": _list(_OWN)}), _profile,
    ),
    "diary_days": Tool(
        ("Diary days", "日记列表"),
        ("List days of the person's diary with a summary each, the newest first.", "列出日记的日期和摘要，新的在前。"),
        frozenset({ApiScope.READ_DIARY}),
        _object({
            "from": _FROM, "to": _TO, "before": _text("Continue before this day: `nextBefore` of the previous result.", pattern=_DAY_FORM),
            "limit": {"type": "integer", "minimum": 1, "maximum": MAX_DAYS},
        }, required=(), closed=True),
        _object({
            "days": _list(_object({"day": _DAY, "summary": {"type": "string"}, "mood": _MOOD, "messages": {"type": "integer"}})), "nextBefore": _NULLABLE_TEXT,
        }), _days,
    ),
    "diary_day": Tool(
        ("Diary of a day", "某一天的日记"),
        ("Read the diary of one day: its lines, each with what it is based on and, if the token allows it, the person's own words.",
         "读取某一天的日记：每一行附依据，以及令牌允许时本人的原话。"),
        frozenset({ApiScope.READ_DIARY}), _object({"day": _text("The day, as YYYY-MM-DD in the person's time zone.", pattern=_DAY_FORM)}, closed=True),
        _object({"day": _DAY, "found": {"type": "boolean"}, "summary": _NULLABLE_TEXT, "mood": _MOOD, "lines": _list(_LINE)}), _day,
    ),
    "search": Tool(
        ("Search", "搜索"),
        ("Find the days that are about a question or some words, in English or Chinese; days that it names (last Friday, 上周五) are understood.",
         "按问题或关键词查找相关的日子，中英文均可，能理解“上周五”这样的日期。"),
        frozenset({ApiScope.READ_DIARY}),
        _object({"query": _text("The question or words.", maxLength=MAX_SEARCH_LENGTH), "from": _FROM, "to": _TO}, required=("query",), closed=True),
        _object({"about": {"type": "boolean", "description": "Whether a day is about it, and not only near it."}, "results": _list(_HIT)}), _search,
    ),
    "suggest_value": Tool(
        ("Suggest a value", "建议一条信息"),
        ("Suggest something about the person for their profile, if they told you so themselves. They decide; it counts as known only if they confirm it.",
         "向此人的资料建议一条本人亲口告诉你的信息，由本人决定是否采纳，采纳前不算已知。"),
        frozenset({ApiScope.SUGGEST}),
        _object({**_SUGGESTION, "ownSlot": _OWN_SLOT}, required=("value",), closed=True),
        _object({"received": {"type": "boolean"}, "message": {"type": "string"}}), _suggest, writes=True,
        without_own=_object(_SUGGESTION, required=("slot", "value"), closed=True),
    ),
}  # fmt: skip
"""The tools by name, in the order in which they are listed."""


def list_tools(grant: Grant) -> list[dict[str, Any]]:
    """Return the definitions of the tools that the token's scopes allow, in the language of the user's `locale`."""
    chinese = is_chinese(grant.user.locale)
    return [
        {
            "name": name, "title": tool.titles[chinese], "description": tool.descriptions[chinese], "inputSchema": _arguments(grant, tool), "outputSchema": tool.result,
            "annotations": {"readOnlyHint": not tool.writes, "destructiveHint": False, "idempotentHint": True, "openWorldHint": False},
        }
        for name, tool in TOOLS.items() if tool.scopes & grant.scopes
    ]  # fmt: skip


def _arguments(grant: Grant, tool: Tool) -> Schema:
    return tool.without_own if tool.without_own is not None and ApiScope.READ_OWN not in grant.scopes else tool.arguments


async def call_tool(grant: Grant, tool: Tool, given: Arguments) -> dict[str, Any]:
    """Run a tool. Raises `ToolRefused` also for arguments that its schema does not have, or lacks; then nothing is read."""
    properties = tool.arguments["properties"]
    if unknown := [name for name in given if name not in properties]:
        raise ToolRefused(f"There is no argument {unknown[0][:40]}. Send {', '.join(properties)}.")
    if missing := [name for name in tool.arguments["required"] if given.get(name) is None]:
        raise ToolRefused(f"The argument {missing[0]} is missing.")
    return await tool.run(grant, given)


def _text_of(given: Arguments, name: str) -> str:
    value = given[name]
    if not isinstance(value, str):
        raise ToolRefused(f"{name} must be a text.")
    return value


def _day_of(given: Arguments, name: str) -> date | None:
    value = given.get(name)
    if value is None:
        return None
    try:
        if not isinstance(value, str) or not re.fullmatch(_DAY_FORM, value, re.ASCII):  # newer Pythons also read 2026-W01-1
            raise ValueError(name)
        return check_supported_day(date.fromisoformat(value), name)
    except InvalidInput as error:
        raise ToolRefused(error.message) from None
    except ValueError:
        raise ToolRefused(f"{name} must be a day such as 2026-05-20.") from None
