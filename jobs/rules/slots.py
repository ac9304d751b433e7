"""The slots of a profile. This table is their specification: values of other slots never enter a profile."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Literal

from jobs.rules.text.normalization import is_invisible
from jobs.rules.text.words import fold_words

Section = Literal["IDENTITY", "RELATIONSHIPS", "PREFERENCES", "HABITS", "DECISIONS", "OWN"]

MAX_VALUE_LENGTH: Final = 120
"""Maximum length of a value in characters. A value has at least one letter, digit or symbol."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot of the profile.

    `many`: whether several values can hold at once. `half_life_days`: the age at which evidence counts half; None if it does not age. `habit`:
    whether a value needs evidence from two distinct days or the user's own generalisation. `guide`: the description of the slot, for prompts and
    the API; a change of it needs new versions of the prompts of diary and week. `sensitive`: whether the slot is off until the user switches it
    on. `name`: the user's name of a slot of their own (jobs/rules/own_slots.py), empty for the slots of this table.
    """

    key: str
    section: Section
    many: bool
    half_life_days: int | None
    habit: bool
    guide: str
    sensitive: bool = False
    name: str = ""


ONE, MANY = False, True


def _slot(key: str, many: bool, half_life_days: int | None, guide: str, *, sensitive: bool = False) -> Slot:
    section = _SECTIONS[key.partition(".")[0]]
    return Slot(key, section, many, half_life_days, section == "HABITS", guide, sensitive)


_SECTIONS: Final[Mapping[str, Section]] = {
    "identity": "IDENTITY",
    "relationships": "RELATIONSHIPS",
    "preferences": "PREFERENCES",
    "habits": "HABITS",
    "decisions": "DECISIONS",
}

BIRTHDAY: Final = "identity.birthday"
"""The slot whose values name one day, because questions about "my birthday" are read by it."""

_TABLE: Final = (
    _slot("identity.name", ONE, None, "name, as the person gives it: Chen Wei, Anna Berg"),
    _slot("identity.form_of_address", ONE, 1825, "how the person wants to be addressed, by name, title or pronoun: Annie, Dr. Chen, 您, they/them"),
    _slot(BIRTHDAY, ONE, None, "the person's own birthday: month and day, with the year if it is said: May 2, 5月2日, 1990-05-02"),
    _slot("identity.languages", MANY, 1825, "languages that the person speaks or is learning: Mandarin, Portuguese"),
    _slot("identity.occupation", ONE, 730, "occupation or field of study: nurse, student of physics"),
    _slot("identity.industry", ONE, 1095, "industry of the work: health care, software, education"),
    _slot("identity.position", ONE, 540, "rank or role at work: team lead, intern, founder"),
    _slot("identity.home", ONE, 730, "current place of residence: a city, region or country; not a travel destination"),
    _slot("identity.places", MANY, 1825, "places of the person's life other than the home: hometown Kunming, office in Pudong"),
    _slot("identity.possessions", MANY, 730, "things of their own that the person tells of: red Brompton, grandfather's watch"),
    _slot("identity.health", MANY, 730, "health conditions, disabilities and treatments: asthma, insulin twice a day", sensitive=True),
    _slot("identity.allergies", MANY, None, "allergies and intolerances: peanuts, lactose", sensitive=True),
    _slot("identity.beliefs", MANY, 1825, "religious, philosophical and political beliefs: Buddhist, atheist", sensitive=True),
    _slot("relationships.status", ONE, 540, "relationship status: single, in a relationship, married, divorced, widowed"),
    _slot(
        "relationships.people",
        MANY,
        730,
        "close people, with relation and name: sister Anna, friend Li Lei",
    ),
    _slot("relationships.pets", MANY, 1095, "pets, with kind and name: dog Coco"),
    _slot("relationships.dates", MANY, None, "important dates of others, with whose they are and the day: Anna's birthday May 5, wedding anniversary June 12"),
    _slot("preferences.activities", MANY, 240, "favourite activities: hiking, chess, painting"),
    _slot("preferences.social", MANY, 240, "preferred company: small groups, alone in the evening"),
    _slot("preferences.work_style", MANY, 240, "preferred way of working: from home, in a team, with deadlines"),
    _slot("preferences.stress_coping", MANY, 240, "means against stress: running, music, talking to a friend"),
    _slot("preferences.food", MANY, 365, "favourite food and drink, and diets: Sichuan food, vegetarian"),
    _slot("preferences.media", MANY, 180, "favourite books, films, music, games, shows and artists"),
    _slot("habits.sleep", ONE, 90, "usual time and manner of sleep, in one phrase: from 23:00 to 6:30"),
    _slot("habits.work_hours", ONE, 120, "usual working hours: 9 to 6, night shifts"),
    _slot("habits.exercise", MANY, 90, "regular exercise with its frequency: runs every morning, yoga on Sundays"),
    _slot("habits.meals", MANY, 90, "usual way of eating: skips breakfast, cooks at home"),
    _slot("decisions.goals", MANY, 365, "what the person wants to reach: run a marathon, learn the guitar"),
    _slot("decisions.time_of_day", ONE, 180, "preferred time of day for decisions: mornings"),
    _slot("decisions.meetings", MANY, 180, "preferred kind of meetings: short, in the afternoon, by video"),
    _slot("decisions.energy_peaks", MANY, 180, "times of most energy: early morning, after dinner"),
    _slot("decisions.conflict_style", ONE, 365, "usual way of handling conflict: talks it out at once, sleeps on it first"),
    _slot("decisions.rules", MANY, 365, "principles of decisions: never borrows money, family first"),
)

SLOTS: Final[Mapping[str, Slot]] = MappingProxyType({slot.key: slot for slot in _TABLE})
"""The slots by key, in the order in which a profile lists them."""
POSITION: Final[Mapping[str, int]] = MappingProxyType({key: position for position, key in enumerate(SLOTS)})

SENSITIVE: Final[tuple[str, ...]] = tuple(slot.key for slot in _TABLE if slot.sensitive)
"""The keys of the slots that are off until the user switches them on.

