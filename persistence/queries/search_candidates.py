"""Candidates of a search: the messages and diaries of one user that match a query best, in one statement for each kind of search.

Up to `search_states.through` they are found by their stored terms, and scored roughly in the database: BM25 as if each term occurred once. Messages
after it, and diaries without terms, are found by their texts, as all are while no terms are made or the rules of terms have changed.
"""
from __future__ import annotations

from typing import Final

ZERO: Final = "'00000000-0000-0000-0000-000000000000'::uuid"
MAX_CANDIDATES: Final = 200
"""Messages of those found by terms that are read and ranked."""
MAX_UNREAD: Final = 5_000
"""Messages that are ranked of those found by their texts, the newest."""
BEST_DAYS: Final = 30
"""Days all of whose matching messages are among the candidates, as far as `MAX_CANDIDATES` more allow."""
MAX_DAYS: Final = 100
"""Days whose sizes are read; others count as having the mean size."""
MAX_OF_DAYS: Final = 1_000
"""Messages of the days that a query names."""
FEW_MESSAGES: Final = 3_000
"""Among no more messages than these, all single Chinese characters choose candidates, too; among more, those that stand beside longer terms only rank them,
since each of them occurs in a large part of all messages."""

_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u1dff\u20d0-\u20ff\u2cef-\u2dff\u302a-\u302f\u3099\u309a\ua66f-\uabff"
    "\ufb1e\ufe20-\ufe2f\uff9e\uff9f\U000101fd-\U0001e94a"
)
"""Ranges that contain every combining mark, and every character that decomposes into combining marks alone.

U+034F, which is inserted to break a run of them (UAX #15, "Stream-Safe Text Format"), is removed with the accents."""

_REMOVED = (
    "\u00ad\u0300-\u036f\u0591-\u05c7\u0640\u064b-\u065f\u0670\u115f\u1160\u180b-\u180f"
    "\u200b-\u2015\u2060-\u206f\u2212\u3164\ufe00-\ufe0f\ufeff\uffa0\\-"
)
_COMPATIBLE = (
    "\u00aa-\u024f\u1d00-\u1dbf\u1e00-\u1eff\u2070-\u24ff\u3371-\u33df\ufb00-\ufb06"
    "\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff66-\uffdc\U0001d400-\U0001d7ff"
)


def folded(text: str) -> str:
    """Return an expression for the text with ASCII letters in lower case, without accents, hyphens, invisible characters and full-width forms.

    `like_patterns` match it. Only a text that contains such characters is normalized, since normalizing costs more than looking for them. The time of
    normalize() grows with the square of the length of a run of combining marks, and it cannot be cancelled, so runs are broken first.
    """
    broken = f"regexp_replace({text}, '([{_MARKS}]{{30}})', '\\1\u034f', 'g')"
    plain = f"regexp_replace(normalize({broken}, NFKD), '[{_REMOVED}]', '', 'g')"
    for letter, others in (("ß", "ss"), ("ẞ", "ss"), ("æ", "ae"), ("Æ", "ae"), ("œ", "oe"), ("Œ", "oe"), ("þ", "th"), ("Þ", "th")):
        plain = f"replace({plain}, '{letter}', '{others}')"
    plain = f"translate({plain}, 'øłđðħŧıȷØŁĐÐĦŦ', 'olddhtijolddht')"
    return f"""lower(case when {text} collate "C" ~ '[{_REMOVED}{_COMPATIBLE}]' then {plain} else {text} end collate "C")"""


MAX_ASKED: Final = 24
"""Terms that choose candidates among more than `FEW_MESSAGES`; further ones of a long text only rank them."""

_ASKED = f"""asked as materialized (
  select a.n, a.key, a.weight from json_to_recordset($3::json) as a (n int, key bigint, weight float8, single bool)
  where (select through from state) is not null and a.n between 0 and 63
  and (not a.single and a.n < {MAX_ASKED} or (select messages from state) <= {FEW_MESSAGES})
), windows as materialized (
  select w.first, w.last from json_to_recordset($5::json) as w (first date, last date) where w.last - w.first between 0 and 99999
)"""
"""The conditions that always hold tell the planner that these are few rows; without them it reads all of a user's terms instead of using the index."""

