from __future__ import annotations


class CommandError(Exception):
    """The error of a command that could not do its work; the message says why and what to do."""
