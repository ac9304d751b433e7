from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from graph import lazy_modules

PACKAGE = {
    "__init__.py": "from waiting_here import other\n",
    "other.py": "import builtins\nbuiltins.waited.append(1)\nVALUE = 7\ndef double(number):\n    return 2 * number\n",
    "broken.py": "import builtins\nbuiltins.waited.append(1)\nif len(builtins.waited) < 2:\n    raise RuntimeError('not yet')\nVALUE = 8\n",
}


@pytest.fixture(autouse=True)
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Yield a list with one element for each execution of a lazy module."""
    found: list[int] = []
    (tmp_path / "waiting_here").mkdir()
    for name, text in PACKAGE.items():
        (tmp_path / "waiting_here" / name).write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("builtins.waited", found, raising=False)
    monkeypatch.setattr(lazy_modules, "LAZY_DEPENDENCIES", {"waiting_here.other": ["double"], "waiting_here.broken": []})
    yield found
    for name in [name for name in sys.modules if name.startswith("waiting_here")]:
        del sys.modules[name]


def test_lazy_module_is_executed_once_at_its_first_attribute_access(runs: list[int]) -> None:
    package = import_module("waiting_here")
    assert runs == []
    assert package.other.VALUE == 7 and package.other.VALUE == 7
    assert runs == [1] and type(package.other) is type(sys)


def test_lazy_module_attribute_imported_by_name_executes_it(runs: list[int]) -> None:
    assert getattr(import_module("waiting_here.other"), "VALUE") == 7  # noqa: B009
    assert runs == [1]


def test_lazy_module_proxied_function_executes_it_when_called(runs: list[int]) -> None:
    double = import_module("waiting_here.other").double
    assert runs == []
    assert double(4) == 8 and double(5) == 10
    assert runs == [1]


def test_lazy_module_without_the_attribute_raises_attribute_error(runs: list[int]) -> None:
    other = import_module("waiting_here.other")
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = other.nothing
    assert runs == [1]


def test_lazy_module_that_failed_is_executed_again(runs: list[int]) -> None:
    broken = import_module("waiting_here.broken")
    with pytest.raises(RuntimeError, match="not yet"):
        _ = broken.VALUE
    assert broken.VALUE == 8 and runs == [1, 1]


def test_lazy_modules_list_names_existing_modules() -> None:
    for name in lazy_modules.LAZY_MODULES:
        assert import_module(name).__spec__ is not None
