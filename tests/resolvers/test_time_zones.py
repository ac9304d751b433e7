"""Time zones: what `Intl` names is taken, everything else is refused with the nearest zone."""
import pytest

from jobs.rules.day import is_time_zone
from resolvers.errors import InvalidInput
from resolvers.time_zones import canonical_time_zone
from tests.dev.browser import browser


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("Asia/Shanghai", "Asia/Shanghai"), ("asia/shanghai", "Asia/Shanghai"), (" UTC ", "UTC"), ("utc", "UTC"), ("Asia/Calcutta", "Asia/Calcutta"),
        ("AMERICA/ARGENTINA/BUENOS_AIRES", "America/Argentina/Buenos_Aires"), ("Etc/GMT+5", "Etc/GMT+5"), ("US/Pacific", "US/Pacific"),
        ("Europe/Kyiv", "Europe/Kyiv"), ("America/Coyhaique", "America/Coyhaique"), ("+08:00", "Etc/GMT-8"), ("-0500", "Etc/GMT+5"), ("UTC+8", "Etc/GMT-8"),
        ("GMT-3", "Etc/GMT+3"), ("+00:00", "UTC"), ("\u221203:00", "Etc/GMT+3"),
    ],
)  # fmt: skip
def test_canonical_time_zone_of_a_name_or_whole_hour_offset_returns_an_iana_name(sent: str, stored: str) -> None:
    assert canonical_time_zone(sent) == stored
    assert is_time_zone(stored)


@pytest.mark.parametrize(
    ("sent", "nearest"),
    [
        ("Beijing", "Asia/Shanghai"), ("北京", "Asia/Shanghai"), ("Shanghai", "Asia/Shanghai"), ("New York", "America/New_York"),
        ("new_york", "America/New_York"),
        ("Europe/Berln", "Europe/Berlin"), ("Asia/Bejing", "Asia/Shanghai"), ("China Standard Time", "Asia/Shanghai"), ("PST", "America/Los_Angeles"),
        ("+05:30", "Asia/Kolkata"), ("+15:00", "UTC"), ("Etc/Unknown", "UTC"), ("Mars/Base", "UTC"), ("", "UTC"), (None, "UTC"), ("Factory", "UTC"),
        ("localtime", "UTC"), ("../../etc/passwd", "UTC"), ("x" * 100_000, "UTC"), ("UTC" + " " * 100_000, "UTC"), ("posixrules\0", "UTC"),
    ],
)  # fmt: skip
def test_canonical_time_zone_of_another_text_is_refused_with_the_nearest_zone(sent: str | None, nearest: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        canonical_time_zone(sent)
    assert (refused.value.field, refused.value.suggestion) == ("timeZone", nearest)
    assert nearest in refused.value.message and is_time_zone(nearest)


def test_canonical_time_zone_of_each_zone_that_a_browser_names_is_taken() -> None:
    with browser() as page:
        named = page.evaluate("[...Intl.supportedValuesOf('timeZone'), Intl.DateTimeFormat().resolvedOptions().timeZone]")
    assert len(named) > 400
    assert [name for name in named if canonical_time_zone(name) != name] == []
