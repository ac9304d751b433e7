"""The reference web app as a user has it: built, served by `unilife dev`, in a real browser."""
from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from graphql import parse, validate
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from dev import web
from graph.query_limits import QueryLimits
from graph.schema import schema
from graph.trusted_documents import read_manifests
from tests.dev.browser import PATIENCE_SECONDS, browser
from tests.dev.test_serve import Running
from tests.resolvers.imports.exports import chatgpt_export, said
from tests.web.network import network
from tests.web.person import Person
from tests.web.served import PASSWORD, Served

EMAIL = "emma@example.org"
SPOKEN = "🙂 I live in Bristol and I work as a nurse. I usually get up at six. I love spicy food."
SCREENS = (("/chat", "#say", "聊天"), ("/days", ".calendar", "日记"), ("/you", "input[type=date]", "画像"), ("/find?q=spicy", ".list", "搜索"),
           ("/back", "header.bar p, p.bar", "回顾"), ("/settings", "select", "设置"))


MARKDOWN = """A **plan** for `today`, as [the list](https://example.org/list) and [this](javascript:alert(1)) say: <img src=x onerror=alert(1)>

1. Call Kate
2. Rest

| day | what |
|---|---|
| Monday | run |
"""
LOSE_NEXT_ANSWER = """(real => { window.fetch = async (url, init) => {
    if (!init.body.includes('messageStream')) return real(url, init);
    window.fetch = real;
    await (await real(url, init)).text();
    throw new TypeError('the answer was lost');
} })(window.fetch)"""
REGISTER = f'mutation {{ accountRegister(input: {{email: "jing@example.org", password: "{PASSWORD}", nickname: "静", locale: "zh-CN"}}) {{ __typename }} }}'
SAID_ON, THEN = "2025-10-09", "2025-10-20"
PASS_NIGHT = "fetch('/development/night', {method: 'POST'}).then(answer => answer.status)"
KEEP_SAVED = "(real => { URL.createObjectURL = blob => { blob.text().then(text => { window.saved = text }); return real(blob) } })(URL.createObjectURL)"
QUESTIONS = "[...document.querySelectorAll('.message.user .words')].map(one => one.innerText).join(' | ')"
MARKED = "[...new Set([...document.querySelectorAll('mark')].map(one => one.innerText))]"
SHOWN = "[...document.querySelectorAll('.message .words')].map(one => one.innerText)"
NOTE_REQUESTS = """window.asked = []; window.looks = 0; (real => { window.fetch = async (url, init) => {
    const name = JSON.parse(init.body).query.match(/^\\s*(?:query|mutation|subscription) (\\w+)/)[1];
    window.asked.push(name);
    const answer = await real(url, init);
    if (name === 'Changed') answer.clone().text().then(() => window.looks++);
    return answer;
} })(window.fetch)"""
LOOK = "dispatchEvent(new Event('visibilitychange'))"
STORED = """(async () => {
    const found = [];
    for (const { name } of await indexedDB.databases()) {
        const db = await new Promise((done, fail) => Object.assign(indexedDB.open(name), { onsuccess: event => done(event.target.result), onerror: fail }));
        db.onversionchange = () => db.close();
        for (const store of db.objectStoreNames)
            found.push(await new Promise(done => { db.transaction(store).objectStore(store).getAll().onsuccess = event => done(event.target.result) }));
        db.close();
    }
    return JSON.stringify(found);
})()"""
LEFT = "Promise.all([indexedDB.databases(), caches.keys(), navigator.serviceWorker.getRegistrations()])" \
    ".then(found => found.flat().length + localStorage.length)"
WRITTEN = "!document.querySelector('.writing')"
NUMBERS = tuple(f"Number {number}" for number in range(1, 91))


