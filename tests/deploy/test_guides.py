"""The guides in both languages compared with the project: chapters, commands, options, settings, files, timers, log lines and the bill's arithmetic."""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

import settings
from dev.cli import app
from dev.workspace import ROOT
from tests.deploy.files import DEPLOY, deployments, read_yaml

pytestmark = pytest.mark.once

GUIDES = {"en": ROOT / "docs" / "deployment.md", "zh": ROOT / "docs" / "deployment.zh-CN.md"}
SETTINGS = {field.name.upper() for field in fields(settings.Settings)}
CODE = ("graph", "resolvers", "jobs", "llm", "persistence", "dev")
MADE_LATER = re.compile(r"deploy/\.env|deploy/aws/\.env|dist/.*")
NOT_OF_THIS_PROJECT = {"CNAME", "CODING", "SAM", "CRON_TZ", "INT", "SUN", "POST", "GET"}

each_guide = pytest.mark.parametrize("language", GUIDES)


def text(language: str) -> str:
    return GUIDES[language].read_text(encoding="utf-8")


def chapters(language: str) -> dict[str, str]:
    """Return the text of the chapters by number, in order."""
    parts = re.split(r"^## (\d+)\. .+$", text(language), flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def blocks(language: str) -> list[str]:
    """Return the fenced code without comments, which are in the guide's language."""
    found = re.findall(r"^```sh\n(.*?)^```", text(language), re.M | re.S)
    return [re.sub(r"\s+# .*$", "", block, flags=re.M) for block in found]


def spans(language: str) -> list[str]:
    """Return all text that is formatted as code."""
    prose = re.sub(r"^```.*?^```", "", text(language), flags=re.M | re.S)
    return [*blocks(language), *re.findall(r"`([^`\n]+)`", prose)]


def tables(chapter: str) -> list[list[list[str]]]:
    """Return each table as rows of cells, without the heading."""
    found = re.findall(r"(?:^\|.*\n)+", chapter, re.M)
    split = [[[cell.strip() for cell in row.strip("|").split(" | ")] for row in table.splitlines()] for table in found]
    return [[[cell.strip(" |") for cell in row] for row in table[2:]] for table in split]


def commands(language: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each `unilife …` command as written, and its words."""
    for span in spans(language):
        for found in re.findall(r"(?<![\w/.-])unilife ([a-z][^\n`|&#)]*)", span):
            yield found, found.split()


def test_guides_have_the_same_chapters_and_tables_in_order() -> None:
    english, chinese = chapters("en"), chapters("zh")
    assert list(english) == list(chinese) == [str(number) for number in range(22)]
    for number, chapter in english.items():
        assert len(tables(chapter)) == len(tables(chinese[number])), number
        for ours, theirs in zip(tables(chapter), tables(chinese[number])):
            assert len(ours) == len(theirs), number


def test_guides_have_the_same_command_blocks() -> None:
    assert blocks("en") == blocks("zh") and len(blocks("en")) >= 12


def test_chinese_guide_is_written_in_chinese() -> None:
    prose = re.sub(r"`[^`]*`|```.*?```|https?://\S+", "", text("zh"), flags=re.S)
    assert len(re.findall(r"[\u4e00-\u9fff]", prose)) > 4000
    assert not re.search(r"[\u4e00-\u9fff]", re.sub(r"\[中文版\]", "", text("en")))


@each_guide
def test_guide_commands_exist_with_their_options(language: str) -> None:
    group: Any = get_command(app)
    used = list(commands(language))
    assert len(used) > 20
    for written, words in used:
        command, rest = group, words
        while hasattr(command, "commands"):
            assert rest and rest[0] in command.commands, written
            command, rest = command.commands[rest[0]], rest[1:]
        known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        assert {word for word in rest if word.startswith("--")} <= known, written


@each_guide
def test_guide_make_targets_exist(language: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in {found for span in spans(language) for found in re.findall(r"(?<!\w)make ([a-z]+)", span)}:
        assert re.search(rf"^{target}:", makefile, re.M), target


@each_guide
def test_guide_settings_and_codes_exist(language: str) -> None:
    """A name in capitals is a setting, or occurs in the code, the schema or the deployment files."""
    named = {name for span in spans(language) for name in re.findall(r"(?<![\w$<-])[A-Z][A-Z0-9_]{2,}(?![\w-])", span)}
    elsewhere = set(re.findall(r"[A-Z][A-Z0-9_]{2,}", "\n".join(path.read_text(encoding="utf-8") for path in _sources())))
    assert {"POSTGRESQL_URL", "JWT_PREVIOUS_SECRET_KEY", "MIGRATE_BY_EVENT", "DATABASE_POOL_SIZE"} <= named & SETTINGS
    assert named - SETTINGS - NOT_OF_THIS_PROJECT <= elsewhere | {"FIRST_PASSWORD", "LATEST", "DEFAULT"}


def _sources() -> list[Path]:
    python = [path for package in CODE for path in (ROOT / package).rglob("*.py")]
    deploy = [path for path in DEPLOY.rglob("*") if path.is_file() and path.name != ".env"]
    return [*python, *deploy, ROOT / "schema.graphql"]


@each_guide
def test_guide_assignments_are_of_a_setting_or_a_tool(language: str) -> None:
    scripts = "\n".join(path.read_text(encoding="utf-8") for path in DEPLOY.rglob("*") if path.is_file() and path.suffix in (".sh", ".yml", ".yaml", ".tf"))
    for name in {found for span in spans(language) for found in re.findall(r"(?<![\w.-])([A-Z][A-Z0-9_]+)=", span)}:
        assert name in SETTINGS or re.search(rf"\b{name}\b", scripts) or name in ("TARGET", "PATH", "NAME"), name


@each_guide
def test_guide_file_paths_exist(language: str) -> None:
    named = re.findall(r"(?<![\w./-])(?:deploy|docs|bench|tests|dev|\.ci)/[\w./-]*", text(language))
    assert len(set(named)) > 15
    for name in {found.rstrip(".") for found in named}:
        assert MADE_LATER.fullmatch(name) or (ROOT / name).exists(), name


@each_guide
def test_guide_timers_equal_those_of_the_deployment_files(language: str) -> None:
    [rows] = tables(chapters(language)["5"])
    files = {"tencent": "tencent/main.tf", "aliyun": "aliyun/s.yaml", "aws": "aws/template.yaml"}
    for name, _, payload, *expressions in rows:
        for cloud, cell in zip(files, expressions):
            timer = deployments()[files[cloud]].timers[name]
            assert re.findall(r"`([^`]+)`", cell)[0] == timer.expression
            assert payload.strip("`") in timer.payload


@each_guide
def test_guide_log_events_are_written_by_the_code(language: str) -> None:
    written = {
        found for path in [ROOT / "handler.py", *(path for package in CODE[:-1] for path in (ROOT / package).rglob("*.py"))]
        for found in re.findall(r'logs\.write\(\s*"(\w+)"', path.read_text(encoding="utf-8"))
    }  # fmt: skip
    first, _ = tables(chapters(language)["13"])
    named = {name for row in first for name in re.findall(r"`(\w+)`", row[0])}
    assert named <= written and {"http_request", "job_run", "job_item"} <= named


def test_alarm_filters_match_text_that_the_code_writes() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for package in CODE for path in (ROOT / package).rglob("*.py"))
    filters = [found["Properties"]["FilterPattern"] for found in read_yaml("aws/template.yaml")["Resources"].values() if "Filter" in found["Type"]]
    queries = re.findall(r'query = "((?:[^"\\]|\\.)+)"', (DEPLOY / "tencent" / "main.tf").read_text(encoding="utf-8"))
    assert len(filters) == 5 and len(queries) == 3
    for word in {found for pattern in (*filters, *queries) for found in re.findall(r'\\?"(\w+)\\?"', pattern)}:
        assert re.search(rf"[\"']{word}[\"']|\b{word} =", code) or word == "level", word


@each_guide
def test_guide_bill_follows_from_its_inputs(language: str) -> None:
    inputs, results = tables(chapters(language)["19"])
    given = {row[0]: _number(row[2]) for row in inputs}
    assert set(given) == set("PMARrLCcGb")
    assert len(results) == 5
    for row in results:
        formula = row[1].strip("`").replace("×", "*").replace("÷", "/").replace("10⁶", "10**6").replace(",", "" if "43,200" in row[1] else ",")
        assert re.fullmatch(r"[\w\s*/+().,]+", formula)
        assert eval(formula, {"max": max, "__builtins__": {}}, given) == pytest.approx(_number(row[2])), row


def test_guides_have_the_same_bill() -> None:
    numbers = [[re.findall(r"[\d,.]+ *$|`[^`]+`", "|".join(row[1:3])) for table in tables(chapters(language)["19"]) for row in table] for language in GUIDES]
    assert numbers[0] == numbers[1]


def _number(cell: str) -> float:
    return float(cell.replace(",", ""))
