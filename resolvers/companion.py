"""Use cases of a user's companion: show, change and revert how the assistant is to be. Diary and profile never read it."""
from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from jobs.rules.text.secrets import contains_secret
from persistence import database
from persistence.models import CompanionVersion
from persistence.models.enums import CompanionPresetKey
from persistence.queries import companions as stored
from persistence.queries.companions import MAX_VERSIONS, CompanionRow
from persistence.queries.erasure import ANY_ANSWER, ErasedData, lock_erasures
from persistence.queries.profile_writes import lock_user
from resolvers import storage_quota, text_validation
from resolvers.companion_presets import preset_texts
from resolvers.context import Context
from resolvers.display_names import find_hidden
from resolvers.erasure import Receipt, recompute_after_erasure
from resolvers.errors import Conflict, ConflictReason, Faults, InputRule, InvalidInput, NotFound
from resolvers.locales import canonical_locale

if TYPE_CHECKING:
    from persistence.queries.viewer import AnyUser

DELETED = "COMPANION_DELETED"
"""The reason in the log of profile changes."""
MAX_NAME_LENGTH = 40
"""Characters of the companion's name, and of a form of address."""
MAX_INSTRUCTIONS_LENGTH = 2_000
_CONTROLS = frozenset({"Cc", "Zl", "Zp"})
"""The categories of control characters and of line and paragraph separators."""
_FIELDS = ("name", "tone", "form_of_address", "language", "instructions", "preset")


async def find_companion(viewer: AnyUser) -> CompanionRow | None:
    """Return the viewer's companion; None if it was never set."""
    async with database.connection() as connection:
        return next(iter(await stored.list_companion_versions(connection, viewer.id, 1)), None)


async def list_versions(viewer: AnyUser) -> Sequence[CompanionRow]:
    """Return the versions that are kept, at most `MAX_VERSIONS`, newest first."""
    async with database.connection() as connection:
        return await stored.list_companion_versions(connection, viewer.id)


async def update_companion(context: Context, changes: Mapping[str, Any]) -> CompanionVersion:
    """Store a version with the changes; absent fields keep their value, null clears one. Without any difference the newest version stays.

    A preset sets tone and instructions that are not sent, in the companion's language or else the account's. Raises `InvalidInput`, `StorageExceeded`.
    """
    viewer = await context.require_viewer()
    given = validate_companion(changes)
    return await _store(viewer, lambda present: {**present, **_of_preset(given, present, viewer), **given})


async def revert_companion(context: Context, version: int) -> CompanionVersion:
    """Store the content of an earlier version as the newest one. Raises `NotFound`, `StorageExceeded`."""
    viewer = await context.require_viewer()
    return await _store(viewer, None, version)


async def delete_versions(context: Context, versions: Collection[int] | None, *, dry_run: bool = False) -> tuple[CompanionVersion | None, Receipt]:
    """Delete earlier versions permanently, without `versions` all of them, and return the current one; with `dry_run` nothing. Unknown numbers are ignored.

    Sentences of answers that repeat the deleted texts are replaced by a marker. Raises `InvalidInput` for the current version and for more than
    `MAX_VERSIONS` numbers, and `Conflict` when the account was deleted while the request ran.
    """
    viewer = await context.require_viewer()
    if versions is not None and len(versions) > MAX_VERSIONS:
        message = f"versions has {len(versions)} numbers; at most {MAX_VERSIONS} versions are kept: send those of `companionVersions`, or none for all"
        raise InvalidInput("versions", message, rule=InputRule.TOO_MANY, bounds=(0, MAX_VERSIONS))
    async with database.transaction(dry_run=dry_run) as session:
        await lock_erasures(session, viewer.id)
        if await lock_user(session, viewer.id) is None:
            raise Conflict("the account was deleted while the request ran", reason=ConflictReason.ACCOUNT_DELETED)
        newest = await stored.find_companion_version(session, viewer.id)
        if newest is None:
            return None, Receipt()
        if versions is not None and newest.version in versions:
            message = f"versions has {newest.version}, which is the current version: clear or change it with `companionUpdate` first, which makes another one"
            raise InvalidInput("versions", message, rule=InputRule.NOT_ALLOWED_HERE)
        present = {row.version: row for row in await stored.list_companion_versions(session, viewer.id)}
        going = sorted(number for number in present if number != newest.version and (versions is None or number in versions))
        await stored.delete_companion_versions(session, viewer.id, going)
        left = {text for number, row in present.items() if number not in going for text in _texts(row)}
        texts = sorted({text for number in going for text in _texts(present[number])} - left)
        forgotten = ErasedData(texts=texts, companions=frozenset(going), since=ANY_ANSWER if texts else None)
        return newest, await recompute_after_erasure(session, viewer, forgotten, DELETED)


