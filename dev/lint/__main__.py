"""The command `python -m dev.lint`: prints every finding of the checks as `file:line: what to write instead`, and fails if there is one."""
from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from dev.lint.files import Finding, Source, read_sources
from dev.lint.names import check_module_name, check_session_names, check_test_names
from dev.lint.prose import check_docstring_starts, check_terms

CHECKS: tuple[Callable[[Source], Iterator[Finding]], ...] = (
    check_module_name, check_session_names, check_test_names, check_docstring_starts, check_terms,
)  # fmt: skip


def find_all(root: Path) -> list[Finding]:
    """Return the findings of all checks in the files below `root`, in order of paths and lines."""
    return sorted(found for source in read_sources(root) for check in CHECKS for found in check(source))


if __name__ == "__main__":
    findings = find_all(Path(__file__).resolve().parents[2])
    print(*findings, f"dev.lint: {len(findings)} found; the rules are in dev/lint/words.py and CONTRIBUTING.md", sep="\n")
    sys.exit(bool(findings))
