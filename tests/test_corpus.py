"""The sample corpus: built files match their sources, and sources name where facts come from."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingest.extract import extract
from ingest.extract.base import Extraction, Refused

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
SOURCES = sorted((CORPUS / "sources").glob("*.md"))


def front_matter(path: Path) -> dict[str, Any]:
    meta = yaml.safe_load(path.read_text(encoding="utf-8").split("---\n", 2)[1])
    assert isinstance(meta, dict)
    return meta


def content(path: Path) -> Extraction | str:
    """What a reader finds in the file, or why nothing."""
    try:
        return extract(path)
    except Refused as reason:
        return str(reason)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("built")
    subprocess.run([sys.executable, CORPUS / "build.py", "--to", folder], check=True, timeout=300)
    return sorted(folder.iterdir())


def test_the_built_files_say_what_their_sources_say(built: list[Path]) -> None:
    # By content: another version of zlib or of a font tool packs the same document differently.
    assert len(built) == len(SOURCES) + 1  # README.md lists them
    different = [path.name for path in built if content(path) != content(CORPUS / path.name)]
    assert different == []


def test_building_again_gives_the_same_bytes_and_check_names_what_is_missing(built: list[Path], tmp_path: Path) -> None:
    again = Path(shutil.copytree(built[0].parent, tmp_path / "again"))
    (again / built[7].name).unlink()
    command = [sys.executable, CORPUS / "build.py", "--check", "--to", again]
    result = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert result.returncode == 1
    assert result.stdout.splitlines() == [built[7].name]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_source_has_its_built_file_and_names_its_sources(path: Path) -> None:
    meta = front_matter(path)
    assert (CORPUS / f"{path.stem}.{meta['format']}").is_file()
    assert isinstance(meta["sources"], list)
    assert all(isinstance(entry, str) and entry.strip() for entry in meta["sources"])
    assert meta["sources"]


QUESTIONS = [json.loads(line) for line in (CORPUS / "questions.jsonl").read_text("utf-8").splitlines()]


def test_only_a_question_that_nobody_answers_has_no_relevant_place() -> None:
    assert [row["id"] for row in QUESTIONS if bool(row["relevant"]) == (row["kind"] == "none")] == []


def test_no_question_is_asked_twice() -> None:
    assert len({row["query"] for row in QUESTIONS}) == len({row["id"] for row in QUESTIONS}) == len(QUESTIONS)


@pytest.mark.parametrize("language", ["en", "pl", "de", "lv", "lt"])
def test_each_language_has_its_questions_half_of_them_for_reporting_only(language: str) -> None:
    sets = [row["set"] for row in QUESTIONS if row["language"] == language]
    assert len(sets) >= 30
    assert 0.4 <= sets.count("test") / len(sets) <= 0.6
    assert set(sets) == {"test", "development"}


def test_every_document_that_is_read_answers_some_question() -> None:
    ignored = (CORPUS / ".kbignore").read_text("utf-8").splitlines()
    asked = {place["document"] for row in QUESTIONS for place in row["relevant"]}
    built = {f"{path.stem}.{front_matter(path)['format']}" for path in SOURCES}
    assert built - asked - set(ignored) == set()