@pytest.mark.once
def test_life_from_registration_to_deletion(running: Running) -> None:
    with browser() as page:
        person = Person(page, running.address)
        person.open("/")
        page.wait_for("document.querySelector('input[name=email]') !== null")
        assert person.violations() == []
        policy = page.evaluate("document.querySelector('meta[http-equiv=Content-Security-Policy]').content")
        assert set(web.SECURITY_POLICY.split("; ")) - set(policy.split("; ")) == {"frame-ancestors 'none'"}  # which only a header may say
        person.press("No account yet? Create one")
        person.fill("input[name=email]", EMAIL)
        person.fill("input[name=password]", "short")
        person.press("Create account")
        person.sees("The password is too short (15 to 128).")
        person.fill("input[name=password]", PASSWORD)
        person.press("Create account")
        person.sees("Tell me about your day. Your diary is written tonight after 00:00.")
        person.says(SPOKEN, "Send")
        person.press("Why this answer")
        person.sees("Your account: name")
        assert person.violations() == []

        person.press("Days")
        person.sees("Your first diary is written tonight after 00:00.")
        person.press("Let the night pass")
        person.sees("The night has passed.")
        page.evaluate("document.querySelector('.traced .line').focus()")
        marked = page.wait_for("document.querySelector('.evidence:not([hidden]) mark')?.innerText")
        assert marked in SPOKEN
        assert person.violations() == []
        person.press_line(".evidence:not([hidden]) a", "Show in the chat")
        assert page.wait_for("document.querySelector('.message.found .words')?.innerText") == SPOKEN
        person.press("Delete")
        assert "Bristol" in page.wait_for("document.querySelector('.carried')?.innerText")
        assert person.violations_everywhere() == []
        person.press("Cancel")

        person.press("You")
        person.press_line(".value button", "Bristol")
        page.wait_for("document.querySelector('.reasons mark') !== null && document.querySelector('.curve') !== null")
        assert person.violations() == []
        person.press("Lock")
        person.sees("locked")
        person.press("Unlock")
        person.press("Correct")
        person.fill(".reasons input[name=value]", "Bath")
        person.press("Save")
        page.wait_for("[...document.querySelectorAll('.value .text')].some(one => one.innerText === 'Bath')")
        person.press_line(".value button", "spicy food")
        person.press("Correct")
        person.fill(".reasons input[name=value]", "mild food")
        person.press("Save")
        values = "[...document.querySelectorAll('.value .text')].map(one => one.innerText)"
        page.wait_for(f"(shown => shown.includes('mild food') && !shown.includes('spicy food'))({values})")

        person.open("/settings")
        person.fill("select[name=locale]", "zh-CN")
        page.wait_for("document.querySelector('select[name=locale]').value === 'zh-CN'")
        person.fill("select[name=zone]", "Pacific/Kiritimati")
        person.press("Save")
        page.wait_for("document.documentElement.lang === 'zh-CN'")
        for path, shown, title in SCREENS:
            person.open(path)
            page.wait_for(f"document.querySelector({json.dumps(shown)}) !== null && document.title.startsWith('{title}')")
            assert person.violations() == [], path
        person.open("/find?q=spicy")
        found = page.wait_for("document.querySelector('.list a[href*=\"at=\"]')?.innerText")
        assert page.evaluate(MARKED) == ["spicy"] and person.violations() == []
        person.press_first('.list a[href*="at="]')
        assert found.startswith(page.wait_for("document.querySelector('.message.found time')?.innerText")), "one time zone on all screens"

        person.press("设置")
        person.press("删除账号")
        person.fill("form input[name=password]", PASSWORD)
        person.press("是的，删除")
        page.wait_for("document.querySelector('main.enter') !== null")
        assert page.logged == [] and [url for url in page.requested if not url.startswith((running.address, "data:"))] == []
    signed_in = running.ask(f'mutation {{ sessionCreate(input: {{email: "{EMAIL}", password: "{PASSWORD}"}}) {{ __typename }} }}')
    assert signed_in == {"sessionCreate": {"__typename": "InvalidCredentialsError"}}


@pytest.mark.once
def test_chat_keeps_what_was_written_and_asked_differently(served: Served, running: Running) -> None:
    email = "chat@example.org"
    with browser() as page:
        person = Person(page, running.address)
        person.register(email, PASSWORD)
        person.says("Please remember that I live in Bristol.", "Send")
        assert page.evaluate("document.querySelector('.calls').innerText") == "Remembered: Bristol Undo"

        served.model.hold("Let us see.", "")
        person.fill("#say", "Plan my day")
        person.press("Send")
        person.sees("Let us see.")
        person.press("Stop")
        person.sees("Stopped here.")
        served.model.hold(MARKDOWN)
        served.model.go_on()
        person.press("Continue")
        page.wait_for(f"{WRITTEN} && document.querySelectorAll('.answer ol li').length === 2 && document.querySelectorAll('.answer td').length === 2")
        newest = "[...document.querySelectorAll('.message.assistant')].at(-1)"
        assert page.evaluate(f"[...{newest}.querySelectorAll('a')].map(one => one.href)") == ["https://example.org/list"]
        assert page.evaluate("document.querySelectorAll('.answer img, .answer script').length") == 0
        assert page.evaluate(f"{newest}.querySelector('.answer p').innerText").endswith("[this](javascript:alert(1)) say: <img src=x onerror=alert(1)>")
        assert page.evaluate(f"{newest}.innerText").startswith(("From here on: another model (paced).", "Let us see."))
        assert person.violations_everywhere() == []
        served.model.release()

        person.press("Ask again")
        page.wait_for(f"{WRITTEN} && document.querySelector('.versions')?.innerText.includes('2 / 2')")
        person.press("Previous version")
        page.wait_for("document.querySelector('.versions')?.innerText.includes('1 / 2') && document.querySelector('.answer table') !== null")
        assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Previous version"

        page.evaluate(LOSE_NEXT_ANSWER)
        person.fill("#say", "I get up at six.")
        person.press("Send")
        person.sees("The server could not be reached. Try again.")
        person.press("Send again")
        page.wait_for(f"{WRITTEN} && document.querySelectorAll('.message.user footer time').length === 3")
        asked = "I get up at six."
        found = served.ask(f'{{ messageSearch(query: "{asked}") {{ nodes {{ role content }} }} }}', email)["messageSearch"]["nodes"]
        assert [one for one in found if one["role"] == "USER"] == [{"role": "USER", "content": asked}]

        person.press_last("Reword")
        assert person.violations_everywhere() == []
        person.fill(".rewording textarea", "I get up at seven.")
        person.press("Ask differently")
        page.wait_for(f"{WRITTEN} && {QUESTIONS} === 'Please remember that I live in Bristol. | Plan my day | I get up at seven.'")
        person.press_last("Previous version")
        page.wait_for(f"{QUESTIONS} === 'Please remember that I live in Bristol. | Plan my day | I get up at six.'")

        found = served.ask('{ messageSearch(query: "seven") { nodes { id role conversation { id } } } }', email)["messageSearch"]["nodes"]
        [other] = [one for one in found if one["role"] == "USER"]
        person.open(f"/chat/{other['conversation']['id']}?at={other['id']}")
        person.sees("This message is in another version of the conversation")
        assert person.violations_everywhere() == []
        person.press("Go to its version")
        assert page.wait_for("document.querySelector('.message.found .words')?.innerText") == "I get up at seven."
        person.press_last("Previous version")
        page.wait_for(f"{QUESTIONS} === 'Please remember that I live in Bristol. | Plan my day | I get up at six.'")

        person.press("Undo")
        person.sees("undone")
        person.press("Reword")
        person.fill(".rewording textarea", "I live in Bath.")
        person.press("Correct")
        person.sees("With it goes 1 profile value.")
        person.press("Yes, correct")
        person.sees("Corrected. With the old words went 1 profile value.")
        assert page.evaluate(f"{QUESTIONS}") == "I live in Bath. | Plan my day | I get up at six."
        person.press_last("Delete")
        person.press("Yes, delete")
        page.wait_for(f"{QUESTIONS} === 'I live in Bath. | Plan my day | I get up at seven.'")
        assert page.logged == []


