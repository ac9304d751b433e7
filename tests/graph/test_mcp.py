"""The MCP endpoint over HTTP: its two revisions, what each scope reads, suggestions, and the log of both."""
from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import update

import settings
from graph.asgi import app, server_app
from graph.cloud_http import handle_http_event
from graph.mcp_tools import TOOLS
from graph.relay import decode_id_of, encode_id
from jobs.rules.own_slots import own_id, own_key
from jobs.rules.text.secrets import contains_secret
from persistence import database
from persistence.ids import uuid7
from persistence.models import ApiToken, ApiTokenUse, ImportedValue, JudgedSource, ProfileValue, User
from persistence.models.diary import LineKind
from persistence.models.enums import ApiScope, ApiTool, ApiUseOutcome, SourceVerdict
from persistence.models.profile import ValueStatus
from persistence.queries import api_tokens as stored
from persistence.queries.api_tokens import NewUse
from resolvers import api_tokens, portability
from tests import seeds
from tests.cloud_events import load_event
from tests.graph.test_api_tokens import DELETE, make
from tests.jobs.job_setup import everything, rows
from tests.seeds import DAY, ask, bearer

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

MODERN, LEGACY = "2026-07-28", "2025-11-25"
META = "io.modelcontextprotocol/"
READS = [scope for scope in ApiScope if scope.value.startswith("READ_")]
OTHER = timedelta(days=1)


def client(token: str | None, **headers: str) -> httpx2.AsyncClient:
    given = {"accept": "application/json, text/event-stream", **({"authorization": f"Bearer {token}"} if token else {}), **headers}
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app()), base_url="http://test", headers=given, timeout=60)


def request(method: str, version: str = MODERN, **params: Any) -> dict[str, Any]:
    """Return a request as a client of the revision sends it: headers and body."""
    meta = {f"{META}protocolVersion": version, f"{META}clientInfo": {"name": "Test", "version": "1"}, f"{META}clientCapabilities": {}}
    name = {"mcp-name": params["name"]} if method == "tools/call" else {}
    headers = {"mcp-protocol-version": version, **({"mcp-method": method, **name} if version == MODERN else {})}
    given = {**params, **({"_meta": meta} if version == MODERN else {})}
    return {"headers": headers, "json": {"jsonrpc": "2.0", "id": "a1", "method": method, "params": given}}


async def call(token: str, name: str, **arguments: Any) -> dict[str, Any]:
    """Return the result of a tool call, after comparing its form with the tool's schema."""
    async with client(token) as http:
        answer = await http.post("/mcp", **request("tools/call", name=name, arguments=arguments))
    assert answer.status_code == 200, answer.text
    result: dict[str, Any] = answer.json()["result"]
    [content] = result["content"]
    if not result["isError"]:
        assert json.loads(content["text"]) == result["structuredContent"]
        check_form(result["structuredContent"], TOOLS[name].result)
    return result


async def read(token: str, name: str, **arguments: Any) -> Any:
    result = await call(token, name, **arguments)
    assert not result["isError"], result
    return result["structuredContent"]


async def refusal(token: str, name: str, **arguments: Any) -> str:
    result = await call(token, name, **arguments)
    assert result["isError"] and "structuredContent" not in result
    return str(result["content"][0]["text"])


KINDS = {"object": dict, "array": list, "string": str, "number": (int, float), "integer": int, "boolean": bool, "null": type(None)}


def check_form(value: Any, schema: Any) -> None:
    """Assert that a value has the form of a schema, as far as the schemas of the tools say it."""
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    assert any(isinstance(value, KINDS[kind]) for kind in kinds), (value, schema)
    assert value in schema.get("enum", [value]) and schema.get("minimum", 0) <= (value if isinstance(value, float) else 0) <= schema.get("maximum", 1)
    if isinstance(value, dict):
        assert set(value) == set(schema["required"]) == set(schema["properties"])
        for name, item in value.items():
            check_form(item, schema["properties"][name])
    if isinstance(value, list):
        for item in value:
            check_form(item, schema["items"])


async def uses() -> list[tuple[str, str, int, int]]:
    """Return the log: tool, outcome, number of results and of quotes."""
    found = sorted(await rows(ApiTokenUse), key=lambda use: use.id)
    return [(use.tool.value, use.outcome.value, use.results, use.quotes) for use in found]


