"""Reads and suggestions of another assistant of the user, with a personal access token, by the rules of the chat's own prompt.

A read returns what the prompt of a new conversation would contain: nothing while the user has switched that off, no value that is only suggested, superseded or
rejected, no hidden line, nothing that was withheld. What is about a topic or name that is never kept is left out too, also while it is still stored.
A suggestion becomes a SUGGESTED value, as one from a memory text does. Every call is logged before it is answered.
"""
from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from jobs.memory_policy import MemoryPolicy, policy_of
from jobs.profile_update import update_profile
from jobs.rules.day import day_of
from jobs.rules.memory import switches_in_effect
from jobs.rules.own_slots import is_known, own_id, own_key
from jobs.rules.profile.polarity import NEGATED, key_of
from jobs.rules.profile.profile_prompt import select_prompt_values
from jobs.rules.search.dates.named_days import find_birthday, make_calendar
from jobs.rules.slots import BIRTHDAY, SLOTS, value_key
from jobs.rules.text.sentences import sentences
from jobs.rules.topics.topic_filter import make_topic_filter
from persistence import database
from persistence.models.enums import ApiScope, ApiTool, ApiUseOutcome, ValuePolarity
from persistence.paging import range_of_keys
from persistence.queries import diary_reads, imported_values, own_slots, profile_reads
from persistence.queries.api_tokens import NewUse
from persistence.queries.diary_reads import Line
from persistence.queries.imported_values import NewValue
from persistence.queries.profile_writes import lock_user
from persistence.queries.prompt_inputs import find_told_inputs
from persistence.queries.search import SearchRange
from resolvers import api_tokens, profile_verdicts, storage_quota
from resolvers.birthday import load_birthday
from resolvers.chat import recall
from resolvers.chat.background import ASSISTANT_NAME, slot_names, to_values
from resolvers.chat.withheld import Withheld, withheld_of
from resolvers.diary import make_filter, today
from resolvers.errors import InvalidInput, StorageExceeded, Unauthenticated
from resolvers.search import look_back
from resolvers.slot_labels import label
from resolvers.text_limits import MAX_SEARCH_LENGTH

if TYPE_CHECKING:
    from persistence.database import Session
    from persistence.models import OwnSlot, User
    from persistence.queries.profile_reads import Value, ValueQuote
    from persistence.queries.prompt_inputs import PromptInputs
    from resolvers.api_tokens import Grant

SUGGESTED: Final = "ASSISTANT_SUGGESTED"
"""The reason in the log of profile changes."""
MAX_OPEN_SUGGESTIONS: Final = 100
"""Suggestions by tokens that the user has not decided about; further ones are refused."""
MAX_QUOTES: Final = 5
"""Quotes that are returned for one value, the newest ones."""
MAX_DAYS: Final = 31
"""Days that one call of `diary_days` returns."""

SECTIONS: Final = {
    "IDENTITY": ApiScope.READ_IDENTITY, "RELATIONSHIPS": ApiScope.READ_RELATIONSHIPS, "PREFERENCES": ApiScope.READ_PREFERENCES,
    "HABITS": ApiScope.READ_HABITS, "DECISIONS": ApiScope.READ_DECISIONS, "OWN": ApiScope.READ_OWN,
}  # fmt: skip
"""The sections of a profile, each with the scope that reads it."""
SENSITIVE_TOPICS: Final = ("HEALTH", "BELIEFS")
"""The topics of the sensitive slots. What is about them is left out of every read without READ_SENSITIVE, as far as the rules of topics find it."""
_RECEIVED: Final = (
    "Received. The person sees it as a suggestion and decides, unless their settings or earlier decisions leave it out. Do not treat it as known."
)
_NOT_TOLD: Final = "The person has switched off that assistants are told about them. Nothing can be read until they switch it on."
_NOT_LEARNED: Final = "The person has switched off that their profile learns. Nothing was stored; suggest nothing until they switch it on."
_NO_OWN_SLOT: Final = "There is no such slot of the person's own. Send an `ownSlot` that the tool profile lists under `ownSlots`."
_NEVER_KEPT: Final = "The person never wants kept what this is about. Nothing was stored; do not suggest it again."