CONVERSATIONS = "{ conversations { nodes { title temporary play pinned archived tags memory { diary profile toldInChats } " \
    "messages(last: 1) { nodes { rating } } } } }"
COUNTED = "{ conversations { totalCount } archived: conversations(archived: true) { totalCount } }"
FOCUSED = "(document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText)"
LISTED = "[...document.querySelectorAll('.side li')].map(one => one.innerText.trim()).join(' | ')"
MARKS = "(document.querySelector('.marks')?.innerText ?? '')"


@pytest.mark.once
def test_conversation_and_its_memory_are_set_by_its_options(served: Served, running: Running) -> None:
    email = "options@example.org"

    def stored() -> Any:
        [found] = served.ask(CONVERSATIONS, email)["conversations"]["nodes"]
        return {name: value for name, value in found.items() if name != "messages"} | {"rating": found["messages"]["nodes"][0]["rating"]}

    with browser() as page:
        person = Person(page, running.address)
        person.register(email, PASSWORD)
        person.press("Options")
        for name in ("temporary", "here-profile"):
            person.press_first(f"input[name={name}]")
        assert person.violations_everywhere() == []
        person.says("I bought a boat.", "Send")
        page.wait_for(f"{MARKS} === 'temporary · less memory'")
        assert stored()["temporary"] is True and stored()["memory"] == {"diary": True, "profile": False, "toldInChats": True}
        person.press("Keep this conversation")
        page.wait_for(f"{MARKS} === 'less memory'")
        person.press_first("input[name=here-profile]")
        page.wait_for(f"{MARKS} === ''")
        person.fill("input[name=title]", "The boat")
        person.fill("input[name=tags]", "sea, 旅行")
        person.press("Save")
        page.wait_for(f"{LISTED} === 'The boat' && {MARKS} === '#sea · #旅行'")
        page.wait_for(f"{FOCUSED} === 'Save'")
        person.press("Pin")
        page.wait_for("document.querySelector('.side .icon') !== null")
        person.press_first("input[name=here-diary]")
        page.wait_for(f"{MARKS}.startsWith('less memory')")
        person.says("My brother Tom plays chess.", "Send")
        person.press_first("input[name=here-diary]")
        person.sees("You wrote 2 messages on 1 day")
        assert person.violations_everywhere() == []
        person.press("Leave them out")
        person.sees("Nothing is learned from them.")
        person.press("Options")
        person.press("Good answer")
        page.wait_for("document.querySelector('.rating [aria-pressed=true]') !== null")
        person.says("Let's play: you are a dragon and I am a knight.", "Send")
        person.sees("Is this a game or role play?")
        assert person.violations_everywhere() == []
        person.press("Mark it")
        page.wait_for(f"{MARKS}.startsWith('role play')")
        person.press_last("Bad answer")
        page.wait_for("document.querySelectorAll('.rating [aria-pressed=true]').length === 2")
        kept = {"title": "The boat", "temporary": False, "play": True, "pinned": True, "archived": False, "tags": ["sea", "旅行"],
                "memory": {"diary": True, "profile": True, "toldInChats": True}, "rating": "DOWN"}
        assert stored() == kept

        page.evaluate(NOTE_REQUESTS)
        person.fill("#say", "not sent yet")
        [found] = served.ask("{ conversations { nodes { id } } }", email)["conversations"]["nodes"]
        served.ask(f'mutation {{ conversationUpdate(input: {{conversationId: "{found["id"]}", title: "The ship"}}) {{ __typename }} }}', email)
        page.evaluate(LOOK)
        page.wait_for("document.querySelector('.talk h1').innerText === 'The ship'")
        assert page.evaluate("[document.activeElement.id, document.activeElement.value]") == ["say", "not sent yet"]

        person.press("Options")
        person.press("Archive")
        page.wait_for(f"{LISTED} === ''")
        person.fill("select[name=narrow]", "archived")
        page.wait_for(f"{LISTED}.endsWith('The ship')")
        person.fill("select[name=narrow]", "")
        page.wait_for(f"{LISTED} === ''")
        person.press("Delete conversation")
        person.press("Cancel")
        page.wait_for(f"{FOCUSED} === 'Delete conversation'")
        person.press("Delete conversation")
        person.press("Yes, delete")
        person.sees("Deleted.")
        assert served.ask("{ conversations(archived: true) { nodes { id } } }", email) == {"conversations": {"nodes": []}}

        for switch in ("false", "true"):
            served.ask(f"mutation {{ memoryUpdate(input: {{diary: {switch}}}) {{ __typename }} }}", email)
            if switch == "false":
                person.says("I have read a book.", "Send")
        person.press("New conversation")
        person.sees("You wrote 1 message")
        assert person.violations_everywhere() == []
        person.press("Learn from them")
        person.sees("They will be in your diary after the coming night.")
        assert served.ask("{ viewer { memory { gap { messages } } } }", email) == {"viewer": {"memory": {"gap": None}}}

        person.press_first(".side li a")
        person.press("Options")
        person.press("Copy to a new conversation")
        person.sees("This is a copy.")
        assert page.evaluate(QUESTIONS) == "I have read a book."
        person.press("Choose several")
        person.press("All")
        person.sees("2 chosen")
        assert person.violations_everywhere() == []
        person.press_first(".choosing li input")
        person.press("Archive")
        person.sees("1 conversation archived.")
        person.press("All")
        person.press("Delete")
        person.sees("1 conversation goes")
        assert person.violations_everywhere() == []
        page.press_key("Escape")
        page.wait_for(f"{FOCUSED} === 'Delete'")
        assert served.ask(COUNTED, email) == {"conversations": {"totalCount": 1}, "archived": {"totalCount": 1}}
        person.fill("select[name=narrow]", "archived")
        person.press("All")
        person.press("Take out of the archive")
        person.sees("1 conversation taken out of the archive.")
        person.fill("select[name=narrow]", "")
        page.wait_for("document.querySelectorAll('.choosing li').length === 2")
        person.press("All")
        person.press("Delete")
        person.press("Yes, delete")
        person.sees("2 conversations deleted")
        assert served.ask(COUNTED, email) == {"conversations": {"totalCount": 0}, "archived": {"totalCount": 0}}
        person.press("Done")
        assert page.logged == []