async def test_mcp_modern_request_is_answered_with_its_version_and_lists_the_tools_of_the_scopes():
    ann = await seeds.person()
    token = await make(ann, ApiScope.READ_DIARY, ApiScope.SUGGEST)
    async with database.transaction() as session:
        await session.execute(update(User).where(User.id == ann.id).values(locale="zh-CN"))
    async with client(token) as http:
        found = await http.post("/mcp", **request("server/discover"))
        listed = await http.post("/mcp", **request("tools/list"))
    result = found.json()["result"]
    assert (found.status_code, found.headers["content-type"], found.json()["id"]) == (200, "application/json", "a1")
    assert (result["resultType"], result["supportedVersions"][:2], result["capabilities"]) == ("complete", [MODERN, LEGACY], {"tools": {}})
    assert result["cacheScope"] == "public"
    assert result["_meta"][f"{META}serverInfo"]["name"] == "unilife" and result["ttlMs"] > 0
    result = listed.json()["result"]
    assert [tool["name"] for tool in result["tools"]] == ["diary_days", "diary_day", "search", "suggest_value"]
    assert result["tools"][0]["title"] == "日记列表" and (result["cacheScope"], result["resultType"]) == ("private", "complete")
    assert "mcp-session-id" not in listed.headers and listed.headers["cache-control"] == "no-store" and await uses() == []


async def test_mcp_legacy_handshake_without_a_session_is_served():
    ann = await seeds.person()
    await seeds.whole_day(ann, DAY)
    token = await make(ann, ApiScope.READ_DIARY)
    hello = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": LEGACY, "capabilities": {"roots": {}}, "clientInfo": {"name": "ExampleClient", "version": "1.0.0"}}}
    async with client(token) as http:
        began = await http.post("/mcp", json=hello)
        older = await http.post("/mcp", json={**hello, "params": {**hello["params"], "protocolVersion": "2024-11-05"}})  # type: ignore[dict-item]
        ready = await http.post("/mcp", json={"jsonrpc": "2.0", "method": "notifications/initialized"}, headers={"mcp-protocol-version": LEGACY})
        ping = await http.post("/mcp", **request("ping", LEGACY))
        listed = await http.post("/mcp", **request("tools/list", LEGACY))
        day = await http.post("/mcp", **request("tools/call", LEGACY, name="diary_day", arguments={"day": DAY.isoformat()}))
        unknown = await http.post("/mcp", **request("prompts/list", LEGACY))
    assert (began.json()["result"]["protocolVersion"], older.json()["result"]["protocolVersion"]) == (LEGACY, LEGACY)
    assert set(began.json()["result"]) == {"protocolVersion", "capabilities", "serverInfo", "instructions"} and "mcp-session-id" not in began.headers
    assert (ready.status_code, ready.content) == (202, b"") and ping.json()["result"] == {}
    assert set(listed.json()["result"]) == {"tools"} and len(listed.json()["result"]["tools"]) == 3
    assert day.json()["result"]["structuredContent"]["found"] and "resultType" not in day.json()["result"]
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (200, -32601)


def changed(made: dict[str, Any], headers: dict[str, str | None] | None = None, **body: Any) -> dict[str, Any]:
    """Return a request with other headers (None: without) and other members of the body."""
    kept = {name: value for name, value in {**made["headers"], **(headers or {})}.items() if value is not None}
    return {"headers": kept, "json": {**made["json"], **body}}


LIST, CALL = request("tools/list"), request("tools/call", name="profile", arguments={})
BARE: dict[str, Any] = {"_meta": {f"{META}protocolVersion": MODERN}}
OLD: dict[str, Any] = {"_meta": {**LIST["json"]["params"]["_meta"], f"{META}protocolVersion": "1900-01-01"}}
REFUSED: dict[str, tuple[dict[str, Any], int, int | None]] = {
    "page of another origin": (changed(LIST, {"origin": "https://evil.example"}), 403, 403),
    "form": ({"headers": {"content-type": "text/plain"}, "content": b"{}"}, 415, 415),
    "too large": ({"headers": {"content-type": "application/json"}, "content": b" " * (256 * 1024 + 1)}, 413, 413),
    "no JSON": ({"headers": {"content-type": "application/json"}, "content": b"{"}, 400, -32700),
    "batch": ({"headers": LIST["headers"], "json": [LIST["json"]]}, 400, -32600),
    "response": ({"headers": LIST["headers"], "json": {"jsonrpc": "2.0", "id": 1, "result": {}}}, 400, -32600),
    "null id": (changed(LIST, id=None), 400, -32600),
    "no version": (changed(LIST, {"mcp-protocol-version": None}), 400, -32020),
    "other version": (changed(LIST, {"mcp-protocol-version": LEGACY}), 400, -32020),
    "unknown version": (changed(LIST, {"mcp-protocol-version": "1900-01-01"}, params=OLD), 400, -32022),
    "unknown header alone": (changed(LIST, {"mcp-protocol-version": "1900-01-01"}, params={}), 400, -32022),
    "no metadata": (changed(LIST, params={}), 400, -32602),
    "no capabilities": (changed(LIST, params=BARE), 400, -32602),
    "no method header": (changed(LIST, {"mcp-method": None}), 400, -32020),
    "other method header": (changed(LIST, {"mcp-method": "tools/call"}), 400, -32020),
    "other name header": (changed(CALL, {"mcp-name": "search"}), 400, -32020),
    "no name header": (changed(CALL, {"mcp-name": None}), 400, -32020),
    "unknown method": (request("resources/list"), 404, -32601),
    "handshake in the stateless revision": (request("initialize"), 404, -32601),
    "unknown tool": (request("tools/call", name="delete_all", arguments={}), 200, -32602),
    "no arguments object": (request("tools/call", name="profile", arguments=[]), 400, -32602),
    "cursor": (request("tools/list", cursor="x"), 200, -32602),
}


