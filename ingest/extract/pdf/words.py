"""The words of a PDF page with their places and fonts, from pdfium's characters."""

import ctypes
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ingest.extract.pdf.frame import Frame, turned
from ingest.extract.pdf.word import Word, composed, continues, is_mark, without_shadows

MOST_CHARACTERS = 60_000
"""Of a page that are read; a newspaper page has 15,000, a plan or a plotted data set millions."""

MOST_OBJECTS = 100_000
"""Pieces of a page's content from which its text is left alone: pdfium would take gigabytes for it."""

BOLD = 600
"""Font weight from which letters are bold; 400 is regular, 700 bold."""

_BREAKS = frozenset({0x20, 0x09, 0x0A, 0x0D, 0xA0, 0x2002, 0x2003, 0x2009, 0x3000})
_HYPHENS = frozenset({0x02, 0xFFFE})  # pdfium's marks for a hyphen that a line end made
_CHARACTERS = {0: None, **dict.fromkeys(_HYPHENS, "-"), **dict.fromkeys(range(0xD800, 0xE000))}
_BOLD_NAME = re.compile(r"bold|black|heavy|semibd|demi(?!ng)|(?<![a-z])bd(?![a-z])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Style:
    """How a text object is set. `key` identifies it on the page."""

    size: float
    bold: bool
    angle: int
    furniture: bool


@dataclass(slots=True)
class Sheet:
    """The words of a page in the order of its content. `undefined`: characters for which the fonts
    name no letter; `cut`: whether there is more than can be read."""

    width: float
    height: float
    words: list[Word]
    characters: int = 0
    undefined: int = 0
    cut: bool = False


def read_words(page: Any) -> Sheet:
    """The words of a pypdfium2 page. Raises PdfiumError where pdfium cannot read its text."""
    import pypdfium2.raw as pdfium

    frame = Frame(page)
    if pdfium.FPDFPage_CountObjects(page.raw) > MOST_OBJECTS:
        return Sheet(frame.width, frame.height, [], cut=True)
    textpage = page.get_textpage()
    try:
        reader = _Reader(page, textpage.raw, frame)
        words = [word for word in reader.words() if _is_on_page(word, frame)]
        return Sheet(frame.width, frame.height, without_shadows(words), reader.count, reader.undefined, reader.cut)
    finally:
        textpage.close()


class _Reader:
    """pdfium's text of one page; calls through ctypes are dear, so places are asked for by word."""

    def __init__(self, page: Any, text: Any, frame: Frame) -> None:
        import pypdfium2.raw as pdfium

        self.pdfium, self.text, self.frame = pdfium, text, frame
        found = max(0, pdfium.FPDFText_CountChars(text))
        self.count = min(found, MOST_CHARACTERS)
        self.cut = found > MOST_CHARACTERS
        self.undefined = 0
        self.styles: dict[int, Style] = {}
        self.fonts: dict[int, bool] = {}
        # The same function, but an address for a handle: casting each handle to compare it takes half the time.
        address = ctypes.cast(pdfium.FPDFText_GetTextObject, ctypes.c_void_p).value or 0
        self._object_at = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)(address)
        self._page = ctypes.cast(text, ctypes.c_void_p)
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._rect, self._matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()

    def words(self) -> Iterator[Word]:
        """All words in the order of the content."""
        before: Word | None = None
        end = -1
        for start, codes in self._runs():
            for at, piece in self._pieces(start, codes):
                word = self._word(at, piece)
                if word is None:
                    continue
                glued, end = at == end, at + len(piece)
                if before is None:
                    before = word
                elif is_mark(word, before):
                    before.right, before.notes = max(before.right, word.right), before.notes + word.text
                elif glued and continues(before, word):
                    before.text, before.right = before.text + word.text, max(before.right, word.right)
                else:
                    yield composed(before)
                    before = word
        if before is not None:
            yield composed(before)

    def _runs(self) -> Iterator[tuple[int, list[int]]]:
        """Index and code points of each run of characters without white space."""
        code_at = self.pdfium.FPDFText_GetUnicode
        run: list[int] = []
        for at in range(self.count):
            code = code_at(self.text, at)
            if code in _BREAKS:
                if run:
                    yield at - len(run), run
                    run = []
                continue
            if (code < 0x20 and code not in _HYPHENS) or 0xD800 <= code <= 0xF8FF or code == 0xFFFD:
                self.undefined += 1  # no character, half of one, or one that only its font knows
            run.append(code)
            if code in _HYPHENS:
                yield at + 1 - len(run), run
                run = []
        if run:
            yield self.count - len(run), run

    def _pieces(self, start: int, codes: list[int]) -> Iterator[tuple[int, list[int]]]:
        """Parts of a run set alike: a footnote's mark ends a word without white space."""
        last = len(codes) - 1
        if last == 0 or self._object(start) == self._object(start + last):
            yield start, codes
            return
        begin, style = 0, self._style(start)
        for at in range(1, len(codes)):
            now = self._style(start + at)
            if now is not style and (now.size, now.angle) != (style.size, style.angle):
                yield start + begin, codes[begin:at]
                begin, style = at, now
        yield start + begin, codes[begin:]

    def _word(self, start: int, codes: list[int]) -> Word | None:
        text = "".join(map(chr, codes)).translate(_CHARACTERS)
        if not text:
            return None
        style = self._style(start)
        x, base, right = self._ends(start, start + len(codes) - 1, style)
        return Word(text, x, max(right, x), base, style.size, style.bold, style.angle, furniture=style.furniture)

    def _ends(self, first: int, last: int, style: Style) -> tuple[float, float, float]:
        """Left, base and right of the characters from `first` to `last`, along the direction of their text."""
        self.pdfium.FPDFText_GetCharOrigin(self.text, first, self._x, self._y)
        self.pdfium.FPDFText_GetLooseCharBox(self.text, last, self._rect)
        rect, frame = self._rect, self.frame
        if style.angle == 0 and frame.rotation == 0:  # nearly always, so worth the haste
            return self._x.value - frame.left, frame.top - self._y.value, rect.right - frame.left
        left, base = turned(*frame.point(self._x.value, self._y.value), style.angle)
        box = self.frame.box(rect.left, rect.bottom, rect.right, rect.top)
        if style.angle % 90:  # a slanted box tells only its middle
            right = turned((box[0] + box[2]) / 2, (box[1] + box[3]) / 2, style.angle)[0] + style.size / 4
        else:
            right = max(turned(x, y, style.angle)[0] for x in (box[0], box[2]) for y in (box[1], box[3]))
        return left, base, right

    def _object(self, at: int) -> int:
        return self._object_at(self._page, at) or 0

    def _style(self, at: int) -> Style:
        key = self._object(at)
        style = self.styles.get(key)
        if style is None:
            style = self.styles[key] = self._style_of(self.pdfium.FPDFText_GetTextObject(self.text, at), at)
        return style

    def _style_of(self, handle: Any, at: int) -> Style:
        matrix = self._matrix
        if not self.pdfium.FPDFText_GetMatrix(self.text, at, matrix):
            matrix.a, matrix.b, matrix.c, matrix.d = 1.0, 0.0, 0.0, 1.0
        size = self.pdfium.FPDFText_GetFontSize(self.text, at) * math.hypot(matrix.c, matrix.d)
        angle = (round(math.degrees(math.atan2(matrix.b, matrix.a))) - self.frame.rotation) % 360
        angle = round(angle / 90) * 90 % 360 if min(angle % 90, 90 - angle % 90) <= 2 else angle
        return Style(abs(size) or 1.0, bool(handle) and self._is_bold(handle), angle, self._is_furniture(handle))

    def _is_bold(self, handle: Any) -> bool:
        if self.pdfium.FPDFTextObj_GetTextRenderMode(handle) == self.pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE:
            return True
        font = self.pdfium.FPDFTextObj_GetFont(handle)
        key = ctypes.cast(font, ctypes.c_void_p).value or 0
        if key not in self.fonts:
            name = ctypes.create_string_buffer(256)
            self.pdfium.FPDFFont_GetBaseFontName(font, name, 256)
            named = bool(_BOLD_NAME.search(name.value.decode("utf-8", "replace")))
            self.fonts[key] = named or self.pdfium.FPDFFont_GetWeight(font) >= BOLD
        return self.fonts[key]

    def _is_furniture(self, handle: Any) -> bool:
        """Whether the writing program marked the text as a running header or footer."""
        if not handle:
            return False
        pdfium = self.pdfium
        for at in range(pdfium.FPDFPageObj_CountMarks(handle)):
            mark = pdfium.FPDFPageObj_GetMark(handle, at)
            if _string(pdfium.FPDFPageObjMark_GetName, mark) == "Artifact":
                return bool(_string(pdfium.FPDFPageObjMark_GetParamStringValue, mark, b"Type") == "Pagination")
        return False


def _string(function: Any, *arguments: Any) -> str:
    """What a pdfium function writes as UTF-16; "" where it fails."""
    room = (ctypes.c_ushort * 64)()
    used = ctypes.c_ulong()
    if not function(*arguments, room, 128, used):
        return ""
    return bytes(room)[: max(0, min(used.value, 128) - 2)].decode("utf-16-le", "replace")


def _is_on_page(word: Word, frame: Frame) -> bool:
    """Whether a reader sees the word: what lies beside the page is a printer's mark or a left-over."""
    x, y = turned(word.middle, word.base - word.size / 3, -word.angle)
    return -1 <= x <= frame.width + 1 and -1 <= y <= frame.height + 1
