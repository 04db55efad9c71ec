"""Tables to take away: the practices of a list as CSV and as a spreadsheet, in the reader's language.

A document's text never becomes a formula: a spreadsheet runs what begins like one, even from a CSV file.
"""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from kb import places, vocabulary
from kb.catalogue import Entry, Practice

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a cell that spreadsheets take for a formula begins with (OWASP, "CSV Injection")."""

SEMICOLON_LANGUAGES = frozenset({"de", "lt", "lv", "pl"})
"""Where the comma stands in decimal numbers, a spreadsheet expects semicolons between the cells of a CSV file."""

MOST_CELL = 32_767
MOST_ADDRESS = 2_079
MOST_LINKS = 65_530
"""Excel's limits: characters in a cell and in a link, links on a sheet."""

MOST_WIDTH = 60
"""Characters: a longer title runs on in its column."""

HEADER_ROWS = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table: a name for its sheet, a header for each column, and rows as long as the header. Cells are text, whole
    numbers, or None where there is nothing; text that is a web address becomes a link in the spreadsheet."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str | int | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Labels:
    """What the reader's language (ISO 639-1) calls the table and its columns; `language_name` gives the name of a
    language by its code."""

    language: str
    table: str
    title: str
    city: str
    country: str
    year: str
    languages: str
    topics: str
    target_groups: str
    partner: str
    documents: str
    web: str
    language_name: Callable[[str], str]


def practices_table(practices: Iterable[Practice], labels: Labels) -> Table:
    """One row a practice. `languages` are those of all documents that tell it, `documents` is how many there are."""
    places_and_time = (labels.city, labels.country, labels.year, labels.languages)
    about = (labels.topics, labels.target_groups, labels.partner, labels.documents, labels.web)
    rows = tuple(_row(practice, labels) for practice in practices)
    return Table(labels.table, (labels.title, *places_and_time, *about), rows)


def to_csv(table: Table, language: str) -> bytes:
    """`table` as CSV that a spreadsheet set to `language` opens right: UTF-8 with a mark that says so."""
    made = io.StringIO()
    writer = csv.writer(made, delimiter=";" if language in SEMICOLON_LANGUAGES else ",", lineterminator="\r\n")
    writer.writerows([[_harmless(cell) for cell in row] for row in (table.header, *table.rows)])
    return made.getvalue().encode("utf-8-sig")


def to_xlsx(table: Table) -> bytes:
    """`table` as an Excel workbook of one sheet, its header in bold and always in sight."""
    import xlsxwriter

    made = io.BytesIO()
    nothing_guessed = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(made, {"in_memory": True, **nothing_guessed}) as book:
        book.set_properties({"title": table.name})
        sheet = book.add_worksheet(_sheet_name(table.name))
        bold = book.add_format({"bold": True, "bottom": 1})
        for column, title in enumerate(table.header):
            sheet.set_column(column, column, _width(table, column))
            sheet.write_string(0, column, title, bold)
        for number, row in enumerate(table.rows, start=HEADER_ROWS):
            for column, cell in enumerate(row):
                if isinstance(cell, int):
                    sheet.write_number(number, column, cell)
                elif cell and _is_address(cell) and number <= MOST_LINKS:
                    sheet.write_url(number, column, cell, string=cell)
                elif cell:
                    sheet.write_string(number, column, cell[:MOST_CELL])
        sheet.freeze_panes(HEADER_ROWS, 0)
        sheet.autofilter(0, 0, len(table.rows), len(table.header) - 1)
    return made.getvalue()


def _row(practice: Practice, labels: Labels) -> tuple[str | int | None, ...]:
    entry, reader = practice.shown, labels.language
    topics, groups = vocabulary.topics(), vocabulary.target_groups()
    return (
        entry.title,
        _listed(places.name(city, reader) for city in entry.cities),
        _listed(places.name(country, reader) for country in entry.countries),
        int(entry.period) if entry.period.isdecimal() else entry.period,
        _listed(labels.language_name(code) for code in languages(practice)),
        _listed(topics[topic].name(reader) if topic in topics else topic for topic in entry.topics),
        _listed(groups[group].name(reader) if group in groups else group for group in entry.target_groups),
        entry.partner,
        1 + len(practice.others),
        next((each.web for each in (entry, *practice.others) if each.web), ""),
    )


def languages(practice: Practice) -> Sequence[str]:
    """The languages that a practice is told in, those of the shown document first."""
    members: tuple[Entry, ...] = (practice.shown, *practice.others)
    return list(dict.fromkeys(code for entry in members for code in entry.languages))


def _listed(values: Iterable[str]) -> str:
    return ", ".join(values)


def _harmless(cell: str | int | None) -> str | int | None:
    """A cell of a CSV file that no spreadsheet takes for a formula: an apostrophe says that it is text."""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(FORMULA_STARTS):
        return f"'{cell}"
    return cell


def _is_address(cell: str) -> bool:
    return cell.startswith(("https://", "http://")) and len(cell) <= MOST_ADDRESS


def _sheet_name(name: str) -> str:
    """`name` as Excel allows it: up to 31 characters, without some."""
    return "".join(" " if character in "[]:*?/\\" else character for character in name)[:31].strip(" '") or "1"


def _width(table: Table, column: int) -> int:
    longest = max(len(str(row[column] or "")) for row in (table.header, *table.rows))
    return min(longest + 2, MOST_WIDTH)
