"""The project's executor compared with Strawberry's own: equal answers for any values."""
from __future__ import annotations

import enum
from datetime import date, datetime, timezone
from typing import Any

import pytest
import strawberry
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig

from graph.document_cache import cached_documents
from graph.executor import Executor
from graph.prefetch import prefetched_as
from graph.query_limits import QueryLimits
from graph.scalars import SCALARS

pytestmark = pytest.mark.anyio


@strawberry.enum
class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"


@strawberry.interface
class Named:
    name: str


@strawberry.type
class Leaf:
    text: str
    maybe: str | None = None
    number: int = 3
    share: float = 0.5
    yes: bool = True
    id: strawberry.ID = strawberry.ID("a")
    color: Color = Color.RED
    colors: list[Color] = strawberry.field(default_factory=lambda: [Color.BLUE, Color.RED])
    words: list[str | None] = strawberry.field(default_factory=lambda: ["x", None])
    day: date = date(2026, 5, 20)
    at: datetime = datetime(2026, 5, 20, 8, tzinfo=timezone.utc)

    @strawberry.field
    def twice(self) -> str:
        return self.text * 2

    @strawberry.field
    async def later(self) -> str | None:
        return self.maybe


@strawberry.type
class Branch(Named):
    leaf: Leaf
    leaves: list[Leaf]
    maybe: Leaf | None = None
    rows: list[list[int]] = strawberry.field(default_factory=lambda: [[1], [2, 3]])

    store: strawberry.Private[list[Leaf] | None] = None

    @strawberry.field
    async def grown(self) -> list[Leaf]:
        return self.leaves

    @property
    def prefetched_store(self) -> list[Leaf]:
        return list(self.store)  # type: ignore[arg-type]

    @strawberry.field(metadata=prefetched_as("prefetched_store"))
    async def stored(self, first: int | None = None) -> list[Leaf]:
        RESOLVED.append("stored")
        return (self.store or [])[:first]


RESOLVER_VALUES: dict[str, Any] = {}
RESOLVED: list[str] = []


@strawberry.type
class Query:
    @strawberry.field
    def branch(self) -> Branch | None:
        return RESOLVER_VALUES["branch"]

    @strawberry.field
    async def named(self) -> list[Named]:
        return [RESOLVER_VALUES["branch"], RESOLVER_VALUES["branch"]]


LEAF = "text maybe number share yes id color colors words day at"
DOCUMENTS = [
    f"{{ branch {{ name leaf {{ {LEAF} }} leaves {{ {LEAF} }} maybe {{ {LEAF} }} rows }} }}",
    f"{{ branch {{ later: grown {{ {LEAF} twice later }} name grown {{ {LEAF} }} }} }}",
    "{ branch { b: name a: name __typename leaf { __typename y: text x: twice z: number } } }",
    "query ($no: Boolean = false) { branch { name @include(if: $no) leaf { text @skip(if: $no) number } ...F } } fragment F on Branch { leaf { yes } }",
    "{ named { name ... on Branch { leaf { text number } leaves { number } } } }",
    "{ branch { stored { text number share } again: stored(first: 1) { text } } }",
]


class RaisingObject:
    @property
    def text(self) -> str:
        raise RuntimeError("not today")


def leaf(**odd: Any) -> Leaf:
    found = Leaf(text="t")
    for name, value in odd.items():
        setattr(found, name, value)
    return found


USUAL_VALUES = [leaf(), leaf(maybe="m", color=Color.BLUE, number=-4, yes=False, words=[], share=3)]
UNUSUAL_VALUES = [
    leaf(text=None), leaf(number="many"), leaf(number=2**40), leaf(share=float("nan")), leaf(yes="yes"), leaf(color="red"), leaf(color="green"),
    leaf(colors=None), leaf(colors=[None]), leaf(words="letters"), leaf(words=("a", "b")), leaf(words=[object()]), leaf(day="2026-05-20"),
    leaf(at=datetime(2026, 5, 20)), leaf(text=RuntimeError("as a value")), leaf(text=7), leaf(id=5), RaisingObject(), None,
]  # fmt: skip


def schema(executor: type[Any] | None, *extensions: type[SchemaExtension]) -> strawberry.Schema:
    config = StrawberryConfig(scalar_map=SCALARS)
    return strawberry.Schema(Query, types=[Branch], execution_context_class=executor, config=config, extensions=extensions)


