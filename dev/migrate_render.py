"""Migrations as SQL for `persistence.migrator`: the statements that Alembic would send to the server, stored beside the migrations."""
from __future__ import annotations

import io
import re

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import Script

from dev import migrate
from dev.errors import CommandError
from persistence.migrator import STATEMENTS
from persistence.models import Model
from persistence.revisions import Revision, find_revision

TAKEN_AWAY = re.compile(
    r"\bDROP (?:TABLE|VIEW|COLUMN)\b|\bRENAME (?!CONSTRAINT\b)(?:COLUMN )?(?:\w+ )?TO\b"
    r"|\bALTER COLUMN \S+ (?:SET NOT NULL|TYPE)\b|\bADD COLUMN (?![^;]*\bDEFAULT\b)[^;]*\bNOT NULL\b",
    re.IGNORECASE,
)
"""Statements that break older code: they remove something that it reads, or require more than it writes."""

RENAMED = re.compile(r"\bALTER (?:(?P<index>INDEX)|TABLE) (?P<table>\w+) RENAME (?:(?:COLUMN )?(?P<column>\w+) )?TO (?P<new>\w+);", re.IGNORECASE)
"""A rename of a table, a column or an index."""


def render(check: bool = False) -> int:
    """Write the files, or with `check` only compare them, and return the exit status.

    Raises `CommandError` for a migration whose name does not declare which code it breaks, or that is not made of statements alone.
    """
    wanted = rendered(list(migrate.scripts().walk_revisions())[::-1])
    found = {path.name: path.read_text(encoding="utf-8") for path in STATEMENTS.glob("*.sql")}
    if check:
        print("the SQL files are up to date" if wanted == found else "the SQL files do not match the migrations: run `unilife migrate render`")
        return int(wanted != found)
    for name in found.keys() - wanted.keys():
        (STATEMENTS / name).unlink()
    for name, content in wanted.items():
        (STATEMENTS / name).write_text(content, encoding="utf-8")
    print(f"{len(wanted)} migrations were written to {STATEMENTS}")
    return 0


def rendered(scripts: list[Script]) -> dict[str, str]:
    """Return each migration's file, in order. Raises `CommandError` as `render` does."""
    files: dict[str, str] = {}
    before = Revision(0, 0)
    for script in scripts:
        statements = _statements(script)
        before = _checked(script.revision, statements, before)
        files[f"{script.revision}.sql"] = f"-- {script.doc}\n\n{statements}"
    return files


def _checked(name: str, statements: str, before: Revision) -> Revision:
    """Return the revision that the name declares, after checking it against the statements."""
    revision = find_revision(name)
    if revision is None or revision.number <= before.number:
        raise CommandError(f"migration {name} follows {before.number:04}: give it a greater number, as persistence/revisions.py explains")
    if revision.minimum_code < before.minimum_code:
        wanted = f"{revision.number:04}.{before.minimum_code:04}"
        raise CommandError(f"migration {name}: code older than {before.minimum_code:04} is no longer compatible: name it {wanted}")
    taken = TAKEN_AWAY.search(_without_kept_names(statements))
    if taken and revision.minimum_code == before.minimum_code:
        raise CommandError(
            f"migration {name} removes something that older code needs ({' '.join(taken[0].split())}): name it {revision.number:04}.N, "
            "where N is the revision of the oldest code that does not need it"
        )
    return revision


def _without_kept_names(statements: str) -> str:
    """Return the statements without the renames that older code does not notice: of an index, or with a later view that shows the old name."""

    def rest(renamed: re.Match[str]) -> str:
        table, column, new = renamed["table"], renamed["column"], renamed["new"]
        view = rf"{table} AS SELECT t\.\*[^;]* FROM {new} t" if column is None else rf"\w+ AS SELECT t\.\*[^;]*, t\.{new} AS {column}\b[^;]* FROM {table} t"
        kept = renamed["index"] or re.search(rf"\bCREATE VIEW {view};", statements[renamed.end() :], re.IGNORECASE)
        return "" if kept else renamed[0]

    return RENAMED.sub(rest, statements)


def _statements(script: Script) -> str:
    """Return the migration's statements, without Alembic's own bookkeeping."""
    written = io.StringIO()
    options = {"as_sql": True, "output_buffer": written, "literal_binds": True, "target_metadata": Model.metadata}
    context = MigrationContext.configure(dialect_name="postgresql", dialect_opts={"paramstyle": "named"}, opts=options)
    try:
        with Operations.context(context):
            script.module.upgrade()
    except AttributeError as error:  # the migration queries the database, but there is no connection
        raise CommandError(f"migration {script.revision} queries the database, but only its statements are run: {error}") from error
    return "\n".join(line.rstrip() for line in written.getvalue().strip().splitlines()) + "\n"
