"""The effect of a REVERT on the evidence and verdicts that existed when the user gave it.

A revert to a day excludes the messages that did not count on that day and voids the verdicts given since. The dates of the remaining evidence
are shifted by the time between that day and the revert, so the profile has exactly the confidences of that day and ages from there. Messages
that become evidence after the revert, and verdicts given after it, count as usual. Excluded messages stay excluded, even if a job processes
them again, until a later revert to a time before this one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from jobs.rules.profile.profile_types import Evidence, Verdict
from jobs.rules.profile.verdicts import day_of_verdict


def apply_reverts(evidence: Iterable[Evidence], verdicts: Iterable[Verdict], as_of: date) -> tuple[list[Evidence], list[Verdict]]:
    """Return the evidence and verdicts up to `as_of` that count, with their shifted days and without the reverts."""
    said = [item for item in evidence if item.day <= as_of]
    judged = effective_verdicts(verdict for verdict in verdicts if day_of_verdict(verdict) <= as_of)
    for verdict in [verdict for verdict in judged if verdict.kind == "REVERT"]:
        said = [_aged(item, verdict) for item in said if item.message_id not in verdict.evidence]
        judged = [_moved(other, verdict) for other in judged]
    return said, [verdict for verdict in judged if verdict.kind != "REVERT"]


def effective_verdicts(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Return the verdicts that no revert voids, oldest first. A revert that is itself void voids nothing."""
    given = sorted(verdicts, key=lambda verdict: (verdict.at, verdict.kind == "REVERT"))
    later: list[Verdict] = []
    while reverts := [place for place, verdict in enumerate(given) if verdict.kind == "REVERT"]:
        revert = given[reverts[-1]]
        later = [*given[reverts[-1] :], *later]
        given = [earlier for earlier in given[: reverts[-1]] if revert.until is None or earlier.at <= revert.until]
    return [*given, *later]


def _aged(item: Evidence, revert: Verdict) -> Evidence:
    return replace(item, day=item.day + _gap(revert)) if item.day <= _back_to(revert) else item


def _moved(verdict: Verdict, revert: Verdict) -> Verdict:
    day = day_of_verdict(verdict)
    earlier = verdict.at < revert.at and day <= _back_to(revert)
    return replace(verdict, day=day + _gap(revert)) if earlier else verdict


def _gap(revert: Verdict) -> timedelta:
    return max(day_of_verdict(revert) - _back_to(revert), timedelta(0))


def _back_to(revert: Verdict) -> date:
    return revert.as_of or day_of_verdict(revert)
