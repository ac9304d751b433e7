"""Parts of the comparisons with the baseline: the two sides, the baseline's environment, and bytecode of both."""

from __future__ import annotations

import compileall
import json
import os
import secrets
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import jwt
from rich.console import Console

ROOT = Path(__file__).resolve().parent.parent
LAUNCH = ROOT / "bench" / "run_measured.py"
BASELINE = ROOT / "bench" / "baseline"
BASELINE_VENV = ROOT / ".venv" / f"baseline-{sys.version_info.major}.{sys.version_info.minor}"
SECRET = secrets.token_hex(32)
"""The key of the tokens of both sides."""
PLAIN = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
FUNCTION = {**PLAIN, "JWT_SECRET_KEY": SECRET, "DEEPSEEK_API_KEY": "none", "LOG_LEVEL": "ERROR"}
"""The environment of the function, without its database."""
BASELINE_ENVIRONMENT = {**PLAIN, "PYTHONPATH": str(BASELINE_VENV), "JWT_SECRET_KEY": SECRET}


@dataclass
class Side:
    """One of the two sides: its command, its environment and its measurements. `peak_mb` is the largest resident size of a process, in MiB."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    found: dict[str, list[float]] = field(default_factory=dict)

    def measure(self, *arguments: str, named: str = "", **environment: str) -> None:
        """Run the command once and store its results under their names, prefixed with `named`; `environment` is added to the side's own."""
        given = {**self.environment, **environment}
        command = [sys.executable, "-S", str(LAUNCH), *self.command, *arguments]
        done = subprocess.run(command, env=given, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            raise SystemExit(f"{self.name} failed:\n{done.stdout}")
        *lines, last = done.stdout.splitlines()
        result = json.loads(next(line for line in reversed(lines) if line.startswith('{"') and "_" in line and "event" not in line))
        took = {name.replace("_", f"_{arguments[0]}_"): value for name, value in json.loads(last).items()}
        for name, value in {**result, **took}.items():
            self.found.setdefault(named + name, []).append(value)

    def median(self, name: str) -> float | None:
        return statistics.median(self.found[name]) if name in self.found else None


def make_token(user_id: UUID, sign_in_id: UUID) -> str:
    """Return an access token that is valid for half an hour."""
    now = int(time.time())
    claims = {"iss": "unilife", "aud": "unilife-api", "sub": str(user_id), "sid": str(sign_in_id), "jti": "bench", "iat": now, "exp": now + 1800}
    return jwt.encode(claims, SECRET, "HS256", {"typ": "at+jwt"})


def compile_function() -> None:
    """Write the bytecode of the project and of its libraries."""
    for package in ("graph", "resolvers", "jobs", "llm", "persistence", "bench"):
        compileall.compile_dir(str(ROOT / package), quiet=2)
    for module in ("handler.py", "lazy_modules.py", "logs.py", "settings.py", "settings_checks.py"):
        compileall.compile_file(str(ROOT / module), quiet=2)
    compileall.compile_dir(str(Path(sys.prefix) / "lib"), quiet=2)


def prepare_baseline(console: Console) -> None:
    """Create the baseline's environment, or recreate it when its pins changed."""
    done, pins = BASELINE_VENV / ".installed", (BASELINE / "requirements.txt").read_text(encoding="utf-8")
    if done.exists() and done.read_text(encoding="utf-8") == pins:
        return _copy_baseline()
    console.print(f"Creating the baseline's environment in {BASELINE_VENV.relative_to(ROOT)} (about a minute)")
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(BASELINE_VENV)], check=True)
    python = str(BASELINE_VENV / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(BASELINE / "requirements.txt")], check=True)
    subprocess.run([python, "-m", "compileall", "-q", str(BASELINE_VENV / "lib")], check=False, stdout=subprocess.DEVNULL)
    done.write_text(pins, encoding="utf-8")
    _copy_baseline()


def _copy_baseline() -> None:
    """Copy the baseline into its environment, where its bytecode may be written."""
    for path in (*BASELINE.glob("*.py"), ROOT / "bench" / "chat_measure.py"):
        shutil.copy(path, BASELINE_VENV / path.name)
        compileall.compile_file(str(BASELINE_VENV / path.name), quiet=2)


def shown(value: float | None) -> Any:
    return "–" if value is None else f"{value:.3f}" if value < 10 else f"{value:.1f}"
