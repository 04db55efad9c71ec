"""Text as every document format can hold it, and addresses as every one can link to them."""

import re
from urllib.parse import quote, urlsplit

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Control characters, and the invisible signs that turn the direction of whatever follows them."""

_NOT_TEXT = re.compile(r"[\ud800-\udfff\ufffe\uffff]")
_LINE_ENDS = re.compile(r"\r\n|[\r\x0b\x0c\u2028\u2029]")

MOST_NAME = 60
"""Letters of a file's name: every system takes them, and a person can read them."""


def clean(text: str) -> str:
    """`text` as any document format can hold it: its words stay, signs that no reader sees go."""
    return _NOT_TEXT.sub("\ufffd", _CONTROL.sub("", _LINE_ENDS.sub("\n", text)))


def line(text: str) -> str:
    """`text` on one line."""
    return " ".join(clean(text).split())


def link(address: str) -> str:
    """A web address as it stands in a link, in ASCII; "" where it is none."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return ""
    return (
        quote(address, safe="/:?#[]@!$&'*+,;=%~", errors="replace")
        if parts.scheme in {"http", "https"} and host
        else ""
    )


def file_name(title: str, ending: str) -> str:
    """What to call a file of this title: "Project-results-2026.docx"."""
    stem = "-".join(re.findall(r"\w+", title))[:MOST_NAME].strip("-")
    return f"{stem or 'HopKB'}.{ending}"
