"""Signals that a model makes of a name by which the user calls the assistant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, TypeVar

from jobs.rules.diary.drafts import DraftSignal
from jobs.rules.slots import value_key

S = TypeVar("S", bound=DraftSignal)
_SLOTS: Final = ("relationships.people", "relationships.pets")
_ENGLISH: Final = r"\b(?:my|our|an?|named|(?:is|was) called)\b(?:\W+\w+){0,2}?\W+"
_CHINESE: Final = r"(?:[我咱]们?(?:家|(?:家?的|养的)?[^\s，。！？和跟与同对给向找问叫让是爱喜想谢]{1,4})|[只条位个][^，。！？]{1,6}?叫?)"
"""The words before a name that is not the assistant's: they say whose or what it is ("my sister Momo", "a cat, Momo", 我妹妹小莫, 一只猫叫小莫)."""


def drop_assistant(signals: Sequence[S], names: Sequence[str]) -> list[S]:
    """Return the signals without those whose value is only a name of the assistant, unless the user's words say that another one has it."""
    keys = {value_key(name): name for name in names}
    return [signal for signal in signals if not _is_assistant(signal, keys.get(value_key(signal.value)))]


def _is_assistant(signal: DraftSignal, name: str | None) -> bool:
    if name is None or signal.slot not in _SLOTS:
        return False
    other = re.compile(f"(?:{_ENGLISH}|{_CHINESE}){re.escape(name)}", re.IGNORECASE)
    return not any(other.search(quote.text) for quote in signal.evidence)
