"""The Markdown of an export, in pieces: the profile, and a file for each day with its diary and its messages. In Chinese for Chinese locales, otherwise
in English."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from jobs.rules.day import time_zone
from jobs.rules.own_slots import is_known, own_key
from jobs.rules.profile.polarity import told_polarity
from jobs.rules.slots import position
from persistence.database import Session
from persistence.models.chat import MessageRole
from persistence.models.diary import LineKind
from persistence.models.profile import ValueStatus
from persistence.queries import portability as stored
from persistence.queries.portable_days import find_diary, list_day_messages, list_days, list_diary_lines
from resolvers.locales import is_chinese
from resolvers.portability.label import notice
from resolvers.portability.markdown_text import escape_line, quote, yaml_value
from resolvers.portability.pieces import PAGE_ROWS, Piece, Position, Sessions
from resolvers.slot_labels import LABELS, label

if TYPE_CHECKING:
    from persistence.queries.viewer import AnyUser

Words = Mapping[str, str]
Row = Mapping[str, Any]

WHOLE, PROFILE = "unilife.md", "profile.md"
"""The names of the one document, and of the profile beside the days."""
_WORDS: Mapping[str, Words] = {
    "en": {"title": "UniLife data of {}", "profile": "Profile", "diary": "Diary", "locked": "locked", "mood": "Mood {} of 5", "tags": "Tags: {}",
           "nothing": "Nothing yet.", "sure": "{:.0%} confidence", "untitled": "Conversation of {}", "person": "You",
           "assistant": "UniLife (AI)", "temporary": "temporary", "play": "role play",
           "DISPUTED": "disputed", "SUGGESTED": "suggested", "SUPERSEDED": "until {}",
           "REJECTED": "rejected", "since": "since {}", "until": "until {}", "condition": "{}", "by_person": "written by you"},
    "zh": {"title": "{}在 UniLife 的数据", "profile": "画像", "diary": "日记", "locked": "已锁定", "mood": "心情 {}/5", "tags": "标签：{}",
           "nothing": "还没有内容。", "sure": "置信度 {:.0%}", "untitled": "{}的对话", "person": "我",
           "assistant": "UniLife（AI 生成）", "temporary": "临时对话", "play": "角色扮演",
           "DISPUTED": "有争议", "SUGGESTED": "建议", "SUPERSEDED": "截至 {}", "REJECTED": "已否定",
           "since": "自 {} 起", "until": "到 {} 为止", "condition": "{}", "by_person": "由本人书写"},
}  # fmt: skip
_ORDER = {status: position for position, status in enumerate(ValueStatus)}


async def make_pieces(viewer: AnyUser, sessions: Sessions, after: Position | None, *, in_one: bool = False) -> AsyncGenerator[Sequence[Piece]]:
    """Yield the files from a position on: the profile first, then a file a day; with `in_one` all as one document."""
    words = _WORDS["zh" if is_chinese(viewer.locale) else "en"]
    async with sessions() as session:
        days = await list_days(session, viewer.id, after[0] if after else None)
    if after is None:
        profile = await render_profile(viewer, sessions, words)
        text = f"# {words['title'].format(escape_line(viewer.nickname))}\n\n> {notice(viewer.locale)}\n\n## {words['profile']}\n\n{profile}\n"
        yield [Piece(WHOLE if in_one else PROFILE, text, (days[0], None) if days else None)]
    for number, day in enumerate(days):
        then = (days[number + 1], None) if number + 1 < len(days) else None
        reached = after[1] if after and after[0] == day else None
        async for pieces in _make_day(viewer, sessions, words, day, reached, then, in_one):
            yield pieces


async def _make_day(
    viewer: AnyUser, sessions: Sessions, words: Words, day: date, after: Sequence[UUID] | None, then: Position | None, in_one: bool
) -> AsyncGenerator[Sequence[Piece]]:
    """Yield the pieces of one day. The last one leads on to the next day."""
    name = WHOLE if in_one else f"days/{day.isoformat()}.md"
    level = "##" if in_one else "#"
    opening = "" if after else await _render_opening(viewer, sessions, words, day, in_one)
    while True:
        async with sessions() as session:
            page = await list_day_messages(session, viewer.id, day, after, PAGE_ROWS)
        texts = await asyncio.to_thread(_render_messages, page, after[0] if after else None, words, level)
        is_last = len(page) < PAGE_ROWS
        positions: list[Position | None] = [(day, (row["conversation_id"], row["id"])) for row in page]
        if is_last and positions:
            positions[-1] = then
        if opening:
            yield [Piece(name, opening, None if texts else then)] if not texts else [Piece(name, opening + texts[0], positions[0])]
            texts, positions, opening = texts[1:], positions[1:], ""
        if texts:
            yield [Piece(name, text, position) for text, position in zip(texts, positions)]
        if is_last:
            return
        after = (page[-1]["conversation_id"], page[-1]["id"])


async def _render_opening(viewer: AnyUser, sessions: Sessions, words: Words, day: date, in_one: bool) -> str:
    """Return the front matter, the heading and the diary of a day."""
    async with sessions() as session:
        diary = await find_diary(session, viewer.id, day)
        lines = await list_diary_lines(session, viewer.id, diary["id"], diary["version"]) if diary else []
    written = _render_diary(diary, lines, words, "###" if in_one else "##") if diary else ""
    if in_one:
        return f"\n## {day.isoformat()}\n{written}"
    return f"---\n{_render_front_matter(viewer, day, diary)}---\n\n# {day.isoformat()}\n\n> {notice(viewer.locale)}\n{written}"


def _render_front_matter(viewer: AnyUser, day: date, diary: Row | None) -> str:
    fields = {"date": day.isoformat(), "tags": list(diary["tags"]) if diary else [], "mood": diary["mood"] if diary else None, "ai_generated": True,
              "notice": notice(viewer.locale)}  # fmt: skip
    return "".join(f"{name}: {value if name == 'date' else yaml_value(value)}\n" for name, value in fields.items())


def _render_diary(diary: Row, lines: Sequence[Row], words: Words, level: str) -> str:
    """Return the summary, the lines that the summary does not repeat, mood and tags."""
    by_person = f" ({words['by_person']})"
    summary = quote(diary["summary"]) + (f"\n\n*{words['by_person']}*" if diary["summary_by_person"] else "") if diary["summary"] else ""
    bullets = "\n".join(f"- {escape_line(row['text'])}{by_person if row['by_person'] else ''}" for row in lines if row["kind"] is not LineKind.SUMMARY)
    notes = [words["mood"].format(diary["mood"])] if diary["mood"] else []
    notes += [words["tags"].format(_render_tags(diary["tags"]))] if diary["tags"] else []
    return "".join(f"\n{part}\n" for part in (f"{level} {words['diary']}", summary, bullets, " · ".join(notes)) if part)


def _render_tags(tags: Sequence[str]) -> str:
    return ", ".join(f'"{escape_line(tag)}"' if "," in tag else escape_line(tag) for tag in tags)


def _render_messages(rows: Sequence[Row], conversation: UUID | None, words: Words, level: str) -> list[str]:
    """Return the text of each message, with a heading where another conversation than `conversation` begins."""
    texts = []
    for row in rows:
        heading = "" if row["conversation_id"] == conversation else _render_heading(row, words, level)
        conversation = row["conversation_id"]
        texts.append(f"{heading}\n{_render_speaker(row, words)}\n\n{quote(row['content'])}\n")
    return texts


def _render_heading(row: Row, words: Words, level: str) -> str:
    title = escape_line(row["title"] or "") or words["untitled"].format(row["begun_at"].date().isoformat())
    notes = [words[name] for name in ("temporary", "play") if row[name]]
    notes += [words["tags"].format(_render_tags(row["tags"]))] if row["tags"] else []
    return f"\n{level}# {title}\n" + (f"\n{' · '.join(notes)}\n" if notes else "")


def _render_speaker(row: Row, words: Words) -> str:
    at = row["created_at"].astimezone(time_zone(row["time_zone"]))
    return f"**{words['person'] if row['role'] is MessageRole.USER else words['assistant']}**, {at:%Y-%m-%d %H:%M}"


async def render_profile(viewer: AnyUser, sessions: Sessions, words: Words) -> str:
    """Return all values: ACTIVE ones without a label, others with their status."""
    async with sessions() as session:
        own = [row async for row in _list_rows(session, viewer.id, "own_slots")]
        values = [row async for row in _list_rows(session, viewer.id, "profile_values") if is_known(row["slot"])]
    names = {**{slot: label(slot, viewer.locale) for slot in LABELS}, **{own_key(row["id"]): escape_line(row["name"]) for row in own}}
    values.sort(key=lambda row: (position(row["slot"]), _ORDER[row["status"]], -row["confidence"], row["value_key"]))
    lines = [f"- **{names.get(row['slot'], row['slot'])}**: {_render_value(row)} ({', '.join(_list_notes(row, words))})" for row in values]
    return "\n".join(lines) if lines else words["nothing"]


async def _list_rows(session: Session, user_id: UUID, table: str) -> AsyncGenerator[Row]:
    after = None
    while page := await stored.load_page(session, user_id, table, after, PAGE_ROWS):
        for row in page:
            yield row
        after = [page[-1][key] for key in stored.key_names(table)]


def _list_notes(row: Row, words: Words) -> list[str]:
    status = row["status"].value
    ended = row["ended_at"].date().isoformat() if row["ended_at"] else "?"
    notes = [words[status].format(ended)] if status in words else []
    notes += [] if row["status"] is ValueStatus.REJECTED else [words["sure"].format(row["confidence"])]
    notes += [words[name].format(escape_line(row[name])) for name in ("since", "until", "condition") if row[name]]
    return [*notes, *([words["locked"]] if row["locked"] else [])]


def _render_value(row: Row) -> str:
    polarity = told_polarity(row["slot"], row["value"], row["polarity"].value)
    return f"{polarity}{': ' if polarity else ''}{escape_line(row['value'])}"
