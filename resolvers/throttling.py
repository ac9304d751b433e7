"""Rate limits of password attempts and registrations, across all instances.

The numbers follow NIST SP 800-63B-4, 3.2.2 (at most 100 consecutive failures for an account; waits that grow from 30 seconds to an hour;
addresses from which the user signed in before are counted separately; a success resets the user's failures) and OWASP's authentication
cheat sheet (count by account, not by address alone; growing delays, since a permanent lock is a weapon).

An attempt is counted by e-mail with address, by e-mail, and by address: for IPv6 by the customer's prefix and by the site's, which may hold
65,536 customers' prefixes. Where the platform passes no address, it is counted for the installation. A user who signed in from an address
before is delayed there only by failures from that address, so clients elsewhere cannot lock them out. Attempts during a wait are refused,
right or wrong, and do not prolong it. Text and timing of the response do not depend on whether the account exists.
"""
from __future__ import annotations

import hashlib
import hmac
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import settings
from persistence import database
from persistence.models import User
from persistence.queries.throttling import ThrottleRule, count_attempt, delete_account_counters, record_success
from resolvers.client_network import SITE_PREFIX, client_network, is_ipv6
from resolvers.errors import RateLimited

if TYPE_CHECKING:
    from persistence.database import Session

FREE_FAILURES_PER_CLIENT = 5
"""Failures of one address at one account before the first wait."""
FREE_BY_ACCOUNT = 20
"""Failures at one account from all addresses from which its user has not signed in."""
FREE_BY_ADDRESS = 100
"""Failures of one address at all accounts that were never signed in to from there: an office or a mobile network shares one address."""
FREE_BY_SITE = 400
"""Failures of one site's IPv6 prefix at all accounts."""
FREE_BY_INSTALLATION = 1000
"""Failures of all clients without an address."""
SITE_REGISTRATIONS = 5
"""Factor of REGISTRATIONS_PER_ADDRESS for registrations, also failed ones, from one site's IPv6 prefix."""
INSTALLATION_REGISTRATIONS = 10
"""Factor of REGISTRATIONS_PER_ADDRESS for registrations, also failed ones, where the platform passes no address."""
REGISTRATIONS_PER_EMAIL = 5
"""Registrations with one e-mail address from all clients, also failed ones: each reveals whether the address has an account."""
MAX_FAILURES = 100
"""Consecutive failures at one account before a pause of a day."""
FIRST_WAIT = timedelta(seconds=30)
MAX_WAIT = timedelta(hours=1)
MAX_WAIT_OF_ADDRESS = timedelta(minutes=15)
MAX_WAIT_OF_INSTALLATION = timedelta(minutes=1)
"""Short, because it delays all users."""
FORGOTTEN_AFTER = timedelta(days=1)
"""Lifetime of a counter after its last attempt."""
TRUSTED_FOR = timedelta(days=90)
"""Time for which a client's network is trusted after a sign-in from it."""


@dataclass(frozen=True)
class PasswordAttempt:
    """A password attempt that was admitted. `user` is the account's user, None if there is no such account."""

    user: User | None
    own: ThrottleRule
    others: Sequence[ThrottleRule]

    async def record_success(self, session: Session) -> None:
        """Record a right password, within the transaction of what it authorizes."""
        await record_success(session, self.own, self.others, trusted_for=TRUSTED_FOR)


async def begin_password_attempt(email: str, client_address: str | None, *, signed_in: bool = False) -> PasswordAttempt:
    """Count an attempt at the password of the account with this normalized e-mail address. Raises `RateLimited`.

    A client that is `signed_in` to the account is delayed only by its own failures.
    """
    account = _hash("account", email)
    own = _counter(_hash("place", email, client_network(client_address)), account, FREE_FAILURES_PER_CLIENT)
    others = [_counter(account, account, FREE_BY_ACCOUNT)]
    others += _networks("address", client_address, FREE_BY_ADDRESS, FREE_BY_SITE, FREE_BY_INSTALLATION)
    if signed_in:
        others = []
    async with database.transaction(counting=True) as session:
        admission = await count_attempt(session, own, others, email=email, trusted=signed_in)
    if not admission.allowed:
        raise _to_rate_limited("too many failed password attempts", admission.wait)
    return PasswordAttempt(admission.user, own, others)


async def count_registration(email: str, client_address: str | None) -> None:
    """Count a registration with this normalized e-mail address. Raises `RateLimited`."""
    free = settings.current().registrations_per_address
    own, *others = _networks("registration", client_address, free, free * SITE_REGISTRATIONS, free * INSTALLATION_REGISTRATIONS)
    others.append(_counter(_hash("registration of", email), _hash("account", email), REGISTRATIONS_PER_EMAIL))
    async with database.transaction(counting=True) as session:
        admission = await count_attempt(session, own, others)
    if not admission.allowed:
        raise _to_rate_limited("too many registrations from this client address", admission.wait)


def _networks(what: str, client_address: str | None, of_address: int, of_site: int, of_installation: int) -> list[ThrottleRule]:
    """Return the counters of an address, each with its number of free attempts; without an address, the installation's counter."""
    network = client_network(client_address)
    if not network:
        return [_counter(_hash(what, ""), None, of_installation, MAX_WAIT_OF_INSTALLATION)]
    counters = [_counter(_hash(what, network), None, of_address, MAX_WAIT_OF_ADDRESS)]
    if is_ipv6(client_address):
        counters.append(_counter(_hash(what, client_network(client_address, SITE_PREFIX)), None, of_site, MAX_WAIT_OF_ADDRESS))
    return counters


async def delete_counters(session: Session, email: str) -> None:
    """Delete the counters of an account that is being deleted."""
    await delete_account_counters(session, _hash("account", email))


def _to_rate_limited(what: str, wait: float) -> RateLimited:
    seconds = float(math.ceil(wait) or 1)
    unit = "second" if seconds == 1 else "seconds"
    return RateLimited(f"{what}: try again in {seconds:.0f} {unit}", seconds)


def _counter(key: bytes, account: bytes | None, free: int, longest: timedelta = MAX_WAIT) -> ThrottleRule:
    return ThrottleRule(key, account, free, FIRST_WAIT, longest, MAX_FAILURES if account else None, FORGOTTEN_AFTER)


def _hash(*parts: str) -> bytes:
    """Return a keyed hash: e-mail and IP addresses could be guessed from a plain one."""
    text = "\0".join(("throttle", *parts)).encode(errors="surrogatepass")
    return hmac.digest(settings.current().jwt_secret_key.reveal().encode(), text, hashlib.sha256)
