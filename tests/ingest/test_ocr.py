"""Scanned pages and pictures: read in their language, marked, and honest where they cannot be read."""

import os
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from ingest.discover import discover
from ingest.ocr import installed
from ingest.pipeline import Pipeline
from tests.ingest import texts
from tests.ingest.conftest import Base
from tests.ingest.files import make_pdf
from tests.ingest.scans import make_mixed, make_scan, scanned


@pytest.fixture(autouse=True)
def _fresh() -> None:
    installed.cache_clear()


@pytest.fixture
def no_tesseract(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A computer on which Tesseract is not installed."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))


@pytest.mark.parametrize("language", ["lv", "lt"])
def test_a_scan_is_read_with_the_letters_of_its_language(language: str, base: Base, tmp_path: Path) -> None:
    text = texts.BY_LANGUAGE[language]
    report = base.one(make_scan(tmp_path / "scan.pdf", [[text]]))
    assert (report.status, report.languages) == ("added", (language,))
    assert " ".join(base.texts(tmp_path / "scan.pdf")).replace("-", "–") == text.replace("-", "–")


def test_only_the_scanned_page_is_marked_as_read_by_ocr(base: Base, tmp_path: Path) -> None:
    pages = [("text", [texts.PL]), ("scan", [texts.DE]), ("text", [texts.EN])]
    path = make_mixed(tmp_path / "mixed.pdf", pages)
    assert base.one(path).languages == ("de", "en", "pl")
    found = base.kb.store.passages_of(base.document(path).id)
    by_place = {passage.place.label: passage for passage in found}
    assert [(place, passage.language) for place, passage in by_place.items()] == [
        ("page 1", "pl"),
        ("page 2", "de"),
        ("page 3", "en"),
    ]
    assert by_place["page 1"].confidence is by_place["page 3"].confidence is None
    assert 0.8 < (by_place["page 2"].confidence or 0) <= 1


def test_a_photographed_page_lying_on_its_side_is_read(base: Base, tmp_path: Path) -> None:
    scanned(tmp_path / "a", [texts.DE, texts.DE], turn=90).save(tmp_path / "photo.jpg")
    report = base.one(tmp_path / "photo.jpg")
    assert (report.status, report.format, report.languages) == ("added", "jpeg", ("de",))
    assert "eine Freikarte" in " ".join(base.texts(tmp_path / "photo.jpg"))


def test_each_page_of_a_tiff_is_a_page(base: Base, tmp_path: Path) -> None:
    first, second = (scanned(tmp_path / "a", [text]) for text in (texts.PL, texts.EN))
    first.save(tmp_path / "fax.tif", save_all=True, append_images=[second])
    base.one(tmp_path / "fax.tif")
    found = base.kb.store.passages_of(base.document(tmp_path / "fax.tif").id)
    assert [(passage.place.label, passage.language) for passage in found] == [("page 1", "pl"), ("page 2", "en")]


def test_a_picture_without_words_is_refused_as_such(base: Base, tmp_path: Path) -> None:
    picture = Image.new("RGB", (1200, 800), "white")
    ImageDraw.Draw(picture).ellipse((200, 100, 900, 700), fill="darkgreen")
    picture.save(tmp_path / "logo.png")
    report = base.one(tmp_path / "logo.png")
    assert (report.status, report.reason) == ("refused", "page 1: no legible words in the picture")


@pytest.mark.usefixtures("no_tesseract")
def test_without_tesseract_the_rest_is_read_and_the_package_is_named(base: Base, tmp_path: Path) -> None:
    path = make_mixed(tmp_path / "mixed.pdf", [("text", [texts.PL]), ("scan", [texts.DE])])
    report = base.one(path)
    assert (report.status, report.passages) == ("added", 1)
    assert report.reason.startswith("page 2 is a picture without text: install Tesseract to read")
    assert "apt install tesseract-ocr" in report.reason
    assert "--force" in report.reason


@pytest.mark.usefixtures("no_tesseract")
def test_without_tesseract_a_scan_is_refused_and_the_package_is_named(base: Base, tmp_path: Path) -> None:
    report = base.one(make_scan(tmp_path / "scan.pdf", [[texts.DE], [texts.DE]]))
    assert report.status == "refused"
    assert report.reason.startswith("pages 1, 2 are pictures without text: install Tesseract")


def test_a_missing_language_of_tesseract_is_named(base: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    models = tmp_path / "models"
    models.mkdir()
    known = Path(next(folder for folder in TESSDATA if Path(folder, "eng.traineddata").exists()))
    for name in ("eng", "osd"):
        (models / f"{name}.traineddata").write_bytes((known / f"{name}.traineddata").read_bytes())
    (models / "configs").symlink_to(known / "configs")
    monkeypatch.setenv("TESSDATA_PREFIX", str(models))
    report = base.one(make_scan(tmp_path / "scan.pdf", [[texts.LV]]))
    assert report.status == "added"
    assert "tesseract-ocr-lav" in report.reason


TESSDATA = [
    os.environ.get("TESSDATA_PREFIX", ""),
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
]


def test_reading_many_pages_tells_how_far_it_is(base: Base, tmp_path: Path) -> None:
    path = make_scan(tmp_path / "scan.pdf", [[texts.EN], [texts.EN], [texts.EN]])
    told: list[tuple[str, int, int]] = []

    def progress(name: str, done: int, total: int) -> None:
        told.append((Path(name).name, done, total))

    list(Pipeline(base.kb, progress=progress).run([path], discover([path])))
    assert told == [("scan.pdf", done, 3) for done in range(4)]


def test_text_that_was_scanned_is_found(base: Base, tmp_path: Path) -> None:
    path = make_scan(tmp_path / "scan.pdf", [[texts.PL]])
    make_pdf(tmp_path / "other.pdf", [[texts.DE]])
    base.ingest(tmp_path)
    assert base.finds("bezpłatny bilet na autobusy") == str(path)