async def test_mcp_request_that_breaks_the_protocol_is_refused_by_its_code_and_changes_nothing():
    token = await make(await seeds.person(), *ApiScope)
    await api_tokens.authenticate_token(token)
    before = await everything()
    async with client(token) as http:
        for name, (sent, status, code) in REFUSED.items():
            answer = await http.post("/mcp", **sent)
            assert (answer.status_code, answer.json()["error"]["code"], answer.json()["jsonrpc"]) == (status, code, "2.0"), (name, answer.text)
            if code == -32022:
                assert answer.json()["error"]["data"]["supported"][0] == MODERN
        for method in ("GET", "DELETE", "PUT"):
            answer = await http.request(method, "/mcp")
            assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
        spelled = await http.post("/mcp", **changed(CALL, {"mcp-name": f"=?base64?{b64encode(b'profile').decode()}?="}, id=7))
    assert await everything() != before and (spelled.status_code, spelled.json()["id"]) == (200, 7), "or nothing was compared"
    async with database.transaction() as session:
        await session.execute(ApiTokenUse.__table__.delete())
    assert {name for name, value in (await everything()).items() if value != before[name]} <= {"api_tokens"}


async def test_mcp_origin_of_cors_origins_is_allowed(monkeypatch: pytest.MonkeyPatch):
    token = await make(await seeds.person(), *READS)
    monkeypatch.setenv("CORS_ORIGINS", "http://localhost:*")
    settings.current.cache_clear()
    try:
        async with client(token, origin="http://localhost:6274") as http:
            assert (await http.post("/mcp", **LIST)).status_code == 200
    finally:
        monkeypatch.undo()
        settings.current.cache_clear()


async def test_mcp_without_a_valid_personal_access_token_is_unauthorized():
    ann = await seeds.person()
    expired, deleted = await make(ann, name="old"), await make(ann, name="gone")
    async with database.transaction() as session:
        ended = update(ApiToken).where(ApiToken.user_id == ann.id, ApiToken.name == "old")
        await session.execute(ended.values(expires_at=ApiToken.created_at - OTHER))
        await session.execute(ApiToken.__table__.delete().where(ApiToken.name == "gone"))
    session_token = await bearer(ann)
    before = await everything()
    for token in (None, "x", session_token, expired, deleted, api_tokens.make_token(ann.id)):
        async with client(token) as http:
            answer = await http.post("/mcp", **LIST)
        assert (answer.status_code, answer.json()["error"]["data"]["code"], answer.json()["id"]) == (401, "UNAUTHENTICATED", "a1")
        challenge, _, description = answer.headers["www-authenticate"].partition(", error_description=")
        assert (challenge, bool(description)) == ('Bearer realm="unilife"' + (', error="invalid_token"' if token else ""), token is not None)
    assert await everything() == before


async def store_person(name: str = "ann") -> User:
    """Store a user with a day, and with values of all states and sections."""
    user = await seeds.person(name)
    [ran, tired, home] = await seeds.said(user, DAY, f"I ran 5 km before work, says {name}", "今天很累，但是很开心", "I have asthma and a red Brompton")
    await seeds.diary(user, DAY, [
        seeds.line(LineKind.HIGHLIGHT, f"{name} ran five kilometres.", seeds.quote(ran, "ran 5 km")),
        seeds.line(LineKind.EMOTION, "很开心", seeds.quote(tired, "很开心")),
        seeds.line(LineKind.ACTIVITY, "A secret of the hidden line.", seeds.quote(home), hidden=True),
        seeds.line(LineKind.DECISION, "Sleep more.", by_person=True),
    ], [seeds.signal("preferences.activities", "running", seeds.quote(ran, "ran 5 km"))],
        summary=f"{name} ran five kilometres. 很累，但是很开心。")  # fmt: skip
    await seeds.value(user, "preferences.activities", "running", ran)
    await seeds.value(user, "identity.possessions", "red Brompton", home, locked=True)
    await seeds.value(user, "identity.health", "asthma", home)
    for number, status in enumerate((ValueStatus.SUGGESTED, ValueStatus.SUPERSEDED, ValueStatus.REJECTED)):
        await seeds.value(user, "preferences.food", f"dish {number}", ran, status=status)
    return user