class ToolRefused(Exception):
    """Raised for a call that the token, the user's settings or its arguments do not allow; the message says what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class _Read:
    """The result of a call, and how it is logged."""

    content: dict[str, Any]
    use: NewUse


async def read_profile(grant: Grant, sections: Collection[str] | None = None) -> dict[str, Any]:
    """Return the values of these sections, or of all that the token may read. Raises `ToolRefused`, `RateLimited`, `Unauthenticated`."""
    return await _run_and_log(grant, ApiTool.PROFILE, lambda: _profile(grant, sections))


async def list_days(grant: Grant, first: date | None, last: date | None, before: date | None, limit: int) -> dict[str, Any]:
    """Return the days from `first` to `last` and before `before`, newest first, with their summaries. Raises as `read_profile` does."""
    return await _run_and_log(grant, ApiTool.DIARY_DAYS, lambda: _days(grant, first, last, before, limit))


async def read_day(grant: Grant, day: date) -> dict[str, Any]:
    """Return the lines of a day. Raises as `read_profile` does."""
    return await _run_and_log(grant, ApiTool.DIARY_DAY, lambda: _day(grant, day))


async def search(grant: Grant, query: str, first: date | None, last: date | None) -> dict[str, Any]:
    """Return the days that are about a question, best first, with what answers it. Raises as `read_profile` does."""
    return await _run_and_log(grant, ApiTool.SEARCH, lambda: _search(grant, query, first, last))


async def suggest_value(grant: Grant, slot: str, value: str, *, own: bool = False, negated: bool = False) -> dict[str, Any]:
    """Store a suggestion, unless the user's settings or decisions leave it out. Raises as `read_profile` does.

    The result does not tell whether one for a slot of the table was stored. For `own` slots, which only a token that reads them may name, it is refused what
    the user's settings leave out.
    """
    use_id = await api_tokens.begin_use(grant, ApiTool.SUGGEST_VALUE)
    _require(grant, ApiScope.SUGGEST, *([ApiScope.READ_OWN] if own else []))
    suggested = _suggestion(grant, slot, value, own=own, negated=negated)
    try:
        async with database.transaction() as session:
            stored = await _store(session, grant, suggested)
            use = NewUse(ApiTool.SUGGEST_VALUE, ApiUseOutcome.DONE, [_section(slot)], results=stored)
            await api_tokens.finish_use(session, grant, use_id, use)
    except StorageExceeded:
        raise ToolRefused("The person's storage is full. Nothing was stored.") from None
    return {"received": True, "message": _RECEIVED}


async def _run_and_log(grant: Grant, tool: ApiTool, read: Any) -> dict[str, Any]:
    use_id = await api_tokens.begin_use(grant, tool)
    try:
        found: _Read = await read()
    except InvalidInput as error:
        raise ToolRefused(error.message) from None
    async with database.transaction() as session:
        await api_tokens.finish_use(session, grant, use_id, found.use)
    return found.content


def _require(grant: Grant, *scopes: ApiScope) -> None:
    missing = [scope.value for scope in scopes if scope not in grant.scopes]
    if missing:
        raise ToolRefused(f"This token does not have the scope {', '.join(missing)}. Tell the person; only they can make a token that has it.")


async def _load_shown_inputs(user: User) -> PromptInputs:
    """Return what prompts may contain about the user. Raises `ToolRefused` while the user has switched that off."""
    async with database.connection() as connection:
        inputs = await find_told_inputs(connection, user.id, today(user))
    if not inputs.told:
        raise ToolRefused(_NOT_TOLD)
    return inputs


def _policy(grant: Grant) -> MemoryPolicy:
    """Return the user's policy, with the sensitive topics unless the token may read them."""
    policy, user = policy_of(grant.user), grant.user
    if ApiScope.READ_SENSITIVE in grant.scopes:
        return policy
    return replace(policy, topics=make_topic_filter((*user.topics_off, *SENSITIVE_TOPICS), tuple(user.names_off)))


