"""Loading of a file into a document of a known layout."""
from __future__ import annotations

import json
import zipfile
from pathlib import Path, PurePosixPath
from typing import Any

from dev.imports import chatgpt, memorybank
from dev.imports.records import UnreadableFile

EXPECTED = (
    "expected a ChatGPT data export (the .zip, or its conversations.json: a list of conversations with a mapping), "
    'or MemoryBank\'s layout: {"person": {"2023-04-27": [{"query": "…", "response": "…"}]}}'
)


def load(path: Path) -> Any:
    """Return the document in a .json file or a ChatGPT export's .zip, of a known layout. Raises `UnreadableFile`."""
    try:
        document = _unzip(path) if zipfile.is_zipfile(path) else json.loads(path.read_bytes())
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(f"{path} is not JSON: {error}; {EXPECTED}") from error
    if not chatgpt.matches(document) and not memorybank.matches(document):
        raise UnreadableFile(f"{path} has an unknown layout; {EXPECTED}")
    return document


def _unzip(path: Path) -> list[Any]:
    """Return the conversations of a zip. A large export is split into conversations-000.json and so on."""
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if PurePosixPath(name).match("conversations*.json")]
        if not names:
            raise UnreadableFile(f"{path} has no conversations.json; {EXPECTED}")
        return [conversation for name in sorted(names) for conversation in json.loads(archive.read(name))]
