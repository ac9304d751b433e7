"""The pictures of README.md: python -m tests.web.screenshots, with chromium."""
from __future__ import annotations

import tempfile
from pathlib import Path

from dev.workspace import ROOT
from tests.dev.browser import browser
from tests.dev.test_serve import started
from tests.web.person import Person

SAID = (
    "Good morning! I live in Bristol and I work as a nurse at the children's hospital.",
    "I usually get up at six to go running before work. My sister Kate came over and we cooked a curry. I love spicy food.",
    "I decided to talk to my manager tomorrow morning. I felt exhausted but happy.",
)


def main() -> None:
    """Live a day in the app and photograph its diary and the profile."""
    with tempfile.TemporaryDirectory() as directory, started(Path(directory, "state")) as running, browser() as page:
        person = Person(page, running.address)
        person.open("/")
        person.press("No account yet? Create one")
        person.fill("input[name=email]", "emma@example.org")
        person.fill("input[name=password]", "a kettle sings at dawn")
        person.fill("input[name=nickname]", "Emma")
        person.press("Create account")
        for words in SAID:
            person.says(words, "Send")
        person.press("Days")
        person.press("Let the night pass")
        person.sees("The night has passed.")
        person.press("You")
        person.press("Days")
        page.wait_for("document.querySelector('.traced .line') !== null")
        page.evaluate("document.querySelector('.traced .line').focus()")
        person.photograph(ROOT / "docs" / "web-day.png")
        person.press("You")
        page.click("document.querySelector('.value button')")
        page.wait_for("document.querySelector('.curve') !== null")
        person.photograph(ROOT / "docs" / "web-profile.png")


if __name__ == "__main__":
    main()
