"""The reference web app as a user has it: built, served by `unilife dev`, in a real browser."""
from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

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
from tests.dev.browser import browser
from tests.dev.test_serve import Running, started
from tests.web.person import Person

EMAIL, PASSWORD = "emma@example.org", "a kettle sings at dawn"
SPOKEN = "🙂 I live in Bristol and I work as a nurse. I usually get up at six. I love spicy food."
SCREENS = (("/chat", "#say", "聊天"), ("/days", ".calendar", "日记"), ("/you", "input[type=date]", "画像"), ("/find?q=spicy", ".list", "搜索"),
           ("/back", "header.bar p, p.bar", "回顾"), ("/settings", "select", "设置"))


@pytest.fixture(scope="module")
def running(open_directory: Callable[[], Path]) -> Iterator[Running]:
    try:
        web.build()
    except web.WebUnavailable as error:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"web/ could not be built: {error}")
    with started(open_directory()) as found:
        yield found


@pytest.mark.once
def test_life_from_registration_to_deletion(running: Running) -> None:
    with browser() as page:
        person = Person(page, running.address)
        person.open("/")
        page.wait_for("document.querySelector('input[name=email]') !== null")
        assert person.violations() == []
        person.press("No account yet? Create one")
        person.fill("input[name=email]", EMAIL)
        person.fill("input[name=password]", "short")
        person.press("Create account")
        person.sees("The password is too short (15 to 128).")
        person.fill("input[name=password]", PASSWORD)
        person.press("Create account")
        person.sees("Tell me about your day.")
        person.says(SPOKEN, "Send")
        person.press("Why this answer")
        person.sees("Your account: name")
        assert person.violations() == []

        person.press("Days")
        person.press("Let the night pass")
        person.sees("The night has passed.")
        page.evaluate("document.querySelector('.traced .line').focus()")
        marked = page.wait_for("document.querySelector('.evidence:not([hidden]) mark')?.innerText")
        assert marked in SPOKEN
        assert person.violations() == []
        person.press_line(".evidence:not([hidden]) a", "Show in the chat")
        assert page.wait_for("document.querySelector('.message.found .words')?.innerText") == SPOKEN

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

        person.open("/settings")
        person.fill("select[name=locale]", "zh-CN")
        page.wait_for("document.querySelector('select[name=locale]').value === 'zh-CN'")
        person.press("Save")
        page.wait_for("document.documentElement.lang === 'zh-CN'")
        for path, shown, title in SCREENS:
            person.open(path)
            page.wait_for(f"document.querySelector({json.dumps(shown)}) !== null && document.title.startsWith('{title}')")
            assert person.violations() == [], path

        person.press("设置")
        person.press("删除账号")
        person.fill("form input[name=password]", PASSWORD)
        person.press("是的，删除")
        page.wait_for("document.querySelector('main.enter') !== null")
        assert page.logged == [] and [url for url in page.requested if not url.startswith((running.address, "data:"))] == []
    signed_in = running.ask(f'mutation {{ sessionCreate(input: {{email: "{EMAIL}", password: "{PASSWORD}"}}) {{ __typename }} }}')
    assert signed_in == {"sessionCreate": {"__typename": "InvalidCredentialsError"}}


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
