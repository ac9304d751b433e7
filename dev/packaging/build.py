"""The build's steps in order: wheels, folder, bytecode, zip, smoke test."""
from __future__ import annotations

import json
import platform
import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from dev.errors import CommandError
from dev.packaging.archive import write_zip
from dev.packaging.interpreters import find_interpreter
from dev.packaging.smoke import SmokeResult, try_package
from dev.packaging.sources import own_files, requirements
from dev.packaging.targets import MB, Glibc, Target
from dev.packaging.tree import OWN, PINS, assemble, compile_bytecode
from dev.packaging.wheels import Wheel, download
from dev.workspace import ROOT
from settings import TRUSTED_DOCUMENTS_FILE

BOOTSTRAP = {"tencent": ROOT / "deploy/tencent/scf_bootstrap", "aws": ROOT / "deploy/aws/main.py"}
"""Files that the platform starts or loads in a web function, for platforms that need one at the zip's root."""

BRINGS_SERVER = ("aws",)
"""Platforms that load an ASGI callable and serve it themselves."""

PROCESSORS = {"x86_64": ("x86_64", "amd64"), "arm64": ("aarch64", "arm64")}
"""The names that operating systems use for each processor."""


@dataclass(frozen=True)
class BuildRequest:
    """The parameters of a build. `locked`: a requirements file that pins the wheels. `machine`: the processor, as the target names it. `manifests`: files of
    trusted documents, which become one file of the package."""

    target: Target
    python: str
    glibc: Glibc
    web: bool = False
    locked: Path | None = None
    machine: str = "x86_64"
    manifests: tuple[Path, ...] = ()

    @property
    def with_server(self) -> bool:
        """Return whether an HTTP server goes into the package."""
        return self.web and self.target.name not in BRINGS_SERVER

    @property
    def file_name(self) -> str:
        """The zip's name: `unilife-tencent-py310.zip`; for a web function `…-web.zip`, for another processor `…-arm64.zip`. The files in deploy/ use it."""
        machine = "" if self.machine == "x86_64" else f"-{self.machine}"
        return f"unilife-{self.target.name}-py{self.python.replace('.', '')}{'-web' if self.web else ''}{machine}.zip"

    @property
    def runs_here(self) -> bool:
        """Return whether this machine can smoke-test the package: compiled modules need their own processor."""
        return platform.machine().lower() in PROCESSORS[self.machine]


@dataclass(frozen=True)
class Package:
    """A built package. Sizes are in bytes, by distribution."""

    path: Path
    wheels: list[Wheel]
    zipped: Counter[str]
    unpacked: Counter[str]
    pruned: Counter[str]
    tried: SmokeResult | None


def build(order: BuildRequest, output: Path, *, trial: bool = True) -> Package:
    """Build the zip below `output`. Raises `CommandError`; then no zip is left at its path."""
    interpreter = find_interpreter(order.python)
    with tempfile.TemporaryDirectory(prefix="unilife-package-") as scratch:
        wheels = download(
            requirements(web=order.with_server), python=order.python, glibc=order.glibc, machine=order.machine, interpreter=interpreter,
            into=Path(scratch, "wheels"), locked=order.locked,
        )
        return pack(order, wheels, interpreter, output, trial=trial)


def pack(order: BuildRequest, wheels: list[Wheel], interpreter: Path, output: Path, *, trial: bool = True) -> Package:
    """Build the zip from wheels that are downloaded already."""
    finished = output / order.file_name
    with tempfile.TemporaryDirectory(prefix="unilife-package-") as scratch:
        tree = assemble(Path(scratch, "function"), wheels, own_files(web=order.with_server), glibc=order.glibc)
        if order.web and order.target.name in BOOTSTRAP:
            bootstrap = BOOTSTRAP[order.target.name]
            tree.add(PurePosixPath(bootstrap.name), bootstrap.read_bytes(), OWN)
        if order.manifests:
            tree.add(PurePosixPath(TRUSTED_DOCUMENTS_FILE), _merge_manifests(order.manifests), OWN)
        compile_bytecode(tree, interpreter, order.target.code_root)
        draft = Path(scratch, order.file_name)
        package = Package(finished, wheels, write_zip(tree, draft), tree.sizes(), tree.pruned, None)
        _check_size_limits(order.target, draft.stat().st_size, sum(package.unpacked.values()))
        tried = try_package(draft, interpreter, order.target) if trial and order.runs_here else None
        output.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(tree.root / PINS, finished.with_suffix(".requirements.txt"))
        shutil.move(draft, finished)
    return Package(finished, wheels, package.zipped, package.unpacked, package.pruned, tried)


def _merge_manifests(paths: tuple[Path, ...]) -> bytes:
    """Return one manifest with the documents of all. Raises `CommandError`."""
    from graph.trusted_documents import InvalidManifest, read_manifests

    try:
        return json.dumps(dict(sorted(read_manifests(paths).items())), ensure_ascii=False, indent=0).encode()
    except (OSError, InvalidManifest) as error:
        raise CommandError(f"--trusted-documents: {error}") from error


def _check_size_limits(target: Target, zipped: int, unpacked: int) -> None:
    for what, size, limit in (("zipped", zipped, target.zip_limit), ("unpacked", unpacked, target.unpacked_limit)):
        if limit is not None and size > limit:
            raise CommandError(f"the package is {size / MB:.1f} MB {what}, and the limit of {target.title} is {limit / MB:.0f} MB")
