"""The provider's client: created at first use, one per event loop, with connections that are kept alive between calls."""

from __future__ import annotations

import asyncio
import platform
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import settings
from llm import retired_models
from llm.errors import ModelUnauthorized

if TYPE_CHECKING:
    from openai import AsyncOpenAI

CONNECT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class _Connection:
    base_url: str
    api_key: str
    client: AsyncOpenAI


_connections: WeakKeyDictionary[asyncio.AbstractEventLoop, _Connection] = WeakKeyDictionary()


async def client() -> AsyncOpenAI:
    """Return this event loop's client for the current settings. Raises ModelUnauthorized when the settings contain no key."""
    current = settings.current()
    retired_models.warn()
    address = (current.deepseek_base_url, current.deepseek_api_key.reveal())
    loop = asyncio.get_running_loop()
    held = _connections.get(loop)
    if held is not None and (held.base_url, held.api_key) == address:
        return held.client
    made = _connections[loop] = _Connection(*address, _connect(*address))
    if held is not None:
        await held.client.close()
    return made.client


async def close() -> None:
    """Close this event loop's connections; the next call opens new ones."""
    held = _connections.pop(asyncio.get_running_loop(), None)
    if held is not None:
        await held.client.close()


def _connect(base_url: str, api_key: str) -> AsyncOpenAI:
    """Return a client without retries of its own: it would sleep as long as a 429 response requests, which uses up the function's time."""
    if not api_key:
        raise ModelUnauthorized
    from openai import AsyncOpenAI  # not needed before the first call

    from llm.connection_pools import make_http_client

    _spare_process()
    return AsyncOpenAI(api_key=api_key, base_url=base_url, max_retries=0, http_client=make_http_client())


def _spare_process() -> None:
    """Set the processor's name as unknown, unless it is known already.

    At its first call openai asks `platform.platform()` for the system's name, which it puts into a header. That starts `uname -p` for the processor, whose name
    openai does not use, and the first answer would wait for it.
    """
    getattr(platform.uname(), "__dict__", {}).setdefault("processor", "")
