"""`unilife package`: the files of a package, the refused inputs, and a package that runs on its own."""
from __future__ import annotations

import importlib.util
import json
import marshal
import platform
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path, PurePosixPath
from secrets import token_hex
from types import CodeType

import pytest
from anyio.from_thread import BlockingPortal

from dev import migrate
from dev.errors import CommandError
from dev.packaging.build import BuildRequest, Package, build, pack
from dev.packaging.command import package, show
from dev.packaging.interpreters import find_interpreter
from dev.packaging.pruning import RULES, find_reason
from dev.packaging.smoke import try_package
from dev.packaging.sources import WEB_REQUIREMENTS, own_files, requirements
from dev.packaging.targets import MB, TARGETS, Target
from dev.packaging.tree import OWN, assemble
from dev.packaging.wheels import Wheel, download, needed_glibc
from dev.workspace import ROOT
from persistence.migrator import STATEMENTS
from tests.schemas import dump

PYTHON = f"{sys.version_info[0]}.{sys.version_info[1]}"
BUILD_REQUEST = next(BuildRequest(target, PYTHON, target.glibc_of(PYTHON), web=True) for target in reversed(TARGETS.values()) if PYTHON in target.pythons)
"""A request for a cloud that runs this test's Python: AWS, or Tencent for 3.10."""
UNCHECKED_HASH = 1
GOAL = 27 * MB
"""Bytes of the largest zip, for AWS with the web adapter: it had 25.2 MB on 28 November 2026. The clouds allow 50 MB and more."""


def make_request(*, zip_limit: int | None = None, unpacked_limit: int | None = None, web: bool = False) -> BuildRequest:
    """Return a request for a cloud that runs this test's Python."""
    return BuildRequest(Target("aws", "A cloud", {PYTHON: (2, 34)}, "/var/task", zip_limit, unpacked_limit), PYTHON, (2, 34), web)


@pytest.fixture(scope="module")
def interpreter() -> Path:
    return find_interpreter(PYTHON)


@pytest.fixture(scope="module")
def small(interpreter: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package of the function's own files only."""
    return pack(make_request(), [], interpreter, tmp_path_factory.mktemp("small"), trial=False).path


def make_wheel(directory: Path, name: str, members: dict[str, bytes], tag: str = "py3-none-any", requires: str = "") -> Wheel:
    path = directory / f"{name}-1.0-{tag}.whl"
    info = f"{name}-1.0.dist-info"
    members = {**members, f"{info}/METADATA": _metadata(name, requires),
               f"{info}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n".encode(), f"{info}/RECORD": b""}  # fmt: skip
    with zipfile.ZipFile(path, "w") as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return Wheel(path, name, "1.0")


def _metadata(name: str, requires: str) -> bytes:
    return (f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n" + (f"Requires-Dist: {requires}\n" if requires else "")).encode()


def code_of(bytecode: bytes) -> CodeType:
    found = marshal.loads(bytecode[16:])
    assert isinstance(found, CodeType)
    return found


def test_pack_same_files_gives_the_same_bytes(small: Path, interpreter: Path, tmp_path: Path) -> None:
    again = pack(make_request(), [], interpreter, tmp_path, trial=False).path
    assert again.read_bytes() == small.read_bytes()


def test_pack_entries_are_sorted_undated_and_readable(small: Path) -> None:
    with zipfile.ZipFile(small) as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)} and {entry.external_attr >> 16 for entry in entries} == {0o100644}


def test_pack_every_module_has_unchecked_bytecode_with_its_deployed_path(small: Path) -> None:
    with zipfile.ZipFile(small) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    modules = [name for name in contents if name.endswith(".py")]
    assert "handler.py" in modules and len(modules) > 50
    for name in modules:
        compiled = contents[PurePosixPath(importlib.util.cache_from_source(name)).as_posix()]
        assert compiled[:4] == importlib.util.MAGIC_NUMBER and int.from_bytes(compiled[4:8], "little") == UNCHECKED_HASH, name
        assert compiled[8:16] == importlib.util.source_hash(contents[name])
        assert code_of(compiled).co_filename == f"/var/task/{name}"