async def _profile(grant: Grant, sections: Collection[str] | None) -> _Read:
    allowed = [name for name, scope in SECTIONS.items() if scope in grant.scopes]
    wanted = [name for name in SECTIONS if name in (allowed if sections is None else sections)]
    if sections is not None and (unknown := [name for name in sections if name not in SECTIONS]):
        raise ToolRefused(f"There is no section {unknown[0][:40]}. Send some of {', '.join(SECTIONS)}.")
    _require(grant, *(SECTIONS[name] for name in wanted or SECTIONS))
    user = grant.user
    inputs = await _load_shown_inputs(user)
    withheld, policy, names = withheld_of(inputs), _policy(grant), slot_names(inputs)
    ids = {(value.slot, value.value_key): value.id for value in inputs.values}
    values = [value for value in to_values(withheld.told(inputs)) if is_known(value.slot)]
    chosen = [value for value, _ in select_prompt_values(values, 2**31, len, names) if _may_read(grant, policy, wanted, value.slot, value.value)]
    async with database.session() as session:
        rows = await profile_reads.load_values(session, user.id, [ids[value.slot, value.value_key] for value in chosen])
        keys = [(row.slot, row.value_key) for row in rows.values()] if ApiScope.QUOTES in grant.scopes else []
        quotes = await profile_reads.load_quotes(session, user.id, keys) if keys else {}
        own_rows = await _own_slots(session, user, policy) if "OWN" in wanted else []
    shown, counted = [], 0
    for value in chosen:
        row = rows.get(ids[value.slot, value.value_key])
        if row is None:  # removed between the two statements
            continue
        its = _quotes(row, quotes.get((row.slot, row.value_key), ()), withheld, policy)
        counted += len(its)
        shown.append({**_value(user, row, names), "quotes": [{"quote": quote.quote, "day": quote.day.isoformat()} for quote in its]})
    own = [{"ownSlot": own_key(row.id), "label": row.name, "guide": row.guide} for row in own_rows]
    found = sorted({*(entry["section"] for entry in shown), *(["OWN"] if own else [])}, key=list(SECTIONS).index)
    return _Read({"asOf": today(user).isoformat(), "values": shown, "ownSlots": own}, NewUse(
        ApiTool.PROFILE, ApiUseOutcome.DONE, found, results=len(shown), quotes=counted))


async def _own_slots(session: Session, user: User, policy: MemoryPolicy) -> list[OwnSlot]:
    """Return the slots that the user defined, without those whose name or sentence is about a topic or name that is never kept."""
    return [row for row in await own_slots.list_own_slots(session, user.id) if policy.allows(row.name, row.guide)]


def _may_read(grant: Grant, policy: MemoryPolicy, sections: Collection[str], slot: str, value: str) -> bool:
    if _section(slot) not in sections or policy.covers_slot(slot) or not policy.allows(value):
        return False
    return slot not in SLOTS or not SLOTS[slot].sensitive or ApiScope.READ_SENSITIVE in grant.scopes


def _section(slot: str) -> str:
    return SLOTS[slot].section if slot in SLOTS else "OWN"


def _value(user: User, row: Value, names: dict[str, str]) -> dict[str, Any]:
    first, last = (day_of(at, user.time_zone, user.day_ends_at).isoformat() for at in (row.first_seen_at, row.last_seen_at))
    return {
        "section": _section(row.slot), "slot": row.slot, "label": label(row.slot, user.locale) if row.slot in SLOTS else names.get(row.slot, ""),
        "value": row.value, "polarity": row.polarity.value, "status": row.status.value, "confidence": row.confidence, "locked": row.locked,
        "firstDay": first, "day": last, "since": row.since, "until": row.until, "condition": row.condition,
    }


def _quotes(row: Value, quotes: Iterable[ValueQuote], withheld: Withheld, policy: MemoryPolicy) -> list[ValueQuote]:
    """Return the newest of the user's own words for a value, oldest first."""
    counted = set(row.evidence)
    own = [
        quote for quote in quotes
        if quote.message_id in counted and not withheld.has_message(str(quote.message_id), quote.day, quote.quote) and policy.allows(quote.quote)
    ]
    return own[-MAX_QUOTES:]


