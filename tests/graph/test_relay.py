from __future__ import annotations

import base64
import json
from datetime import date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID, uuid4

import pytest
from graphql import GraphQLError
from hypothesis import given
from hypothesis import strategies as st

from graph import relay
from persistence.ids import CLIENT_HALF, is_client_made, is_public_form
from tests.graph.small_schema import DAYS, Context, make_schema, note_id

pytestmark = pytest.mark.anyio

STORED_FORM = UUID("019c2d8a-0c00-8a3f-8000-000000000000")
"""The id under which a message is stored whose id a client made: with a time, which clients never see."""


def code_of(error: GraphQLError) -> str:
    assert error.extensions
    return error.extensions["code"]


async def ask(query: str, **variables: Any) -> tuple[Any, list[Any], Context]:
    context = Context("r")
    result = await make_schema().execute(query, variables, context)
    return result.data, [error.formatted for error in result.errors or []], context


@given(st.uuids(version=4) | st.builds(lambda half: UUID(int=CLIENT_HALF << 64 | 2 << 62 | half), st.integers(0, 2**62 - 1)))
def test_decode_id_of_an_encoded_id_returns_it(id: UUID) -> None:
    assert relay.decode_id(relay.encode_id("Diary", id)) == ("Diary", id)


def test_decode_id_of_with_another_type_raises_bad_user_input() -> None:
    id = uuid4()
    assert relay.decode_id_of("Diary", relay.encode_id("Diary", id)) == id
    with pytest.raises(GraphQLError) as refused:
        relay.decode_id_of("Message", relay.encode_id("Diary", id))
    assert code_of(refused.value) == "BAD_USER_INPUT"


def raw(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


GOOD_ID = relay.encode_id("Diary", UUID(int=5))


@pytest.mark.parametrize(
    "id",
    [
        "",
        "x",
        "日记",
        "\ud800",
        "=" * 5,
        GOOD_ID + "=",
        GOOD_ID + " ",
        GOOD_ID[:-1],
        GOOD_ID[:-1] + "R",
        "a" * 100_000,
        raw(b":" + bytes(16)),
        raw(b"Diary:" + bytes(15)),
        raw(b"Diary:" + bytes(17)),
        raw(b"Di ary:" + bytes(16)),
        raw(b"Diary" + bytes(16)),
        raw(b"\xff:" + bytes(16)),
        "../" + GOOD_ID,
        raw(b"Message:" + STORED_FORM.bytes),
    ],
)
def test_decode_id_of_a_malformed_id_raises_bad_user_input(id: str) -> None:
    with pytest.raises(GraphQLError) as refused:
        relay.decode_id(id)
    assert code_of(refused.value) == "BAD_USER_INPUT"


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
POSITIONS = st.tuples(st.uuids(), st.datetimes(timezones=st.just(timezone.utc)), st.dates(), st.integers(-(2**63) + 1, 2**63 - 1), TEXTS)


@given(POSITIONS)
def test_decode_cursor_of_an_encoded_cursor_returns_its_position(position: tuple[Any, ...]) -> None:
    cursor = relay.encode_cursor(*position)
    assert relay.decode_cursor(cursor, UUID, datetime, date, int, str) == position


def test_decode_cursor_of_a_date_time_returns_utc() -> None:
    there = datetime(2026, 1, 1, 8, tzinfo=timezone(timedelta(hours=8)))
    (found,) = relay.decode_cursor(relay.encode_cursor(there), datetime)
    assert (found, found.utcoffset()) == (there, timedelta(0))


def encode_json(value: Any) -> str:
    return raw(json.dumps(value, separators=(",", ":")).encode())


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "%%%",
        GOOD_ID,
        encode_json(None),
        encode_json(5),
        encode_json({"a": 1}),
        encode_json([]),
        encode_json(["2026-01-01"]),
        encode_json(["2026-01-01", 5]),
        encode_json(["2026-13-01", str(UUID(int=1))]),
        encode_json(["2026-01-01", str(UUID(int=1)), 1]),
        encode_json(["2026-01-01", "1" * 32]),
        encode_json(["2026-01-01", str(UUID(int=1)).upper().replace("0", "O")]),
        raw(b"[" * 300),
        "a" * 100_000,
    ],
)
def test_decode_cursor_of_a_malformed_cursor_raises_bad_user_input(cursor: str) -> None:
    with pytest.raises(GraphQLError) as refused:
        relay.decode_cursor(cursor, date, UUID)
    assert code_of(refused.value) == "BAD_USER_INPUT"


