"""A model that answers as the offline model does, until a test asks it to hold an answer, or to give one of the test's own."""
from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from dev.offline_model import serve
from tests.paced_model import PacedModel, paced_model

CHUNK_BYTES = 65_536


class SteeredModel:
    """`settings` are those of a server that uses the model; `hold` and `release` pace the chat's answers that begin between them."""

    def __init__(self, paced: PacedModel, offline: str) -> None:
        self._paced = paced
        self._offline = offline
        self.settings = {"DEEPSEEK_BASE_URL": paced.address, "DEEPSEEK_API_KEY": "offline", "DEEPSEEK_MODEL": "unilife-offline", "SUGGESTED_REPLIES": "true"}
        self.release()

    def hold(self, first: str, rest: str = "") -> None:
        """Send `first` to the next chats, and `rest` when `go_on` is called."""
        self._paced.forward = None
        self._paced.restart(first, rest)

    def go_on(self) -> None:
        self._paced.go_on.set()

    def release(self) -> None:
        """Answer as the offline model again, without faults."""
        self._paced.go_on.set()
        self._paced.forward = self._ask_offline
        self._post("/reset", {})

    def fail(self, kind: str) -> None:
        """Let each call fail until `release`, by a kind of `dev.offline_model.faults`."""
        self._post("/faults", {"always": kind})

    def _post(self, path: str, body: object) -> None:
        url = urlsplit(self._offline)
        connection = HTTPConnection(url.hostname or "", url.port)
        connection.request("POST", path, json.dumps(body))
        assert connection.getresponse().status == 200
        connection.close()

    def _ask_offline(self, body: bytes) -> tuple[int, str, Iterator[bytes]]:
        """Return the status, the type and the pieces of the offline model's answer."""
        url = urlsplit(self._offline)
        connection = HTTPConnection(url.hostname or "", url.port)
        connection.request("POST", f"{url.path}/chat/completions", body, {"content-type": "application/json"})
        answer: Any = connection.getresponse()
        return answer.status, answer.getheader("content-type"), iter(lambda: answer.read1(CHUNK_BYTES), b"")


@contextmanager
def steered_model() -> Iterator[SteeredModel]:
    with serve() as offline, paced_model("") as paced:
        yield SteeredModel(paced, offline)
