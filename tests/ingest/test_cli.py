"""`python -m ingest`: what it prints and how it exits, for people and for programs."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingest.__main__ import main
from kb.config import default_home
from tests.ingest import texts
from tests.ingest.files import make_image_pdf, make_pdf, make_text

ROOT = Path(__file__).resolve().parents[2]
KEYS = ["path", "status", "reason", "format", "title", "languages", "passages", "seconds"]

Run = Callable[..., tuple[int, list[dict[str, Any]]]]


def command(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """`python -m ingest` as a person runs it."""
    return subprocess.run(
        [sys.executable, "-m", "ingest", *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Runs the command with --json in this process: exit status and the objects it printed."""

    def run_json(*arguments: object) -> tuple[int, list[dict[str, Any]]]:
        status = main([*map(str, arguments), "--home", str(tmp_path / "home"), "--json"])
        return status, [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return run_json


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A document that is read, one in two languages, and one that is refused."""
    folder = tmp_path / "files"
    folder.mkdir()
    make_text(folder / "1 łączy.txt", f"Wieczór podziękowań\n\n{texts.PL}")
    make_pdf(folder / "2.pdf", [[texts.LV], [texts.EN]], title="Vakars")
    make_image_pdf(folder / "3 scan.pdf")
    return folder


def test_json_has_an_object_a_file_and_a_summary(run: Run, folder: Path) -> None:
    status, printed = run(folder)
    *files, summary = printed
    assert status == 1
    assert [list(line) for line in files] == [KEYS] * 3
    assert all(isinstance(line["seconds"], float) for line in files)
    assert [{key: line[key] for key in KEYS[:-1]} for line in files] == [
        {
            "path": str(folder / "1 łączy.txt"),
            "status": "added",
            "reason": "",
            "format": "txt",
            "title": "Wieczór podziękowań",
            "languages": ["pl"],
            "passages": 1,
        },
        {
            "path": str(folder / "2.pdf"),
            "status": "added",
            "reason": "",
            "format": "pdf",
            "title": "Vakars",
            "languages": ["en", "lv"],
            "passages": 2,
        },
        {
            "path": str(folder / "3 scan.pdf"),
            "status": "refused",
            "reason": "pages 1, 2, 3: no legible words in the picture",
            "format": "",
            "title": "",
            "languages": [],
            "passages": 0,
        },
    ]
    assert summary == {"summary": {"added": 2, "refused": 1}}


def test_the_summary_follows_the_life_of_the_files(run: Run, folder: Path) -> None:
    (folder / "3 scan.pdf").unlink()
    assert (run(folder)[0], run(folder)[1][-1]) == (0, {"summary": {"unchanged": 2}})
    make_text(folder / "1 łączy.txt", texts.DE)
    (folder / "2.pdf").unlink()
    status, printed = run(folder)
    assert (status, printed[-1]) == (0, {"summary": {"updated": 1, "gone": 1}})
    status, printed = run(folder, "--prune")
    assert (status, printed[-1]) == (0, {"summary": {"unchanged": 1, "removed": 1}})
    assert [line["status"] for line in printed[:-1]] == ["unchanged", "removed"]


def test_force_reads_again(run: Run, folder: Path) -> None:
    run(folder / "2.pdf")
    assert run(folder / "2.pdf", "--force")[1][-1] == {"summary": {"updated": 1}}


def test_a_path_that_is_not_there_exits_with_1_and_says_so(run: Run, tmp_path: Path) -> None:
    status, printed = run(tmp_path / "nowhere")
    assert (status, printed[0]["status"], printed[0]["reason"]) == (1, "failed", "there is no such file or folder")


def test_an_empty_folder_is_all_well(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert run(tmp_path / "empty") == (0, [{"summary": {}}])


def test_a_file_name_that_is_no_text_is_one_line_of_json(folder: Path, tmp_path: Path) -> None:
    make_text(folder / os.fsdecode(b"zesz\xf3w.txt"), texts.PL)
    result = command(folder, "--home", tmp_path / "home", "--json")
    assert "Traceback" not in result.stderr
    assert json.loads(result.stdout.splitlines()[-1]) == {"summary": {"added": 2, "refused": 2}}
    assert result.returncode == 1


@pytest.mark.parametrize("arguments", [[], ["--unknown", "x"], ["--json"]])
def test_wrong_usage_exits_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    assert "usage: python -m ingest" in capsys.readouterr().err


def test_a_home_that_cannot_be_one_exits_with_2_and_a_message(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = make_text(tmp_path / "file", "not a folder")
    assert main([str(folder), "--home", str(home)]) == 2
    message = capsys.readouterr().err
    assert str(home) in message
    assert "Traceback" not in message


def test_the_table_names_every_file_with_its_status_and_reason(folder: Path, tmp_path: Path) -> None:
    result = command(folder, "--home", tmp_path / "home", COLUMNS="200")
    assert result.returncode == 1
    rows = {line.split("  ")[0].strip(): line for line in result.stdout.splitlines() if line.strip()}
    assert "added" in rows["1 łączy.txt"]
    assert "Wieczór podziękowań" in rows["1 łączy.txt"]
    assert "en lv" in rows["2.pdf"]
    assert "refused" in rows["3 scan.pdf"]
    assert "pages 1, 2, 3: no legible words in the picture" in rows["3 scan.pdf"]
    assert f"2 added, 1 refused. The knowledge base in {tmp_path / 'home'} holds 2 documents." in result.stdout


def test_the_table_keeps_every_reason_on_a_narrow_terminal(folder: Path, tmp_path: Path) -> None:
    result = command(folder / "3 scan.pdf", "--home", tmp_path / "home", COLUMNS="60")
    printed = " ".join(result.stdout.split())
    for word in ("scan.pdf", "refused", "legible", "words", "picture"):
        assert word in printed


def test_markup_in_a_title_is_printed_as_it_is(tmp_path: Path) -> None:
    path = make_text(tmp_path / "[bold]a.txt", f"Wieczór [red]podziękowań[/red]\n\n{texts.PL}")
    result = command(path, "--home", tmp_path / "home", COLUMNS="200")
    assert "[bold]a.txt" in result.stdout
    assert "Wieczór [red]podziękowań[/red]" in result.stdout


def test_kb_home_names_the_knowledge_base(folder: Path, tmp_path: Path) -> None:
    result = command(folder / "2.pdf", "--json", KB_HOME=str(tmp_path / "elsewhere"))
    assert result.returncode == 0
    assert (tmp_path / "elsewhere" / "kb.sqlite3").is_file()
    assert default_home() == Path(os.environ.get("KB_HOME", "data"))


def test_help_says_what_is_read_and_what_the_exit_status_means() -> None:
    result = command("--help")
    assert result.returncode == 0
    text = " ".join(result.stdout.split())
    for words in (
        "PDF, PPTX, DOCX, ODT, ODP, RTF",
        "--watch",
        "--review",
        "--home",
        "--prune",
        "--json",
        "--model",
        "2 wrong usage",
    ):
        assert words in text
