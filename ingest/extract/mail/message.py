"""What mails and saved web archives share: MIME parts, their names and their characters."""

from collections.abc import Iterator
from email import message_from_binary_file, policy
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from pathlib import Path

from ingest.extract.base import Refused
from ingest.extract.web.charset import decode_page


def parsed(path: Path) -> Message:
    """The message in the file. Raises Refused where its parts are nested beyond measure."""
    try:
        with path.open("rb") as file:
            # The newer policy's header parser raises on headers that real mail programs write.
            return message_from_binary_file(file, policy=policy.compat32)
    except RecursionError:
        raise Refused("nests its parts too deeply to be a real message") from None


def header(message: Message, name: str) -> str:
    """A header as text on one line, its encoded words decoded; "" where it is missing."""
    return words_of(str(message.get(name) or ""))


def words_of(raw: str) -> str:
    """Header text with its encoded words decoded."""
    try:
        runs = decode_header(raw)
    except (HeaderParseError, ValueError):
        return " ".join(raw.split())
    parts = [run if isinstance(run, str) else _run(run, charset) for run, charset in runs]
    return " ".join("".join(parts).split())


def _run(run: bytes, charset: str | None) -> str:
    if charset and charset.lower() not in {"unknown-8bit", "us-ascii"}:
        try:
            return run.decode(charset)
        except (LookupError, ValueError):
            pass  # a wrong name: the words decide
    return decode_page(run) if run.strip() else run.decode("ascii", errors="replace")


def text_of(part: Message) -> str:
    """The decoded text of a text part. Raises Refused where it is not text."""
    return decode_page(data_of(part), part.get_content_charset() or "")


def data_of(part: Message) -> bytes:
    """The decoded bytes of a part that is no container."""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def parts_of(message: Message) -> Iterator[Message]:
    """The direct parts of a container."""
    payload = message.get_payload()
    if isinstance(payload, list):
        yield from (part for part in payload if isinstance(part, Message))
