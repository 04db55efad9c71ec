"""The words around an article on a web page, in five languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PageTexts:
    """Menu, notices and labels of a web page."""

    site: str
    menu: tuple[str, ...]
    cookies: str
    accept: str
    published: str
    share: str
    recent: str
    posts: tuple[str, ...]
    closed: str
    sponsors: str
    powered: str


PAGE_TEXTS = {
    "en": PageTexts(
        site="Active City",
        menu=("Home", "News", "Volunteering", "Projects", "Contact"),
        cookies="This website stores cookies on your device to count visits.",
        accept="Accept all cookies",
        published="Published on",
        share="Share this page",
        recent="Recent posts",
        posts=(
            "Office hours over the holidays",
            "Photos from the neighbourhood picnic",
            "Newsletter no. 7",
        ),
        closed="Replies to this entry are closed, but you may send a trackback from your own site.",
        sponsors="Our partners and sponsors",
        powered="Powered by WordPress | Theme: Townhall",
    ),
    "pl": PageTexts(
        site="Aktywne Miasto",
        menu=("Strona główna", "Aktualności", "Wolontariat", "Projekty", "Kontakt"),
        cookies="Ta strona zapisuje pliki cookie na Twoim urządzeniu, aby liczyć odwiedziny.",
        accept="Akceptuję wszystkie pliki cookie",
        published="Opublikowano",
        share="Udostępnij",
        recent="Ostatnie wpisy",
        posts=("Godziny pracy biura w święta", "Zdjęcia z pikniku sąsiedzkiego", "Biuletyn nr 7"),
        closed="Komentowanie wpisu jest wyłączone, ale możesz przesłać trackback ze swojej witryny.",
        sponsors="Nasi partnerzy i sponsorzy",
        powered="Wspierane przez WordPress | Motyw: Ratusz",
    ),
    "de": PageTexts(
        site="Aktive Stadt",
        menu=("Startseite", "Aktuelles", "Ehrenamt", "Projekte", "Kontakt"),
        cookies="Diese Website speichert Cookies auf Ihrem Gerät, um Besuche zu zählen.",
        accept="Alle Cookies akzeptieren",
        published="Veröffentlicht am",
        share="Beitrag teilen",
        recent="Neueste Beiträge",
        posts=("Öffnungszeiten an den Feiertagen", "Bilder vom Nachbarschaftsfest", "Rundbrief Nr. 7"),
        closed="Zu diesem Eintrag kann nicht mehr kommentiert werden, ein Trackback ist weiterhin möglich.",
        sponsors="Unsere Partner und Förderer",
        powered="Mit Stolz präsentiert von WordPress | Theme: Rathaus",
    ),
    "lv": PageTexts(
        site="Aktīvā pilsēta",
        menu=("Sākums", "Jaunumi", "Brīvprātīgais darbs", "Projekti", "Kontakti"),
        cookies="Šī vietne jūsu ierīcē saglabā sīkdatnes, lai uzskaitītu apmeklējumus.",
        accept="Piekrītu visām sīkdatnēm",
        published="Publicēts",
        share="Dalīties",
        recent="Jaunākie ieraksti",
        posts=("Biroja darba laiks svētkos", "Fotogrāfijas no kaimiņu svētkiem", "Ziņu lapa Nr. 7"),
        closed="Šo ierakstu vairs nevar komentēt, taču no savas vietnes varat nosūtīt atsauci.",
        sponsors="Mūsu partneri un atbalstītāji",
        powered="Darbina WordPress | Tēma: Rātsnams",
    ),
    "lt": PageTexts(
        site="Aktyvus miestas",
        menu=("Pradžia", "Naujienos", "Savanorystė", "Projektai", "Kontaktai"),
        cookies="Ši svetainė jūsų įrenginyje įrašo slapukus, kad suskaičiuotų apsilankymus.",
        accept="Sutinku su visais slapukais",
        published="Paskelbta",
        share="Dalintis",
        recent="Naujausi įrašai",
        posts=("Biuro darbo laikas per šventes", "Kaimynų šventės nuotraukos", "Naujienlaiškis Nr. 7"),
        closed="Šio įrašo komentuoti nebegalima, bet galite atsiųsti nuorodą iš savo svetainės.",
        sponsors="Mūsų partneriai ir rėmėjai",
        powered="Veikia su WordPress | Tema: Rotušė",
    ),
}
