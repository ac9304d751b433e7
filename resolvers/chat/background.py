"""The prompt's information about the user besides the conversation: the profile within its budget, the latest diaries, and related days.

Profile and latest diaries are the same for every question until a nightly job changes them, so that a provider's prompt cache can serve them.
"""
from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING

import settings
from jobs.rules.day import time_zone
from jobs.rules.own_slots import is_known, own_key
from jobs.rules.profile.profile_prompt import select_prompt_values
from jobs.rules.profile.profile_types import Value
from jobs.rules.search.dates.days import Calendar
from jobs.rules.search.dates.named_days import make_calendar
from jobs.rules.search.query import asks_about_past
from jobs.rules.slots import BIRTHDAY
from llm import tokens
from llm.chat import Background, DiaryNote
from persistence.queries.prompt_inputs import PromptCompanion, PromptInputs, PromptValue
from resolvers.answer_sources import OfferedSources
from resolvers.birthday import birthday_in
from resolvers.chat.recall import related_days, to_note
from resolvers.chat.withheld import withheld_of

if TYPE_CHECKING:
    from persistence.queries.exchange_rows import AnyMessage
    from persistence.queries.viewer import AnyUser

ASSISTANT_NAME = "UniLife"
"""The name by which users address the assistant."""
_TONES = {
    "WARM": "warm and close", "CALM": "calm and patient", "LIVELY": "lively and playful", "MATTER_OF_FACT": "matter-of-fact and short",
}  # fmt: skip


async def read_background(viewer: AnyUser, question: AnyMessage, inputs: PromptInputs, offered: OfferedSources | None = None) -> Background:
    """Return the background of a question, with the days that it is about, for which this searches the database; set the ids of `offered`.

    While the user has switched off that prompts contain anything about them, the background does not, and nothing is searched.
    """
    if not inputs.told:
        return _bare_background(viewer, question, inputs)
    offered = OfferedSources() if offered is None else offered
    withheld = withheld_of(inputs)
    values = [value for value in to_values(withheld.told(inputs)) if is_known(value.slot)]
    latest = [DiaryNote(day, summary) for day, summary in withheld.latest(inputs.diaries)]
    birthday = birthday_in((value.value for value in values if value.slot == BIRTHDAY and value.status == "ACTIVE"), question.day)
    names = slot_names(inputs)
    calendar = calendar_for(viewer, question, birthday)
    budget = settings.current().diary_tokens // 2
    related, about = await related_days(question, calendar, speaker_names(viewer, inputs), [note.day for note in latest], budget, withheld)
    included = select_prompt_values(values, settings.current().profile_tokens, tokens.count, names)
    ids = {(value.slot, value.value_key): value.id for value in inputs.values}
    offered.values = [ids[value.slot, value.value_key] for value, _ in included]
    offered.diaries = [note.day for note in latest]
    offered.related = {found.excerpt.day: found for found in related}
    ahead, passed = withheld.events(inputs.ahead), withheld.events(inputs.passed)
    offered.ahead, offered.passed = [event.said_on for event in ahead], [event.said_on for event in passed]
    return Background(
        nickname=viewer.nickname,
        locale=viewer.locale,
        local_now=datetime.now(timezone.utc).astimezone(time_zone(viewer.time_zone)),
        today=question.day,
        birthday=birthday,
        profile=[line for _, line in included],
        diaries=latest,
        related=[to_note(found.excerpt) for found in related],
        never_said=not about and asks_about_past(question.content),
        ahead=[(event.happens_on, event.text) for event in ahead],
        passed=[(event.happens_on, event.text) for event in passed],
        companion=companion_lines(inputs.companion),
    )


def _bare_background(viewer: AnyUser, question: AnyMessage, inputs: PromptInputs) -> Background:
    """Return the language in which to answer, the companion and the time, without the user's name."""
    return Background(
        nickname="", locale=viewer.locale, local_now=datetime.now(timezone.utc).astimezone(time_zone(viewer.time_zone)), today=question.day,
        companion=companion_lines(inputs.companion))


def companion_lines(companion: PromptCompanion | None) -> list[str]:
    """Return the lines of the prompt that say how the user wants the assistant to be."""
    if companion is None:
        return []
    tone = companion.tone and _TONES[companion.tone]
    given = {"your name": companion.name, "tone": tone, "call the person": companion.form_of_address, "language of answers": companion.language,
             "wishes": companion.instructions}
    return [f"{label}: {text}" for label, text in given.items() if text]


def to_values(inputs: PromptInputs) -> list[Value]:
    """Return the profile values in the form of the profile's rules."""
    return [_to_value(row) for row in inputs.values]


def _to_value(row: PromptValue) -> Value:
    columns = {**row._asdict(), "status": row.status.value, "origin": row.origin.value, "polarity": row.polarity.value}
    del columns["id"]
    return Value(**columns)


def slot_names(inputs: PromptInputs) -> dict[str, str]:
    """Return the names of the user's own slots by key."""
    return {own_key(id): name for id, name, _ in inputs.own_slots}


def calendar_for(viewer: AnyUser, question: AnyMessage, birthday: tuple[int, int] | None) -> Calendar:
    """Return the user's calendar on the day of the question."""
    return make_calendar(question.day, viewer.locale, viewer.time_zone, birthday)


def speaker_names(viewer: AnyUser, inputs: PromptInputs) -> list[str]:
    """Return the names of the user and of the assistant, which say nothing about what a question is about."""
    return [viewer.nickname, *assistant_names(inputs)]


def assistant_names(inputs: PromptInputs) -> list[str]:
    """Return the names of the assistant: its own, and the one that the user gave it."""
    own = inputs.companion.name if inputs.companion else None
    return [ASSISTANT_NAME, *([own] if own else [])]
