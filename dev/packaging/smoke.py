"""Unpacks the zip into an empty folder and lets the target's interpreter serve events from it."""
from __future__ import annotations

import json
import os
import subprocess
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from dev.errors import CommandError
from dev.packaging.targets import Target

SMOKE_SCRIPT = Path(__file__).with_name("smoke_script.py")
SECONDS = 120


@dataclass(frozen=True)
class SmokeResult:
    """`import_ms`: `import handler` from the bytecode, in milliseconds on this machine; `modules`: how many came in all."""

    import_ms: float
    modules: int


def try_package(package: Path, interpreter: Path, target: Target) -> SmokeResult:
    """Raises `CommandError` that says what does not work in the package."""
    with tempfile.TemporaryDirectory(prefix="unilife-package-") as folder:
        with zipfile.ZipFile(package) as archive:
            archive.extractall(folder)
        # -I: neither variables nor the user's site; -S: no site-packages; -B: what the zip holds is all the bytecode there is.
        command = [str(interpreter), "-I", "-S", "-B", str(SMOKE_SCRIPT), folder, target.name]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, cwd=folder, env={"PATH": os.defpath}, stdin=subprocess.DEVNULL)
    if ran.returncode:
        raise CommandError(f"the package was built but does not work: {(ran.stderr.strip() or ran.stdout.strip()).splitlines()[-1]}")
    return SmokeResult(**json.loads(ran.stdout.splitlines()[-1]))
