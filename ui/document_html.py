"""What only the document page draws as HTML: the practice record, the text with its links, the picture of a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from kb.page_images import PageSize
from kb.types import Passage

STYLE = """
<style>
.stHtml h1.kb-heading { font-size: 1.6rem; line-height: 1.25; padding: 0; margin: 0 0 .3rem; overflow-wrap: anywhere; }
.stHtml dl.kb-record { display: grid; grid-template-columns: minmax(7rem, 11rem) 1fr; gap: .35rem 1rem; }
.stHtml dl.kb-record, .kb-record dt, .kb-record dd { margin: 0; padding: 0; }
.kb-record dt { font-weight: 600; }
.kb-record dd { overflow-wrap: anywhere; }
.kb-record dd + dd { grid-column: 2; }
.kb-record .kb-facts { margin: 0; }
.kb-record q { quotes: auto; }
.kb-record a, .kb-anchor { color: inherit; }
.kb-line { display: flex; gap: .3rem; }
.kb-line .kb-passage { flex: 1; min-width: 0; }
.kb-anchor { align-self: flex-start; padding: .6rem .3rem; text-decoration: none; opacity: .75; }
.kb-anchor:hover, .kb-anchor:focus { opacity: 1; text-decoration: underline; }
.stHtml h2.kb-aside { font-size: 1.1rem; padding: .5rem 0 0; margin: 0; }
.kb-page { margin: 0; }
.kb-page figcaption { text-align: center; font-size: .9rem; padding-top: .3rem; }
.kb-page img { display: block; width: 100%; height: auto; border: 1px solid rgba(128, 128, 128, .5); background: #fff; }
@media (max-width: 640px) {
.stHtml dl.kb-record { grid-template-columns: 1fr; }
.kb-record dd + dd { grid-column: 1; }
}
@media (min-width: 641px) {
.stColumn:has(.kb-page) > .stVerticalBlock {
position: sticky; top: 4.5rem; height: auto; max-height: calc(100vh - 5rem); overflow-y: auto;
}
}
</style>
"""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a value of the practice record comes from: the document's own `words`, "" where they are the value itself
    or none; `place` with its `address`, both "" where the document does not say it; `sure` in words."""

    value: str
    words: str
    language: str
    place: str
    address: str
    sure: str


def heading(text: str) -> str:
    """The document's title, which is the page's heading."""
    return f'<h1 class="kb-heading">{escape(text)}</h1>'


def aside(text: str) -> str:
    """A heading beside the text."""
    return f'<h2 class="kb-aside">{escape(text)}</h2>'


def record(fields: Sequence[tuple[str, Sequence[Evidence]]]) -> str:
    """The practice record: fields by name, each with its values and their evidence."""
    rows = (f"<dt>{escape(name)}</dt>{''.join(map(_value, values))}" for name, values in fields)
    return f'<dl class="kb-record">{"".join(rows)}</dl>'


def _value(found: Evidence) -> str:
    language = f' lang="{escape(found.language)}"' if found.language else ""
    words = f"<q{language}>{escape(found.words)}</q> · " if found.words else ""
    place = f'<a href="{escape(found.address)}" target="_self">{escape(found.place)}</a> · ' if found.place else ""
    return f'<dd>{escape(found.value)}<div class="kb-facts">{words}{place}{escape(found.sure)}</div></dd>'


def passage(found: Passage, address: str, label: str) -> str:
    """A passage and, behind it, a link to it at `address`, read out as `label`."""
    body = f'<div class="kb-text" lang="{escape(found.language)}">{escape(found.text)}</div>'
    link = (
        f'<a class="kb-anchor" href="{escape(address)}" target="_self" title="{escape(label)}" '
        f'aria-label="{escape(label)}">#</a>'
    )
    return f'<div class="kb-line"><div class="kb-passage">{body}</div>{link}</div>'


def picture(address: str, size: PageSize, label: str, caption: str) -> str:
    """A page as a picture, which opens larger; its room is kept free while it loads."""
    shape = f'width="{size.width:.0f}" height="{size.height:.0f}" style="aspect-ratio: {size.width} / {size.height}"'
    image = f'<img src="{escape(address)}" alt="{escape(label)}" {shape}>'
    link = f'<a href="{escape(address)}" target="_blank">{image}</a>'
    return f'<figure class="kb-page">{link}<figcaption>{escape(caption)}</figcaption></figure>'