_HAS = "t.terms @> array[a.key] and t.terms @> array[a.key, a.key] and t.terms @> array[a.key, a.key, a.key]"
"""The condition that a message has a term, thrice: the planner expects each to hold for one row in two hundred, which is far too many for a key that names
user and term. It would read all rows of the user beside those of the term, or instead of them."""

_SPAN = "($6::date is null or {0}.day >= $6::date) and ($7::date is null or {0}.day <= $7::date)"

_RECALLED = """not m.copied and not m.withdrawn and m.learning <> 'NONE'
  and m.conversation_id not in (select c.id from conversations c where c.user_id = $1 and (c.temporary or c.play))"""
"""The condition that the assistant may recall a message in other conversations: nothing that was written while the diary was off, and no play."""

_RECALLABLE = f"""t.user_id = $1 and t.recallable and t.message_id <= (select through from state) and ($8::uuid is null or t.message_id < $8::uuid)
  and {_SPAN.format('t')}"""

_UNREAD = f"""m.user_id = $1 and m.id > coalesce((select through from state), {ZERO}) and ($8::uuid is null or m.id < $8::uuid) and {_SPAN.format('m')}
  and {_RECALLED}"""

_HIT = """(m.content collate "C" ~ $4::text or exists (select from windows w where m.day between w.first and w.last))"""
"""A text that matches the pattern of the terms, or one of a wanted range of days. No locale decides what matches."""

_BM25 = """2.2::float8 / (1 + 1.2::float8 * (0.25::float8 + 0.75::float8 * f.length
  / (select greatest(characters::float8 / greatest(messages, 1), 1) from total)))"""
"""The part of BM25 that depends on the length alone, for a term that occurs once."""

_SIZES = """count(*) as messages, coalesce(sum(t.length), 0) as characters,
  coalesce(sum(t.length * case when t.by_user then 1 else $9::float8 end), 0) as weighted"""


def _idf(texts: str, holding: str) -> str:
    """Return an expression for the worth of a term, as `jobs.rules.search.ranking.idf` has it; in float8, since numeric logarithms take eight times as long."""
    return f"ln(1::float8 + (greatest({texts}, {holding})::float8 - {holding} + 0.5::float8) / ({holding} + 0.5::float8))"


