"""Web pages that look as a blog system makes them: an article amid menus and notices."""

from __future__ import annotations

from html import escape

from builder.page_texts import PAGE_TEXTS, PageTexts
from builder.source import Block, Heading, ListBlock, Paragraph, Source, Table, split_notes

STYLE = (
    "body{font:16px/1.6 sans-serif;margin:0 auto;max-width:1100px;padding:0 1rem}"
    "nav li,.share li,.sponsors li{display:inline;margin-right:1rem}"
    ".columns{display:flex;gap:2rem}main{flex:3}aside{flex:1}"
    "table{border-collapse:collapse}td,th{border:1px solid #999;padding:.3rem .6rem}"
)


def write_html(source: Source) -> bytes:
    """The document as an HTML page."""
    texts = PAGE_TEXTS[source.language]
    lines = [
        "<!DOCTYPE html>",
        f'<html lang="{source.language}">',
        *_head(source, texts),
        '<body class="post-template-default single single-post">',
        *_top(texts),
        '<div class="columns" id="content">',
        "<main>",
        *_article(source, texts),
        *_after_article(texts),
        "</main>",
        *_sidebar(texts),
        "</div>",
        *_bottom(texts),
        "</body>",
        "</html>",
    ]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _head(source: Source, texts: PageTexts) -> list[str]:
    """Title, dates and other things about the page."""
    return [
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="generator" content="WordPress">',
        f"<title>{escape(source.title)} | {escape(texts.site)}</title>",
        f'<meta property="og:title" content="{escape(source.title)}">',
        '<meta property="og:type" content="article">',
        f'<meta property="article:published_time" content="{source.moment.isoformat()}+00:00">',
        f"<style>{STYLE}</style>",
        "</head>",
    ]


def _top(texts: PageTexts) -> list[str]:
    """Cookie banner, site name and menu."""
    return [
        '<div class="cookie-notice" role="dialog">',
        f"<p>{escape(texts.cookies)}</p><button>{escape(texts.accept)}</button>",
        "</div>",
        '<header class="site-header">',
        f'<p class="site-title"><a href="/">{escape(texts.site)}</a></p>',
        f'<nav class="main-navigation">{_links(texts.menu)}</nav>',
        "</header>",
    ]


def _article(source: Source, texts: PageTexts) -> list[str]:
    """The article with its own heading and date."""
    day = source.date.strftime("%d.%m.%Y")
    return [
        '<article class="post type-post hentry">',
        '<header class="entry-header">',
        f'<h1 class="entry-title">{escape(source.title)}</h1>',
        f'<p class="entry-meta">{escape(texts.published)} <time datetime="{source.date.isoformat()}">{day}</time></p>',
        "</header>",
        '<div class="entry-content">',
        *(_html(block, source) for block in source.blocks),
        *_notes(source),
        "</div>",
        "</article>",
    ]


def _after_article(texts: PageTexts) -> list[str]:
    """Share buttons and the notice about comments."""
    networks = ("Facebook", "LinkedIn", "E-mail")
    return [
        f'<div class="share sharedaddy"><h3>{escape(texts.share)}</h3>{_links(networks)}</div>',
        f'<div id="comments" class="comments-area"><p class="nocomments">{escape(texts.closed)}</p></div>',
    ]


def _sidebar(texts: PageTexts) -> list[str]:
    """The list of recent posts."""
    return [
        '<aside class="sidebar widget-area">',
        f"<h2>{escape(texts.recent)}</h2>",
        _links(texts.posts),
        "</aside>",
    ]


def _bottom(texts: PageTexts) -> list[str]:
    """Sponsor links and the line of the blog system."""
    partners = _links(("Partner 1", "Partner 2"))
    return [
        '<footer class="site-footer">',
        f'<div class="sponsors"><h3>{escape(texts.sponsors)}</h3>{partners}</div>',
        f'<p class="site-info">{escape(texts.powered)}</p>',
        "</footer>",
    ]


def _links(names: tuple[str, ...]) -> str:
    """A list of links that lead nowhere."""
    items = (f'<li><a href="#">{escape(name)}</a></li>' for name in names)
    return f"<ul>{''.join(items)}</ul>"


def _html(block: Block, source: Source) -> str:
    """One block of the article; its headings begin below the title."""
    if isinstance(block, Heading):
        level = max(2, block.level)
        return f"<h{level}>{escape(block.text)}</h{level}>"
    if isinstance(block, Paragraph):
        return f"<p>{_inline(block.text, source)}</p>"
    if isinstance(block, ListBlock):
        tag = "ol" if block.ordered else "ul"
        items = "\n".join(f"<li>{_inline(item, source)}</li>" for item in block.items)
        return f"<{tag}>\n{items}\n</{tag}>"
    return _html_table(block, source)


def _inline(text: str, source: Source) -> str:
    """Text with links to its footnotes."""
    numbers = list(source.footnotes)
    return "".join(
        escape(run) + (f'<sup><a href="#fn-{mark}">{numbers.index(mark) + 1}</a></sup>' if mark else "")
        for run, mark in split_notes(text)
    )


def _notes(source: Source) -> list[str]:
    """The footnotes as a list at the end of the article."""
    if not source.footnotes:
        return []
    items = (f'<li id="fn-{mark}">{escape(text)}</li>' for mark, text in source.footnotes.items())
    return ['<ol class="footnotes">', *items, "</ol>"]


def _html_table(table: Table, source: Source) -> str:
    """A table with a header row."""
    head, *rows = (
        "<tr>" + "".join(f"<{tag}>{_inline(cell, source)}</{tag}>" for cell in row) + "</tr>"
        for tag, row in zip(["th", *["td"] * (len(table.rows) - 1)], table.rows, strict=True)
    )
    body = "\n".join(rows)
    return f"<table>\n<thead>{head}</thead>\n<tbody>\n{body}\n</tbody>\n</table>"
