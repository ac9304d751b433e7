"""Time zones as clients send them: every IANA name that `Intl.DateTimeFormat().resolvedOptions().timeZone` gives, in any case, and whole-hour offsets.

ECMAScript compares names of time zones without case, lets engines return a link's name (`Asia/Calcutta`) as it is, and has offsets such as `+08:00` as
identifiers, too (ECMA-262, "Time Zone Identifiers"; ECMA-402, "Use of the IANA Time Zone Database"; github.com/tc39/ecma402 and
github.com/tc39/proposal-temporal, read on 2026-11-28). A link is stored under the name that was sent.
"""
from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from jobs.rules import day as days
from resolvers.errors import InputRule, InvalidInput

MAX_TIME_ZONE_LENGTH: Final = 64
"""Characters that are compared; the longest IANA name has 32."""
_OFFSET: Final = re.compile(r"(?:utc|gmt)?\s?([+\-\u2212])(\d{1,2})(?::?([0-5]\d))?", re.ASCII)
_SPECIAL_OFFSETS: Final[Mapping[str, str]] = {
    "+03:30": "Asia/Tehran", "+04:30": "Asia/Kabul", "+05:30": "Asia/Kolkata", "+05:45": "Asia/Kathmandu", "+06:30": "Asia/Yangon",
    "+08:45": "Australia/Eucla", "+09:30": "Australia/Darwin", "+10:30": "Australia/Lord_Howe", "+12:45": "Pacific/Chatham",
    "-02:30": "America/St_Johns", "-03:30": "America/St_Johns", "-09:30": "Pacific/Marquesas",
}  # fmt: skip
"""Zones of offsets that are no whole hours. They are suggested: an offset does not tell which zone is meant."""
_NAMES: Final[Mapping[str, str]] = {
    "beijing": "Asia/Shanghai", "北京": "Asia/Shanghai", "上海": "Asia/Shanghai", "中国": "Asia/Shanghai", "china": "Asia/Shanghai",
    "shenzhen": "Asia/Shanghai", "guangzhou": "Asia/Shanghai", "香港": "Asia/Hong_Kong", "台北": "Asia/Taipei", "臺北": "Asia/Taipei", "cst": "Asia/Shanghai",
    "jst": "Asia/Tokyo",
    "kst": "Asia/Seoul", "ist": "Asia/Kolkata", "india": "Asia/Kolkata", "mumbai": "Asia/Kolkata", "delhi": "Asia/Kolkata", "pst": "America/Los_Angeles",
    "pdt": "America/Los_Angeles", "mdt": "America/Denver", "cdt": "America/Chicago", "edt": "America/New_York", "bst": "Europe/London",
    "cest": "Europe/Berlin", "munich": "Europe/Berlin", "san francisco": "America/Los_Angeles", "washington": "America/New_York",
    "china standard time": "Asia/Shanghai", "pacific standard time": "America/Los_Angeles", "eastern standard time": "America/New_York",
    "central standard time": "America/Chicago", "gmt standard time": "Europe/London", "w. europe standard time": "Europe/Berlin",
    "tokyo standard time": "Asia/Tokyo", "india standard time": "Asia/Kolkata", "etc/unknown": "UTC", "z": "UTC",
}  # fmt: skip
"""Names that are no zones, by what their writers mean most often. They are suggested, not taken."""


def canonical_time_zone(text: str | None) -> str:
    """Return the IANA name in its own spelling. Raises `InvalidInput` with the nearest name."""
    plain = (text or "").strip()[: 2 * MAX_TIME_ZONE_LENGTH].lower()
    name = _by_lower_case().get(plain) or _whole_hours(plain)
    if name is None or len(text or "") > 2 * MAX_TIME_ZONE_LENGTH:
        nearest = _nearest(plain[:MAX_TIME_ZONE_LENGTH])
        raise InvalidInput(
            "timeZone", f"timeZone must be an IANA name, such as Asia/Shanghai, Europe/Berlin or UTC: send {nearest}?", suggestion=nearest,
            rule=InputRule.UNKNOWN_VALUE,
        )
    return name


@lru_cache(maxsize=1)
def _by_lower_case() -> Mapping[str, str]:
    return {name.lower(): name for name in days.time_zone_names()}


def _offset(plain: str) -> tuple[str, int, int] | None:
    found = _OFFSET.fullmatch(plain)
    return ("+" if found[1] == "+" else "-", int(found[2]), int(found[3] or 0)) if found else None


def _whole_hours(plain: str) -> str | None:
    """Return the zone of a whole-hour offset. The signs of `Etc/GMT…` are those of POSIX: `Etc/GMT-8` is eight hours ahead of UTC."""
    sign, hours, minutes = _offset(plain) or ("", -1, 0)
    if hours < 0 or minutes:
        return None
    return "UTC" if hours == 0 else _by_lower_case().get(f"etc/gmt{'-' if sign == '+' else '+'}{hours}")


@lru_cache(maxsize=256)
def _nearest(plain: str) -> str:
    if plain in _NAMES:
        return _NAMES[plain]
    if plain.strip() in _by_lower_case():
        return _by_lower_case()[plain.strip()]
    if found := _offset(plain):
        sign, hours, minutes = found
        return _SPECIAL_OFFSETS.get(f"{sign}{hours:02}:{minutes:02}") or _whole_hours(f"{sign}{hours}") or "UTC"
    names, spelled = _by_lower_case(), plain.replace(" ", "_")
    cities = {name.rpartition("/")[2]: name for name in sorted(names, key=lambda name: (-name.count("/"), name)) if "/" in name}
    if spelled.rpartition("/")[2] in cities:
        return names[cities[spelled.rpartition("/")[2]]]
    close = difflib.get_close_matches(spelled, names, 1, 0.75)
    if close:
        return names[close[0]]
    near = difflib.get_close_matches(spelled.rpartition("/")[2], [*cities, *_NAMES], 1, 0.85)
    return "UTC" if not near else _NAMES[near[0]] if near[0] in _NAMES else names[cities[near[0]]]
