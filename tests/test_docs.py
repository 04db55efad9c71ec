"""The documents are in step with the code: commands, options, files and links that they name exist."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.languages.__main__ import table
from benchmarks.load import tables as load
from benchmarks.quality import tables as quality
from benchmarks.scale import tables as scale
from benchmarks.scale.sizing import sizing
from benchmarks.speed import tables as speed

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted(
    path for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "models").rglob("*.md")]
)
COMMANDS = [
    ("ingest",),
    ("kb",),
    *(("kb", command) for command in ("search", "answer", "show", "stats", "verify", "evaluate", "remove", "reembed")),
    ("kb", "migrate"),
    ("kb", "questions"),
]


def help_text(*command: str) -> str:
    run = [sys.executable, "-m", *command, "--help"]
    environment = {"COLUMNS": "100", "PATH": "/usr/bin:/bin"}
    return subprocess.run(run, capture_output=True, text=True, check=True, cwd=ROOT, env=environment).stdout.strip()


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_the_help_of_each_command_stands_in_the_documents(command: tuple[str, ...]) -> None:
    page = " ".join((ROOT / "docs" / "cli.md").read_text("utf-8").split())
    assert " ".join(help_text(*command).split()) in page  # Python versions wrap lines differently


def test_the_documents_name_all_commands_that_exist() -> None:
    listed = set(re.findall(r"^    (\w+)(?: |$)", help_text("kb"), flags=re.MULTILINE))
    assert listed == {command[1] for command in COMMANDS if len(command) == 2}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_to_files_of_the_project(document: Path) -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", document.read_text("utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_named_in_the_documents_exist(document: Path) -> None:
    folders = "kb|ingest|ui|docs|corpus|tests|benchmarks|models"
    named = re.findall(rf"`((?:{folders})/[\w./-]+)`", document.read_text("utf-8"))
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_make_targets_that_the_documents_name_exist() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), flags=re.MULTILINE))
    named = {target for path in DOCUMENTS for target in re.findall(r"`make (\w+)", path.read_text("utf-8"))}
    assert named - targets == set()


def test_the_decisions_that_the_code_names_exist() -> None:
    code = [path for folder in ("kb", "ingest", "ui") for path in (ROOT / folder).rglob("*.py")]
    named = {name for path in code for name in re.findall(r"docs/[\w/-]+\.md", path.read_text("utf-8"))}
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_the_tables_of_languages_are_those_of_the_kept_result() -> None:
    result = json.loads((ROOT / "benchmarks" / "languages" / "ntrex.json").read_text("utf-8"))
    assert table(result) in (ROOT / "docs" / "languages.md").read_text("utf-8")


def test_the_tables_of_quality_are_those_of_the_kept_results() -> None:
    folder = ROOT / "benchmarks" / "quality"
    assert quality.tables(folder) in (ROOT / "docs" / "quality.md").read_text("utf-8")
    readme = (ROOT / "README.md").read_text("utf-8")
    for name in ("corpus", "ntrex"):
        assert quality.comparison(json.loads((folder / f"{name}.json").read_text("utf-8"))) in readme


def test_the_tables_of_speed_are_those_of_the_kept_result() -> None:
    result = json.loads((ROOT / "benchmarks" / "speed" / "result.json").read_text("utf-8"))
    assert speed.tables(result) in (ROOT / "docs" / "speed.md").read_text("utf-8")
    assert speed.sizes(result) in (ROOT / "README.md").read_text("utf-8")


def test_the_tables_of_sentences_are_those_of_the_kept_result() -> None:
    result = json.loads((ROOT / "benchmarks" / "speed" / "sentences.json").read_text("utf-8"))
    assert speed.sentences(result) in (ROOT / "docs" / "decisions" / "many-sentences.md").read_text("utf-8")


def test_the_tables_of_scale_are_those_of_the_kept_result() -> None:
    result = json.loads((ROOT / "benchmarks" / "scale" / "result.json").read_text("utf-8"))
    assert scale.tables(result) in (ROOT / "docs" / "scale.md").read_text("utf-8")


def test_what_a_cluster_needs_is_as_reckoned() -> None:
    assert sizing() in (ROOT / "docs" / "operating.md").read_text("utf-8")


def test_all_settings_of_a_cluster_are_in_its_document() -> None:
    said = (ROOT / "kb" / "engines" / "qdrant" / "settings.py").read_text("utf-8")
    names = {f"KB_QDRANT_{name}" for name in re.findall(r"""(?:KB_QDRANT_|_number\(["'])([A-Z_]+)""", said)}
    page = (ROOT / "docs" / "cluster.md").read_text("utf-8")
    assert len(names) == 7
    assert [name for name in sorted(names) if f"| `{name}` |" not in page] == []


def test_the_tables_of_load_are_those_of_the_kept_result() -> None:
    result = json.loads((ROOT / "benchmarks" / "load" / "result.json").read_text("utf-8"))
    assert load.tables(result) in (ROOT / "docs" / "decisions" / "load.md").read_text("utf-8")
