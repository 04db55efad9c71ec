"""Web pages as partners save them: their article whole, once, and nothing of what stands around it."""

import base64
import json
from pathlib import Path
from statistics import mean

import pytest

from benchmarks.web_pages import articles, defaults, ours, pages, token_f1
from benchmarks.web_pages.templates import TEMPLATES
from ingest.extract import extract, recognise
from ingest.extract.base import BlockKind, Refused
from ingest.extract.safely import extract_safely
from tests.ingest import texts
from tests.ingest.files import make_page, make_text, read

MENU = '<nav><ul><li><a href="/">Home</a></li><li><a href="/tenders">Public tenders</a></li></ul></nav>'


def page(article: str, *, head: str = "", before: str = MENU, after: str = "<footer>Market Square 1</footer>") -> str:
    """A page around an article."""
    return f"<!DOCTYPE html><html><head>{head}<title>T</title></head><body>{before}{article}{after}</body></html>"


# --- beside trafilatura's defaults


def test_no_page_is_read_worse_than_by_trafilaturas_defaults(tmp_path: Path) -> None:
    every_third = list(pages(tmp_path, 1))[::3]  # seventeen kinds of page in five languages: each kind comes up
    assert {kind for kind, _, _ in every_third} >= {template.__name__ for template in TEMPLATES}
    scores = {path.name: (token_f1(ours(path), gold), token_f1(defaults(path), gold)) for _, path, gold in every_third}
    assert {name: pair for name, pair in scores.items() if pair[0] < pair[1] - 0.001} == {}
    assert mean(mine for mine, _ in scores.values()) > mean(theirs for _, theirs in scores.values()) + 0.02


def test_page_builders_lose_neither_headings_nor_lists(tmp_path: Path) -> None:
    templates = [template for template in TEMPLATES if template.__name__ in {"elementor", "typo3"}]
    article = next(article for article in articles() if article.name == "de-buergerbeteiligung-leitlinien")
    for template in templates:
        blocks = read(make_text(tmp_path / f"{template.__name__}.html", template(article))).blocks
        wanted = {block.text for block in article.blocks if block.kind in {BlockKind.HEADING, BlockKind.ITEM}}
        assert len(wanted - {block.text for block in blocks}) <= 0.1 * len(wanted), template.__name__


def test_readers_comments_are_not_the_articles_text(tmp_path: Path) -> None:
    comments = (
        '<ol id="comments" class="comment-list"><li class="comment"><p>We were there with forty children.</p></li></ol>'
    )
    path = make_text(tmp_path / "a.html", page(f"<article><p>{texts.EN}</p><p>{texts.EN_MORE}</p></article>{comments}"))
    assert "forty children" not in read(path).text


# --- documents that were saved as web pages


WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>
<meta http-equiv=Content-Type content="text/html; charset=windows-1257">
<meta name=Generator content="Microsoft Word 15 (filtered)"><title>Padėka</title>
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->
<style><!-- p.MsoNormal {margin:0cm;} --></style></head><body lang=LT><div class=WordSection1>
<p class=MsoTitle>Savanorių padėka</p><p class=MsoNormal>TEXT<o:p></o:p></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>·<span>
&nbsp;&nbsp;</span></span><![endif]>Pakviesti šeimas</p>
<table class=MsoNormalTable><tr><td><p class=MsoNormal>Metai</p></td>
<td><p class=MsoNormal>Savanoriai</p></td></tr></table>
<p class=MsoNormal><span style='display:none;mso-hide:all'>DRAFT</span></p></div></body></html>"""


def test_what_word_saved_as_a_page_is_read_whole(tmp_path: Path) -> None:
    path = make_text(tmp_path / "a.htm", WORD.replace("TEXT", texts.LT), "cp1257")
    found = extract(path)
    assert [(block.kind, block.text) for block in found.blocks] == [
        (BlockKind.HEADING, "Savanorių padėka"),
        (BlockKind.TEXT, texts.LT),
        (BlockKind.ITEM, "Pakviesti šeimas"),
        (BlockKind.ROW, "Metai | Savanoriai"),
    ]


def test_a_page_without_menus_loses_nothing(tmp_path: Path) -> None:
    body = f"<h1>Rules</h1>{texts.EN}<p>Short.</p><h2>Costs</h2><ul><li>Nothing</li></ul><p>{texts.EN_MORE}</p>"
    text = read(make_text(tmp_path / "a.html", f"<html><body>{body}</body></html>")).cut.text
    assert [text.count(part) for part in ("Rules", texts.EN, "Short.", "Costs", "Nothing", texts.EN_MORE)] == [1] * 6


# --- what is no text


def test_hidden_text_is_not_read_but_folded_answers_are(tmp_path: Path) -> None:
    article = f"""<article><h1>Questions</h1><p>{texts.EN}</p><p hidden>Draft of the mayor.</p>
        <div style="display: none"><p>Template for the next notice, do not show it to anybody.</p></div>
        <h2>Who pays?</h2><div class="accordion-content" role="region" style="display:none"><p>{texts.EN_MORE}</p></div>
        </article>"""
    text = read(make_text(tmp_path / "a.html", page(article))).text
    assert texts.EN_MORE in " ".join(text.split())
    assert "Draft" not in text
    assert "Template" not in text


def test_a_page_hidden_behind_a_banner_is_read(tmp_path: Path) -> None:
    body = f'<div style="display:none"><h1>Thanks</h1><p>{texts.EN}</p><p>{texts.EN_MORE}</p></div>'
    assert "free pass" in read(make_text(tmp_path / "a.html", page(body))).text


def test_pictures_inside_the_page_do_not_disturb(tmp_path: Path) -> None:
    picture = base64.b64encode(bytes(range(256)) * 50_000).decode()  # 17 MB
    article = f'<article><p>{texts.EN}</p><img src="data:image/png;base64,{picture}"><p>{texts.EN_MORE}</p></article>'
    text = extract_safely(make_text(tmp_path / "a.html", page(article))).blocks
    assert [block.text for block in text] == [texts.EN, texts.EN_MORE]


# --- odd pages


def test_text_in_the_data_for_search_engines_is_read_where_scripts_build_the_page(tmp_path: Path) -> None:
    data = json.dumps({"@type": "NewsArticle", "articleBody": f"{texts.PL} {texts.PL}"})
    head = f'<script type="application/ld+json">{data}</script>'
    path = make_text(tmp_path / "a.html", page('<div id="root"></div>', head=head, before="", after=""))
    assert "bezpłatny bilet" in read(path).text


EMPTY = {
    "frames": ("<frameset cols='20%,80%'><frame src='a.html'><frame src='b.html'></frameset>", "page of frames"),
    "scripts": (
        "<div id='root'></div><noscript>You need to enable JavaScript to run this.</noscript><script>run()</script>",
        "built by scripts",
    ),
    "menus": (MENU, "only navigation"),
    "nothing": ("", "no main text"),
}


@pytest.mark.parametrize("case", EMPTY)
def test_a_page_without_text_is_refused_with_the_reason(case: str, tmp_path: Path) -> None:
    body, reason = EMPTY[case]
    path = make_text(tmp_path / "a.html", f"<!DOCTYPE html><html><head><title>T</title></head>{body}</html>")
    with pytest.raises(Refused, match=reason):
        extract(path)


def test_a_saved_view_of_the_source_is_read_as_the_page(tmp_path: Path) -> None:
    source = page(f"<article><p>{texts.DE}</p></article>").replace("&", "&amp;").replace("<", "&lt;")
    rows = "".join(
        f'<tr><td class="line-number" value="{n}"></td><td class="line-content">{line}</td></tr>'
        for n, line in enumerate(source.split("\n"), start=1)
    )
    path = make_text(tmp_path / "a.html", f"<html><body><table><tbody>{rows}</tbody></table></body></html>")
    blocks = extract(path).blocks
    assert [block.text for block in blocks] == [texts.DE]


def test_the_banner_of_a_web_cache_goes(tmp_path: Path) -> None:
    banner = (
        '<div id="bN015htcoyT__google-cache-hdr"><div>This is a cache of the page as it appeared on 3 May.</div></div>'
    )
    path = make_text(tmp_path / "a.html", page(f"<main><p>{texts.EN}</p></main>", before=banner))
    assert "cache of the page" not in read(path).text


def test_xhtml_with_a_declaration_is_a_page_whatever_its_name(tmp_path: Path) -> None:
    text = '<?xml version="1.0" encoding="UTF-8"?>\n<!-- saved -->\n' + page(f"<article><p>{texts.LV}</p></article>")
    for name in ("a.xhtml", "nameless"):
        path = make_text(tmp_path / name, text)
        assert recognise(path).format == "html"
        assert texts.LV in read(path).cut.text


@pytest.mark.parametrize(
    ("body", "must"),
    [
        ("<div>" * 40_000 + texts.EN + "</div>" * 40_000, None),
        ("<div>" * 200 + f"<p>{texts.EN}</p>" + "</div>" * 200, "free pass"),
        (
            "".join(f"<div>Volunteers of district {n} meet on Monday.</div>" for n in range(40_000)),
            "district 39999 meet",
        ),
        ("".join(f"<p>Volunteers of district {n} meet on Monday.</p>" for n in range(70_000)), "district 69999 meet"),
        ("<table><tr><td>" * 120 + f"<p>{texts.EN}</p>" + "</td></tr></table>" * 120, "free pass"),
        (f"<p>{texts.EN}</p><p>" + "<b><i>" * 5_000, "free pass"),
        (f"<p>{texts.EN}</p><a href='", "free pass"),
    ],
    ids=["deep", "nested", "many divisions", "too many", "tables in tables", "unclosed", "cut off"],
)
def test_malformed_and_huge_pages_are_read_or_refused(body: str, must: str | None, tmp_path: Path) -> None:
    path = make_text(tmp_path / "a.html", f"<html><body>{body}</body></html>")
    try:
        found = extract_safely(path)
    except Refused:
        assert must is None
        return
    assert must is None or any(must in block.text for block in found.blocks)


# --- tables and lists


def test_nested_lists_and_tables_are_read_once(tmp_path: Path) -> None:
    article = f"""<article><h1>Plan</h1><p>{texts.EN}</p><p>{texts.EN_MORE}</p>
        <ul><li>Before<ul><li>Book the hall<ol><li>Ask for keys</li></ol></li></ul>and then rest</li></ul>
        <table><tr><th>Year</th><th>Helpers</th></tr><tr><td>2015</td><td>120</td></tr></table></article>"""
    text = read(make_text(tmp_path / "a.html", page(article))).text
    parts = ("Before", "Book the hall", "Ask for keys", "and then rest", "Year | Helpers", "2015 | 120")
    assert [text.count(part) for part in parts] == [1] * 6


def test_an_old_layout_of_tables_is_not_read_as_rows(tmp_path: Path) -> None:
    body = f"<table><tr><td><h1>Thanks</h1><p>{texts.EN}</p><p>{texts.EN_MORE}</p></td><td>Contact</td></tr></table>"
    blocks = extract(make_text(tmp_path / "a.html", f"<html><body>{body}</body></html>")).blocks
    assert [(block.kind, block.text) for block in blocks[:3]] == [
        (BlockKind.HEADING, "Thanks"),
        (BlockKind.TEXT, texts.EN),
        (BlockKind.TEXT, texts.EN_MORE),
    ]


# --- characters


@pytest.mark.parametrize(
    ("language", "encoding", "declared"),
    [
        ("pl", "cp1250", "utf-8"),
        ("pl", "iso8859_2", "iso-8859-2"),
        ("lv", "cp1257", "iso-8859-1"),
        ("lt", "iso8859_13", ""),
        ("lt", "iso8859_4", "iso-8859-4"),
        ("de", "cp1252", ""),
    ],
)
def test_letters_survive_a_wrong_or_missing_declaration(
    language: str, encoding: str, declared: str, tmp_path: Path
) -> None:
    head = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">' if declared else ""
    noise = "<script>" + "var café;" * 4_000 + "</script>"  # more than the dictionaries look at
    text = page(f"<article><p>{texts.BY_LANGUAGE[language]}</p></article>", head=head + noise.replace("é", "e"))
    assert texts.BY_LANGUAGE[language] in read(make_text(tmp_path / "a.html", text, encoding)).cut.text


def test_one_broken_byte_does_not_change_the_encoding_of_a_page(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(page(f"<article><p>{texts.LT}</p><p>{texts.LT}</p></article>").encode() + b"<p>\xe0</p>")
    assert texts.LT in read(path).cut.text


# --- sentences that look like notices


@pytest.mark.parametrize(
    "sentence",
    [
        "Dalintis patirtimi yra svarbiausia užduotis.",
        "Dalīties ar pieredzi aicina visas pašvaldības.",
        "Share on the first evening what you expect from the project.",
        "Theme: volunteering in small towns",
        "Leave a comment in the box at the entrance of the library.",
        "Powered by forty volunteers, the repair café opens every Saturday.",
        "Kommentare sind geschlossen an die Stadt zu senden.",
        "Teilen auf dem Markt: Nachbarn verschenken Gemüse.",
    ],
)
def test_sentences_that_begin_like_a_notice_stay(sentence: str, tmp_path: Path) -> None:
    path = make_page(tmp_path / "a.html", f"<p>{texts.EN}</p><p>{sentence}</p><p>{texts.EN_MORE}</p>", title="T")
    assert sentence in read(path).text


# --- MHTML


def _mhtml(html: str, encoding: str = "utf-8") -> bytes:
    import quopri

    body = quopri.encodestring(html.encode(encoding)).decode()
    return (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://example.org/thanks\r\nSubject: T\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/html"; boundary="--B"\r\n\r\n'
        f"----B\r\nContent-Type: text/html; charset={encoding}\r\nContent-Transfer-Encoding: quoted-printable\r\n"
        f"Content-Location: https://example.org/thanks\r\n\r\n{body}\r\n"
        "----B\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n----B--\r\n"
    ).encode()


@pytest.mark.parametrize("name", ["a.mhtml", "a.mht", "nameless"])
def test_a_web_archive_is_read_as_the_page_in_it(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(_mhtml(page(f"<main><h1>Paldies</h1><p>{texts.LV}</p></main>"), "windows-1257"))
    found = extract(tmp_path / name)
    assert (found.format, found.url) == ("mhtml", "https://example.org/thanks")
    assert texts.LV in read(tmp_path / name).cut.text
    assert "Public tenders" not in read(tmp_path / name).text


def test_a_web_archive_without_a_page_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.mhtml").write_bytes(b"MIME-Version: 1.0\r\nContent-Type: image/png\r\n\r\nabc")
    with pytest.raises(Refused, match="no web page in it"):
        extract(tmp_path / "a.mhtml")