async def withhold(user: User, source: str) -> None:
    async with database.transaction() as session:
        session.add(JudgedSource(user_id=user.id, id=uuid7(), source=source, verdict=SourceVerdict.NOT_NOW, withheld=True))


async def test_mcp_profile_has_the_values_of_the_scopes_with_quotes_day_and_confidence_and_nothing_of_others():
    ann, _ = await store_person(), await store_person("bob")
    token = await make(ann, ApiScope.READ_PREFERENCES, ApiScope.QUOTES)
    [value] = (await read(token, "profile"))["values"]
    assert (value["slot"], value["label"], value["value"], value["status"], value["confidence"], value["day"]) == (
        "preferences.activities", "Likes to do", "running", "ACTIVE", 0.8, DAY.isoformat())
    assert value["quotes"] == [{"quote": "ran 5 km", "day": DAY.isoformat()}]
    token = await make(ann, ApiScope.READ_IDENTITY, ApiScope.READ_PREFERENCES)
    values = (await read(token, "profile", sections=["IDENTITY", "PREFERENCES"]))["values"]
    assert [(value["value"], value["locked"], value["quotes"]) for value in values] == [("red Brompton", True, []), ("running", False, [])]
    [value] = (await read(token, "profile", sections=["IDENTITY"]))["values"]
    assert value["value"] == "red Brompton"
    token = await make(ann, *READS)
    assert {value["value"] for value in (await read(token, "profile"))["values"]} == {"red Brompton", "running", "asthma"}
    assert await uses() == [("PROFILE", "DONE", 1, 1), ("PROFILE", "DONE", 2, 0), ("PROFILE", "DONE", 1, 0), ("PROFILE", "DONE", 3, 0)]
    [first, *_] = sorted(await rows(ApiTokenUse), key=lambda use: use.id)
    assert (first.sections, first.token_name, first.user_id) == (["PREFERENCES"], "Desk", ann.id)


async def test_mcp_diary_and_search_have_quotes_only_with_the_scope_and_no_hidden_line_and_nothing_of_others():
    ann, _ = await store_person(), await store_person("bob")
    plain, quoting = await make(ann, ApiScope.READ_DIARY), await make(ann, ApiScope.READ_DIARY, ApiScope.QUOTES)
    [listed] = (await read(plain, "diary_days"))["days"]
    assert (listed["day"], listed["summary"], listed["mood"]) == (DAY.isoformat(), "ann ran five kilometres. 很累，但是很开心。", 4)
    day = await read(plain, "diary_day", day=DAY.isoformat())
    assert [(line["kind"], line["text"], line["basis"], line["quotes"]) for line in day["lines"]] == [
        ("HIGHLIGHT", "ann ran five kilometres.", "QUOTES", []), ("EMOTION", "很开心", "QUOTES", []), ("DECISION", "Sleep more.", "PERSON", [])]
    day = await read(quoting, "diary_day", day=DAY.isoformat())
    assert [line["quotes"] for line in day["lines"]] == [["ran 5 km"], ["很开心"], []]
    found = await read(plain, "search", query="kilometres")
    assert [(hit["day"], hit["diary"], hit["relevance"], hit["quotes"]) for hit in found["results"]] == [(DAY.isoformat(), "ann ran five kilometres.", 1.0, [])]
    found = await read(quoting, "search", query="ran before work")
    assert found["about"] and found["results"][0]["quotes"][0] == "I ran 5 km before work, says ann"
    nothing = await read(quoting, "diary_day", day=(DAY + OTHER).isoformat())
    assert (nothing["found"], nothing["lines"]) == (False, [])
    assert (await read(plain, "diary_days", to=(DAY - OTHER).isoformat()))["days"] == []
    assert await uses() == [
        ("DIARY_DAYS", "DONE", 1, 0), ("DIARY_DAY", "DONE", 4, 0), ("DIARY_DAY", "DONE", 4, 2), ("SEARCH", "DONE", 1, 0), ("SEARCH", "DONE", 1, 2),
        ("DIARY_DAY", "DONE", 0, 0), ("DIARY_DAYS", "DONE", 0, 0)]  # fmt: skip
    assert {(use.first_day, use.last_day) for use in await rows(ApiTokenUse)} == {(DAY, DAY), (None, None)}


