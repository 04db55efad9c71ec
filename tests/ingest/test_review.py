"""--review: sidecars that show what was read, and change nothing until a person says so."""

from pathlib import Path

import pytest
import yaml

from ingest import sidecar
from ingest.review import Outcome, write_sidecars
from kb.practice import facts_of
from kb.types import PracticeFact
from tests.ingest import practices, texts
from tests.ingest.conftest import Base
from tests.ingest.files import make_text


def review(base: Base, *paths: Path) -> dict[str, tuple[str, str]]:
    """Outcome and reason by file name."""
    found = write_sidecars(base.kb, paths)
    return {Path(reviewed.path).name: (str(reviewed.outcome), reviewed.reason) for reviewed in found}


def record(base: Base, path: Path) -> list[PracticeFact]:
    return facts_of(base.kb.store, base.document(path).id)


@pytest.fixture
def deck(base: Base, tmp_path: Path) -> Path:
    """A deck that has been ingested."""
    path = practices.polish_deck(tmp_path)
    base.one(path)
    return path


def lines(path: Path) -> list[str]:
    return path.with_name(f"{path.name}.yaml").read_text("utf-8").splitlines()


def test_the_sidecar_shows_each_value_with_its_place_and_sureness(base: Base, deck: Path) -> None:
    assert review(base, deck) == {"torun.pptx": ("written", "")}
    written = lines(deck)
    assert '# city: Toruń  # slide 1, 80%: "Toruniu"' in written
    assert '# year: 2014-2016  # slide 1, 70%: "2014–2016"' in written
    (topics,) = [line for line in written if line.startswith("# topics:")]
    assert topics.startswith('# topics: [seniors, volunteering]  # seniors: slide 1, 80%: "seniorów"; volunteering: ')
    assert '# contact: www.torun.pl/seniorzy  # slide 6, 60%: "Dziękuję za uwagę"' in written


def test_fields_that_were_not_found_stand_there_to_be_filled(base: Base, tmp_path: Path) -> None:
    path = make_text(tmp_path / "a.txt", texts.EN)
    base.one(path)
    review(base, path)
    assert "# partner:  # not found" in lines(path)


def test_an_unedited_sidecar_changes_nothing(base: Base, deck: Path) -> None:
    before = record(base, deck)
    review(base, deck.parent)
    assert sidecar.find(deck) is None
    assert base.one(deck).status == "unchanged"
    base.ingest(deck, force=True)
    assert record(base, deck) == before
    assert all(fact.confidence < 1 for fact in before)


def test_taking_the_comment_sign_away_confirms_every_value(base: Base, deck: Path) -> None:
    before = {(fact.field, fact.value) for fact in record(base, deck)}
    review(base, deck)
    beside = deck.with_name("torun.pptx.yaml")
    fields = [line for line in lines(deck) if yaml.safe_load(line.removeprefix("# ")).__class__ is dict]
    confirmed = [line.removeprefix("# ") for line in fields if line.split(":")[0][2:] in sidecar.FIELDS]
    make_text(beside, "\n".join(confirmed))
    assert base.one(deck).status == "updated"
    assert {(fact.field, fact.value, fact.confidence) for fact in record(base, deck)} == {(*row, 1.0) for row in before}


def test_correcting_one_line_leaves_the_rest_as_it_was_read(base: Base, deck: Path) -> None:
    before = record(base, deck)
    review(base, deck)
    beside = deck.with_name("torun.pptx.yaml")
    make_text(beside, beside.read_text("utf-8").replace("# year: 2014-2016 ", "year: 2013 "))
    base.one(deck)
    changed = [fact for fact in record(base, deck) if fact not in before]
    assert changed == [PracticeFact("year", "2013", "", None, 1.0)]


def test_what_a_person_wrote_is_never_overwritten(base: Base, deck: Path) -> None:
    for name in ("torun.yaml", "torun.pptx.yml", "torun.pptx.yaml"):
        make_text(deck.with_name(name), "# my own notes\n")
        assert review(base, deck) == {"torun.pptx": ("kept", "its sidecar is a person's work")}
        assert deck.with_name(name).read_text("utf-8") == "# my own notes\n"
        deck.with_name(name).unlink()


def test_one_changed_letter_makes_the_sidecar_a_person_s(base: Base, deck: Path) -> None:
    review(base, deck)
    beside = deck.with_name("torun.pptx.yaml")
    edited = make_text(beside, beside.read_text("utf-8").replace("Toruń", "Torun", 1)).read_bytes()
    assert review(base, deck)["torun.pptx"][0] == "kept"
    assert beside.read_bytes() == edited


def test_an_unchanged_sidecar_follows_its_document(base: Base, tmp_path: Path) -> None:
    path = make_text(tmp_path / "a.txt", f"Helpers in Vilnius\n\n{texts.EN}")
    base.one(path)
    review(base, path)
    make_text(path, f"Helpers in Liepāja\n\n{texts.EN}")
    base.one(path)
    assert review(base, path) == {"a.txt": ("refreshed", "")}
    assert any(line.startswith("# city: Liepāja") for line in lines(path))
    assert not any("Vilnius" in line for line in lines(path))


def test_only_documents_under_the_paths_are_reviewed(base: Base, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        make_text(tmp_path / folder / f"{folder}.txt", f"{texts.EN} {folder}")
    base.ingest(tmp_path)
    assert review(base, tmp_path / "one") == {"one.txt": ("written", "")}
    assert not (tmp_path / "two" / "two.txt.yaml").exists()


def test_what_has_no_place_for_a_sidecar_is_skipped_with_the_reason(base: Base, tmp_path: Path) -> None:
    gone = make_text(tmp_path / "gone.txt", texts.EN)
    base.one(gone)
    gone.unlink()
    new = make_text(tmp_path / "new.txt", texts.LV)
    assert review(base, gone, new) == {
        "gone.txt": ("skipped", "the file is gone"),
        "new.txt": ("skipped", "is not in the knowledge base: ingest it first"),
    }
    assert not list(tmp_path.glob("*.yaml"))


def test_a_hostile_title_cannot_leave_its_comment(base: Base, tmp_path: Path) -> None:
    title = "Fun # city: Riga\u2028city: Riga\u0085country: LV"
    path = make_text(tmp_path / "a.md", f"# {title}\n\n{texts.EN}")
    base.one(path)
    review(base, path)
    assert yaml.safe_load(path.with_name("a.md.yaml").read_text("utf-8")) is None
    assert sidecar.find(path) is None


def test_the_sidecar_names_the_topics_that_can_be_chosen(base: Base, deck: Path) -> None:
    review(base, deck)
    assert any(line.startswith("# Known topics: volunteering, recruitment,") for line in lines(deck))
    assert any(line.startswith("# Known target_groups: residents, volunteers,") for line in lines(deck))


def test_a_folder_that_cannot_be_written_to_is_named(base: Base, deck: Path) -> None:
    deck.with_name(".torun.pptx.yaml.part").mkdir()  # where the sidecar would first be written
    ((outcome, reason),) = review(base, deck).values()
    assert outcome == Outcome.SKIPPED
    assert reason.startswith("its sidecar cannot be written: ")
