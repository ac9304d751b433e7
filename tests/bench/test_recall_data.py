"""The readers of public benchmarks, on small files of the same formats."""
from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from bench.recall import measure
from bench.recall_data import read


def test_read_locomo_file_returns_turns_names_and_questions_with_evidence(tmp_path: Path):
    turns = [{"speaker": "Ann", "dia_id": "D1:1", "text": "I saw a zebra"}, {"speaker": "Bo", "dia_id": "D1:2", "text": "Where?"}]
    asked = [{"question": "What did Ann see?", "category": 4, "evidence": ["D1:1"]}, {"question": "Why?", "category": 5, "evidence": []}]
    said = {"speaker_a": "Ann", "speaker_b": "Bo", "session_1_date_time": "1:56 pm on 8 May, 2023", "session_1": turns, "session_2_date_time": "-"}
    path = tmp_path / "locomo10.json"
    path.write_text(json.dumps([{"qa": asked, "conversation": said}]), encoding="utf-8")
    [talk] = read(path)
    assert [(line.session, line.number, line.day, line.by_user) for line in talk.lines] == [(1, 1, date(2023, 5, 8), True), (1, 2, date(2023, 5, 8), False)]
    [question] = talk.questions
    assert (question.kind, question.evidence, question.half, question.today) == ("single hop", {(1, 1)}, 0, date(2023, 5, 9)) and talk.names == ("Ann", "Bo")
    assert measure([talk]).row_count == 3


def test_read_long_mem_eval_file_leaves_out_questions_without_an_answer(tmp_path: Path):
    session = [{"role": "user", "content": "My cat is Otto", "has_answer": True}, {"role": "assistant", "content": "Hello Otto"}]
    instance = {
        "question_id": "a", "question_type": "single-session-user", "question": "What is my cat's name?", "answer": "Otto",
        "question_date": "2023/05/30 (Tue) 23:40", "haystack_dates": ["2023/05/20 (Sat) 02:21"], "haystack_session_ids": ["s1"],
        "haystack_sessions": [session], "answer_session_ids": ["s1"],
    }  # fmt: skip
    path = tmp_path / "longmemeval_s.json"
    path.write_text(json.dumps([instance, {**instance, "question_id": "b_abs"}]), encoding="utf-8")
    [talk] = read(path)
    [question] = talk.questions
    assert (question.evidence, question.today, question.kind) == ({(0, 0)}, date(2023, 5, 30), "single-session-user")
    assert [(line.by_user, line.day) for line in talk.lines] == [(True, date(2023, 5, 20)), (False, date(2023, 5, 20))]
