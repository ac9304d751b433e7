"""Hashes of deleted messages. Each function runs inside the caller's transaction."""
from __future__ import annotations

import json
from collections.abc import Collection
from uuid import UUID

from persistence.orm import Session

_SAVE = """
insert into deleted_digests (user_id, digest) select $1, decode(value, 'hex') from json_array_elements_text($2::json) order by 2
on conflict (user_id, digest) do nothing returning digest"""
_FIND = "select digest from deleted_digests where user_id = $1 and digest in (select decode(value, 'hex') from json_array_elements_text($2::json))"


async def save_digests(session: Session, user_id: UUID, digests: Collection[bytes]) -> None:
    await session.fetch(_SAVE, user_id, digests_to_json(digests))


async def find_digests(session: Session, user_id: UUID, digests: Collection[bytes]) -> frozenset[bytes]:
    """Return those of the digests that are stored."""
    return frozenset(bytes(row[0]) for row in await session.fetch(_FIND, user_id, digests_to_json(digests)))


def digests_to_json(digests: Collection[bytes]) -> str:
    """Return the digests, each once, as a JSON list of hexadecimal texts, the form in which statements take them."""
    return json.dumps([digest.hex() for digest in sorted(set(digests))])
