"""The bundled encoder, the sentence-transformers adapter, and language packs."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from kb import KnowledgeBase
from kb.encoder import Encoder, Pool, SentenceTransformerEncoder, Vectors, load_encoder
from kb.errors import EncoderError, EncoderMismatch
from tests.kb.drafts import add

TEXTS = ["Volunteers water the trees.", "Wolontariusze podlewają drzewa.", "Freiwillige gießen die Bäume.", "", "😀"]


@pytest.fixture(params=["bundled", "minilm"])
def either(request: pytest.FixtureRequest, encoder: Encoder, minilm: SentenceTransformerEncoder) -> Encoder:
    return encoder if request.param == "bundled" else minilm


def test_every_text_gets_a_finite_vector_of_length_one(either: Encoder) -> None:
    vectors = either.encode(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), either.dim)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)


def test_no_texts_give_no_vectors(either: Encoder) -> None:
    assert either.encode([]).shape == (0, either.dim)
    assert either.encode([], []).dtype == np.float32


def test_the_same_text_always_gets_the_same_vector(either: Encoder) -> None:
    assert np.array_equal(either.encode(TEXTS), either.encode(TEXTS))


def test_the_vector_of_a_text_does_not_depend_on_its_neighbours(either: Encoder) -> None:
    alone = either.encode(TEXTS[:1])[0]
    assert np.allclose(alone, either.encode([*TEXTS[1:], "word " * 300, TEXTS[0]])[-1], atol=1e-4)


def test_a_very_long_text_gets_a_vector(either: Encoder) -> None:
    assert np.isfinite(either.encode(["city " * 20_000])).all()


TRANSLATIONS = [
    (
        "The city thanks its volunteers with a dinner.",
        "Miasto dziękuje wolontariuszom kolacją.",
        "Die Stadt dankt ihren Freiwilligen mit einem Abendessen.",
    ),
    ("Children learn to swim for free.", "Dzieci uczą się pływać za darmo.", "Kinder lernen kostenlos schwimmen."),
    (
        "Old bicycles are repaired and given away.",
        "Stare rowery są naprawiane i rozdawane.",
        "Alte Fahrräder werden repariert und verschenkt.",
    ),
    ("The bus is late because of snow.", "Autobus spóźnia się przez śnieg.", "Der Bus kommt wegen Schnee zu spät."),
]


@pytest.mark.parametrize(("here", "there"), [(0, 1), (0, 2), (1, 2), (2, 0)])
def test_a_translation_is_nearer_than_any_unrelated_sentence(encoder: Encoder, here: int, there: int) -> None:
    left = encoder.encode([row[here] for row in TRANSLATIONS])
    right = encoder.encode([row[there] for row in TRANSLATIONS])
    assert (left @ right.T).argmax(axis=1).tolist() == list(range(len(TRANSLATIONS)))


def test_a_question_is_nearer_to_its_answer_in_another_language(encoder: Encoder) -> None:
    query = encoder.encode(["how do cities thank their helpers"], role="query")[0]
    cosines = encoder.encode([row[1] for row in TRANSLATIONS]) @ query
    assert cosines.argmax() == 0


def test_the_bundled_encoder_is_the_default() -> None:
    assert load_encoder().fingerprint == load_encoder("bundled").fingerprint
    assert load_encoder().name == "bundled"


def test_two_encoders_have_different_fingerprints(encoder: Encoder, minilm: SentenceTransformerEncoder) -> None:
    assert encoder.fingerprint != minilm.fingerprint


def test_a_model_is_loaded_by_its_folder(minilm_path: Path, minilm: SentenceTransformerEncoder) -> None:
    loaded = load_encoder(str(minilm_path))
    assert loaded.fingerprint == minilm.fingerprint
    assert np.array_equal(loaded.encode(TEXTS[:1]), minilm.encode(TEXTS[:1]))


# --- prompts


def with_prompts(model: Path, target: Path, prompts: dict[str, str]) -> SentenceTransformerEncoder:
    """A copy of `model` that defines `prompts`."""
    shutil.copytree(model, target)
    config = target / "config_sentence_transformers.json"
    settings = json.loads(config.read_text("utf-8")) if config.is_file() else {}
    config.write_text(json.dumps({**settings, "prompts": prompts}), "utf-8")
    return SentenceTransformerEncoder(str(target))


def test_a_model_with_prompts_sees_them_before_queries_and_passages(
    minilm_path: Path, minilm: SentenceTransformerEncoder, tmp_path: Path
) -> None:
    prompted = with_prompts(minilm_path, tmp_path / "model", {"query": "query: ", "document": "passage: "})
    query = prompted.encode(["thank volunteers"], role="query")
    passage = prompted.encode(["thank volunteers"], role="passage")
    assert not np.allclose(query, passage, atol=1e-3)
    assert np.allclose(query, minilm.encode(["query: thank volunteers"]), atol=1e-5)
    assert np.allclose(passage, minilm.encode(["passage: thank volunteers"]), atol=1e-5)


def test_a_prompt_called_passage_is_used_for_passages(
    minilm_path: Path, minilm: SentenceTransformerEncoder, tmp_path: Path
) -> None:
    prompted = with_prompts(minilm_path, tmp_path / "model", {"query": "query: ", "passage": "passage: "})
    passage = prompted.encode(["thank volunteers"], role="passage")
    assert np.allclose(passage, minilm.encode(["passage: thank volunteers"]), atol=1e-5)


def test_a_model_without_prompts_treats_queries_like_passages(minilm: SentenceTransformerEncoder) -> None:
    query = minilm.encode(["thank volunteers"], role="query")
    assert np.array_equal(query, minilm.encode(["thank volunteers"], role="passage"))


def test_other_prompts_make_another_vector_space(minilm_path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    first = with_prompts(minilm_path, folder, {"document": "passage: "}).fingerprint
    shutil.rmtree(folder)
    assert with_prompts(minilm_path, folder, {"document": "Represent this: "}).fingerprint != first


# --- what goes wrong


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="no-such-model could not be loaded"):
        load_encoder(str(tmp_path / "no-such-model"))


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "config.json").write_text("{}", "utf-8")
    with pytest.raises(EncoderError, match="empty could not be loaded"):
        load_encoder(str(tmp_path / "empty"))


def test_another_encoder_is_refused_with_the_command_that_helps(home: Path, minilm: SentenceTransformerEncoder) -> None:
    with KnowledgeBase.open(home, encoder=minilm) as kb, pytest.raises(EncoderMismatch) as caught:
        kb.search("volunteers")
    assert f"python -m kb reembed --model {minilm.name} --home {home}" in str(caught.value)
    assert "use-multilingual" in str(caught.value)


# --- re-embedding


def test_after_reembedding_search_works_with_the_new_encoder(
    kb: KnowledgeBase, minilm: SentenceTransformerEncoder
) -> None:
    add(kb, "/thanks", "The mayor writes thank-you cards to volunteers.")
    add(kb, "/pool", "The swimming pool opens at seven in the morning.")
    kb.settle()
    kb.reembed(minilm)
    with KnowledgeBase.open(kb.store.home) as reopened:
        assert reopened.encoder.fingerprint == minilm.fingerprint
        assert reopened.search("gratitude towards helpers")[0].document.path == "/thanks"
        assert [problem for problem in reopened.verify() if problem.what in {"index", "vectors"}] == []


def test_a_knowledge_base_open_elsewhere_follows_a_reembedding(
    kb: KnowledgeBase, encoder: Encoder, minilm: SentenceTransformerEncoder
) -> None:
    """A web page that runs while someone changes the encoder."""
    add(kb, "/thanks", "The mayor writes thank-you cards to volunteers.")
    add(kb, "/pool", "The swimming pool opens at seven in the morning.")
    with KnowledgeBase.open(kb.store.home) as page:
        assert page.search("thank-you cards")[0].document.path == "/thanks"
        kb.reembed(minilm)
        assert page.search("thank-you cards")[0].document.path == "/thanks"


def test_the_first_ingested_document_may_come_after_a_reembedding(
    kb: KnowledgeBase, minilm: SentenceTransformerEncoder
) -> None:
    assert kb.reembed(minilm) == 0
    add(kb, "/pool", "The swimming pool opens at seven in the morning.")
    assert kb.search("swimming")[0].document.path == "/pool"
    assert kb.store.meta("encoder_fingerprint") == minilm.fingerprint


# --- language packs


class LettersPack:
    """A tiny pack: Latvian by the letters that occur, in the base's dimensions."""

    fingerprint = "letters-1"
    languages = frozenset({"lv"})
    alphabet = "aābcčdeēfgģhiījkķlļmnņoprsštuūvzž"

    def __init__(self, dim: int) -> None:
        self.dim = dim

    def encode(self, texts: Sequence[str], languages: Sequence[str]) -> Vectors:
        assert len(languages) == len(texts) and set(languages) <= self.languages
        vectors = np.zeros((len(texts), self.dim), np.float32)
        for row, text in enumerate(texts):
            vectors[row, 0] = 1
            for letter in text.lower():
                if letter in self.alphabet:
                    vectors[row, 1 + self.alphabet.index(letter)] += 1
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def test_a_text_in_a_packs_language_goes_to_the_pack_and_others_do_not(encoder: Encoder) -> None:
    pack = LettersPack(encoder.dim)
    pool = Pool(encoder, (pack,))
    texts = ["Children swim.", "Bērni peld.", "Dzieci pływają.", "Kaimiņi dzied."]
    vectors = pool.encode(texts, ["en", "lv", "pl", "lv"])
    assert np.array_equal(vectors[[1, 3]], pack.encode(["Bērni peld.", "Kaimiņi dzied."], ["lv", "lv"]))
    assert np.allclose(vectors[[0, 2]], encoder.encode(["Children swim.", "Dzieci pływają."]), atol=1e-5)


