"""Questions in one language, passages in another: what words alone find, without the encoder's help."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.discover import discover
from ingest.pipeline import Pipeline
from kb import KnowledgeBase
from kb.config import LANGUAGES
from kb.encoder import Encoder
from kb.lexical import score
from tests.kb.drafts import add

PASSAGES = {
    "insurance": {
        "en": "Every volunteer gets an accident insurance from the city.",
        "pl": "Każdy wolontariusz dostaje od miasta ubezpieczenie od wypadków.",
        "de": "Die Stadt zahlt allen Freiwilligen eine Versicherung gegen Unfälle.",
        "lv": "Katrs brīvprātīgais saņem no pilsētas apdrošināšanu pret nelaimes gadījumiem.",
        "lt": "Kiekvienas savanoris gauna iš miesto draudimą nuo nelaimingų atsitikimų.",
    },
    "trees": {
        "en": "Schoolchildren plant trees along the river every spring.",
        "pl": "Uczniowie sadzą co wiosnę drzewa nad rzeką.",
        "de": "Schüler pflanzen jeden Frühling Bäume am Fluss.",
        "lv": "Skolēni katru pavasari stāda kokus pie upes.",
        "lt": "Mokiniai kiekvieną pavasarį sodina medžius prie upės.",
    },
    "library": {
        "en": "The library lends books and drills for free.",
        "pl": "Biblioteka pożycza książki i wiertarki za darmo.",
        "de": "Die Bibliothek verleiht Bücher und Bohrmaschinen kostenlos.",
        "lv": "Bibliotēka bez maksas aizdod grāmatas un urbjmašīnas.",
        "lt": "Biblioteka nemokamai skolina knygas ir gręžtuvus.",
    },
    "swimming": {
        "en": "Children learn to swim in the lake in summer.",
        "pl": "Latem dzieci uczą się pływać w jeziorze.",
        "de": "Im Sommer lernen Kinder im See schwimmen.",
        "lv": "Vasarā bērni ezerā mācās peldēt.",
        "lt": "Vasarą vaikai ežere mokosi plaukti.",
    },
    "soup": {
        "en": "Neighbours cook soup for lonely old people.",
        "pl": "Sąsiedzi gotują zupę dla samotnych starych ludzi.",
        "de": "Nachbarn kochen Suppe für einsame alte Menschen.",
        "lv": "Kaimiņi vāra zupu vientuļiem veciem cilvēkiem.",
        "lt": "Kaimynai verda sriubą vienišiems seniems žmonėms.",
    },
    "hospital": {
        "en": "The town builds a new road for bicycles to the hospital.",
        "pl": "Miasto buduje nową drogę dla rowerów do szpitala.",
        "de": "Die Stadt baut eine neue Straße für Fahrräder zum Krankenhaus.",
        "lv": "Pilsēta būvē jaunu ceļu velosipēdiem uz slimnīcu.",
        "lt": "Miestas tiesia naują kelią dviračiams į ligoninę.",
    },
    "harbour": {
        "en": "The harbour freezes in January and the ships wait.",
        "pl": "W styczniu port zamarza i statki czekają.",
        "de": "Im Januar friert der Hafen zu, und die Schiffe warten.",
        "lv": "Janvārī osta aizsalst, un kuģi gaida.",
        "lt": "Sausį uostas užšąla, ir laivai laukia.",
    },
}

QUERIES = {
    "insurance": {
        "en": "insurance for volunteers",
        "pl": "ubezpieczenie wolontariuszy",
        "de": "Versicherung für Freiwillige",
        "lv": "brīvprātīgo apdrošināšana",
        "lt": "savanorių draudimas",
    },
    "trees": {
        "en": "who plants trees in spring",
        "pl": "kto sadzi drzewa wiosną",
        "de": "wer pflanzt Bäume im Frühling",
        "lv": "kas pavasarī stāda kokus",
        "lt": "kas pavasarį sodina medžius",
    },
    "library": {
        "en": "books from the library",
        "pl": "książki z biblioteki",
        "de": "Bücher aus der Bibliothek",
        "lv": "grāmatas no bibliotēkas",
        "lt": "knygos iš bibliotekos",
    },
    "swimming": {
        "en": "where do children learn to swim",
        "pl": "gdzie dzieci uczą się pływać",
        "de": "wo lernen Kinder schwimmen",
        "lv": "kur bērni mācās peldēt",
        "lt": "kur vaikai mokosi plaukti",
    },
    "soup": {
        "en": "neighbours cook for old people",
        "pl": "sąsiedzi gotują dla starych ludzi",
        "de": "Nachbarn kochen für alte Menschen",
        "lv": "kaimiņi vāra zupu veciem cilvēkiem",
        "lt": "kaimynai verda sriubą seniems žmonėms",
    },
    "hospital": {
        "en": "by bicycle to the hospital",
        "pl": "rowerem do szpitala",
        "de": "mit dem Fahrrad ins Krankenhaus",
        "lv": "ar velosipēdu uz slimnīcu",
        "lt": "dviračiu į ligoninę",
    },
}


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[KnowledgeBase]:
    """A document a topic and language, of one short passage. Only for reading."""
    home = tmp_path_factory.mktemp("towns") / "home"
    with KnowledgeBase.open(home, encoder=encoder, create=True) as kb:
        for topic, texts in PASSAGES.items():
            for language, text in texts.items():
                add(kb, f"/{language}/{topic}", text, language)
        yield kb


def by_words(kb: KnowledgeBase, query: str) -> list[str]:
    """Paths of the passages with a word of the query, best first, by words alone."""
    prepared = kb.prepare(query)
    assert prepared is not None
    found = score(kb.engine.terms.view(), prepared.words)
    scores = dict(zip(found.ids.tolist(), found.scores.tolist(), strict=True))
    assert all(value > 0 for value in scores.values())
    passages = kb.store.passages(list(scores))
    ids = sorted(scores, key=lambda passage: -scores[passage])
    return [kb.store.document(passages[passage].document_id).path for passage in ids]


@pytest.mark.parametrize("topic", QUERIES)
@pytest.mark.parametrize("asked_in", LANGUAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_words_alone_find_the_right_passage_of_each_language_first(
    towns: KnowledgeBase, topic: str, asked_in: str, language: str
) -> None:
    found = [path for path in by_words(towns, QUERIES[topic][asked_in]) if path.startswith(f"/{language}/")]
    assert found[:1] == [f"/{language}/{topic}"]


@pytest.mark.parametrize("topic", QUERIES)
@pytest.mark.parametrize("asked_in", LANGUAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_search_gives_the_right_passage_the_best_lexical_score_and_says_why(
    towns: KnowledgeBase, topic: str, asked_in: str, language: str
) -> None:
    hits = towns.search(QUERIES[topic][asked_in], 50, languages=[language])
    best = max(hits, key=lambda hit: hit.lexical)
    assert (best.document.path, best.lexical > 0) == (f"/{language}/{topic}", True)
    assert any(match.likely for match in best.matches)


@pytest.mark.parametrize("asked_in", LANGUAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_about_something_else_has_no_word_in_common(
    towns: KnowledgeBase, asked_in: str, language: str
) -> None:
    query = {
        "en": "chess championship",
        "pl": "mistrzostwa szachowe",
        "de": "Schachmeisterschaft",
        "lv": "šaha čempionāts",
        "lt": "šachmatų čempionatas",
    }[asked_in]
    assert [path for path in by_words(towns, query) if path.startswith(f"/{language}/")] == []


@pytest.mark.parametrize(
    ("query", "topic"),
    [("help volunteers", "insurance"), ("hospital", "hospital"), ("library", "library")],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_query_too_short_to_tell_its_language_reaches_every_language(
    towns: KnowledgeBase, query: str, topic: str, language: str
) -> None:
    found = [path for path in by_words(towns, query) if path.startswith(f"/{language}/")]
    assert found[:1] == [f"/{language}/{topic}"]


def test_a_document_in_another_language_is_found_after_it_is_ingested_from_a_file(
    kb: KnowledgeBase, tmp_path: Path
) -> None:
    texts = {
        "trees.txt": "Mokiniai kiekvieną pavasarį sodina medžius prie upės. Miestas dovanoja jiems kastuvus.",
        "soup.txt": "Kaimynai verda sriubą vienišiems seniems žmonėms. Jie susitinka kiekvieną antradienį.",
    }
    folder = tmp_path / "files"
    folder.mkdir()
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    assert {report.status for report in Pipeline(kb).run([folder], discover([folder]))} == {"added"}
    for query in ("who plants trees in spring", "wer pflanzt Bäume im Frühling", "kto sadzi drzewa wiosną"):
        found = [hit for hit in kb.search(query) if hit.lexical > 0]
        assert [Path(hit.document.path).name for hit in found] == ["trees.txt"]
