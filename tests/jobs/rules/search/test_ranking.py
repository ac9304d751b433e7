"""The ranking of texts, and of messages with their neighbours, for a query."""

from __future__ import annotations

import math
from datetime import date

import pytest

from jobs.rules.search.look_back import DaySize, Neighbor, Ranking, Turn
from jobs.rules.search.query import Query
from jobs.rules.search.ranking import CorpusStats, Document, rank

DAY = date(2026, 3, 14)
TEA = Query({"tea": 1.0})


def test_rank_scores_by_bm25_and_a_shorter_text_higher() -> None:
    short, long = Document(1, {"tea": 2}, 10), Document(2, {"tea": 2}, 30)
    found = rank(TEA.wanted, [long, short], CorpusStats(texts=4, mean_length=20))
    worth = math.log(1 + (4 - 2 + 0.5) / (2 + 0.5))
    assert [(item.key, item.score) for item in found] == [
        (1, pytest.approx(worth * 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 10 / 20)))),
        (2, pytest.approx(worth * 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 30 / 20)))),
    ]


def test_ranking_neighbours_of_a_match_get_a_share_of_its_score_and_follow_it() -> None:
    match = Turn(2, DAY, True, "tea")
    ranking = Ranking(TEA, [match], {DAY: DaySize(4, 40, 40.0)}, {})
    around = [Neighbor(2, step, Turn(2 + step, DAY, False, "well")) for step in (-1, 1)]
    found = ranking.rank(around)
    own = found[0].score / 1.5
    assert [(item.turn.key, item.score) for item in found] == [(2, pytest.approx(1.5 * own)), (1, pytest.approx(own)), (3, pytest.approx(0.8 * own))]


def test_ranking_of_a_user_without_messages_is_empty() -> None:
    ranking = Ranking(TEA, [], {}, {})
    assert (ranking.days, ranking.seeds, ranking.rank([]), ranking.is_about) == ([], [], [], False)