def test_without_languages_they_are_detected(encoder: Encoder) -> None:
    pool = Pool(encoder, (LettersPack(encoder.dim),))
    texts = [
        "Children swim in the lake.",
        "Bērni peld ezerā kopā ar kaimiņiem.",
        "Dzieci pływają w jeziorze.",
        "",
        "2011",
    ]
    vectors = pool.encode(texts)
    assert np.array_equal(vectors, pool.encode(texts, ["en", "lv", "pl", "", ""]))
    assert not np.allclose(vectors[1], encoder.encode(texts[1:2]), atol=1e-3)


def test_without_packs_no_language_is_needed(encoder: Encoder) -> None:
    texts = ["Children swim in the lake.", "Bērni peld ezerā kopā ar kaimiņiem."]
    assert np.array_equal(Pool(encoder, ()).encode(texts), Pool(encoder, ()).encode(texts, ["en", "lv"]))


def test_the_first_of_two_packs_for_a_language_gets_it(encoder: Encoder) -> None:
    class Later(LettersPack):
        fingerprint = "later-1"
        alphabet = "z"

    pool = Pool(encoder, (LettersPack(encoder.dim), Later(encoder.dim)))
    assert np.array_equal(pool.encode(["Bērni."], ["lv"]), LettersPack(encoder.dim).encode(["Bērni."], ["lv"]))


def test_no_texts_need_no_pack(encoder: Encoder) -> None:
    assert Pool(encoder, (LettersPack(encoder.dim),)).encode([], []).shape == (0, encoder.dim)


def test_a_pack_makes_another_vector_space(encoder: Encoder, kb: KnowledgeBase) -> None:
    add(kb, "/pool", "The swimming pool opens at seven.")
    pool = Pool(encoder, (LettersPack(encoder.dim),))
    with KnowledgeBase.open(kb.store.home, encoder=pool) as packed, pytest.raises(EncoderMismatch, match="letters-1"):
        packed.search("pool")