LOOK_BACK: Final = f"""
with state as materialized (
  select through, recallable as messages, recallable_characters as characters, weighted, days from search_states
  where user_id = $1 and version = $2 and through is not null
), {_ASKED}, found as materialized (
  select a.n, t.message_id, t.day, t.length from asked a cross join lateral (
    select t.message_id, t.day, t.length from message_terms t where {_RECALLABLE} and {_HAS}) t
), noted as materialized (
  select a.n, d.id, d.day from asked a cross join lateral (
    select t.diary_id, t.diary_version from diary_terms t where t.user_id = $1 and t.version = $2 and {_HAS}) t
  join diaries d on d.user_id = $1 and d.id = t.diary_id and d.version = t.diary_version and {_SPAN.format('d')}
), by_day as materialized (
  select day, n from found union select day, n from noted
), total as materialized (
  select messages, characters, weighted, days from state where $6::date is null and $7::date is null
  union all select {_SIZES}, count(distinct t.day)
  from message_terms t where ($6::date is not null or $7::date is not null) and {_RECALLABLE} having $6::date is not null or $7::date is not null
), held as materialized (
  select a.n, a.weight, coalesce(f.texts, 0) as texts, coalesce(b.days, 0) as days from asked a
  left join (select n, count(*) as texts from found group by n) f using (n) left join (select n, count(*) as days from by_day group by n) b using (n)
), worth as materialized (
  select array_agg(h.weight * {_idf('t.messages', 'h.texts')} order by h.n) as of_text, array_agg(h.weight * {_idf('t.days', 'h.days')} order by h.n) as of_day
  from held h cross join total t
), scored as materialized (
  select f.message_id, f.day, sum((select of_text from worth)[f.n + 1]) * {_BM25} as score from found f group by f.message_id, f.day, f.length
), best_days as materialized (
  select b.day, row_number() over (order by sum((select of_day from worth)[b.n + 1]) desc, b.day desc) as place
  from by_day b group by b.day order by place limit {MAX_DAYS}
), picked as materialized (
  (select message_id from scored order by score desc, message_id desc limit {MAX_CANDIDATES})
  union (
    select s.message_id from scored s where (s.day in (select b.day from best_days b where b.place <= {BEST_DAYS})) is true
    order by s.score desc, s.message_id desc limit {MAX_CANDIDATES})
  union (
    select t.message_id from windows w join message_terms t on t.day between w.first and w.last
    where {_RECALLABLE} order by t.message_id limit {MAX_OF_DAYS})
), texts as materialized (
  select m.id, m.day, m.by_user, m.content from picked p cross join lateral (
    select m.id, m.day, m.role = 'USER' as by_user, m.content from messages m where m.user_id = $1 and m.id = p.message_id offset 0) m
), unread as materialized (
  select m.id, m.day, m.role = 'USER' as by_user, m.content from messages m where {_UNREAD} and {_HIT} order by m.id desc limit {MAX_UNREAD}
), unread_sizes as materialized (
  select t.day, {_SIZES} from (select m.day, m.role = 'USER' as by_user, length(m.content) as length from messages m where {_UNREAD}) t group by t.day
), listed as materialized (
  (select n.id, true as read from noted n group by n.id order by sum((select of_day from worth)[n.n + 1]) desc, n.id desc limit {MAX_CANDIDATES})
  union (select d.id, true from windows w join diaries d on d.day between w.first and w.last where d.user_id = $1 and {_SPAN.format('d')} limit {MAX_OF_DAYS})
  union (
    select d.id, false from diaries d left join diary_terms t on t.user_id = d.user_id and t.diary_id = d.id and t.diary_version = d.version and t.version = $2
    where d.user_id = $1 and {_SPAN.format('d')} and (t.user_id is null or (select through from state) is null))
), written as materialized (
  select d.day, bool_or(l.read) as read, concat_ws(E'\\n', v.summary, (
    select string_agg(i.text, E'\\n') from diary_lines i where i.user_id = $1 and i.diary_id = d.id and i.version = d.version and not i.hidden)) as content
  from listed l join diaries d on d.user_id = $1 and d.id = l.id join diary_versions v on v.user_id = $1 and v.diary_id = d.id and v.version = d.version
  group by d.id, d.day, d.version, v.summary
), entries as materialized (
  select m.day, m.content from written m where m.read or {_HIT}
), sizes as materialized (
  select d.day, t.messages, t.characters, t.weighted from (
    select day from best_days union select day from unread_sizes union select day from entries union select value::date from json_array_elements_text($10::json)
  ) d cross join lateral (select {_SIZES} from message_terms t where {_RECALLABLE} and t.day = d.day) t where t.messages > 0
)
select (select json_agg(json_build_array(id, day, by_user, content) order by id desc) from texts)::text,
       (select json_agg(json_build_array(id, day, by_user, content) order by id desc) from unread)::text,
       (select json_agg(json_build_array(day, messages, characters, weighted)) from sizes)::text,
       (select json_agg(json_build_array(day, messages, characters, weighted)) from unread_sizes)::text,
       (select json_agg(json_build_array(day, content) order by day desc) from entries)::text,
       (select json_agg(json_build_array(n, texts, days)) from held)::text,
       (select json_build_array(messages, characters, weighted, days) from total)::text
"""
"""$1 user, $2 version of terms, $3 terms, $4 pattern of the terms or null, $5 ranges of days whose texts are all candidates, $6 and $7 first and last day,
$8 message before which to look, $9 weight of the assistant's words, $10 days whose sizes are wanted."""


_SEARCHED = f"""t.user_id = $1 and t.message_id <= (select through from state) and (t.recallable or not $8::bool) and {_SPAN.format('t')}"""

_UNREAD_SEARCHED = f"""m.user_id = $1 and m.id > coalesce((select through from state), {ZERO}) and {_SPAN.format('m')}
  and (not $8::bool or {_RECALLED})"""

