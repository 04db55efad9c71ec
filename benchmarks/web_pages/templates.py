"""City web pages of sixteen kinds, made around an article whose text is known."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from benchmarks.web_pages.furniture import FURNITURE, Furniture
from ingest.extract.base import Block, BlockKind


@dataclass(frozen=True, slots=True)
class Article:
    """An article: `blocks` are its headings, paragraphs, list items and table rows."""

    name: str
    language: str
    title: str
    blocks: tuple[Block, ...]

    @property
    def text(self) -> str:
        """All that its reader should find, and nothing else."""
        return "\n".join([self.title, *(block.text for block in self.blocks)])

    @property
    def around(self) -> Furniture:
        """The site it stands on."""
        return FURNITURE[self.language]


Template = Callable[[Article], str]


# --- pieces


def body(blocks: Sequence[Block], paragraph: str = "p") -> str:
    """The blocks as ordinary HTML."""
    parts = []
    for kind, group in groupby(blocks, lambda block: block.kind):
        texts = [escape(block.text) for block in group]
        if kind is BlockKind.ITEM:
            parts.append("<ul>" + "".join(f"<li>{text}</li>" for text in texts) + "</ul>")
        elif kind is BlockKind.ROW:
            rows = ("".join(f"<td>{cell}</td>" for cell in text.split(" | ")) for text in texts)
            parts.append("<table><tbody>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</tbody></table>")
        else:
            tag = "h2" if kind is BlockKind.HEADING else paragraph
            parts += [f"<{tag}>{text}</{tag}>" for text in texts]
    return "\n".join(parts)


def links(texts: Sequence[str]) -> str:
    """A list of links."""
    return "<ul>" + "".join(f'<li><a href="/{at}">{escape(text)}</a></li>' for at, text in enumerate(texts)) + "</ul>"


def page(article: Article, inside: str, head: str = "", attributes: str = "") -> str:
    """A whole page."""
    return (
        f'<!DOCTYPE html><html lang="{article.language}"><head><meta charset="utf-8">'
        f"<title>{escape(article.title)} | {escape(article.around.site)}</title>{head}"
        f"<style>body {{ margin: 0 }}</style><script>window.dataLayer = [];</script></head>"
        f"<body{attributes}>{inside}</body></html>"
    )


def _h1(article: Article) -> str:
    return f"<h1>{escape(article.title)}</h1>"


# --- sites


def wordpress(article: Article) -> str:
    """A blog with comments, a sidebar and related posts."""
    around = article.around
    comments = "".join(
        f'<li class="comment"><article class="comment-body"><p>{escape(text)}</p></article></li>'
        for text in around.comments
    )
    teasers = "".join(f"<div class='related-post'><h4>{escape(text)}</h4></div>" for text in around.teasers)
    return page(
        article,
        f'<header class="site-header"><nav class="main-navigation">{links(around.menu)}</nav></header>'
        f'<main><article class="post hentry"><header class="entry-header">{_h1(article)}</header>'
        f'<div class="entry-content">{body(article.blocks)}</div></article>'
        f'<div class="related-posts"><h3>{escape(around.related)}</h3>{teasers}</div>'
        f'<div id="comments" class="comments-area"><ol class="comment-list">{comments}</ol>'
        f'<div id="respond" class="comment-respond"><p>{escape(around.leave_comment)}</p></div></div></main>'
        f'<aside class="widget-area">{links(around.teasers)}</aside>'
        f'<footer class="site-footer"><p>Proudly powered by WordPress</p><p>{escape(around.address)}</p></footer>',
    )


def municipality(article: Article) -> str:
    """An old content management system: a layout of tables, teasers left and right."""
    around = article.around
    teasers = "".join(f"<tr><td class='news'>{escape(text)}</td></tr>" for text in around.teasers)
    return page(
        article,
        f"<table width='100%'><tr><td colspan='3' class='top'>{links(around.menu)}</td></tr>"
        f"<tr><td class='left-menu'>{links(around.menu[1:])}</td>"
        f"<td class='content'>{_h1(article)}{body(article.blocks)}</td>"
        f"<td class='right'><table>{teasers}</table></td></tr>"
        f"<tr><td colspan='3' class='bottom'>{escape(around.address)}</td></tr></table>",
    )


def elementor(article: Article) -> str:
    """A page builder's soup of nested containers."""
    around = article.around

    def widget(kind: str, inside: str) -> str:
        return (
            f'<div class="elementor-element elementor-widget elementor-widget-{kind}">'
            f'<div class="elementor-widget-container">{inside}</div></div>'
        )

    pieces = "".join(
        f'<section class="elementor-section"><div class="elementor-container"><div class="elementor-column">'
        f"{widget('heading' if kind is BlockKind.HEADING else 'text-editor', body(list(group)))}</div></div></section>"
        for kind, group in groupby(article.blocks, lambda block: block.kind)
    )
    return page(
        article,
        f'<div class="elementor elementor-location-header">{widget("nav-menu", links(around.menu))}</div>'
        f'<div class="elementor elementor-page">{widget("heading", _h1(article))}{pieces}</div>'
        f'<div class="elementor elementor-location-footer">{widget("text-editor", f"<p>{escape(around.address)}</p>")}'
        f"{widget('form', f'<p>{escape(around.newsletter)}</p>')}</div>",
        attributes=' class="elementor-default elementor-page"',
    )


