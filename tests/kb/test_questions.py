"""Questions that found nothing are counted, and nothing of who asked them is kept."""

import json
import sqlite3
import threading
from datetime import date
from pathlib import Path

import pytest

from kb import KnowledgeBase
from kb.__main__ import main
from kb.questions import FILE, KEPT_MONTHS, MOST, SWITCH, Asked, Questions
from tests.kb.drafts import add

MAY = date(2026, 5, 17)


def test_a_question_is_counted_once_for_each_time_it_was_asked_however_it_was_typed(tmp_path: Path) -> None:
    questions = Questions(tmp_path)
    for query in ("Wer zahlt das  Mittagessen?", "wer zahlt das mittagessen", " WER zahlt das Mittagessen ?! "):
        questions.note(query, "de", MAY)
    questions.note("Kas maksā par pusdienām?", "lv", date(2026, 4, 1))
    questions.note("wer zahlt das mittagessen", "de", date(2026, 7, 2))
    assert questions.counts() == [
        Asked("wer zahlt das mittagessen", "de", 4, "2026-05", "2026-07"),
        Asked("kas maksā par pusdienām", "lv", 1, "2026-04", "2026-04"),
    ]
    assert questions.counts(1)[0].count == 4


@pytest.mark.parametrize(
    "query",
    [
        "why does anna@example.org get no answer",
        "call me at +48 600 100 200",
        "phone (0371) 488-15 00",
        "benefit for 85010112345",
        "IBAN DE12 5001 0517 0648 4898 90",
        "https://example.org/my-account",
        "my neighbour " + "has told me that " * 10,
        "",
        "?!",
    ],
)
def test_what_seems_to_hold_personal_data_or_says_nothing_is_not_kept(tmp_path: Path, query: str) -> None:
    Questions(tmp_path).note(query, "en", MAY)
    assert Questions(tmp_path).counts() == []
    assert not (tmp_path / FILE).exists()


@pytest.mark.parametrize("query", ["budget 2014-2020", "1939 1945 memory", "act 40/212", "10 000 euro for 5 days"])
def test_years_and_small_numbers_are_no_personal_data(tmp_path: Path, query: str) -> None:
    Questions(tmp_path).note(query, "en", MAY)
    assert [asked.text for asked in Questions(tmp_path).counts()] == [query]


def test_the_file_holds_a_month_and_no_finer_time(tmp_path: Path) -> None:
    Questions(tmp_path).note("drones", "en")
    with sqlite3.connect(tmp_path / FILE) as db:
        rows = db.execute("SELECT * FROM questions").fetchall()
    db.close()
    month = rows[0][3]
    assert rows == [("drones", "en", 1, month, month)] and len(month) == len("2026-05")


def test_no_more_than_a_bounded_number_is_kept_and_old_ones_are_forgotten(tmp_path: Path) -> None:
    questions = Questions(tmp_path)
    questions.note("long ago", "en", MAY.replace(year=MAY.year - KEPT_MONTHS // 12, month=4))
    questions.note("two years ago", "en", MAY.replace(year=MAY.year - KEPT_MONTHS // 12))
    assert len(questions.counts()) == 2
    questions.note("today", "en", MAY)
    assert {asked.text for asked in questions.counts()} == {"two years ago", "today"}
    with sqlite3.connect(tmp_path / FILE) as db:
        db.executemany(
            "INSERT INTO questions VALUES (?, 'en', 2, '2026-04', '2026-04')", ((f"q{n}",) for n in range(MOST + 5))
        )
    db.close()
    questions.note("today", "en", MAY)
    texts = {asked.text for asked in questions.counts()}
    assert len(texts) == MOST
    assert "today" in texts and "two years ago" not in texts


def test_counting_can_be_switched_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SWITCH, "0")
    Questions(tmp_path).note("drones", "en", MAY)
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setenv(SWITCH, "1")
    Questions(tmp_path).note("drones", "en", MAY)
    assert len(Questions(tmp_path).counts()) == 1


def test_a_home_that_cannot_be_written_or_a_damaged_file_is_no_error(tmp_path: Path) -> None:
    missing = Questions(tmp_path / "nowhere")
    missing.note("drones", "en", MAY)
    assert missing.counts() == [] and missing.clear() == 0
    (tmp_path / FILE).write_bytes(b"no database " * 100)
    damaged = Questions(tmp_path)
    damaged.note("drones", "en", MAY)
    assert damaged.counts() == []
    damaged.clear()
    damaged.note("drones", "en", MAY)
    assert len(damaged.counts()) == 1


def test_many_may_ask_at_once(tmp_path: Path) -> None:
    threads = [threading.Thread(target=Questions(tmp_path).note, args=["drones", "en", MAY]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [asked.count for asked in Questions(tmp_path).counts()] == [8]


def test_the_command_line_lists_and_deletes_them(kb: KnowledgeBase, capsys: pytest.CaptureFixture[str]) -> None:
    add(kb, "/park", "Volunteers plant tulips in the park.")
    home = kb.store.home
    Questions(home).note("Kas skraida drony?", "pl", MAY)
    assert main(["questions", "--home", str(home)]) == 0
    assert "kas skraida drony" in capsys.readouterr().out
    main(["questions", "--home", str(home), "--json"])
    assert json.loads(capsys.readouterr().out) == {
        "text": "kas skraida drony",
        "language": "pl",
        "count": 1,
        "first": "2026-05",
        "last": "2026-05",
    }
    assert main(["questions", "--home", str(home), "--clear"]) == 0
    assert not (home / FILE).exists()
    main(["questions", "--home", str(home)])
    assert "No question" in capsys.readouterr().out
