from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import lazy_modules

PACKAGE = {
    "__init__.py": "from lazy_package import other\n",
    "other.py": "import builtins\nbuiltins.executions.append(1)\nVALUE = 7\ndef double(number):\n    return 2 * number\n",
    "by_need.py": "def __getattr__(name):\n    if name == 'VALUE':\n        return 9\n    raise AttributeError(name)\n",
    "group/__init__.py": "from lazy_package.group.base import Base\nclass Derived(Base):\n    pass\n",
    "group/base.py": "class Base:\n    pass\n",
    "broken.py": "import builtins\nbuiltins.executions.append(1)\nif len(builtins.executions) < 2:\n    raise RuntimeError('not yet')\nVALUE = 8\n",
}


@pytest.fixture(autouse=True)
def executions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Yield a list with one element for each execution of a lazy module."""
    found: list[int] = []
    lazy_modules.install()
    (tmp_path / "lazy_package" / "group").mkdir(parents=True)
    for name, text in PACKAGE.items():
        (tmp_path / "lazy_package" / name).write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("builtins.executions", found, raising=False)
    monkeypatch.setattr(lazy_modules, "LAZY_DEPENDENCIES", {"lazy_package.other": ["double"], "lazy_package.broken": [], "lazy_package.by_need": []} | {
        "lazy_package.group": ["Derived"], "lazy_package.group.base": ["Base"]})
    yield found
    for name in [name for name in sys.modules if name.startswith("lazy_package")]:
        del sys.modules[name]


def test_lazy_module_is_executed_once_at_its_first_attribute_access(executions: list[int]) -> None:
    package = import_module("lazy_package")
    assert executions == []
    assert package.other.VALUE == 7 and package.other.VALUE == 7
    assert executions == [1] and type(package.other) is type(sys)


def test_lazy_module_attribute_imported_by_name_executes_it(executions: list[int]) -> None:
    assert getattr(import_module("lazy_package.other"), "VALUE") == 7  # noqa: B009
    assert executions == [1]


def test_lazy_module_proxied_function_executes_it_when_called(executions: list[int]) -> None:
    double = import_module("lazy_package.other").double
    assert executions == []
    assert double(4) == 8 and double(5) == 10
    assert executions == [1]


def test_lazy_module_without_the_attribute_raises_attribute_error(executions: list[int]) -> None:
    other = import_module("lazy_package.other")
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = other.nothing
    assert executions == [1]


def test_lazy_module_with_attributes_by_need_returns_them() -> None:
    assert import_module("lazy_package.by_need").VALUE == 9
    with pytest.raises(AttributeError, match="nothing"):
        _ = import_module("lazy_package.by_need").nothing


def test_lazy_module_that_failed_is_executed_again(executions: list[int]) -> None:
    broken = import_module("lazy_package.broken")
    with pytest.raises(RuntimeError, match="not yet"):
        _ = broken.VALUE
    assert broken.VALUE == 8 and executions == [1, 1]


def test_lazy_modules_list_names_existing_modules() -> None:
    for name in lazy_modules.LAZY_MODULES:
        assert import_module(name).__spec__ is not None


@pytest.mark.parametrize("first", ["lazy_package.group", "lazy_package.group.base"])
def test_lazy_package_that_derives_from_a_class_of_its_lazy_module_is_executed(executions: list[int], first: str) -> None:
    import_module(first)
    base = import_module("lazy_package.group.base").Base  # as a library imports it, which makes a function of it
    derived = import_module("lazy_package.group").Derived
    assert isinstance(derived(), import_module("lazy_package.group.base").Base) and type(base()) in type(derived()).__mro__


SCHEMA_TOOLS = """
import graph.schema
from graphql import (build_client_schema, build_schema, concat_ast, extend_schema, find_breaking_changes, introspection_from_schema, lexicographic_sort_schema,
    parse, print_schema, separate_operations, strip_ignored_characters)
from graphql.utilities import ast_to_dict
one, two = build_schema("type Query { b: Int a: Int }"), parse("query A { a } query B { b }")
assert print_schema(lexicographic_sort_schema(one)).split() == ["type", "Query", "{", "a:", "Int", "b:", "Int", "}"]
assert print_schema(build_client_schema(introspection_from_schema(one))) == print_schema(one)
assert "c: Int" in print_schema(extend_schema(one, parse("extend type Query { c: Int }")))
assert [change.type.name for change in find_breaking_changes(one, build_schema("type Query { a: Int }"))] == ["FIELD_REMOVED"]
assert set(separate_operations(two)) == {"A", "B"} and len(concat_ast([two, two]).definitions) == 4
assert strip_ignored_characters("{ a  b }") == "{a b}" and ast_to_dict(two)["kind"] == "document"
print("all work")
"""


@pytest.mark.once
def test_lazy_schema_tools_of_graphql_core_work_when_they_are_used() -> None:
    done = subprocess.run([sys.executable, "-c", SCHEMA_TOOLS], cwd=Path(lazy_modules.__file__).parent, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("all work\n", "")
