"""Rules for files of wheels that the function never reads. Each rule has its reason; the smoke test runs the pruned package."""
from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import NamedTuple


class Rule(NamedTuple):
    """A rule with patterns of whole paths; `*` crosses directories."""

    reason: str
    patterns: tuple[str, ...]


METADATA_READ = ("httpx2-*", "httpcore2-*", "argon2_cffi-*")
"""Distributions that read their own version from `importlib.metadata`, which needs the METADATA file."""

RULES = (
    Rule("type information, only for type checkers", ("*.pyi", "*/py.typed")),
    Rule("sources of compiled extensions", ("*.c", "*.cpp", "*.h", "*.hpp", "*.pyx", "*.pxd", "*.pxi", "greenlet/platform/*")),
    Rule("tests", ("*/tests/*", "asyncpg/_testbase/*", "sqlalchemy/testing/*", "strawberry/test/*", "cross_web/testing/*", "starlette/testclient.py",
                   "anyio/pytest_plugin.py")),
    Rule("installer metadata; the package's own list has the versions", ("*.dist-info/*",)),
    Rule("cffi's compiler; only _cffi_backend is used at run time", ("cffi/*", "pycparser/*", "*/_ffi_build.py")),
    Rule("dialects of other databases", tuple(f"sqlalchemy/dialects/{name}/*" for name in ("mssql", "mysql", "oracle", "sqlite"))),
    Rule("plugins for mypy", ("sqlalchemy/ext/mypy/*", "pydantic/mypy.py", "strawberry/ext/mypy_plugin.py")),
    Rule("passlib beyond the hashes themselves: Django, word lists for passphrases", ("passlib/ext/*", "passlib/_data/*", "passlib/pwd.py")),
    Rule("pydantic 1 inside pydantic 2", ("pydantic/v1/*",)),
    Rule("integrations of other web frameworks, code generators, command-line tools", tuple(
        f"strawberry/{name}/*" for name in (
            "aiohttp", "chalice", "channels", "cli", "codegen", "codemods", "django", "fastapi", "flask", "litestar", "quart", "sanic", "schema_codegen")
    ) + ("strawberry/__main__.py", "strawberry/extensions/tracing/*", "strawberry/experimental/pydantic/*")),
    Rule("pages for browsers that load scripts from a public CDN", ("strawberry/static/*",)),
    Rule("used by Strawberry only for tracing with Datadog", ("packaging/*",)),
    Rule("other APIs of the client; only chat.completions is used", (
        "openai/cli/*", "openai/helpers/*", "openai/lib/live/*", "openai/lib/beta/*",
        *(f"openai/resources/{name}/*" for name in (
            "admin", "audio", "beta", "containers", "conversations", "evals", "fine_tuning", "live", "realtime", "responses", "skills", "uploads",
            "vector_stores", "webhooks")),
        "openai/types/admin/*", "openai/types/beta/*")),
)  # fmt: skip


def find_reason(path: PurePosixPath) -> str | None:
    """Return why a file is left out; None for one that stays."""
    if path.name == "METADATA" and any(fnmatchcase(path.parts[0], name + ".dist-info") for name in METADATA_READ):
        return None
    text = path.as_posix()
    return next((rule.reason for rule in RULES if any(fnmatchcase(text, pattern) for pattern in rule.patterns)), None)
