"""Killed at any moment, or out of disk: the knowledge base is sound, and running again finishes the job."""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from kb import KnowledgeBase
from tests.ingest import texts
from tests.ingest.containers import zipped
from tests.ingest.files import Slide, make_docx, make_pdf, make_pptx, make_text

KILLS = int(os.environ.get("HOPKB_KILLS", "12"))
"""How often the ingest is killed; docs/security.md tells of a hundred times."""

LONGEST = 1.5
"""Seconds after its first word at which the ingest is killed at the latest."""

FILES = 100


def make_files(folder: Path) -> Path:
    """A hundred documents of several kinds, all different."""
    folder.mkdir()
    languages = list(texts.BY_LANGUAGE)
    for number in range(FILES - 20):
        text = f"Number {number}. {texts.BY_LANGUAGE[languages[number % 5]]}"
        make_text(folder / f"{number:02}.txt", text)
    for number in range(6):
        make_pdf(folder / f"r{number}.pdf", [[f"Report {number}. {texts.PL}"], [texts.EN]])
        make_docx(folder / f"w{number}.docx", lambda d, n=number: d.add_paragraph(f"Plan {n}. {texts.DE}"))
        make_pptx(folder / f"s{number}.pptx", [Slide(f"Slide {number}", [texts.LV])])
    zipped(folder / "z.zip", {"inner one.txt": f"One. {texts.LT}".encode(), "inner two.txt": texts.FR.encode()})
    return folder


def ingest(folder: Path, home: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "ingest", str(folder), "--home", str(home), "--json"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, bufsize=1)


def test_killed_at_random_moments_nothing_is_lost_and_nothing_is_there_twice(tmp_path: Path) -> None:
    folder, home = make_files(tmp_path / "files"), tmp_path / "home"
    chance = random.Random(20261121)
    held: list[int] = []
    for _ in range(KILLS):
        running = ingest(folder, home)
        assert running.stdout is not None
        running.stdout.readline()
        time.sleep(chance.uniform(0, LONGEST))
        running.send_signal(signal.SIGKILL)
        running.communicate()
        with KnowledgeBase.open(home) as kb:
            assert [problem for problem in kb.verify() if not problem.harmless] == []
            held.append(len(kb.store.documents()))
        if held[-1] == FILES:
            shutil.rmtree(home)
    assert any(0 < count < FILES for count in held), "no kill came in the middle"
    finishing = ingest(folder, home)
    finishing.communicate()
    assert finishing.returncode == 0
    with KnowledgeBase.open(home) as kb:
        assert kb.verify() == []
        paths = [document.path for document in kb.store.documents()]
        originals = {path.stem for path in (home / "originals").iterdir()}
        assert originals == {document.sha256 for document in kb.store.documents()}
        assert kb.search("Number 17", k=1)[0].document.path == str(folder / "17.txt")
    wanted = [str(path) for path in folder.iterdir() if path.suffix != ".zip"]
    assert sorted(paths) == sorted([*wanted, f"{folder}/z.zip/inner one.txt", f"{folder}/z.zip/inner two.txt"])


CAN_MOUNT = subprocess.run(["unshare", "-rm", "true"], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not CAN_MOUNT, reason="this computer lets nobody mount a small disk")
def test_a_full_disk_is_told_and_with_room_the_job_is_finished(tmp_path: Path) -> None:
    folder, disk = make_files(tmp_path / "files"), tmp_path / "disk"
    disk.mkdir()
    script = f"""
        mount -t tmpfs -o size=3m tmpfs {disk}
        {sys.executable} -m ingest {folder} --home {disk}/home; echo "first: $?"
        mount -o remount,size=200m {disk}
        {sys.executable} -m kb verify --home {disk}/home > /dev/null; echo "verify: $?"
        {sys.executable} -m ingest {folder} --home {disk}/home > /dev/null; echo "second: $?"
        {sys.executable} -m kb verify --home {disk}/home; echo "verify again: $?"
        {sys.executable} -m kb stats --home {disk}/home
    """
    with tempfile.TemporaryDirectory(prefix="hopkb") as scratch:  # short: a socket's path has 107 characters at most
        done = subprocess.run(
            ["unshare", "-rm", "sh", "-c", script],
            capture_output=True,
            text=True,
            timeout=300,
            check=True,
            env={**os.environ, "TMPDIR": scratch},
        )
    assert "Traceback" not in done.stderr
    assert "no room left on the disk" in done.stdout
    for line in ("first: 1", "verify: 0", "second: 0", "verify again: 0", f"{FILES} documents"):
        assert line in done.stdout, done.stdout[-3000:]
