"""Reading an exported file from disk: the JSON file itself, or the zip that contains it."""

from __future__ import annotations

from pathlib import Path
from zipfile import BadZipFile, ZipFile, is_zipfile

from resolvers.portability.json_pieces import FILE_NAME


def read_export(path: Path) -> str:
    """Return the text of the JSON file. Raises `OSError`, `UnicodeDecodeError`, `BadZipFile` for a zip that is damaged or has no such file."""
    if not is_zipfile(path):
        return path.read_text(encoding="utf-8-sig")  # editors may add a byte order mark
    with ZipFile(path) as archive:
        if FILE_NAME not in archive.namelist():
            raise BadZipFile(f"the zip does not contain {FILE_NAME}")
        return archive.read(FILE_NAME).decode("utf-8-sig")
