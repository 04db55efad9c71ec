"""Texts written for the tests: paragraphs of ordinary length in the five languages."""

EN = (
    "The city council thanks its volunteers every December with an evening in the town theatre. "
    "Each organisation proposes one person, and a jury of former winners chooses ten of them. "
    "The winners receive a certificate, a free pass for buses and trams, and a day trip with their families. "
    "Since the evening began, the number of people who stay for more than two years has doubled. "
    "Other towns may copy the rules, which the council publishes on its web page every autumn."
)
EN_MORE = (
    "Insurance is the question that beginners ask most often. "
    "The town buys one policy for all registered helpers, which covers accidents on the way and at work. "
    "Coordinators register a new helper in five minutes, and the policy begins on the same day."
)
PL = (
    "Miasto co roku w grudniu dziękuje swoim wolontariuszom podczas uroczystego wieczoru w teatrze. "
    "Każda organizacja zgłasza jedną osobę, a kapituła złożona z dawnych laureatów wybiera dziesięć z nich. "
    "Wyróżnieni otrzymują dyplom, bezpłatny bilet na autobusy i tramwaje oraz wycieczkę z rodziną. "
    "Od kiedy odbywa się ten wieczór, dwa razy więcej osób zostaje w wolontariacie dłużej niż dwa lata."
)
DE = (
    "Die Stadt dankt ihren Freiwilligen jedes Jahr im Dezember mit einem festlichen Abend im Theater. "
    "Jeder Verein schlägt eine Person vor, und eine Jury aus früheren Preisträgern wählt zehn von ihnen aus. "
    "Die Ausgezeichneten erhalten eine Urkunde, eine Freikarte für Busse und Straßenbahnen und einen Ausflug. "
    "Seit es diesen Abend gibt, bleiben doppelt so viele Menschen länger als zwei Jahre dabei."
)
LV = (
    "Pilsēta katru gadu decembrī pateicas saviem brīvprātīgajiem ar svinīgu vakaru teātrī. "
    "Katra biedrība piesaka vienu cilvēku, un žūrija, kurā darbojas iepriekšējie laureāti, izvēlas desmit no tiem. "
    "Uzvarētāji saņem pateicības rakstu, bezmaksas braukšanas karti un ekskursiju kopā ar ģimeni. "
    "Kopš šādi vakari notiek, divreiz vairāk cilvēku paliek brīvprātīgajā darbā ilgāk par diviem gadiem."
)
LT = (
    "Miestas kasmet gruodžio mėnesį dėkoja savo savanoriams iškilmingu vakaru teatre. "
    "Kiekviena organizacija pasiūlo vieną žmogų, o komisija, kurioje dirba buvę nugalėtojai, išrenka dešimt iš jų. "
    "Nugalėtojai gauna padėkos raštą, nemokamą viešojo transporto bilietą ir išvyką su šeima. "
    "Nuo tada, kai rengiami šie vakarai, dvigubai daugiau žmonių savanoriauja ilgiau nei dvejus metus."
)
FR = (
    "La ville remercie ses bénévoles chaque année au mois de décembre par une soirée au théâtre municipal. "
    "Chaque association propose une personne, et un jury d'anciens lauréats en choisit dix parmi elles. "
    "Les lauréats reçoivent un diplôme, une carte gratuite pour les autobus et une excursion en famille. "
    "Depuis que cette soirée existe, deux fois plus de personnes restent engagées pendant plus de deux ans."
)
"""French is not a language of the project; a document in it must not pass for one that is."""

BY_LANGUAGE = {"en": EN, "pl": PL, "de": DE, "lv": LV, "lt": LT}


def sentences(text: str) -> list[str]:
    """The sentences of one of the texts above, which have no abbreviations."""
    return [sentence.rstrip(".") + "." for sentence in text.split(". ")]
