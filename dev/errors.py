from __future__ import annotations


class CommandError(Exception):
    """A command could not do what it was asked; the message says why and what to do."""
