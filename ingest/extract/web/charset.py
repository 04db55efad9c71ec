"""The characters of pages and mails, whose declared encoding may be missing or wrong."""

import codecs
import re

from ingest.extract.base import Refused
from ingest.extract.text import LEGACY, decode, legacy_encoding

_DECLARED = re.compile(rb"""(?:charset\s*=\s*|<\?xml[^>]{0,80}encoding\s*=\s*)["']?\s*([\w.:-]+)""", re.IGNORECASE)
_NO_PROSE = re.compile(rb"<(script|style)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.IGNORECASE | re.DOTALL)
_ALIASES = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254"}
"""What browsers read these names as."""

DECLARED_WITHIN = 8_192
"""Bytes from the start in which a page says its encoding; browsers look at 1,024."""

MOST_BROKEN = 0.05
"""The share of letters beyond ASCII that may be broken in a text that is still UTF-8."""


def decode_page(data: bytes, declared: str = "") -> str:
    """`data` as text: by its mark, as UTF-8, in the code page in which the dictionaries know its words,
    as `declared` by a mail header or by the page itself, else as `decode` finds.

    Words count more than declarations, because servers and editors declare what they like.
    Raises Refused where it is not text.
    """
    if data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return decode(data)
    text = data.decode("utf-8", errors="replace")
    broken, foreign = text.count("\ufffd"), sum(map(len, re.findall(r"[^\x00-\x7f]+", text)))
    if broken <= MOST_BROKEN * foreign:
        return text
    named = _codec(declared) or _declared_in(data)
    encoding = legacy_encoding(_NO_PROSE.sub(b" ", data), (named, *LEGACY) if named else LEGACY) or named
    try:
        return data.decode(encoding, errors="replace") if encoding else decode(data)
    except (LookupError, ValueError):
        raise Refused("is not text in any encoding known here: save it as UTF-8") from None


def _declared_in(data: bytes) -> str:
    found = _DECLARED.search(data[:DECLARED_WITHIN])
    return _codec(found[1].decode("ascii", errors="replace")) if found else ""


def _codec(name: str) -> str:
    """Python's name of a text encoding; "" where it knows none of that name, or for UTF-8, which it was not."""
    try:
        codec = codecs.lookup(name) if name else None
        b"".decode(name or "ascii")  # refuses codecs that are no text encodings, such as base64
    except (LookupError, ValueError):
        return ""
    if codec is None or codec.name.startswith("utf"):
        return ""
    return _ALIASES.get(codec.name, codec.name)