@pytest.mark.once
def test_day_is_edited_and_the_profile_answered(served: Served, running: Running) -> None:
    email = "edits@example.org"
    diary = "{ viewer { today } diaries { nodes { date summary mood tags version lines { text } } } }"

    def stored() -> Any:
        return served.ask(diary, email)["diaries"]["nodes"][0]

    with browser() as page:
        person = Person(page, running.address)
        person.register(email, PASSWORD)
        person.says("I live in Hangzhou. I live in Shanghai. I hate cilantro. I decided to move. I felt exhausted.", "Send")
        person.press("Days")
        person.press("Write it now")
        person.sees("The diary was written.")
        first = stored()
        person.press("Edit the summary")
        person.fill("textarea[name=summary]", "A day in my own words.")
        person.fill("select[name=mood]", "4")
        person.fill("input[name=tags]", "home, 家")
        assert person.violations_everywhere() == []
        person.press("Save")
        person.sees("mood 4 of 5 · #home · #家")
        page.wait_for(f"{FOCUSED} === 'Edit the summary'")
        edited = stored()
        assert (edited["summary"], edited["mood"], edited["tags"], edited["lines"]) == ("A day in my own words.", 4, ["home", "家"], first["lines"])
        person.press("Write it again")
        person.sees("It was written again, and nothing is different.")
        assert stored() == edited
        person.press("Versions")
        page.wait_for("document.querySelectorAll('.list details').length === 2")
        page.evaluate("[...document.querySelectorAll('.list details')].at(-1).open = true")
        person.press_last("Take this summary and mood: version 1")
        person.sees(first["summary"])
        assert (stored()["summary"], stored()["mood"], stored()["tags"]) == (first["summary"], first["mood"], ["home", "家"])
        gone = first["lines"][-1]["text"]
        person.press(f"Delete: {gone}")
        page.wait_for("document.querySelector('.acts .confirm [role=status]')?.innerText.trim()")
        assert person.violations_everywhere() == [] and gone in [line["text"] for line in stored()["lines"]]
        person.press("Yes, delete")
        page.wait_for(f"!document.querySelector('.lines').parentElement.parentElement.innerText.includes({json.dumps(gone)})")
        assert gone not in [line["text"] for line in stored()["lines"]]

        person.press("You")
        person.sees("Which one is right?")
        assert person.violations_everywhere() == []
        person.press("This one: Shanghai")
        person.sees("Settled.")
        homes = served.ask("{ profile { sections { values { value status locked slot } } } }", email)["profile"]["sections"]
        [home] = [value for section in homes for value in section["values"] if value["slot"] == "IDENTITY_HOME" and value["status"] == "ACTIVE"]
        assert (home["value"], home["locked"]) == ("Shanghai", True)
        page.wait_for("document.querySelector('.value .said').parentElement.innerText.includes('locked')")
        person.open("/find?q=dislikes+cilantro")
        page.wait_for("document.querySelector('.list')?.innerText.includes('dislikes cilantro')")
        assert person.violations_everywhere() == []

        person.press("Days")
        person.press("Delete this diary")
        person.press("Yes, delete")
        person.sees("This day is not over.")
        person.sees("Deleted. With it went")
        served.model.fail("500")
        person.press("Write it now")
        person.sees("The model could not write it. Nothing was changed; try again later.")
        assert served.ask(diary, email)["diaries"]["nodes"] == []
        assert page.logged == []


SEEN = "(document.activeElement.getAttribute('name') ?? document.activeElement.id)"


