"""Documents in five languages, and what a hostile one may hold, for briefings."""

from dataclasses import replace
from datetime import date

from kb import KnowledgeBase
from kb.briefing.compose import compose
from kb.briefing.draft import Draft
from kb.briefing.types import Briefing, Labels
from kb.types import DraftDocument, PracticeFact
from tests.kb.drafts import draft, put

MADE = date(2026, 11, 21)
BASE = "https://kb.example"

TEXTS = {
    "en": "Two people talk first, without the coordinator. Then they meet at the library. A letter of thanks follows.",
    "pl": "Żółte zaproszenia wręcza się osobiście. Ćwiczenia prowadzi łącznik z gęsią skórką, jeśli zmoknie.",
    "de": "Größere Vereine führen ein Gästebuch. Übungsleiter erhalten für die Maßnahme fünf Euro täglich.",
    "lv": "Brīvprātīgajiem ir ķiveres, čības un žaketes. Ņemiet līdzi ģērbtuves šķīvīti ēdienam.",
    "lt": "Savanorių knygelė įteikiama ąžuolyne. Žmonėms būdinga džiaugtis, kai į šventę ateina kaimynų šeimos.",
}
CITIES = {"en": None, "pl": "torun", "de": "heidelberg", "lv": "liepaja", "lt": "kaunas"}

LONG = "Rindfleischetikettierung" * 125
"""A word of 3,000 letters."""

MARKUP = (
    "<b>bold</b> <script>alert(1)</script> *stars* _lines_ [link](http://evil.example) `code` **strong** {{nb}} {nb}"
)

HOSTILE = (
    MARKUP,
    "# heading\n\n- list\n1. first\n> quoted\n    code\n| a | b |\n|---|---|\n===\n---\n![i](http://evil.example/i.png)",
    "www.evil.example http://evil.example a@evil.example :smile: &amp; &lt; ~~gone~~ $x^2$ \\* \\",
    f"Before {LONG} after.",
    "Party 🎉 and family 👨‍👩‍👧 and ✓ done → next, 漢字, ① first.",
    "\u202eesrever\u202c and \u2066isolated\u2069 \u200bzero \u00adsoft hyphen",
    "\n".join(f"Line {number} of a list that runs over pages." for number in range(120)),
)


def labels(code: str = "en") -> Labels:
    return Labels(
        code=code,
        untitled="Briefing",
        sources="Sources",
        source="Source",
        quotes="Quotes",
        note="Note",
        link="open",
        no_question="Collected while reading",
        no_city="No city",
        unshown="{sign} stands for a sign that cannot be printed here.",
        retrieved="retrieved {date}",
        place=lambda place: place.label,
        language=str.upper,
        date=str,
        remarks=lambda passage: ["read by OCR"] if passage.confidence else [],
    )


def five(kb: KnowledgeBase) -> dict[str, int]:
    """Stores a document in each language; the ids of their passages."""
    stored = {code: put(kb, in_city(f"/{code}.txt", code, text, CITIES[code])) for code, text in TEXTS.items()}
    return {code: kb.store.passages_of(document)[0].id for code, document in stored.items()}


def in_city(path: str, code: str, text: str, city: str | None) -> DraftDocument:
    """A document of one passage whose practice record says its city."""
    facts = (PracticeFact("city", city, "", None, 1.0),) if city else ()
    return replace(draft(path, (code, text), city=city, title=f"Guide {code}"), practice=facts)


def made(kb: KnowledgeBase, chosen: Draft) -> Briefing:
    return compose(kb.store, chosen, labels(), made=MADE, base=BASE)
