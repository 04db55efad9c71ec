"""Citations: what a partner pastes into a report or a list of references."""

import re
from dataclasses import replace

from kb import KnowledgeBase, citing
from kb.citing import Source, bibtex, key, plain
from kb.types import Place, PlaceKind, PracticeFact
from tests.kb.drafts import draft, put

PAGE = Source(
    title="Ātrā palīdzība: 100 % & {vairāk}",
    city="Rīga",
    year="2025",
    file_name="atra_palidziba.html",
    url="https://example.lv/raksts_1?a=1&b=50%25#Šeit {x}",
    retrieved="2026-05-05",
    languages=("lv", "en"),
    sha256="67f0a1" + "0" * 58,
    place=Place(PlaceKind.SECTION, 3, "Noteikumi"),
)


def test_a_plain_citation_names_title_city_year_file_place_address_and_date() -> None:
    assert plain(PAGE, place="sadaļa “Noteikumi”", retrieved="skatīts 2026. gada 5. maijā") == (
        "Ātrā palīdzība: 100 % & {vairāk}. Rīga, 2025. atra_palidziba.html, sadaļa “Noteikumi”. "
        "https://example.lv/raksts_1?a=1&b=50%25#Šeit {x} (skatīts 2026. gada 5. maijā)."
    )


def test_a_plain_citation_leaves_out_what_is_unknown_and_doubles_no_full_stop() -> None:
    bare = replace(PAGE, title="Who insures volunteers?", city="", year="", url="", retrieved="", place=None)
    assert plain(bare) == "Who insures volunteers? atra_palidziba.html."


def test_bibtex_escapes_what_tex_would_trip_over_and_balances_its_braces() -> None:
    entry = bibtex(PAGE, place="page 3")
    assert entry == (
        "@misc{atra2025-67f0a1-section3,\n"
        "  title    = {{Ātrā palīdzība: 100 \\% \\& \\textbraceleft{}vairāk\\textbraceright{}}},\n"
        "  year     = {2025},\n"
        "  location = {Rīga},\n"
        "  language = {latvian and english},\n"
        "  note     = {atra\\_palidziba.html, page 3},\n"
        "  url      = {https://example.lv/raksts_1?a=1&b=50%25#%C5%A0eit%20%7Bx%7D},\n"
        "  urldate  = {2026-05-05},\n"
        "}"
    )
    hostile = bibtex(replace(PAGE, title="}\n@comment{ \\input{/etc/passwd} ~^#$_", file_name="a}b.pdf"))
    assert "\\input" not in hostile and "\n@comment" not in hostile
    assert hostile.count("{") == hostile.count("}")
    title = next(line for line in hostile.splitlines() if line.startswith("  title"))
    assert re.sub(r"\\text[a-z]+\{\}", "", title).count("}") == 2, "what a title says closes no field"


def test_a_key_is_plain_the_same_each_time_and_another_for_each_place_and_document() -> None:
    sources = [
        PAGE,
        replace(PAGE, place=None),
        replace(PAGE, place=Place(PlaceKind.PAGE, 3)),
        replace(PAGE, sha256="abcdef" + "0" * 58),
        replace(PAGE, title="Žąsų g. 5", year=""),
        replace(PAGE, title="中文", year="2021-2027"),
    ]
    keys = [key(source) for source in sources]
    assert len(set(keys)) == len(keys)
    assert all(re.fullmatch("[a-z0-9-]+", found) for found in keys)
    assert keys == [key(replace(source)) for source in sources]
    assert keys[-1].startswith("document2021-")


def test_a_citation_of_a_stored_passage_is_in_the_readers_words(kb: KnowledgeBase) -> None:
    page = replace(
        draft("https://example.org/talka", ("lv", "Brīvprātīgie sakopj parku."), city="riga"),
        format="html",
        retrieved_at="2026-05-05T10:00:00Z",
        urls=("https://example.org/talka",),
        practice=(PracticeFact("city", "riga", "Rīgā", None, 0.9), PracticeFact("year", "2019", "2019", None, 0.9)),
    )
    document = kb.store.document(put(kb, page))
    passage = kb.store.passages_of(document.id)[0]
    cited = citing.source(kb.store, document, passage, reader="de")
    assert (cited.city, cited.year, cited.url, cited.retrieved) == (
        "Riga",
        "2019",
        "https://example.org/talka",
        "2026-05-05",
    )
    assert cited.place == passage.place and cited.languages == ("lv",)
    assert citing.source(kb.store, document).place is None
    linking = replace(draft("notes.txt", ("en", "See the web.")), urls=("https://elsewhere.example",))
    assert citing.source(kb.store, kb.store.document(put(kb, linking))).url == "", "an address in a text is not its own"
