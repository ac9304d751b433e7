"""Loader of the prompt files.

A file's first line is `task: <name>/<version>`; results are stored with that version, so any change of a file that could change an answer
increments the version. A line `-----` separates the instructions from the data. `$name` is a placeholder.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template

DATA_LINE = "\n-----\n"


@dataclass(frozen=True, slots=True)
class Prompt:
    version: str
    instructions: Template
    data: Template


@cache
def load(version: str) -> Prompt:
    """Return the prompt of that version, e.g. "diary/1". Raises ValueError when the file has another version."""
    name = version.partition("/")[0]
    text = (Path(__file__).parent / f"{name}.md").read_text(encoding="utf-8")
    if text.partition("\n")[0] != f"task: {version}":
        raise ValueError(f"llm/prompts/{name}.md is not version {version}")
    instructions, _, data = text.partition(DATA_LINE)
    return Prompt(version, Template(instructions.strip()), Template(data.strip()))
