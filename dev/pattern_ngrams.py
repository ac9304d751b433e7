"""The command `unilife pattern-ngrams`: writes the table of n-grams by which patterns are filtered (jobs/rules/text/filtered_patterns.py).

The n-grams of a pattern are read from Python's own parse of it: each way through its alternatives has literal characters that every match contains.
Of those, the n-gram is taken that is rarest in the sample chats.
"""

from __future__ import annotations

import gc
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any, Final

from dev.samples import SAMPLE
from dev.workspace import ROOT

try:
    from re import _constants as constants  # type: ignore[attr-defined, unused-ignore]
    from re import _parser as parser  # type: ignore[attr-defined, unused-ignore]
except ImportError:  # Python 3.10
    import sre_constants as constants  # type: ignore[no-redef, unused-ignore]
    import sre_parse as parser  # type: ignore[no-redef, unused-ignore]

TABLE: Final = ROOT / "jobs" / "rules" / "text" / "ngram_table.py"
MODULES: Final = tuple(f"jobs.rules.claims.{name}" for name in ("context", "markers", "particulars", "subjects"))
"""The modules with filtered patterns."""
MAX_CLASS: Final = 16
"""Maximum number of characters of a class, such as [不没], that count as alternatives."""
HEAD: Final = '''# ruff: noqa: E501 - a row for each pattern
"""The n-grams of filtered patterns (filtered_patterns.py), by a digest of the pattern. Made by `unilife pattern-ngrams`; do not edit."""

from __future__ import annotations

from typing import Final

NGRAMS: Final = {
'''
Node = tuple[Any, Any]
_BREAK: Final = ""
"""The place in a run of literal characters at which anything may stand."""


def make_table(check: bool = False) -> int:
    """Write the table, or with `check` only compare it, and return the exit status."""
    wanted = render_table()
    outdated = (TABLE.read_text(encoding="utf-8") if TABLE.exists() else "") != wanted
    if outdated and not check:
        TABLE.write_text(wanted, encoding="utf-8")
    if outdated:
        text = "is outdated: run `unilife pattern-ngrams`" if check else "was written"
        print(f"{TABLE.relative_to(ROOT)} {text}", file=sys.stderr if check else sys.stdout)
    return int(check and outdated)


def render_table() -> str:
    from jobs.rules.text.filtered_patterns import table_key

    rows = {table_key(regex): find_required(regex) for regex in filtered_patterns()}
    lines = (f'    "{key}": {_literal("|".join(sorted(found)))},\n' for key, found in sorted(rows.items()) if found is not None)
    return HEAD + "".join(lines) + "}\n"


def filtered_patterns() -> list[re.Pattern[str]]:
    """Return the filtered patterns of all modules that have some."""
    from jobs.rules.text.filtered_patterns import FilteredPattern

    for name in MODULES:
        import_module(name)
    return [found.regex for found in gc.get_objects() if isinstance(found, FilteredPattern)]


def find_required(regex: re.Pattern[str]) -> frozenset[str] | None:
    """Return n-grams of which every match of the pattern has at least one; None if a match needs none."""
    return None if regex.flags & re.IGNORECASE else _required(list(_flat(parser.parse(regex.pattern, regex.flags & ~re.UNICODE))))


def _flat(nodes: Any) -> Iterator[Node]:
    """Yield the nodes of a sequence, with groups replaced by their content and what must occur once by itself."""
    for kind, value in nodes:
        if kind is constants.SUBPATTERN and not value[1] and not value[2]:
            yield from _flat(value[3])
        elif kind in (constants.MAX_REPEAT, constants.MIN_REPEAT):
            if value[0] > 0:
                yield (_BREAK, None)
                yield from _flat(value[2])
            yield (_BREAK, None)
        elif kind not in (constants.ASSERT, constants.ASSERT_NOT):
            yield kind, value


def _required(nodes: Sequence[Node]) -> frozenset[str] | None:
    """Return the n-gram that the sequence needs, or those of alternatives of which it needs one, whichever are rarer."""
    whole = _rarest(nodes)
    found = [frozenset((whole,))] if whole is not None else []
    for number, node in enumerate(nodes):
        if (ways := _ways(node)) is None:
            continue
        rest = [other if other is node or _ways(other) is None else (_BREAK, None) for other in nodes]
        each = [_required([*rest[:number], *way, *rest[number + 1 :]]) for way in ways]
        if all(one is not None for one in each):
            found.append(frozenset().union(*(one for one in each if one is not None)))
    return min(found, key=lambda ngrams: (sum(map(_frequency, ngrams)), sorted(ngrams)), default=None)


def _ways(node: Node) -> list[list[Node]] | None:
    """Return the alternatives of a node, each as a sequence; None for another kind of node."""
    kind, value = node
    if kind is constants.BRANCH:
        return [list(_flat(way)) for way in value[1]]
    if kind is constants.IN and len(value) <= MAX_CLASS and all(item[0] is constants.LITERAL for item in value):
        return [[item] for item in value]
    return None


def _rarest(nodes: Sequence[Node]) -> str | None:
    """Return the rarest n-gram of the sequence's own characters."""
    found = [ngram for run in _runs(nodes) for ngram in _ngrams(run)]
    return min(found, key=lambda ngram: (_frequency(ngram), -len(ngram), ngram), default=None)


def _runs(nodes: Sequence[Node]) -> Iterator[str]:
    """Yield the runs of neighbouring characters that every match has, with a space for each that is no part of a word, and for a boundary of a word."""
    run, at_boundary = "", False
    for kind, value in [*nodes, (_BREAK, None)]:
        if kind is constants.LITERAL:
            char = chr(value) if re.match(r"\w", chr(value)) else " "
            if char == " " and value > 127:
                yield chr(value)
            run, at_boundary = run + (" " if at_boundary and not run and char != " " else "") + char, False
        elif kind is constants.AT and value in (constants.AT_BOUNDARY, constants.AT_BEGINNING, constants.AT_BEGINNING_STRING, constants.AT_END_STRING):
            if run and run[-1] != " ":
                yield run + (" " if value is not constants.AT_BEGINNING else "")
                at_boundary = False
                continue
            at_boundary = not run
        else:
            yield run
            run, at_boundary = "", False


def _ngrams(run: str) -> Iterator[str]:
    for size in (1, 2, 3):
        for at in range(len(run) - size + 1):
            ngram = run[at : at + size]
            if size == 3 or (not ngram.isascii() and " " not in ngram):
                yield ngram


@lru_cache(maxsize=1)
def _counts() -> Counter[str]:
    from jobs.rules.text.filtered_patterns import to_padded

    padded = [to_padded(path.read_text(encoding="utf-8").lower()) for path in sorted(SAMPLE.glob("*.json"))]
    return Counter(text[at : at + size] for text in padded for size in (1, 2, 3) for at in range(len(text) - size + 1))


def _frequency(ngram: str) -> int:
    return _counts()[ngram]


def _literal(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
