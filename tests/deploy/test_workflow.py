"""The workflow of deploy/ci: its order, permissions and secrets, and the commands and files that it names."""
from __future__ import annotations

import json
import re
from typing import Any

import yaml

from dev.workspace import ROOT
from tests.deploy.files import DEPLOY

WORKFLOW = DEPLOY / "ci" / "github-actions.yml"
PUBLIC = ROOT / ".github" / "workflows" / "ci.yml"


def jobs() -> dict[str, Any]:
    return yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]


def steps(job: str) -> list[dict[str, Any]]:
    return jobs()[job]["steps"]


def scripts() -> str:
    return "\n".join(step["run"] for job in jobs() for step in steps(job) if "run" in step)


def test_workflow_release_needs_tests_package_and_tables() -> None:
    found = jobs()
    assert {name: job.get("needs") for name, job in found.items()} == {"test": None, "package": "test", "tables": "package", "release": "tables"}
    assert {name for name, job in found.items() if job.get("environment") == "production"} == {"tables", "release"}
    assert [step["run"].split()[-1] for step in steps("test") if "run" in step] == [".ci/run"]


def test_workflow_migrates_in_its_own_job_before_the_release() -> None:
    assert [job for job in jobs() if any("unilife migrate up" in step.get("run", "") for step in steps(job))] == ["tables"]
    assert [job for job in jobs() if any("deploy/ci/release.sh" in step.get("run", "") for step in steps(job))] == ["release"]


def test_workflow_files_and_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^\s*make ([\w-]+)", scripts(), re.M):
        assert re.search(rf"^{target}:", makefile, re.M), target
    named = re.findall(r"(?<![\w/])(?:\.ci|deploy)/[\w./-]+", scripts() + WORKFLOW.read_text(encoding="utf-8"))
    assert {".ci/run", "deploy/ci/release.sh"} <= set(named)
    for path in {name.rstrip(".") for name in named} - {"deploy/.env"}:
        assert (ROOT / path).exists(), path


def test_workflow_actions_are_pinned_by_commit_and_tools_by_checksum() -> None:
    text = WORKFLOW.read_text(encoding="utf-8") + PUBLIC.read_text(encoding="utf-8")
    used = re.findall(r"uses: (\S+)(.*)", text)
    assert len(used) > 10
    for action, comment in used:
        assert re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40}", action) and re.fullmatch(r" # v\d+\.\d+\.\d+", comment), action
    assert {run for run in scripts().splitlines() if "npm " in run} == {"npm ci --ignore-scripts --prefix deploy/ci/tools"}
    assert {run for run in scripts().splitlines() if "pip install" in run} == {
        "pip install --require-hashes --no-deps --requirement deploy/ci/tools/requirements.txt"
    }
    locked = json.loads((DEPLOY / "ci" / "tools" / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert all("integrity" in package for name, package in locked.items() if name) and "node_modules/@serverless-devs/s" in locked
    pins = (DEPLOY / "ci" / "tools" / "requirements.txt").read_text(encoding="utf-8")
    assert "tccli==" in pins and len(re.findall(r"^[\w.-]+==", pins, re.M)) <= pins.count("--hash=sha256:")


def test_workflow_installs_nothing_after_a_step_with_a_secret() -> None:
    installing = re.compile(r"\b(pip install|npm (ci|install)|make environment|apt-get|init -input=false -backend=false)\b")
    for job in jobs():
        seen = False
        for step in steps(job):
            assert not (seen and (installing.search(step.get("run", "")) or "setup-" in step.get("uses", ""))), (job, step)
            seen = seen or "secrets." in str(step)


def test_workflow_secrets_reach_only_the_steps_that_need_them_and_no_command() -> None:
    """A failed command's text is in the log, and the environment's file reaches every later step."""
    assert "secrets." not in scripts() and "GITHUB_ENV" not in scripts()
    given = {name: {value for step in steps(name) for value in re.findall(r"secrets\.(\w+)", str(step))} for name in jobs()}
    assert given["test"] == given["package"] == set() and given["tables"] == {"POSTGRESQL_URL"} and "POSTGRESQL_URL" not in given["release"]


def test_workflow_jobs_have_only_the_permissions_they_need() -> None:
    workflow = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    assert workflow["permissions"] == {}
    assert {name: set(job["permissions"]) for name, job in jobs().items()} == {
        "test": {"contents"}, "package": {"contents"}, "tables": {"contents"}, "release": {"contents", "id-token"}
    }
    for job in jobs():
        for step in steps(job):
            assert "checkout@" not in step.get("uses", "") or step["with"]["persist-credentials"] is False
