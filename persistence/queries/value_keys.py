"""The keys by which a profile names values and their negations."""

from __future__ import annotations

from typing import Final

NOT: Final = "!"
"""The first character of the key of a negated value. No key of words has it, because they contain no punctuation (jobs/rules/profile/polarity.py)."""
