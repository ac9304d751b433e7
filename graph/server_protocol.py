"""HTTP connections of the server mode, with the limits that uvicorn lacks.

uvicorn 0.54 has a time limit for idle connections alone: any byte ends it, so headers or a body sent one byte at a time keep a connection open for ever, as
does a client that does not read its response (its settings page and protocols/http/h11_impl.py, read 2026-11-28). The application cannot limit this, because
it is called when the headers are complete. This protocol adds the time limits and closes a connection when all are taken: the one that has waited longest for
its client, so that unfinished requests never block finished ones.
"""
from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

_REFUSAL = b"HTTP/1.1 %s\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
TIMED_OUT, FULL = _REFUSAL % b"408 Request Timeout", _REFUSAL % b"503 Service Unavailable"


@dataclass(frozen=True)
class ConnectionLimits:
    """Limits of connections. Times are in seconds."""

    head: float = 10.0
    """Time from the connection, or the first byte of a further request, to the end of the headers."""
    body: float = 20.0
    body_rate: int = 64 * 1024
    """Bytes of a body that extend its time by one second: a slow connection may send a large import, but not one byte at a time."""
    linger: float = 5.0
    """Time to receive the rest of an unread body after the response, so that the client can read why its request was rejected."""
    unread: float = 20.0
    """Time in which a client that is slow to read its response must take `unread_bytes` more."""
    unread_bytes: int = 16 * 1024
    connections: int = 500
    connections_per_client: int | None = 100
    """Limit per address. None when all connections come from one proxy."""


class BoundedProtocol(H11Protocol):
    """uvicorn's HTTP/1.1 protocol with `limits`."""

    limits = ConnectionLimits()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # uvicorn narrows it too
        super().connection_made(transport)
        self._timer: asyncio.TimerHandle | None = None
        self._reading: asyncio.TimerHandle | None = None
        self._phase: str | None = None
        self._waiting_since, self._received, self._unread = time.monotonic(), 0, 0
        self._watch()
        self._make_room()

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        self._received += len(data)
        super().data_received(data)
        self._watch(len(data))

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.transport.is_closing():
            self._close()
        else:
            self._watch()
            if self._phase == "body":
                self._set_timer(self.limits.linger)

    def send_400_response(self, msg: str) -> None:
        super().send_400_response(msg)
        self._close()

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._set_timer(None)
        self._stop_reading_timer()
        super().connection_lost(exc)

    @property
    def _cycle(self) -> RequestResponseCycle | None:
        """The latest request and its response. uvicorn's annotation forgets that there is none before the first request."""
        return self.cycle

    def is_waiting(self) -> bool:
        """Return whether the next step is the client's: no complete request is being answered."""
        return self._cycle is None or self._cycle.response_complete or self._phase is not None

    def _watch(self, received: int = 0) -> None:
        """Start the time limit of the data that the client has to send next, when the phase has changed; `received` bytes may belong to it already."""
        phase = self._find_phase()
        if phase != self._phase:
            self._phase, self._waiting_since, self._received = phase, time.monotonic(), received
            self._set_timer({"head": self.limits.head, "body": self.limits.body}.get(phase or ""))

    def _find_phase(self) -> str | None:
        theirs = self.conn.their_state
        if theirs is h11.SEND_BODY:
            return "body"
        if theirs is h11.IDLE and (self._cycle is None or self.conn.trailing_data[0]):
            return "head"
        return None

    def _set_timer(self, seconds: float | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None if seconds is None else self.loop.call_later(seconds, self._expire)

    def _expire(self) -> None:
        """End the connection, unless the received part of a body has extended its time."""
        refused = self._cycle is not None and self._cycle.response_complete
        earned = self.limits.body + self._received / self.limits.body_rate if self._phase == "body" and not refused else 0.0
        left = self._waiting_since + earned - time.monotonic()
        if left > 0.01:
            return self._set_timer(left)
        self._end_with(TIMED_OUT)

    def _end_with(self, refusal: bytes) -> None:
        """End the connection, with `refusal` as the response if the client waits for one."""
        if self.transport.is_closing():
            return
        cycle = self._cycle
        answered = cycle is None or cycle.response_complete
        began = cycle is not None and cycle.response_started
        if refusal is FULL or (self._phase == "head" and self._received) or not (answered or began):
            self.transport.write(refusal)
        if cycle is not None and not answered:
            cycle.disconnected = True
            cycle.message_event.set()
        self.transport.close()
        self._close()

    def _close(self) -> None:
        """Limit the time that a closing connection waits for its client to read the rest."""
        self._set_timer(None)
        self._timer = self.loop.call_later(self.limits.unread, self.transport.abort)

    def _make_room(self) -> None:
        everyone: list[Any] = list(self.connections)
        mine = self.client[0] if self.client else None
        neighbors = [each for each in everyone if each.client and each.client[0] == mine]
        share = self.limits.connections_per_client
        full = neighbors if share is not None and len(neighbors) > share else everyone if len(everyone) > self.limits.connections else None
        if full is not None:
            waiting = [each for each in full if each is not self and each.is_waiting() and not each.transport.is_closing()]
            (min(waiting, key=lambda each: each._waiting_since) if waiting else self)._end_with(FULL)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread = self.transport.get_write_buffer_size()
        self._reading = self.loop.call_later(self.limits.unread, self._expect_reading)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._stop_reading_timer()

    def _expect_reading(self) -> None:
        left = self.transport.get_write_buffer_size()
        if self._unread - left < self.limits.unread_bytes:
            return self.transport.abort()
        self._unread = left
        self._reading = self.loop.call_later(self.limits.unread, self._expect_reading)

    def _stop_reading_timer(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None


def make_protocol(limits: ConnectionLimits) -> type[BoundedProtocol]:
    """Return the protocol with these limits."""
    return type(BoundedProtocol.__name__, (BoundedProtocol,), {"limits": limits})