def without_article(article: Article) -> str:
    """Divisions only: no article, no main, no paragraphs."""
    around = article.around
    return page(
        article,
        f'<div id="menu">{links(around.menu)}</div><div id="content">{_h1(article)}{body(article.blocks, "div")}</div>'
        f'<div id="footer">{escape(around.address)}</div>',
    )


def line_breaks(article: Article) -> str:
    """Text pasted into an editor, its paragraphs made of line breaks."""
    around = article.around
    text = "<br><br>\n".join(escape(block.text) for block in article.blocks)
    return page(
        article,
        f'<div class="header">{links(around.menu)}</div>{_h1(article)}<div class="text">{text}</div>'
        f'<div class="footer">{escape(around.address)}</div>',
    )


def forum(article: Article) -> str:
    """A thread whose posts are the text."""
    around = article.around
    data = {"@context": "https://schema.org", "@type": "DiscussionForumPosting", "headline": article.title}
    posts = "".join(
        f'<div class="post"><div class="postprofile">{number} posts</div><div class="postbody">{body(part)}</div></div>'
        for number, part in enumerate(_sections(article.blocks), start=12)
    )
    return page(
        article,
        f'<div class="navbar">{links(around.menu)}</div><div class="topic">{_h1(article)}{posts}</div>'
        f'<div class="footer">Powered by phpBB</div>',
        head=f'<script type="application/ld+json">{json.dumps(data)}</script>',
    )


def consent_overlay(article: Article) -> str:
    """A banner with more prose than some articles have."""
    around = article.around
    consent = "".join(f"<p>{escape(text)}</p>" for text in around.consent)
    return page(
        article,
        f'<div id="cookie-consent" class="cookie-consent-modal" role="dialog" aria-modal="true">{consent}'
        f"<button>OK</button></div><div class='page' aria-hidden='true'><nav>{links(around.menu)}</nav>"
        f"<main>{_h1(article)}{body(article.blocks)}</main></div>",
    )


def short(article: Article) -> str:
    """A notice of one paragraph amid a site of many."""
    return wordpress(short_of(article))


def short_of(article: Article) -> Article:
    """The article's first paragraph."""
    first = next(block for block in article.blocks if block.kind is BlockKind.TEXT)
    return Article(article.name, article.language, article.title, (first,))


def report(article: Article) -> str:
    """A long page with its table of contents, notes and share buttons."""
    around = article.around
    headings = [block.text for block in article.blocks if block.kind is BlockKind.HEADING]
    return page(
        article,
        f'<nav>{links(around.menu)}</nav><main id="main"><div class="toc"><nav>{links(headings)}</nav></div>'
        f"{_h1(article)}"
        f'<div class="share-buttons"><a href="#">Facebook</a> <a href="#">LinkedIn</a></div>'
        f"{body(article.blocks)}</main>"
        f"<footer>{escape(around.newsletter)} {escape(around.address)}</footer>",
    )


def definitions(article: Article) -> str:
    """Sections as a list of terms and descriptions, paragraphs as quotations, pictures between them."""
    parts = []
    for section in _sections(article.blocks):
        head = [block for block in section if block.kind is BlockKind.HEADING]
        rest = [block for block in section if block.kind is not BlockKind.HEADING]
        title = escape(head[0].text) if head else ""
        term = f"<dl><dt>{title}</dt><dd>{body(rest[:1])}</dd></dl>" if title else body(rest[:1])
        parts.append(
            term + "".join(f"<blockquote>{body([block])}</blockquote>" for block in rest[1:2]) + body(rest[2:])
        )
    figure = '<figure><img src="a.jpg" alt=""><figcaption>Foto: archive</figcaption></figure>'
    return page(
        article,
        f"<header>{links(article.around.menu)}</header><article>{_h1(article)}{figure.join(parts)}</article>"
        f"<footer>{escape(article.around.address)}</footer>",
    )


def drupal(article: Article) -> str:
    """Regions, blocks and fields."""
    around = article.around
    return page(
        article,
        f'<div class="layout-container"><header role="banner"><div class="region region-header">'
        f"{links(around.menu)}</div>"
        f'</header><main role="main"><div class="layout-content"><div class="region region-content">'
        f'<div class="block block-core block-page-title-block">{_h1(article)}</div>'
        f'<article class="node node--type-page">'
        f'<div class="node__content"><div class="field field--name-body field--type-text-with-summary">'
        f"{body(article.blocks)}</div></div></article></div></div>"
        f'<aside class="layout-sidebar-second" role="complementary"><div class="region region-sidebar-second">'
        f'<div class="block"><h2>{escape(around.related)}</h2>{links(around.teasers)}</div></div></aside></main>'
        f'<footer role="contentinfo"><div class="region region-footer">{escape(around.address)}</div></footer></div>',
    )