@pytest.mark.once
def test_life_without_a_mouse(served: Served, running: Running) -> None:
    email = "keys@example.org"
    with browser() as page:
        person = Person(page, running.address)
        person.open("/")
        page.wait_for("document.querySelector('input[name=email]') !== null")
        person.enter("No account yet? Create one")
        person.write("E-mail", email, back=True)
        person.write("Password", PASSWORD)
        page.press_key("Enter")
        page.wait_for(f"{SEEN} === 'say'")
        page.type_text("I live in Hangzhou. I live in Shanghai. I usually get up at six.")
        page.press_key("Enter")
        page.wait_for(f"{WRITTEN} && document.querySelectorAll('.message.assistant time').length === 1")
        served.model.hold("Let us see.", "")
        page.type_text("Plan my day")
        person.tab_to("Send")
        page.press_key("Enter")
        person.sees("Let us see.")
        assert page.evaluate(FOCUSED) == "Stop"
        page.press_key("Enter")
        person.sees("Stopped here.")
        served.model.release()
        page.wait_for(f"{WRITTEN} && {FOCUSED} === 'Send'")
        person.enter("Why this answer", back=True)
        person.sees("Your account: name")
        person.enter("Reword", back=True)
        page.wait_for("document.activeElement.value === 'Plan my day'")
        page.press_key("Escape")
        page.wait_for(f"{FOCUSED} === 'Reword'")
        person.enter("Options", back=True)
        person.tab_to("Pin")
        page.press_key("Escape")
        page.wait_for(f"{FOCUSED} === 'Options' && document.querySelector('#options') === null")

        person.enter("Days", back=True)
        page.wait_for(f"{SEEN} === 'main' && document.querySelector('.calendar a') !== null")
        today = page.evaluate("document.querySelector('[aria-current=date]').getAttribute('aria-label')")
        person.tab_to(today)
        there, back = ("ArrowRight", "ArrowLeft") if page.evaluate("document.activeElement.innerText") == "1" else ("ArrowLeft", "ArrowRight")
        page.press_key(there)
        assert page.evaluate("document.activeElement.matches('.calendar a:not([aria-current])')")
        page.press_key(back)
        assert page.evaluate(FOCUSED) == today
        person.enter("Write it now")
        person.sees("The diary was written.")
        line = page.evaluate("document.querySelector('.traced .line').innerText")
        person.tab_to(line)
        page.wait_for("document.querySelector('.evidence:not([hidden]) mark') !== null")
        page.press_key("Escape")
        page.wait_for("document.querySelector('.evidence:not([hidden])') === null")
        person.enter(f"Delete: {line}")
        page.wait_for(f"{FOCUSED} === 'Cancel'")
        page.press_key("Escape")
        page.wait_for(f"{FOCUSED} === {json.dumps(f'Delete: {line}')}")
        person.enter(f"Edit: {line}", back=True)
        page.wait_for(f"{SEEN} === 'text'")
        page.type_text(" By hand.")
        person.enter("Save")
        person.sees("written by you")
        page.wait_for(f"{FOCUSED}.startsWith('Edit: ')")

        person.enter("You", back=True)
        person.sees("Which one is right?")
        person.enter("This one: Shanghai")
        person.sees("Settled.")
        person.enter("Search", back=True)
        page.wait_for(f"{SEEN} === 'main'")
        person.write("Words to look for", "get up at six")
        page.press_key("Enter")
        page.wait_for("document.querySelector('.list a[href*=\"at=\"]') !== null")
        person.enter(page.evaluate("document.querySelector('.list a[href*=\"at=\"]').innerText"))
        page.wait_for(f"document.querySelector('.message.found') !== null && {SEEN} === 'say'")

        person.enter("Settings", back=True)
        page.wait_for("document.querySelector('#sign-ins li') !== null")
        person.enter("Delete account", back=True)
        page.wait_for(f"{SEEN} === 'password'")
        page.press_key("Escape")
        page.wait_for(f"{FOCUSED} === 'Delete account'")
        page.press_key("Enter")
        page.wait_for(f"{SEEN} === 'password'")
        page.type_text(PASSWORD)
        page.press_key("Enter")
        page.wait_for(f"{FOCUSED}.startsWith('The account {email} and everything in it was deleted')")
        assert page.logged == []


SUGGESTED = "{ profile { sections { values(statuses: [SUGGESTED]) { value } } } }"