_TYPED = """m.content collate "C" ~ all (array(select value from json_array_elements_text($10::json)))"""

_KEYS = "array(select value::bigint from json_array_elements_text($11::json))"
_BY_TERMS = f"t.terms @> {_KEYS} and t.terms @> ({_KEYS} || {_KEYS})"

TYPED_BY_TERMS: Final = f"""
  select m.id, m.day from message_terms t join messages m on m.user_id = $1 and m.id = t.message_id
  where {_SEARCHED} and {_BY_TERMS} and {_TYPED} order by m.id desc limit {MAX_UNREAD}"""
"""Messages with all words as typed, of which some are long enough to have fragments."""

_BY_TEXT = "m.user_id = $1 and m.id <= (select through from state)"

TYPED_BY_TEXT: Final = f"""
  select m.id, m.day from messages m where {_BY_TEXT} and {_SPAN.format('m')}
  and (not $8::bool or {_RECALLED})
  and {_TYPED} and $11::json is null order by m.id desc limit {MAX_UNREAD}"""
"""Messages with all words as typed, none of which has three letters or a Chinese character."""

NOT_TYPED: Final = "select null::uuid as id, null::date as day where $10::json is not null and $11::json is not null"
"""No words are looked for as typed."""


_ALL_TOTALS: Final = f"""select messages, characters from state where $6::date is null and $7::date is null
  union all select count(*), coalesce(sum(t.length), 0) from message_terms t where ($6::date is not null or $7::date is not null) and {_SEARCHED}
  having $6::date is not null or $7::date is not null"""

_WITHIN = "within as materialized (select id from messages where user_id = $1 and conversation_id = $12::uuid)"
_TOTALS_WITHIN = f"select count(*) as messages, coalesce(sum(t.length), 0) as characters from message_terms t where {_SEARCHED}"


def search_statement(typed: str, within: bool = False) -> str:
    """Return the statement of a search for messages, with one of the above as its way to find the words as typed.

    $1 user, $2 version of terms, $3 terms, $4 pattern of the terms or null, $5 ranges of days all of whose messages are found, $6 and $7 first and last
    day, $8 recallable messages only, $9 share of the terms' weight that a message must exceed, $10 patterns of the words as typed, $11 keys of their fragments,
    and with `within` $12 the conversation whose messages are the only ones.
    """
    literally = "false" if typed is NOT_TYPED else _TYPED
    statement = f"""
with state as materialized (
  select through, case when $8::bool then recallable else messages end as messages,
         case when $8::bool then recallable_characters else characters end as characters
  from search_states where user_id = $1 and version = $2 and through is not null
), {_ASKED}, found as materialized (
  select a.n, a.weight, t.message_id, t.day, t.length from asked a cross join lateral (
    select t.message_id, t.day, t.length from message_terms t where {_SEARCHED} and {_HAS}) t
), enough as materialized (
  select $9::float8 * a.weight as of_asked, $9::float8 * r.weight - (r.weight - a.weight) - 1e-9 as least
  from (select coalesce(sum(weight), 0) as weight from asked) a
  cross join (select coalesce(sum(weight), 0) as weight from json_to_recordset($3::json) as r (weight float8)) r
), total as materialized (
  {_ALL_TOTALS}
), held as materialized (
  select a.n, a.weight, coalesce(f.texts, 0) as texts from asked a left join (select n, count(*) as texts from found group by n) f using (n)
), worth as materialized (
  select array_agg(h.weight * {_idf('t.messages', 'h.texts')} order by h.n) as of_text from held h cross join total t
), scored as materialized (
  select f.message_id, f.day, sum(f.weight) as held,
         sum((select of_text from worth)[f.n + 1]) * {_BM25} as score
  from found f group by f.message_id, f.day, f.length having sum(f.weight) > (select least from enough)
), typed as materialized ({typed}
), best as materialized (
  select message_id, score from scored where message_id not in (select id from typed) order by score desc, message_id desc limit {MAX_CANDIDATES}
), later as materialized (
  select message_id, day, score from scored where held > (select of_asked from enough)
  and message_id not in (select id from typed) and message_id not in (select message_id from best) order by score desc, message_id desc limit {MAX_UNREAD}
), unread as materialized (
  select m.id, m.day, m.content, {literally} as literally from messages m
  where {_UNREAD_SEARCHED} and ({literally} or {_HIT}) order by m.id desc limit {MAX_UNREAD}
), unread_sizes as materialized (
  select count(*) as messages, coalesce(sum(length(m.content)), 0) as characters from messages m where {_UNREAD_SEARCHED}
), of_days as materialized (
  select t.message_id, t.day from windows w join message_terms t on t.day between w.first and w.last
  where {_SEARCHED} and t.message_id not in (select id from typed) order by t.message_id desc limit {MAX_UNREAD}
)
select (select json_agg(json_build_array(id, day) order by id desc) from typed)::text,
       (select json_agg(json_build_array(m.id, m.day, m.content) order by b.score desc, b.message_id desc)
        from best b cross join lateral (select m.id, m.day, m.content from messages m where m.user_id = $1 and m.id = b.message_id offset 0) m)::text,
       (select json_agg(json_build_array(message_id, day) order by score desc, message_id desc) from later)::text,
       (select json_agg(json_build_array(message_id, day) order by message_id desc) from of_days)::text,
       (select json_agg(json_build_array(id, day, content, literally) order by id desc) from unread)::text,
       (select json_agg(json_build_array(n, texts)) from held)::text,
       (select json_build_array(coalesce(t.messages, 0) + u.messages, coalesce(t.characters, 0) + u.characters)
        from unread_sizes u left join total t on true)::text
"""
    return _restrict(statement) if within else statement


