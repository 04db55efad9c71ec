"""A practice told in each of the five languages, in five formats, as partners present theirs."""

from pathlib import Path
from typing import Any

from tests.ingest.files import Slide, make_docx, make_page, make_pdf, make_pptx, make_text


def polish_deck(folder: Path) -> Path:
    """Slides with headings, and the partner on the first one."""
    return make_pptx(
        folder / "torun.pptx",
        [
            Slide(
                "Wolontariat seniorów w Toruniu", ["Urząd Miasta Torunia, Wydział Komunikacji Społecznej", "2014–2016"]
            ),
            Slide("Wyzwanie", ["Co trzeci senior nie wychodzi z domu.", "Nikt nie pytał ich o zdanie."]),
            Slide(
                "Co zrobiliśmy", ["Szkolimy seniorów na przewodników", "Spotykamy się co tydzień"], notes=["O kawie."]
            ),
            Slide("Finansowanie", ["Budżet miasta: 40 000 zł rocznie."]),
            Slide("Rezultaty", ["120 osób wróciło do aktywności.", "Powstały trzy kluby."]),
            Slide("Dziękuję za uwagę", ["www.torun.pl/seniorzy", "a.przewodnik@torun.pl", "tel. 56 611 00 00"]),
        ],
    )


def german_report(folder: Path) -> Path:
    """A form of labels in a table, and chapters with headings."""

    def write(document: Any) -> None:
        document.add_heading("Sprachpaten für Geflüchtete", 1)
        table = document.add_table(rows=0, cols=2)
        for label, value in [
            ("Träger", "Freiwilligenagentur Leipzig e.V."),
            ("Stadt", "Leipzig"),
            ("Laufzeit", "2015 bis 2018"),
            ("Zielgruppe", "Geflüchtete und Kinder"),
            ("Themen", "Integration von Geflüchteten, Ehrenamt, Bildung"),
            ("Weitere Informationen", "https://sprachpaten.example/leipzig"),
        ]:
            row = table.add_row().cells
            row[0].text, row[1].text = label, value
        for heading, text in [
            (
                "1. Ausgangslage",
                "Wer neu in der Stadt ist, findet lange niemanden zum Reden. Kurse allein genügen nicht.",
            ),
            (
                "2. Umsetzung",
                "Freiwillige treffen sich einmal in der Woche mit einer Familie. Eine Fachkraft begleitet sie.",
            ),
            ("3. Kosten und anderes", "Das gehört nicht in den Steckbrief, denn so heißt kein Feld."),
            ("4. Finanzierung", "Das Land zahlt eine halbe Stelle, die Stadt die Räume."),
            ("5. Ergebnisse", "Nach drei Jahren gab es 200 Patenschaften."),
        ]:
            document.add_heading(text=heading, level=2)
            document.add_paragraph(text)

    return make_docx(folder / "leipzig.docx", write)


def latvian_pdf(folder: Path) -> Path:
    """Two pages with numbered headings."""
    return make_pdf(
        folder / "daugavpils.pdf",
        [
            [
                "# Jauniešu brīvprātīgie Daugavpilī",
                "Daugavpils pilsētas dome",
                "# 1. Problēma",
                "Jaunieši pēc skolas aizbrauc no pilsētas, jo neredz, ka ir tai vajadzīgi. Daudzi neatgriežas.",
                "# 2. Ko mēs darījām",
                "Katrā skolā strādā viens koordinators, kurš jauniešiem piedāvā uzdevumus svētkos un muzejos.",
            ],
            [
                "# 3. Finansējums",
                "Pašvaldība katru gadu piešķir divpadsmit tūkstošus eiro, un vēl trīs tūkstošus dod uzņēmumi.",
                "# 4. Rezultāti",
                "Trīs gadu laikā darbā iesaistījās četri simti jauniešu, un katrs desmitais kļuva par vadītāju.",
                "Vairāk informācijas: www.daugavpils.example/jauniesi",
            ],
        ],
    )


def lithuanian_note(folder: Path) -> Path:
    """Markdown in which bold lines, not headings, name the parts."""
    return make_text(
        folder / "kaunas.md",
        "# Kauno kaimynų pagalba\n\n"
        "Organizacija: Kauno miesto savivaldybė, Vardenė Pavardenė\n\n"
        "Metai: 2017\n\n"
        "Tikslinė grupė: senjorai ir vieniši žmonės\n\n"
        "**Iššūkis**\n\nKas penktas senjoras gyvena vienas ir savaitėmis su niekuo nekalba.\n\n"
        "**Sprendimas**\n\n- Savanoriai kasdien skambina\n- Kaimynai atneša pirkinius\n\n"
        "**Rezultatai**\n\nPer metus padėta trims šimtams žmonių.\n\n"
        "**Iššūkiai**\n\nSavanorių trūksta vasarą.\n",
    )


def english_page(folder: Path) -> Path:
    """A saved web page with the headings of European templates."""
    return make_page(
        folder / "riga.html",
        "<h1>Participatory budgeting in Riga</h1>"
        "<p>Residents of Riga decide every year which ideas for their neighbourhood the city pays for.</p>"
        "<h2>Problem addressed</h2><p>Few residents felt that the city listened to what they need in their street.</p>"
        "<h2>The solutions offered by the good practice</h2>"
        "<p>Every district votes on ideas of its residents. The five best are built within two years.</p>"
        "<h2>Resources needed</h2><p>Half a million euros a year and three people in the city council.</p>"
        "<h2>Evidence of success</h2><p>Forty thousand residents voted in the third year, four times as many.</p>"
        "<h2>Photo gallery</h2><p>Twelve pictures of playgrounds show what was built in the first two years.</p>",
        title="Participatory budgeting in Riga",
        head='<link rel="canonical" href="https://riga.example/budget"><meta property="og:url" '
        'content="https://riga.example/budget">',
    )