def wait_for_file(path: Path, *words: str) -> None:
    """Return when the file has arrived. Raises AssertionError when it does not have these words in time."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not (path.exists() and all(word in path.read_text(encoding="utf-8") for word in words)):
        assert time.monotonic() < until, [one.name for one in path.parent.iterdir()]
        time.sleep(0.1)


def write_long_chat(directory: Path) -> Path:
    """Write a file of ChatGPT with one conversation of the messages NUMBERS."""
    nodes = (said(f"n{n}", f"n{n - 1}" if n else None, role="assistant" if n % 2 else "user", text=text) for n, text in enumerate(NUMBERS))
    path = directory / "long.json"
    path.write_text(json.dumps([chatgpt_export(*nodes, conversation_id="c2")]))
    return path


@pytest.mark.once
def test_settings_and_nights_of_an_admin(served: Served, running: Running, tmp_path: Path) -> None:
    email = "jing@example.org"
    running.ask(REGISTER)
    served.make_admin(email)

    def suggested() -> list[str]:
        return [value["value"] for section in served.ask(SUGGESTED, email)["profile"]["sections"] for value in section["values"]]

    chats, saved = tmp_path / "conversations.json", tmp_path / "unilife.json"
    told = "我住在杭州，我喜欢下棋。今天我决定换工作。我觉得很累，但是很开心。"
    talk = chatgpt_export(said("1", None, text=told), said("2", "1", role="assistant", text="好的。"))
    chats.write_text(json.dumps([talk]))
    with browser() as page:
        person = Person(page, running.address)
        person.open("/")
        person.sign_in(email, PASSWORD)
        person.press("设置")
        person.press(page.wait_for("document.querySelector('.presets button')?.innerText"))
        person.sees("已保存，下一个回答起生效。")
        person.fill("input[name=companion]", "小米")
        page.evaluate("document.querySelector('input[name=companion]').form.requestSubmit()")
        person.press_first("section details summary")
        person.press("恢复此版本: 第 1 版")
        page.wait_for("document.querySelector('input[name=companion]').value === ''")
        person.press_first("section details summary")
        person.press("删除更早的版本")
        person.press("是的，删除")
        person.sees("更早的版本已删除。")
        assert [one["version"] for one in served.ask("{ companionVersions { version } }", email)["companionVersions"]] == [3]
        person.press_first("input[name=diary]")
        page.wait_for("document.querySelector('input[name=diary]:not(:checked):not(:disabled)') !== null")
        person.press_first("input[name=diary]")
        page.wait_for("document.querySelector('input[name=diary]:checked:not(:disabled)') !== null")
        person.press_first("input[name=MONEY]")
        page.wait_for("document.querySelector('input[name=MONEY]:checked:not(:disabled)') !== null")
        person.fill("input[name=until]", "2100-01-01")
        person.press("暂停")
        person.sees("已暂停至 2100年1月1日")
        memory = served.ask("{ viewer { companion { name version } memory { diary topicsNotKept pausedUntil } } }", email)["viewer"]
        assert memory == {"companion": {"name": None, "version": 3}, "memory": {"diary": True, "topicsNotKept": ["MONEY"], "pausedUntil": "2100-01-01"}}
        person.press("结束暂停")
        page.wait_for("document.querySelector('input[name=until]') !== null")
        assert person.violations_everywhere() == []

        person.press("聊天")
        person.press("设置")
        sessions = "[...document.querySelectorAll('.sessions li')].map(one => one.innerText)"
        listed = page.wait_for(f"{sessions}.length > 2 && {sessions}")
        assert any("当前登录" in one and one.startswith("Chrome, Linux") for one in listed) and any(one.startswith("未命名的应用") for one in listed)
        assert person.violations_everywhere() == []
        person.press_first(".sessions button")
        person.sees("该登录已结束。")
        page.wait_for(f"{sessions}.length === {len(listed) - 1}")
        page.choose_file("input[type=file]", str(chats))
        person.sees("将带来 1 个对话、2 条消息，涉及 1 天。")
        assert person.violations_everywhere() == []
        served.model.fail("400")
        person.press("现在导入")
        person.sees("已导入 2 条消息")
        page.evaluate(KEEP_SAVED)
        person.press("导出为 JSON")
        person.sees("已分 1 部分导出。")
        saved.write_text(page.wait_for("window.saved"))

        page.evaluate(PASS_NIGHT)
        person.press("夜间任务")
        page.wait_for("document.querySelector('.plot') !== null")
        person.sees("服务商拒绝请求：请看它的说明 MODEL_REJECTED")
        person.press("失败条目 1 个")
        page.wait_for(f"document.querySelector('.reasons')?.innerText.includes('{email}')")
        assert person.violations_everywhere() == []
        served.model.release()
        person.press("重试失败的条目")
        person.sees("失败的条目已重新排队。")
        page.evaluate(PASS_NIGHT)
        person.fill("input[name=reason]", "维护")
        person.press("关闭模型")
        person.sees("模型已关闭")
        person.fill("input[name=reason]", "完成")
        person.press("启用模型")
        person.sees("模型正在使用。")

        person.open(f"/days/{SAID_ON}")
        person.press_first(".lines [aria-label^='编辑']")
        person.fill(".lines textarea[name=text]", "搬到杭州以后，我很喜欢下棋")
        person.press("保存")
        person.sees("您亲手写的")
        assert person.violations_everywhere() == []
        person.press_first(".lines [aria-label^='隐藏']")
        page.wait_for("document.querySelector('.lines .gone') !== null")
        person.open(f"/you/then/{THEN}")
        page.wait_for("[...document.querySelectorAll('.then .text')].map(one => one.innerText).join() === '杭州,下棋'")
        assert person.violations_everywhere() == []

        person.press("设置")
        page.save_downloads_to(str(tmp_path))
        person.press("导出为 Markdown")
        person.sees("已分 1 部分导出。")
        wait_for_file(tmp_path / "unilife.md", SAID_ON, "今天我决定换工作")
        person.fill("textarea[name=memories]", "1. 用户会说挪威语。\n2. 喜欢爬山\n3. 喜欢下棋\n4. 用户的密码是 hunter22x。")
        person.press("看看它的建议")
        person.sees("它为您的画像建议了")
        person.press_first(".skipped summary")
        person.sees("像是密码、密钥或卡号 · 1")
        assert person.violations_everywhere() == [] and suggested() == []
        person.press("放进画像")
        person.sees("项建议等您确认")
        assert "爬山" in suggested()
        person.press_first("#assistants summary")
        person.fill("input[name=token]", "Claude")
        for scope in ("READ_PREFERENCES", "SUGGEST"):
            person.press_first(f"input[value={scope}]")
        assert person.violations_everywhere() == []
        person.press("生成令牌")
        token = page.wait_for("document.querySelector('input.token')?.value")
        person.press("复制")
        page.wait_for("document.querySelector('.made [role=status]').innerText !== ''")
        assert person.violations_everywhere() == []
        person.press("我已保存")
        calls = [served.call_tool(token, "profile") for _ in range(10)] + [served.call_tool(token, "suggest_value", slot="preferences.food", value="香菜")]
        assert set(calls) == {200}
        page.evaluate(LOOK)
        person.sees("提出建议 · 喜好 · 等您决定")
        person.press_line("#assistants button", "更多")
        page.wait_for("document.querySelectorAll('.uses li').length === 11")
        assert person.violations_everywhere() == [] and token not in page.evaluate("document.body.innerHTML")
        person.press("删除: Claude")
        person.press("是的，删除")
        person.sees("令牌已删除")
        assert served.ask("{ apiTokens { totalCount } }", email) == {"apiTokens": {"totalCount": 0}} and served.call_tool(token, "profile") == 401
        person.press("画像")
        person.sees("由 Claude 建议")

        person.press("设置")
        person.press("退出登录")
        running.ask(REGISTER.replace("jing@", "other@"))
        person.sign_in("other@example.org", PASSWORD)
        person.sees("伙伴")
        page.choose_file("input[type=file]", str(saved))
        person.sees("已导入 2 条消息")
        page.choose_file("input[type=file]", str(write_long_chat(tmp_path)))
        person.sees("将带来 1 个对话、90 条消息")
        person.press("现在导入")
        person.sees("已导入 90 条消息")

        search = '{ messageSearch(query: "Number", first: 100) { nodes { id content conversation { id } } } }'
        found = served.ask(search, "other@example.org")["messageSearch"]["nodes"]
        [at], [gone] = ([one for one in found if one["content"] == f"Number {number}"] for number in (45, 43))
        numbers = list(NUMBERS)
        person.open(f"/chat/{at['conversation']['id']}?at={at['id']}")
        page.wait_for("document.querySelector('.message.found') !== null")
        assert page.evaluate(SHOWN) == numbers[29:60]
        page.evaluate(NOTE_REQUESTS)
        person.fill("#say", "还没写完")
        served.ask(f'mutation {{ messageDelete(input: {{messageId: "{gone["id"]}"}}) {{ __typename }} }}', "other@example.org")
        page.evaluate(LOOK)
        page.wait_for(f"!{SHOWN}.includes('Number 43')")
        assert page.evaluate("[document.activeElement.id, document.activeElement.value]") == ["say", "还没写完"]
        del numbers[42:44]
        assert page.evaluate(SHOWN) == numbers[29:58]
        person.press("更早的消息")
        page.wait_for(f"{SHOWN}[0] === 'Number 1'")
        person.press("更晚的消息")
        page.wait_for(f"{SHOWN}.at(-1) === 'Number 90'")
        assert page.evaluate(SHOWN) == numbers

        person.press_last("改写")
        page.evaluate("window.asked = []; window.looks = 0")
        rename = f'mutation {{ conversationUpdate(input: {{conversationId: "{at["conversation"]["id"]}", title: "很长"}}) {{ __typename }} }}'
        served.ask(rename, "other@example.org")
        for look in (1, 2):
            page.evaluate(LOOK)
            page.wait_for(f"window.looks === {look}")
        assert page.evaluate("[...window.asked, document.querySelector('.rewording') !== null]") == ["Changed", "Changed", True]
        person.press("取消")
        page.evaluate(LOOK)
        page.wait_for("document.querySelector('.talk h1').innerText === '很长'")
        assert page.logged == []


@pytest.mark.once
def test_copy_on_the_device_is_read_offline_and_loses_what_is_deleted(running: Running, tmp_path: Path) -> None:
    email, kept, deleted = "copy@example.org", SPOKEN, "My neighbour Quentin snores."
    with network(running.port) as way, browser() as page:
        person = Person(page, way.address)
        person.register(email, PASSWORD)
        person.says(kept, "Send")
        person.says(deleted, "Send")
        person.press("Days")
        person.press("Let the night pass")
        person.sees("The night has passed.")
        assert page.evaluate(LEFT) == 0
        person.open("/settings")
        page.wait_for("document.querySelector('input[type=file]') !== null")
        page.choose_file("input[type=file]", str(write_long_chat(tmp_path)))
        person.press("Import now")
        person.sees("Imported 90 messages.")
        person.press_first("input[name=copy]")
        person.sees("A copy is kept on this device.")
        stored = page.wait_for(f"{STORED}.then(text => ['Message', 'Diary', 'ProfileValue', 'Number 90'].every(kind => text.includes(kind)) && text)")
        assert "Quentin" in stored and '"slot":"IDENTITY_HOME"' in stored and '"__typename":"Diary"' in stored
        page.wait_for("navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)")

        person.press("Chat")
        person.press_first(".side li a")
        person.sees(deleted)
        person.press_last("Delete")
        person.press("Yes, delete")
        page.wait_for(f"{QUESTIONS} === {json.dumps(kept)}")
        page.wait_for(f"{STORED}.then(text => !text.includes('Quentin'))")
        assert kept in page.evaluate(STORED)

        page.evaluate("sessionStorage.clear()")  # as after the tab was closed
        way.cut()
        person.open("/days")
        person.sees("Offline: as of")
        page.wait_for("document.querySelector('.traced .line') !== null")
        assert "Quentin" not in page.evaluate("document.body.innerText") and page.evaluate("document.querySelector('.lines [aria-label^=Edit]')") is None
        assert person.violations_everywhere() == []
        person.press_line(".traced .line", "get up at six")
        person.press_line(".evidence:not([hidden]) a", "Show in the chat")
        assert page.wait_for("document.querySelector('.message.found .words')?.innerText") == kept
        person.open("/you")
        page.wait_for("[...document.querySelectorAll('.value .text')].some(one => one.innerText === 'Bristol')")
        person.open("/find?q=number+45")
        person.press_first(".list a")
        page.wait_for("document.querySelector('.message.found') !== null")
        assert page.evaluate(SHOWN) == list(NUMBERS[29:60])
        person.press("Earlier messages")
        page.wait_for(f"{SHOWN}[0] === 'Number 1'")
        person.press("Later messages")
        page.wait_for(f"{SHOWN}.at(-1) === 'Number 90'")
        assert page.evaluate(SHOWN) == list(NUMBERS) and page.evaluate("document.querySelector('.scroll > button.plain')") is None
        for words, found, marks in (("SPICY", kept, ["spicy"]), ("Quentin", "Nothing found.", []), (f"SPICY&to={THEN}", "Nothing found.", [])):
            person.open(f"/find?q={words}")
            person.sees(found)
            assert page.evaluate(MARKED) == marks
        person.open("/chat")
        person.press_first(".side li a")
        page.wait_for(f"{QUESTIONS} === {json.dumps(kept)}")
        page.evaluate("document.querySelector('#say').value = 'I will be back.'")
        page.evaluate("document.querySelector('#say').dispatchEvent(new Event('input', {bubbles: true}))")
        person.press("Send")
        person.sees("You are offline, so this was not sent.")
        page.evaluate("location.reload()")
        page.wait_for("document.querySelector('#say')?.value === 'I will be back.'")

        way.mend()
        page.evaluate("dispatchEvent(new Event('online'))")
        person.sees("This device keeps a copy")
        person.sign_in(email, PASSWORD)
        page.wait_for("document.querySelector('#say')?.value === 'I will be back.' && document.querySelector('.offline').innerText === ''")
        person.press("Send")
        page.wait_for(f"{WRITTEN} && {QUESTIONS} === {json.dumps(kept + ' | I will be back.')}")
        page.wait_for(f"{STORED}.then(text => text.includes('I will be back.'))")
        person.press("Settings")
        person.press("Sign out")
        page.wait_for(f"{LEFT}.then(count => count === 0)")

        person.sign_in(email, PASSWORD)
        person.press_first("input[name=copy]")
        page.wait_for(f"{STORED}.then(text => text.includes('Bristol'))")
        given = f'input: {{email: "{email}", password: "{PASSWORD}"}}'
        token = running.ask(f"mutation {{ sessionCreate({given}) {{ ... on SessionCreateSuccess {{ accessToken }} }} }}")["sessionCreate"]["accessToken"]
        running.ask("mutation { sessionRevokeAll(input: {keepCurrent: true}) { __typename } }", token)
        person.press("Days")
        person.sees("Sign in")
        page.wait_for(f"{LEFT}.then(count => count === 0)")
        assert page.logged == []


@pytest.mark.once
@pytest.mark.usefixtures("running")
def test_built_app_has_the_id_of_each_document_of_its_manifest() -> None:
    texts = read_manifests([web.MANIFEST])
    bundle = "".join(path.read_text(encoding="utf-8") for path in (web.DIST / "assets").glob("*.js"))
    assert len(texts) > 30 and [id for id in texts if f"sha256:{id}" not in bundle] == []
    for text in texts.values():
        assert validate(schema()._schema, parse(text)) == [] and validate(schema()._schema, parse(text), [QueryLimits]) == []
    assert web.DOCUMENTS_BY_TEXT in (web.DIST / "index.html").read_text(encoding="utf-8"), "with_web replaces this"


def serve(tmp_path: Path, *, trusted_documents: bool = False) -> tuple[TestClient, list[str]]:
    """Return a client of an API with the app around it, and what `pass_night` was called for."""
    (tmp_path / "assets").mkdir(exist_ok=True)
    (tmp_path / "worker.js").write_text("the worker")
    (tmp_path / "index.html").write_text(f"<html><head>{web.DOCUMENTS_BY_TEXT}</head>the app</html>")
    nights: list[str] = []

    async def pass_night() -> None:
        nights.append("passed")

    api = Starlette(routes=[Route(path, lambda request: PlainTextResponse("the API"), methods=["GET", "POST"]) for path in ("/graphql", "/health")])
    return TestClient(web.with_web(api, tmp_path, pass_night, trusted_documents=trusted_documents)), nights


def test_app_is_served_with_a_strict_policy_and_leaves_the_api_alone(tmp_path: Path) -> None:
    client, nights = serve(tmp_path)
    html = {"accept": "text/html"}
    for path in ("/", "/days/2026-01-31"):
        page = client.get(path, headers=html)
        assert "the app" in page.text and "unilife-development" in page.text
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "script-src 'self'" in policy and "unsafe" not in policy
        assert web.DOCUMENTS_BY_TEXT in page.text and web.DOCUMENTS_BY_ID in serve(tmp_path, trusted_documents=True)[0].get(path, headers=html).text
    assert client.get("/graphql", headers=html).text == client.post("/graphql").text == client.get("/health", headers=html).text == "the API"
    worker = client.get("/worker.js")
    assert (worker.text, worker.headers["cache-control"]) == ("the worker", "no-cache")
    assert client.get("/assets/../../pyproject.toml").status_code == 404
    client.post(web.NIGHT_PATH, headers={"sec-fetch-site": "cross-site"})
    assert nights == []
    client.post(web.NIGHT_PATH, headers={"sec-fetch-site": "same-origin"})
    assert nights == ["passed"]


def test_page_without_the_app_says_what_is_missing_and_leaves_the_api_alone() -> None:
    api = Starlette(routes=[Route("/graphql", lambda request: PlainTextResponse("the API"), methods=["GET", "POST"])])
    client = TestClient(web.without_web(api, web.WebUnavailable("npm ci failed: <no route> to host")))
    page = client.get("/", headers={"accept": "text/html"})
    assert "npm ci failed" in page.text and "&lt;no route&gt;" in page.text and "npm_config_registry" in page.text
    assert client.get("/graphql").text == "the API"
