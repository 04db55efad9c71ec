"""Training the language pack: what is trained is what is shipped, and its examples say what they should."""

import json
import random
from pathlib import Path

import numpy as np
import torch

from kb.pack import Weights
from kb.text import fold
from models import pairs
from models.baltic import inflection, synthesis, train, wordnet
from models.baltic.examples import once_each, unit


def test_exported_weights_compute_what_was_trained(tmp_path: Path) -> None:
    torch.manual_seed(3)
    student = train.Student(50, 16)
    (tmp_path / "pieces.model").write_bytes(b"tokeniser")
    train.export(student, ["lv"], tmp_path)
    bags = [[1, 2, 3], [7], [4, 4, 49, 0]]
    starts = torch.tensor([0, 3, 4])
    flat = torch.tensor([piece for bag in bags for piece in bag])
    with torch.no_grad():
        wanted = student(flat, starts, torch.ones(len(flat))).numpy()
    found = Weights.load(tmp_path / "weights.npz").vectors(bags)
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    assert ((found * wanted).sum(axis=1) > 0.999).all()
    assert json.loads((tmp_path / "pack.json").read_text())["languages"] == ["lv"]


def test_inflected_forms_are_read_off_the_dictionary() -> None:
    assert {"pašvaldībai", "pašvaldībām"} & set(inflection.forms("lv")["pašvaldība"])
    assert "pašvaldība" in inflection.by_folded("lv")["pasvaldiba"]


def test_synthetic_texts_hold_forms_of_the_translations() -> None:
    english = "a volunteer helps the municipality of the city"
    for language, stem in (("lv", "brivprat"), ("lt", "savanor")):
        found = list(synthesis.translate([english] * 5, language, random.Random(1)))
        assert found, language
        assert all(pair.english == english and stem in fold(pair.text) for pair in found)


def test_a_sentence_of_unknown_words_makes_no_example() -> None:
    assert list(synthesis.translate(["qwxz vbnm zzkj plok"], "lv", random.Random(1))) == []


def test_wordnet_definitions_and_examples_are_read(tmp_path: Path) -> None:
    licence = "  1 This software and database is being provided to you\n"
    line = '00001740 04 n 01 town_hall 0 000 | a building of the municipal government; "they met at the town hall"\n'
    for part in ("noun", "verb", "adj", "adv"):
        (tmp_path / f"data.{part}").write_text(licence + (line if part == "noun" else ""))
    assert list(wordnet.sentences(tmp_path)) == [
        "town hall: a building of the municipal government",
        "they met at the town hall",
    ]


def test_no_text_is_encoded_twice() -> None:
    seen: list[str] = []

    def encode(texts: list[str]) -> np.ndarray:
        seen.extend(texts)
        return unit(np.array([[len(text), 1.0] for text in texts], np.float32))

    encoded = once_each(encode)  # type: ignore[arg-type]
    first = encoded(["a", "bcd", "a"])
    assert np.array_equal(first[0], first[2])
    assert np.allclose(encoded(["bcd"])[0], first[1])
    assert sorted(seen) == ["a", "bcd"]


def test_rows_and_glossaries_are_whole() -> None:
    rows = pairs.rows()
    assert {row.topic for row in rows} >= {"volunteering", "everyday", "encyclopaedic", "news"}
    assert all(row.text(language).strip() for row in rows for language in pairs.COLUMNS)
    for language in ("pl", "de", "lv", "lt"):
        assert "city" in {english for gloss in pairs.glosses(language) for english in gloss.english}, language
