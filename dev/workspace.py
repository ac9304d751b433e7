"""Paths on this machine."""
from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
"""The root of the project's tree."""

STATE = Path(os.environ.get("UNILIFE_STATE") or ROOT / ".unilife")
"""The files that `unilife dev` keeps between runs: its database, its secret for tokens, GraphiQL's files. Not part of the project."""


def state(*names: str) -> Path:
    """Return a path below `STATE`, creating its parent directory."""
    path = STATE.joinpath(*names)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def npm_environment() -> dict[str, str]:
    """Return the variables for npm: it trusts the machine's certificates, as pip does, and keeps its downloads in `STATE` if it cannot in the user's home."""
    given = {"NODE_USE_SYSTEM_CA": "1", **os.environ}
    home = Path(os.path.expanduser("~"))
    if os.access(home / ".npm" if (home / ".npm").exists() else home, os.W_OK):
        return given
    return {"npm_config_cache": str(state("npm")), **given}
