"""HTML: of a web page the main content, of a document saved as HTML all of it; place = heading.

Nothing is rendered, run or fetched.
"""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from ingest.extract.base import Extraction, Refused
from ingest.extract.web.charset import decode_page
from ingest.extract.web.gaps import with_gaps_filled
from ingest.extract.web.main_content import MainContent, main_content
from ingest.extract.web.markup import FURNITURE, is_hidden, parse_html, read_blocks, tag_of
from kb.types import PlaceKind

_SIGNS = re.compile(
    rb"(?:<\?xml[^>]*\?>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|article|main|div|p|h1)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
_INLINE_DATA = re.compile(r"data:[\w/+.;=-]{0,100};base64,[A-Za-z0-9+/=%\s]{200,}")
_SAVED_BY_OFFICE = re.compile(
    r"Microsoft (?:Word|Office)|LibreOffice|OpenOffice|Google Docs|Word\.Document", re.IGNORECASE
)
_SURROUNDINGS = ("nav", "aside", "footer", "header", "form", "button", "iframe", "article", "main")
_FURNISHES = re.compile(
    r"nav|menu|side|foot|head(?!ing|line)|comment|cookie|consent|banner|share|social|relat|crumb|widget|teaser|search|login"
    r"|modal|popup|promo|advert|sponsor|tags?\b|meta|pager|pagin|copyright",
    re.IGNORECASE,
)
_FOLDED = re.compile(r"accordion|collaps|faq|tab-?(?:panel|pane|content)|toggle-?content|\bregion\b", re.IGNORECASE)
_FRAMES = re.compile(r"<frameset[\s>]", re.IGNORECASE)
_SCRIPT = re.compile(r"<script[\s>]", re.IGNORECASE)

_COMMENTS = "//*[contains(@class, 'comment') or contains(@id, 'comment') or contains(@id, 'respond')]"

LEAST_KEPT = 0.3
"""The share of a page's text that must stay without what is named a comment; of a forum nothing would."""

MOST_ELEMENTS = 60_000
"""Elements of a page that trafilatura looks at; it takes 10 s and more for larger ones."""

MOST_HIDDEN = 0.5
"""A share of a page's text above which what is hidden is the page itself, waiting behind a banner."""

MOST_EXCUSE_WORDS = 50
"""Words up to which what a page says without scripts is an excuse ("You need to enable JavaScript")."""

MOST_LINKED = 0.1
"""The share of text in links up to which a page without navigation is a document."""


class HtmlExtractor:
    """Reads saved web pages, and documents that a word processor saved as web pages."""

    format = "html"
    suffixes = frozenset({".html", ".htm", ".xhtml"})

    def recognises(self, head: bytes, path: Path) -> bool:
        """As `Extractor.recognises`. Markdown may hold tags, so its name decides."""
        if head.startswith((b"\xff\xfe", b"\xfe\xff")):
            head = head.decode("utf-16", errors="ignore").encode()
        if b"\0" in head or path.suffix.lower() in {".md", ".markdown"}:
            return False
        return path.suffix.lower() in self.suffixes or bool(_SIGNS.match(head.removeprefix(b"\xef\xbb\xbf").lstrip()))

    def extract(self, path: Path) -> Extraction:
        """As `Extractor.extract`."""
        return read_page(decode_page(path.read_bytes()))


def read_page(source: str) -> Extraction:
    """The extraction of an HTML source. Raises Refused where it has no text to read."""
    source = _INLINE_DATA.sub("data:,", source)
    tree = _tree(source)
    if tree is None:
        raise Refused("has no main text: the page is empty")
    lines = tree.find_class("line-content")
    if lines:  # what a browser showed as the page's source
        return read_page("\n".join(line.text_content() for line in lines))
    _prune(tree)
    found, remarks = _main(tree)
    whole = tuple(read_blocks(tree, without=FURNITURE))
    if not found.blocks and not whole:  # nested more deeply than the ordinary parser follows
        whole = tuple(read_blocks(parse_html(source), without=FURNITURE))
    if not found.blocks or (whole and _is_document(tree)):
        found = replace(found, blocks=whole)
    else:
        found = replace(
            found, blocks=with_gaps_filled(found.blocks, tree, lambda: main_content(tree, recall=True).blocks)
        )
    if not found.blocks or (not whole and _all_shown(found, tree)):
        raise Refused(_why_empty(source))
    return Extraction("html", PlaceKind.SECTION, found.blocks, found.title, found.date, found.url, remarks=remarks)


def _tree(source: str) -> Any:
    """The tree of an HTML source, made as trafilatura does; None where there is nothing in it."""
    import trafilatura

    tree = trafilatura.load_html(source) if source.strip() else None
    return tree if tree is not None else parse_html(source)


def _main(tree: Any) -> tuple[MainContent, tuple[str, ...]]:
    """trafilatura's main content of the page, and what to tell its owner where that failed."""
    if sum(1 for _ in tree.iter()) > MOST_ELEMENTS:
        return MainContent(()), (
            f"has more than {MOST_ELEMENTS:,} elements: its main text was not told from its menus",
        )
    try:
        found = main_content(tree)
        if not found.blocks:
            return main_content(tree, recall=True), ()
        if tree.xpath(_COMMENTS):  # of a short page, what stands around the comments passes for the text
            without = main_content(tree, comments=False)
            found = without if LEAST_KEPT * found.size <= without.size <= found.size else found
        return found, ()
    except Exception as error:  # whatever a malformed page makes it raise: the page is read whole then
        return MainContent(()), (f"its main text could not be told from its menus ({type(error).__name__})",)


def _prune(tree: Any) -> None:
    """Take out of the page what its reader did not see, and the banner of a web cache; what a click shows is kept."""
    hidden = [element for element in tree.iter() if is_hidden(element)]
    folded = [element for element in hidden if _FOLDED.search(" ".join(map(element.get, ("class", "role"), ("", ""))))]
    for element in folded:
        element.attrib.pop("hidden", None)
        element.attrib.pop("style", None)
    hidden = [element for element in hidden if element not in folded]
    if _size(*hidden) > MOST_HIDDEN * _size(tree):
        hidden = []
    excuses = [element for element in tree.iter("noscript") if len(element.text_content().split()) <= MOST_EXCUSE_WORDS]
    for element in (*hidden, *excuses, *tree.xpath("//*[contains(@id, 'google-cache-hdr')]")):
        if element.getparent() is not None and tag_of(element) not in {"html", "body"}:
            element.drop_tree()


def _size(*elements: Any) -> int:
    """Characters of text, without programs and styles."""
    texts = ".//text()[not(parent::script or parent::style)]"
    return sum(len(text.strip()) for element in elements for text in element.xpath(texts))


def _is_document(tree: Any) -> bool:
    """Whether the page is text from end to end: a document saved as HTML, or a page without navigation."""
    if any(_SAVED_BY_OFFICE.search(meta.get("content", "")) for meta in tree.iter("meta") if _names_its_maker(meta)):
        return True
    if any(True for _ in tree.iter(*_SURROUNDINGS)):
        return False
    if any(_FURNISHES.search(f"{found.get('class', '')} {found.get('id', '')}") for found in tree.iter("*")):
        return False
    return _size(*tree.iter("a")) <= MOST_LINKED * _size(tree)


def _all_shown(found: MainContent, tree: Any) -> bool:
    """Whether the page shows what was found, and not only its data for search engines hold it."""
    shown = {word for block in read_blocks(tree) for word in block.text.split()}
    return all(shown.issuperset(block.text.split()) for block in found.blocks)


def _names_its_maker(meta: Any) -> bool:
    return meta.get("name", "").lower() in {"generator", "progid", "originator"}


def _why_empty(source: str) -> str:
    if _FRAMES.search(source):
        return "is a page of frames without text of its own: open it in a browser and save the frame with the text"
    if _SCRIPT.search(source):
        return (
            "has no main text: it is built by scripts; open it in a browser and save it from there, or print it as PDF"
        )
    if len(re.sub(r"<(script|style)\b.*?</\1|<[^>]*>", " ", source, flags=re.DOTALL).split()) > MOST_EXCUSE_WORDS:
        return "is nested too deeply or damaged: open it in a browser and print it as PDF"
    return "has no main text (only navigation)"
