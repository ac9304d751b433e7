"""The folder that becomes the zip: wheels without pruned files, the function's own files, bytecode beside each module."""
from __future__ import annotations

import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from dev.errors import CommandError
from dev.packaging.pruning import find_reason
from dev.packaging.targets import Glibc
from dev.packaging.wheels import Wheel, needed_glibc
from dev.workspace import ROOT

OWN = "unilife"
"""The name under which the function's own files are counted."""

PINS = "requirements.txt"
"""The file in the zip that lists the wheels with their hashes. `unilife package --requirements` builds from such a list again."""


@dataclass
class Tree:
    """The folder's files. `owner` maps each path to the distribution that it is from."""

    root: Path
    owner: dict[str, str] = field(default_factory=dict)
    pruned: Counter[str] = field(default_factory=Counter)
    """Bytes of pruned files, by reason."""

    def add(self, path: PurePosixPath, content: bytes, owner: str) -> None:
        """Write a file into the folder. Raises `CommandError` if two distributions have the same path."""
        if self.owner.setdefault(path.as_posix(), owner) != owner:
            raise CommandError(f"{owner} and {self.owner[path.as_posix()]} both contain {path}")
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)

    def sizes(self) -> Counter[str]:
        """Return the unpacked bytes by distribution."""
        found: Counter[str] = Counter()
        for path in self.files():
            found[self.owner_of(path)] += (self.root / path).stat().st_size
        return found

    def files(self) -> list[str]:
        """Return the paths of all files, sorted."""
        return sorted(path.relative_to(self.root).as_posix() for path in self.root.rglob("*") if path.is_file())

    def owner_of(self, path: str) -> str:
        """Return the distribution that the file is from; bytecode has its module's."""
        return self.owner.get(path) or self.owner[source_of(path)]


def source_of(path: str) -> str:
    """Return the source path of bytecode: `a/b.py` for `a/__pycache__/b.cpython-310.pyc`."""
    compiled = PurePosixPath(path)
    return (compiled.parent.parent / f"{compiled.name.partition('.')[0]}.py").as_posix()


def assemble(root: Path, wheels: Iterable[Wheel], own_files: Iterable[Path], *, glibc: Glibc) -> Tree:
    """Fill an empty folder and return its tree. Raises `CommandError` that names a wheel whose libraries need a newer glibc."""
    tree = Tree(root)
    pins: list[str] = []
    for wheel in wheels:
        _unpack(tree, wheel, glibc)
        pins.append(wheel.pin)
    for path in own_files:
        tree.add(PurePosixPath(path.as_posix()), (ROOT / path).read_bytes(), OWN)
    tree.add(PurePosixPath(PINS), "".join(f"{pin}\n" for pin in sorted(pins)).encode(), OWN)
    return tree


def compile_bytecode(tree: Tree, interpreter: Path, code_root: str) -> None:
    """Compile every module for the interpreter, as bytecode that is never checked against its source.

    One process with a fixed hash seed writes the same bytes each time. `code_root` is the path that the files will have: with it in the bytecode nothing is
    rewritten at import. Raises `CommandError` for a module that does not compile.
    """
    shutil.rmtree(tree.root / "__pycache__", ignore_errors=True)
    environment = {"PYTHONHASHSEED": "0", "PATH": os.defpath}
    command = [str(interpreter), "-S", "-m", "compileall", "-q", "-f", "-j", "1", "--invalidation-mode", "unchecked-hash", "-s", str(tree.root),
               "-p", code_root, str(tree.root)]  # fmt: skip
    ran = subprocess.run(command, capture_output=True, text=True, env=environment, stdin=subprocess.DEVNULL)
    if ran.returncode:
        raise CommandError("compiling failed: " + " ".join((ran.stdout + ran.stderr).split())[:500])


def _unpack(tree: Tree, wheel: Wheel, glibc: Glibc) -> None:
    for path, content in wheel.members():
        reason = find_reason(path)
        if reason:
            tree.pruned[reason] += len(content)
            continue
        if ".so" in path.suffixes and needed_glibc(content) > glibc:
            major, minor = needed_glibc(content)
            raise CommandError(f"{wheel.name} {wheel.version}: {path} needs glibc {major}.{minor}, the platform has {glibc[0]}.{glibc[1]}")
        tree.add(path, content, wheel.name)
