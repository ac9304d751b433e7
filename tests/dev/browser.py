"""Debian's chromium without a screen, driven over its DevTools protocol: JSON messages, each ended by NUL, on descriptors 3 and 4."""
from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from typing import Any, BinaryIO

from tests.requirements import find_program

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--remote-debugging-pipe", "--window-size=1400,900",
)
KEYS = {"Tab": (9, ""), "Enter": (13, "\r"), "Escape": (27, ""), "ArrowLeft": (37, ""), "ArrowRight": (39, "")}
"""The keys that `press_key` knows, with their codes and what they type."""
SHIFT = 8
PATIENCE_SECONDS = 60.0
"""Seconds that a page may take to show something on a busy machine."""


class Page:
    """One tab. `requested` holds the addresses of all its requests, `logged` exceptions and what the content security policy refused."""

    def __init__(self, to_browser: BinaryIO, from_browser: BinaryIO) -> None:
        self._to, self._from = to_browser, from_browser
        self._number = 0
        self._session: str | None = None
        self.requested: list[str] = []
        self.logged: list[str] = []
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self._call(f"{domain}.enable")

    def open_tab(self) -> Page:
        """Return a second tab of the browser."""
        return Page(self._to, self._from)

    def close(self) -> None:
        """Close the tab."""
        self._call("Page.close")

    def open(self, url: str) -> None:
        self._call("Page.navigate", url=url)

    def evaluate(self, script: str) -> Any:
        """Return the value of an expression in the page, awaiting a promise. Raises AssertionError when it throws."""
        result = self._call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in result, result["exceptionDetails"]
        return result["result"].get("value")

    def wait_for(self, script: str) -> Any:
        """Return the expression's value as soon as it is true. Raises AssertionError when it does not become true."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            found = self.evaluate(script)
            if found:
                return found
            time.sleep(0.1)
        raise AssertionError(f"not within {PATIENCE_SECONDS:g} s: {script}; the page shows: {self.evaluate('document.body.innerText')!r}; {self.logged}")

    def click(self, element: str) -> None:
        """Click with the mouse on the element that the expression gives, once it is there."""
        where = self.wait_for(f"(box => box && box.width && [box.x + box.width / 2, box.y + box.height / 2])(({element})?.getBoundingClientRect())")
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self._call("Input.dispatchMouseEvent", type=kind, x=where[0], y=where[1], button="left", clickCount=1)

    def press_key(self, key: str, shift: bool = False) -> None:
        """Press and release a key of `KEYS`, as the keyboard does."""
        code, text = KEYS[key]
        given = {"key": key, "code": key, "windowsVirtualKeyCode": code, "modifiers": SHIFT if shift else 0}
        self._call("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", **given, **({"text": text} if text else {}))
        self._call("Input.dispatchKeyEvent", type="keyUp", **given)

    def type_text(self, text: str) -> None:
        """Write into what has the keyboard."""
        self._call("Input.insertText", text=text)

    def save_downloads_to(self, directory: str) -> None:
        """Let downloads arrive in this directory."""
        self._call("Browser.setDownloadBehavior", behavior="allow", downloadPath=directory)

    def show_as(self, width: int, height: int, scheme: str) -> None:
        """Give the page this size in pixels and this color scheme, `light` or `dark`."""
        self._call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self._call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def choose_file(self, selector: str, path: str) -> None:
        """Choose a file in the input of this selector."""
        document = self._call("DOM.getDocument")["root"]["nodeId"]
        node = self._call("DOM.querySelector", nodeId=document, selector=selector)["nodeId"]
        self._call("DOM.setFileInputFiles", nodeId=node, files=[path])

    def screenshot(self) -> str:
        """Return a picture of the page: PNG in base64."""
        return str(self._call("Page.captureScreenshot")["data"])

    def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters, **({"sessionId": self._session} if self._session else {})}
        self._to.write(json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == self._number:
                assert "error" not in answer, f"{method}: {answer['error']}"
                return dict(answer["result"])
            self._note(answer)

    def _note(self, event: dict[str, Any]) -> None:
        if event.get("method") == "Network.requestWillBeSent":
            self.requested.append(event["params"]["request"]["url"])
        if event.get("method") == "Runtime.exceptionThrown":
            self.logged.append(str(event["params"]["exceptionDetails"]))
        entry = event["params"]["entry"] if event.get("method") == "Log.entryAdded" else {}
        if entry.get("source") == "security":  # what the page's content security policy refused
            self.logged.append(str(entry))

    def _read(self) -> dict[str, Any]:
        found = bytearray()
        while (byte := self._from.read(1)) != b"\0":
            assert byte, "the browser has ended"
            found += byte
        return dict(json.loads(found))


@contextlib.contextmanager
def browser() -> Iterator[Page]:
    """Start a browser with one empty page. Skips or fails the test when chromium is not installed."""
    program = find_program("chromium", "chromium-browser", package="chromium")
    read_commands, write_commands = os.pipe()
    read_answers, write_answers = os.pipe()
    with tempfile.TemporaryDirectory(prefix="unilife-browser-", ignore_cleanup_errors=True) as profile:
        script = f'exec "$@" 3<&{read_commands} 4>&{write_answers}'
        process = subprocess.Popen(
            ["bash", "-c", script, "bash", program, *FLAGS, f"--user-data-dir={profile}", "about:blank"], pass_fds=(read_commands, write_answers),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )
        os.close(read_commands)
        os.close(write_answers)
        with open(write_commands, "wb", buffering=0) as to_browser, open(read_answers, "rb") as from_browser:
            try:
                yield Page(to_browser, from_browser)
            finally:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
