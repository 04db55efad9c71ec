"""A word of a PDF page: what belongs to it, what is the mark of a footnote, what is its shadow."""

import re
import unicodedata
from dataclasses import dataclass

RAISED_SIZE = 0.8
RAISED_BY = 0.15
"""A mark is at most this share of its word's size, and stands this share of it above the word's line."""

MARK_GAP = 0.6
"""In sizes: a mark stands no farther behind its word."""

SHADOW = 0.25
"""A word within this share of its size from an equal one is that one's shadow."""

_MARK = re.compile(r"[\d,;*†‡§()\[\]]{1,7}")
_SUPERSCRIPTS = re.compile(r"(?:(?<=[^\W\d_]{3})|(?<=[.,;:!?»”]))[¹²³⁰⁴-⁹]+$")
_UNITS = frozenset({"m", "km", "cm", "mm", "dm", "ha", "ft"})

# TeX's older fonts draw an accent, then its letter.
_ACCENTS = dict(
    zip("´ˆ˜¨ˇ˚˙˛¸˝¯˘", "\u0301\u0302\u0303\u0308\u030c\u030a\u0307\u0328\u0327\u030b\u0304\u0306", strict=True)
)
_ACCENTED = re.compile(f"([{''.join(_ACCENTS)}])([^\\W\\d_])")
_LATE_LETTER = re.compile(r"^([\u0300-\u036f]+)([^\W\d_])")


@dataclass(slots=True)
class Word:
    """A run of characters without white space. In points, from the page's top left corner as it is shown;
    `base` is the line it stands on. `angle` in degrees, 0 for text that runs to the right. `furniture`: whether its
    writer marked it as a running header or footer; `edge`: the number of the row at the page's top or bottom
    in which it stands, -1 for others (`ingest.extract.pdf.running`); `notes`: the marks of footnotes behind it."""

    text: str
    left: float
    right: float
    base: float
    size: float
    bold: bool
    angle: int = 0
    furniture: bool = False
    edge: int = -1
    notes: str = ""

    @property
    def middle(self) -> float:
        """Half way between its ends."""
        return (self.left + self.right) / 2


def is_mark(word: Word, before: Word) -> bool:
    """Whether `word` is the raised number of a footnote behind `before`; "m²" and "1st" are words."""
    if not -0.3 * before.size < word.left - before.right < MARK_GAP * before.size or before.text.lower() in _UNITS:
        return False
    return is_raised(word, before)


def is_raised(mark: Word, word: Word) -> bool:
    """Whether `mark` is a footnote's number or asterisk, small and above the line of `word`."""
    if mark.angle != word.angle or mark.size > RAISED_SIZE * word.size:
        return False
    if not RAISED_BY * word.size <= word.base - mark.base <= word.size:
        return False
    return bool(_MARK.fullmatch(mark.text))


def continues(before: Word, word: Word) -> bool:
    """Whether `word` is the rest of `before`, set in another size or raised."""
    if is_raised(before, word):
        return False
    gap = word.left - before.right
    size = max(before.size, word.size)
    near = -size < gap < 0.3 * size and abs(word.base - before.base) < 0.6 * size
    return near and word.angle == before.angle and before.text[-1] != "-"


def composed(word: Word) -> Word:
    """`word` with each accent on its letter."""
    text = word.text
    if not text.isascii():
        text = _LATE_LETTER.sub(r"\2\1", text)
        text = _SUPERSCRIPTS.sub("", _ACCENTED.sub(_accented, text))
        word.text = unicodedata.normalize("NFC", text)
    return word


def _accented(match: re.Match[str]) -> str:
    letter = {"ı": "i", "ȷ": "j"}.get(match[2], match[2])
    whole = unicodedata.normalize("NFC", letter + _ACCENTS[match[1]])
    return whole if len(whole) == 1 else match[0]


def without_shadows(words: list[Word]) -> list[Word]:
    """`words` without those that are drawn twice to look bold or to cast a shadow."""
    seen: dict[tuple[str, int, int, int], list[Word]] = {}
    kept = []
    for word in words:
        near = SHADOW * word.size
        cell = 8 * near
        places = {
            (word.text, word.angle, int(x // cell), int(y // cell))
            for x in (word.left - near, word.left + near)
            for y in (word.base - near, word.base + near)
        }
        twins = [twin for place in places for twin in seen.get(place, ())]
        if any(abs(twin.left - word.left) < near and abs(twin.base - word.base) < near for twin in twins):
            continue
        for place in places:
            seen.setdefault(place, []).append(word)
        kept.append(word)
    return kept