@pytest.mark.parametrize(("value", "kind"), [(2**63, int), (True, int), ("a\0b", str), ("2026-01-01T00:00:00", datetime), ("\ud800", str)])
def test_decode_cursor_with_a_value_that_the_database_cannot_compare_is_refused(value: Any, kind: type) -> None:
    with pytest.raises(GraphQLError):
        relay.decode_cursor(encode_json([value]), kind)


@pytest.mark.parametrize(("first", "size"), [(None, 20), (1, 1), (100, 100), (101, 100), (2147483647, 100)])
def test_page_size_has_a_default_and_a_maximum(first: int | None, size: int) -> None:
    assert relay.page_size(first) == size


@pytest.mark.parametrize("first", [0, -1, -2147483648])
def test_page_size_below_one_is_refused(first: int) -> None:
    with pytest.raises(GraphQLError) as refused:
        relay.page_size(first)
    assert code_of(refused.value) == "BAD_USER_INPUT"


async def test_connection_paged_to_the_end_returns_every_node_in_order() -> None:
    query = """query ($after: String) { notes(first: 3, after: $after) {
        nodes { day } edges { cursor node { day } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    } }"""
    seen: list[str] = []
    after, pages = None, 0
    while True:
        data, errors, _ = await ask(query, after=after)
        page = data["notes"]
        assert not errors
        assert page["nodes"] == [edge["node"] for edge in page["edges"]]
        assert page["pageInfo"]["startCursor"] == page["edges"][0]["cursor"]
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        seen += [node["day"] for node in page["nodes"]]
        after, pages = page["pageInfo"]["endCursor"], pages + 1
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert pages == 3
    assert seen == [f"2026-01-0{day}" for day in range(1, DAYS + 1)]


async def test_connection_after_the_last_node_is_empty() -> None:
    last = relay.encode_cursor(date(2026, 1, DAYS), note_id(DAYS - 1))
    data, _, _ = await ask("query ($after: String) { notes(after: $after) { nodes { id } pageInfo { hasNextPage startCursor endCursor } } }", after=last)
    assert data["notes"] == {"nodes": [], "pageInfo": {"hasNextPage": False, "startCursor": None, "endCursor": None}}


async def test_connection_total_count_is_computed_only_on_request() -> None:
    _, _, context = await ask("{ notes { nodes { id } } }")
    assert context.counted == 0
    data, _, context = await ask("{ notes(first: 1) { totalCount } }")
    assert (data["notes"]["totalCount"], context.counted) == (DAYS, 1)


async def test_node_is_found_by_its_own_id_and_null_for_an_unknown_one() -> None:
    data, _, _ = await ask("{ notes(first: 1) { nodes { id } } }")
    id = data["notes"]["nodes"][0]["id"]
    query = "query ($id: ID!) { node(id: $id) { __typename id ... on Note { day } } }"
    data, errors, _ = await ask(query, id=id)
    assert (data["node"], errors) == ({"__typename": "Note", "id": id, "day": "2026-01-01"}, [])
    for absent in (relay.encode_id("Note", UUID(int=99)), relay.encode_id("Unknown", UUID(int=1))):
        assert (await ask(query, id=absent))[:2] == ({"node": None}, [])
    data, errors, _ = await ask(query, id="nonsense")
    assert data == {"node": None}
    assert [error["extensions"]["code"] for error in errors] == ["BAD_USER_INPUT"]


async def test_nodes_keep_the_order_of_the_ids_with_null_for_unknown_ones() -> None:
    ids = [relay.encode_id("Note", UUID(int=number)) for number in (2, 99, 1, 2)]
    data, _, _ = await ask("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=ids)
    assert [found and found["id"] for found in data["nodes"]] == [ids[0], None, ids[2], ids[0]]


async def test_nodes_with_more_ids_than_the_maximum_are_refused() -> None:
    ids = [relay.encode_id("Note", UUID(int=1))] * (relay.MAX_NODES + 1)
    data, errors, _ = await ask("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=ids)
    assert data == {"nodes": None}
    assert errors[0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert "101" in errors[0]["message"] and "100" in errors[0]["message"]


def test_connection_types_all_have_descriptions() -> None:
    types: Any = make_schema()._schema.type_map
    for name in ("NoteConnection", "NoteEdge", "PageInfo", "Node"):
        assert types[name].description
        assert all(field.description for field in types[name].fields.values())


def test_stored_form_of_a_clients_id_is_one_that_clients_never_see():
    assert is_client_made(STORED_FORM) and not is_public_form(STORED_FORM)
