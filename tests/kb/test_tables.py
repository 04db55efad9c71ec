"""Tables read back as a spreadsheet reads them: nothing is lost, and nothing becomes a formula."""

import csv
import io
from dataclasses import replace

import pytest
from openpyxl import Workbook, load_workbook

from kb.catalogue import Entry, Practice
from kb.tables import Labels, Table, practices_table, to_csv, to_xlsx

NAMES = {"lv": "latviešu", "en": "angļu"}
LABELS = Labels(
    language="lv",
    table="Prakses",
    title="Nosaukums",
    city="Pilsēta",
    country="Valsts",
    year="Gads",
    languages="Valodas",
    topics="Temati",
    target_groups="Mērķgrupas",
    partner="Partnerorganizācija",
    documents="Dokumenti",
    web="Tīmekļa adrese",
    language_name=NAMES.__getitem__,
)
ENTRY = Entry(
    document=1,
    practice=1,
    title="Kā Toruņa pateicas brīvprātīgajiem",
    format="html",
    topics=("volunteering", "recognition"),
    cities=("torun",),
    countries=("PL",),
    languages=("lv",),
    years=("2016",),
    target_groups=(),
    partner="Toruņas dome; nodaļa",
    web="https://torun.example/paldies?a=1&b=2",
)
PRACTICE = Practice(ENTRY, (replace(ENTRY, document=2, languages=("en",), web=""),))
ATTACKS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =HYPERLINK(A1)", "＝1+1")


def read_csv(made: bytes, delimiter: str = ";") -> list[list[str]]:
    assert made.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(made.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def read_xlsx(made: bytes) -> Workbook:
    return load_workbook(io.BytesIO(made))


def titled(*titles: str) -> Table:
    return practices_table([Practice(replace(ENTRY, title=title), ()) for title in titles], LABELS)


def test_a_practice_is_a_row_in_the_readers_words() -> None:
    header, row = read_csv(to_csv(practices_table([PRACTICE], LABELS), "lv"))
    assert dict(zip(header, row, strict=True)) == {
        "Nosaukums": "Kā Toruņa pateicas brīvprātīgajiem",
        "Pilsēta": "Toruņa",
        "Valsts": "Polija",
        "Gads": "2016",
        "Valodas": "latviešu, angļu",
        "Temati": "Brīvprātīgais darbs, Atzinība un motivācija",
        "Mērķgrupas": "",
        "Partnerorganizācija": "Toruņas dome; nodaļa",
        "Dokumenti": "2",
        "Tīmekļa adrese": "https://torun.example/paldies?a=1&b=2",
    }


@pytest.mark.parametrize(("language", "delimiter"), [("en", ","), ("pl", ";"), ("de", ";"), ("lv", ";"), ("lt", ";")])
def test_cells_are_separated_as_the_readers_spreadsheet_expects(language: str, delimiter: str) -> None:
    rows = read_csv(to_csv(practices_table([PRACTICE], LABELS), language), delimiter)
    assert [len(row) for row in rows] == [10, 10]


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_text_becomes_a_formula(attack: str) -> None:
    _, row = read_csv(to_csv(titled(attack), "lv"))
    assert row[0] == f"'{attack}"
    cell = read_xlsx(to_xlsx(titled(attack))).active["A2"]
    assert cell.data_type == "s"
    assert str(cell.value).replace("_x000D_", "\r") == attack


def test_a_minus_within_a_text_stays_as_it_is() -> None:
    assert read_csv(to_csv(titled("Vieta - laiks = 5"), "lv"))[1][0] == "Vieta - laiks = 5"


def test_quotes_lines_and_separators_survive() -> None:
    title = 'Kas ir „paldies“; "thanks",\nun kāpēc?'
    assert read_csv(to_csv(titled(title), "lv"))[1][0] == title
    assert read_xlsx(to_xlsx(titled(title))).active["A2"].value == title


def test_the_workbook_is_ready_to_use() -> None:
    book = read_xlsx(to_xlsx(practices_table([PRACTICE], LABELS)))
    sheet = book.active
    assert sheet.title == "Prakses"
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:J2"
    assert sheet["A1"].font.bold
    assert sheet["D2"].value == 2016
    assert sheet["I2"].value == 2
    assert sheet["J2"].hyperlink.target == "https://torun.example/paldies?a=1&b=2"
    assert sheet.column_dimensions["A"].width > sheet.column_dimensions["D"].width


def test_only_web_addresses_become_links() -> None:
    practice = Practice(replace(ENTRY, web="javascript:alert(1)", title="file:///etc/passwd"), ())
    sheet = read_xlsx(to_xlsx(practices_table([practice], LABELS))).active
    assert sheet["J2"].value == "javascript:alert(1)"
    assert [cell.hyperlink for cell in sheet[2]] == [None] * 10


def test_texts_beyond_excels_limits_are_cut_and_an_empty_list_has_its_header() -> None:
    assert len(read_xlsx(to_xlsx(titled("a" * 40_000))).active["A2"].value) == 32_767
    empty = practices_table([], replace(LABELS, table="Prakses: [visas]/2016 un vēl daži ļoti gari vārdi"))
    sheet = read_xlsx(to_xlsx(empty)).active
    assert [cell.value for cell in sheet[1]][:2] == ["Nosaukums", "Pilsēta"]
    assert len(sheet.title) <= 31
