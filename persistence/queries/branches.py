"""Branches of conversations: the alternatives to a message, the path through one, and the current path. All but the reads run inside the caller's
transaction, under the lock of the conversation.

A conversation is a tree. Its trunk has no row; a branch has the messages of its parent before the question `begins_at`, then its own. An answer belongs to the
branch of its question, and one of the answers to a question is chosen. `messages.off_path` says which messages are not on the current path, so that
the readers of a conversation need no tree.
"""
from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from persistence.connection_holder import SupportsFetch
from persistence.queries.exchange_opening import TAKEN, BusyUntil, NewQuestion, Opened, StorageFull, WrongKind, open_question

if TYPE_CHECKING:
    from persistence.orm import Session

MAX_BRANCHES = 300
"""Branches of one conversation."""


class Branch(NamedTuple):
    """A branch. `first` is the question with which it began, `beside` the one of its parent at the same position; `next` is the first question of its parent
    from that position on, `newest` its own newest message. None where there is no such message any more.

    A branch is stored with its first question, which has an older id than the branch; those that follow have newer ones. So a question that follows a
    deleted one does not take its place.
    """

    conversation_id: UUID
    id: UUID
    parent_id: UUID | None
    begins_at: UUID
    first: UUID | None
    beside: UUID | None
    next: UUID | None
    newest: UUID | None


_BRANCHES = """
select b.conversation_id, b.id, b.parent_id, b.begins_at,
  (select m.id from messages m where m.user_id = $1 and m.branch_id = b.id and m.role = 'USER' and m.id < b.id order by m.id limit 1),
  (select m.id from messages m where m.user_id = $1 and m.id = b.begins_at),
  case when b.parent_id is null then (select m.id from messages m where m.user_id = $1 and m.conversation_id = b.conversation_id and m.branch_id is null
      and m.role = 'USER' and m.id >= b.begins_at order by m.id limit 1)
    else (select m.id from messages m where m.user_id = $1 and m.branch_id = b.parent_id and m.role = 'USER' and m.id >= b.begins_at order by m.id limit 1) end,
  (select m.id from messages m where m.user_id = $1 and m.branch_id = b.id order by m.id desc limit 1)
from conversation_branches b where b.user_id = $1 and b.conversation_id = any(string_to_array($2, ',')::uuid[]) order by b.id"""


async def load_branches(connection: SupportsFetch, user_id: UUID, conversations: Sequence[UUID]) -> Mapping[UUID, Sequence[Branch]]:
    """Return the branches by conversation, the oldest first."""
    found: dict[UUID, list[Branch]] = {}
    for row in await connection.fetch(_BRANCHES, user_id, ",".join(map(str, conversations))):
        found.setdefault(row[0], []).append(Branch(*row))
    return found


_WANTED = """
select w.id, w.role, w.conversation_id, a.id from messages w
  left join messages a on a.user_id = $1 and w.role = 'ASSISTANT' and a.reply_to = w.reply_to
where w.user_id = $1 and w.id = any(string_to_array($2, ',')::uuid[]) order by w.id, a.created_at, a.id"""


async def load_siblings(connection: SupportsFetch, user_id: UUID, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[UUID]]:
    """Return by message its alternatives, itself included, the oldest first: the answers to the same question, or the questions of branches."""
    found: dict[UUID, list[UUID]] = {}
    conversations: dict[UUID, list[UUID]] = {}
    for id, role, conversation_id, answer in await connection.fetch(_WANTED, user_id, ",".join(map(str, ids))):
        if role == "USER":
            conversations.setdefault(conversation_id, []).append(id)
        else:
            found.setdefault(id, []).extend([] if answer is None else [answer])
    branches = await load_branches(connection, user_id, list(conversations)) if conversations else {}
    for conversation_id, questions in conversations.items():
        groups = _sibling_questions(branches.get(conversation_id, ()))
        found.update({id: sorted(groups.get(id, ()), key=lambda sibling: sibling.int) for id in questions})
    return {id: siblings or [id] for id, siblings in found.items()}


