"""The app on a plain host of static files, at another origin than the API, and its settings there: import, memory, the copy on the device, the account's end."""
from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.dev.browser import Page, browser
from tests.dev.test_serve import Running
from tests.resolvers.imports.exports import chatgpt_export, said
from tests.web.network import network
from tests.web.person import Person
from tests.web.served import PASSWORD, Served
from tests.web.site import REPLACED, build_again, build_for, site
from tests.web.test_chats import make_zip
from tests.web.test_life import LEFT, STORED

EMAIL = "host@example.org"
SAID = "I live in Bristol and I work as a nurse. My neighbour Quentin snores."
NOTE_SENT = "window.sent = []; (real => { window.fetch = (url, init) => { window.sent.push(init?.body ?? ''); return real(url, init) } })(window.fetch)"
HOLD_PARTS = """window.go = []; (real => { window.fetch = async (url, init) => {
    if (init.body.includes('mutation SendPart')) await new Promise(done => window.go.push(done));
    return real(url, init);
} })(window.fetch)"""
GO_ON = "(window.go.splice(0).forEach(done => done()), true)"
STORES = "caches.keys().then(names => names.join())"
KEPT = "document.querySelector('input[name=copy]')?.checked"


@pytest.mark.once
def test_settings_on_a_static_host_of_another_origin(served: Served, running: Running, tmp_path: Path) -> None:
    talk = chatgpt_export(said("1", None, text="I decided to move to Bath in May."), said("2", "1", role="assistant", text="Good."))
    other = chatgpt_export(said("1", None, text="Quentin came over for tea."), said("2", "1", role="assistant", text="Nice."), conversation_id="c2")
    (tmp_path / "chats.zip").write_bytes(make_zip({"user.json": {"email": "secret@b"}, "conversations-000.json": [talk], "conversations-001.json": [other]}))
    (tmp_path / "half.zip").write_bytes((tmp_path / "chats.zip").read_bytes()[:200])
    with network(running.port) as way, browser() as page:
        api = way.address
        with site(build_for(api, tmp_path / "first"), api) as host, network(host.server_port) as way_of_pages:
            address = way_of_pages.address.replace("127.0.0.1", "localhost")
            person = Person(page, address)
            person.register(EMAIL, PASSWORD)
            person.says(SAID, "Send")
            person.press("Settings")
            person.sees(f"{api}/mcp")

            page.evaluate(HOLD_PARTS)
            page.evaluate(NOTE_SENT)
            page.choose_file("input[type=file]", str(tmp_path / "half.zip"))
            person.sees("This file is damaged.")
            page.choose_file("input[type=file]", str(tmp_path / "chats.zip"))
            person.sees("Sending part 1 of 1.")
            person.press("Cancel the import")
            page.wait_for("window.go.length === 1 && " + GO_ON)
            person.sees("Cancelled. Nothing was imported, and what was sent is deleted.")
            page.choose_file("input[type=file]", str(tmp_path / "chats.zip"))
            page.wait_for("window.go.length === 1 && " + GO_ON)
            person.sees("ChatGPT: This brings 4 messages in 2 conversations, on 1 day.")
            sent = page.evaluate("window.sent.join()")
            assert "move to Bath" in sent and "Quentin came over" in sent and "secret@b" not in sent
            assert served.ask("{ conversations { totalCount } }", EMAIL) == {"conversations": {"totalCount": 1}}
            person.press("Import now")
            person.sees("Imported 4 messages.")

            page.evaluate("document.querySelector('input[name=copy]').scrollIntoView()")
            person.press_first("input[name=copy]")
            person.sees("A copy is kept on this device.")
            running_night(running)
            page.wait_for("navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)")
            person.press("Days")
            person.press("Settings")
            person.fill("textarea[name=names]", "Quentin\n quentin \n")
            person.press("Save names")