async def _days(grant: Grant, first: date | None, last: date | None, before: date | None, limit: int) -> _Read:
    _require(grant, ApiScope.READ_DIARY)
    withheld, policy = withheld_of(await _load_shown_inputs(grant.user)), _policy(grant)
    async with database.connection() as connection:
        wanted = make_filter(first, last, None, None)
        entries = await diary_reads.list_entries(connection, grant.user.id, wanted, (), range_of_keys(limit + 1, after=before))
    more, entries = len(entries) > limit, entries[:limit]
    shown = [
        {"day": entry.day.isoformat(), "summary": text, "mood": entry.mood, "messages": entry.message_count}
        for entry in entries if (text := _without_forbidden(policy, withheld.text(entry.day, entry.summary)))
    ]
    return _Read({"days": shown, "nextBefore": entries[-1].day.isoformat() if more else None}, _use_of(ApiTool.DIARY_DAYS, shown))


async def _day(grant: Grant, day: date) -> _Read:
    _require(grant, ApiScope.READ_DIARY)
    withheld, policy = withheld_of(await _load_shown_inputs(grant.user)), _policy(grant)
    async with database.connection() as connection:
        entry = (await diary_reads.load_entries_by_day(connection, grant.user.id, [day], ["lines"])).get(day)
    if entry is None or not (summary := _without_forbidden(policy, withheld.text(day, entry.summary))):
        return _Read({"day": day.isoformat(), "found": False, "summary": None, "mood": None, "lines": []}, NewUse(ApiTool.DIARY_DAY, ApiUseOutcome.DONE))
    with_quotes = ApiScope.QUOTES in grant.scopes
    lines = [shown for line in entry.parts.lines or () if (shown := _line(line, day, withheld, policy, with_quotes=with_quotes)) is not None]
    content = {"day": day.isoformat(), "found": True, "summary": summary, "mood": entry.mood, "lines": lines}
    return _Read(content, NewUse(
        ApiTool.DIARY_DAY, ApiUseOutcome.DONE, first_day=day, last_day=day, results=1 + len(lines), quotes=sum(len(line["quotes"]) for line in lines)))


def _line(line: Line, day: date, withheld: Withheld, policy: MemoryPolicy, *, with_quotes: bool) -> dict[str, Any] | None:
    """Return a line as a read shows it; None for a line that the user hid, and for one that may not be shown."""
    hidden = line.hidden or any(withheld.has_message(item.message, day, item.quote) for item in line.evidence)
    if hidden or withheld.text(day, line.text) != line.text or not policy.allows(line.text, *(item.quote for item in line.evidence)):
        return None
    return {
        "kind": line.kind.value, "text": line.text, "basis": "PERSON" if line.by_person else "QUOTES" if line.evidence else "NONE",
        "happensOn": line.happens_on and line.happens_on.isoformat(), "quotes": [item.quote for item in line.evidence] if with_quotes else [],
    }


async def _search(grant: Grant, text: str, first: date | None, last: date | None) -> _Read:
    _require(grant, ApiScope.READ_DIARY)
    if not 0 < len(text.strip()) <= MAX_SEARCH_LENGTH:
        raise ToolRefused(f"query must have 1 to {MAX_SEARCH_LENGTH} characters.")
    user = grant.user
    withheld, policy = withheld_of(await _load_shown_inputs(user)), _policy(grant)
    if not policy.allows(text):  # the days that it finds would tell something too
        return _Read({"about": False, "results": []}, NewUse(ApiTool.SEARCH, ApiUseOutcome.DONE))
    async with database.connection() as connection:
        calendar = make_calendar(today(user), user.locale, user.time_zone, await load_birthday(connection, user.id, today(user)))
        names = [user.nickname, ASSISTANT_NAME]
        found = await look_back(connection, user.id, text, calendar, names=names, span=SearchRange(first, last))
    found = withheld.filter(found)
    turns = [item for item in found.turns if item.turn.by_user and policy.allows(item.turn.text)] if ApiScope.QUOTES in grant.scopes else []
    diaries = {day: kept for day, written in found.diaries.items() if (kept := _without_forbidden(policy, written))}
    best = max((scored.score for scored in found.days), default=0.0)
    relevance = {scored.day: round(scored.score / best, 2) if best > 0 else 0.0 for scored in found.days}
    shown = [
        {"day": excerpt.day.isoformat(), "relevance": relevance.get(excerpt.day, 0.0), "diary": excerpt.diary or None,
         "quotes": [line.removeprefix("person: ") for line in excerpt.lines]}
        for excerpt in recall.find_in_diary(replace(found, turns=turns, diaries=diaries))
    ]  # fmt: skip
    return _Read({"about": found.about and bool(shown), "results": shown}, _use_of(ApiTool.SEARCH, shown))


