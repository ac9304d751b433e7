"""Networks that stand for clients in counters: an IPv6 customer has many addresses, which count as one client."""
from __future__ import annotations

from ipaddress import IPv6Address, ip_address

CUSTOMER_PREFIX = 64
"""Bits of IPv6 that one customer has at least; the rest are theirs to choose."""
SITE_PREFIX = 48
"""Bits that a provider gives to one site at most (RFC 6177, section 2): within it one customer may have 65,536 networks."""


def client_network(address: str | None, prefix: int = CUSTOMER_PREFIX) -> str:
    """Return what an address counts as: itself for IPv4, its first `prefix` bits for IPv6, nothing for what is none."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return ""
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return f"{int(found) >> (128 - prefix):x}/{prefix}"
    return str(getattr(found, "ipv4_mapped", None) or found)


def is_ipv6(address: str | None) -> bool:
    return "/" in client_network(address)