async def test_mcp_read_without_the_scope_for_sensitive_topics_leaves_out_health_and_beliefs():
    ann = await store_person()
    [pills, temple, walk] = await seeds.said(ann, DAY + OTHER, "My asthma is bad, I took two puffs", "我信佛，今天去寺庙拜佛了", "I walked in the park")
    await seeds.diary(ann, DAY + OTHER, [
        seeds.line(LineKind.HIGHLIGHT, "Had an asthma attack.", seeds.quote(pills)), seeds.line(LineKind.ACTIVITY, "去寺庙拜佛", seeds.quote(temple)),
        seeds.line(LineKind.ACTIVITY, "Walked in the park.", seeds.quote(walk)), seeds.line(LineKind.DECISION, "Treat my asthma.", by_person=True),
    ], summary="Had an asthma attack. Walked in the park. 我信佛，去寺庙拜佛了。")  # fmt: skip
    await seeds.value(ann, "habits.sleep", "wakes up from asthma", pills)
    calls: list[tuple[str, dict[str, Any]]] = [
        ("profile", {}), ("diary_days", {}), ("diary_day", {"day": (DAY + OTHER).isoformat()}), ("search", {"query": "walked in the park"})]
    told = {}
    for scopes in ([*READS, ApiScope.QUOTES], [scope for scope in (*READS, ApiScope.QUOTES) if scope is not ApiScope.READ_SENSITIVE]):
        token = await make(ann, *scopes)
        told[len(scopes)] = {name: json.dumps(await read(token, name, **given), ensure_ascii=False) for name, given in calls}
    everything_told, less = told[max(told)], told[min(told)]
    assert all("asthma" in text for text in everything_told.values()) and "拜佛" in everything_told["diary_day"] and "拜佛" in everything_told["search"]
    assert [(name, word) for name, text in less.items() for word in ("asthma", "拜佛") if word in text] == []
    assert await read(token, "search", query="asthma") == {"about": False, "results": []}, "nor does it tell on which days"
    assert (await read(await make(ann, ApiScope.READ_DIARY, ApiScope.READ_SENSITIVE), "search", query="asthma"))["results"]
    assert "running" in less["profile"] and all("park" in less[name] for name in ("diary_days", "diary_day", "search"))


@pytest.mark.parametrize("how", ["topic", "name", "withheld", "told off", "paused"])
async def test_mcp_read_leaves_out_what_the_user_lets_nobody_be_told(how: str):
    ann = await store_person()
    token = await make(ann, *READS, ApiScope.QUOTES)
    columns = {"topic": {"topics_off": ["HEALTH"]}, "name": {"names_off": ["Brompton", "ann"]}, "told off": {"memory_off": ["TOLD"]},
               "paused": {"memory_paused_until": (DAY.replace(year=2100))}}.get(how, {})
    async with database.transaction() as session:
        await session.execute(update(User).where(User.id == ann.id).values(updated_at=User.updated_at, **columns))
    if how == "withheld":
        [asthma] = [value for value in await rows(ProfileValue) if value.value == "asthma"]
        await withhold(ann, f"day:{DAY.isoformat()}")
        async with database.transaction() as session:
            await session.execute(update(ProfileValue).where(ProfileValue.id == asthma.id).values(status=ValueStatus.REJECTED))
    calls: list[tuple[str, dict[str, Any]]] = [
        ("profile", {}), ("diary_days", {}), ("diary_day", {"day": DAY.isoformat()}), ("search", {"query": "ran before work kilometres"})]
    if how in ("told off", "paused"):
        for name, given in calls:
            assert "switched off" in await refusal(token, name, **given)
        assert {outcome for _, outcome, *_ in await uses()} == {"REFUSED"}
        return
    found = {name: json.dumps(await read(token, name, **given), ensure_ascii=False) for name, given in calls}
    said = {"topic": ["asthma"], "name": ["Brompton", "ann "], "withheld": ["asthma", "kilometres", "ran 5 km", "开心"]}[how]
    assert [(name, words) for name, text in found.items() for words in said if words in text] == []
    assert "running" in found["profile"], "or nothing was read"
    assert how == "withheld" or "开心" in found["diary_days"]


