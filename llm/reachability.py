"""Diagnosis of an unreachable endpoint from the operating system's error, which the client's exceptions do not contain."""

from __future__ import annotations

import asyncio
import ssl
from urllib.parse import urlsplit

CONNECT_SECONDS = 5.0


async def explain_unreachable(base_url: str, seconds: float) -> str:
    """Open a connection without sending a request, and return the outcome as a text. No proxy is used."""
    try:
        address = urlsplit(base_url)
        host, port = address.hostname or "", address.port or (443 if address.scheme == "https" else 80)
    except ValueError:
        return "the address cannot be read"
    encrypted = ssl.create_default_context() if address.scheme == "https" else None
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(host, port, ssl=encrypted), seconds)
    except (asyncio.TimeoutError, TimeoutError):
        return f"no connection within {seconds:.0f} s"
    except ssl.SSLError as error:
        return f"no encrypted connection: {error.reason or 'TLS failed'}"
    except OSError as error:
        return f"no connection: {error.strerror or type(error).__name__}"
    writer.close()
    return "a connection can be opened, but nothing that can be read came over it"
