"""Words, folding and sentences: the ground that ingest and search share."""

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
_NO_DECOMPOSITION = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"})


_ADDRESS = re.compile(r"\w[.@/]\w")


def is_address(token: str) -> bool:
    """Whether a run of signs between spaces is a web or mail address or the like: brivpratigie.lv, 40/212."""
    return bool(_ADDRESS.search(token))


CELLS = " | "
"""Between the cells of a table's row."""


def words(text: str) -> list[str]:
    """Maximal runs of letters and digits, in order, as written; letters composed (NFC)."""
    return _WORD.findall(unicodedata.normalize("NFC", text))


def word_spans(text: str) -> list[tuple[int, int]]:
    """(start, end) of each of `words(text)` in `text`, which is composed (NFC)."""
    return [match.span() for match in _WORD.finditer(text)]


def fold(text: str) -> str:
    """Lower case without diacritics: "Toruņā" -> "toruna", "Łódź" -> "lodz", "Straße" -> "strasse"."""
    decomposed = unicodedata.normalize("NFKD", text.lower().translate(_NO_DECOMPOSITION))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def headed(title: str, heading: str, sentence: str) -> str:
    """A sentence as it is made findable: behind its heading, or the document's title where it has none.

    "Two people talk first, without the coordinator." answers a question about quarrels by its heading only.
    """
    above = heading or title
    return f"{above}: {sentence}" if above else sentence


def in_context(title: str, heading: str, body: str) -> str:
    """A passage's text as it is made findable: under its document's title and its heading.

    A passage on insurance in a guide to volunteering rarely repeats the word "volunteer".
    """
    above = [title] if title and title not in heading else []
    return "\n".join([*above, *([heading] if heading else []), body])


# A short word with a full stop before a number is an abbreviation in all five languages
# ("Nr. 26", "art. 42", "Dz.U. 2003", "str. 2", "No. XI-1500"), never the end of a sentence.
_OPEN_ABBREVIATION = re.compile(r"(?:^|[\s(§.])[^\W\d_]{1,4}\.$")
_NUMBER = re.compile(r"(?:\d|[IVXLC]+\b)")
# "W 2016 r. Komenda ...": the year is not a sentence of its own.
_YEAR_OPENING = re.compile(r"^\w{1,3} \d{4} [rmg]\.$")


def _continues(before: str, after: str) -> bool:
    abbreviation = _OPEN_ABBREVIATION.search(before) and _NUMBER.match(after)
    exclamation = after.startswith("(") or after[0].islower()  # the project HOP! ("Hearts Open, People!") began ...
    return bool(abbreviation or exclamation or _YEAR_OPENING.match(before))


def sentence_spans(text: str, language: str | None = None) -> list[tuple[int, int]]:
    """(start, end) of each sentence of `text`, in code points, without surrounding space.

    `language` is an ISO 639-1 code or None for generic rules. simplemma finds the boundaries;
    what it splits after an abbreviation is joined again.
    """
    from simplemma import split_sentences

    try:
        pieces = split_sentences(text, lang=language)
    except ValueError:  # a language that simplemma does not list
        pieces = split_sentences(text)
    spans: list[tuple[int, int]] = []
    position = 0
    for piece in pieces:
        start = text.index(piece, position)
        position = start + len(piece)
        if spans and "\n\n" not in text[spans[-1][1] : start] and _continues(text[slice(*spans[-1])], piece):
            spans[-1] = (spans[-1][0], position)
        else:
            spans.append((start, position))
    return spans
