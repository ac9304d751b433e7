"""Rendering of profile, diaries and conversations as Markdown, in Chinese for Chinese locales, otherwise in English."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from jobs.rules.day import time_zone
from jobs.rules.slots import SLOTS
from persistence.models import User
from persistence.models.chat import MessageRole
from persistence.models.diary import LineKind
from persistence.models.profile import ValueStatus
from persistence.queries.portability import Rows

_WORDS = {
    "en": {"title": "UniLife data of {}", "profile": "Profile", "diary": "Diary", "locked": "locked", "mood": "Mood {} of 5", "tags": "Tags: {}",
           "nothing": "Nothing yet.", "sure": "{:.0%} confidence", "conversations": "Conversations", "untitled": "Conversation of {}", "person": "You",
           "assistant": "UniLife", "temporary": "temporary", "DISPUTED": "disputed", "SUGGESTED": "suggested", "SUPERSEDED": "until {}",
           "REJECTED": "rejected"},
    "zh": {"title": "{}在 UniLife 的数据", "profile": "画像", "diary": "日记", "locked": "已锁定", "mood": "心情 {}/5", "tags": "标签：{}",
           "nothing": "还没有内容。", "sure": "置信度 {:.0%}", "conversations": "对话", "untitled": "{}的对话", "person": "我",
           "assistant": "UniLife", "temporary": "临时对话", "DISPUTED": "有争议", "SUGGESTED": "建议", "SUPERSEDED": "截至 {}", "REJECTED": "已否定"},
}  # fmt: skip
_ORDER = {status: place for place, status in enumerate(ValueStatus)}


def render_markdown(viewer: User, rows: Rows) -> str:
    words = _WORDS["zh" if viewer.locale.startswith("zh") else "en"]
    parts = [
        f"# {words['title'].format(_line(viewer.nickname))}",
        f"## {words['profile']}",
        *_profile(rows, words),
        f"## {words['diary']}",
        *_diaries(rows, words),
        f"## {words['conversations']}",
        *_conversations(rows, words),
    ]
    return "\n\n".join(parts) + "\n"


def _profile(rows: Rows, words: Mapping[str, str]) -> list[str]:
    """Return all values: ACTIVE ones without a label, others with their status."""
    order = {slot: place for place, slot in enumerate(SLOTS)}
    values = [row for row in rows["profile_values"] if row["slot"] in SLOTS]
    values.sort(key=lambda row: (order[row["slot"]], _ORDER[row["status"]], -row["confidence"], row["value_key"]))
    lines = [f"- **{row['slot']}**: {_line(row['value'])} ({', '.join(_notes(row, words))})" for row in values]
    return ["\n".join(lines) if lines else words["nothing"]]


def _notes(row: Mapping[str, Any], words: Mapping[str, str]) -> list[str]:
    status = row["status"].value
    ended = row["ended_at"].date().isoformat() if row["ended_at"] else "?"
    notes = [words[status].format(ended)] if status in words else []
    notes += [] if row["status"] is ValueStatus.REJECTED else [words["sure"].format(row["confidence"])]
    return [*notes, *([words["locked"]] if row["locked"] else [])]


def _diaries(rows: Rows, words: Mapping[str, str]) -> list[str]:
    versions = {(row["diary_id"], row["version"]): row for row in rows["diary_versions"]}
    lines = _grouped(rows["diary_lines"], "diary_id", "version")
    parts: list[str] = []
    for diary in sorted(rows["diaries"], key=lambda row: row["day"]):
        place = (diary["id"], diary["version"])
        present = versions[place]
        notes = [words["mood"].format(present["mood"])] if present["mood"] else []
        notes += [words["tags"].format(", ".join(map(_line, diary["tags"])))] if diary["tags"] else []
        parts += [f"### {diary['day'].isoformat()}", *filter(None, (_quoted(present["summary"]), _bullets(lines[place]), " · ".join(notes)))]
    return parts or [words["nothing"]]


def _bullets(lines: Sequence[Mapping[str, Any]]) -> str:
    """Return the lines that the summary does not repeat."""
    shown = [row for row in sorted(lines, key=lambda row: row["position"]) if not row["hidden"] and row["kind"] is not LineKind.SUMMARY]
    return "\n".join(f"- {_line(row['text'])}" for row in shown)


def _conversations(rows: Rows, words: Mapping[str, str]) -> list[str]:
    messages = _grouped(rows["messages"], "conversation_id")
    parts: list[str] = []
    for conversation in sorted(rows["conversations"], key=lambda row: row["id"]):
        said = sorted(messages[(conversation["id"],)], key=lambda row: row["id"])
        title = _line(conversation["title"] or "") or words["untitled"].format(conversation["created_at"].date().isoformat())
        notes = [words["temporary"]] if conversation["temporary"] else []
        notes += [words["tags"].format(", ".join(map(_line, conversation["tags"])))] if conversation["tags"] else []
        parts += [f"### {title}", *([" · ".join(notes)] if notes else []), *(text for row in said for text in (_spoken(row, words), _quoted(row["content"])))]
    return parts or [words["nothing"]]


def _spoken(row: Mapping[str, Any], words: Mapping[str, str]) -> str:
    at = row["created_at"].astimezone(time_zone(row["time_zone"]))
    return f"**{words['person'] if row['role'] is MessageRole.USER else words['assistant']}**, {at:%Y-%m-%d %H:%M}"


def _quoted(text: str) -> str:
    """Return a text as a block quote, so that none of its lines can become a heading of the file."""
    return "\n".join(f"> {line}" for line in text.strip().splitlines())


def _grouped(rows: Iterable[Mapping[str, Any]], *columns: str) -> Mapping[tuple[Any, ...], list[Mapping[str, Any]]]:
    found: defaultdict[tuple[Any, ...], list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        found[tuple(row[column] for column in columns)].append(row)
    return found


def _line(text: str) -> str:
    return " ".join(text.split())
