"""Use cases of a user's account: register, update, delete."""
from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import settings
from jobs.rules import day as days
from jobs.rules.memory import switches_in_effect
from jobs.rules.slots import SENSITIVE
from llm.printable_text import is_blank
from persistence import database
from persistence.models import User
from persistence.models.account import Role
from persistence.queries import account as queries
from persistence.queries.erasure import lock_erasures
from persistence.queries.token_quota import USER_PURPOSES
from persistence.queries.viewer import find_latest_change
from resolvers import memory_rules, profile_slots, sessions, throttling
from resolvers.account_limits import chat_limit as chat_limit
from resolvers.authentication import IssuedSession, current_sign_in_id, normalize_email, open_session
from resolvers.diary import today
from resolvers.display_names import find_hidden
from resolvers.errors import Conflict, ConflictReason, EmailTaken, Faults, InputRule, InvalidCredentials, InvalidInput
from resolvers.loaders import UsageOfUser
from resolvers.locales import canonical_locale
from resolvers.passwords import check_new_password, hash_password, verify_password
from resolvers.time_zones import canonical_time_zone

if TYPE_CHECKING:
    from persistence.database import Session
    from persistence.queries.viewer import AnyUser
    from resolvers.erasure import Receipt

MAX_NICKNAME_LENGTH = 50
"""Characters."""
DEFAULT_TIME_ZONE = "UTC"
DEFAULT_LOCALE = "en"

_MAX_DAY_END_SHIFT = timedelta(days=3)
"""Upper bound of the shift of a day's end by a change of time zone or day end: two zones differ by up to 26 hours, two day ends by up to 23."""


class RegistrationClosed(Conflict):
    code = "REGISTRATION_CLOSED"


@dataclass(frozen=True)
class NewAccount:
    """Input of a registration. The default nickname is the e-mail address up to the @."""

    email: str
    password: str
    nickname: str | None = None
    time_zone: str = DEFAULT_TIME_ZONE
    locale: str = DEFAULT_LOCALE
    day_ends_at: int = 0
    client_name: str | None = None
    """The name that the client gives itself in the list of sessions."""


async def register(account: NewAccount, *, client_address: str | None = None) -> IssuedSession:
    """Create an account and sign in to it.

    Raises `RegistrationClosed`, `InvalidInput`, `EmailTaken`, and `RateLimited` after many registrations from one address.
    """
    if not settings.current().registration_open:
        raise RegistrationClosed(
            "registration is closed: ask the administrator of this installation for an account", reason=ConflictReason.REGISTRATION_CLOSED
        )
    checked_values = _validate_account(account)
    await throttling.count_registration(checked_values["email"], client_address)
    values = {**checked_values, "password_hash": await hash_password(account.password)}
    async with database.transaction() as session:
        return await open_session(session, await _add(session, values), sessions.validate_client_name(account.client_name))


async def create_admin(
    email: str, password: str, *, nickname: str | None = None, time_zone: str = DEFAULT_TIME_ZONE, locale: str = DEFAULT_LOCALE
) -> User:
    """Create an administrator's account, even if registration is closed; for the command line only.

    Raises `InvalidInput` and `EmailTaken`.
    """
    values = _validate_account(NewAccount(email, password, nickname, time_zone, locale))
    values["password_hash"] = await hash_password(password)
    async with database.transaction() as session:
        return await _add(session, {**values, "role": Role.ADMIN})


def _validate_account(account: NewAccount) -> dict[str, Any]:
    """Return the values of a new account as they are stored. Raises `InvalidInput` with all of them that break a rule."""
    faults = Faults()
    email, given = "", {"time_zone": account.time_zone, "locale": account.locale, "day_ends_at": account.day_ends_at}
    with faults.collect():
        email = _email(account.email)
    nickname = account.nickname if account.nickname is not None else email.partition("@")[0][:MAX_NICKNAME_LENGTH]
    if account.nickname is not None or email:
        given["nickname"] = nickname
    with faults.collect():
        check_new_password(account.password, email, names=[nickname])
    rest: dict[str, Any] = {}
    with faults.collect():
        rest = validate_account_fields(given)
    with faults.collect():
        sessions.validate_client_name(account.client_name)
    faults.raise_first()
    return {"email": email, **rest}


def _email(text: str) -> str:
    email = normalize_email(text)
    if email is None:
        raise InvalidInput("email", "the e-mail address must have the form name@example.org and at most 254 characters", rule=InputRule.FORMAT)
    return email


