"""The project's rules as checks: allowed imports, modules of a cold start, style and documentation."""
from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from settings import Settings

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("graph", "resolvers", "jobs", "llm", "persistence", "dev")
HEAVY = ("openai", "pydantic", "alembic", "rich", "typer", "passlib", "argon2", "hypothesis", "uvicorn")
LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"


def lint_imports(tree: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", LINT], cwd=tree, env={"PYTHONPATH": str(tree), "PATH": ""}, capture_output=True, text=True)


def test_import_contracts_of_the_project_are_kept() -> None:
    outcome = lint_imports(ROOT)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


@pytest.mark.parametrize(("package", "line", "contract"), [
    ("persistence", "import jobs", "Imports go down"),
    ("llm", "import persistence", "Imports go down"),
    ("resolvers", "import graph", "Imports go down"),
    ("jobs", "import dev", "Imports go down"),
    ("graph", "import handler", "Nothing imports handler"),
    ("resolvers", "from starlette.requests import Request", "The web and GraphQL libraries"),
    ("jobs", "import strawberry", "The web and GraphQL libraries"),
    ("jobs", "def later():\n    from openai import OpenAI", "The model's client"),
    ("graph", "import sqlalchemy", "The database's libraries"),
    ("persistence", "import jwt", "Tokens are read"),
    ("resolvers", "import passlib", "Passwords are hashed"),
])  # fmt: skip
def test_import_contracts_with_a_forbidden_import_report_the_broken_contract(tmp_path: Path, package: str, line: str, contract: str) -> None:
    for name in PACKAGES:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(line if name == package else "")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    outcome = lint_imports(tmp_path)
    assert outcome.returncode == 1, outcome.stdout + outcome.stderr
    [broken] = re.findall(r"^(.+) BROKEN", outcome.stdout, re.MULTILINE)
    assert broken.startswith(contract)


@pytest.mark.parametrize("import_of_second", [
    "from jobs import second", "def run():\n    from jobs import second", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from jobs import second",
], ids=["at_the_top", "in_a_function", "for_annotations"])  # fmt: skip
def test_import_contracts_with_an_import_circle_report_the_broken_contract(tmp_path: Path, import_of_second: str) -> None:
    for name in PACKAGES:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
    (tmp_path / "jobs" / "first.py").write_text(import_of_second)
    (tmp_path / "jobs" / "second.py").write_text("from jobs import first")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    outcome = lint_imports(tmp_path)
    assert outcome.returncode == 1, outcome.stdout + outcome.stderr
    assert re.findall(r"^(.+) BROKEN", outcome.stdout, re.MULTILINE) == ["No import circles, neither between modules nor between packages"]


def test_loaders_module_imports_only_the_dataloader_of_strawberry() -> None:
    text = (ROOT / "resolvers" / "loaders.py").read_text(encoding="utf-8")
    assert set(re.findall(r"\bstrawberry[\w.]*", text)) == {"strawberry.dataloader"}


@pytest.mark.parametrize(("module", "may"), [
    ("settings.py", {"settings_checks"}), ("settings_checks.py", set()), ("logs.py", set()), ("lazy_modules.py", set()),
    ("handler.py", {"graph", "jobs", "logs", "settings"}),
])  # fmt: skip
def test_top_level_module_imports_only_its_allowed_packages(module: str, may: set[str]) -> None:
    """Modules of the standard library are always allowed."""
    found: set[str] = set()
    for node in ast.walk(ast.parse((ROOT / module).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(str(node.module).partition(".")[0])
    assert found - sys.stdlib_module_names <= may


@pytest.mark.parametrize("entry", ["handler", "handler; from graph.schema import schema; from jobs.run import run"])
def test_cold_start_loads_no_heavy_library(entry: str) -> None:
    script = f"import json, sys, {entry}\nprint(json.dumps(sorted(sys.modules)))"
    outcome = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, check=True, capture_output=True, text=True)
    loaded = set(json.loads(outcome.stdout))
    assert "handler" in loaded and not loaded.intersection(HEAVY)


def test_readme_settings_table_lists_exactly_the_settings() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    documented = re.findall(r"^\|\s*`([A-Z][A-Z0-9_]+)`", text, re.MULTILINE)
    assert sorted(documented) == sorted(field.name.upper() for field in fields(Settings))


def test_ruff_check_of_the_project_passes() -> None:
    outcome = subprocess.run([sys.executable, "-m", "ruff", "check", "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert outcome.returncode == 0, outcome.stdout


def test_package_locks_name_no_registry() -> None:
    locks = [path for folder in ("dev/*", "web", "tests/clients", "tests/*/*", "deploy/ci/tools") for path in ROOT.glob(f"{folder}/package-lock.json")]
    funding = re.compile(r'^ +"url": .+$', re.MULTILINE)  # where a package's author asks for money
    texts = [funding.sub("", path.read_text(encoding="utf-8")) for path in locks]
    assert len(locks) == 6 and not any(re.search(r'"resolved"|https?://', text) for text in texts)


@pytest.mark.once
def test_dataclass_fields_have_no_mapping_proxy_as_their_default() -> None:
    """Python 3.11 alone refuses such a class: mapping proxies have a hash from 3.12 on, and 3.10 does not ask for one."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    named = [node for tree in trees for node in tree.body if isinstance(node, ast.AnnAssign) and node.value]
    proxies = {ast.unparse(node.target) for node in named if ast.unparse(node.value or node.target).startswith("MappingProxyType(")}
    owners = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    classes = [node for node in owners if any("dataclass" in ast.unparse(decorator) for decorator in node.decorator_list)]
    assert len(classes) > 100 and {"NONE", "SLOTS"} <= proxies
    defaults = [(owner.name, ast.unparse(node.value)) for owner in classes for node in owner.body if isinstance(node, ast.AnnAssign) and node.value]
    assert [(name, value) for name, value in defaults if value.split(".")[-1] in proxies or value.startswith("MappingProxyType(")] == []
