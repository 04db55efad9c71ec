"""What an RTF file says before its text: code page, fonts, styles, title, date."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.extract.office import common, looks

SYMBOL_FONT = 2
CHARSETS = {
    **{0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gbk", 136: "big5", 161: "cp1253"},
    **{162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874"},
    **{238: "cp1250", 255: "cp437"},
}
"""Code pages by \\fcharset; 1 and others mean the file's own."""

_FILE_CHARSETS = {b"mac": "mac_roman", b"pc": "cp437", b"pca": "cp850"}
_OPTIONAL_GROUP = re.compile(rb"\{\s*\\\*[^{}]*\}")
_WORD = re.compile(rb"\\[a-zA-Z]+-?[0-9]* ?")
_ESCAPE = re.compile(rb"\\'([0-9a-fA-F]{2})")
_UNICODE = re.compile(rb"\\u(-?[0-9]{1,6}) ?(?:\\'..|[^\\{}])?")
MOST_HEADER = 4 * 2**20
"""Bytes of a font table or a style sheet; Word's largest have some hundred thousand."""


@dataclass(frozen=True, slots=True)
class Font:
    """A font: how its bytes are decoded ("" as the file's), and its name where it is no alphabet, else ""."""

    codec: str = ""
    symbols: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """`styles` and `fonts` by their numbers; `date` in ISO 8601."""

    codec: str
    fonts: dict[int, Font]
    styles: dict[int, str]
    title: str
    date: str

    def is_heading(self, style: int) -> bool:
        """Whether paragraphs of this style are headings."""
        return looks.is_heading_name(self.styles.get(style, ""))

    def is_item(self, style: int) -> bool:
        """Whether paragraphs of this style are list items."""
        return self.styles.get(style, "").lower().startswith("list")

    def is_contents(self, style: int) -> bool:
        """Whether paragraphs of this style are lines of a table of contents, which repeats the headings."""
        return looks.is_contents_name(self.styles.get(style, ""))


def read_header(data: bytes) -> Header:
    """The header of the RTF file `data`."""
    stated = re.search(rb"\\ansicpg([0-9]{1,5})", data[:MOST_HEADER])
    charset = re.search(rb"\\(mac|pca?)(?![a-z])", data[:200])
    codec = known_codec(f"cp{stated[1].decode()}") if stated else ""
    codec = codec or _FILE_CHARSETS.get(charset[1] if charset else b"", "cp1252")
    fonts = dict(_fonts(_group(data, rb"{\fonttbl")))
    if codec not in {font.codec for font in fonts.values()}:
        # Some writers call every font Western and mean the file's own code page.
        fonts = {number: font for number, font in fonts.items() if font.codec != "cp1252"}
    info = _group(data, rb"{\info", without_optional=False)
    titles = re.findall(rb"\{\\title\s?((?:[^{}\\]|\\[^\n])*)\}", info)  # the last is in Unicode
    return Header(
        codec,
        fonts,
        dict(_styles(_group(data, rb"{\stylesheet"), codec)),
        common.plain(_text(titles[-1], codec)) if titles else "",
        _date(info),
    )


def known_codec(name: str) -> str:
    """Python's name of a code page; "" where it knows none."""
    try:
        return codecs.lookup({"cp65001": "utf-8", "cp10000": "mac_roman", "cp936": "gbk"}.get(name, name)).name
    except LookupError:
        return ""


def _group(data: bytes, opening: bytes, *, without_optional: bool = True) -> bytes:
    """The first group that begins with `opening`, with or without what in it a reader may leave out."""
    start = data.find(opening)
    if start < 0:
        return b""
    depth = 0
    for brace in re.finditer(rb"\\.|[{}]", data[start : start + MOST_HEADER], re.DOTALL):
        depth += {b"{": 1, b"}": -1}.get(brace[0], 0)
        if depth == 0:
            group = data[start : start + brace.end()]
            return _OPTIONAL_GROUP.sub(b"", group) if without_optional else group
    return b""


def _fonts(table: bytes) -> Iterator[tuple[int, Font]]:
    for definition in table.split(b";"):
        number = re.search(rb"\\f([0-9]{1,9})(?![0-9a-z])", definition)
        if number:
            charset = re.search(rb"\\fcharset([0-9]{1,3})", definition)
            page = re.search(rb"\\cpg([0-9]{1,5})", definition)
            kind = int(charset[1]) if charset else -1
            name = _text(definition, "cp1252").strip()
            codec = known_codec(f"cp{page[1].decode()}") if page else CHARSETS.get(kind, "")
            yield int(number[1]), Font(codec, name if kind == SYMBOL_FONT else "")


def _styles(sheet: bytes, codec: str) -> Iterator[tuple[int, str]]:
    for definition in re.split(rb"(?<!\\);", sheet):
        number = re.search(rb"\\s([0-9]{1,9})(?![0-9a-z])", definition)
        if not re.search(rb"\\(?:cs|ds|ts)[0-9]", definition):
            yield int(number[1]) if number else 0, _text(definition, codec).strip()


def _text(definition: bytes, codec: str) -> str:
    """The words of a definition, without control words and braces."""
    marked = _UNICODE.sub(lambda match: b"&#%d&" % (int(match[1]) % 0x10000), definition)
    plain = _WORD.sub(b"", _ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), marked))
    text = re.sub(rb"[{}\\\r\n]", b"", plain).decode(codec, "replace")
    return re.sub(r"&#(\d{1,5})&", lambda match: chr(int(match[1])), text)


def _date(info: bytes) -> str:
    for moment in (rb"revtim", rb"creatim"):
        found = re.search(rb"\\" + moment + rb"\\yr([0-9]{4})\\mo([0-9]{1,2})\\dy([0-9]{1,2})(?![0-9])", info)
        if found:
            return "{}-{:0>2}-{:0>2}".format(*(part.decode() for part in found.groups()))
    return ""
