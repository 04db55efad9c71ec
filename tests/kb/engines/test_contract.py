"""What every engine does: one suite, in a folder and on a cluster."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from kb import KnowledgeBase
from kb.embed import DocumentVectors
from kb.encoder import Vectors
from kb.errors import NotFound
from kb.landscape.reading import read as landscape
from kb.landscape.update import LEAST_PASSAGES
from kb.related.links import related_documents
from kb.store import Counts
from kb.types import Filters
from tests.kb.drafts import add, draft, embedded, put
from tests.kb.engines.machines import found, ids, kept, paths, serious, texts, words
from tests.kb.test_related import GUIDE, SAME_TOPIC, paragraphs

TOWNS = ("garden", "park", "school", "library", "museum", "harbour", "market", "theatre", "stadium", "hospital")
ACTS = ("Volunteers clean the", "The mayor opens the", "Pupils paint the", "A choir sings in the", "Cyclists pass the")

# --- documents in and out


def test_a_document_comes_back_as_it_went_in(kb: KnowledgeBase) -> None:
    made = draft("/mixed", ("lv", "Toruņā ir svētki 🎈."), ("en", "There is a feast."), city="torun", title="Feasts")
    document = kb.store.document(put(kb, made))
    assert (document.path, document.title, document.languages) == ("/mixed", "Feasts", ("en", "lv"))
    assert document.city is not None and document.city.value == "torun"
    assert texts(kb, document.id) == ["Toruņā ir svētki 🎈.", "There is a feast."]
    hits = {hit.passage.text: hit.sentence for hit in kb.search("a feast in Toruń")}
    assert hits == {"Toruņā ir svētki 🎈.": "Toruņā ir svētki 🎈.", "There is a feast.": "There is a feast."}


def test_a_new_version_keeps_the_id_and_nothing_of_the_old_one_is_found(kb: KnowledgeBase) -> None:
    first = put(kb, draft("/plan", ("en", "Volunteers plant tulips."), ("en", "They water tulips on Sunday.")))
    other = add(kb, "/other", "The library lends drills.")
    assert add(kb, "/plan", "Volunteers repair bicycles.") == first != other
    assert texts(kb, first) == ["Volunteers repair bicycles."]
    assert sorted(found(kb, "tulips")) == ["The library lends drills.", "Volunteers repair bicycles."]
    assert [hit.lexical for hit in kb.search("tulips")] == [0, 0]
    assert kb.engine.counts() == Counts(2, 2, 2)


def test_a_moved_document_is_found_at_its_new_path_only(kb: KnowledgeBase) -> None:
    document = add(kb, "/old", "Volunteers plant tulips.")
    kb.engine.move(document, "/archive.zip/new", "/archive.zip")
    assert kb.store.document_by_path("/old") is None
    hit = kb.search("tulips")[0]
    assert (hit.document.id, hit.document.path, hit.document.container) == (
        document,
        "/archive.zip/new",
        "/archive.zip",
    )
    assert add(kb, "/archive.zip/new", "Volunteers plant roses.") == document
    assert add(kb, "/old", "A new plan for the harbour.") != document
    assert paths(kb) == ["/archive.zip/new", "/old"]


def test_a_removed_document_is_gone_from_text_passages_and_search(kb: KnowledgeBase) -> None:
    document = add(kb, "/plan", "Volunteers plant tulips.")
    add(kb, "/other", "The library lends drills.")
    kb.engine.remove(document)
    assert paths(kb) == ["/other"]
    assert found(kb, "tulips") == ["The library lends drills."]
    assert add(kb, "/plan", "Volunteers plant tulips.") > 0
    assert found(kb, "tulips")[0] == "Volunteers plant tulips."


def test_what_is_not_there_cannot_be_removed(kb: KnowledgeBase) -> None:
    add(kb, "/plan", "Volunteers plant tulips.")
    with pytest.raises(NotFound, match="There is no document 77"):
        kb.engine.remove(77)
    assert paths(kb) == ["/plan"]


def test_every_change_raises_the_generation(kb: KnowledgeBase) -> None:
    seen = [kb.engine.generation()]
    document = add(kb, "/plan", "Volunteers plant tulips.")
    seen.append(kb.engine.generation())
    add(kb, "/plan", "Volunteers repair bicycles.")
    seen.append(kb.engine.generation())
    kb.engine.move(document, "/new")
    seen.append(kb.engine.generation())
    kb.engine.remove(document)
    seen.append(kb.engine.generation())
    assert all(earlier < later for earlier, later in pairwise(seen))


def test_counts_say_how_much_there_is_to_find(kb: KnowledgeBase) -> None:
    assert kb.engine.counts() == Counts(0, 0, 0)
    put(kb, draft("/a", ("en", "Volunteers plant tulips. They water them."), ("lt", "Miestas tvarko parką.")))
    document = put(kb, draft("/b", ("de", "Der Chor singt im Rathaus.")))
    assert kb.engine.counts() == Counts(2, 3, 4)
    kb.engine.remove(document)
    assert kb.engine.counts() == Counts(1, 2, 3)


def test_a_document_without_words_and_one_without_passages_are_kept(kb: KnowledgeBase) -> None:
    put(kb, draft("/numbers", ("en", "2 + 2 = 4 …")))
    put(kb, draft("/empty"))
    assert paths(kb) == ["/empty", "/numbers"]
    assert found(kb, "four numbers") == ["2 + 2 = 4 …"]
    kb.settle()
    assert serious(kb) == []


def test_an_empty_knowledge_base_finds_nothing_and_is_whole(kb: KnowledgeBase) -> None:
    assert kb.search("volunteers") == []
    assert kb.answer("Who plants tulips?").citations == ()
    kb.settle()
    assert kb.verify() == []


# --- candidates


@pytest.fixture
def many(kb: KnowledgeBase) -> dict[int, tuple[Vectors, Vectors]]:
    """By passage, its vector and those of its sentences, of a few documents."""
    kept: dict[int, tuple[Vectors, Vectors]] = {}
    for act in ACTS:
        made = draft(f"/{act}", *(("en", f"{act} {town}. It is the {town} of the town.") for town in TOWNS))
        vectors = embedded(kb.encoder, made)
        document = put(kb, made)
        for at, passage in enumerate(kb.store.passages_of(document)):
            kept[passage.id] = vectors.passages[at], vectors.sentences[2 * at : 2 * at + 2]
    return kept


def test_the_nearest_are_the_passages_with_the_nearest_sentences(
    kb: KnowledgeBase, many: dict[int, tuple[Vectors, Vectors]]
) -> None:
    query = kb.encoder.encode(["Children colour the walls of their school"])
    best = {passage: float((sentences @ query.T).max()) for passage, (_, sentences) in many.items()}
    near = kb.engine.nearest(query, 8, Filters())
    edge = sorted(best.values(), reverse=True)[7]
    assert len(near) == 8
    assert all(best[passage] > edge - 0.01 for passage in near)


def test_passages_that_bytes_cannot_tell_apart_are_told_by_their_whole_vectors(kb: KnowledgeBase) -> None:
    kb.engine.claim(kb.encoder)
    one, other = kb.encoder.encode(["Pupils paint the museum", "A choir sings in the harbour"])
    for number, nearness in enumerate((6, 0, 1, 2, 7, 3, 4, 5)):
        made = draft(f"/{number}", ("en", f"Number {number} of eight."))
        vector = one + nearness * 1e-5 * other
        vectors = DocumentVectors(*[(vector / np.linalg.norm(vector))[None]] * 2)
        kb.engine.put(made, vectors)
    near = kb.engine.nearest(((one + other) / np.linalg.norm(one + other))[None], 3, Filters())
    assert near == {passage for number in (0, 4, 7) for passage in ids(kb, f"/{number}")}


def test_queries_share_what_is_asked_for_evenly(kb: KnowledgeBase, many: dict[int, tuple[Vectors, Vectors]]) -> None:
    queries = kb.encoder.encode(["Pupils paint the museum", "A choir sings in the harbour"])
    together = kb.engine.nearest(queries, 6, Filters())
    assert together == kb.engine.nearest(queries[:1], 3, Filters()) | kb.engine.nearest(queries[1:], 3, Filters())
    assert 3 < len(together) <= 6


def test_cosines_are_those_of_passage_and_best_sentence_in_the_order_asked(
    kb: KnowledgeBase, many: dict[int, tuple[Vectors, Vectors]]
) -> None:
    queries = kb.encoder.encode(["Pupils paint the museum", "Who opens the market?", "cyclists"])
    asked = [*many][::-3]
    expected = [many[one][0] @ queries.T + (many[one][1] @ queries.T).max(axis=0) for one in asked]
    said = kb.engine.cosines(queries, asked)
    assert said.shape == (len(asked), 3) and said.dtype == np.float32
    assert np.abs(said - np.array(expected)).max() < 0.01
    assert kb.engine.cosines(queries, []).shape == (0, 3)


def test_words_find_the_passages_that_hold_them_and_no_others(kb: KnowledgeBase) -> None:
    put(kb, draft("/plan", ("en", "Volunteers plant tulips."), ("en", "The mayor opens the market.")))
    put(kb, draft("/de", ("de", "Freiwillige pflanzen Tulpen.")))
    evidence = kb.engine.by_words(words(kb, "tulips"))
    first, second = ids(kb, "/plan")
    (third,) = ids(kb, "/de")
    assert evidence.best(10, Filters()) == {first, third}
    assert evidence.best(10, Filters(languages=("de",))) == {third}
    assert len(evidence.best(1, Filters())) == 1
    scores, coverage = evidence.of([second, third, first])
    assert scores[0] == coverage[0] == 0
    assert min(scores[1:]) > 0 and min(coverage[1:]) > 0.5
    assert set(evidence.unknown) == {"de", "en"}


def test_what_no_translation_is_known_of_is_said_for_each_language(kb: KnowledgeBase) -> None:
    put(kb, draft("/plan", ("en", "The blorptastic committee meets."), ("lv", "Komiteja tiekas otrdien.")))
    unknown = kb.engine.by_words(words(kb, "the committee is blorptastic")).unknown
    assert 0 < unknown["lv"] < 1
    assert kb.engine.by_words(words(kb, "volunteers")).unknown == {"en": 0, "lv": 0}
    assert kb.engine.by_words(words(kb, "blorptastic")).unknown["lv"] == 1


def test_words_without_any_passage_find_none(kb: KnowledgeBase) -> None:
    add(kb, "/plan", "Volunteers plant tulips.")
    evidence = kb.engine.by_words(words(kb, "submarine"))
    assert evidence.best(10, Filters()) == set()
    assert [part.tolist() for part in evidence.of(ids(kb, "/plan"))] == [[0.0], [0.0]]


# --- files, and what is derived


def test_originals_are_handed_out_byte_for_byte(kb: KnowledgeBase, tmp_path: Path) -> None:
    file = tmp_path / "Plan für 2024.PDF"
    file.write_bytes(bytes(range(256)) * 5_000)
    made = replace(draft(str(file), ("en", "Volunteers plant tulips.")), sha256=kept(kb, file), format="pdf")
    document = kb.store.document(put(kb, made))
    assert kb.engine.has_original(document)
    assert kb.engine.original(document).read_bytes() == file.read_bytes()


def test_an_original_that_is_missing_is_named_with_what_to_do(kb: KnowledgeBase) -> None:
    document = kb.store.document(add(kb, "/plan.txt", "Volunteers plant tulips."))
    assert not kb.engine.has_original(document)
    with pytest.raises(NotFound, match=r"The copy of plan\.txt is missing\. Ingest that file with --force"):
        kb.engine.original(document)
    assert [problem.what for problem in kb.verify() if not problem.harmless] == ["/plan.txt"]


def test_after_settling_translations_are_known_and_nothing_is_wrong(kb: KnowledgeBase) -> None:
    guides = {
        code: put(kb, draft(f"/{code}", *((code, part) for part in paragraphs(GUIDE[code], 2)))) for code in GUIDE
    }
    others = [
        put(kb, draft(f"/o{code}", *((code, p) for p in paragraphs(text, 2)))) for code, text in SAME_TOPIC.items()
    ]
    assert any("not been compared" in problem.message for problem in kb.verify())
    kb.settle()
    assert {near.document.id: near.kind for near in related_documents(kb.store, guides["en"])} == {
        guides["de"]: "translation",
        guides["lv"]: "translation",
    }
    assert [related_documents(kb.store, other) for other in others] == [[], []]
    hit = kb.search("tool library in the cellar of the school", 1, collapse=True)[0]
    assert hit.document.id == guides["en"]
    assert {other.document.id for other in hit.also} == {guides["de"], guides["lv"]}
    similar = kb.similar_documents(guides["en"])
    assert [near.document.id for near in similar[:1]] == others[:1]
    assert guides["de"] not in {near.document.id for near in similar}
    passage = kb.store.passages_of(guides["en"])[0]
    assert {near.document.id for near in kb.more_like(passage.id)} == set(others)
    assert [problem for problem in kb.verify() if "original" not in problem.message] == []


def test_the_landscape_shows_every_passage_after_settling(
    kb: KnowledgeBase, many: dict[int, tuple[Vectors, Vectors]]
) -> None:
    assert len(many) >= LEAST_PASSAGES
    kb.settle()
    assert {point.passage_id for point in landscape(kb.store, 1_000).points} == set(many)
    add(kb, "/new", "Volunteers clean the theatre and the stadium.")
    assert any(problem.what == "landscape" for problem in kb.verify())
    kb.settle()
    assert landscape(kb.store, 1_000).passages == len(many) + 1
    assert [problem for problem in kb.verify() if "original" not in problem.message] == []
