"""Files that nobody should have sent: each costs itself at most, says why, and touches nothing else."""

import os
import re
import shutil
import socket
import threading
import time
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing import forkserver
from pathlib import Path

import pytest

from ingest.discover import discover
from ingest.extract.safely import extract_safely
from ingest.pipeline import Pipeline
from ingest.report import FileReport
from kb.sandbox import Broken, Limits, tree
from tests.ingest import hostile, texts
from tests.ingest.conftest import Base
from tests.ingest.files import Slide, make_docx, make_page, make_pdf, make_pptx, make_text
from tests.ingest.hostile import FILES, GB, MB, Trap

SECRET = "the treasurer keeps the key beneath the flowerpot"

DAMAGED = "is damaged"
EMPTY = "has no text"
READ = "added"

FATES = {
    "laughs.docx": DAMAGED,
    "laughs.pptx": DAMAGED,
    "laughs.odt": DAMAGED,
    "quadratic.docx": DAMAGED,
    "quadratic.pptx": DAMAGED,
    "quadratic.odt": DAMAGED,
    "laughs.svg": "is XML",
    "quadratic.svg": "is XML",
    "bomb.docx": "unpacks to 10240 MB",
    "bomb.odt": "unpacks to 10240 MB",
    "bomb.pptx": "unpacks to 10240 MB",
    "bomb.epub": "unpacks to 10240 MB",
    "bomb-in-a-picture.docx": "unpacks to 10240 MB",
    "bomb-of-1-gb.docx": "unpacks to 1024 MB",
    "overlapping.zip": "unpacks to 89999 MB",
    "nested.zip": "holds no document that can be read",
    "loop.pdf": DAMAGED,
    "many-pages.pdf": "has 100000 pages",
    "stream-bomb.pdf": "made its reader crash or run out of memory|needs more than 1 GB",
    "twice-packed.pdf": "made its reader crash or run out of memory|needs more than 1 GB",
    "self-drawing.pdf": "made its reader crash or run out of memory|needs more than 1 GB|took longer",
    "deep.docx": "nests its contents",
    "deep.rtf": "nests its contents",
    "deep.html": "is nested too deeply",
    "tables.html": "is nested too deeply",
    "unclosed.html": "has no main text",
    "deep.eml": "nests its parts",
    "long-line.txt": "holds more than 7 MB of text",
    "combining.txt": "holds more than 7 MB of text",
    "spaces.pdf": "is empty",
    "white-space.txt": EMPTY,
    "deep.json.txt": EMPTY,
    "deep.pdf": "",
    "length-loop.pdf": "",
    "bin.rtf": "",
    "huge-image.pdf": "",
    "huge-page.pdf": "",
    "junk-jbig2.pdf": "",
    "junk-jpx.pdf": "",
    "junk-ccitt.pdf": "",
    "nul.txt": "is of no format known here",
    "nul-throughout.txt": "is of no format known here",
    "huge.png": "is a picture of 2500 million pixels",
    "huge.gif": "is a GIF picture",
}
"""What the reason for not taking a file says; "" where only that there is one matters. The others are read."""


@dataclass
class Ingested:
    """What became of all hostile files, ingested together from one folder."""

    base: Base
    folder: Path
    reports: dict[str, FileReport] = field(default_factory=dict)
    memory: dict[str, int] = field(default_factory=dict)
    """The most that the child which read a file had, bytes resident."""


def _most_memory(of: dict[str, int], name: list[str], until: threading.Event) -> None:
    """Keep the most memory that the children of the fork server have had while `name[0]` was read."""
    while not until.wait(0.01):
        server = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]
        for supervisor in tree._children(server) if server else ():
            of[name[0]] = max(of.get(name[0], 0), tree.use_below(supervisor).memory)


