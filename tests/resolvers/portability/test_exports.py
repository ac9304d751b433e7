"""Exports in parts and as an archive: their texts make the file of the whole export, at any size and with changes in between."""
from __future__ import annotations

import html
import io
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import defaultdict
from typing import Any
from unittest.mock import patch
from zipfile import ZipFile

import pytest
import yaml
from markdown_it import MarkdownIt
from sqlalchemy import delete, update

from jobs.profile_update import update_profile
from persistence import database
from persistence.models import Conversation, Diary, Message, User
from resolvers import portability
from resolvers.errors import Conflict, InvalidInput
from resolvers.portability import export_parts, pieces
from resolvers.portability.archive import stream_archive
from resolvers.portability.exports import stream_text
from resolvers.portability.markdown_text import quote
from tests import seeds
from tests.jobs.job_setup import everything, rows
from tests.portable import portable
from tests.seeds import DAY

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

HTML = "I like <b>tea</b> & <script>alert(1)</script> &lt; 我喜欢<茶>"
CODE = "Use `<b>` here:\n\n```html\n<i>kept</i>\n```\n<i>shown</i>"
TAGS = ["food, drink", "<b>loud</b>", "a: b #c", "早茶、午茶"]
KINDS = [True, False]


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make parts of a few rows, and pages of three."""
    monkeypatch.setattr(export_parts, "MAX_PART_BYTES", 2_500)
    for module in ("json_pieces", "markdown"):
        monkeypatch.setattr(f"resolvers.portability.{module}.PAGE_ROWS", 3)


async def user_with_days(name: str = "ann") -> User:
    """Create a user with three days of messages and diaries, in two conversations a day."""
    user = await seeds.person(name)
    for number in range(3):
        day = DAY.replace(day=DAY.day + number)
        await seeds.whole_day(user, day)
        await seeds.said(user, day, *(f"Message {number}.{index} 消息" for index in range(7)), HTML, CODE)
    async with database.transaction() as session:
        await session.execute(update(Conversation).values(tags=TAGS, title="A *talk* <u>"))
        await session.execute(update(Diary).values(tags=TAGS))
        await update_profile(session, user.id, reason="NIGHT")
    return user


async def fetch_parts(user: User, *, is_json: bool, after: str | None = None) -> list[portability.ExportPart]:
    parts = [await portability.export_part(user, after, is_json=is_json)]
    while (cursor := parts[-1].cursor) is not None:
        parts.append(await portability.export_part(user, cursor, is_json=is_json))
    return parts


def join(parts: list[portability.ExportPart]) -> dict[str, str]:
    """Append the texts to their files, as a client does, and check the offsets."""
    files: defaultdict[str, str] = defaultdict(str)
    for part in parts:
        for text in part.texts:
            assert text.offset == len(files[text.name].encode())
            files[text.name] += text.content
    return dict(files)


async def archive(user: User, **options: bool) -> dict[str, str]:
    state = await pieces.measure(user.id, database.session)
    data = b"".join([chunk async for chunk in stream_archive(user, database.session, state, **options)])
    with ZipFile(io.BytesIO(data)) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name).decode() for name in opened.namelist()}


def render(markdown: str) -> str:
    return MarkdownIt("commonmark").render(markdown)


def text_of(rendered: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", rendered))


async def test_export_part_json_parts_joined_are_the_whole_export_and_import_equal() -> None:
    ann, bob = await user_with_days(), await seeds.person("bob")
    parts = await fetch_parts(ann, is_json=True)
    assert len(parts) > 10 and [part.number for part in parts] == list(range(1, len(parts) + 1))
    assert [part.changed for part in parts] == [*[None] * (len(parts) - 1), []]
    [(name, content)] = join(parts).items()
    assert name == "unilife.json" and content == await portability.export_json(ann, largest=None)
    await portability.import_json(bob, content)
    async with database.session() as session:
        bob = await session.get_one(User, bob.id)
    assert portable(await portability.export_json(bob)) == portable(content)


@pytest.mark.parametrize("is_json", KINDS)
async def test_export_part_from_a_cursor_again_gives_the_same_part(is_json: bool) -> None:
    ann = await user_with_days()
    parts = await fetch_parts(ann, is_json=is_json)
    for number, part in enumerate(parts[:-1]):
        await database.dispose()  # another process
        assert await portability.export_part(ann, part.cursor, is_json=is_json) == parts[number + 1]
    middle = parts[len(parts) // 2]
    assert await fetch_parts(ann, is_json=is_json, after=middle.cursor) == parts[len(parts) // 2 + 1 :]


async def test_export_part_of_an_empty_account_is_one_part() -> None:
    ann = await seeds.person()
    with patch.object(export_parts, "MAX_PART_BYTES", 100_000):
        [part] = await fetch_parts(ann, is_json=True)
        [profile] = await fetch_parts(ann, is_json=False)
    assert json.loads(part.texts[0].content)["messages"] == [] and part.changed == []
    assert [text.name for text in profile.texts] == ["profile.md"]


@pytest.mark.parametrize("is_json", KINDS)
async def test_export_part_after_a_deletion_leaves_the_deleted_out_and_names_the_tables(is_json: bool) -> None:
    ann = await user_with_days()
    first = await portability.export_part(ann, None, is_json=is_json)
    async with database.transaction() as session:
        await session.execute(delete(Message).where(Message.content == "Message 2.5 消息"))
    parts = [first, *await fetch_parts(ann, is_json=is_json, after=first.cursor)]
    assert parts[-1].changed == ["messages"]
    assert not any("Message 2.5" in content for content in join(parts).values()) and any("Message 2.6" in content for content in join(parts).values())


async def test_import_json_of_parts_with_changes_between_them_leaves_out_what_lost_its_reference() -> None:
    ann, bob = await user_with_days(), await seeds.person("bob")
    parts = [await portability.export_part(ann, None, is_json=True)]
    while "diaries" not in parts[-1].texts[0].content:
        parts.append(await portability.export_part(ann, parts[-1].cursor, is_json=True))
    late = DAY.replace(day=DAY.day + 5)
    await seeds.whole_day(ann, late)
    async with database.transaction() as session:
        await session.execute(update(Message).where(Message.content == "I live in Hangzhou now").values(content="Edited."))
    parts += await fetch_parts(ann, is_json=True, after=parts[-1].cursor)
    [content] = join(parts).values()
    changed = json.loads(content)["changed_during_export"]
    assert {"messages", "diaries", "line_evidence"} <= set(changed) and changed == parts[-1].changed
    with pytest.raises(InvalidInput, match="refers to a row|is not in the message"):
        await portability.import_json(bob, json.dumps({**json.loads(content), "changed_during_export": []}))
    done = await portability.import_json(bob, content)
    assert done.counts["messages"] == len(json.loads(content)["messages"]) and done.counts["diaries"] >= 3
    again = json.loads(await portability.export_json(bob, largest=None))
    assert {row["id"] for row in again["messages"]} == {row["id"] for row in json.loads(content)["messages"]}


def altered(cursor: str, index: int, value: Any) -> str:
    fields = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    fields[index] = value
    return urlsafe_b64encode(json.dumps(fields).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("index", "value"),
    [(0, False), (1, "1"), (1, -1), (1, 2**40), (2, 5), (3, 1.5), (4, []), (4, 7), (5, None), (5, ["users", None]), (5, ["messages", ["x"]]), (5, [[], None])],
)
async def test_export_part_with_an_altered_cursor_is_refused(index: int, value: Any) -> None:
    ann = await user_with_days()
    before = await everything()
    cursor = (await portability.export_part(ann, None, is_json=True)).cursor
    assert cursor is not None
    for wrong in (altered(cursor, index, value), cursor[:-3], "", "é", "x" * 10_000):
        with pytest.raises(InvalidInput) as refused:
            await portability.export_part(ann, wrong, is_json=True)
        assert refused.value.field == "after"
    assert await everything() == before


async def test_export_part_with_another_users_cursor_gives_only_the_callers_rows() -> None:
    ann, bob = await user_with_days(), await seeds.person("bob")
    cursor = (await portability.export_part(ann, None, is_json=True)).cursor
    parts = await fetch_parts(bob, is_json=True, after=cursor)
    assert "消息" not in "".join(text.content for part in parts for text in part.texts) and parts[-1].changed


@pytest.mark.parametrize("line", ["\t\t```", " \t\t```", "\u00a0```", "```\u3000", "    ```"])
async def test_quote_line_that_does_not_close_a_code_block_leaves_no_html_behind_it(line: str) -> None:
    rendered = render(quote(f"```\n{line}\n```\n<script>alert(1)</script>"))
    assert "<script" not in rendered and text_of(rendered).split()[-1] == "<script>alert(1)</script>"


@pytest.mark.parametrize("line", ["\t```", "  ``` \t", "````"])
async def test_quote_line_that_closes_a_code_block_is_found(line: str) -> None:
    rendered = render(quote(f"```\n<b>\n{line}\n<script>alert(1)</script>"))
    assert "<script" not in rendered and text_of(rendered).split() == ["<b>", "<script>alert(1)</script>"]


async def test_export_part_markdown_gives_a_file_a_day_whose_front_matter_and_texts_stay_what_they_were() -> None:
    ann = await user_with_days()
    files = join(await fetch_parts(ann, is_json=False))
    days = [f"days/{DAY.replace(day=DAY.day + number)}.md" for number in range(3)]
    assert list(files) == ["profile.md", *days]
    for number, name in enumerate(days):
        _, front, body = files[name].split("---\n", 2)
        fields = yaml.safe_load(front)
        assert (fields["date"], fields["tags"], fields["mood"], fields["ai_generated"]) == (DAY.replace(day=DAY.day + number), TAGS, 4, True)
        rendered = render(body)
        assert "AI-generated" in rendered and not re.search(r"<(?!/?(?:p|h1|h2|h3|blockquote|ul|li|strong|em|code|pre)\b)", rendered)
        shown = text_of(rendered)
        assert all(text in shown for text in (HTML, "<i>kept</i>", "<i>shown</i>", "Use <b> here", "A *talk* <u>", *TAGS, "Five kilometres!"))
        assert [line for line in shown.splitlines() if line.startswith("Message")] == [f"Message {number}.{index} 消息" for index in range(7)]


async def test_stream_archive_has_the_json_file_the_days_and_the_label() -> None:
    ann = await user_with_days()
    files = await archive(ann)
    assert files.pop("unilife.json") == await portability.export_json(ann, largest=None)
    manifest = json.loads(files.pop("manifest.json"))
    assert (manifest["files"], manifest["changed_during_export"], manifest["label"]["ai_generated"]) == (5, [], True)
    assert files == join(await fetch_parts(ann, is_json=False))
    assert set(await archive(ann, with_json=False)) == {*files, "manifest.json"}
    assert set(await archive(ann, with_markdown=False)) == {"unilife.json", "manifest.json"}


async def test_stream_archive_with_a_change_meanwhile_says_so() -> None:
    ann = await user_with_days()
    state = await pieces.measure(ann.id, database.session)
    chunks = stream_archive(ann, database.session, state)
    data = await anext(chunks)
    async with database.transaction() as session:
        await session.execute(delete(Message).where(Message.content == "Message 2.5 消息"))
    data += b"".join([chunk async for chunk in chunks])
    with ZipFile(io.BytesIO(data)) as opened:
        assert json.loads(opened.read("manifest.json"))["changed_during_export"] == ["messages"]
        assert b"Message 2.5" not in opened.read("unilife.json")


async def test_stream_text_sees_one_state_also_when_rows_change_meanwhile() -> None:
    ann = await user_with_days()
    whole = await portability.export_json(ann, largest=None)
    texts = stream_text(ann, is_json=True)
    content = await anext(texts) + await anext(texts)
    async with database.transaction() as session:
        await session.execute(delete(Message).where(Message.user_id == ann.id))
    content += "".join([text async for text in texts])
    assert content == whole and await rows(Message) == []


@pytest.mark.parametrize(("locale", "words"), [("en", "AI-generated"), ("zh-CN", "AI（人工智能）生成")])
async def test_exports_carry_the_label_that_answers_are_a_machines(locale: str, words: str) -> None:
    ann = await user_with_days()
    ann.locale = locale
    label = json.loads(await portability.export_json(ann, largest=None))["label"]
    assert label["ai_generated"] is True and words in label["notice"] and label["generated_texts"]["messages"] == "role is ASSISTANT"
    assert words in (await portability.export_markdown(ann, largest=None)).splitlines()[2]
    assert all(words in text for text in join(await fetch_parts(ann, is_json=False)).values())


@pytest.mark.parametrize("is_json", KINDS)
async def test_export_as_one_text_that_is_too_large_names_the_parts(is_json: bool) -> None:
    ann = await user_with_days()
    with pytest.raises(Conflict, match="accountExportPart"):
        await (portability.export_json if is_json else portability.export_markdown)(ann, largest=1_000)
