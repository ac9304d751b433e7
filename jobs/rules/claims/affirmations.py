# ruff: noqa: E501 - a table of patterns reads by its rows
"""The words by which a statement says a value of its speaker, by slot. A statement that has a value's words and none of these is undecided:
"mushrooms give me the creeps" names mushrooms, and says of no taste that the rules know.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from jobs.rules.claims.markers import LIKES
from jobs.rules.claims.reading import Place, Sentence

_SPEAKS = r"(?:i|we|i'm|we're|i've|we've|i'd|i'll|我|我们|咱|咱们|本人|俺)"


@dataclass(frozen=True, slots=True)
class Affirmation:
    """The words that affirm a value: `before` it in its clause (up to the value), or `anywhere` in its clause."""

    before: re.Pattern[str] | None
    anywhere: re.Pattern[str] | None
    examples: tuple[str, ...]


def _row(before: str, anywhere: str, *examples: str) -> Affirmation:
    return Affirmation(re.compile(before) if before else None, re.compile(anywhere) if anywhere else None, examples)


_HABIT = _row(
    r"\b(?:i|we|i'm|i've)\b|我|我们|咱|本人|俺",
    r"\b(?:usual(?:ly)?|always|never|every|each|often|normally|generally|typically|regular(?:ly)?|mostly|daily|nightly|weekly|weekdays?|weekends?|(?:mon|tues|wednes|thurs|fri|satur|sun)days|twice|times a|once a)\b|每|通常|一般|经常|常常|总是|平时|平常|习惯|从不|从来|往往|天天|工作日|周末|一周|照样|都(?=吃|睡|去|喝)",
    "I run every morning.", "我每天跑步。", "There's usually soup for dinner.",
)  # fmt: skip
_TASTE = _row(
    r"\b(?:i|we)(?:'m| am|'re| are)(?: \w+){0,2} $|\b(?:i|we|i've|we've|i'm|we're)\b(?: \w+){0,3} (?:eat(?:ing)?|drink(?:ing)?|play(?:ing)?|listen(?:ing)?|watch(?:ing)?|rewatching|rereading|read(?:ing)?|cook(?:ing)?|practi[cs]e|collect|follow|binge|put|get|hooked|signed up|spend)\b.*$"
    r"|(?:我|我们|咱|本人|俺|平时)[^,]{0,6}(?:吃|喝|看|听|玩|读|打|练|学|追|刷|养|收集|报了?|迷上?|对)[^,]*$|(?:我|本人)(?:很|是|比较|这人|有点|挺|非常|的性格|个)*$|爱好|兴趣",
    r"\b(?:hobby|hobbies|interests?|passion|guilty pleasure|vegan|vegetarian|allergic|allergy|intolerant|diet|live for|look(?:ing)? forward)\b|爱好|热爱|过敏|吃素|忌口|不吃|迷上?|盼|吃不够|看不够|听不够",
    "I'm vegan.", "Skydiving is my passion.", "我吃素。", "My hobby is photography.",
)  # fmt: skip
_DECISION = _row(r"\b(?:i|we|i'm)\b|\bmy (?:rule|principle|motto)\b|我|我们|咱|本人|原则|底线|规矩", "", "I sleep on every contract.", "我的原则是合同放一晚再签。")

_DETERMINER: Final = re.compile(r"(?:and |but )?(?:the|a|an|some|these|those|his|her|their|most|all)\b")
"""The beginning of a clause about a subject that it names: "the bakers downstairs are up at 4 am"."""

AFFIRMATIONS: Final[Mapping[str, Affirmation]] = {
    "identity.home": _row(
        r"\b(?:live[sd]?|living|based|reside[sd]?|settled|stay(?:ed|ing)?|rent(?:ed|ing)?|moved?(?! (?:away|out))|moving|home(?:town)? is|place|house|flat|apartment|here)\b[^,]{0,30}$|(?:住|搬|定居|现居|居住|安家|租|家|待|扎根|在)[^,]{0,8}$",
        r"\b(?:my home|hometown|resident|native)\b|住|定居|租|安家|生活|老家",
        "I live in Porto.", "我住在昆明。",
    ),
    "identity.occupation": _row(
        r"\b(?:i'm|i am|im|as|became|become|still|made me|job is|profession is)\b(?: [\w-]+){0,5} ?$|(?:是|当|做|干|任|作为|职业)[^,]{0,14}$",
        r"\bmy (?:job|profession|trade|career)\b|\bby (?:trade|profession)\b|的职业|的工作是",
        "I'm a baker.", "As a nurse I see a lot.", "我是面包师。",
    ),
    "identity.industry": _row(r"\b(?:i|we|i'm|work|working|job|career)\b[^,]*\bin\b[^,]*$|(?:在|干|做|从事|搞)[^,]{0,8}$", r"\bindustry\b|行业", "I work in banking.", "我在银行业。"),
    "identity.position": _row(
        r"\b(?:i'm|i am|made me|as|promoted to|became|position is|role is)\b(?: [\w-]+){0,4} ?$|(?:是|当|升|担任|任|做)[^,]{0,14}$", "", "I'm the team lead.", "我是组长。"
    ),
    "relationships.status": _row(
        r"\b(?:i'm|i am|we're|we are|got|been|still|happily|i|we)\b(?: \w+){0,3} ?$|(?:我|我们|本人|俩|现在|已经|刚|至今)[^,]{0,8}$", "", "I'm single.", "我们结婚七年了。"
    ),
    "relationships.people": _row(
        r"\b(?:my|our)\b(?: [\w-]+){0,3} ?$|\b(?:i|we|i've|we've)\b(?: \w+){0,2} (?:have|got|own|adopted)\b[^,]*$|(?:我|我们|咱|俺)[^,]{0,6}$", r"^(?:my|our)\b|我", "My sister Anna called.", "我妹妹小雨来了。"
    ),
    "preferences.stress_coping": _row(
        "", r"\b(?:help(?:s|ed)?|calm(?:s|ed)?|relax(?:es|ed)?|unwind|de-?stress|cope|coping|when(?:ever)?|better|soothes?|clears?)\b|放松|减压|解压|平静|舒服|压力|缓解|好多|让我|帮我", "Running helps me.", "冥想让我放松。"
    ),
    "preferences.work_style": _row(r"\b(?:i|we)\b(?: \w+){0,2} work(?:ing)?\b.*$|我[^,]{0,6}$", r"\b(?:work best|suits? me)\b|效率|适合我", "I work best at night.", "我独立工作效率高。"),
    "preferences.social": _row(r"\b(?:i|we)(?:'m| am|'re| are)\b(?: \w+){0,4} ?$|(?:我|本人)(?:很|是|比较|这人|有点|挺|非常|的性格|个)*$", "", "I'm an introvert.", "我很内向。"),
}  # fmt: skip


def affirms(slot: str, sentence: Sentence, place: Place, start: int, end: int) -> bool:
    """Return whether the sentence says the value at `start` to `end` of its speaker, in words that the table has for the slot."""
    first, last = sentence.clauses[sentence.clause_at(start)]
    if slot.startswith(("preferences.", "decisions.meetings")) and (place.attitude == "LIKES" or LIKES.search(sentence.text)):
        return True
    row = AFFIRMATIONS.get(slot) or (_HABIT if slot.startswith("habits.") else _DECISION if slot.startswith("decisions.") else _TASTE)
    if row.before is not None and row.before.search(sentence.text[first:start] if start > first else ""):
        return True
    if row.anywhere is not None and row.anywhere.search(sentence.text[first:last]):
        return True
    if slot.startswith(("habits.", "decisions.")):
        named = _DETERMINER.match(sentence.text[first:last].lstrip(" ,")) is None
        return row.before is not None and ((place.subject is None and named) or row.before.search(sentence.text[first:last]) is not None)
    return slot == "relationships.status" and start - first <= 10
