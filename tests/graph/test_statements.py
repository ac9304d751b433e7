"""Statements and round trips of the most frequent operations, measured at the connection and compared with the table in docs/statements.md."""
from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from sqlalchemy import update

from graph.relay import encode_id
from jobs.deadline import Deadline
from persistence import database
from persistence.models import Message, SignIn, User
from persistence.models.chat import CutOff
from persistence.models.profile import ValueStatus
from persistence.queries.answer_streams import Checkpoint
from resolvers import chat
from resolvers.authentication import open_session
from resolvers.chat import Exchange, NewMessage
from resolvers.chat.questions import store_question
from tests import seeds
from tests.graph.app_documents import find_document
from tests.graph.test_companion import UPDATE as COMPANION
from tests.graph.test_companion import set_companion
from tests.graph.test_tool_calls import UNDO
from tests.jobs.job_setup import rows
from tests.persistence.tcp_proxy import CountingProxy
from tests.resolvers.chat.chat_setup import Model, context_of, model, say, set_to
from tests.seeds import DAY

__all__ = ["model"]

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

ROOT = Path(__file__).parents[2]
Run = Callable[[], Awaitable[Any]]
Prepare = Callable[[User, Model], Awaitable[Run]]
MESSAGE = "id role content status createdAt editedAt rating suggestedReplies replyTo { id }"
CONVERSATION = "id title temporary archived pinned tags lastMessageAt"
EXCHANGE = f"question {{ {MESSAGE} }} answer {{ {MESSAGE} }} conversation {{ {CONVERSATION} }}"
SEND = f"""mutation($input: MessageSendInput!) {{ messageSend(input: $input) {{ ... on MessageSendSuccess {{ {EXCHANGE} }} ... on Error {{ code message }}
  ... on ModelUnavailableError {{ question {{ {MESSAGE} }} conversation {{ {CONVERSATION} }} }} }} }}"""
REGENERATE = f"mutation($input: MessageRegenerateInput!) {{ messageRegenerate(input: $input) {{ ... on MessageRegenerateSuccess {{ {EXCHANGE} }} }} }}"
EDIT = f"mutation($input: MessageEditInput!) {{ messageEdit(input: $input) {{ ... on MessageEditSuccess {{ editedMessage {{ {MESSAGE} }} }} }} }}"
DELETE = "mutation($input: MessageDeleteInput!) { messageDelete(input: $input) { ... on MessageDeleteSuccess { deletedIds receipt { linesRemoved } } } }"
DIARY = """date summary mood tags lines(includeHidden: true) { id kind text evidence { quote message { content } } }
  signals { slot value evidence { quote message { content } } } versions(first: 10) { version origin }"""
DAY_PAGE = f"query($date: Date!) {{ diary(date: $date) {{ {DIARY} }} }}"
REWRITE = f"mutation($input: DiaryRewriteInput!) {{ diaryRewrite(input: $input) {{ ... on DiaryRewriteSuccess {{ diary {{ {DIARY} }} }} }} }}"
PROFILE = "{ profile { id sections { name values { id slot value confidence status locked evidence { quote date } } } } }"
SEARCH = """query($words: String!) { messageSearch(query: $words) { nodes { id content matches(query: $words) { start end } conversation { id title } }
  pageInfo { hasNextPage } } }"""
CHAT = f"""query($id: ID!) {{ viewer {{ nickname usageToday {{ chatTokens }} }} conversations(first: 30) {{ nodes {{ {CONVERSATION} }} }}
  conversation(id: $id) {{ {CONVERSATION} messages(last: 50) {{ nodes {{ {MESSAGE} }} }} }} }}"""
CONTINUE = "mutation($id: ID!) { messageContinue(input: {messageId: $id}) { ... on MessageContinueSuccess { answer { content } } } }"
BRANCH = """mutation($id: ID!) { messageBranch(input: {messageId: $id, content: "Wombats xylophone"}) {
    ... on MessageBranchSuccess { answer { content } } } }"""
SELECT = "mutation($id: ID!) { messageSelect(input: {messageId: $id}) { ... on MessageSelectSuccess { conversation { title } } } }"
STOP = "mutation($id: ID!) { messageStop(input: {messageId: $id}) { ... on MessageStopSuccess { answer { content } } } }"
OPERATIONS: dict[str, Prepare] = {}


