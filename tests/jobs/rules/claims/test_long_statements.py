"""Statements around quotes of long sentences, and of several sentences of which one is long."""

from __future__ import annotations

from jobs.rules.claims.whole_statements import STATEMENT_LENGTH, sentence_spans, statement_span

CLAUSES = "and the weather was fine, " * 12


def statement_of(content: str, quote: str) -> str:
    start = content.index(quote)
    first, last = statement_span(content, start, start + len(quote), list(sentence_spans(content)))
    return content[first:last]


def test_statement_span_into_a_long_second_sentence_ends_with_the_quote_s_clause() -> None:
    content = f"I slept well. I do not like the coffee there, {CLAUSES}so we left."
    assert statement_of(content, "slept well. I do not like") == "I slept well. I do not like the coffee there"


def test_statement_span_from_a_long_sentence_into_the_next_begins_where_it_would_without_the_next() -> None:
    content = f"Well, {CLAUSES}I do not like the coffee there. Nobody asked me about the tea, the cake, the bread or the soup, so I said nothing."
    alone = statement_of(content, "coffee there.")
    assert statement_of(content, "coffee there. Nobody asked me about the tea, the cake, the bread or the soup").startswith(alone)


def test_statement_span_of_a_quote_that_is_itself_long_begins_with_its_own_clause() -> None:
    quote = "I do not like " + "the coffee that they make " * 10
    found = statement_of(f"Well, {CLAUSES[:234]}to be honest {quote}at all, and so on.", quote.strip())
    assert found.startswith("to be honest I do not like") and found.endswith("at all")


def test_statement_span_in_a_clause_without_end_begins_with_a_whole_word() -> None:
    content = "word " * 200 + "coffee " + "word " * 200
    found = statement_of(content, "coffee")
    assert statement_of("好" * 400 + "咖啡", "咖啡") == "好" * STATEMENT_LENGTH + "咖啡", "without spaces it begins at the bound"
    assert found.split()[0] == "word" and not found.startswith(" ") and len(found) <= len("coffee") + 2 * STATEMENT_LENGTH
