"""HTML of the briefing page."""

from html import escape

from kb.briefing.types import Quote
from ui import html
from ui.texts import Texts

STYLE = """
<style>
.kb-number { font-weight: 700; opacity: .8; }
.kb-left-out { opacity: .7; }
.st-key-briefing-undo {
  position: fixed; bottom: 1rem; left: 50%; transform: translateX(-50%); z-index: 5; width: max-content;
  max-width: 94vw; background: Canvas; color: CanvasText; border: 1px solid currentColor; border-radius: .5rem;
  padding: .4rem .8rem;
}
@media print {
  header, [data-testid="stHeader"], [data-testid="stExpander"], .stButton, .stDownloadButton, .st-key-interface,
  .st-key-briefing-take, .st-key-briefing-undo, [data-testid="stPageLink"], .st-key-briefing-grouping { display: none; }
  [class*="st-key-quote-"] { break-inside: avoid; }
}
</style>
"""


def section(heading: str, counts: str) -> str:
    """The heading above quotes that belong together."""
    return f'<h2 class="kb-group">{escape(heading)} <span class="kb-facts">{escape(counts)}</span></h2>'


def quote(said: Quote, texts: Texts) -> str:
    """A quote as it will stand in the files."""
    number = f'<span class="kb-number">[{said.number}]</span> {escape(said.title)}'
    text = f'<div class="kb-text" lang="{escape(said.language)}">{escape(said.text)}</div>'
    facts = html.facts(*said.facts[:-1], *said.remarks, badge=texts.language(said.language), language=said.language)
    return f'<div class="kb-title">{number}</div>{facts}{text}'