def typo3(article: Article) -> str:
    """Content elements in frames, a breadcrumb and a search box."""
    around = article.around
    frames = "".join(
        f'<div id="c{at}" class="frame frame-default frame-type-text"><div class="ce-bodytext">{body(part)}</div></div>'
        for at, part in enumerate(_sections(article.blocks), start=100)
    )
    return page(
        article,
        f'<div class="navbar">{links(around.menu)}</div><div class="breadcrumb">{links(around.menu[:2])}</div>'
        f'<form class="search"><input name="q"></form><!--TYPO3SEARCH_begin-->{_h1(article)}{frames}'
        f'<!--TYPO3SEARCH_end--><div class="meta-footer">{links(around.menu[-2:])}{escape(around.address)}</div>',
    )


def news(article: Article) -> str:
    """A newspaper's page: teasers within the text, a newsletter box, a paywall's script."""
    around = article.around
    half = len(article.blocks) // 2
    promo = f'<div class="related-inline"><a href="/x">{escape(around.teasers[0])}</a></div>'
    box = f'<div class="newsletter-signup"><p>{escape(around.newsletter)}</p><input type="email"></div>'
    teasers = "".join(f'<div class="teaser"><a href="/{n}">{escape(t)}</a></div>' for n, t in enumerate(around.teasers))
    return page(
        article,
        f'<header class="masthead">{links(around.menu)}</header><article itemscope><header>{_h1(article)}</header>'
        f'<div class="article-body">{body(article.blocks[:half])}{promo}{body(article.blocks[half:])}{box}'
        f"</div></article>"
        f'<section class="more-news">{teasers}</section><footer>{escape(around.address)}</footer>',
    )


def accordion(article: Article) -> str:
    """Questions whose answers a click unfolds."""
    around = article.around
    folded = "style='display:none'"
    parts = []
    for at, section in enumerate(_sections(article.blocks)):
        head = [block for block in section if block.kind is BlockKind.HEADING]
        rest = [block for block in section if block.kind is not BlockKind.HEADING]
        parts.append(
            f'<div class="accordion-item">{body(head)}<div class="accordion-content" role="region" '
            f"{folded if at else ''}>{body(rest)}</div></div>"
        )
    return page(
        article,
        f"<nav>{links(around.menu)}</nav><main><article>{_h1(article)}{''.join(parts)}</article></main>"
        f"<footer>{escape(around.address)}</footer>",
    )


# --- no sites: documents and data


def word(article: Article) -> str:
    """What a word processor saves as a filtered web page."""
    pieces = []
    for block in article.blocks:
        text = escape(block.text)
        if block.kind is BlockKind.HEADING:
            pieces.append(f"<h2><span lang={article.language}>{text}</span></h2>")
        elif block.kind is BlockKind.ITEM:
            mark = "<![if !supportLists]><span style='mso-list:Ignore'>·<span>&nbsp;&nbsp; </span></span><![endif]>"
            pieces.append(
                f"<p class=MsoListParagraph style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'>{mark}{text}</p>"
            )
        elif block.kind is BlockKind.ROW:
            cells = "".join(f"<td><p class=MsoNormal>{cell}<o:p></o:p></p></td>" for cell in text.split(" | "))
            pieces.append(f"<table class=MsoNormalTable><tr>{cells}</tr></table>")
        else:
            pieces.append(f"<p class=MsoNormal><span lang={article.language}>{text}<o:p></o:p></span></p>")
    return (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta charset="utf-8">'
        "<meta name=Generator content='Microsoft Word 15 (filtered)'><!--[if gte mso 9]><xml><w:View>Normal</w:View>"
        f"</xml><![endif]--><style>p.MsoNormal {{ margin: 0cm }}</style><title>{escape(article.title)}</title></head>"
        f"<body lang={article.language}><div class=WordSection1><p class=MsoTitle>{escape(article.title)}</p>"
        f"{''.join(pieces)}</div></body></html>"
    )


def print_version(article: Article) -> str:
    """The bare text, as a print view has it."""
    return page(article, f"{_h1(article)}{body(article.blocks)}")


def data_only(article: Article) -> str:
    """A page that scripts build, whose text stands in the data for search engines."""
    data = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": article.title}
    data["articleBody"] = article.text
    return page(
        article,
        '<div id="root"></div><noscript>You need to enable JavaScript to run this app.</noscript>',
        head=f'<script type="application/ld+json">{json.dumps(data)}</script>',
    )


TEMPLATES: tuple[Template, ...] = (
    wordpress,
    municipality,
    elementor,
    without_article,
    line_breaks,
    forum,
    consent_overlay,
    short,
    report,
    definitions,
    drupal,
    typo3,
    news,
    accordion,
    word,
    print_version,
    data_only,
)


def _sections(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Headings with what follows each."""
    section: list[Block] = []
    for block in blocks:
        if block.kind is BlockKind.HEADING and section:
            yield section
            section = []
        section.append(block)
    if section:
        yield section
