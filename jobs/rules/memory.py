"""The switches by which a user decides what is learned from their chats, and what chats are told about them.

The account has the switches, and each conversation has its own: what is off in one of both is off. Until the day of a pause, all are off. The statements
of messages and of the nightly jobs have the same rules in SQL (persistence/queries/prompt_inputs.py).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

DIARY: Final = "DIARY"
"""Messages feed the diary. While it is off, nothing is learned from what is written, for the profile neither."""
PROFILE: Final = "PROFILE"
"""Messages feed the profile."""
TOLD: Final = "TOLD"
"""Prompts of chats contain the name, profile, diaries and earlier days of the user, and the model may search them."""
SWITCHES: Final = (DIARY, PROFILE, TOLD)

TOPICS: Final = ("HEALTH", "LOVE", "MONEY", "BELIEFS")
"""The topics that a user may want never to be kept (jobs/rules/topics)."""

MEMORY_OFF: Final = "MEMORY_OFF"
"""The error code of what is not done because a switch is off."""

MAX_NAMES: Final = 50
MAX_NAME_LENGTH: Final = 80


class Memory(Protocol):
    """The columns of a user that hold the switches of the account."""

    @property
    def memory_off(self) -> Collection[str]: ...
    @property
    def memory_paused_until(self) -> date | None: ...


@dataclass(frozen=True)
class SwitchesInEffect:
    """The switches as they are in effect, pauses included."""

    diary: bool
    profile: bool
    told: bool


def is_paused(user: Memory, today: date) -> bool:
    """Return whether a pause is in effect on the user's day `today`; on the day that it names it is over."""
    return user.memory_paused_until is not None and today < user.memory_paused_until


def switches_in_effect(user: Memory, today: date, conversation_off: Collection[str] = ()) -> SwitchesInEffect:
    """Return the switches for a conversation, or those of the account. Nothing enters the profile while the diary is off."""
    off = set(SWITCHES) if is_paused(user, today) else {*user.memory_off, *conversation_off}
    return SwitchesInEffect(DIARY not in off, not {DIARY, PROFILE} & off, TOLD not in off)
