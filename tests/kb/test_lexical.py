"""BM25 over terms: each language by its own statistics."""

from dataclasses import dataclass

import pytest

from kb import KnowledgeBase, query_terms
from kb.lexical import RELATED, score
from tests.kb.drafts import add, draft, put


@dataclass(frozen=True)
class Scored:
    """Scores and coverage by passage id."""

    scores: dict[int, float]
    coverage: dict[int, float]
    unknown: dict[str, float]


def scored(kb: KnowledgeBase, query: str, *languages: str) -> Scored:
    found = score(kb.engine.terms.view(), query_terms.analyse(query, languages or ("en",), 64))
    ids = found.ids.tolist()
    scores, coverage = found.scores.tolist(), found.coverage.tolist()
    return Scored(dict(zip(ids, scores, strict=True)), dict(zip(ids, coverage, strict=True)), found.unknown)


def paths(kb: KnowledgeBase, query: str, *languages: str) -> list[str]:
    """Paths of the documents that share a word with the query, best first."""
    scores = scored(kb, query, *languages).scores
    passages = kb.store.passages(list(scores))
    documents = {document.id: document.path for document in kb.store.documents()}
    return [documents[passages[p].document_id] for p in sorted(scores, key=lambda found: -scores[found])]


def test_only_passages_with_a_word_of_the_query_are_scored(kb: KnowledgeBase) -> None:
    add(kb, "/a", "Volunteers plant tulips.")
    add(kb, "/b", "The library lends drills.")
    assert paths(kb, "tulips") == ["/a"]
    assert paths(kb, "volcano") == []


def test_an_inflected_form_matches(kb: KnowledgeBase) -> None:
    add(kb, "/pl", "Miasto dziękuje wolontariuszom.", "pl")
    add(kb, "/lt", "Savivaldybė padėkojo savanoriams.", "lt")
    add(kb, "/lv", "Pašvaldība pateicas brīvprātīgajiem.", "lv")
    add(kb, "/other", "The library lends drills.")
    assert paths(kb, "wolontariusze", "pl")[0] == "/pl"
    assert paths(kb, "savivaldybės savanoriai", "lt")[0] == "/lt"
    assert paths(kb, "pašvaldībai", "lv")[0] == "/lv"
    assert "/other" not in paths(kb, "wolontariusze", "pl") + paths(kb, "savivaldybės savanoriai", "lt")


def test_a_rare_word_counts_more_than_a_frequent_one(kb: KnowledgeBase) -> None:
    add(kb, "/rare", "Lighthouse keepers wave today.")
    for number in range(5):
        add(kb, f"/frequent/{number}", "Library helpers wave today.")
    assert paths(kb, "library lighthouse")[0] == "/rare"


def test_more_mentions_count_more_in_passages_of_one_length(kb: KnowledgeBase) -> None:
    add(kb, "/once", "Tulips grow beside the old town wall.")
    add(kb, "/thrice", "Tulips beside tulips and tulips grow here.")
    add(kb, "/never", "The library lends drills to everyone here.")
    assert paths(kb, "tulips") == ["/thrice", "/once"]


def test_a_short_passage_beats_a_long_one_with_the_same_mentions(kb: KnowledgeBase) -> None:
    add(kb, "/long", "Tulips grow. " + "The market hall opens early and closes late on every weekday. " * 6)
    add(kb, "/short", "Tulips grow here.")
    assert paths(kb, "tulips") == ["/short", "/long"]


def test_a_word_that_is_frequent_in_one_language_may_be_rare_in_another(kb: KnowledgeBase) -> None:
    for number in range(6):
        add(kb, f"/en/{number}", f"The park number {number} is green.")
    add(kb, "/de", "Der Park am Fluss.", "de")
    for number in range(5):
        add(kb, f"/de/{number}", f"Die Stadt hat Brunnen {number}.", "de")
    scores = scored(kb, "park", "en", "de").scores
    by_path = {kb.store.document(kb.store.passages([p])[p].document_id).path: found for p, found in scores.items()}
    assert by_path["/de"] > max(by_path[f"/en/{number}"] for number in range(6))


