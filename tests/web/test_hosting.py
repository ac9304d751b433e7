"""The app on a plain host of static files, at another origin than the API, with its settings: import, memory, the copy on the device, the account's end."""
from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.dev.browser import browser
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
        first = build_for(way.address, tmp_path / "first")
        with site(first, way.address) as host, network(host.server_port) as way_of_pages:
            person = Person(page, way_of_pages.address.replace("127.0.0.1", "localhost"))
            person.register(EMAIL, PASSWORD)
            person.says(SAID, "Send")
            person.press("Settings")
            person.sees(f"{way.address}/mcp")
            import_chats(served, person, tmp_path)
            erase_a_person_from_memory_and_copy(served, person)
            other_tab = Person(page.open_tab(), person.address)
            switch_the_copy_in_two_tabs(person, other_tab)
            host.directory = build_again(first, tmp_path / "second", "Offline: as of", "Offline since")
            replace_the_build(person, other_tab)
            for cut in (way, way_of_pages):
                cut.cut()
            person.open("/days")
            person.sees("Offline since")
            for cut in (way, way_of_pages):
                cut.mend()
            person.open("/settings")
            person.sees("This device keeps a copy")
            person.sign_in(EMAIL, PASSWORD)
            delete_the_account(person)
            assert page.logged == [] and [url for url in page.requested if not url.startswith((person.address, way.address, "blob:", "about:", "data:"))] == []


def import_chats(served: Served, person: Person, files: Path) -> None:
    page = person.page
    page.evaluate(HOLD_PARTS)
    page.evaluate(NOTE_SENT)
    page.choose_file("input[type=file]", str(files / "half.zip"))
    person.sees("This file is damaged.")
    page.choose_file("input[type=file]", str(files / "chats.zip"))
    person.sees("Sending part 1 of 1.")
    assert person.violations() == []
    person.press("Cancel the import")
    page.wait_for("window.go.length === 1 && " + GO_ON)
    person.sees("Cancelled. Nothing was imported, and what was sent is deleted.")
    page.choose_file("input[type=file]", str(files / "chats.zip"))
    page.wait_for("window.go.length === 1 && " + GO_ON)
    person.sees("ChatGPT: This brings 4 messages in 2 conversations, on 1 day.")
    sent = page.evaluate("window.sent.join()")
    assert "move to Bath" in sent and "Quentin came over" in sent and "secret@b" not in sent
    assert served.ask("{ conversations { totalCount } }", EMAIL) == {"conversations": {"totalCount": 1}}
    person.press("Import now")
    person.sees("Imported 4 messages.")


def erase_a_person_from_memory_and_copy(served: Served, person: Person) -> None:
    page = person.page
    today = served.ask("{ viewer { today } }", EMAIL)["viewer"]["today"]
    served.ask(f'mutation {{ diaryRewrite(input: {{date: "{today}"}}) {{ __typename }} }}', EMAIL)
    served.pass_night()
    person.press_first("input[name=copy]")
    person.sees("A copy is kept on this device.")
    page.wait_for(f"{STORED}.then(text => text.includes('Quentin came over') && text.includes('Quentin snores'))")
    page.wait_for("navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)")
    person.fill("textarea[name=names]", "Quentin\n\n Quentin ")
    person.press("Save names")
    person.sees("Stored about these from before: ")
    assert page.evaluate("document.querySelector('textarea[name=names]').value") == "Quentin"
    before = page.evaluate(f"{STORED}.then(text => text.split('snores').length)")
    person.press("Erase what is stored")
    page.wait_for("/With it go/.test(document.querySelector('.confirm')?.innerText)")
    assert person.violations_everywhere() == []
    person.press("Yes, delete")
    person.sees("Deleted. With it went")
    page.wait_for(f"{STORED}.then(text => text.includes('Quentin came over') && text.split('snores').length < {before})")

    page.wait_for("document.querySelector('input[name=diary]:checked:not(:disabled)') !== null")
    person.press_first("input[name=diary]")
    page.wait_for("document.querySelector('input[name=diary]:not(:checked):not(:disabled)') !== null")
    served.ask('mutation { messageSend(input: {content: "I get up at six."}) { __typename } }', EMAIL)
    person.press_first("input[name=diary]")
    person.sees("You wrote 1 message on 1 day while this was off. Learn from it?")
    person.press("Leave them out")
    page.wait_for("!document.body.innerText.includes('Learn from it?')")
    assert served.ask("{ viewer { memory { diary namesNotKept gap { messages } } } }", EMAIL)["viewer"]["memory"] == {
        "diary": True, "namesNotKept": ["Quentin"], "gap": None,
    }


def switch_the_copy_in_two_tabs(person: Person, other: Person) -> None:
    other.open("/settings")
    other.page.wait_for("document.querySelector('input[name=email]') !== null")
    other.sign_in(EMAIL, PASSWORD)
    other.page.wait_for(KEPT)
    other.press_first("input[name=copy]")
    other.sees("The copy was deleted from this device.")
    assert other.page.evaluate(LEFT) == 0
    person.page.wait_for(f"!{KEPT}")
    person.press_first("input[name=copy]")
    other.page.wait_for(KEPT)
    person.page.wait_for(f"{STORED}.then(text => text.includes('Quentin came over'))")
    person.page.wait_for("navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)")


def replace_the_build(person: Person, other: Person) -> None:
    """The next load has the new files, which the worker keeps; an open page goes on with the old ones, which the host has not any more."""
    person.open("/settings")
    person.page.wait_for("[...document.scripts].some(one => one.src.endsWith('2.js')) && document.querySelector('input[name=email]') !== null")
    person.sign_in(EMAIL, PASSWORD)
    person.page.wait_for(f"{STORES}.then(names => names.endsWith({json.dumps(REPLACED)}))")
    person.page.wait_for("navigator.serviceWorker.getRegistration().then(found => !found.installing && !found.waiting && found.active.state === 'activated')")
    other.press("Look back")
    other.sees("1 diary · 2 messages")
    other.page.close()


def delete_the_account(person: Person) -> None:
    person.press("Delete account")
    person.sees("4 conversations, 2 diaries and your profile go")
    assert person.violations_everywhere() == []
    person.fill("form:has(.danger) input[name=password]", "wrong password of mine")
    person.press("Yes, delete")
    person.sees("is wrong")
    person.fill("form:has(.danger) input[name=password]", PASSWORD)
    person.press("Yes, delete")
    person.sees(f"The account {EMAIL} and everything in it was deleted on")
    person.page.wait_for("document.querySelector('.made code')?.innerText !== ''")
    assert person.violations_everywhere() == []
    person.page.wait_for(f"{LEFT}.then(count => count === 0)")