def table() -> dict[str, tuple[int, int | None, bool]]:
    """Return each operation's statements in the document, the round trips of the first on a connection if given, and whether it may take fewer."""
    text = (ROOT / "docs" / "statements.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \| (≤ )?(\d+) \|(?: (\d+) \|)?$", text, re.MULTILINE)
    return {name: (int(statements), int(first) if first else None, bool(bound)) for name, bound, statements, first in rows}


def operation(name: str) -> Callable[[Prepare], Prepare]:
    def add(prepare: Prepare) -> Prepare:
        OPERATIONS[name] = prepare
        return prepare

    return add


@pytest.fixture
async def proxy(database: str) -> AsyncIterator[CountingProxy]:
    """Yield a proxy through which the process reaches the database, on one connection."""
    from persistence import database as access

    given = urlsplit(database)
    [host], name = parse_qs(given.query).get("host", [given.hostname]), given.path.strip("/")
    server = f"{host}/.s.PGSQL.5432" if host and host.startswith("/") else given.port or 5432
    async with CountingProxy(server) as counting:
        url = f"postgresql://postgres@127.0.0.1:{counting.port}/{name}?sslmode=disable"
        # No ping of a connection that lay idle, which a slow machine would add; no switch of plans, since this process's own statements are those of a job
        unswitched = patch("persistence.connector.Connector.sets_plans", False)
        with set_to(POSTGRESQL_URL=url, DATABASE_POOL_SIZE="1"), patch("persistence.connection_holder.IDLE_BEFORE_PING_SECONDS", 600.0), unswitched:
            await access.dispose()
            yield counting
            await access.dispose()


async def _open_connection() -> None:
    async with database.connection() as holder:
        await holder.open()


async def _request(viewer: User | None, name: str, **variables: Any) -> Run:
    """Return one request with an operation of the web app, by its name, or with an own one."""
    return await _ask(viewer, find_document(name), variables)


async def _ask(viewer: User | None, document: str, variables: dict[str, Any]) -> Run:
    token = await seeds.bearer(viewer) if viewer else None

    async def run() -> None:
        answer = await seeds.ask(document, variables, token=token)
        assert "errors" not in answer, answer["errors"]

    return run


async def _send(viewer: User, content: str, conversation_id: UUID | None = None, **input: Any) -> Run:
    given = {"content": content, **({} if conversation_id is None else {"conversationId": encode_id("Conversation", conversation_id)}), **input}
    return await _request(viewer, SEND, input=given)


@operation("`messageSend`, a new conversation")
async def _(ann: User, model: Model) -> Run:
    return await _send(ann, "Quokkas xylophone")


@operation("`messageSend`, no earlier day is about it")
async def _(ann: User, model: Model) -> Run:
    said = await say(ann, "Hello")
    return await _send(ann, "Quokkas xylophone", said.conversation.id)


@operation("`messageSend`, earlier days are about it")
async def _(ann: User, model: Model) -> Run:
    said = await say(ann, "Hello")
    return await _send(ann, "Where did I run before work?", said.conversation.id)


@operation("`messageSend` with a daily limit")
async def _(ann: User, model: Model) -> Run:
    async with database.transaction() as session:
        await session.execute(update(User).values(chat_tokens_per_day=10_000_000))
    said = await say(ann, "Hello")
    return await _send(ann, "Quokkas xylophone", said.conversation.id)


@operation("`messageSend` with a dispute to ask about")
async def _(ann: User, model: Model) -> Run:
    said = await say(ann, "Hello")
    for value in ("Hangzhou", "Shanghai"):
        await seeds.value(ann, "identity.home", value, status=ValueStatus.DISPUTED)
    return await _send(ann, "Quokkas xylophone", said.conversation.id)


@operation("`messageSend`, its key repeated")
async def _(ann: User, model: Model) -> Run:
    await say(ann, "Hello", idempotency_key="a-key")
    return await _send(ann, "Hello", idempotencyKey="a-key")


