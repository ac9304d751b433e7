"""A smoke test: unpacks the zip into an empty folder and serves events from it with the target's interpreter."""
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
    """The smoke test's result. `import_ms`: duration of `import handler` from bytecode on this machine, in milliseconds; `modules`: number of loaded
    modules."""

    import_ms: float
    modules: int


def try_package(package: Path, interpreter: Path, target: Target) -> SmokeResult:
    """Smoke-test the package. Raises `CommandError` that says what does not work in it."""
    with tempfile.TemporaryDirectory(prefix="unilife-package-") as folder:
        with zipfile.ZipFile(package) as archive:
            archive.extractall(folder)
        # -I: neither variables nor the user's site; -S: no site-packages; -B: no bytecode is written, only the zip's is used.
        command = [str(interpreter), "-I", "-S", "-B", str(SMOKE_SCRIPT), folder, target.name]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, cwd=folder, env={"PATH": os.defpath}, stdin=subprocess.DEVNULL)
    if ran.returncode:
        raise CommandError(f"the package was built but failed its test: {(ran.stderr.strip() or ran.stdout.strip()).splitlines()[-1]}")
    return SmokeResult(**json.loads(ran.stdout.splitlines()[-1]))
