"""Networks that identify clients in counters: an IPv6 customer has many addresses, which count as one client."""
from __future__ import annotations

from ipaddress import IPv6Address, ip_address

CUSTOMER_PREFIX = 64
"""Bits of the smallest IPv6 prefix that one customer has; the customer chooses the remaining bits."""
SITE_PREFIX = 48
"""Bits of the largest prefix that a provider assigns to one site (RFC 6177, section 2): one customer may have 65,536 networks within it."""


def client_network(address: str | None, prefix: int = CUSTOMER_PREFIX) -> str:
    """Return the counted network of an address: IPv4 addresses unchanged, the first `prefix` bits of IPv6, an empty string for an invalid address."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return ""
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return f"{int(found) >> (128 - prefix):x}/{prefix}"
    return str(getattr(found, "ipv4_mapped", None) or found)


def is_ipv6(address: str | None) -> bool:
    return "/" in client_network(address)
