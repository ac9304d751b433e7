"""A model that answers as the offline model does, until a test asks it to hold an answer, or to give one of the test's own."""
from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
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
        with closing(self._connect()) as connection:
            connection.request("POST", path, json.dumps(body))
            assert connection.getresponse().status == 200

    def _connect(self) -> HTTPConnection:
        url = urlsplit(self._offline)
        return HTTPConnection(url.hostname or "", url.port)

    def _ask_offline(self, body: bytes) -> tuple[int, str, Iterator[bytes]]:
        """Return the status, the type and the pieces of the offline model's answer."""
        connection = self._connect()
        connection.request("POST", "/v1/chat/completions", body, {"content-type": "application/json"})
        answer = connection.getresponse()

        def pieces() -> Iterator[bytes]:
            with closing(connection), answer:
                while piece := answer.read1(CHUNK_BYTES):
                    yield piece

        return answer.status, answer.getheader("content-type", "application/json"), pieces()


@contextmanager
def steered_model() -> Iterator[SteeredModel]:
    with serve() as offline, paced_model("") as paced:
        yield SteeredModel(paced, offline)
