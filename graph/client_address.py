"""The client's address as the platform's header tells it."""
from __future__ import annotations

from starlette.types import Scope

from resolvers.client_network import client_network


def last_hop(scope: Scope, header: bytes) -> str | None:
    """Return what the nearest proxy wrote: a client can write all that stands before. None where that is no address."""
    given = last_value(scope, header)
    found = given.rpartition(",")[2].strip() if given else ""
    return found if client_network(found) else None


def last_value(scope: Scope, header: bytes) -> str | None:
    """Return the last value of a header, whose name is given in lower case; None where the request has none."""
    values = [value for name, value in scope["headers"] if name.lower() == header]
    return values[-1].decode("latin-1") if values else None
