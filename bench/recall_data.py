"""Readers of public benchmarks of long conversations, for `python -m bench.recall`. Their data are not part of this repository.

- LoCoMo: `locomo10.json` of github.com/snap-research/LoCoMo: ten conversations with questions and the turns that answer them (`evidence`).
- LongMemEval: `longmemeval_s.json`, `_m` or `_oracle`, by the format that the README of github.com/xiaowu0162/LongMemEval documents (read 2026-11-28): an
  instance has sessions of turns with roles, those that answer marked `has_answer`. Instances without an answer (`_abs`) are left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

KINDS = {1: "several hops", 2: "temporal", 3: "open", 4: "single hop", 5: "adversarial"}
"""LoCoMo's categories of questions."""


@dataclass(frozen=True)
class Line:
    """A turn of a session: `session` and `number` are its place."""

    session: int
    number: int
    day: date
    by_user: bool
    text: str


@dataclass(frozen=True)
class Question:
    """A question with its kind, the turns that answer it (by session and number), and the half that it belongs to: 0 for tuning, 1 held out."""

    text: str
    kind: str
    evidence: frozenset[tuple[int, int]]
    half: int
    today: date


@dataclass(frozen=True)
class Talk:
    lines: list[Line]
    names: tuple[str, ...]
    questions: list[Question]


def read(path: Path) -> Iterator[Talk]:
    """Yield the conversations of a file of either benchmark."""
    document = json.loads(path.read_text(encoding="utf-8"))
    if document and "conversation" in document[0]:
        yield from map(_locomo, document)
    else:
        yield from (_long_mem_eval(place, instance) for place, instance in enumerate(document) if not instance["question_id"].endswith("_abs"))


def _locomo(document: Any) -> Talk:
    said = document["conversation"]
    names = (said["speaker_a"], said["speaker_b"])
    lines: list[Line] = []
    for session in sorted(int(key[8:]) for key in said if re.fullmatch(r"session_\d+", key)):
        day = datetime.strptime(said[f"session_{session}_date_time"].upper(), "%I:%M %p ON %d %B, %Y").date()
        lines += [
            Line(session, int(turn["dia_id"].partition(":")[2]), day, turn["speaker"] == names[0], turn["text"]) for turn in said[f"session_{session}"]
        ]
    today = date.fromordinal(max(line.day for line in lines).toordinal() + 1)
    return Talk(lines, names, [question for place, asked in enumerate(document["qa"]) if (question := _locomo_question(place, asked, today))])


def _locomo_question(place: int, asked: Any, today: date) -> Question | None:
    pairs = [(int(session), int(number)) for text in asked.get("evidence", ()) for session, number in re.findall(r"D:?(\d+):(\d+)", text)]
    return Question(asked["question"], KINDS[asked["category"]], frozenset(pairs), place % 2, today) if pairs else None


def _long_mem_eval(place: int, instance: Any) -> Talk:
    sessions = zip(instance["haystack_sessions"], instance["haystack_dates"])
    lines = [
        Line(number, turn_number, _day(at), turn["role"] == "user", turn["content"])
        for number, (turns, at) in enumerate(sessions)
        for turn_number, turn in enumerate(turns)
    ]
    evidence = frozenset(
        (number, turn_number)
        for number, turns in enumerate(instance["haystack_sessions"])
        for turn_number, turn in enumerate(turns)
        if turn.get("has_answer")
    )
    asked = Question(instance["question"], instance["question_type"], evidence, place % 2, _day(instance["question_date"]))
    return Talk(lines, (), [asked] if evidence else [])


def _day(text: str) -> date:
    """Return the day of a time such as "2023/05/20 (Sat) 02:21"."""
    year, month, day = re.findall(r"\d+", text)[:3]
    return date(int(year), int(month), int(day))
