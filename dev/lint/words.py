"""The words that the checks of names, docstrings and comments refuse, each with what to write instead. Change the rules here."""
from __future__ import annotations

from collections.abc import Mapping

RELATIVE_WORDS = frozenset(
    "what who whom whose which whatever whoever whether when where why how of by if that it its with without".split()
)
"""First words that a docstring may not have: it begins with a verb in the imperative (a function) or names its subject (a module or class)."""

MODULE_NAMES = frozenset("util utils helper helpers base manager managers common commons misc miscellaneous shared stuff lib core tool general various".split())
"""Names that no module or package may have: they tell nothing of the contents. A module is named for what it owns, such as `retries`."""

MODULE_EXCEPTIONS: Mapping[str, str] = {
    "persistence/models/base.py": "SQLAlchemy's term: the declarative base of all models",
}
"""Modules that have one of these names all the same, and why."""

SESSION = "session"
"""The name of every database session."""
CONNECTION = "connection"
"""The name of an executor of plain queries, unless it is a session."""

SESSION_TYPES = frozenset({"Session", "AsyncSession"})
SESSION_FUNCTIONS = frozenset({"database.session", "database.transaction"})
"""Annotations and context managers whose values are database sessions."""
CONNECTION_TYPES = frozenset({"SupportsFetch"})
"""Annotations of executors of plain queries."""

TERMS: Mapping[str, str] = {
    "anybody|everybody|nobody|somebody|whoever": "who acts: the user, the client, the worker, the operator",
    "desks?": "run context",
    "doors?": "endpoint, entry point or gateway",
    "envelopes?": "request middleware",
    "gives? (?:it |them )?up on|given up on": "mark as FAILED",
    "hands? back|handed back|handing back": "release",
    "in hand": "in flight, prefetched",
    "ledgers?": "job queue",
    "nights": "nightly jobs, job runs",
    "paid for": "billed",
    "pe(?:rson|ople)": "user",
    "riddles?": "a plain sentence",
    "rooms?|houses?|floors?": "package, project, layer",
    "yardsticks?": "baseline",
}
"""Words of a private language, as regular expressions of whole words, and the field's terms for them. Text in backticks is code and not checked."""

TERM_EXCEPTIONS: Mapping[tuple[str, str], str] = {}
"""The reasons for words that are right in a file, by the file and the word in lower case."""

TEST_NAME_WORDS = 3
"""Minimum number of words after `test_`: the unit, the condition and the result."""

TEST_FIRST_WORDS = frozenset(
    "a an the this these those that it its and or but if no not only each every all any some both such nobody nothing somebody everybody everything "
    "what who whom whose which whatever whoever whether when where why how".split()
)
"""First words that a test's name may not have: it begins with the unit under test, which may be a function such as `with_permissions`."""
