"""The Python files that the checks read, and the form of what they find."""
from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

LEFT_OUT = ("persistence/migrations/versions/", "build/", "dist/")
"""Folders that are not checked: released migrations stay as they are, and the others are generated."""


@dataclass(frozen=True, order=True)
class Finding:
    """A broken rule, with what to write instead."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


@dataclass(frozen=True)
class Source:
    """A Python file: its path relative to the project, its text and its syntax tree."""

    path: str
    text: str
    tree: ast.Module

    @classmethod
    def parse(cls, path: str, text: str) -> Source:
        return cls(path, text, ast.parse(text, path))

    @cached_property
    def nodes(self) -> Sequence[ast.AST]:
        return list(ast.walk(self.tree))

    @property
    def is_test(self) -> bool:
        return self.path.startswith("tests/")


def read_sources(root: Path) -> Iterator[Source]:
    """Yield every Python file below `root` in order of paths, without hidden folders and `LEFT_OUT`."""
    for file in sorted(root.rglob("*.py")):
        path = file.relative_to(root).as_posix()
        if not path.startswith(LEFT_OUT) and not any(part.startswith(".") or part == "node_modules" for part in file.relative_to(root).parts):
            yield Source.parse(path, file.read_text(encoding="utf-8"))