def _sibling_questions(branches: Sequence[Branch]) -> Mapping[UUID, set[UUID]]:
    """Return for each question the questions that are asked at its position in the tree, itself included."""
    by_position: dict[tuple[UUID | None, UUID], set[UUID]] = {}
    for branch in branches:
        siblings = by_position.setdefault((branch.parent_id, branch.begins_at), set())
        siblings.update(id for id in (branch.first, branch.beside) if id is not None)
    return {id: siblings for siblings in by_position.values() for id in siblings}


Chain = Sequence[tuple[UUID | None, UUID | None]]
"""A path: its branches, each with the question before which the path leaves it; the last one with None."""


def chain_of(branches: Sequence[Branch], leaf: UUID | None) -> Chain:
    """Return the path that ends in the branch `leaf`."""
    by_id = {branch.id: branch for branch in branches}
    chain: list[tuple[UUID | None, UUID | None]] = [(leaf, None)]
    while leaf is not None and leaf in by_id:
        left = by_id[leaf]
        leaf = left.parent_id
        chain.append((leaf, left.begins_at))
    return chain


def is_on(chain: Chain, branch_id: UUID | None, position: UUID) -> bool:
    """Return whether a path contains the question `position` of a branch."""
    return any(branch == branch_id and (before is None or position.int < before.int) for branch, before in chain)


def newest_leaf(branches: Sequence[Branch], branch_id: UUID | None, position: UUID) -> UUID | None:
    """Return the branch at the end of the path through a question: that with the newest message, among its branch and those that leave it later.

    None for the path without a branch.
    """
    through = [branch for branch in branches if branch.newest is not None and is_on(chain_of(branches, branch.id), branch_id, position)]
    own = next((branch.newest for branch in branches if branch.id == branch_id), None)
    return max(through, key=lambda branch: branch.newest.int if branch.newest else 0).id if through and (
        own is not None or branch_id is None) else branch_id


def leaf_with_messages(branches: Sequence[Branch], leaf: UUID | None) -> UUID | None:
    """Return the branch at the end of the current path after a deletion: an empty branch is left for its parent, and where the path would end at the
    beginning of other branches, the newest of these goes on. None for the path without a branch."""
    by_id = {branch.id: branch for branch in branches}
    while leaf is not None and leaf in by_id and by_id[leaf].newest is None:
        leaf = by_id[leaf].parent_id
    while True:
        open_ends = [branch for branch in branches if branch.parent_id == leaf and branch.next is None and branch.newest is not None]
        if not open_ends:
            return leaf
        leaf = max(open_ends, key=lambda branch: branch.newest.int if branch.newest else 0).id


_SET_PATH = """
with chain as materialized (
  select (value ->> 0)::uuid as branch_id, (value ->> 1)::uuid as before from json_array_elements($4::text::json)
), moved as (
  update messages m set off_path = not m.off_path
  where m.user_id = $1 and m.conversation_id = $2 and m.off_path = (m.chosen and exists (
    select from chain c where c.branch_id is not distinct from m.branch_id and (c.before is null or coalesce(m.reply_to, m.id) < c.before)))
  returning m.id
)
update conversations c set current_branch_id = $3::uuid, updated_at = now(),
  summary = case when f.first <= c.summary_through_message_id then null else c.summary end,
  summary_through_message_id = case when f.first <= c.summary_through_message_id then null else c.summary_through_message_id end
from (select min(id::text)::uuid as first from moved) f where c.user_id = $1 and c.id = $2
returning c.id"""


async def set_path(session: Session, user_id: UUID, conversation_id: UUID, branches: Sequence[Branch], leaf: UUID | None) -> None:
    """Let the current path end in the branch `leaf`. A running summary of messages that are no longer on it, or that lacks some, is cleared."""
    chain = [[branch and str(branch), before and str(before)] for branch, before in chain_of(branches, leaf)]
    await session.fetch(_SET_PATH, user_id, conversation_id, leaf, json.dumps(chain))


