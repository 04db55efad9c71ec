"""What the writer of a mail wrote: without quotations of earlier mails, signature and addresses.

Of a forwarded mail only the lines that name its sender and receivers go: it is what was passed on.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from ingest.extract.base import Block, BlockKind
from ingest.extract.web.markup import parse_html, read_blocks

_QUOTED = re.compile(r"^\s{0,3}(?:>|\|\s)")
_SIGNATURE = re.compile(r"^--\s?$")
_FROM = r"(?:from|von|od|no|nuo|da)"
_SENT = (
    r"(?:sent|date|gesendet|datum|wysłano|data|nosūtīts|datums|išsiųsta|gauta|to|an|do|kam|subject|betreff|temat|temats"
    r"|tema)"
)
_FIELD = re.compile(rf"^\W{{0,3}}(?:{_FROM}|{_SENT}|cc|dw|kopija)\W{{0,2}}:", re.IGNORECASE)
_FIELDS = re.compile(rf"^\W{{0,3}}{_FROM}\W{{0,2}}:.{{1,200}}?\b{_SENT}\W{{0,2}}:", re.IGNORECASE | re.DOTALL)
_RULE = re.compile(
    r"^\W*(?P<forward>(?:begin )?forwarded message|weitergeleitete nachricht|(?:treść )?przekazan(?:a|ej)"
    r" wiadomoś(?:ć|ci)|wiadomość przekazana|pārsūtīta(?:is)? (?:ziņojums|vēstule|ziņa)"
    r"|persiųst(?:as|a) (?:laiškas|žinutė))?"
    r"(?:original message|ursprüngliche nachricht|wiadomość oryginalna|oryginalna wiadomość|sākotnējais ziņojums|"
    r"pirminė žinutė|originalus laiškas)?\W*$",
    re.IGNORECASE,
)
_INTRODUCTION = re.compile(
    r"^(?:on|am|w dniu|dnia|pirmd|otrd|trešd|ceturtd|piektd|sestd|svētd|\d).{5,300}\b"
    r"(?:wrote|schrieb\b.{0,120}|pisze|napisał(?:\(a\)|a)?|rakstīja|raksta|rašė|parašė)\s?:$",
    re.IGNORECASE | re.DOTALL,
)
_QUOTES = (
    "//blockquote[@type='cite']|//*[contains(@class, 'gmail_quote') or contains(@class, 'yahoo_quoted')"
    " or contains(@class, 'protonmail_quote') or contains(@class, 'moz-cite-prefix')]"
)
_SIGNATURES = (
    "//*[contains(@class, 'gmail_signature') or contains(@class, 'moz-signature')"
    " or @id='Signature' or @id='signature' or @id='ms-outlook-mobile-signature']"
)

MOST_INTRODUCING = 3
"""Lines that "On Monday ... wrote:" runs over before a quotation."""


def plain_blocks(text: str, *, forwarded: bool, flowed: bool) -> Iterator[Block]:
    """The text of a plain part as one block of lines; all of it where it is nothing but a quotation.

    `flowed`: lines that end with a space run on (RFC 3676).
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    written = _written(lines, forwarded=forwarded)
    if not any(any(map(str.isalnum, line)) for line in written):
        written = [re.sub(r"^[\s>|]+", "", line) for line in lines if not _FIELD.match(line.lstrip("> "))]
    joined = _unflowed(written) if flowed else written
    if any(line.strip() for line in joined):
        yield Block(BlockKind.LINES, "\n".join(joined).strip("\n"))


def html_blocks(source: str, *, forwarded: bool) -> Iterator[Block]:
    """The blocks of an HTML part; all of them where it is nothing but a quotation."""
    tree = parse_html(source)
    if tree is None:
        return
    whole = list(read_blocks(tree))
    for element in (*tree.xpath(_SIGNATURES), *(() if forwarded else tree.xpath(_QUOTES))):
        if element.getparent() is not None and not _forwards(element):
            element.drop_tree()
    yield from _up_to_headers(list(read_blocks(tree)), forwarded=forwarded) or whole


def _forwards(element: Any) -> bool:
    """Whether a quotation is a forwarded mail, which its first lines say."""
    first = element.text_content().strip()[:80].partition("\n")[0]
    return bool(
        re.match(r"^\W*(?:begin )?(?:forwarded|weitergeleitet|przekazan|pārsūtīt|persiųst)", first, re.IGNORECASE)
    )


def _up_to_headers(blocks: list[Block], *, forwarded: bool) -> list[Block]:
    """`blocks` up to the headers of an earlier mail, or, of a forwarded one, without these headers."""
    kept: list[Block] = []
    in_headers = False
    for block in blocks:
        rule = _RULE.match(block.text)
        forwarded = forwarded or bool(rule and rule["forward"])
        if in_headers and _FIELD.match(block.text):
            continue
        if _INTRODUCTION.match(block.text):
            continue
        in_headers = bool(rule) or bool(_FIELDS.match(block.text))
        if in_headers and not forwarded:
            break
        if not in_headers:
            kept.append(block)
    return kept


def _written(lines: list[str], *, forwarded: bool) -> list[str]:
    """`lines` without quotations, what introduces them, signature and headers of earlier mails."""
    kept: list[str] = []
    skipping = in_headers = False
    for line, after in pairwise([*lines, ""]):
        rule = _RULE.match(line) if any(map(str.isalnum, line)) else None
        forwarded = forwarded or bool(rule and rule["forward"])
        if in_headers and (not line.strip() or _FIELD.match(line) or "@" in line):
            continue
        in_headers = bool(rule) or (_opens_headers(line) and bool(_FIELD.match(after)))
        if in_headers and not forwarded:
            break
        if _SIGNATURE.match(line):
            skipping = True  # until the next quotation or forwarded mail
        elif in_headers or _QUOTED.match(line):
            skipping = False
            _drop_introduction(kept)
        elif not skipping:
            kept.append(line)
    return kept


def _opens_headers(line: str) -> bool:
    return bool(re.match(rf"^\W{{0,3}}{_FROM}\W{{0,2}}:", line, re.IGNORECASE))


def _drop_introduction(kept: list[str]) -> None:
    """Take "On Monday ... wrote:" off the end of `kept`."""
    end = len(kept)
    while end and not kept[end - 1].strip():
        end -= 1
    for start in range(end - 1, max(-1, end - 1 - MOST_INTRODUCING), -1):
        said = " ".join(" ".join(kept[start:end]).split())
        if _INTRODUCTION.match(said) or (start == end - 1 and said.endswith(":") and "@" in said):
            del kept[start:]
            return


def _unflowed(lines: list[str]) -> list[str]:
    """Lines of format=flowed joined to paragraphs."""
    joined: list[str] = []
    runs_on = False
    for line in lines:
        text = line.removeprefix(" ")
        if runs_on and text.strip():
            joined[-1] += text
        else:
            joined.append(text)
        runs_on = line.endswith(" ") and bool(text.strip())
    return joined
