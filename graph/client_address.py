"""The client's address from the header that the platform writes."""
from __future__ import annotations

from starlette.types import Scope

from resolvers.client_network import client_network


def last_hop(value: str | None) -> str | None:
    """Return the last address of a header's value, which the nearest proxy wrote, or None if it is no address. A client can forge all earlier ones."""
    found = (value or "").rpartition(",")[2].strip()
    return found if client_network(found) else None


def last_value(scope: Scope, header: bytes) -> str | None:
    """Return the last value of a header, or None if the request lacks it. `header` is in lower case."""
    values = [value for name, value in scope["headers"] if name.lower() == header]
    return values[-1].decode("latin-1") if values else None