@pytest.mark.parametrize("name", ["THW", "NNW", "22319", "brivpratigie.lv", "Youthpass", "40/212", "EU"])
@pytest.mark.parametrize("language", ["en", "pl", "de", "lv", "lt"])
def test_a_name_is_found_from_any_query_language(kb: KnowledgeBase, name: str, language: str) -> None:
    add(kb, "/named", f"Der Text nennt {name} als Beispiel.", "de")
    add(kb, "/other", "Die Bibliothek verleiht Bohrmaschinen.", "de")
    assert paths(kb, name, language) == ["/named"]


@pytest.mark.parametrize("query", ["Torun", "Toruń", "w Toruniu", "Toruņā", "Torunėje", "torunia"])
@pytest.mark.parametrize("language", ["en", "pl", "de", "lv", "lt"])
def test_a_city_is_found_in_any_inflection_from_any_query_language(
    kb: KnowledgeBase, query: str, language: str
) -> None:
    add(kb, "/lv", "Toruņā bibliotēka aizdod urbjmašīnas.", "lv")
    add(kb, "/other", "Rīgā bibliotēka aizdod urbjmašīnas.", "lv")
    assert paths(kb, query, language) == ["/lv"]


@pytest.mark.parametrize("query", ["Zielona Góra", "Zielonej Górze", "zielona gora", "Zaļā Gura"])
def test_a_city_of_two_words_is_found(kb: KnowledgeBase, query: str) -> None:
    add(kb, "/zg", "W Zielonej Górze sąsiedzi sadzą pomidory.", "pl")
    add(kb, "/other", "W Toruniu sąsiedzi sadzą pomidory.", "pl")
    if query == "Zaļā Gura":  # no such name: it must find nothing rather than the wrong city
        assert paths(kb, query, "lv") == []
    else:
        assert paths(kb, query, "pl") == ["/zg"]


def test_frankfurt_on_the_oder_is_not_frankfurt_on_the_main(kb: KnowledgeBase) -> None:
    add(kb, "/oder", "Frankfurt (Oder) baut eine Brücke.", "de")
    add(kb, "/main", "Frankfurt am Main baut einen Turm.", "de")
    assert paths(kb, "Frankfurt an der Oder", "de") == ["/oder"]


def test_a_little_word_of_the_query_is_not_another_word_elsewhere(kb: KnowledgeBase) -> None:
    add(kb, "/pl", "Idziemy do parku.", "pl")
    assert paths(kb, "what to do", "en") == []


def test_a_question_word_counts_for_nothing_beside_others(kb: KnowledgeBase) -> None:
    add(kb, "/how", "How nice that you came.")
    add(kb, "/tulips", "Tulips grow.")
    assert paths(kb, "how do tulips grow") == ["/tulips"]


def test_a_query_of_question_words_only_still_finds_them(kb: KnowledgeBase) -> None:
    add(kb, "/how", "How nice that you came.")
    assert paths(kb, "how") == ["/how"]


def test_the_heading_can_be_found_too(kb: KnowledgeBase) -> None:
    put(kb, draft("/headed", ("en", "They grow in spring."), heading="Tulips"))
    assert paths(kb, "tulips") == ["/headed"]


def test_the_title_can_be_found_too(kb: KnowledgeBase) -> None:
    put(kb, draft("/titled", ("en", "They grow in spring."), title="Tulips"))
    assert paths(kb, "tulips") == ["/titled"]


def test_a_word_typed_twice_counts_once(kb: KnowledgeBase) -> None:
    add(kb, "/a", "Tulips grow.")
    assert scored(kb, "tulips tulips tulips").scores == scored(kb, "tulips").scores


