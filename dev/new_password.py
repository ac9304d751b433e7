"""The source of a new account's password for commands: never an argument, which every process can read."""
from __future__ import annotations

import getpass
import os
import sys

from dev.errors import CommandError

VARIABLE = "UNILIFE_PASSWORD"


def read_new_password(email: str) -> str:
    """Read a password from the environment, from a pipe's first line, or typed twice. Raises `CommandError`."""
    given = os.environ.get(VARIABLE)
    if given:
        return given
    if not sys.stdin.isatty():
        line = sys.stdin.readline().rstrip("\r\n")
        if not line:
            raise CommandError(f"the new account {email} needs a password: set {VARIABLE}, pipe it in, or run the command in a terminal")
        return line
    typed = getpass.getpass(f"Password for {email}: ")
    if getpass.getpass("Repeat the password: ") != typed:
        raise CommandError("the two passwords differ; nothing was changed")
    return typed
