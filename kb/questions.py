"""Questions that found nothing: counted, so that partners see what is missing, without telling who asked.

They are kept in a small file of their own beside the knowledge base, which may be deleted at any time. Kept are the
words in lower case, their language, a count, and the first and last month; no user, no address, no time of day.
What seems to hold personal data is not kept at all.
"""

import logging
import os
import re
import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from kb.text import words

log = logging.getLogger(__name__)

FILE = "questions.sqlite3"

SWITCH = "HOPKB_COUNT_QUESTIONS"
"""Environment variable: 0 counts nothing."""

LONGEST = 120
"""Characters; a longer text tells a story, perhaps somebody's."""

MOST = 1_000
"""Questions kept: of more, those asked least and longest ago are dropped."""

KEPT_MONTHS = 24
"""A question that nobody has asked again for so long is forgotten."""

BUSY_SECONDS = 1
"""A count is not worth a wait: a search page is."""

_SCHEMA = """CREATE TABLE IF NOT EXISTS questions (
    text TEXT NOT NULL, language TEXT NOT NULL, count INTEGER NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL,
    PRIMARY KEY (text, language)) WITHOUT ROWID"""

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_NUMBER = re.compile(r"\d{5,}|\d(?:[\s()./+-]*\d){6,}")
"""A number of five digits or more, or of seven with signs between: of a telephone, an account, a person."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that found nothing; `first` and `last` are months, as in 2026-01."""

    text: str
    language: str
    count: int
    first: str
    last: str


class Questions:
    """The questions of one knowledge base. Whatever is wrong with the file, nobody's search fails by it."""

    def __init__(self, home: Path) -> None:
        self._path = home / FILE

    def note(self, query: str, language: str, today: date | None = None) -> None:
        """Count a question that found nothing; `language` is its ISO 639-1 code, or "" where that is not certain."""
        text = normalised(query)
        if not is_counting() or not text or is_personal(text):
            return
        month = (today or datetime.now(UTC).date()).strftime("%Y-%m")
        try:
            with self._open() as db:
                db.execute(
                    """INSERT INTO questions VALUES (?, ?, 1, ?, ?) ON CONFLICT DO UPDATE
                       SET count = count + 1, last = max(last, excluded.last)""",
                    [text, language, month, month],
                )
                self._forget_old(db, month)
        except (sqlite3.Error, OSError) as error:
            log.warning("a question without an answer was not counted: %s", error)

    def counts(self, most: int = -1) -> list[Asked]:
        """The questions asked most, at most `most` of them, or all."""
        if not self._path.is_file():
            return []
        try:
            with self._open(mode="ro") as db:
                rows = db.execute("SELECT * FROM questions ORDER BY count DESC, last DESC, text LIMIT ?", [most])
                return [Asked(*row) for row in rows]
        except (sqlite3.Error, OSError) as error:
            log.warning("the questions without an answer cannot be read: %s", error)
            return []

    def clear(self) -> int:
        """Delete them all; returns how many they were. Raises OSError where the file cannot be deleted."""
        count = len(self.counts())
        self._path.unlink(missing_ok=True)
        return count

    @contextmanager
    def _open(self, mode: str = "rwc") -> Iterator[sqlite3.Connection]:
        address = f"{self._path.absolute().as_uri()}?mode={mode}"
        with closing(sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS)) as db, db:
            if mode != "ro":
                db.execute("PRAGMA secure_delete = ON")  # what is forgotten is gone from the file
                db.execute(_SCHEMA)
            yield db

    def _forget_old(self, db: sqlite3.Connection, month: str) -> None:
        db.execute(
            "DELETE FROM questions WHERE last < strftime('%Y-%m', ? || '-01', ?)", [month, f"-{KEPT_MONTHS} months"]
        )
        db.execute(
            """DELETE FROM questions WHERE (text, language) IN
               (SELECT text, language FROM questions ORDER BY last DESC, count DESC, text LIMIT -1 OFFSET ?)""",
            [MOST],
        )


def is_counting() -> bool:
    """Whether questions are counted at all."""
    return os.environ.get(SWITCH, "").strip() != "0"


def normalised(query: str) -> str:
    """The words of a question in lower case, with one space between and no full stop or question mark behind."""
    text = " ".join(unicodedata.normalize("NFC", query).split()).lower().strip(" ?!.,;:")
    return text if words(text) else ""


def is_personal(text: str) -> bool:
    """Whether `text` seems to hold personal data: an address for mail or on the web, a long number, a long story."""
    return len(text) > LONGEST or "@" in text or "://" in text or bool(_NUMBER.search(_YEAR.sub("", text)))