async def answers(document: str, odd: Any, **places: Any) -> list[Any]:
    given = {"leaf": leaf(), "leaves": [leaf()], **places}
    RESOLVER_VALUES["branch"] = Branch(name="b", **given)
    found = []
    for executor in (Executor, None):
        result = await schema(executor).execute(document)
        errors = [(error.message, error.path) for error in result.errors or []]
        found.append((repr(result.data), sorted(map(repr, errors))))
    return found


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.parametrize("value", [*USUAL_VALUES, *UNUSUAL_VALUES], ids=range(len(USUAL_VALUES) + len(UNUSUAL_VALUES)))
async def test_executor_with_any_field_value_returns_the_same_as_the_standard_executor(document: str, value: Any) -> None:
    places = (
        {"leaf": value}, {"leaves": [leaf(), value, leaf()]}, {"maybe": value}, {"leaves": None}, {"rows": [None]}, {"rows": None},
        {"store": [value, leaf()]},
    )  # fmt: skip
    for place in places:
        ours, theirs = await answers(document, value, **place)
        assert ours == theirs


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("document", DOCUMENTS)
async def test_executor_of_a_kept_document_returns_the_same_as_the_standard_executor_for_each_request(document: str) -> None:
    ours, theirs = schema(Executor, cached_documents(QueryLimits)), schema(None)
    for value in (*USUAL_VALUES, *UNUSUAL_VALUES, *USUAL_VALUES):
        for places in ({"leaf": value}, {"leaves": [leaf(), value, leaf(maybe="n")]}, {"store": [value, leaf()]}):
            RESOLVER_VALUES["branch"] = Branch(name="b", **{"leaf": leaf(), "leaves": [leaf()], **places})
            found, expected = [await one.execute(document) for one in (ours, theirs)]
            assert repr(found.data) == repr(expected.data)
            assert sorted((error.message, repr(error.path)) for error in found.errors or ()) == sorted(
                (error.message, repr(error.path)) for error in expected.errors or ()
            )


async def test_executor_of_a_kept_document_follows_the_variables_of_each_request() -> None:
    document = """query ($a: Boolean!, $b: Boolean! = true) {
      branch { name @include(if: $a) leaf { text @skip(if: $b) ...F @include(if: $a) } leaves { number @include(if: $b) yes } } }
      fragment F on Leaf { share }"""
    ours, theirs = schema(Executor, cached_documents(QueryLimits)), schema(None)
    RESOLVER_VALUES["branch"] = Branch(name="b", leaf=leaf(), leaves=[leaf(), leaf(number=4)])
    choices: list[dict[str, bool]] = [{"a": a, "b": b} for a in (True, False) for b in (True, False)]
    for variables in (*choices, {"a": False}, *choices):
        found, expected = [await one.execute(document, variable_values=variables) for one in (ours, theirs)]
        assert not found.errors and repr(found.data) == repr(expected.data)


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.parametrize("found", [leaf(), object(), {"name": "b"}, [], RuntimeError("as a value")], ids=["type", "object", "dict", "list", "exception"])
async def test_executor_with_an_object_of_another_type_fails_like_the_standard_executor(document: str, found: Any) -> None:
    RESOLVER_VALUES["branch"] = found
    answered = [await schema(executor).execute(document) for executor in (Executor, None)]
    ours, theirs = ((repr(result.data), [error.message for error in result.errors or []]) for result in answered)
    assert ours == theirs and ours[1]


@pytest.mark.parametrize(
    ("store", "asked", "resolved"), [([leaf()], "stored", []), ([leaf()], "stored(first: 1)", ["stored"]), (None, "stored", ["stored"])],
    ids=["prefetched", "with an argument", "not prefetched"],
)  # fmt: skip
async def test_executor_with_a_prefetched_value_skips_the_resolver(store: list[Leaf] | None, asked: str, resolved: list[str]) -> None:
    RESOLVER_VALUES["branch"] = Branch(name="b", leaf=leaf(), leaves=[], store=store)
    RESOLVED.clear()
    result = await schema(Executor).execute(f"{{ branch {{ name {asked} {{ text }} }} }}")
    assert result.data == {"branch": {"name": "b", "stored": [{"text": "t"}] if store else []}}
    assert resolved == RESOLVED


async def test_executor_with_a_field_extension_calls_it_for_every_field() -> None:
    seen: list[str] = []

    class Watching(SchemaExtension):
        def resolve(self, next_: Any, root: Any, info: Any, *args: Any, **kwargs: Any) -> Any:
            seen.append(info.field_name)
            return next_(root, info, *args, **kwargs)

    RESOLVER_VALUES["branch"] = Branch(name="b", leaf=leaf(), leaves=[])
    result = await schema(Executor, Watching).execute("{ branch { name leaf { text } } }")
    assert not result.errors and seen == ["branch", "name", "leaf", "text"]
