"""Checks of docstrings and comments: how a docstring begins, and words of a private language."""
from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator

from dev.lint.files import Finding, Source
from dev.lint.words import RELATIVE_WORDS, TERM_EXCEPTIONS, TERMS

_CODE = re.compile(r"`[^`]*`")
_ANY_TERM = re.compile("|".join(TERMS), re.IGNORECASE)
_TERMS = [(re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE), instead) for words, instead in TERMS.items()]


def check_docstring_starts(source: Source) -> Iterator[Finding]:
    """Yield the docstrings of modules, classes, functions and attributes that begin with a relative word."""
    for line, text in _docstrings(source):
        first = re.match(r"\W*(\w+)", text)
        if first and first[1].lower() in RELATIVE_WORDS:
            yield Finding(source.path, line, f'the docstring begins with "{first[1]}"; begin with a verb in the imperative or name the subject')


def check_terms(source: Source) -> Iterator[Finding]:
    """Yield the words of a private language in docstrings and comments. Words in capitals are constants."""
    for line, text in [*_docstrings(source), *_comments(source.text)]:
        if not _ANY_TERM.search(text):
            continue
        plain = _CODE.sub(lambda code: " " * len(code[0]), text)
        for pattern, instead in _TERMS:
            for found in pattern.finditer(plain):
                if not found[0].isupper() and (source.path, found[0].lower()) not in TERM_EXCEPTIONS:
                    yield Finding(source.path, line + text.count("\n", 0, found.start()), f'"{found[0]}": write {instead}')


def _docstrings(source: Source) -> Iterator[tuple[int, str]]:
    """Yield line and text of every string that is a statement of its own."""
    for node in source.nodes:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.lineno, node.value.value


def _comments(text: str) -> Iterator[tuple[int, str]]:
    if "#" not in text:
        return
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
