"""`python -m bench.time_notes`: the share that the notes of time take in the prompts of a chat.

Each user of dev/samples holds all of their days' talk in one conversation: a day's messages at 8:00, 12:30, 19:00 and each ten minutes after that. A
prompt is composed for every question, with a background of a nickname alone, and its tokens are counted with and without the notes by `llm.tokens`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from llm import chat, tokens
from llm.chat import Background, Turn
from llm.messages import ChatMessage
from llm.time_notes import GAP

SAMPLES = Path(__file__).parent.parent / "dev" / "samples"
ZONE = ZoneInfo("Asia/Shanghai")
SEED = b"notes"
HISTORY, PROFILE = 6_000, 800


@dataclass(frozen=True)
class Measured:
    """Tokens of the prompts of one user and of the notes in them; the largest share of a prompt; questions after a gap, and those with a note."""

    prompts: int
    notes: int
    largest: float
    gaps: int
    noted: int


def turns_of(days: dict[str, list[dict[str, str]]]) -> Iterator[Turn]:
    for day, said in sorted(days.items()):
        for place, exchange in enumerate(said):
            at = (time(8), time(12, 30), time(19))[min(place, 2)]
            asked = datetime.combine(date.fromisoformat(day), at, ZONE) + timedelta(minutes=10 * max(0, place - 2))
            yield Turn("user", exchange["query"], asked)
            yield Turn("assistant", exchange["response"])


def measure(turns: Sequence[Turn]) -> Measured:
    """Compose the prompt of every question and compare it with the one without notes."""
    whole, notes, largest = 0, 0, 0.0
    for end in range(1, len(turns) + 1, 2):
        timed, plain = (_tokens(turns[:end], times=times) for times in (True, False))
        whole, notes, largest = whole + timed, notes + timed - plain, max(largest, (timed - plain) / timed)
    asked = [turn.said_at for turn in turns[:-2] if turn.said_at is not None]
    gaps = 1 + sum(after - before >= GAP for before, after in zip(asked, asked[1:]))
    last = _messages(turns[:-1], times=True)
    return Measured(whole, notes, largest, gaps, sum(message["content"].startswith("[") for message in last if message["role"] == "user"))


def _messages(turns: Sequence[Turn], *, times: bool) -> Sequence[ChatMessage]:
    background = Background("Ann", "en", datetime(2026, 6, 1, 12, tzinfo=ZONE))
    shown = turns if times else [replace(turn, said_at=None) for turn in turns]
    return chat.compose(background, None, shown, seed=SEED, history_tokens=HISTORY, profile_tokens=PROFILE).messages


def _tokens(turns: Sequence[Turn], *, times: bool) -> int:
    return sum(map(tokens.count_message, _messages(turns, times=times)))


def main() -> None:
    found = []
    for name in ("en", "zh-CN"):
        for person, days in json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8")).items():
            turns = list(turns_of(days))
            found.append(measure(turns))
            one = found[-1]
            shares = f"notes {one.notes / one.prompts:.2%}, largest {one.largest:.2%}"
            print(f"{person}: {len(turns) // 2} questions, {shares}, gaps noted {one.noted} of {one.gaps}")
    print(f"all: notes {sum(one.notes for one in found) / sum(one.prompts for one in found):.2%}, largest {max(one.largest for one in found):.2%}")


if __name__ == "__main__":
    main()