def _restrict(statement: str) -> str:
    """Return the statement for the messages of one conversation: whatever it counts and finds is of that conversation."""
    narrowed = statement.replace(_ALL_TOTALS, _TOTALS_WITHIN).replace(_SEARCHED, f"{_SEARCHED} and t.message_id in (select id from within)")
    narrowed = narrowed.replace(_UNREAD_SEARCHED, f"{_UNREAD_SEARCHED} and m.conversation_id = $12::uuid")
    return narrowed.replace(_BY_TEXT, f"{_BY_TEXT} and m.conversation_id = $12::uuid").replace("with state as", f"with {_WITHIN}, state as", 1)


def _near(step: str, compared: str, order: str) -> str:
    """Return the query of the messages after, or before, the seed `s`. Comparing whole rows makes the planner read the index in its order up to the limit;
    with an equal conversation it expects few messages, reads all of them and sorts them, for each seed anew."""
    return f"""
  (select {step}row_number() over (order by o.conversation_id{order}, o.id{order}) as step, o.conversation_id, o.id, o.day, o.role, o.content from messages o
   where o.user_id = $1 and (o.conversation_id, o.id) {compared} (s.conversation_id, s.id) and not o.copied and not o.withdrawn
   and ($3::uuid is null or o.id < $3::uuid) and ($4::date is null or o.day >= $4::date) and ($5::date is null or o.day <= $5::date)
   order by o.conversation_id{order}, o.id{order} limit $6)"""


NEIGHBORS: Final = f"""
with seeds as materialized (
  select m.id, m.conversation_id from json_array_elements_text($2::json) g cross join lateral (
    select m.id, m.conversation_id from messages m where m.user_id = $1 and m.id = g.value::uuid offset 0) m
), near as materialized (
  select s.id as seed, n.step, n.id, n.day, n.role = 'USER' as by_user, n.content from seeds s cross join lateral ({_near('', '>', '')}
  union all {_near('-', '<', ' desc')}) n where n.conversation_id = s.conversation_id
)
select (select json_agg(json_build_array(seed, step, id)) from near)::text,
       (select json_agg(json_build_array(id, day, by_user, content)) from (
         select distinct on (id) id, day, by_user, content from near where id not in (select id from seeds)) other)::text
"""
"""$1 user, $2 seeds, $3 message before which to look, $4 and $5 first and last day, $6 reach."""