def test_pack_merges_manifests_of_trusted_documents_and_refuses_a_false_hash(interpreter: Path, tmp_path: Path) -> None:
    texts = ("{ health { version } }", "{ viewer { nickname } }")
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.json").write_text(json.dumps({f"sha256:{sha256(text.encode()).hexdigest()}": text}))
    order = replace(make_request(), manifests=(tmp_path / "0.json", tmp_path / "1.json"))
    with zipfile.ZipFile(pack(order, [], interpreter, tmp_path, trial=False).path) as archive:
        assert set(json.loads(archive.read("trusted-documents.json")).values()) == set(texts)
    (tmp_path / "1.json").write_text(json.dumps({"0" * 64: texts[0]}))
    with pytest.raises(CommandError, match=r"1\.json.*SHA-256"):
        pack(order, [], interpreter, tmp_path / "refused", trial=False)
    assert not (tmp_path / "refused").exists()


def test_own_files_are_those_of_the_function_only() -> None:
    found = {path.as_posix() for path in own_files(web=True)}
    modules = {"handler.py", "settings.py", "settings_checks.py", "logs.py", "lazy_modules.py"}
    assert {*modules, "graph/web.py", "llm/prompts/diary.md"} <= found
    assert {path.split("/")[0] for path in found} == {*modules, "graph", "resolvers", "jobs", "llm", "persistence"}
    assert not [path for path in found if "__pycache__" in path or "migrations" in path and not path.endswith(".sql")]
    assert {path.name for path in STATEMENTS.glob("*.sql")} == {path.split("/")[-1] for path in found if "migrations" in path} != set()


def test_own_files_without_the_web_server_leave_out_what_imports_it() -> None:
    left_out = set(own_files(web=True)) - set(own_files(web=False))
    assert {path.as_posix() for path in left_out} == {"graph/web.py", "graph/server_protocol.py"}
    importing = re.compile(rf"^(?:import|from) (?:{'|'.join(WEB_REQUIREMENTS)}|graph\.web|graph\.server_protocol)\b", re.MULTILINE)
    assert not [path for path in own_files(web=False) if path.suffix == ".py" and importing.search((ROOT / path).read_text(encoding="utf-8"))]
    assert importing.search((ROOT / "graph/server_protocol.py").read_text(encoding="utf-8"))


def test_requirements_are_the_declared_ones_and_uvicorn_only_for_the_web() -> None:
    names = {line.split(">")[0].split("[")[0] for line in requirements(web=False)}
    assert {"strawberry-graphql", "asyncpg", "openai"} <= names and not names & {"typer", "rich", "alembic", "pytest", "uvicorn"}
    assert set(requirements(web=True)) - set(requirements(web=False)) == {line for line in requirements(web=True) if line.startswith("uvicorn")} != set()


@pytest.mark.parametrize(("path", "stays"), [
    ("httpx2-2.14.0.dist-info/METADATA", True), ("httpx2-2.14.0.dist-info/RECORD", False), ("pydantic-2.14.3.dist-info/METADATA", False),
    ("openai/resources/chat/completions/completions.py", True), ("openai/resources/beta/beta.py", False), ("sqlalchemy/dialects/postgresql/base.py", True),
    ("sqlalchemy/dialects/sqlite/base.py", False), ("greenlet/tests/test_greenlet.py", False), ("anyio/py.typed", False),
    ("tzdata/zoneinfo/Asia/Shanghai", True),
])  # fmt: skip
def test_find_reason_of_each_wheel_file_keeps_or_prunes_it(path: str, stays: bool) -> None:
    assert (find_reason(PurePosixPath(path)) is None) is stays


@pytest.mark.parametrize(("limits", "message"), [({"zip_limit": 1000}, "zipped"), ({"unpacked_limit": 1000}, "unpacked")], ids=["zipped", "unpacked"])
def test_pack_over_a_size_limit_is_refused_and_leaves_no_file(limits: dict[str, int], message: str, interpreter: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=f"MB {message}, and the limit of A cloud is"):
        pack(make_request(**limits), [], interpreter, tmp_path, trial=False)
    assert list(tmp_path.iterdir()) == []


