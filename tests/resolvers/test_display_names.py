"""Nicknames, titles and tags: joiners of scripts and emoji are kept, characters that hide or reverse text are refused."""

from __future__ import annotations

import pytest

from persistence.models import Conversation, User
from resolvers import account, text_validation
from resolvers.chat.conversations import update_conversation
from resolvers.display_names import find_hidden, without_hidden
from resolvers.errors import InvalidInput
from resolvers.portability.import_rules import check_value
from resolvers.text_limits import MAX_TITLE_LENGTH
from tests import seeds
from tests.jobs.job_setup import everything, rows
from tests.resolvers.chat.chat_setup import Model, context_of, model, say

__all__ = ["model"]

ENGLAND = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
ACCEPTED = {
    "cook": "👩\u200d🍳", "family": "👨\u200d👩\u200d👧\u200d👦", "pilot": "👩🏽\u200d✈️", "rainbow": "🏳️\u200d🌈", "heart": "❤️", "keycap": "1️⃣",
    "england": ENGLAND, "two flags": ENGLAND + "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", "germany": "🇩🇪",
    "persian": "علی\u200cرضا", "persian after dal": "محمد\u200cرضا", "urdu": "کتاب\u200cها", "vowels": "مِیِ\u200cرَوَد",
    "hindi": "क्\u200dष", "hindi non-joiner": "क्\u200cष", "chillu": "ന്\u200d", "sinhala": "ශ්\u200dරී", "bengali": "র\u09cd\u200dয",
    "ideograph": "葛\U000e0100城", "mongolian": "ᠠ\u180b", "plain": "Ann-Marie O’Neill", "chinese": "张伟", "hebrew": "דנה", "arabic": "محمد علي",
}  # fmt: skip
REFUSED = {
    "override": "Ann\u202eb", "embedding": "\u202aAnn", "isolate": "\u2066Ann\u2069", "mark": "A\u200fnn", "arabic mark": "A\u061cnn",
    "tags": "Ann\U000e0041\U000e007f", "tags behind a letter": "A" + ENGLAND[1:], "no flag": "🏴\U000e0068\U000e0069\U000e007f",
    "unfinished flag": ENGLAND[:-1], "more tags": ENGLAND + "\U000e0061", "language tag": "\U000e0001Ann", "zero width space": "An\u200bn",
    "joiner between letters": "A\u200dn", "non-joiner between letters": "A\u200cn", "leading joiner": "\u200d👩", "trailing joiner": "👩\u200d",
    "two joiners": "👩\u200d\u200d🍳", "joiner before a letter": "👩\u200da", "non-joiner in an emoji": "👩\u200c🍳", "word joiner": "A\u2060n",
    "byte order mark": "\ufeffAnn", "soft hyphen": "A\u00adn", "grapheme joiner": "A\u034fn", "selector behind a letter": "A\ufe0f",
    "two selectors": "❤️\ufe0f", "hidden selectors": "🙂\U000e0101\U000e0102", "filler": "A\u3164n", "non-joiner at the end": "علی\u200c",
    "virama without a letter": "\u094d\u200d", "deprecated": "A\u206an", "invisible times": "A\u2062n",
    "escape sequence": "A\x1b[31mn", "delete": "A\x7fn", "control of C1": "A\x9b31mn",
}  # fmt: skip


@pytest.mark.parametrize("name", ACCEPTED.values(), ids=ACCEPTED)
def test_display_name_with_joiners_of_script_or_emoji_is_accepted(name: str) -> None:
    assert find_hidden(name) is None and without_hidden(name) == name
    assert account.validate_account_fields({"nickname": name}) == {"nickname": name}
    assert text_validation.validate_tags([name]) == [name] and text_validation.validate_name("title", name, MAX_TITLE_LENGTH) == name


@pytest.mark.parametrize("name", REFUSED.values(), ids=REFUSED)
def test_display_name_with_hidden_characters_is_refused(name: str) -> None:
    for refuse in (
        lambda: account.validate_account_fields({"nickname": name}), lambda: text_validation.validate_tags([name]),
        lambda: text_validation.validate_name("title", name, 200),
    ):  # fmt: skip
        with pytest.raises(InvalidInput, match=r"U\+[0-9A-F]{4}"):
            refuse()
    assert find_hidden(without_hidden(name)) is None


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
async def test_update_names_with_hidden_characters_changes_nothing(model: Model) -> None:
    ann = await seeds.person()
    exchange = await say(ann, "hello")
    context, before = await context_of(ann), await everything()
    for changes in ({"title": "a\u202eb"}, {"tags": ["ok", "a\u200bb"]}):
        with pytest.raises(InvalidInput):
            await update_conversation(context, exchange.conversation.id, changes)  # type: ignore[arg-type]
    [user] = await rows(User)
    with pytest.raises(InvalidInput):
        await account.update(user, {"nickname": "a\U000e0041"})
    assert await everything() == before


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
async def test_generated_title_from_text_with_hidden_characters_omits_them(model: Model) -> None:
    await model.fail(match="task: title/2", kind="500")
    exchange = await say(await seeds.person(), "pay \u202e001 \x1b[1mnow")
    [conversation] = await rows(Conversation, Conversation.id == exchange.conversation.id)
    assert conversation.title and find_hidden(conversation.title) is None and "\u202e" in exchange.question.content


def test_imported_title_with_control_characters_loses_them_and_keeps_its_words() -> None:
    assert check_value("conversations", "title", "pay \x1b[1mnow\x9f") == "pay [1mnow"
