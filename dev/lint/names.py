"""Checks of names: modules, database sessions and tests."""
from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from dev.lint.files import Finding, Source
from dev.lint.words import (
    CONNECTION,
    CONNECTION_TYPES,
    MODULE_EXCEPTIONS,
    MODULE_NAMES,
    SESSION,
    SESSION_FUNCTIONS,
    SESSION_TYPES,
    TEST_FIRST_WORDS,
    TEST_NAME_WORDS,
)


def check_module_name(source: Source) -> Iterator[Finding]:
    """Yield a finding if the module or one of its packages has a name that says nothing."""
    for name in PurePosixPath(source.path).with_suffix("").parts:
        if name.strip("_") in MODULE_NAMES and source.path not in MODULE_EXCEPTIONS:
            yield Finding(source.path, 1, f"a module or package is called `{name}`; name the module for what it owns, such as `retries`")


def check_session_names(source: Source) -> Iterator[Finding]:
    """Yield database sessions, opened or received, that are not called `session`, and received executors of plain queries that are not called `connection`
    or `session`."""
    for node in source.nodes:
        for name, line in _sessions(node):
            if name.lstrip("_") != SESSION:
                yield Finding(source.path, line, f"a database session is called `{name}`; call it `{SESSION}`")
        if not isinstance(node, ast.arg) or node.annotation is None or node.arg in (CONNECTION, SESSION):
            continue
        if _is_of_type(node.annotation, CONNECTION_TYPES):
            yield Finding(source.path, node.lineno, f"an executor of queries is called `{node.arg}`; call it `{CONNECTION}`, or `{SESSION}` if it must be one")


def check_test_names(source: Source) -> Iterator[Finding]:
    """Yield tests whose names are no `test_<unit>_<condition>_<result>`, as far as a program can see."""
    if not source.is_test:
        return
    for node in source.nodes:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test_"):
            words = node.name.split("_")[1:]
            if words[0] in TEST_FIRST_WORDS:
                yield Finding(source.path, node.lineno, f"`{node.name}` begins with `{words[0]}`; {_TEST_NAME}")
            elif len(words) < TEST_NAME_WORDS:
                yield Finding(source.path, node.lineno, f"`{node.name}` has fewer than {TEST_NAME_WORDS} words; {_TEST_NAME}")


_TEST_NAME = "call it test_<unit>_<condition>_<result>, such as test_batcher_groups_items_that_arrive_during_a_batch"


def _sessions(node: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield name and line of the sessions that a parameter, an annotated assignment or a `with` statement introduces."""
    if isinstance(node, ast.arg) and node.annotation is not None and _is_of_type(node.annotation, SESSION_TYPES):
        yield node.arg, node.lineno
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and _is_of_type(node.annotation, SESSION_TYPES):
        yield node.target.id, node.lineno
    elif isinstance(node, ast.withitem) and isinstance(node.optional_vars, ast.Name) and isinstance(node.context_expr, ast.Call):
        if ast.unparse(node.context_expr.func) in SESSION_FUNCTIONS:
            yield node.optional_vars.id, node.optional_vars.lineno


def _is_of_type(annotation: ast.expr, types: frozenset[str]) -> bool:
    text = annotation.value if isinstance(annotation, ast.Constant) else ast.unparse(annotation)
    return isinstance(text, str) and text.removesuffix(" | None").rpartition(".")[2] in types
