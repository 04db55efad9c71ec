"""What surrounds the articles of city web pages, in five languages; written for this benchmark."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Furniture:
    """Menus, teasers, banners and notices of one site."""

    site: str
    menu: tuple[str, ...]
    teasers: tuple[str, ...]
    consent: tuple[str, ...]
    comments: tuple[str, ...]
    related: str
    leave_comment: str
    newsletter: str
    address: str


FURNITURE = {
    "en": Furniture(
        "Riverside City Hall",
        ("Home", "Residents", "Business", "Visitors", "Council", "Offices and services", "Contact"),
        (
            "The footbridge at the mill is closed until Friday because its railing is being painted.",
            "Tickets for the summer concerts in the park go on sale on Monday at the tourist office.",
            "The council meets on Thursday at five; the agenda hangs in the entrance of the city hall.",
            "New opening hours of the swimming pool: on Sundays it now opens at eight in the morning.",
        ),
        (
            "We value your privacy. We and our partners store information on your device, such as cookies.",
            "With your permission we use it to measure visits, to improve our services and to show you advertising.",
            "You may withdraw your consent at any time in the settings at the bottom of the page.",
        ),
        (
            "Thank you for this, we have been waiting for it in our street for years.",
            "And who is going to pay for all of it in the end? The same people as always, I suppose.",
            "I was there with my children and we will come again next year, greetings from the harbour.",
        ),
        "You may also like",
        "Leave a reply. Your email address will not be published.",
        "Sign up for our newsletter and receive the news of the city every Friday.",
        "City Hall, Market Square 1, open on weekdays from eight to four",
    ),
    "pl": Furniture(
        "Urząd Miasta nad Rzeką",
        ("Strona główna", "Mieszkańcy", "Biznes", "Turystyka", "Rada Miasta", "Wydziały i usługi", "Kontakt"),
        (
            "Kładka przy młynie jest zamknięta do piątku, ponieważ trwa malowanie poręczy.",
            "Bilety na letnie koncerty w parku będą sprzedawane od poniedziałku w informacji turystycznej.",
            "Sesja rady odbędzie się w czwartek o siedemnastej, porządek obrad wisi przy wejściu do ratusza.",
            "Nowe godziny otwarcia basenu: w niedziele wejdziemy do wody już o ósmej rano.",
        ),
        (
            "Szanujemy Twoją prywatność. My i nasi partnerzy zapisujemy na Twoim urządzeniu pliki cookie.",
            "Za Twoją zgodą używamy ich do liczenia odwiedzin, ulepszania usług i wyświetlania reklam.",
            "Zgodę możesz wycofać w każdej chwili w ustawieniach na dole strony.",
        ),
        (
            "Bardzo dziękuję, na naszej ulicy czekaliśmy na to od lat.",
            "A kto za to wszystko w końcu zapłaci? Pewnie jak zawsze ci sami.",
            "Byliśmy tam z dziećmi i przyjedziemy znowu za rok, pozdrowienia z portu.",
        ),
        "Zobacz także",
        "Dodaj komentarz. Twój adres e-mail nie zostanie opublikowany.",
        "Zapisz się na newsletter i w każdy piątek otrzymuj wiadomości z miasta.",
        "Urząd Miasta, Rynek 1, czynny w dni robocze od ósmej do szesnastej",
    ),
    "de": Furniture(
        "Rathaus am Fluss",
        ("Startseite", "Bürgerinnen und Bürger", "Wirtschaft", "Tourismus", "Stadtrat", "Ämter", "Kontakt"),
        (
            "Der Steg an der Mühle ist bis Freitag gesperrt, weil das Geländer gestrichen wird.",
            "Karten für die Sommerkonzerte im Park gibt es ab Montag in der Touristinformation.",
            "Der Stadtrat tagt am Donnerstag um siebzehn Uhr, die Tagesordnung hängt am Eingang des Rathauses.",
            "Neue Öffnungszeiten im Hallenbad: Sonntags öffnet es nun schon um acht Uhr.",
        ),
        (
            "Wir schätzen Ihre Privatsphäre. Wir und unsere Partner speichern Cookies auf Ihrem Gerät.",
            "Mit Ihrer Erlaubnis nutzen wir sie, um Besuche zu zählen, Dienste zu verbessern und Werbung zu zeigen.",
            "Ihre Einwilligung können Sie jederzeit in den Einstellungen am Ende der Seite widerrufen.",
        ),
        (
            "Vielen Dank dafür, in unserer Straße haben wir seit Jahren darauf gewartet.",
            "Und wer bezahlt das am Ende alles? Wahrscheinlich wieder dieselben wie immer.",
            "Wir waren mit den Kindern dort und kommen nächstes Jahr wieder, Grüße vom Hafen.",
        ),
        "Das könnte Sie auch interessieren",
        "Schreibe einen Kommentar. Deine E-Mail-Adresse wird nicht veröffentlicht.",
        "Melden Sie sich zum Newsletter an und lesen Sie jeden Freitag Neues aus der Stadt.",
        "Rathaus, Marktplatz 1, werktags von acht bis sechzehn Uhr geöffnet",
    ),
    "lv": Furniture(
        "Upmalas pilsētas dome",
        ("Sākums", "Iedzīvotājiem", "Uzņēmējiem", "Tūristiem", "Dome", "Pakalpojumi", "Kontakti"),
        (
            "Gājēju tiltiņš pie dzirnavām ir slēgts līdz piektdienai, jo tiek krāsotas margas.",
            "Biļetes uz vasaras koncertiem parkā no pirmdienas pārdos tūrisma informācijas centrā.",
            "Domes sēde notiks ceturtdien pulksten septiņpadsmitos, darba kārtība izlikta pie ieejas.",
            "Jauns peldbaseina darba laiks: svētdienās tas tagad tiek atvērts jau astoņos no rīta.",
        ),
        (
            "Mēs cienām jūsu privātumu. Mēs un mūsu partneri jūsu ierīcē glabājam informāciju, piemēram, sīkdatnes.",
            "Ar jūsu atļauju tās izmantojam, lai skaitītu apmeklējumus, uzlabotu pakalpojumus un rādītu reklāmu.",
            "Piekrišanu varat atsaukt jebkurā laikā lapas apakšā esošajos iestatījumos.",
        ),
        (
            "Liels paldies, mūsu ielā to gaidījām jau gadiem.",
            "Un kas par to visu beigās maksās? Laikam jau tie paši, kas vienmēr.",
            "Bijām tur ar bērniem un nākamgad brauksim atkal, sveicieni no ostas.",
        ),
        "Lasiet arī",
        "Pievienot komentāru. Jūsu e-pasta adrese netiks publicēta.",
        "Piesakieties jaunumiem un katru piektdienu saņemiet pilsētas ziņas.",
        "Pilsētas dome, Tirgus laukums 1, darbdienās atvērta no astoņiem līdz sešpadsmitiem",
    ),
    "lt": Furniture(
        "Paupio miesto savivaldybė",
        ("Pradžia", "Gyventojams", "Verslui", "Turistams", "Taryba", "Paslaugos", "Kontaktai"),
        (
            "Pėsčiųjų tiltelis prie malūno uždarytas iki penktadienio, nes dažomi turėklai.",
            "Bilietai į vasaros koncertus parke nuo pirmadienio parduodami turizmo informacijos centre.",
            "Tarybos posėdis vyks ketvirtadienį penktą valandą, darbotvarkė kabo prie įėjimo.",
            "Naujas baseino darbo laikas: sekmadieniais jis dabar atidaromas jau aštuntą ryto.",
        ),
        (
            "Gerbiame jūsų privatumą. Mes ir mūsų partneriai jūsų įrenginyje saugome slapukus.",
            "Jums leidus juos naudojame lankytojams skaičiuoti, paslaugoms gerinti ir reklamai rodyti.",
            "Sutikimą galite bet kada atšaukti nustatymuose puslapio apačioje.",
        ),
        (
            "Labai ačiū, mūsų gatvėje to laukėme jau daugelį metų.",
            "O kas už visa tai galų gale sumokės? Tikriausiai tie patys kaip visada.",
            "Buvome ten su vaikais ir kitąmet vėl atvyksime, linkėjimai iš uosto.",
        ),
        "Skaitykite taip pat",
        "Parašykite komentarą. El. pašto adresas nebus skelbiamas.",
        "Užsisakykite naujienlaiškį ir kiekvieną penktadienį gaukite miesto naujienas.",
        "Savivaldybė, Turgaus aikštė 1, darbo dienomis dirba nuo aštuntos iki šešioliktos",
    ),
}
