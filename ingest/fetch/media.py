"""What was sent: which documents are kept, under which name, in which encoding."""

import codecs
import re
import unicodedata
from email.message import Message
from hashlib import sha256
from pathlib import PurePosixPath
from urllib.parse import unquote

from ingest.extract.base import Refused
from ingest.fetch.address import Address

_OPEN = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "application/x-pdf": ".pdf",
    _OPEN + "wordprocessingml.document": ".docx",
    _OPEN + "presentationml.presentation": ".pptx",
    _OPEN + "presentationml.slideshow": ".ppsx",
    _OPEN + "spreadsheetml.sheet": ".xlsx",
    _ODF + "text": ".odt",
    _ODF + "presentation": ".odp",
    _ODF + "spreadsheet": ".ods",
    "application/msword": ".doc",
    "application/vnd.ms-powerpoint": ".ppt",
    "application/vnd.ms-excel": ".xls",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "application/epub+zip": ".epub",
    "message/rfc822": ".eml",
    "application/vnd.ms-outlook": ".msg",
    "text/markdown": ".md",
    "text/csv": ".csv",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/tiff": ".tiff",
    "image/webp": ".webp",
    "image/gif": ".gif",
}
"""The content types of documents. Which of them can be read is for ingest/extract to say."""

VAGUE = {
    "": "",
    "application/octet-stream": "",
    "binary/octet-stream": "",
    "application/force-download": "",
    "application/x-download": "",
    "application/download": "",
    "application/zip": ".zip",
    "application/x-zip-compressed": ".zip",
    "application/xml": "",
    "text/xml": "",
    "text/plain": ".txt",
}
"""Types that servers send for want of a better one: the name decides, else the suffix here."""

_NAMED = frozenset(SUFFIXES.values()) | {
    ".htm",
    ".xhtml",
    ".jpeg",
    ".tif",
    ".txt",
    ".markdown",
    ".mht",
    ".mhtml",
    ".zip",
}
_MEDIA = {"video": "a film", "audio": "a sound recording", "font": "a font", "model": "a 3D model"}
_CODE = frozenset({"application/json", "application/javascript", "text/javascript", "text/css"})

_CHARSETS = frozenset({
    "cp1250", "cp1251", "cp1252", "cp1254", "cp1257", "iso8859-2", "iso8859-4", "iso8859-5", "iso8859-9", "iso8859-13",
    "iso8859-15", "iso8859-16", "koi8-r", "utf-16", "utf-16-le", "utf-16-be",
})  # fmt: skip
"""Of the languages of the project and its neighbours; by Python's names."""

_AS_BROWSERS_DO = {"iso8859-1": "cp1252", "ascii": "cp1252"}
"""The WHATWG Encoding Standard: pages that claim the left are written in the right."""

_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_TEXTS = frozenset({".html", ".txt", ".md", ".csv"})
MOST_NAME = 60
"""Characters of a file's readable part: file systems bear 255 bytes."""


def suffix(address: Address, headers: Message) -> str:
    """The file suffix for what comes with `headers` from `address`; "" where nothing tells.

    Raises Refused for what is no document.
    """
    kind = media_type(headers)
    family = kind.partition("/")[0]
    if family in _MEDIA or kind in _CODE:
        what = _MEDIA.get(family, "data for programs")
        raise Refused(f"is {what}, not a document ({kind})")
    if kind in SUFFIXES:
        return SUFFIXES[kind]
    named = PurePosixPath(_name(address, headers)).suffix.lower()
    return named if named in _NAMED else VAGUE.get(kind, "")


def file_name(address: Address, headers: Message) -> str:
    """A name for the file that tells people what it is and belongs to `address` alone. The site's own name for
    it gives letters and digits only, so no path can be hidden in it."""
    plain = unicodedata.normalize("NFKD", PurePosixPath(_name(address, headers)).stem).encode("ascii", "ignore")
    readable = re.sub(r"[^a-z0-9]+", "-", plain.decode("ascii").lower())[:MOST_NAME].strip("-")
    return f"{readable or 'page'}-{sha256(str(address).encode()).hexdigest()[:12]}{suffix(address, headers)}"


def media_type(headers: Message) -> str:
    """Type and subtype in lower case, "" where the server names none."""
    return headers.get_content_type() if headers.get("Content-Type", "").strip() else ""


def in_utf8(body: bytes, suffix: str, headers: Message) -> bytes:
    """`body` as it is, or as UTF-8 with its mark where only the header tells the encoding.

    The file is read later without its headers, by ingest/extract/text.py `decode`, which trusts a mark, then
    UTF-8, then guesses. A page in ISO 8859-2 that says so in the header alone would be guessed. A body that is
    valid UTF-8 stays, for servers that announce Latin-1 for every page are common, and other
    text is not UTF-8 by chance.
    """
    if suffix not in _TEXTS or body.startswith(_MARKS):
        return body
    try:
        claimed = codecs.lookup(headers.get_content_charset() or "utf-8").name
        charset = _AS_BROWSERS_DO.get(claimed, claimed)
        if charset not in _CHARSETS or (not charset.startswith("utf-16") and _is_utf8(body)):
            return body
        return codecs.BOM_UTF8 + body.decode(charset).encode("utf-8")
    except (LookupError, ValueError):  # an unknown or wrong claim: the guess knows better
        return body


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _name(address: Address, headers: Message) -> str:
    """The last part of the name that the site gives the file, else of the address's path."""
    given = headers.get_filename() if headers.get("Content-Disposition") else None
    path = given or unquote(address.target.partition("?")[0])
    return re.split(r"[/\\]", path.rstrip("/\\"))[-1].replace("\0", "")
