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
        return "DEEPSEEK_BASE_URL is not a valid URL"
    encrypted = ssl.create_default_context() if address.scheme == "https" else None
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(host, port, ssl=encrypted), seconds)
    except (asyncio.TimeoutError, TimeoutError):
        return f"no connection within {seconds:.0f} s"
    except ssl.SSLError as error:
        return f"TLS failed: {error.reason or 'no reason given'}"
    except OSError as error:
        return f"no connection: {error.strerror or type(error).__name__}"
    writer.close()
    return "a connection can be opened, but the response was not valid HTTP"