CALLS: list[tuple[str, dict[str, Any], ApiScope]] = [
    ("profile", {"sections": ["HABITS"]}, ApiScope.READ_HABITS), ("diary_days", {}, ApiScope.READ_DIARY),
    ("diary_day", {"day": "2026-05-20"}, ApiScope.READ_DIARY), ("search", {"query": "ran"}, ApiScope.READ_DIARY),
    ("suggest_value", {"slot": "identity.home", "value": "Oslo"}, ApiScope.SUGGEST),
]  # fmt: skip


async def test_mcp_tool_without_its_scope_or_with_wrong_arguments_is_refused_and_changes_nothing_but_the_log():
    ann = await store_person()
    for name, given, scope in CALLS:
        token = await make(ann, *(other for other in ApiScope if other is not scope))
        await api_tokens.authenticate_token(token)
        before = await everything()
        assert scope.value in await refusal(token, name, **given)
        after = await everything()
        assert {table for table, value in after.items() if value != before[table]} <= {"api_tokens", "api_token_uses"}
    assert await uses() == [(name.upper(), "REFUSED", 0, 0) for name, *_ in CALLS]
    token = await make(ann, *ApiScope)
    before = await everything()
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("profile", {"sections": "HABITS"}), ("profile", {"sections": ["SECRETS"]}), ("profile", {"user": "bob"}), ("diary_days", {"limit": 32}),
        ("diary_days", {"limit": True}), ("diary_days", {"from": "2026-05-21", "to": "2026-05-20"}), ("diary_day", {}), ("diary_day", {"day": "2026-W01-1"}),
        ("diary_day", {"day": "0001-01-01"}),
        ("search", {"query": ""}), ("search", {"query": 5}), ("search", {"query": "x" * 201}), ("suggest_value", {"slot": "identity.shoes", "value": "42"}),
        ("suggest_value", {"slot": "identity.birthday", "value": "soon"}), ("suggest_value", {"slot": "identity.home", "value": "password: hunter2hunter2"}),
        ("suggest_value", {"slot": "identity.home", "value": "…"}), ("suggest_value", {"slot": "identity.home", "value": "Oslo", "negated": "no"}),
    ]  # fmt: skip
    for name, given in wrong:
        await refusal(token, name, **given)
    after = await everything()
    assert {table for table, value in after.items() if value != before[table]} <= {"api_tokens", "api_token_uses"}
    assert contains_secret("password: hunter2hunter2") and "DONE" not in {outcome for _, outcome, *_ in await uses()}


VALUES = """{ profile { sections { values(statuses: [ACTIVE, SUGGESTED, REJECTED]) {
    id slot value status confidence polarity locked suggestedBy evidence { quote } changes { cause effect } } } } }"""


async def suggestions(user: User) -> list[dict[str, Any]]:
    sections = (await ask(VALUES, token=await bearer(user)))["data"]["profile"]["sections"]
    return [value for section in sections for value in section["values"]]


async def test_mcp_suggestion_is_shown_with_its_origin_until_the_user_rejects_it_and_never_counts():
    ann = await seeds.person()
    token = await make(ann, ApiScope.SUGGEST, name="助手 Claude")
    received = await read(token, "suggest_value", slot="preferences.food", value="cilantro", negated=True)
    [value] = await suggestions(ann)
    assert {name: value[name] for name in ("slot", "value", "status", "confidence", "polarity", "locked", "suggestedBy", "evidence", "changes")} == {
        "slot": "PREFERENCES_FOOD", "value": "cilantro", "status": "SUGGESTED", "confidence": 0.2, "polarity": "DISLIKES", "locked": False,
        "suggestedBy": "助手 Claude", "evidence": [], "changes": [{"cause": "ASSISTANT_SUGGESTED", "effect": "SUGGESTED"}]}
    reader = await make(ann, *READS)
    assert (await read(reader, "profile"))["values"] == [], "a suggestion is nothing known"
    assert await read(token, "suggest_value", slot="preferences.food", value="Cilantro", negated=True) == received and len(await suggestions(ann)) == 1
    copy = await seeds.person("copy")
    await portability.import_json(copy, await portability.export_json(ann))
    [copied] = await suggestions(copy)
    assert copied["suggestedBy"] == "助手 Claude"
    [row] = [row for row in await rows(ApiToken) if row.name == "助手 Claude"]
    await ask(DELETE, {"id": encode_id("ApiToken", row.id)}, token=await bearer(ann))
    [left] = await suggestions(ann)
    assert (left["status"], left["suggestedBy"]) == ("SUGGESTED", "助手 Claude")
    await ask("mutation ($id: ID!) { profileValueReject(input: {id: $id}) { __typename } }", {"id": left["id"]}, token=await bearer(ann))
    assert [value["status"] for value in await suggestions(ann)] == ["REJECTED"]
    token = await make(ann, ApiScope.SUGGEST)
    assert await read(token, "suggest_value", slot="preferences.food", value="cilantro", negated=True) == received
    assert [value["status"] for value in await suggestions(ann)] == ["REJECTED"]
    assert [use for use in await uses() if use[0] == "SUGGEST_VALUE"] == [("SUGGEST_VALUE", "DONE", stored, 0) for stored in (1, 0, 0)]


