"""E-mail (EML): what its writer wrote, under its subject; place = heading.

Addresses, signatures and the quotations of earlier mails are left out; a forwarded mail is read, for it
is what the writer passes on. Attachments are documents of their own (`attachments`).
"""

import mimetypes
import re
from collections.abc import Iterator
from email.message import Message
from email.utils import parsedate_to_datetime
from pathlib import Path

from ingest.extract.base import Block, BlockKind, Extraction, Refused
from ingest.extract.mail.mail_text import html_blocks, plain_blocks
from ingest.extract.mail.message import data_of, header, parsed, parts_of, text_of, words_of
from kb.types import PlaceKind

_FIELD = re.compile(rb"^[A-Za-z][A-Za-z0-9-]{0,40}:[ \t\r\n]")
_SIGNS = re.compile(
    rb"^(from|to|subject|date|received|mime-version|message-id|return-path|delivered-to|content-type|x-mailer):",
    re.IGNORECASE | re.MULTILINE,
)
_SAVED_PAGE = re.compile(rb"^(?:Snapshot-Content-Location:|From:\s*\"?<?Saved by)", re.IGNORECASE | re.MULTILINE)
_MAILBOX_LINE = re.compile(rb"^From \S.*\d{4}", re.MULTILINE)
_PREFIX = re.compile(
    r"^\s*(?P<forward>fwd?|wg|pd|tr|pārs|pārsūtīts|persiųsta|fs)?(?:re|aw|antw|odp|ats|atb)?(?:\[\d+\])?\s*:\s*",
    re.IGNORECASE,
)
_SEALS = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"})
_SEALED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/encrypted"})

FEWEST_SIGNS = 3
"""Headers by which a file without the name of a mail is known as one."""

SUBSTANTIAL = 0.5
"""The share of the HTML part's words that a plain part must have to be the same mail, and not a note such as
"Your program cannot show this mail"."""


class EmlExtractor:
    """Reads single mails."""

    format = "eml"
    suffixes = frozenset({".eml", ".mbox"})

    def recognises(self, head: bytes, path: Path) -> bool:
        """As `Extractor.recognises`. Mailboxes are recognised too, to be refused with advice."""
        head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
        if _MAILBOX_LINE.match(head):
            head = head.partition(b"\n")[2]
        if not _FIELD.match(head) or b"\0" in head or _SAVED_PAGE.search(head):
            return False
        if path.suffix.lower() in self.suffixes:
            return True
        fields = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]
        return len({name.lower() for name in _SIGNS.findall(fields)}) >= FEWEST_SIGNS

    def extract(self, path: Path) -> Extraction:
        """As `Extractor.extract`."""
        _check_single(path)
        message = parsed(path)
        blocks = list(_blocks(message, forwarded=_is_forward(message)))
        held = sum(1 for _ in _attached(message))
        subject = _subject(message)
        if not blocks and not held:
            raise Refused("has no text: an empty mail, or one of pictures only")
        if blocks and subject:
            blocks.insert(0, Block(BlockKind.HEADING, subject))
        return Extraction(self.format, PlaceKind.SECTION, tuple(blocks), subject, _date(message), holds=held)


def attachments(path: Path) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each attachment of the mail at `path`; a mail attached to it comes as NAME.eml.

    Pictures shown within the text and signatures are no attachments. Names are as the sender wrote them,
    and may hold anything.
    """
    for number, part in enumerate(_attached(parsed(path)), start=1):
        yield _name(part, number), _bytes(part)


# --- the message


def _check_single(path: Path) -> None:
    with path.open("rb") as file:
        first = file.read(4096).lstrip()
        if not _MAILBOX_LINE.match(first):
            return
        file.seek(0)
        messages = sum(1 for line in file if _MAILBOX_LINE.match(line))
    if messages > 1:
        raise Refused(f"is a mailbox of {messages} messages: export them one by one as EML")


def _subject(message: Message) -> str:
    """The subject without "Re:" and "Fwd:" in the languages of the project."""
    subject, before = header(message, "Subject"), None
    while subject != before:
        before, subject = subject, _PREFIX.sub("", subject)
    return subject


def _is_forward(message: Message) -> bool:
    found = _PREFIX.match(header(message, "Subject"))
    return bool(found and found["forward"])


def _date(message: Message) -> str:
    try:
        return parsedate_to_datetime(header(message, "Date")).date().isoformat()
    except (TypeError, ValueError, IndexError, OverflowError):
        return ""


# --- its text


def _blocks(part: Message, *, forwarded: bool) -> Iterator[Block]:
    kind = part.get_content_type()
    if kind in _SEALED:
        raise Refused("is encrypted or sealed (S/MIME or PGP): open it in your mail program and save its text")
    if _is_attachment(part):
        return
    if kind == "message/rfc822":
        for inner in parts_of(part):
            subject = _subject(inner)
            blocks = list(_blocks(inner, forwarded=_is_forward(inner)))
            yield from [Block(BlockKind.HEADING, subject)] if subject and blocks else []
            yield from blocks
    elif kind == "multipart/alternative":
        yield from _best([list(_blocks(inner, forwarded=forwarded)) for inner in parts_of(part)])
    elif part.is_multipart():
        for inner in parts_of(part):
            yield from _blocks(inner, forwarded=forwarded)
    elif kind == "text/plain":
        flowed = str(part.get_param("format") or "").lower() == "flowed"
        yield from plain_blocks(text_of(part), forwarded=forwarded, flowed=flowed)
    elif kind == "text/html":
        yield from html_blocks(text_of(part), forwarded=forwarded)


def _best(versions: list[list[Block]]) -> list[Block]:
    """The plainest version that says as much as the richest; senders put them in this order."""
    sizes = [sum(len(block.text.split()) for block in version) for version in versions]
    return next((v for v, size in zip(versions, sizes, strict=True) if size and size >= SUBSTANTIAL * max(sizes)), [])


# --- its attachments


def _is_attachment(part: Message) -> bool:
    kind, named = part.get_content_type(), bool(part.get_filename())
    if kind in _SEALS or (part.is_multipart() and kind != "message/rfc822"):
        return False
    if part.get_content_disposition() == "attachment":
        return not (kind.startswith("image/") and part.get("Content-ID"))
    shown = kind.startswith("image/") or bool(part.get("Content-ID"))
    return kind != "message/rfc822" and not shown and (named or not kind.startswith("text/"))


def _attached(message: Message) -> Iterator[Message]:
    """The attachments, those of a mail shown within the text too, but not those of an attached mail."""
    if _is_attachment(message):
        yield message
        return
    for part in parts_of(message):
        yield from _attached(part)


def _name(part: Message, number: int) -> str:
    name = words_of(part.get_filename() or "")
    if part.get_content_type() == "message/rfc822":
        stem = name or next((_subject(inner) for inner in parts_of(part)), "") or f"message {number}"
        return stem if stem.lower().endswith(".eml") else f"{stem}.eml"
    return name or f"attachment {number}{mimetypes.guess_extension(part.get_content_type()) or ''}"


def _bytes(part: Message) -> bytes:
    if part.get_content_type() == "message/rfc822":
        return b"".join(inner.as_bytes() for inner in parts_of(part))
    return data_of(part)