def test_pack_that_does_not_work_is_refused_and_leaves_no_file(interpreter: Path, tmp_path: Path) -> None:
    (tmp_path / "former.zip").touch()
    with pytest.raises(CommandError, match="built but failed its test"):
        pack(make_request(), [], interpreter, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["former.zip"]


def test_try_package_uses_only_the_packages_own_files(small: Path, interpreter: Path) -> None:
    with pytest.raises(CommandError, match="failed its test"):  # the packages installed here would have served the events
        try_package(small, interpreter, TARGETS["aws"])


def test_find_interpreter_python_not_installed_is_refused_with_advice() -> None:
    with pytest.raises(CommandError, match=r"pyenv install 3\.99"):
        find_interpreter("3.99")


@pytest.mark.parametrize(("arguments", "message"), [
    ({"python": "3.12"}, "Tencent SCF runs Python 3.10, not 3.12"), ({"python": "3.10", "glibc": "new"}, "--glibc must be a version such as 2.28, not new"),
], ids=["python", "glibc"])  # fmt: skip
def test_package_python_or_glibc_the_cloud_does_not_run_is_refused(arguments: dict[str, str], message: str, tmp_path: Path) -> None:
    options = {"python": None, "glibc": None, **arguments}
    with pytest.raises(CommandError, match=message):
        package("tencent", **options, web=False, locked=None, output=tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that pip is configured to use as its only index."""
    folder = tmp_path / "index"
    folder.mkdir()
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def test_download_without_a_wheel_for_the_glibc_names_the_requirement(index: Path, interpreter: Path, tmp_path: Path) -> None:
    tag = f"cp{PYTHON.replace('.', '')}"
    make_wheel(index, "needy", {"needy.py": b""}, f"{tag}-{tag}-manylinux_2_28_x86_64")
    with pytest.raises(CommandError, match=rf"needy>=1 has no wheel for Python {PYTHON} and glibc 2\.17"):
        download(["needy>=1"], python=PYTHON, glibc=(2, 17), interpreter=interpreter, into=tmp_path / "old")
    [wheel] = download(["needy>=1"], python=PYTHON, glibc=(2, 28), interpreter=interpreter, into=tmp_path / "new")
    assert (wheel.name, wheel.version) == ("needy", "1.0")


def test_download_locked_returns_exactly_the_pinned_files(index: Path, interpreter: Path, tmp_path: Path) -> None:
    wheel = make_wheel(index, "plain", {"plain.py": b""})
    pins = tmp_path / "pins.txt"
    pins.write_text(wheel.pin)
    [found] = download([], python=PYTHON, glibc=(2, 17), interpreter=interpreter, into=tmp_path / "same", locked=pins)
    assert found.path.read_bytes() == wheel.path.read_bytes()
    make_wheel(index, "plain", {"plain.py": b"changed = True"})
    with pytest.raises(CommandError, match="(?i)hash"):
        download([], python=PYTHON, glibc=(2, 17), interpreter=interpreter, into=tmp_path / "other", locked=pins)


def test_assemble_library_that_needs_a_newer_glibc_is_refused_by_name(tmp_path: Path) -> None:
    assert needed_glibc(b"\0GLIBC_2.4\0GLIBC_2.17\0GLIBC_2.5\0") == (2, 17)
    mislabelled = make_wheel(tmp_path, "lying", {"lying.cpython-310-x86_64-linux-gnu.so": b"\x7fELF\0GLIBC_2.38\0"})
    with pytest.raises(CommandError, match=r"lying 1\.0: .* needs glibc 2\.38, the platform has 2\.17"):
        assemble(tmp_path / "tree", [mislabelled], [], glibc=(2, 17))


def test_assemble_wheel_file_outside_the_tree_or_of_two_wheels_is_refused(tmp_path: Path) -> None:
    outside = make_wheel(tmp_path, "outside", {"../escaped.py": b""})
    with pytest.raises(CommandError, match="outside of its directory"):
        assemble(tmp_path / "tree", [outside], [], glibc=(2, 17))
    assert not (tmp_path / "escaped.py").exists()
    one, other = make_wheel(tmp_path, "one", {"same.py": b"1"}), make_wheel(tmp_path, "other", {"same.py": b"2"})
    with pytest.raises(CommandError, match="other and one both contain same.py"):
        assemble(tmp_path / "both", [one, other], [], glibc=(2, 17))


def test_assemble_wheel_data_keeps_only_importable_files(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, "mixed", {"mixed-1.0.data/platlib/mixed.py": b"", "mixed-1.0.data/scripts/mixed": b"", "mixed-1.0.data/headers/mixed.h": b""})
    tree = assemble(tmp_path / "tree", [wheel], [], glibc=(2, 17))
    assert tree.files() == ["mixed.py", "requirements.txt"] and tree.owner == {"mixed.py": "mixed", "requirements.txt": OWN}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """A complete package, built with pip's index; `make package` builds the other clouds' packages."""
    return build(BUILD_REQUEST, tmp_path_factory.mktemp("whole"))


def test_build_package_serves_events_and_server_mode_on_its_own(whole: Package) -> None:
    built = whole
    assert built.tried is not None and built.tried.modules > 300
    assert built.path.stat().st_size < GOAL
    assert built.pruned.keys() == {rule.reason for rule in RULES}, "every pruning rule must match a file"
    with zipfile.ZipFile(built.path) as archive:
        names = archive.namelist()
        pins = archive.read("requirements.txt").decode().splitlines()
    assert {line.split("==")[0] for line in pins} == {wheel.name for wheel in built.wheels} and all(" --hash=sha256:" in line for line in pins)
    assert not [name for name in names if name.startswith(("dev/", "tests/", "pip/", "pytest/", "alembic/")) or name.endswith(".pyi")]
    assert not [name for name in names if "graphiql" in name.lower() or name.endswith((".html", ".js"))], "no page that loads scripts"
    assert built.path.with_suffix(".requirements.txt").read_text().splitlines() == pins


IN_THE_PACKAGE = "import json, sys; sys.path.insert(0, sys.argv[1]); import handler; print(json.dumps(handler.handler({'job': 'migrate'}, None)))"


def test_build_package_migrates_to_the_schema_of_the_command(
    whole: Package, interpreter: Path, new_database: Callable[[], str], portal: BlockingPortal, tmp_path: Path
) -> None:
    with zipfile.ZipFile(whole.path) as archive:
        archive.extractall(tmp_path)
    event_url, command_url = new_database(), new_database()
    environ = {"POSTGRESQL_URL": event_url, "JWT_SECRET_KEY": token_hex(32), "DEEPSEEK_API_KEY": "key", "MIGRATE_BY_EVENT": "true"}
    command = [str(interpreter), "-I", "-S", "-B", "-c", IN_THE_PACKAGE, str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.splitlines()[-1])["to"] == portal.call(migrate.up, command_url)[1]
    assert dump(event_url, rows=True) == dump(command_url, rows=True)


def test_build_same_wheels_gives_the_same_bytes(whole: Package, interpreter: Path, tmp_path: Path) -> None:
    request = replace(BUILD_REQUEST, locked=whole.path.with_suffix(".requirements.txt"))
    assert build(request, tmp_path, trial=False).path.read_bytes() == whole.path.read_bytes()


def test_show_prints_the_sizes_by_package(whole: Package, capsys: pytest.CaptureFixture[str]) -> None:
    show(whole)
    shown = capsys.readouterr().out
    for name, size in whole.zipped.items():
        assert re.search(rf"{re.escape(name)}\s.* {size / 1000:,.0f} .* {whole.unpacked[name] / 1000:,.0f} ", shown), name
    assert {"unilife", "sqlalchemy"} <= whole.zipped.keys() and ("uvicorn" in whole.zipped) == BUILD_REQUEST.with_server and re.search(r"all .*\d", shown)
    assert "tested alone: HTTP and timer events are served" in shown


def test_download_dependency_without_a_wheel_is_named(index: Path, interpreter: Path, tmp_path: Path) -> None:
    tag = f"cp{PYTHON.replace('.', '')}"
    make_wheel(index, "needy", {"needy.py": b""}, f"{tag}-{tag}-manylinux_2_28_x86_64")
    make_wheel(index, "plain", {"plain.py": b""}, requires="needy>=1")
    with pytest.raises(CommandError, match=rf"needy>=1 has no wheel for Python {PYTHON} and glibc 2\.17"):
        download(["plain"], python=PYTHON, glibc=(2, 17), interpreter=interpreter, into=tmp_path / "old")


def test_download_source_only_requirement_is_named(index: Path, interpreter: Path, tmp_path: Path) -> None:
    with tarfile.open(index / "sourceful-1.0.tar.gz", "w:gz") as archive:
        archive.addfile(tarfile.TarInfo("sourceful-1.0/setup.py"))
    with pytest.raises(CommandError, match="sourceful has no wheel for Python"):
        download(["sourceful"], python=PYTHON, glibc=(2, 28), interpreter=interpreter, into=tmp_path / "any")


def test_targets_tencent_has_the_oldest_glibc_and_python() -> None:
    assert TARGETS["tencent"].glibc_of("3.10") == (2, 17)
    assert {python for target in TARGETS.values() for python in target.pythons[:1]} == {"3.10", "3.12", "3.14"}
    assert [name for name, target in TARGETS.items() if "3.10" not in target.pythons] == ["aws"]


def test_download_for_another_processor_takes_its_wheels(index: Path, interpreter: Path, tmp_path: Path) -> None:
    tag = f"cp{PYTHON.replace('.', '')}"
    for machine in ("x86_64", "aarch64"):
        make_wheel(index, "native", {"native.py": machine.encode()}, f"{tag}-{tag}-manylinux_2_28_{machine}")
    for machine, named in (("x86_64", b"x86_64"), ("arm64", b"aarch64")):
        [wheel] = download(["native"], python=PYTHON, glibc=(2, 34), machine=machine, interpreter=interpreter, into=tmp_path / machine)
        assert named in {str(path): content for path, content in wheel.members()}["native.py"]
    request = BuildRequest(TARGETS["aws"], PYTHON, (2, 34), machine="arm64")
    assert request.file_name.endswith("-arm64.zip") and request.runs_here == (platform.machine() in ("aarch64", "arm64"))


def test_choose_machine_processor_the_cloud_does_not_offer_is_refused() -> None:
    assert [TARGETS["aws"].choose_machine(None, web=web) for web in (False, True)] == ["x86_64", "arm64"]
    with pytest.raises(CommandError, match="Tencent SCF runs on x86_64, not arm64"):
        TARGETS["tencent"].choose_machine("arm64", web=False)
    with pytest.raises(CommandError, match="AWS Lambda runs web functions on arm64, not x86_64"):
        TARGETS["aws"].choose_machine("x86_64", web=True)


def test_pack_web_package_has_the_entry_its_platform_starts(interpreter: Path, tmp_path: Path) -> None:
    """A package has a server where the platform has none, and an ASGI callable where it has one."""
    contents = {}
    for name in ("tencent", "aws"):
        request = BuildRequest(TARGETS[name], PYTHON, (2, 34), web=True)
        with zipfile.ZipFile(pack(request, [], interpreter, tmp_path / name, trial=False).path) as archive:
            contents[name] = set(archive.namelist())
        assert request.with_server == ("graph/web.py" in contents[name])
    assert "scf_bootstrap" in contents["tencent"] and "main.py" not in contents["tencent"]
    assert "main.py" in contents["aws"] and not contents["aws"] & {"scf_bootstrap", "graph/server_protocol.py"}


def test_ci_builds_the_package_of_every_cloud() -> None:
    built = re.findall(r"^build_package (\w+)", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE)
    assert list(dict.fromkeys(built)) == list(TARGETS)
