"""Profile and diaries as Markdown, in Chinese for Chinese locales and else in English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jobs.rules.slots import SLOTS
from persistence.models import User
from persistence.models.diary import LineKind
from persistence.models.profile import ValueStatus
from persistence.queries.portability import Rows

_WORDS = {
    "en": {"title": "What UniLife holds of {}", "profile": "Profile", "diary": "Diary", "locked": "locked", "mood": "Mood {} of 5", "tags": "Tags: {}",
           "nothing": "Nothing yet.", "sure": "{:.0%} sure"},
    "zh": {"title": "UniLife 里关于{}的一切", "profile": "画像", "diary": "日记", "locked": "已锁定", "mood": "心情 {}/5", "tags": "标签：{}",
           "nothing": "还没有内容。", "sure": "把握 {:.0%}"},
}  # fmt: skip
_SHOWN = (ValueStatus.ACTIVE, ValueStatus.DISPUTED)


def as_markdown(viewer: User, rows: Rows) -> str:
    words = _WORDS["zh" if viewer.locale.startswith("zh") else "en"]
    parts = [
        f"# {words['title'].format(_line(viewer.nickname))}",
        f"## {words['profile']}",
        *_profile(rows, words),
        f"## {words['diary']}",
        *_diaries(rows, words),
    ]
    return "\n\n".join(parts) + "\n"


def _profile(rows: Rows, words: Mapping[str, str]) -> list[str]:
    held = [row for row in rows["profile_values"] if row["status"] in _SHOWN and row["slot"] in SLOTS]
    order = {slot: place for place, slot in enumerate(SLOTS)}
    held.sort(key=lambda row: (order[row["slot"]], -row["confidence"], row["value_key"]))
    lines = []
    for row in held:
        notes = [words["sure"].format(row["confidence"]), *([words["locked"]] if row["locked"] else [])]
        lines.append(f"- **{row['slot']}**: {_line(row['value'])} ({', '.join(notes)})")
    return ["\n".join(lines) if lines else words["nothing"]]


def _diaries(rows: Rows, words: Mapping[str, str]) -> list[str]:
    versions = {(row["diary_id"], row["version"]): row for row in rows["diary_versions"]}
    parts: list[str] = []
    for diary in sorted(rows["diaries"], key=lambda row: row["day"]):
        present = versions[diary["id"], diary["version"]]
        notes = [words["mood"].format(present["mood"])] if present["mood"] else []
        notes += [words["tags"].format(", ".join(map(_line, diary["tags"])))] if diary["tags"] else []
        lines = [row for row in rows["diary_lines"] if (row["diary_id"], row["version"]) == (diary["id"], diary["version"])]
        parts += [f"### {diary['day'].isoformat()}", *filter(None, (present["summary"].strip(), _bullets(lines), " · ".join(notes)))]
    return parts or [words["nothing"]]


def _bullets(lines: Sequence[Mapping[str, Any]]) -> str:
    """What the summary does not say already."""
    shown = [row for row in sorted(lines, key=lambda row: row["position"]) if not row["hidden"] and row["kind"] is not LineKind.SUMMARY]
    return "\n".join(f"- {_line(row['text'])}" for row in shown)


def _line(text: str) -> str:
    return " ".join(text.split())
