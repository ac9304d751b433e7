"""The workflow of deploy/ci: in the right order, and made of commands and files that exist."""
from __future__ import annotations

import re
from typing import Any

import yaml

from dev.workspace import ROOT
from tests.deploy.files import DEPLOY, read_yaml

WORKFLOW = DEPLOY / "ci" / "github-actions.yml"


def jobs() -> dict[str, Any]:
    return yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]


def steps(job: str) -> list[dict[str, Any]]:
    return jobs()[job]["steps"]


def scripts() -> str:
    return "\n".join(step["run"] for job in jobs() for step in steps(job) if "run" in step)


def test_nothing_is_released_that_was_not_tested_and_packaged() -> None:
    found = jobs()
    assert {name: job.get("needs") for name, job in found.items()} == {"test": None, "package": "test", "release": "package"}
    assert {name for name, job in found.items() if job.get("environment") == "production"} == {"release"}
    assert [step["run"].split()[-1] for step in steps("test") if "run" in step] == [".ci/run"]


def test_the_tables_come_before_the_code() -> None:
    runs = [step.get("run", "") for step in steps("release")]
    migrating, releasing = ([number for number, run in enumerate(runs) if words in run] for words in ("unilife migrate up", "deploy/ci/release.sh"))
    assert len(migrating) == len(releasing) == 1 and migrating < releasing


def test_every_file_and_target_of_make_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^\s*make ([\w-]+)", scripts(), re.M):
        assert re.search(rf"^{target}:", makefile, re.M), target
    named = re.findall(r"(?<![\w/])(?:\.ci|deploy)/[\w./-]+", scripts() + WORKFLOW.read_text(encoding="utf-8"))
    assert {".ci/run", "deploy/ci/release.sh"} <= set(named)
    for path in {name.rstrip(".") for name in named} - {"deploy/.env"}:
        assert (ROOT / path).exists(), path


def test_the_values_that_the_tencent_file_takes_are_handed_over() -> None:
    taken = set(re.findall(r"\$\{env:(\w+)\}", "\n".join(line for line in _lines("tencent/serverless.yml") if not line.lstrip().startswith("#"))))
    from_file = {line.partition("=")[0] for line in _lines("environment.example") if line and not line.startswith("#")}
    handed = set(re.findall(r'echo "(\w+)=', scripts()))
    assert taken - from_file <= handed and read_yaml("tencent/serverless.yml")["stage"] == "${env:STAGE}"


def test_no_value_of_a_secret_is_written_into_a_command() -> None:
    """What is put into the text of a command is in the log of a failure; only what GitHub masks goes into the environment's file."""
    for line in scripts().splitlines():
        assert "secrets." not in line or re.match(r'\s*echo "\w+=\$\{\{ secrets\.\w+ \}\}"$', line), line


def _lines(name: str) -> list[str]:
    return (DEPLOY / name).read_text(encoding="utf-8").splitlines()
