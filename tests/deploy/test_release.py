"""The scripts of deploy/ci that decide if a release is activated, with real servers and substitutes for the clouds' tools."""
from __future__ import annotations

import http.server
import json
import os
import secrets
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal

from dev.database import create, drop
from dev.workspace import ROOT
from tests.deploy.files import DEPLOY

pytestmark = pytest.mark.once

CI = DEPLOY / "ci"
TOOLS = Path(__file__).with_name("cloud_tools.py")
NOWHERE = "postgresql://nobody@127.0.0.1:1/nowhere"
PATIENCE_SECONDS = 60.0
CLOUDS = sorted(path.stem for path in (CI / "clouds").glob("*.sh"))
IMAGE = "ccr.ccs.tencentyun.com/someone/unilife@sha256:" + "a" * 64
WITH_ALIAS = [cloud for cloud in CLOUDS if cloud != "huawei"]
ACTIVATION_CALLS = {"aws lambda update-alias", "tccli scf UpdateAlias", "s alias publish"}

each_cloud = pytest.mark.parametrize("cloud", WITH_ALIAS)


@pytest.fixture(scope="module")
def servers(migrated_database: str, server_url: str, portal: BlockingPortal) -> Iterator[dict[str, str]]:
    """Yield addresses of the server mode with a migrated database, with one without tables, and without a database."""
    name = f"unilife_bare_{os.getpid()}"
    databases = {"healthy": migrated_database, "not migrated": portal.call(create, server_url, name), "unreachable": NOWHERE}
    with ExitStack() as running:
        yield {kind: running.enter_context(_serving(url)) for kind, url in databases.items()}
    portal.call(drop, server_url, name)