def _without_forbidden(policy: MemoryPolicy, text: str) -> str:
    """Return the text without the sentences that are about a topic or name that is never kept."""
    if policy.allows(text):
        return text
    kept = " ".join(sentence.text for sentence in sentences(text) if policy.allows(sentence.text))
    return kept if policy.allows(kept) else ""


def _use_of(tool: ApiTool, shown: Sequence[dict[str, Any]]) -> NewUse:
    days = sorted(date.fromisoformat(item["day"]) for item in shown)
    return NewUse(
        tool, ApiUseOutcome.DONE, first_day=days[0] if days else None, last_day=days[-1] if days else None, results=len(shown),
        quotes=sum(len(item.get("quotes", ())) for item in shown),
    )


def _suggestion(grant: Grant, slot: str, text: str, *, own: bool, negated: bool) -> NewValue:
    """Return the checked suggestion. Raises `ToolRefused`."""
    if own and own_id(slot) is None:
        raise ToolRefused(_NO_OWN_SLOT)
    if not own and slot not in SLOTS:
        raise ToolRefused("There is no such slot. Send one that the description of `slot` lists.")
    try:
        value = profile_verdicts.validate_value(text)
    except InvalidInput as error:
        raise ToolRefused(error.message) from None
    if slot == BIRTHDAY and find_birthday(value, today(grant.user)) is None:
        raise ToolRefused("value names no single day of the year: send a birthday such as May 2, 5月2日 or 1990-05-02.")
    denied = ValuePolarity.DISLIKES if slot.startswith("preferences.") else ValuePolarity.IS_NOT
    polarity = denied if negated else ValuePolarity.IS
    return NewValue(slot, value, key_of(value_key(value), negated=polarity.value in NEGATED), polarity, suggested_by=grant.token_name)


async def _store(session: Session, grant: Grant, suggested: NewValue) -> int:
    """Store a suggestion by the rules of an imported memory text, and return 1, or 0 if it is left out, as a value is that the profile has in any state.

    Raises `ToolRefused` for too many suggestions and, in a slot of the user's own, for one that their settings leave out.
    """
    from resolvers.imports.memory import filter_allowed  # imports the import of whole accounts, which no read needs

    user = await lock_user(session, grant.user.id)
    if user is None:
        raise Unauthenticated
    if await imported_values.count_open_suggestions(session, user.id) >= MAX_OPEN_SUGGESTIONS:
        raise ToolRefused(f"The person has {MAX_OPEN_SUGGESTIONS} suggestions to decide about. Suggest no more until they have.")
    policy = policy_of(user)
    if suggested.slot not in SLOTS:
        await _check_own_slot(session, replace(grant, user=user), policy, suggested)
    present = await profile_reads.list_values(session, user.id)
    if any((value.slot, value.value_key) == (suggested.slot, suggested.value_key) for value in present):
        return 0
    if not policy.profile or not (values := await filter_allowed(session, user, [suggested])):
        return 0
    saved = await imported_values.save_values(session, user.id, today(user), values)
    if saved:
        await update_profile(session, user.id, reason=SUGGESTED)
        await storage_quota.add(session, user.id, storage_quota.size(suggested.value, suggested.suggested_by))
    return len(saved)


async def _check_own_slot(session: Session, grant: Grant, policy: MemoryPolicy, suggested: NewValue) -> None:
    """Raise `ToolRefused` unless the slot is one that the token may be told of, and the user's settings let the value be kept."""
    if not switches_in_effect(grant.user, today(grant.user)).told:
        raise ToolRefused(_NOT_TOLD)
    if not policy.profile:
        raise ToolRefused(_NOT_LEARNED)
    if suggested.slot not in {own_key(row.id) for row in await _own_slots(session, grant.user, _policy(grant))}:
        raise ToolRefused(_NO_OWN_SLOT)
    if not policy.allows(suggested.value):
        raise ToolRefused(_NEVER_KEPT)
