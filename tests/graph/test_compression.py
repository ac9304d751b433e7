"""Compression of responses in the server mode: what is compressed, and what must not be."""
from __future__ import annotations

from typing import Any

import httpx2
import pytest
from graphql import GraphQLObjectType, GraphQLUnionType, get_named_type

from graph.asgi import app, server_app
from graph.request import TOKEN_FIELDS
from graph.schema import schema
from tests import seeds
from tests.seeds import DAY

pytestmark = pytest.mark.anyio

PAGE = "{ diaries(first: 20) { nodes { id date summary lines { id kind text evidence { quote message { id content } } } } } }"
MANY = " ".join(f"email{number}: email" for number in range(25))
SIGN_IN = f"""mutation {{ sessionCreate(input: {{email: "ann@example.org", password: "a kettle sings at dawn"}}) {{
  ... on SessionCreateSuccess {{ accessToken refreshToken user {{ id {MANY} }} }} }} }}"""
STREAM = 'subscription { messageStream(input: {content: "I went hiking in the hills today."}) { __typename ... on MessageStreamDelta { text } } }'


async def post(application: Any, document: str, token: str | None = None, *, accept: str = "application/json", encodings: str = "gzip, br") -> httpx2.Response:
    headers = {"accept": accept, "accept-encoding": encodings, **({"authorization": f"Bearer {token}"} if token else {})}
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=application), base_url="http://test", timeout=60) as client:
        return await client.post("/graphql", json={"query": document}, headers=headers)


async def reader() -> str:
    """Return a token of someone with two days of diaries, whose page has more than 1 KiB."""
    ann = await seeds.person()
    for number in range(2):
        await seeds.whole_day(ann, DAY.replace(day=DAY.day + number))
    return await seeds.bearer(ann)


@pytest.mark.usefixtures("database")
async def test_server_response_of_a_long_page_is_compressed_for_clients_that_accept_it() -> None:
    token = await reader()
    plain = await post(server_app(), PAGE, token, encodings="identity")
    packed = await post(server_app(), PAGE, token)
    assert "content-encoding" not in plain.headers and packed.headers["content-encoding"] == "gzip"
    assert "accept-encoding" in packed.headers["vary"].lower() and packed.json() == plain.json()
    assert int(packed.headers["content-length"]) < len(plain.content) / 2


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("document", ["{ __typename }", PAGE.replace("first: 20", "first: 0")], ids=["short", "refused"])
async def test_server_response_of_few_bytes_is_not_compressed(document: str) -> None:
    assert "content-encoding" not in (await post(server_app(), document, await reader())).headers


@pytest.mark.usefixtures("database", "model_server")
async def test_server_stream_is_not_compressed() -> None:
    streamed = await post(server_app(), STREAM, await reader(), accept="text/event-stream")
    assert "content-encoding" not in streamed.headers and "MessageSendSuccess" in streamed.text


@pytest.mark.usefixtures("database")
async def test_server_response_with_tokens_is_not_compressed() -> None:
    register = """mutation { accountRegister(input: {email: "ann@example.org", password: "a kettle sings at dawn", nickname: "Ann"}) {
      ... on AccountRegisterSuccess { accessToken } } }"""
    assert (await post(server_app(), register)).json()["data"]["accountRegister"]["accessToken"]
    signed_in = await post(server_app(), SIGN_IN)
    assert len(signed_in.content) > 1024, "or this test sees nothing"
    assert signed_in.json()["data"]["sessionCreate"]["accessToken"] and "content-encoding" not in signed_in.headers


@pytest.mark.usefixtures("database")
async def test_function_response_is_not_compressed() -> None:
    assert "content-encoding" not in (await post(app(), PAGE, await reader())).headers


def test_token_fields_are_all_root_fields_that_return_a_session() -> None:
    mutation = schema()._schema.mutation_type
    assert mutation is not None
    found = set()
    for name, field in mutation.fields.items():
        result = get_named_type(field.type)
        members = result.types if isinstance(result, GraphQLUnionType) else (result,)
        for member in members:
            if isinstance(member, GraphQLObjectType) and {"accessToken", "refreshToken"} & set(member.fields):
                found.add(name)
    assert found == set(TOKEN_FIELDS)
