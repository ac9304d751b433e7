"""Texts that show nothing are no message, title, tag, nickname or search; each refusal changes nothing."""
from typing import Any

import pytest
from sqlalchemy import select

from persistence import database
from persistence.models import Model
from resolvers import account, chat, text_validation
from resolvers.errors import InvalidInput
from tests import seeds
from tests.llm.test_printable_text import INVISIBLE
from tests.resolvers.chat.chat_setup import context_of
from tests.seeds import DAY

BLANK = pytest.mark.parametrize("text", list(INVISIBLE.values()), ids=list(INVISIBLE))


@BLANK
@pytest.mark.parametrize("check", [text_validation.validate_text, text_validation.validate_line, text_validation.validate_name])
def test_validation_of_a_blank_text_is_refused_by_its_field(check: Any, text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check("content", text, 200)
    assert refused.value.field == "content" and "empty" in refused.value.message


@pytest.mark.parametrize("text", ["a", "👍", "好\u200b", "…", "\u200f\u05d0"])
def test_validate_text_of_a_visible_text_returns_it_unchanged(text: str) -> None:
    assert text_validation.validate_text("content", text, 200) == text


async def stored() -> dict[str, list[str]]:
    async with database.session() as session:
        return {table.name: sorted(map(str, await session.execute(select(table)))) for table in Model.metadata.sorted_tables}


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("text", ["\u200b\u3164", "\u200e\U000e0041", "\u2800 "])
async def test_blank_texts_of_all_kinds_are_refused_and_change_nothing(text: str) -> None:
    ann = await seeds.person("ann")
    message = (await seeds.said(ann, DAY, "hello"))[0]
    context = await context_of(ann)
    before = await stored()
    for work in (
        lambda: account.update(ann, {"nickname": text}),
        lambda: chat.send(context, chat.NewMessage(text)),
        lambda: chat.edit(context, message.id, text),
        lambda: chat.update_conversation(context, message.conversation_id, {"title": text}),
        lambda: chat.update_conversation(context, message.conversation_id, {"tags": [text]}),
    ):
        with pytest.raises(InvalidInput):
            await work()
    assert await stored() == before