def test_coverage_is_whole_where_all_words_occur_and_none_where_none_does(kb: KnowledgeBase) -> None:
    both = add(kb, "/both", "Tulips and walnuts grow.")
    one = add(kb, "/one", "Only tulips here.")
    none = add(kb, "/none", "The library lends drills.")
    coverage = scored(kb, "tulips walnuts").coverage
    by_document = {d: coverage.get(kb.store.passages_of(d)[0].id, 0.0) for d in (both, one, none)}
    assert by_document[both] == pytest.approx(1)
    assert 0 < by_document[one] < 0.5  # the rarer word weighs more
    assert by_document[none] == 0


def test_words_beyond_the_limit_are_not_looked_up(kb: KnowledgeBase) -> None:
    add(kb, "/a", "Tulips grow.")
    query = " ".join(f"word{number}" for number in range(10)) + " tulips"
    view = kb.engine.terms.view()
    assert score(view, query_terms.analyse(query, ("en",), 10)).ids.tolist() == []
    assert score(view, query_terms.analyse(query, ("en",), 11)).ids.tolist() != []


@pytest.mark.parametrize(
    "query", ['"AND OR NOT (', "foo* NEAR bar", "lemmas:tulips OR", "'; DROP TABLE passages", "^", '"']
)
def test_operators_of_the_full_text_search_are_only_words(kb: KnowledgeBase, query: str) -> None:
    add(kb, "/a", "The library lends drills.")
    assert paths(kb, query) == []
    assert kb.store.document_by_path("/a") is not None


def test_an_empty_knowledge_base_scores_nothing(kb: KnowledgeBase) -> None:
    assert scored(kb, "tulips") == Scored({}, {}, {})


@pytest.mark.parametrize(
    ("language", "query", "passage"),
    [
        ("en", "motivate", "The motivation of helpers is a question of respect."),
        ("en", "who insures helpers", "The town pays for accident insurance."),
        ("pl", "ubezpieczyć", "Miasto opłaca ubezpieczenie od wypadków."),
        ("de", "versichern", "Die Stadt zahlt die Versicherung gegen Unfälle."),
    ],
)
def test_a_word_of_the_same_stem_is_found_where_the_word_itself_occurs_nowhere(
    kb: KnowledgeBase, language: str, query: str, passage: str
) -> None:
    add(kb, "/related", passage, language)
    assert paths(kb, query, language) == ["/related"]


def test_a_word_of_the_same_stem_does_not_count_where_the_word_itself_occurs(kb: KnowledgeBase) -> None:
    add(kb, "/related", "The motivation of helpers is a question of respect.")
    add(kb, "/itself", "Towns motivate people with respect.")
    assert paths(kb, "motivate") == ["/itself"]


def test_a_word_of_the_same_stem_covers_half_of_what_the_word_would(kb: KnowledgeBase) -> None:
    add(kb, "/related", "The recipient signs the agreement.")
    found = scored(kb, "recipe")
    assert set(found.coverage.values()) == {RELATED}


def test_the_share_of_words_without_a_translation_is_told_by_language(kb: KnowledgeBase) -> None:
    add(kb, "/en", "The library lends drills.")
    add(kb, "/lv", "Ostā ziemā ir ledus.", "lv")
    assert scored(kb, "volunteers").unknown == {"en": 0.0, "lv": 0.0}
    assert scored(kb, "xqzvwkj").unknown == {"en": 0.0, "lv": 1.0}
    assert 0 < scored(kb, "volunteers xqzvwkj").unknown["lv"] < 1
    assert scored(kb, "THW 2011 Torun").unknown == {"en": 0.0, "lv": 0.0}  # names are the same in every language


def test_the_whole_query_is_covered_by_its_translation(kb: KnowledgeBase) -> None:
    document = add(kb, "/lv", "Brīvprātīgie stāda kokus.", "lv")
    add(kb, "/other", "Ostā ziemā ir ledus.", "lv")
    (passage,) = kb.store.passages_of(document)
    found = scored(kb, "volunteers trees")
    assert set(found.coverage) == {passage.id}
    assert found.coverage[passage.id] > 0.5
