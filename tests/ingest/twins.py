"""The same document in other formats, made by LibreOffice; and how alike two readings are."""

import shutil
import subprocess
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from kb.text import words
from tests.ingest.files import read

needs_libreoffice = pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")


def saved_as(target: str, files: Sequence[Path], folder: Path) -> list[Path]:
    """`files` as LibreOffice saves them in the format `target`, in `folder`."""
    profile = (folder / "profile").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", target]
    subprocess.run([*command, "--outdir", str(folder), *map(str, files)], check=True, capture_output=True, timeout=120)
    return [folder / f"{file.stem}.{target}" for file in files]


def likeness(one: Path, other: Path) -> float:
    """The share of words that the passages of two files have in common: twice the common ones by all."""
    bags = [Counter(words(read(path).text.lower())) for path in (one, other)]
    return 2 * (bags[0] & bags[1]).total() / (bags[0].total() + bags[1].total())