async def own_slot(user: User, name: str, guide: str = "") -> str:
    """Define a slot of the user's own and return its key."""
    made = await ask("mutation ($input: SlotCreateInput!) { slotCreate(input: $input) { ... on SlotCreateSuccess { slot { id } } } }",
                     {"input": {"name": name, "many": True, "guide": guide}}, token=await bearer(user))
    return own_key(decode_id_of("OwnSlot", made["data"]["slotCreate"]["slot"]["id"]))


async def test_mcp_suggestion_for_an_own_slot_is_listed_stored_and_goes_with_the_slot():
    ann, bob = await seeds.person(), await seeds.person("bob")
    books, others = await own_slot(ann, "在读的书", "Titles of books."), await own_slot(bob, "Tools")
    await own_slot(ann, "Asthma")
    token, blind = await make(ann, ApiScope.READ_OWN, ApiScope.SUGGEST, name="助手 Claude"), await make(ann, ApiScope.SUGGEST)
    for given, expected in ((token, True), (blind, False)):
        async with client(given) as http:
            tools = {tool["name"]: tool for tool in (await http.post("/mcp", **request("tools/list"))).json()["result"]["tools"]}
        arguments = tools["suggest_value"]["inputSchema"]
        assert (("ownSlot" in arguments["properties"]), arguments["required"]) == (expected, ["value"] if expected else ["slot", "value"])
    listed = await read(token, "profile")
    assert listed["ownSlots"] == [{"ownSlot": books, "label": "在读的书", "guide": "Titles of books."}], "the other one's name is about health"
    assert (await read(await make(ann, *READS), "profile", sections=["HABITS"]))["ownSlots"] == []
    await read(token, "suggest_value", ownSlot=books, value="三体")
    [value] = await suggestions(ann)
    assert (value["slot"], value["value"], value["status"], value["suggestedBy"]) == ("OWN", "三体", "SUGGESTED", "助手 Claude")
    assert (await read(token, "profile"))["values"] == []
    before = await everything()
    assert "READ_OWN" in await refusal(blind, "suggest_value", ownSlot=books, value="Dune")
    for wrong in ({"ownSlot": others}, {"ownSlot": "own.5"}, {"ownSlot": "identity.home"}):
        assert "no such slot" in await refusal(token, "suggest_value", value="Dune", **wrong)
    assert "no such slot" in await refusal(token, "suggest_value", slot=books, value="Dune")
    for both in ({}, {"ownSlot": ""}, {"slot": "identity.home", "ownSlot": books}):
        assert "either slot or ownSlot" in await refusal(token, "suggest_value", value="Dune", **both)
    after = await everything()
    assert {table for table, rows_of in after.items() if rows_of != before[table]} <= {"api_tokens", "api_token_uses"}
    await ask("mutation ($id: ID!) { slotDelete(input: {id: $id}) { __typename } }", {"id": encode_id("OwnSlot", own_id(books) or "")}, token=await bearer(ann))
    assert (await rows(ImportedValue), await suggestions(ann)) == ([], [])
    assert "no such slot" in await refusal(token, "suggest_value", ownSlot=books, value="Dune")


@pytest.mark.parametrize(("columns", "said"), [
    ({"memory_off": ["TOLD"]}, "switched off"), ({"memory_off": ["PROFILE"]}, "profile"), ({"topics_off": ["MONEY"]}, "never wants kept"),
    ({"names_off": ["Bob"]}, "never wants kept"),
])  # fmt: skip
async def test_mcp_suggestion_for_an_own_slot_that_settings_leave_out_is_refused_and_stores_nothing(columns: dict[str, Any], said: str):
    ann = await seeds.person()
    plans = await own_slot(ann, "Plans")
    token = await make(ann, ApiScope.READ_OWN, ApiScope.SUGGEST)
    async with database.transaction() as session:
        await session.execute(update(User).where(User.id == ann.id).values(updated_at=User.updated_at, **columns))
    assert said in await refusal(token, "suggest_value", ownSlot=plans, value="repay my credit card debt to Bob")
    assert (await rows(ImportedValue), await suggestions(ann)) == ([], [])
    assert await uses() == [("SUGGEST_VALUE", "REFUSED", 0, 0)]


