"""Checks of the rules of writing that no general linter has: `python -m dev.lint`, a part of `make lint`. The list of words is dev/lint/words.py."""
