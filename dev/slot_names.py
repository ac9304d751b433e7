"""Display names of a profile's slots, statuses and columns, in English and Chinese."""
from __future__ import annotations

from resolvers.slot_labels import LABELS

NAMES: dict[str, tuple[str, str]] = {key.upper().replace(".", "_"): names for key, names in LABELS.items()} | {"OWN": ("Own", "自定义")}
"""English and Chinese name by the slot's name in the API."""

STATUSES: dict[str, tuple[str, str]] = {
    "ACTIVE": ("active", "成立"),
    "DISPUTED": ("disputed", "有争议"),
    "SUGGESTED": ("suggested", "建议"),
    "SUPERSEDED": ("superseded", "已被取代"),
    "REJECTED": ("rejected", "已否定"),
}

COLUMNS: tuple[tuple[str, str], ...] = (("slot", "方面"), ("value", "内容"), ("confidence", "把握"), ("status", "状态"), ("quotes", "原话"))
TITLE: tuple[str, str] = ("Profile of {}", "{}的画像")


def pick(names: tuple[str, str], locale: str) -> str:
    """Return the name in the language of `locale`."""
    return names[locale.startswith("zh")]
