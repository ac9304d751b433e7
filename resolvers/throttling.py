"""How often somebody may try a password, and make accounts, across all instances.

Numbers after NIST SP 800-63B, 5.2.2 (at most 100 failures in a row for an account; waits that grow from 30 seconds to an hour; addresses from
which the person signed in before are told apart; their success forgets their failures) and OWASP's authentication cheat sheet (count by
account, not by address alone; growing delays, since a lock for good is a weapon).

A try is counted by e-mail with address, by e-mail, and by address. Who signed in from an address before is held up there by failures from that
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
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING

import settings
from persistence import database
from persistence.models import User
from persistence.queries.throttling import Counter, admit, forget_account, settle
from resolvers.errors import Limited

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

FREE_BY_PLACE = 5
"""Failures of one address at one account that wait for nothing."""
FREE_BY_ACCOUNT = 20
"""Failures at one account from all addresses together that are not its person's."""
FREE_BY_ADDRESS = 100
"""Failures of one address at all accounts where nobody signed in from there before: an office or a mobile network is one address."""
FREE_REGISTRATIONS = 20
"""Accounts made from one address, or tried to."""
MOST = 100
"""Failures in a row at one account; then a day's pause."""
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
LONGEST_WAIT_OF_ADDRESS = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)
"""Without a further try."""
TRUSTED_FOR = timedelta(days=90)
"""How long a place is known after a sign-in there."""
IPV6_PREFIX = 64
"""Bits that one customer has; the rest are theirs to choose."""


@dataclass(frozen=True)
class Try:
    """A try that may go on. `user` is the account's person, None where there is no such account."""

    user: User | None
    own: Counter
    others: Sequence[Counter]

    async def succeeded(self, writing: AsyncSession) -> None:
        """The password was right: in the transaction of what it opens."""
        await settle(writing, self.own, self.others, trusted_for=TRUSTED_FOR)


async def try_password(email: str, client_address: str | None, *, signed_in: bool = False) -> Try:
    """Count a try at the password of the account with this normal e-mail address. Raises `Limited`.

    Who is `signed_in` there already is held up by their own failures alone.
    """
    place = _place(client_address)
    account = _hash("account", email)
    own = _counter(_hash("place", email, place), account, FREE_BY_PLACE)
    others = [_counter(account, account, FREE_BY_ACCOUNT)]
    if client_address:
        others.append(_counter(_hash("address", place), None, FREE_BY_ADDRESS, LONGEST_WAIT_OF_ADDRESS))
    if signed_in:
        others = []
    async with database.transaction() as writing:
        admission = await admit(writing, own, others, email=email, trusted=signed_in)
    if not admission.allowed:
        raise _limited("too many wrong passwords", admission.wait)
    return Try(admission.user, own, others)


async def try_registration(client_address: str | None) -> None:
    """Count an account that is to be made from an address. Raises `Limited`. Without an address there is nothing to count by."""
    if not client_address:
        return
    counter = _counter(_hash("registration", _place(client_address)), None, FREE_REGISTRATIONS)
    async with database.transaction() as writing:
        admission = await admit(writing, counter, [])
    if not admission.allowed:
        raise _limited("too many new accounts from this address", admission.wait)


async def forget(writing: AsyncSession, email: str) -> None:
    """The account is gone, and with it what was counted about it."""
    await forget_account(writing, _hash("account", email))


def _limited(what: str, wait: float) -> Limited:
    seconds = float(math.ceil(wait) or 1)
    return Limited(f"{what}: try again in {seconds:.0f} seconds", seconds)


def _counter(key: bytes, account: bytes | None, free: int, longest: timedelta = LONGEST_WAIT) -> Counter:
    return Counter(key, account, free, FIRST_WAIT, longest, MOST if account else None, FORGOTTEN_AFTER)


def _hash(*parts: str) -> bytes:
    """Keyed, since e-mails and addresses could be guessed from a plain hash."""
    text = "\0".join(("throttle", *parts)).encode(errors="surrogatepass")
    return hmac.digest(settings.current().jwt_secret_key.reveal().encode(), text, hashlib.sha256)


def _place(client_address: str | None) -> str:
    """What stands for whoever has the address: of IPv6 the first half."""
    try:
        address = ip_address(client_address or "")
    except ValueError:
        return client_address or ""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return f"{int(address) >> (128 - IPV6_PREFIX):x}/{IPV6_PREFIX}"
    return str(getattr(address, "ipv4_mapped", None) or address)
