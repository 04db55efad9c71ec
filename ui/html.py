"""HTML of our own making around text that is never ours.

Everything that comes from a document goes through `escape`, here and nowhere else, so that no
document is ever rendered as HTML or Markdown.
"""

import re
from collections.abc import Sequence
from html import escape

from kb.types import Match, Passage, Span

_MARKDOWN = re.compile(r"[\\\\`*_{}\[\]()#+\-.!|~<>$:&]")

STYLE = """
<style>
.st-key-top { margin-top: -3.5rem; }
@media (max-width: 640px) { .st-key-top { margin-top: -1.5rem; } }
.stMainBlockContainer h1 { font-size: clamp(1.7rem, 5vw, 2.4rem); }
.stMainBlockContainer h2 { font-size: 1.4rem; }
.kb-text { white-space: pre-line; overflow-wrap: anywhere; line-height: 1.55; }
.kb-text mark { background: rgba(255, 196, 0, .32); color: inherit; padding: .05em .1em; border-radius: .2em; }
.kb-word { font-weight: 600; text-decoration: underline .08em; text-underline-offset: .2em; }
.kb-why { margin: .5rem 0; font-size: .9rem; opacity: .85; }
.kb-why summary { cursor: pointer; overflow-wrap: anywhere; }
.kb-why ul { margin: .3rem 0 0 1.2rem; padding: 0; }
.kb-group { font-size: 1.15rem; margin: 1rem 0 0; overflow-wrap: anywhere; }
.kb-group .kb-facts { font-weight: 400; }
.kb-title { font-weight: 600; font-size: 1.05rem; overflow-wrap: anywhere; }
.kb-facts { opacity: .85; font-size: .9rem; margin: .15rem 0 .5rem; overflow-wrap: anywhere; }
.kb-badge { border: 2px solid var(--kb-hue, currentColor); border-radius: .6em; padding: 0 .45em; font-size: .8rem; }
.kb-en { --kb-hue: #4477aa; } .kb-pl { --kb-hue: #cc3366; } .kb-de { --kb-hue: #b8860b; }
.kb-lv { --kb-hue: #aa3377; } .kb-lt { --kb-hue: #228833; }
.kb-quote { border-left: .25rem solid rgba(31, 111, 120, .7); padding-left: .8rem; margin: .7rem 0; }
.kb-quote q { quotes: none; overflow-wrap: anywhere; }
.kb-quote a, .kb-links a { color: inherit; }
.kb-passage { padding: .4rem .6rem; margin: .3rem 0; border-radius: .4rem; scroll-margin-top: 5rem; }
.kb-passage.kb-here { background: rgba(255, 196, 0, .16); outline: 2px solid rgba(255, 196, 0, .6); }
.kb-place { font-weight: 600; margin: 1rem 0 .2rem; opacity: .85; }
.kb-button { display: inline-block; border: 1px solid rgba(128, 128, 128, .5); border-radius: .5rem; }
a.kb-button { padding: .5rem .75rem; font-size: .875rem; color: inherit; text-decoration: none; line-height: 1.5; }
a.kb-button:hover, a.kb-button:focus-visible { border-color: currentColor; text-decoration: underline; }
[data-testid="InputInstructions"] { display: none; }
[data-testid="stCaptionContainer"] { color: inherit !important; opacity: .8; }
[data-testid="stPageLink-NavLink"] { background: transparent !important; height: auto !important; }
[data-testid="stPageLink-NavLink"] :is(span, p) { white-space: normal !important; font-weight: 400; }
[data-testid="stPageLink-NavLink"]:is(:hover, :focus-visible) { background: rgba(128, 128, 128, .15) !important; }
.st-key-answer { min-height: 14rem; }
.st-key-city-map { min-height: min(28rem, 80vw); }
.st-key-browser-memory, .st-key-preload { position: absolute; height: 0; overflow: hidden; }
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


def why(summary: str, passage: str, met: Sequence[tuple[str, str]], lines: Sequence[str], language: str) -> str:
    """Why a passage was found, to unfold: the words of the query with those of the passage that they met, then lines;
    `passage` is what to call it where no words met."""
    pairs = "; ".join(f'{escape(query)} → <b lang="{escape(language)}">{escape(words)}</b>' for query, words in met)
    head = f"{escape(summary)} {pairs}" if pairs else escape(passage)
    listed = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f'<details class="kb-why"><summary>{head}</summary><ul>{listed}</ul></details>'


def group(heading: str, counts: str) -> str:
    """The heading above cards that belong together."""
    return f'<h3 class="kb-group">{escape(heading)} <span class="kb-facts">{escape(counts)}</span></h3>'


def links(label: str, found: Sequence[tuple[str, str, str]]) -> str:
    """A label and links, each a text, an address of ours and what stands behind it; nothing where there are none."""
    if not found:
        return ""
    made = (
        f'<a href="{escape(address)}" target="_self">{escape(text)}</a>{escape(f" ({after})" if after else "")}'
        for text, address, after in found
    )
    return f'<div class="kb-facts kb-links">{escape(label)} {", ".join(made)}</div>'


def quote(text: str, language: str, rank: int | None, source: str, badge: str = "") -> str:
    """A quoted sentence, with a numbered link to the hit it comes from where it comes from one."""
    number = f'<a href="#hit-{rank}">[{rank}]</a> ' if rank else ""
    return (
        f'<div class="kb-quote"><q lang="{escape(language)}">{escape(text)}</q>'
        f'<div class="kb-facts">{number}{_badge(badge, language)}{escape(source)}</div></div>'
    )


def download(label: str, address: str) -> str:
    """A link, drawn as a button, that saves what lies at an address of ours."""
    arrow = '<span aria-hidden="true">⤓</span>'
    return f'<a class="kb-button" href="{escape(address)}" download>{arrow} {escape(label)}</a>'


def folded(summary: str, body: str) -> str:
    """`body`, HTML of ours, to unfold under a summary."""
    return f'<details class="kb-why"><summary>{escape(summary)}</summary>{body}</details>'


def told(text: str, language: str) -> str:
    """A text of a document, in its language."""
    return f'<div class="kb-text" lang="{escape(language)}">{escape(text)}</div>'


def place(text: str) -> str:
    """The page, slide or heading above passages of a document."""
    return f'<div class="kb-place">{escape(text)}</div>'


def passage(found: Passage, *, chosen: bool) -> str:
    """A passage in its document; the chosen one is outlined."""
    body = f'<div class="kb-text" lang="{escape(found.language)}">{escape(found.text)}</div>'
    return f'<div class="kb-passage{" kb-here" if chosen else ""}">{body}</div>'


def facts(*parts: str | None, badge: str = "", language: str = "") -> str:
    """A line of facts, the empty ones left out, with a badge in front, coloured by `language`."""
    return f'<div class="kb-facts">{_badge(badge, language)}{escape(" · ".join(part for part in parts if part))}</div>'


def _badge(text: str, language: str = "") -> str:
    return f'<span class="kb-badge kb-{escape(language) or "none"}">{escape(text)}</span> ' if text else ""


def title(text: str, anchor: str = "") -> str:
    """A document's title."""
    identifier = f' id="{escape(anchor)}"' if anchor else ""
    return f'<div class="kb-title"{identifier}>{escape(text)}</div>'