@contextmanager
def _serving(database: str) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "POSTGRESQL_URL": database, "SERVERLESS": "false"}
    command = [sys.executable, "-m", "graph.web", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_until_it_answers(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def _wait_until_it_answers(address: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(address + "/health", timeout=10).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{address} does not answer")


@dataclass
class Cloud:
    """A function with version 1 in service and version 2 as the result of an upload. Its service URL leads to the version in service."""

    folder: Path
    addresses: dict[str, str]
    failing: tuple[str, ...] = ()
    service_addresses: dict[str, str] = field(default_factory=dict[str, str])
    """Version → address that the service URL leads to, where it differs from the address of a direct invocation."""

    def __post_init__(self) -> None:
        bin_ = self.folder / "bin"
        bin_.mkdir()
        alone = f"{sys.executable} -IS"  # starts without searching for packages
        made = {tool: f"#!{alone}\n" + TOOLS.read_text(encoding="utf-8").partition("\n")[2] for tool in ("aws", "tccli", "s", "terraform")}
        for tool, script in {**made, "python3": f'#!/bin/sh\nexec {alone} "$@"\n'}.items():
            (bin_ / tool).write_text(script, encoding="utf-8")
            (bin_ / tool).chmod(0o755)
        self.package = self.folder / "unilife.zip"
        with zipfile.ZipFile(self.package, "w") as archive:
            archive.writestr("handler.py", "")
        known: dict[str, Any] = {"image": IMAGE, "addresses": self.addresses, "failing": self.failing, "package": str(self.package)}
        self._write(in_service="1", timers_in_service="1", new="2", uploaded=False, calls=[], **known)

    def _write(self, **state: Any) -> None:
        (self.folder / "state.json").write_text(json.dumps(state))

    @property
    def state(self) -> Any:
        return json.loads((self.folder / "state.json").read_text())

    @property
    def in_service(self) -> str:
        return str(self.state["in_service"])

    def run(self, script: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        with self._service() as url:
            environment = {**os.environ, "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}", "CLOUD_TOOLS_STATE": str(self.folder / "state.json"),
                           "SERVICE_URL": url, "PATIENCE": "0", "FUNCTION": "unilife", "TF_VAR_bucket": "unilife-1250000000", **environment}  # fmt: skip
            command = [str(self.folder / "deploy" / "ci" / script), *arguments]
            return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE_SECONDS, cwd=self.folder)

    @contextmanager
    def _service(self) -> Iterator[str]:
        cloud = self

        class ServiceHandler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                address = {**cloud.addresses, **cloud.service_addresses}[cloud.in_service]
                try:
                    answer = urllib.request.urlopen(address + self.path, timeout=30)
                except urllib.error.HTTPError as error:
                    answer = error
                with answer:
                    self.send_response(answer.status)
                    self.end_headers()
                    self.wfile.write(answer.read())

            def log_message(self, format: str, *args: object) -> None:
                """Nothing."""

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), ServiceHandler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            server.server_close()


MakeCloud = Callable[..., Cloud]


@pytest.fixture
def make_cloud(tmp_path: Path) -> MakeCloud:
    """Return a function that makes a cloud beside a copy of deploy/, so that nothing is written into the checkout."""
    for path in DEPLOY.rglob("*"):
        if path.is_file() and ".terraform" not in path.parts and path.name != ".env":
            copy = tmp_path / "deploy" / path.relative_to(DEPLOY)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
            copy.chmod(path.stat().st_mode)
    return lambda **given: Cloud(tmp_path, **given)


@pytest.mark.parametrize(("kind", "status", "said"), [
    ("healthy", 0, "200 OK"), ("not migrated", 3, "unilife migrate up"), ("unreachable", 1, "503 DATABASE_UNREACHABLE"),
])  # fmt: skip
def test_health_script_reports_each_state_by_exit_code_and_message(servers: dict[str, str], kind: str, status: int, said: str) -> None:
    asked = subprocess.run([CI / "health.sh", servers[kind] + "/"], env={**os.environ, "PATIENCE": "0"}, capture_output=True, text=True, timeout=60)
    assert (asked.returncode, said in asked.stderr) == (status, True), asked.stderr


def test_health_script_without_a_server_retries_and_fails(servers: dict[str, str]) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}"
        asked = subprocess.run([CI / "health.sh", address], env={**os.environ, "PATIENCE": "3"}, capture_output=True, text=True, timeout=60)
    assert asked.returncode == 1 and asked.stderr.count("no answer") >= 2


@each_cloud
def test_release_of_a_healthy_version_activates_it(cloud: str, servers: dict[str, str], make_cloud: MakeCloud) -> None:
    function = make_cloud(addresses={"1": servers["healthy"], "2": servers["healthy"]})
    released = function.run("release.sh", cloud, str(function.package))
    assert released.returncode == 0, released.stderr
    assert function.in_service == "2" and f"activate.sh {cloud} {'1+1' if cloud == 'tencent' else '1'}" in released.stderr


def test_release_on_tencent_activates_the_web_and_the_timer_function_together(servers: dict[str, str], make_cloud: MakeCloud) -> None:
    function = make_cloud(addresses={"1": servers["healthy"], "2": servers["healthy"]})
    released = function.run("release.sh", "tencent", str(function.package))
    assert (released.returncode, function.in_service, function.state["timers_in_service"]) == (0, "2", "2"), released.stderr
    assert function.state["calls"].count("tccli scf UpdateAlias") == 2 and "terraform apply" in function.state["calls"]


def test_release_on_tencent_with_only_an_event_function_moves_one_alias(servers: dict[str, str], make_cloud: MakeCloud) -> None:
    function = make_cloud(addresses={"1": servers["healthy"], "2": servers["healthy"]})
    released = function.run("release.sh", "tencent", str(function.package), TF_VAR_http="event")
    assert (released.returncode, function.in_service, function.state["timers_in_service"]) == (0, "2", "1"), released.stderr
    assert function.state["calls"].count("tccli scf UpdateAlias") == 1 and "activate.sh tencent 1\n" in released.stderr


def test_release_on_tencent_with_an_image_address_activates_it(servers: dict[str, str], make_cloud: MakeCloud) -> None:
    function = make_cloud(addresses={"1": servers["healthy"], "2": servers["healthy"]})
    released = function.run("release.sh", "tencent", IMAGE)
    assert (released.returncode, function.in_service, function.state["timers_in_service"]) == (0, "2", "2"), released.stderr


def test_release_on_tencent_without_terraform_uses_the_package_in_cos(servers: dict[str, str], make_cloud: MakeCloud) -> None:
    function = make_cloud(addresses={"1": servers["healthy"], "2": servers["healthy"]})
    given = {"TENCENT_TOOL": "tccli", "TENCENT_OBJECT": "unilife.zip", "TENCENTCLOUD_REGION": "ap-guangzhou"}
    released = function.run("release.sh", "tencent", str(function.package), **given)
    assert (released.returncode, function.in_service) == (0, "2"), released.stderr
    assert function.state["calls"].count("tccli scf UpdateFunctionCode") == 2 and "terraform apply" not in function.state["calls"]


@each_cloud
@pytest.mark.parametrize("kind", ["not migrated", "unreachable"])
def test_release_of_an_unhealthy_version_does_not_activate_it(cloud: str, kind: str, servers: dict[str, str], make_cloud: MakeCloud) -> None:
    function = make_cloud(addresses={"1": servers["healthy"], "2": servers[kind]})
    released = function.run("release.sh", cloud, str(function.package))
    assert released.returncode == 1, released.stderr
    assert function.in_service == "1" and not ACTIVATION_CALLS.intersection(function.state["calls"])
    assert ("unilife migrate up" in released.stderr) == (kind == "not migrated")


@each_cloud
def test_release_that_is_unhealthy_at_the_service_url_is_rolled_back(cloud: str, servers: dict[str, str], make_cloud: MakeCloud) -> None:
    function = make_cloud(addresses={"1": servers["healthy"], "2": servers["healthy"]}, service_addresses={"2": servers["unreachable"]})
    released = function.run("release.sh", cloud, str(function.package))
    assert released.returncode == 1, released.stderr
    assert function.in_service == "1" and "is in service again" in released.stderr


@each_cloud
def test_release_when_the_former_version_is_unhealthy_too_exits_with_2(cloud: str, servers: dict[str, str], make_cloud: MakeCloud) -> None:
    both = {"1": servers["unreachable"], "2": servers["unreachable"]}
    function = make_cloud(addresses={"1": servers["healthy"], "2": servers["healthy"]}, service_addresses=both)
    released = function.run("release.sh", cloud, str(function.package))
    assert (released.returncode, function.in_service) == (2, "1"), released.stderr


@pytest.mark.parametrize(("cloud", "call"), [
    ("aws", "aws lambda update-function-code"), ("aws", "aws lambda publish-version"), ("tencent", "terraform apply"), ("tencent", "tccli scf GetAlias"),
    ("aliyun", "s deploy"), ("aliyun", "s version publish"),
])  # fmt: skip
def test_release_when_a_tool_fails_activates_nothing(cloud: str, call: str, servers: dict[str, str], make_cloud: MakeCloud) -> None:
    function = make_cloud(addresses={"1": servers["healthy"], "2": servers["healthy"]}, failing=(call,))
    released = function.run("release.sh", cloud, str(function.package))
    assert (released.returncode, function.in_service, function.state["calls"][-1]) == (1, "1", call), released.stderr


def test_release_on_huawei_of_an_unhealthy_package_restores_the_former_one(servers: dict[str, str], make_cloud: MakeCloud, tmp_path: Path) -> None:
    former, new = tmp_path / "former.zip", tmp_path / "unilife.zip"
    former.write_bytes(b"former")
    for state, status, stays in (("healthy", 0, new), ("unreachable", 1, former)):
        function = make_cloud(addresses={str(former): servers["healthy"], str(new): servers[state]})
        released = function.run("release.sh", "huawei", str(new), FORMER_PACKAGE=str(former))
        assert (released.returncode, function.in_service) == (status, str(stays)), released.stderr
        for made in (tmp_path / "bin").iterdir():
            made.unlink()
        (tmp_path / "bin").rmdir()


@each_cloud
def test_activate_script_with_a_former_version_puts_it_in_service(cloud: str, servers: dict[str, str], make_cloud: MakeCloud) -> None:
    function = make_cloud(addresses={"1": servers["healthy"]})
    switched = function.run("activate.sh", cloud, "6+7" if cloud == "tencent" else "7")
    assert (switched.returncode, function.in_service) == (0, "7") and "the previous version was 1" in switched.stderr
    assert function.state["timers_in_service"] == ("6" if cloud == "tencent" else "1")


def test_release_with_a_missing_argument_is_refused_before_any_call(make_cloud: MakeCloud) -> None:
    function = make_cloud(addresses={})
    for arguments, said in (((), "give the cloud"), (("aws",), "give the package"), (("azure", str(function.package)), "unknown cloud azure")):
        asked = function.run("release.sh", *arguments)
        assert asked.returncode != 0 and said in asked.stderr
    assert function.state["calls"] == []


@each_cloud
def test_health_event_of_each_cloud_is_answered_by_the_function(cloud: str, migrated_database: str) -> None:
    event = (CI / "events" / f"{cloud}.json").read_bytes()
    given = "sys.stdin.buffer.read()" if cloud == "aliyun" else "json.load(sys.stdin)"
    code = f"import json, sys, handler; print(json.dumps(handler.handler({given}, None)))"
    environment = {**os.environ, "POSTGRESQL_URL": migrated_database, "JWT_SECRET_KEY": secrets.token_hex(32)}
    ran = subprocess.run([sys.executable, "-c", code], input=event, capture_output=True, cwd=ROOT, env=environment, timeout=60, check=True)
    read = subprocess.run([sys.executable, CI / "health_response.py"], input=ran.stdout, capture_output=True, timeout=60, check=True)
    assert read.stdout == b"200 OK\n", ran.stdout


def test_deployment_scripts_pass_shellcheck(tmp_path: Path) -> None:
    scripts = [*CI.glob("*.sh"), *CI.glob("clouds/*.sh"), DEPLOY / "tencent" / "scf_bootstrap", ROOT / ".ci" / "run", ROOT / "dev" / "find-python"]
    assert len(scripts) == 10
    command = [Path(sys.executable).with_name("shellcheck"), "--external-sources"]
    looked = subprocess.run([*command, *scripts], capture_output=True, text=True, timeout=60, cwd=ROOT)
    assert looked.returncode == 0, looked.stdout
    wrong = tmp_path / "wrong.sh"
    wrong.write_text("#!/bin/sh\nrm -rf $1/\n")
    assert subprocess.run([*command, wrong], capture_output=True, timeout=60).returncode == 1


@pytest.mark.parametrize(("text", "line"), [
    ("", ""), ("no object {", ""), ('{"statusCode": 502, "body": "<html>"}', "502 -"), ('{"errorMessage": "timed out"}', ""),
    ('{"statusCode": 200, "isBase64Encoded": true, "body": "eyJzdGF0dXMiOiAiT0sifQ=="}', "200 OK"),
])  # fmt: skip
def test_health_response_script_prints_status_code_and_status(text: str, line: str) -> None:
    read = subprocess.run([sys.executable, CI / "health_response.py"], input=text, capture_output=True, text=True, timeout=60, check=True)
    assert read.stdout == line + "\n"
