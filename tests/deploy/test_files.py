"""The deployment files compared with the function that they deploy and the platforms' limits."""
from __future__ import annotations

import re
import secrets
import stat
from dataclasses import fields
from pathlib import Path

import pytest

import handler
import settings
from dev.packaging.build import BuildRequest
from dev.packaging.sources import own_files
from dev.packaging.targets import TARGETS
from dev.workspace import ROOT
from tests.deploy.files import DEPLOY, deployments, read_terraform

pytestmark = pytest.mark.once

NAMES = {field.name.upper() for field in fields(settings.Settings)}
REQUIRED = {"POSTGRESQL_URL", "DEEPSEEK_API_KEY", "JWT_SECRET_KEY"}
MAX_SECONDS = 900
"""The smallest of the four platforms' maximum time-outs."""

MADE_BY_TOOLS = {".env", ".terraform", ".s", ".aws-sam", "node_modules", "terraform.tfstate"}
"""Files that Git ignores."""

each_file = pytest.mark.parametrize("name", sorted(deployments()))


def example() -> dict[str, str]:
    lines = (DEPLOY / "environment.example").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_environment_example_with_its_secrets_filled_is_a_valid_configuration() -> None:
    given = example()
    assert given.keys() <= NAMES and {name for name, value in given.items() if not value} == REQUIRED | {"CORS_ORIGINS"}
    filled = {**given, "POSTGRESQL_URL": "postgresql://u:p@db.example.org/unilife", "DEEPSEEK_API_KEY": "key", "JWT_SECRET_KEY": secrets.token_hex(32)}
    assert not settings.load(filled).debug


@each_file
def test_deployment_file_passes_every_setting_of_the_environment_example(name: str) -> None:
    given = deployments()[name].environment
    if not given:
        locals_, _, resources = read_terraform(name)
        assert "file(var.environment_file)" in locals_["settings"]
        used = [str(body) for kind, body in resources.items() if kind.endswith("_function.function")]
        assert "local.settings" in used[0] and '"900"' in used[0]
        return
    assert given.keys() <= NAMES and example().keys() <= given.keys()
    assert given["FUNCTION_TIMEOUT_SECONDS"] == str(deployments()[name].timeout) and given["SERVERLESS"] == "true"


@each_file
def test_deployment_file_names_the_package_that_unilife_package_builds(name: str) -> None:
    deployment = deployments()[name]
    target = TARGETS[deployment.cloud]
    python = target.pythons[0]
    assert deployment.runtime.lower() == f"python{python}"
    order = BuildRequest(target, python, target.glibc_of(python), web=deployment.cloud == "tencent")  # one package for both its web and its event function
    assert deployment.package == f"../../dist/{order.file_name}"
    module, _, function = deployment.handler.partition(".")
    assert module == "handler" and callable(getattr(handler, function))


@each_file
def test_deployment_file_timeout_memory_and_retries_are_within_the_platforms_limits(name: str) -> None:
    deployment = deployments()[name]
    assert deployment.timeout == MAX_SECONDS and deployment.memory % 128 == 0 and deployment.retries == 2


@each_file
def test_deployment_file_function_url_needs_no_platform_authentication(name: str) -> None:
    http_trigger = str(deployments()[name].http_trigger)
    assert re.search(r"NONE|anonymous", http_trigger), http_trigger


@each_file
def test_deployment_file_sends_logs_to_the_clouds_log_service(name: str) -> None:
    text = (DEPLOY / name).read_text(encoding="utf-8")
    assert re.search(r"topicId|cls_topic_id|logConfig|log_stream_id|LoggingConfig", text)


def test_deployment_files_contain_no_account_number_or_secret() -> None:
    written = [path for path in DEPLOY.rglob("*") if path.is_file() and not MADE_BY_TOOLS & {path.name, *path.relative_to(DEPLOY).parts}]
    assert len(written) > len(deployments())
    for path in written:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\b\d{12}\b|\bAKIA|\bAKID|\bLTAI|\bsk-\w|://[^\s/@]+:[^\s/@]+@", text), path


def test_scf_bootstrap_is_executable_on_the_platform() -> None:
    path = DEPLOY / "tencent/scf_bootstrap"
    lines = path.read_bytes()
    assert lines.startswith(b"#!/bin/bash\n") and b"\r" not in lines and path.stat().st_mode & stat.S_IXOTH
    assert b"/var/lang/python310/bin/python3.10 -m graph.web --port 9000 " in lines


def test_dockerfile_copies_what_the_package_contains() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    copied = {word for line in re.findall(r"^COPY (?!--)(.+) \S+$", text, re.M) for word in line.split()}
    assert copied == {path.parts[0] for path in own_files(web=True)} | {"deploy/requirements.txt"}
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")}
    assert allowed == copied


def test_image_requirements_equal_the_development_pins_and_have_checksums() -> None:
    locked, image = (_pins(ROOT / folder / "requirements.txt") for folder in ("dev", "deploy"))
    assert image.keys() <= locked.keys() and {"strawberry-graphql", "openai", "uvicorn", "libpass"} <= image.keys()
    assert all(image[name] == locked[name] for name in image) and all("--hash=sha256:" in pin for pins in image.values() for pin in pins)
    product = (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("dependencies = [")[2].partition("]\n")[0]
    assert {name.lower() for name in re.findall(r'^ +"([A-Za-z0-9-]+)', product, re.M)} <= image.keys()


def _pins(path: Path) -> dict[str, set[str]]:
    """Return the pins of each package by its name: one for each range of Python versions."""
    pins: dict[str, set[str]] = {}
    for line in path.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        if line[:1].isalnum():
            pins.setdefault(line.partition("==")[0], set()).add(" ".join(line.split()))
    return pins