@operation("`messageSend`, refused while another message is answered")
async def _(ann: User, model: Model) -> Run:
    said = await say(ann, "Hello")
    await store_question(ann, NewMessage("Wait", said.conversation.id), Deadline(90))
    return await _send(ann, "Quokkas xylophone", said.conversation.id)


@operation("`messageSend`, the model fails")
async def _(ann: User, model: Model) -> Run:
    said = await say(ann, "Hello")
    await model.fail(match="task: chat/", kind="empty")
    return await _send(ann, "Quokkas xylophone", said.conversation.id)


@operation("`messageSend`, the daily limit refuses it")
async def _(ann: User, model: Model) -> Run:
    said = await say(ann, "Hello")
    async with database.transaction() as session:
        await session.execute(update(User).values(chat_tokens_per_day=1))
    return await _send(ann, "Quokkas xylophone", said.conversation.id)


@operation("`messageRegenerate`")
async def _(ann: User, model: Model) -> Run:
    said = await say(ann, "Quokkas xylophone")
    return await _request(ann, REGENERATE, input={"messageId": encode_id("Message", said.question.id)})


@operation("`messageBranch`")
async def _(ann: User, model: Model) -> Run:
    said = await say(ann, "Quokkas xylophone")
    return await _ask(ann, BRANCH, {"id": encode_id("Message", said.question.id)})


@operation("`messageSelect`")
async def _(ann: User, model: Model) -> Run:
    said = await say(ann, "Quokkas xylophone")
    await chat.branch(await context_of(ann), said.question.id, "Wombats xylophone")
    return await _ask(ann, SELECT, {"id": encode_id("Message", said.question.id)})


@operation("`messageContinue`")
async def _(ann: User, model: Model) -> Run:
    said = await say(ann, "Quokkas xylophone")
    async with database.transaction() as session:
        await session.execute(update(Message).where(Message.id == said.answer.id).values(cut_off=CutOff.LENGTH))
    return await _ask(ann, CONTINUE, {"id": encode_id("Message", said.answer.id)})


@operation("`messageStop`, nothing is being answered")
async def _(ann: User, model: Model) -> Run:
    said = await say(ann, "Quokkas xylophone")
    return await _ask(ann, STOP, {"id": encode_id("Message", said.question.id)})


@operation("`messageStream`")
async def _(ann: User, model: Model) -> Run:
    said, context = await say(ann, "Hello"), await context_of(ann)

    async def run() -> None:
        # Checkpoints are counted apart: how many there are depends on how long the answer takes
        with patch("persistence.queries.answer_streams.store_checkpoint", return_value=Checkpoint(stop_requested=False, is_watched=False)):
            steps = [step async for step in chat.stream(context, NewMessage("Quokkas xylophone", said.conversation.id))]
        assert isinstance(steps[-1], Exchange)

    return run


@operation("A page of diaries")
async def _(ann: User, model: Model) -> Run:
    return await _ask(ann, "{ diaries { nodes { date summary lines { kind text evidence { quote } } signals { slot value } } pageInfo { hasNextPage } } }", {})


@operation("A day")
async def _(ann: User, model: Model) -> Run:
    return await _request(ann, DAY_PAGE, date=str(DAY))


@operation("The profile")
async def _(ann: User, model: Model) -> Run:
    return await _request(ann, PROFILE)


@operation("`changes`, nothing new")
async def _(ann: User, model: Model) -> Run:
    token = await seeds.bearer(ann)
    since = None
    for _ in range(2):
        answer = await seeds.ask("query ($since: String) { changes(since: $since) { cursor } }", {"since": since}, token=token)
        since = answer["data"]["changes"]["cursor"]
    return await _ask(ann, "query ($since: String) { changes(since: $since) { cursor hasMore nodes { ... on Node { id } } } }", {"since": since})


@operation("`messageSearch`")
async def _(ann: User, model: Model) -> Run:
    return await _request(ann, SEARCH, words="ran before work")


@operation("The conversations with an open one")
async def _(ann: User, model: Model) -> Run:
    said = await say(ann, "Hello")
    return await _request(ann, CHAT, id=encode_id("Conversation", said.conversation.id))


@operation("`messageEdit`")
async def _(ann: User, model: Model) -> Run:
    said = await say(ann, "Hello")
    return await _request(ann, EDIT, input={"messageId": encode_id("Message", said.question.id), "content": "Hello again"})


