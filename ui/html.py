"""HTML of our own making around text that is never ours.

Everything that comes from a document goes through `escape`, here and nowhere else, so that no
document is ever rendered as HTML or Markdown.
"""

import re
from collections.abc import Mapping, Sequence
from html import escape

from kb.types import Match, Passage, Span

_MARKDOWN = re.compile(r"[\\\\`*_{}\[\]()#+\-.!|~<>$:&]")

STYLE = """
<style>
.stMainBlockContainer { padding-top: 2rem; }
.kb-text { white-space: pre-line; overflow-wrap: anywhere; line-height: 1.55; }
.kb-text mark { background: rgba(255, 196, 0, .32); color: inherit; padding: .05em .1em; border-radius: .2em; }
.kb-word { font-weight: 600; text-decoration: underline .08em; text-underline-offset: .2em; }
.kb-why { margin-top: .5rem; }
.kb-title { font-weight: 600; font-size: 1.05rem; overflow-wrap: anywhere; }
.kb-facts { opacity: .85; font-size: .9rem; margin: .15rem 0 .5rem; overflow-wrap: anywhere; }
.kb-badge { border: 1px solid currentColor; border-radius: .6em; padding: 0 .45em; font-size: .8rem; }
.kb-quote { border-left: .25rem solid rgba(31, 111, 120, .7); padding-left: .8rem; margin: .7rem 0; }
.kb-quote q { quotes: none; overflow-wrap: anywhere; }
.kb-quote a, .kb-links a { color: inherit; }
.kb-passage { padding: .4rem .6rem; margin: .3rem 0; border-radius: .4rem; scroll-margin-top: 5rem; }
.kb-passage.kb-here { background: rgba(255, 196, 0, .16); outline: 2px solid rgba(255, 196, 0, .6); }
.kb-place { font-weight: 600; margin: 1rem 0 .2rem; opacity: .85; }
.st-key-browser-memory { position: absolute; height: 0; overflow: hidden; }
</style>
"""


def marked(passage: Passage, sentence: Span, matches: Sequence[Match] = ()) -> str:
    """The passage with one sentence highlighted, and the words that met the query underlined."""
    start, end = sentence.start - passage.span.start, sentence.end - passage.span.start
    before, within, after = (
        _with_words(passage.text, Span(*part), matches) for part in ((0, start), (start, end), (end, len(passage.text)))
    )
    text = f"{before}<mark>{within}</mark>{after}"
    return f'<div class="kb-text" lang="{escape(passage.language)}">{text}</div>'


def plain_label(text: str) -> str:
    """`text` for the label of a widget, where Streamlit would otherwise read Markdown."""
    return _MARKDOWN.sub(r"\\\g<0>", " ".join(text.split()))


def _with_words(text: str, part: Span, matches: Sequence[Match]) -> str:
    """The `part` of `text` with the words that met the query underlined."""
    done, at = "", part.start
    for match in matches:
        if at <= match.span.start and match.span.end <= part.end:
            word = escape(text[match.span.start : match.span.end])
            done += f'{escape(text[at : match.span.start])}<b class="kb-word">{word}</b>'
            at = match.span.end
    return done + escape(text[at : part.end])


def why(label: str, met: Mapping[str, Sequence[str]], language: str) -> str:
    """Which words of the query met which words of the passage; nothing where none did."""
    if not met:
        return ""
    pairs = "; ".join(
        f'{escape(query)} → <b lang="{escape(language)}">{escape(", ".join(found))}</b>' for query, found in met.items()
    )
    return f'<div class="kb-facts kb-why">{escape(label)} {pairs}</div>'


def links(label: str, found: Sequence[tuple[str, str, str]]) -> str:
    """A label and links, each a text, an address of ours and what stands behind it; nothing where there are none."""
    if not found:
        return ""
    made = (
        f'<a href="{escape(address)}" target="_self">{escape(text)}</a>{escape(f" ({after})" if after else "")}'
        for text, address, after in found
    )
    return f'<div class="kb-facts kb-links">{escape(label)} {", ".join(made)}</div>'


def quote(text: str, language: str, rank: int, source: str) -> str:
    """A quoted sentence with a link to the hit it comes from."""
    return (
        f'<div class="kb-quote"><q lang="{escape(language)}">{escape(text)}</q>'
        f'<div class="kb-facts"><a href="#hit-{rank}">[{rank}]</a> {escape(source)}</div></div>'
    )


def place(text: str) -> str:
    """The page, slide or heading above passages of a document."""
    return f'<div class="kb-place">{escape(text)}</div>'


def passage(found: Passage, *, chosen: bool) -> str:
    """A passage in its document; the chosen one is outlined."""
    body = f'<div class="kb-text" lang="{escape(found.language)}">{escape(found.text)}</div>'
    return f'<div class="kb-passage{" kb-here" if chosen else ""}">{body}</div>'


def facts(*parts: str | None, badge: str = "") -> str:
    """A line of facts, the empty ones left out, with a badge in front."""
    label = f'<span class="kb-badge">{escape(badge)}</span> ' if badge else ""
    return f'<div class="kb-facts">{label}{escape(" · ".join(part for part in parts if part))}</div>'


def title(text: str, anchor: str = "") -> str:
    """A document's title."""
    identifier = f' id="{escape(anchor)}"' if anchor else ""
    return f'<div class="kb-title"{identifier}>{escape(text)}</div>'