_CHOOSE = "update messages m set chosen = m.id = $3 where m.user_id = $1 and m.reply_to = $2 and m.chosen <> (m.id = $3) returning m.id"


async def choose_answer(session: Session, user_id: UUID, question_id: UUID, answer_id: UUID) -> None:
    """Choose one of the answers to a question; `set_path` follows."""
    await session.fetch(_CHOOSE, user_id, question_id, answer_id)


_CHOOSE_AGAIN = """
update messages m set chosen = true, off_path = q.off_path from messages q
where m.user_id = $1 and q.user_id = $1 and m.conversation_id = $2 and q.id = m.reply_to and not m.chosen
  and not exists (select from messages o where o.user_id = $1 and o.reply_to = q.id and o.chosen)
  and m.id = (select n.id from messages n where n.user_id = $1 and n.reply_to = q.id order by n.created_at desc, n.id desc limit 1)
returning m.id"""


async def repair_path(session: Session, user_id: UUID, conversation_id: UUID) -> None:
    """Keep every message of a conversation reachable after a deletion: where the chosen answer went, the newest of the others is chosen, and the
    current path does not end before branches that begin there."""
    await session.fetch(_CHOOSE_AGAIN, user_id, conversation_id)
    branches = (await load_branches(session, user_id, [conversation_id])).get(conversation_id, ())
    if not branches:
        return
    [[current]] = await session.fetch("select current_branch_id from conversations where user_id = $1 and id = $2", user_id, conversation_id)
    leaf = leaf_with_messages(branches, current)
    if leaf != current:
        await set_path(session, user_id, conversation_id, branches, leaf)


_ANSWERED_UNTIL = """
select max(answer_lease_until) from messages where user_id = $1 and conversation_id = $2 and answer_lease_until > now()"""


async def find_lease(session: Session, user_id: UUID, conversation_id: UUID) -> BusyUntil | None:
    """Return until when a question of the conversation is being answered; None if none is."""
    [[until]] = await session.fetch(_ANSWERED_UNTIL, user_id, conversation_id)
    return None if until is None else BusyUntil(until)


async def has_key(session: Session, user_id: UUID, idempotency_key: str) -> bool:
    """Return whether the user has a message with this idempotency key."""
    return bool(await session.fetch("select 1 from messages where user_id = $1 and idempotency_key = $2", user_id, idempotency_key))


_INSERT = "insert into conversation_branches (user_id, id, conversation_id, parent_id, begins_at) values ($1, $2, $3, $4, $5) returning id"


async def open_branch(
    session: Session, new: NewQuestion, branches: Sequence[Branch], branch_id: UUID, parent_id: UUID | None, begins_at: UUID
) -> Opened | BusyUntil | WrongKind | None:
    """Begin a branch with a question, make it the current path, and return the question with the inputs of its prompt. Raises as `open_question` does, and
    `StorageFull`."""
    from sqlalchemy.exc import IntegrityError  # reads of branches need no SQLAlchemy

    await session.fetch(_INSERT, new.user_id, branch_id, new.conversation_id, parent_id, begins_at)
    began = Branch(new.conversation_id, branch_id, parent_id, begins_at, None, None, None, None)
    await set_path(session, new.user_id, new.conversation_id, [*branches, began], branch_id)
    try:
        return await open_question(session, new)
    except IntegrityError as error:
        constraint = getattr(getattr(error.orig, "__cause__", None), "constraint_name", None)
        if taken := TAKEN.get(constraint or ""):
            raise taken from error
        if constraint == "ck_user_storage_counted":
            raise StorageFull from error
        raise


__all__ = [
    "MAX_BRANCHES", "Branch", "chain_of", "choose_answer", "find_lease", "has_key", "is_on", "load_branches", "load_siblings", "newest_leaf",
    "open_branch", "repair_path", "set_path",
]