@pytest.fixture(scope="module")
def ingested(make_base: Callable[[], Base], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ingested]:
    """All hostile files and an honest one after them, ingested; fails where anything was called or fetched."""
    folder = tmp_path_factory.mktemp("sent")
    secret = tmp_path_factory.mktemp("own") / "secret.txt"
    secret.write_text(SECRET)
    done = Ingested(make_base(), folder)
    with socket.create_server(("127.0.0.1", 0)) as server:
        trap = Trap(secret, server.getsockname()[1])
        for name, make in FILES.items():
            make(folder / name, trap)
        make_text(folder / "~honest.txt", texts.LV)
        current, until = [""], threading.Event()
        sampler = threading.Thread(target=_most_memory, args=(done.memory, current, until), daemon=True)
        sampler.start()
        found = discover([folder])
        following = dict(zip(map(str, found.files), [*(path.name for path in found.files[1:]), ""], strict=True))
        current[0] = found.files[0].name
        for report in Pipeline(done.base.kb).run([folder], found):
            done.reports[Path(report.path).name] = report
            current[0] = following.get(report.path, current[0])
        until.set()
        sampler.join()
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()
    yield done
    shutil.rmtree(folder)


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_costs_itself_and_says_why(name: str, ingested: Ingested) -> None:
    report = ingested.reports[name]
    if name not in FATES:
        assert (report.status, report.reason if report.status != READ else "") == (READ, "")
        return
    assert report.status in {"refused", "failed"}, report
    assert report.reason and re.search(FATES[name], report.reason), report.reason


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is seen on Linux only")
def test_no_hostile_file_needs_more_than_a_gigabyte(ingested: Ingested) -> None:
    assert len(ingested.memory) > len(FILES) / 2
    assert {name: memory // MB for name, memory in ingested.memory.items() if memory > GB} == {}


def test_the_honest_file_after_them_is_found(ingested: Ingested) -> None:
    assert ingested.reports["~honest.txt"].status == "added"
    assert ingested.base.kb.verify() == []
    assert ingested.base.finds(texts.sentences(texts.LV)[0]) == str(ingested.folder / "~honest.txt")


def test_nobody_elses_file_came_in(ingested: Ingested) -> None:
    for document in ingested.base.kb.store.documents():
        assert SECRET not in ingested.base.kb.store.text(document.id)


@pytest.mark.parametrize(
    "name", [name for name in FILES if name.startswith(("active", "attached", "fields", "macros"))]
)
def test_of_an_active_file_the_text_is_read_and_nothing_done(name: str, ingested: Ingested) -> None:
    assert texts.sentences(texts.EN)[0] in " ".join(ingested.base.texts(ingested.folder / name))


def test_a_title_gives_a_terminal_no_commands(ingested: Ingested) -> None:
    assert ingested.reports["terminal.pdf"].title.isprintable()


def test_a_pile_of_marks_is_cut_and_its_text_found(ingested: Ingested) -> None:
    text = " ".join(ingested.base.texts(ingested.folder / "combining-small.txt"))
    assert texts.sentences(texts.EN)[0] in text
    assert sum(map(bool, map(unicodedata.combining, text))) < 100


def test_a_bomb_that_keeps_below_every_limit_on_size_meets_those_on_time_or_memory(tmp_path: Path) -> None:
    path = tmp_path / "bomb.docx"
    hostile.docx_bomb(path, Trap(path, 9), size=290 * MB)
    with pytest.raises(Broken, match=r"took longer than 2 s|needs more than 1 GB|holds more than 7 MB"):
        extract_safely(path, Limits(seconds=2))


# --- truncated and renamed files


def _samples(folder: Path) -> list[Path]:
    return [
        make_pdf(folder / "a.pdf", [[texts.EN], [texts.PL], [texts.DE]]),
        make_docx(folder / "a.docx", lambda document: [document.add_paragraph(text) for text in (texts.EN, texts.PL)]),
        make_pptx(folder / "a.pptx", [Slide("Thanks", [texts.EN]), Slide("Danke", [texts.DE])]),
        hostile.plain_odt(folder / "a.odt", texts.LT),
        hostile.plain_epub(folder / "a.epub"),
        make_page(folder / "a.html", f"<p>{texts.EN}</p><p>{texts.EN_MORE}</p>", title="Page"),
        make_text(folder / "a.rtf", rf"{{\rtf1\ansi {texts.EN}\par {texts.EN_MORE}\par}}"),
        make_text(folder / "a.md", f"# Thanks\n\n{texts.EN}\n\n{texts.PL}\n"),
        make_text(folder / "a.eml", f"From: a@example.org\nSubject: Thanks\n\n{texts.EN}\n"),
        make_text(folder / "a.txt", texts.LV),
    ]


def test_a_file_cut_short_anywhere_is_read_as_far_as_it_goes_or_refused_with_a_reason(
    base: Base, tmp_path: Path
) -> None:
    for sample in _samples(tmp_path):
        data = sample.read_bytes()
        sample.unlink()
        for percent in (10, 50, 90):
            (tmp_path / f"{percent}{sample.suffix}").write_bytes(data[: len(data) * percent // 100])
    reports = base.ingest(tmp_path)
    assert len(reports) == 30
    for name, report in reports.items():
        assert report.status == "added" or report.reason, name
        assert "Error" not in report.reason and "Traceback" not in report.reason, (name, report.reason)
    assert [name for name in reports if name.endswith(("txt", "md")) and reports[name].status != "added"] == []


def test_a_file_with_the_suffix_of_another_is_read_for_what_it_is_or_refused(base: Base, tmp_path: Path) -> None:
    samples = _samples(tmp_path)
    for sample in samples:
        for other in samples:
            if other.suffix != sample.suffix:
                shutil.copyfile(sample, tmp_path / f"{sample.suffix[1:]}-as{other.suffix}")
        sample.unlink()
    reports = base.ingest(tmp_path)
    assert len(reports) == 90
    for name, report in reports.items():
        assert report.status in {"added", "unchanged", "updated"} or report.reason, name
        assert "Error" not in report.reason, (name, report.reason)
    assert {
        name
        for name in reports
        if name.startswith(("pdf", "docx", "pptx", "odt", "epub"))
        and reports[name].status not in {"added", "unchanged"}
    } == set()


# --- what is no file, or not where it should be


def fates(base: Base, folder: Path) -> dict[str, tuple[str, str]]:
    """By name, what happened to each file in a folder and why."""
    return {name: (report.status, report.reason) for name, report in base.ingest(folder).items()}


NO_FILE = ("refused", "is not a file but a device, a pipe or a link to a folder")


def test_pipes_devices_and_sockets_are_refused_and_never_waited_for(base: Base, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "null.txt").symlink_to("/dev/null")
    with socket.socket(socket.AF_UNIX) as local:
        local.bind(str(tmp_path / "socket.txt"))
        (tmp_path / "folder.pdf").mkdir()
        make_text(tmp_path / "folder.pdf" / "inside.txt", texts.DE)
        make_text(tmp_path / "a.txt", texts.EN)
        found = fates(base, tmp_path)
    outside = ("refused", "is a link to a file outside the folder: name it itself to have it read")
    assert found == {
        "a.txt": ("added", ""),
        "inside.txt": ("added", ""),
        "null.txt": outside,
        "pipe.txt": NO_FILE,
        "socket.txt": NO_FILE,
    }
    assert fates(base, tmp_path / "null.txt") == {"null.txt": NO_FILE}


def test_a_pipe_where_a_sidecar_would_be_is_none(base: Base, tmp_path: Path) -> None:
    path = make_text(tmp_path / "a.txt", texts.EN)
    os.mkfifo(tmp_path / "a.txt.yaml")
    assert base.one(path).status == "added"


BOMB = "\n".join(f"a{n}: &a{n} {{<<: [{', '.join(f'*a{n - 1}' for _ in range(9))}]}}" for n in range(1, 9))


@pytest.mark.parametrize(
    ("sidecar", "reason"),
    [
        (f"a0: &a0 {{x: y}}\n{BOMB}", "a.txt.yaml has an alias (*name): write the value itself"),
        ("title: " + "x" * 100_000, "a.txt.yaml is larger than 64 KB: it is to hold a few lines"),
        ("title: " + "[" * 20_000, "a.txt.yaml is not readable as YAML"),
        ("!!python/object/apply:os.system ['true']", "a.txt.yaml is not readable as YAML"),
    ],
    ids=["aliases", "large", "deep", "code"],
)
def test_a_hostile_sidecar_is_refused_with_a_reason(sidecar: str, reason: str, base: Base, tmp_path: Path) -> None:
    make_text(tmp_path / "a.txt.yaml", sidecar)
    report = base.one(make_text(tmp_path / "a.txt", texts.EN))
    assert (report.status, report.reason[: len(reason)]) == ("refused", reason)


def test_a_link_out_of_the_folder_is_not_read_unless_named(base: Base, tmp_path: Path) -> None:
    (tmp_path / "sent").mkdir()
    secret = make_text(tmp_path / "secret.txt", f"{SECRET}. {texts.EN}")
    link = tmp_path / "sent" / "minutes.txt"
    link.symlink_to(secret)
    make_text(tmp_path / "sent" / "a.txt", texts.DE)
    found = fates(base, tmp_path / "sent")
    assert found["minutes.txt"] == (
        "refused",
        "is a link to a file outside the folder: name it itself to have it read",
    )
    assert found["a.txt"] == ("added", "")
    assert base.one(link).status == "added"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_says_so(base: Base, tmp_path: Path) -> None:
    make_text(tmp_path / "a.txt", texts.EN).chmod(0)
    make_text(tmp_path / "b.txt", texts.DE)
    found = fates(base, tmp_path)
    assert found["a.txt"] == ("failed", "cannot be read: Permission denied")
    assert found["b.txt"] == ("added", "")


def test_a_file_that_changes_or_vanishes_while_it_is_read_harms_nothing(base: Base, tmp_path: Path) -> None:
    for number in range(12):
        make_text(tmp_path / f"{number:02}.txt", f"Group {number}. {texts.EN} {texts.PL}")
    until = threading.Event()

    def meddle() -> None:
        number = 0
        while not until.is_set():
            path = tmp_path / f"{number % 12:02}.txt"
            make_text(path, f"Group {number}. {texts.LT}") if number % 3 else path.unlink(missing_ok=True)
            number += 1
            time.sleep(0.002)

    meddler = threading.Thread(target=meddle)
    meddler.start()
    reports = base.ingest(tmp_path)
    until.set()
    meddler.join()
    assert all(report.status in {"added", "updated", "unchanged"} or report.reason for report in reports.values())
    assert base.kb.verify() == []
    make_text(tmp_path / "last.txt", texts.DE)
    assert base.ingest(tmp_path)["last.txt"].status == "added"


# --- names


def test_a_name_from_a_mac_is_the_same_file_after_it_is_renamed(base: Base, tmp_path: Path) -> None:
    name = "Dziękujemy-Šiauliai-Größe.txt"
    path = make_text(tmp_path / unicodedata.normalize("NFD", name), texts.PL)
    assert base.one(path).status == "added"
    renamed = path.rename(tmp_path / unicodedata.normalize("NFC", name))
    assert fates(base, tmp_path) == {renamed.name: ("updated", f"moved here from {path}")}
    assert base.paths() == [str(renamed)]


@pytest.mark.parametrize("name", ["two\nlines.txt", "\x1b[31mred.txt", "left\u202etxt.exe.txt", "zero\u200bwidth.txt"])
def test_a_name_that_shows_as_another_is_refused(name: str, base: Base, tmp_path: Path) -> None:
    make_text(tmp_path / name, texts.EN)
    assert [fate for _, fate in fates(base, tmp_path).items()] == [
        ("refused", "has a name with broken or invisible characters: rename it")
    ]


def test_a_name_that_is_no_text_is_refused_and_the_next_read(base: Base, tmp_path: Path) -> None:
    make_text(tmp_path / os.fsdecode(b"zesz\xf3\xb3w.txt"), texts.EN)
    make_text(tmp_path / "~.txt", texts.PL)
    assert list(fates(base, tmp_path).values()) == [
        ("refused", "has a name with broken or invisible characters: rename it"),
        ("added", ""),
    ]


def test_the_longest_name_there_can_be_is_read(base: Base, tmp_path: Path) -> None:
    path = make_text(tmp_path / ("ā" * 125 + "x.txt"), texts.LV)
    assert len(os.fsencode(path.name)) == 255
    assert base.one(path).status == "added"
    deep = tmp_path
    for _ in range(12):
        deep /= "ž" * 100
    deep.mkdir(parents=True)
    assert base.one(make_text(deep / "b.txt", texts.LT)).status == "added"