async def _add(session: Session, values: dict[str, Any]) -> User:
    user = await queries.add_user(session, **values)
    if user is None:
        raise EmailTaken("an account with this e-mail address already exists: sign in with `sessionCreate`")
    return user


@dataclass(frozen=True)
class UpdatedAccount:
    """A changed user. `receipt` counts what switching sensitive slots off erased; None if none was switched off."""

    user: AnyUser
    receipt: Receipt | None = None


async def update(viewer: AnyUser, changes: dict[str, Any]) -> AnyUser:
    """Change an account as `update_account` does, and return the user."""
    return (await update_account(viewer, changes)).user


async def update_account(viewer: AnyUser, changes: dict[str, Any], *, dry_run: bool = False) -> UpdatedAccount:
    """Change some of nickname, time_zone, locale, day_ends_at, sensitive_slots; fields that are not named keep their value.

    Raises `InvalidInput`, also for None, and `Conflict` when the account was deleted while the request ran. A new time zone or day end applies to new
    messages. Days that are not over, by the old or the new clock, end when the new one says; no message changes its day. What a sensitive slot holds
    is erased when it is switched off. With `dry_run` nothing changes, and the user is returned as they are.
    """
    values = validate_account_fields(changes)
    if not values:
        return UpdatedAccount(viewer)
    async with database.transaction(dry_run=dry_run) as session:
        if "sensitive_slots" in values:
            await lock_erasures(session, viewer.id)
        before = await queries.lock_sensitive_slots(session, viewer.id)
        if before is None:
            raise Conflict("the account was deleted while the request ran", reason=ConflictReason.ACCOUNT_DELETED)
        switched_off = set(before) - set(values.get("sensitive_slots", before))
        user = await queries.update_user(session, viewer.id, **values)
        assert user is not None, "it is locked"
        if values.keys() & {"time_zone", "day_ends_at"}:
            await _move_day_ends(session, user)
        receipt = await profile_slots.erase_closed(session, user, switched_off) if switched_off else None
    return UpdatedAccount(viewer if dry_run else user, receipt)


async def _move_day_ends(session: Session, user: User) -> None:
    now = datetime.now(timezone.utc)
    for day in await queries.list_days_ending_after(session, user.id, now - _MAX_DAY_END_SHIFT):
        _, ends_at = days.day_bounds(day.day, user.time_zone, user.day_ends_at)
        if max(day.ends_at, ends_at) > now and ends_at != day.ends_at:
            await queries.move_day_end(session, user.id, day.day, ends_at)


async def change_password(viewer: AnyUser, current: str, new: str, *, client_address: str | None = None) -> int:
    """Store a new password, revoke all other sign-ins and return their number.

    Raises `InvalidCredentials`, `InvalidInput`, `Conflict`, `RateLimited`.
    """
    check_new_password(new, viewer.email, "newPassword", names=[viewer.nickname])
    if new == current:
        raise InvalidInput("newPassword", "the new password must differ from the current one", rule=InputRule.SAME_AS_BEFORE)
    attempt = await _confirm(viewer, current, client_address)
    new_hash = await hash_password(new)
    async with database.transaction() as session:
        if not await queries.replace_password(session, viewer.id, viewer.password_hash, new_hash):
            raise Conflict(
                "the password was changed by another request at the same time; nothing was changed: try again", reason=ConflictReason.CHANGED_MEANWHILE
            )
        await attempt.record_success(session)
        return await queries.revoke_sign_ins(session, viewer.id, keep=current_sign_in_id(viewer))


async def delete(viewer: AnyUser, password: str, *, client_address: str | None = None) -> None:
    """Delete the account and all its data permanently. Raises `InvalidCredentials`, `Conflict`, `RateLimited`."""
    await _confirm(viewer, password, client_address)
    with database.without_time_limit():  # the deletion takes longer the more rows there are, and must not fail because of that
        await _delete(viewer)


async def _delete(viewer: AnyUser) -> None:
    async with database.transaction() as session:
        if not await queries.delete_user(session, viewer.id, viewer.password_hash):
            raise Conflict(
                "the password was changed by another request at the same time; nothing was deleted: try again", reason=ConflictReason.CHANGED_MEANWHILE
            )
        await throttling.delete_counters(session, viewer.email)


async def _confirm(viewer: AnyUser, password: str, client_address: str | None) -> throttling.PasswordAttempt:
    attempt = await throttling.begin_password_attempt(viewer.email, client_address, signed_in=True)
    if not (await verify_password(password, viewer.password_hash)).matches:
        raise InvalidCredentials("the password is wrong")
    return attempt


