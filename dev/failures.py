from __future__ import annotations


class CommandFailure(Exception):
    """A command could not do what it was asked; the message says why and what to do."""
