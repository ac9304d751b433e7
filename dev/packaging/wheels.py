"""Wheels for an interpreter and a C library other than this machine's, downloaded with pip and its own configuration."""
from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from packaging.utils import parse_wheel_filename

from dev.errors import CommandError
from dev.packaging.targets import Glibc

OLDEST_GLIBC_MINOR = 5
"""manylinux1 needs glibc 2.5; no index has older wheels."""

OLD_NAMES = {5: "manylinux1", 12: "manylinux2010", 17: "manylinux2014"}
WHEEL_MACHINES = {"x86_64": "x86_64", "arm64": "aarch64"}
"""Names of processors in the file names of wheels."""
NEEDED_GLIBC = re.compile(rb"GLIBC_(\d+)\.(\d+)")


@dataclass(frozen=True)
class Wheel:
    path: Path
    name: str
    version: str

    @property
    def pin(self) -> str:
        """The line of a requirements file that pins exactly this file."""
        return f"{self.name}=={self.version} --hash=sha256:{hashlib.sha256(self.path.read_bytes()).hexdigest()}"

    def members(self) -> Iterator[tuple[PurePosixPath, bytes]]:
        """Yield the files that installing would put on the import path. Scripts, headers and other data of a wheel are skipped."""
        with zipfile.ZipFile(self.path) as archive:
            for entry in archive.infolist():
                path = _installed(PurePosixPath(entry.filename))
                if path is not None and not entry.is_dir():
                    yield path, archive.read(entry)


def download(
    requirements: Sequence[str], *, python: str, glibc: Glibc, interpreter: Path, into: Path, machine: str = "x86_64", locked: Path | None = None
) -> list[Wheel]:
    """Resolve and download the wheels; with `locked`, exactly the files of that requirements file. Raises `CommandError` that names a package without a fitting
    wheel.

    pip runs on the target's interpreter, because conditions such as `python_version < "3.11"` are evaluated for the interpreter that runs pip.
    """
    into.mkdir(parents=True)
    wanted = ["--no-deps", "--require-hashes", "--requirement", str(locked)] if locked else list(requirements)
    command = [sys.executable, "-m", "pip", "--python", str(interpreter), "download", "--quiet", "--disable-pip-version-check", "--no-input",
               "--dest", str(into), "--only-binary", ":all:", "--python-version", python, "--implementation", "cp", "--abi", f"cp{python.replace('.', '')}",
               "--abi", "abi3", "--abi", "none", *_platforms(glibc, machine), *wanted]  # fmt: skip
    ran = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if ran.returncode:
        raise CommandError(_why(ran.stderr, python, glibc, machine))
    return [_read(path) for path in sorted(into.glob("*.whl"))]


def needed_glibc(library: bytes) -> Glibc:
    """Return the newest glibc version whose symbols a shared library needs; a wheel's name only claims it."""
    found = {(int(major), int(minor)) for major, minor in NEEDED_GLIBC.findall(library)}
    return max(found, default=(2, OLDEST_GLIBC_MINOR))


def _platforms(glibc: Glibc, machine: str) -> list[str]:
    names: list[str] = []
    for minor in range(glibc[1], OLDEST_GLIBC_MINOR - 1, -1):
        names += [f"manylinux_{glibc[0]}_{minor}"] + ([OLD_NAMES[minor]] if minor in OLD_NAMES else [])
    return [argument for name in names for argument in ("--platform", f"{name}_{WHEEL_MACHINES[machine]}")]


def _why(errors: str, python: str, glibc: Glibc, machine: str) -> str:
    missing = re.search(r"No matching distribution found for (\S+)", errors)
    if missing:
        return (
            f"{missing[1]} has no wheel for Python {python} and glibc {glibc[0]}.{glibc[1]} ({machine}) on pip's index: choose another --python, "
            "set the platform's glibc version with --glibc, or deploy the container image"
        )
    lines = [line for line in errors.splitlines() if line.startswith("ERROR:")] or errors.splitlines()[-3:]
    return "pip could not download the wheels: " + " ".join(line.removeprefix("ERROR:").strip() for line in lines)


def _read(path: Path) -> Wheel:
    name, version, _, _ = parse_wheel_filename(path.name)
    return Wheel(path, str(name), str(version))


def _installed(path: PurePosixPath) -> PurePosixPath | None:
    if path.is_absolute() or ".." in path.parts:
        raise CommandError(f"a wheel contains the path {path}, which is outside of its directory")
    if not path.parts[0].endswith(".data"):
        return path
    return PurePosixPath(*path.parts[2:]) if len(path.parts) > 2 and path.parts[1] in ("purelib", "platlib") else None