@dataclass(frozen=True)
class UsageToday:
    """A user's model usage on their current day.

    `chat_tokens` counts against `chat_tokens_per_day`: running calls count with their reserved tokens.
    """

    day: date
    calls: int
    failed_calls: int
    input_tokens: int
    output_tokens: int
    chat_tokens: int
    chat_tokens_per_day: int | None


async def usage_today(user: AnyUser, loader: UsageOfUser | None = None) -> UsageToday:
    """Return the user's usage on their current day; a request's `loader` reads it for all its users in one query."""
    day = today(user)
    rows = await (loader or UsageOfUser(user.id)).load((user.id, day))
    chats = sum(row.input_tokens + row.output_tokens + row.reserved_tokens for row in rows if row.purpose in USER_PURPOSES)
    amounts = {name: sum(getattr(row, name) for row in rows) for name in _AMOUNTS}
    return UsageToday(day, **amounts, chat_tokens=chats, chat_tokens_per_day=chat_limit(user))


async def latest_change(user: AnyUser) -> datetime:
    """Return when anything of the user last changed."""
    async with database.connection() as connection:
        found = await find_latest_change(connection, user.id)
    return max(user.updated_at, found or user.updated_at)


def next_night_at(user: AnyUser) -> datetime | None:
    """Return the end of the user's current day, from which on a job may write its diary; None while the diary is off or paused."""
    day = today(user)
    return days.day_bounds(day, user.time_zone, user.day_ends_at)[1] if switches_in_effect(user, day).diary else None


_AMOUNTS = ("calls", "failed_calls", "input_tokens", "output_tokens")


def validate_account_fields(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values as they are stored. Raises `InvalidInput` with all values that break a rule."""
    faults, checked = Faults(), dict[str, Any]()
    for name, value in changes.items():
        with faults.collect():
            if value is None and name in _NEVER_NULL:
                field = _NEVER_NULL[name]
                raise InvalidInput(field, f"{field} must not be null; omit it to keep the current value", rule=InputRule.REQUIRED)
            checked[name] = _RULES[name](value)
    faults.raise_first()
    return checked


def _nickname(value: str) -> str:
    stripped = value.strip()
    nickname = unicodedata.normalize("NFC", stripped) if len(stripped) <= 4 * MAX_NICKNAME_LENGTH else ""  # NFC takes quadratic time
    if not is_blank(nickname) and len(nickname) <= MAX_NICKNAME_LENGTH and (hidden := find_hidden(nickname)) is not None:
        raise InvalidInput(
            "nickname", f"nickname has the character U+{ord(hidden):04X}, which is invisible or changes the text direction: remove it", rule=InputRule.CHARACTER
        )
    if is_blank(nickname) or len(nickname) > MAX_NICKNAME_LENGTH or any(unicodedata.category(letter) in _UNSHOWN for letter in nickname):
        rule = InputRule.TOO_LONG if len(stripped) > MAX_NICKNAME_LENGTH else InputRule.EMPTY if is_blank(nickname) else InputRule.CHARACTER
        message = f"nickname must have 1 to {MAX_NICKNAME_LENGTH} characters and no line breaks"
        raise InvalidInput("nickname", message, rule=rule, bounds=(1, MAX_NICKNAME_LENGTH))
    return nickname


_UNSHOWN = ("Cc", "Cs", "Zl", "Zp")


def _day_ends_at(value: int) -> int:
    if not 0 <= value <= 23:
        raise InvalidInput("dayEndsAt", "dayEndsAt must be 0 to 23", rule=InputRule.OUT_OF_RANGE, bounds=(0, 23))
    return value


def _sensitive_slots(value: Sequence[str]) -> list[str]:
    """Return the keys in the order of the table, each once."""
    if not set(value) <= set(SENSITIVE):
        raise InvalidInput(
            "sensitiveSlots", "sensitiveSlots must be a list of sensitive slots; `profileSlots` says which slots are", rule=InputRule.UNKNOWN_VALUE
        )
    return [key for key in SENSITIVE if key in value]


_NEVER_NULL: Mapping[str, str] = {
    "nickname": "nickname", "time_zone": "timeZone", "locale": "locale", "day_ends_at": "dayEndsAt", "sensitive_slots": "sensitiveSlots",
}  # fmt: skip
"""The names in the API of the fields that cannot be empty; the rules of memory say so themselves."""

_RULES: Mapping[str, Callable[[Any], Any]] = {
    "nickname": _nickname, "time_zone": canonical_time_zone, "locale": canonical_locale, "day_ends_at": _day_ends_at, "sensitive_slots": _sensitive_slots,
    **memory_rules.RULES,
}
