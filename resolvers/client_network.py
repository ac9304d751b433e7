"""Networks that identify clients in counters: an IPv6 customer has many addresses, which count as one client."""
from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv6Address, ip_address

CUSTOMER_PREFIX = 64
"""Bits of the smallest IPv6 prefix that one customer has; the customer chooses the remaining bits."""
SITE_PREFIX = 48
"""Bits of the largest prefix that a provider assigns to one site (RFC 6177, section 2): one customer may have 65,536 networks within it."""


MAX_CACHED_ADDRESSES = 1024
"""Addresses whose network is cached: each request asks for its client's twice."""
MAX_CACHED_LENGTH = 45
"""Maximum characters of a cached address; an IPv6 address has no more. A longer text may be anything that a header contains."""


def client_network(address: str | None, prefix: int = CUSTOMER_PREFIX) -> str:
    """Return the counted network of an address: IPv4 addresses unchanged, the first `prefix` bits of IPv6, an empty string for an invalid address."""
    given = address or ""
    return _kept_network(given, prefix) if len(given) <= MAX_CACHED_LENGTH else _network(given, prefix)


def _network(address: str, prefix: int) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return f"{int(found) >> (128 - prefix):x}/{prefix}"
    return str(getattr(found, "ipv4_mapped", None) or found)


_kept_network = lru_cache(maxsize=MAX_CACHED_ADDRESSES)(_network)


def is_ipv6(address: str | None) -> bool:
    return "/" in client_network(address)
