"""Three small practices of two cities, told in their own languages, and one of a third city about something else."""

from pathlib import Path

TORUN = """# Jak Toruń dziękuje wolontariuszom

## Problem

Wolontariusze odchodzili po kilku miesiącach, bo nikt im nie dziękował.

## Rozwiązanie

Miasto Toruń co roku w grudniu wręcza wolontariuszom nagrody i dyplomy w ratuszu. Prezydent miasta dziękuje każdemu
z nich osobiście. Karta wolontariusza daje zniżki w miejskich basenach.

## Finansowanie

Gala kosztuje 20 000 zł rocznie; płaci miasto, a dotację dokłada województwo.

## Rezultaty

Po trzech latach o połowę mniej wolontariuszy rezygnuje w pierwszym roku.
"""

TORUN_SENIORS = """# Klub seniora na Rubinkowie

Seniorzy spotykają się dwa razy w tygodniu w bibliotece. Uczą się obsługi telefonu i komputera. Gra w szachy
odbywa się w piątki po południu.
"""

LIEPAJA = """# Liepājas brīvprātīgo gada balva

## Problēma

Brīvprātīgie jutās nepamanīti, un pilsētas svētkos trūka palīgu.

## Risinājums

Liepājas pašvaldība reizi gadā pasniedz brīvprātīgo gada balvu un pateicības rakstus. Brīvprātīgie saņem ielūgumus uz
koncertzāli, un labākos izvirza paši iedzīvotāji.

## Rezultāti

Pieteikumu skaits divos gados dubultojās, un svētkos palīgu vairs netrūkst.
"""

ALYTUS = """# Alytaus miesto dviračių takai

Miestas nutiesė dvylika kilometrų dviračių takų palei upę. Takai apšviesti, o prie mokyklų pastatyti dviračių stovai.
Asfalto danga keičiama kas dešimt metų.
"""

SIDECARS = {
    "torun": "city: Toruń\nyear: 2016\n",
    "torun-seniors": "city: Toruń\nproblem: Starsi mieszkańcy byli samotni w swoich mieszkaniach.\n",
    "liepaja": "city: Liepāja\nyear: 2018\n",
    "alytus": "city: Alytus\n",
}


def write_practices(folder: Path) -> Path:
    """The four documents with their sidecars, in `folder`."""
    texts = {"torun": TORUN, "torun-seniors": TORUN_SENIORS, "liepaja": LIEPAJA, "alytus": ALYTUS}
    for name, text in texts.items():
        (folder / f"{name}.md").write_text(text, "utf-8")
        (folder / f"{name}.yaml").write_text(SIDECARS[name], "utf-8")
    return folder
