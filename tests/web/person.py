"""A user of the web app in a browser, who finds fields and buttons by the words on them, as a screen reader does."""
from __future__ import annotations

import base64
import json
from pathlib import Path

from dev.web import WEB
from tests.dev.browser import Page

AXE = "node_modules/axe-core/axe.min.js"
NAMED = "(find => [...document.querySelectorAll('button, a')].find(one => !one.disabled && (one.getAttribute('aria-label') ?? one.innerText).trim() === find))"
LAST_NAMED = "[...document.querySelectorAll('button')].findLast(one => (one.getAttribute('aria-label') ?? one.innerText).trim() === {})"
VIOLATIONS = "axe.run(document, {resultTypes: ['violations']})" \
    ".then(found => found.violations.map(one => one.id + ': ' + one.nodes.map(node => node.html).join(' | ')))"

KEYBOARD = """(one => {
    const style = getComputedStyle(one), box = one.getBoundingClientRect();
    const name = one.getAttribute('aria-label') ?? one.labels?.[0]?.innerText ?? one.innerText;
    const isShown = one === document.body || (style.outlineStyle !== 'none' && box.height > 0 && box.bottom > 0 && box.top < innerHeight);
    return [name.trim(), isShown, one.outerHTML.slice(0, 200)];
})(document.activeElement)"""
MAX_STOPS = 120


class Person:
    """The user at a page of the app at `address`."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address

    def open(self, path: str) -> None:
        """Load an address anew; a kept session goes on."""
        self.page.open(self.address + path)

    def register(self, email: str, password: str) -> None:
        """Create an account on the English page, and stay signed in when the page is loaded again."""
        self.open("/")
        self.press("No account yet? Create one")
        for name, text in (("email", email), ("password", password), ("nickname", "Emma")):
            self.fill(f"input[name={name}]", text)
        self.press("Create account")
        self.sees("Tell me about your day.")

    def sign_in(self, email: str, password: str) -> None:
        self.fill("input[name=email]", email)
        self.fill("input[name=password]", password)
        self.press("Sign in")
        self.page.wait_for("document.querySelector('.frame') !== null")

    def press(self, words: str) -> None:
        self._click(f"{NAMED}({json.dumps(words)})")

    def press_last(self, words: str) -> None:
        """Press the last button with these words."""
        self._click(LAST_NAMED.format(json.dumps(words)))

    def press_line(self, selector: str, words: str) -> None:
        """Press the element of this selector that has the words in it."""
        self._click(f"[...document.querySelectorAll({json.dumps(selector)})].find(one => one.innerText.includes({json.dumps(words)}))")

    def press_first(self, selector: str) -> None:
        """Press the first element of this selector."""
        self._click(f"document.querySelector({json.dumps(selector)})")

    def tab_to(self, words: str, back: bool = False) -> None:
        """Go to the field, link or button with these words by the Tab key alone.

        Raises AssertionError when it is no stop of the key, or when the page does not show where a stop before it is.
        """
        for _ in range(MAX_STOPS):
            self.page.press_key("Tab", shift=back)
            name, is_shown, element = self.page.evaluate(KEYBOARD)
            assert is_shown, f"nobody sees that the keyboard is on {element}"
            if name == words:
                return
        raise AssertionError(f"no stop of the Tab key: {words}")

    def enter(self, words: str, back: bool = False) -> None:
        """Go to a link or button by the Tab key, and press Enter."""
        self.tab_to(words, back)
        self.page.press_key("Enter")

    def write(self, words: str, text: str, back: bool = False) -> None:
        """Go to a field by the Tab key, and write into it."""
        self.tab_to(words, back)
        self.page.type_text(text)

    def _click(self, element: str) -> None:
        """Press the element once it is shown: in one step, as a screen reader does, since a mouse misses what moves while the page is still changing."""
        self.page.wait_for(f"(one => one?.getClientRects().length && (one.scrollIntoView({{block: 'center'}}), one.focus(), one.click(), true))({element})")

    def _wait_for_animations(self) -> None:
        self.page.wait_for("document.getAnimations().every(one => one.playState === 'finished')")

    def fill(self, selector: str, text: str) -> None:
        found = f"document.querySelector({json.dumps(selector)})"
        self.page.wait_for(f"{found} !== null")
        self.page.evaluate(f"(one => {{ one.focus(); one.value = {json.dumps(text)}; one.dispatchEvent(new Event('change', {{bubbles: true}})) }})({found})")

    def sees(self, words: str) -> None:
        """Wait until the page shows the words. Raises AssertionError when it does not."""
        self.page.wait_for(f"document.body?.innerText.includes({json.dumps(words)})")

    def says(self, words: str, send: str) -> None:
        """Send a message and wait until its answer is complete."""
        answers = "document.querySelectorAll('.message.assistant time').length"
        before = self.page.evaluate(answers)
        self.fill("#say", words)
        self.press(send)
        self.page.wait_for(f"{answers} > {before} && !document.querySelector('.writing')")

    def violations(self) -> list[str]:
        """Return what axe-core finds wrong with the page as it is shown, for users with a screen reader, a keyboard or weak eyes."""
        self._wait_for_animations()  # a text that fades in has little contrast
        self.page.evaluate((WEB / AXE).read_text(encoding="utf-8") + "; 1")
        return list(self.page.evaluate(VIOLATIONS))

    def violations_everywhere(self) -> list[str]:
        """Return them for a large window in light colors and a phone in dark ones."""
        found: list[str] = []
        for width, height, scheme in ((390, 844, "dark"), (1400, 900, "light")):
            self.page.show_as(width, height, scheme)
            found += self.violations()
        return found

    def photograph(self, path: Path) -> None:
        self._wait_for_animations()
        path.write_bytes(base64.b64decode(self.page.screenshot()))