@operation("`messageDelete`")
async def _(ann: User, model: Model) -> Run:
    said = await say(ann, "Hello")
    return await _request(ann, DELETE, input={"messageId": encode_id("Message", said.question.id)})


@operation("`toolCallUndo`")
async def _(ann: User, model: Model) -> Run:
    said = await say(ann, "Remember that I speak Norwegian")
    return await _request(ann, UNDO, input={"messageId": encode_id("Message", said.answer.id), "index": 0})


@operation("`companionUpdate`")
async def _(ann: User, model: Model) -> Run:
    await set_companion(ann, name="Momo")
    return await _ask(ann, COMPANION, {"input": {"tone": "CALM"}})


@operation("`diaryRewrite`")
async def _(ann: User, model: Model) -> Run:
    today = (await say(ann, "I planted an apple tree")).question.day
    return await _request(ann, REWRITE, input={"date": str(today)})


@operation("`sessions`")
async def _(ann: User, model: Model) -> Run:
    return await _request(ann, "Sessions")


@operation("`sessionRevoke` of one of them")
async def _(ann: User, model: Model) -> Run:
    async with database.transaction() as session:
        await open_session(session, ann)
    [row] = [row for row in await rows(SignIn) if row.user_id == ann.id]
    return await _request(ann, "EndSession", input={"id": encode_id("ActiveSession", row.id)})


@operation("`sessionRefresh`")
async def _(ann: User, model: Model) -> Run:
    async with database.transaction() as session:
        opened = await open_session(session, ann)
    document = "mutation($input: SessionRefreshInput!) { sessionRefresh(input: $input) { ... on Error { code } __typename } }"
    return await _ask(None, document, {"input": {"refreshToken": opened.refresh_token}})


@operation("`accountRegister`")
async def _(ann: User, model: Model) -> Run:
    document = "mutation($input: AccountRegisterInput!) { accountRegister(input: $input) { ... on Error { code } __typename } }"
    return await _ask(None, document, {"input": {"email": f"new-{ann.nickname}@example.org", "password": "correct horse battery", "nickname": "New"}})


@operation("The web app's `Chat`")
async def _(ann: User, model: Model) -> Run:
    said = await say(ann, "Hello")
    return await _request(ann, "Chat", id=encode_id("Conversation", said.conversation.id), isOpen=True, last=50)


@operation("The web app's `Send`")
async def _(ann: User, model: Model) -> Run:
    said = await say(ann, "Hello")
    return await _request(ann, "Send", input={"content": "Quokkas xylophone", "conversationId": encode_id("Conversation", said.conversation.id)})


@operation("The web app's `Day`")
async def _(ann: User, model: Model) -> Run:
    return await _request(ann, "Day", date=str(DAY), year=DAY.year, month=DAY.month)


@operation("The web app's `Profile`")
async def _(ann: User, model: Model) -> Run:
    return await _request(ann, "Profile")


@operation("The web app's `Find`")
async def _(ann: User, model: Model) -> Run:
    return await _request(ann, "Find", words="ran before work")


def test_statement_table_lists_every_measured_operation():
    assert set(table()) == set(OPERATIONS)


@pytest.mark.parametrize("name", OPERATIONS)
async def test_operation_takes_the_statements_of_the_table(name: str, proxy: CountingProxy, model: Model):
    """Run the operation on a new connection, then the same for two other users.

    The second run is not counted: what SQLAlchemy sets on a connection at its first use has the driver prepare its statements again.
    """
    counts = []
    for nickname in ("ann", "bob", "cat"):
        user = await seeds.person(nickname, time_zone=seeds.noon_zone())
        await seeds.whole_day(user, DAY)
        await seeds.whole_day(user, DAY - timedelta(days=1))
        run = await OPERATIONS[name](user, model)
        if not counts:
            await database.dispose()
            await _open_connection()
        before = proxy.round_trips
        await run()
        counts.append(proxy.round_trips - before)
        await model.reset()
    first, _, later = counts
    statements, first_round_trips, is_bound = table()[name]
    assert (later, first_round_trips and first) == (statements, first_round_trips) or is_bound and later <= statements