They are the part of the table that the laws protect in particular. Health and beliefs are special categories of personal data in Article 9 (1) of
Regulation (EU) 2016/679 ("religious or philosophical beliefs", "data concerning health", political opinions among them; gdprhub.eu, Article 9 GDPR,
read 2026-11-28), and sensitive personal information in Article 28 of China's Personal Information Protection Law (宗教信仰, 医疗健康;
wechat.estsglobal.com/wechat/law_contents/311, of 2024-11-18, read 2026-11-28). Both ask for consent to these data of their own.
"""


def position(key: str) -> tuple[int, str]:
    """Return the sort key of a slot: the table's slots in its order, then the user's own slots, the oldest first (their keys begin with their time)."""
    return POSITION.get(key, len(POSITION)), key


@lru_cache(maxsize=2048)
def value_key(text: str) -> str:
    """Return the key that all spellings of a value share: folded as words are (jobs/rules/text/words.py), without spaces and punctuation.

    Between two digits one separator stays: 7:30 is not 730. A # directly after a letter stays: C# is not C. The key is empty when the text
    has no other characters than those removed.
    """
    key = _key(text)
    while (again := _key(key)) != key:
        key = again
    return key


def _key(text: str) -> str:
    kept: list[str] = []
    gap = ""
    for char in fold_words(text, join=False):
        if not _is_gap(char, kept[-1] if kept and not gap else ""):
            if gap and kept and kept[-1].isdigit() and char.isdigit():
                kept.append(gap)
            kept.append(char)
            gap = ""
        elif not is_invisible(char):
            gap = " " if not gap and char.isspace() else char if gap in ("", " ") and not char.isspace() else gap
    return "".join(kept)


def _is_gap(char: str, before: str) -> bool:
    if char == "#" and before.isalpha():
        return False
    return char.isspace() or is_invisible(char) or unicodedata.category(char)[0] in "PZC"
