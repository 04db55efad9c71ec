"""A watched folder: files are taken when they are whole, and a drive that goes away takes nothing along."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.discover import Discovery
from ingest.pipeline import Pipeline
from ingest.report import FileReport
from ingest.watch import Watcher, watch
from tests.ingest import texts
from tests.ingest.conftest import Base
from tests.ingest.files import make_docx, make_text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


def names(found: Discovery | None) -> list[str] | None:
    return None if found is None else [path.name for path in found.files]


def test_a_file_is_taken_when_it_has_stopped_growing(folder: Path) -> None:
    watcher = Watcher([folder])
    with (folder / "report.txt").open("w", encoding="utf-8") as file:
        seen = []
        for part in texts.sentences(texts.EN):
            file.write(part)
            file.flush()
            seen.append(names(watcher.look()))
    assert seen == [None] * len(seen)
    assert names(watcher.look()) == ["report.txt"]
    assert watcher.look() is None


def test_a_file_that_somebody_edits_is_left_alone_until_it_is_closed(folder: Path) -> None:
    make_docx(folder / "plan.docx", lambda document: document.add_paragraph(texts.EN))
    make_text(folder / "notes.odt", "x")
    (folder / "~$plan.docx").write_bytes(b"lock")
    (folder / ".~lock.notes.odt#").write_bytes(b"lock")
    watcher = Watcher([folder])
    assert [watcher.look() for _ in range(3)] == [None] * 3
    (folder / "~$plan.docx").unlink()
    assert names(watcher.look()) == ["plan.docx"]
    (folder / ".~lock.notes.odt#").unlink()
    assert names(watcher.look()) == ["notes.odt"]


def test_a_changed_file_and_a_new_sidecar_are_noticed(folder: Path) -> None:
    path = make_text(folder / "a.txt", texts.EN)
    watcher = Watcher([folder])
    watcher.look()
    assert names(watcher.look()) == ["a.txt"]
    make_text(path, texts.PL)
    watcher.look()
    assert names(watcher.look()) == ["a.txt"]
    make_text(folder / "a.txt.yaml", "city: Toruń")
    watcher.look()
    assert names(watcher.look()) == ["a.txt"]


def test_a_drive_that_goes_away_is_no_deletion(folder: Path) -> None:
    make_text(folder / "a.txt", texts.EN)
    watcher = Watcher([folder])
    watcher.look()
    watcher.look()
    away = folder.with_name("away")
    folder.rename(away)
    assert watcher.look() is None, "the mount point is missing"
    folder.mkdir()
    assert watcher.look() is None, "the mount point is an empty folder"
    folder.rmdir()
    away.rename(folder)
    assert watcher.look() is None, "it is back, as it was"
    make_text(folder / "b.txt", texts.PL)
    (folder / "a.txt").unlink()
    watcher.look()
    assert names(watcher.look()) == ["b.txt"]
    (folder / "a.txt").write_text(texts.EN, "utf-8")
    watcher.look()
    watcher.look()
    (folder / "a.txt").unlink()
    assert names(watcher.look()) == [], "now something is gone"


def test_a_failed_file_is_tried_three_times(folder: Path) -> None:
    path = make_text(folder / "a.txt", texts.EN)
    watcher = Watcher([folder])
    watcher.look()
    tries = 0
    for _ in range(6):
        if watcher.look():
            tries += 1
            watcher.failed(path)
    assert tries == 3


def test_what_comes_is_ingested_once_and_a_renamed_file_is_moved(base: Base, folder: Path) -> None:
    make_text(folder / "a.txt", texts.LV)
    pipeline = Pipeline(base.kb)

    def ingest(ready: Discovery) -> Iterator[FileReport]:
        return pipeline.run([folder], ready)

    told: list[tuple[str, str]] = []
    for rounds, report in enumerate(watch([folder], ingest, interval=0.01)):
        if report:
            told.append((report.status, Path(report.path).name))
        if rounds == 4:
            (folder / "a.txt").rename(folder / "b.txt")
        if rounds == 9:
            (folder / "b.txt").unlink()
            make_text(folder / "c.txt", texts.LT)
        if rounds > 16:
            break
    assert told == [("added", "a.txt"), ("updated", "b.txt"), ("added", "c.txt"), ("gone", "b.txt")]
    assert [Path(path).name for path in base.paths()] == ["b.txt", "c.txt"]


def test_the_command_watches_until_it_is_stopped(folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    command = [sys.executable, "-m", "ingest", "--watch", str(folder), "--home", str(home)]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        make_text(tmp_path / "a.txt", texts.EN)
        shutil.move(tmp_path / "a.txt", folder / "a.txt")
        assert running.stdout is not None
        os.set_blocking(running.stdout.fileno(), True)
        assert running.stdout.readline().startswith(f"added: {folder / 'a.txt'}: ")
        time.sleep(0.2)
    finally:
        running.send_signal(signal.SIGINT)
        errors = running.communicate(timeout=60)[1]
    assert running.returncode in {130, -signal.SIGINT}, "as a shell shows what Ctrl+C ended"
    assert "Press Ctrl+C to stop" in errors and "Stopped." in errors
    assert "Traceback" not in errors
