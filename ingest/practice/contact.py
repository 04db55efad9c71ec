"""The contact: the address of a web page.

Mail addresses and telephone numbers are left out: they are a person's, and a knowledge base that many
read and that is copied about is no place to publish them.
"""

import re
from collections.abc import Iterator, Sequence

from ingest.practice import confidence
from ingest.practice.paragraphs import Paragraph
from ingest.practice.statements import Statement
from kb.types import PracticeFact

URL = re.compile(r"(?:https?://|www\.)[^\s<>\"'„”“»«]+", re.IGNORECASE)
_BARE = re.compile(
    r"(?<![\w@.-])(?:[a-z0-9-]+\.)+(?:eu|pl|de|lv|lt|org|com|net|info|city)\b(?:/[^\s<>\"'„”“»«]*)?(?!@)", re.I
)
MOST_CHARACTERS = 500


def addresses(text: str) -> Iterator[str]:
    """The web addresses in `text`, without the punctuation after them."""
    yield from (url.rstrip(".,;:!?)]") for url in URL.findall(text))


def contact_fact(found: Sequence[Paragraph], said: Sequence[Statement], own: str) -> list[PracticeFact]:
    """The address behind a label such as "More information", or the document's `own`, or the one with which
    it takes leave."""
    for field, sure in (("contact", None), ("own", confidence.LABEL), ("thanks", confidence.PREVAILING)):
        if field == "own" and own and is_web_address(own):
            return [PracticeFact("contact", own, "", None, sure or confidence.LABEL)]
        for statement in said:
            urls = list(dict.fromkeys(_in(statement))) if statement.field == field else []
            if urls and (field == "contact" or len(urls) == 1):
                return [statement.where.fact("contact", urls[0], statement.label, sure or statement.confidence)]
    return []


def _in(statement: Statement) -> Iterator[str]:
    for line in statement.lines:
        for url in [*addresses(line), *(match[0].rstrip(".,;:!?)]") for match in _BARE.finditer(line))]:
            if len(url) <= MOST_CHARACTERS and "@" not in url:
                yield url


def is_web_address(url: str) -> bool:
    """Whether it is the address of a web page, and not a mail address."""
    return (
        " " not in url
        and url.lower().startswith(("http://", "https://", "www."))
        and len(url) <= MOST_CHARACTERS
        and "@" not in url
    )
