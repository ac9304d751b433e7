"""How often somebody may try a password, and make accounts, across all instances.

Numbers after NIST SP 800-63B-4, 3.2.2 (at most 100 failures in a row for an account; waits that grow from 30 seconds to an hour; addresses from
which the person signed in before are told apart; their success forgets their failures) and OWASP's authentication cheat sheet (count by
account, not by address alone; growing delays, since a lock for good is a weapon).

A try is counted by e-mail with address, by e-mail, and by address: of IPv6 by the customer's prefix and by the site's, which may hold 65,536 customers'.
Where the platform tells no address, it is counted by the installation. Who signed in from an address before is held up there by failures from that
address alone, so nobody elsewhere can lock them out. Tries during a wait are refused, right or wrong, and prolong nothing. It is all
the same, in words and in time, whether the account exists.
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
from persistence.queries.throttling import ThrottleRule, count_attempt, forget_account, record_success
from resolvers.client_network import SITE_PREFIX, client_network, is_ipv6
from resolvers.errors import RateLimited

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

FREE_FAILURES_PER_CLIENT = 5
"""Failures of one address at one account that wait for nothing."""
FREE_BY_ACCOUNT = 20
"""Failures at one account from all addresses together that are not its person's."""
FREE_BY_ADDRESS = 100
"""Failures of one address at all accounts where nobody signed in from there before: an office or a mobile network is one address."""
FREE_BY_SITE = 400
"""Failures of one site's IPv6 prefix at all accounts."""
FREE_BY_INSTALLATION = 1000
"""Failures of all together that come without an address."""
SITE_REGISTRATIONS = 5
"""Times REGISTRATIONS_PER_ADDRESS: accounts made from one site's IPv6 prefix, or tried to."""
INSTALLATION_REGISTRATIONS = 10
"""Times REGISTRATIONS_PER_ADDRESS: accounts made, or tried to, where the platform tells no address."""
REGISTRATIONS_PER_EMAIL = 5
"""Tries to make an account with one e-mail address, wherever they come from: each tells whether it has one."""
MAX_FAILURES = 100
"""Failures in a row at one account; then a day's pause."""
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
LONGEST_WAIT_OF_ADDRESS = timedelta(minutes=15)
LONGEST_WAIT_OF_INSTALLATION = timedelta(minutes=1)
"""Short, since it holds up everybody."""
FORGOTTEN_AFTER = timedelta(days=1)
"""Without a further try."""
TRUSTED_FOR = timedelta(days=90)
"""How long a place is known after a sign-in there."""


@dataclass(frozen=True)
class PasswordAttempt:
    """A try that may go on. `user` is the account's person, None where there is no such account."""

    user: User | None
    own: ThrottleRule
    others: Sequence[ThrottleRule]

    async def succeeded(self, session: AsyncSession) -> None:
        """The password was right: in the transaction of what it opens."""
        await record_success(session, self.own, self.others, trusted_for=TRUSTED_FOR)


async def begin_password_attempt(email: str, client_address: str | None, *, signed_in: bool = False) -> PasswordAttempt:
    """Count a try at the password of the account with this normal e-mail address. Raises `RateLimited`.

    Who is `signed_in` there already is held up by their own failures alone.
    """
    account = _hash("account", email)
    own = _counter(_hash("place", email, client_network(client_address)), account, FREE_FAILURES_PER_CLIENT)
    others = [_counter(account, account, FREE_BY_ACCOUNT)]
    others += _networks("address", client_address, FREE_BY_ADDRESS, FREE_BY_SITE, FREE_BY_INSTALLATION)
    if signed_in:
        others = []
    async with database.transaction() as session:
        admission = await count_attempt(session, own, others, email=email, trusted=signed_in)
    if not admission.allowed:
        raise _limited("too many wrong passwords", admission.wait)
    return PasswordAttempt(admission.user, own, others)


async def count_registration(email: str, client_address: str | None) -> None:
    """Count an account that is to be made with this normal e-mail address. Raises `RateLimited`."""
    free = settings.current().registrations_per_address
    own, *others = _networks("registration", client_address, free, free * SITE_REGISTRATIONS, free * INSTALLATION_REGISTRATIONS)
    others.append(_counter(_hash("registration of", email), _hash("account", email), REGISTRATIONS_PER_EMAIL))
    async with database.transaction() as session:
        admission = await count_attempt(session, own, others)
    if not admission.allowed:
        raise _limited("too many new accounts from this address", admission.wait)


def _networks(what: str, client_address: str | None, of_address: int, of_site: int, of_installation: int) -> list[ThrottleRule]:
    """Return the counters of an address with the failures that each lets pass; that of the installation where there is none."""
    network = client_network(client_address)
    if not network:
        return [_counter(_hash(what, ""), None, of_installation, LONGEST_WAIT_OF_INSTALLATION)]
    counters = [_counter(_hash(what, network), None, of_address, LONGEST_WAIT_OF_ADDRESS)]
    if is_ipv6(client_address):
        counters.append(_counter(_hash(what, client_network(client_address, SITE_PREFIX)), None, of_site, LONGEST_WAIT_OF_ADDRESS))
    return counters


async def delete_counters(session: AsyncSession, email: str) -> None:
    """The account is gone, and with it what was counted about it."""
    await forget_account(session, _hash("account", email))


def _limited(what: str, wait: float) -> RateLimited:
    seconds = float(math.ceil(wait) or 1)
    return RateLimited(f"{what}: try again in {seconds:.0f} seconds", seconds)


def _counter(key: bytes, account: bytes | None, free: int, longest: timedelta = LONGEST_WAIT) -> ThrottleRule:
    return ThrottleRule(key, account, free, FIRST_WAIT, longest, MAX_FAILURES if account else None, FORGOTTEN_AFTER)


def _hash(*parts: str) -> bytes:
    """Keyed, since e-mails and addresses could be guessed from a plain hash."""
    text = "\0".join(("throttle", *parts)).encode(errors="surrogatepass")
    return hmac.digest(settings.current().jwt_secret_key.reveal().encode(), text, hashlib.sha256)
