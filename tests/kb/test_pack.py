"""The Baltic pack: Latvian and Lithuanian in the bundled encoder's space."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from kb.encoder import BundledEncoder, load_encoder
from kb.pack import TablePack, bundled_packs, sha256

ENGLISH = [
    "The fire brigade rescued a cat from the roof of the school.",
    "Our choir rehearses every Thursday evening in the library.",
    "Pensioners travel free of charge on all tram lines.",
    "The river flooded three villages after the heavy rain.",
    "Young people decide how part of the city budget is spent.",
    "She bakes bread for the shelter twice a week.",
    "The doctor advised him to walk more and to smoke less.",
    "Tickets for the exhibition are sold out until September.",
]
LATVIAN = [
    "Ugunsdzēsēji izglāba kaķi no skolas jumta.",
    "Mūsu koris mēģina katru ceturtdienas vakaru bibliotēkā.",
    "Pensionāri visās tramvaja līnijās brauc bez maksas.",
    "Pēc stiprā lietus upe appludināja trīs ciemus.",
    "Jaunieši lemj, kā iztērēt daļu pilsētas budžeta.",
    "Divreiz nedēļā viņa cep maizi patversmei.",
    "Ārsts ieteica viņam vairāk staigāt un mazāk smēķēt.",
    "Biļetes uz izstādi ir izpārdotas līdz septembrim.",
]
LITHUANIAN = [
    "Ugniagesiai išgelbėjo katę nuo mokyklos stogo.",
    "Mūsų choras kiekvieną ketvirtadienio vakarą repetuoja bibliotekoje.",
    "Pensininkai visose tramvajaus linijose važiuoja nemokamai.",
    "Po smarkaus lietaus upė užliejo tris kaimus.",
    "Jaunimas sprendžia, kam išleisti dalį miesto biudžeto.",
    "Du kartus per savaitę ji kepa duoną prieglaudai.",
    "Gydytojas patarė jam daugiau vaikščioti ir mažiau rūkyti.",
    "Bilietai į parodą išparduoti iki rugsėjo.",
]
BALTIC = {"lv": LATVIAN, "lt": LITHUANIAN}
MEGABYTE = 1_000_000
MODELS = Path(__file__).parents[2] / "models"


@pytest.fixture(scope="module")
def pack() -> TablePack:
    (found,) = bundled_packs()
    return found


@pytest.mark.parametrize("language", BALTIC)
def test_a_sentence_is_nearest_to_its_english_translation(language: str) -> None:
    encoder = load_encoder()
    english = encoder.encode(ENGLISH, ["en"] * len(ENGLISH))
    found = encoder.encode(BALTIC[language], [language] * len(ENGLISH))
    assert (found @ english.T).argmax(axis=1).tolist() == list(range(len(ENGLISH)))


def test_latvian_and_lithuanian_find_each_other() -> None:
    encoder = load_encoder()
    one, other = (encoder.encode(texts, [language] * len(texts)) for language, texts in BALTIC.items())
    assert (one @ other.T).argmax(axis=1).tolist() == list(range(len(ENGLISH)))


def test_the_language_is_detected_where_none_is_named() -> None:
    encoder = load_encoder()
    for language, texts in [*BALTIC.items(), ("en", ENGLISH)]:
        assert np.allclose(encoder.encode(texts), encoder.encode(texts, [language] * len(texts)), atol=1e-5)


def test_other_languages_are_encoded_as_before() -> None:
    assert np.array_equal(load_encoder().encode(ENGLISH, ["en"] * len(ENGLISH)), BundledEncoder().encode(ENGLISH))


@pytest.mark.parametrize("text", ["", " ", "!!!", "123", "\N{PARTY POPPER}", "a" * 5_000, "pilsēta " * 2_000])
@pytest.mark.parametrize("language", BALTIC)
def test_any_text_gets_a_unit_vector(pack: TablePack, text: str, language: str) -> None:
    (vector,) = pack.encode([text], [language])
    assert vector.dtype == np.float32
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_no_texts_give_no_vectors() -> None:
    assert load_encoder().encode([], []).shape == (0, 512)


def test_a_text_gets_the_same_vector_alone_and_among_others(pack: TablePack) -> None:
    texts = LATVIAN * 50  # more than one batch
    together = pack.encode(texts, ["lv"] * len(texts))
    alone = pack.encode(texts[:1], ["lv"])
    assert np.allclose(together[::8], alone, atol=1e-5)


def test_an_unseen_ending_costs_little(pack: TablePack) -> None:
    known, inflected, other = pack.encode(["brīvprātīgais", "brīvprātīgajiem", "tramvajs"], ["lv"] * 3)
    assert known @ inflected > known @ other + 0.2


def test_threads_share_the_pack(pack: TablePack) -> None:
    def encode(_: int) -> np.ndarray:
        return np.asarray(pack.encode(LITHUANIAN, ["lt"] * len(LITHUANIAN)))

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(encode, range(32)))
    assert all(np.array_equal(found[0], other) for other in found)


def test_the_fingerprint_is_that_of_the_files(pack: TablePack) -> None:
    assert pack.fingerprint == f"baltic/{sha256(MODELS / 'baltic')[:12]}"
    assert pack.fingerprint in load_encoder().fingerprint


def test_the_models_are_small_enough_to_be_kept_with_the_code() -> None:
    assert sum(path.stat().st_size for path in (MODELS / "baltic").iterdir() if path.is_file()) < 30 * MEGABYTE
    assert sum(path.stat().st_size for path in (MODELS / "bridge").iterdir() if path.is_file()) < 10 * MEGABYTE