@pytest.mark.parametrize("how", ["profile off", "topic", "name", "sensitive", "known"])
async def test_mcp_suggestion_that_is_left_out_gets_the_same_answer_and_stores_nothing(how: str):
    ann = await seeds.person()
    columns = {"profile off": {"memory_off": ["PROFILE"]}, "topic": {"topics_off": ["MONEY"]}, "name": {"names_off": ["Bob"]}}.get(how, {})
    async with database.transaction() as session:
        await session.execute(update(User).where(User.id == ann.id).values(updated_at=User.updated_at, **columns))
    if how == "known":
        await ask('mutation { profileValueSet(input: {slot: IDENTITY_HOME, value: "Oslo"}) { __typename } }', token=await bearer(ann))
    token = await make(ann, ApiScope.SUGGEST)
    slot, value = {
        "sensitive": ("identity.health", "asthma"), "name": ("relationships.people", "friend Bob"), "topic": ("decisions.goals", "repay my credit card debt"),
    }.get(how, ("identity.home", "Oslo"))
    before = await suggestions(ann)
    left_out = await read(token, "suggest_value", slot=slot, value=value)
    assert await suggestions(ann) == before
    assert not await rows(ImportedValue)
    other = await make(await seeds.person("other"), ApiScope.SUGGEST)
    assert await read(other, "suggest_value", slot="identity.home", value="Oslo") == left_out


async def test_mcp_tool_calls_beyond_the_limit_are_refused_and_not_logged():
    ann, bob = await seeds.person(), await seeds.person("bob")
    token, other = await make(ann, *READS), await make(bob, *READS)
    async with database.transaction() as session:
        for _ in range(api_tokens.MAX_USES_PER_MINUTE):
            await stored.add_use(session, ann.id, uuid7(), "another token", NewUse(ApiTool.PROFILE, ApiUseOutcome.DONE))
    async with client(token) as http:
        answer = await http.post("/mcp", **CALL)
    assert (answer.status_code, answer.headers["retry-after"], answer.json()["error"]["data"]["code"]) == (429, "60", "RATE_LIMITED")
    assert len(await uses()) == api_tokens.MAX_USES_PER_MINUTE
    assert await read(other, "profile") and len(await uses()) == api_tokens.MAX_USES_PER_MINUTE + 1


async def test_mcp_in_server_mode_is_served():
    token = await make(await store_person(), *READS)
    transport, headers = httpx2.ASGITransport(app=server_app()), {"authorization": f"Bearer {token}"}
    async with httpx2.AsyncClient(transport=transport, base_url="http://test", headers=headers) as http:
        answer = await http.post("/mcp", **CALL)
    assert len(answer.json()["result"]["structuredContent"]["values"]) == 3


@pytest.mark.parametrize("path", [
    "aws/alb.json", "aws/function_url.json", "aws/http_v2.json", "aws/rest_v1.json", "aliyun/http.json", "huawei/apig.json", "tencent/apigw.json",
    "tencent/function_url.json",
])
def test_mcp_through_an_event_of_each_cloud_challenges_a_client_without_a_token(path: str) -> None:
    event, context = load_event(path), load_event("tencent/context.json")
    http = (event.get("requestContext") or {}).get("http")
    for holder, names in ((event, ("path", "rawPath")), (http if isinstance(http, dict) else {}, ("path",))):
        holder.update({name: "/mcp" for name in names if name in holder})
    headers = {"content-type": "application/json", **LIST["headers"]}
    event.update(body=json.dumps(LIST["json"]), isBase64Encoded=False)
    for name in ("headers", "multiValueHeaders"):
        if isinstance(event.get(name), dict):
            kept = {key: value for key, value in event[name].items() if key.lower() not in {"origin", "authorization", *headers}}
            event[name] = {**kept, **{key: [value] if name == "multiValueHeaders" else value for key, value in headers.items()}}
    for key in ("httpMethod", "method"):
        for holder in (event, http or {}):
            holder.update({key: "POST"} if key in holder else {})
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        answer = handle_http_event(app(), event, context, {"unilife.function": True})
    finally:
        asyncio.set_event_loop(None)
        loop.close()
    given = {name.lower(): value for name, value in (answer.get("headers") or {}).items()} | {
        name.lower(): value[0] for name, value in (answer.get("multiValueHeaders") or {}).items()}
    assert (answer["statusCode"], given["www-authenticate"]) == (401, 'Bearer realm="unilife"') and json.loads(answer["body"])["error"]["code"] == 401