def _texts(row: CompanionRow) -> list[str]:
    """Return the texts of the user in a version: instructions that are those of a preset are none."""
    presets = {preset_texts(preset, language).instructions for preset in CompanionPresetKey for language in ("en", "zh")}
    return [text for text in (row.name, row.form_of_address, row.instructions) if text and text not in presets]


async def _store(viewer: AnyUser, change: Callable[[dict[str, Any]], dict[str, Any]] | None, version: int | None = None) -> CompanionVersion:
    async with database.transaction() as session:
        if await lock_user(session, viewer.id) is None:
            raise Conflict("the account was deleted while the request ran", reason=ConflictReason.ACCOUNT_DELETED)
        newest = await stored.find_companion_version(session, viewer.id)
        present = _content(newest)
        if change is not None:
            content = change(present)
        else:
            earlier = None if version is None or not 0 < version < 2**31 else await stored.find_companion_version(session, viewer.id, version)
            if earlier is None:
                raise NotFound("companion version")
            content = _content(earlier)
        if newest is not None and content == present:
            return newest
        added = await stored.add_companion_version(session, viewer.id, newest.version + 1 if newest else 1, content)
        await storage_quota.add(session, viewer.id, storage_quota.size(added.name, added.form_of_address, added.instructions))
        return added


def _content(row: CompanionVersion | None) -> dict[str, Any]:
    return {name: getattr(row, name) if row else None for name in _FIELDS}


def _of_preset(given: Mapping[str, Any], present: Mapping[str, Any], viewer: AnyUser) -> dict[str, Any]:
    preset: CompanionPresetKey | None = given.get("preset")
    if preset is None:
        return {}
    texts = preset_texts(preset, given.get("language", present["language"]) or viewer.locale)
    return {"tone": texts.tone, "instructions": texts.instructions}


def validate_companion(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns to store. Empty texts count as null. Raises `InvalidInput` with all fields that break a rule."""
    values: dict[str, Any] = {}
    faults = Faults()
    for field, value in given.items():
        with faults.collect():
            values[field] = _RULES[field](value) if value and field in _RULES else value or None
    faults.raise_first()
    return values


def _without_secret(field: str, text: str) -> str:
    if contains_secret(text):
        raise InvalidInput(field, f"{field} looks like it has a password, key or card number: leave it out", rule=InputRule.LOOKS_SECRET)
    return text


def _name(field: str) -> Callable[[str], str]:
    return lambda text: _without_secret(field, text_validation.validate_name(field, _on_one_line(field, text), MAX_NAME_LENGTH))


def _on_one_line(field: str, text: str) -> str:
    """Return the text unless it has a line break or a control character. Raises `InvalidInput`."""
    control = next((char for char in text if unicodedata.category(char) in _CONTROLS), None)
    if control is not None:
        raise InvalidInput(
            field, f"{field} has the character U+{ord(control):04X}, which breaks the line or controls the text: send it on one line", rule=InputRule.CHARACTER
        )
    return text


def _language(tag: str) -> str:
    try:
        return canonical_locale(tag)
    except InvalidInput as error:
        raise InvalidInput("language", error.message.replace("locale", "language", 1), suggestion=error.suggestion, rule=error.rule) from None


def _instructions(text: str) -> str:
    text_validation.validate_text("instructions", text, MAX_INSTRUCTIONS_LENGTH)
    hidden = find_hidden(text) or next((char for char in text if (char < " " and char not in "\n\r\t") or "\x7f" <= char <= "\x9f"), None)
    if hidden is not None:
        raise InvalidInput(
            "instructions", f"instructions has the character U+{ord(hidden):04X}, which is invisible or controls the text: remove it", rule=InputRule.CHARACTER
        )
    return _without_secret("instructions", text)


_RULES: Mapping[str, Callable[[str], Any]] = {
    "name": _name("name"), "form_of_address": _name("formOfAddress"), "language": _language, "instructions": _instructions,
}  # fmt: skip

__all__ = ["MAX_VERSIONS", "delete_versions", "find_companion", "list_versions", "revert_companion", "update_companion", "validate_companion"]
