"""The sandbox: a heavy or hostile file costs itself, within limits, and only plain data comes back."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing import forkserver
from pathlib import Path

import pytest

from ingest.extract import extract
from ingest.extract.base import Refused
from ingest.extract.safely import extract_safely
from kb.sandbox import Broken, Layers, Limits, granted, run
from tests.ingest import attacks, texts
from tests.ingest.files import make_page, make_pdf, make_text
from tests.ingest.test_extract import CASES, Case

MB = 2**20
HERE = granted()
"""The layers of this machine. Tests of a layer that it lacks are skipped."""

NONE = Layers(namespaces=False, landlock=False, seccomp=False)


def only(*names: str) -> Layers:
    """Just the layers named; the test is skipped where the kernel does not grant them."""
    if not all(getattr(HERE, name) for name in names):
        pytest.skip(f"this kernel does not grant {' and '.join(names)}")
    return Layers(**{name: name in names for name in ("namespaces", "landlock", "seccomp")})


WAYS = [(), ("namespaces",), ("landlock",), ("seccomp",), ("namespaces", "landlock", "seccomp")]


@pytest.fixture(params=WAYS, ids=lambda names: "+".join(names) or "no layer")
def layers(request: pytest.FixtureRequest) -> Layers:
    """Every layer by itself, none and all: each must do."""
    return only(*request.param)


@pytest.fixture(
    params=[(), ("namespaces",), ("namespaces", "landlock", "seccomp")], ids=lambda names: "+".join(names) or "no layer"
)
def kin(request: pytest.FixtureRequest) -> Layers:
    """The layers that matter to what processes may do to each other."""
    return only(*request.param)


# --- what comes back


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_child_reads_just_what_this_process_would(case: Case, tmp_path: Path) -> None:
    path = case.make(tmp_path / case.name)
    assert extract_safely(path) == extract(path)


def test_a_file_is_read_the_same_with_every_layer(layers: Layers, tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "a.pdf", [[texts.PL], [texts.LT]])
    assert extract_safely(path, layers=layers) == extract(path)


def test_letters_beyond_unicode_text_come_back(tmp_path: Path) -> None:
    text = "Emoji 🎉 and 𝔊𝔬𝔱𝔥𝔦𝔠 and \u2028 separators"
    assert extract_safely(make_text(tmp_path / "a.txt", text)).blocks[0].text == text
    assert run(attacks.answer, "half a letter: \ud83c") == "half a letter: \ud83c"


def test_a_refusal_keeps_its_reason(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"^is not the PDF file its name says"):
        extract_safely(make_text(tmp_path / "a.pdf", texts.EN))


def test_a_damaged_file_is_broken_with_the_readers_words() -> None:
    with pytest.raises(Broken, match=r"^is damaged: its reader says ValueError: no page 7$"):
        run(attacks.choke, "no page 7")


@pytest.mark.parametrize("task", [attacks.choke, attacks.refuse])
def test_a_reason_gives_a_terminal_no_commands(task: object) -> None:
    with pytest.raises((Broken, Refused)) as caught:
        run(task, "red \x1b[31m and a title \x1b]0;x\x07 and\r\nlines")  # type: ignore[arg-type]
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    "said",
    [b"", b"\0\0", b"\0" * 8, b"\0" * 7 + b"\5nonsense", b"\0" * 7 + b"\3[1]", b"\0" * 7 + b"\7" + b'"done"'],
    ids=["nothing", "half a length", "an empty message", "no JSON", "a list", "text"],
)
def test_a_reader_that_answers_nonsense_is_broken(said: bytes) -> None:
    with pytest.raises(Broken, match="made its reader"):
        run(attacks.say, said)


def test_a_deep_answer_is_nonsense() -> None:
    deep = b"[" * 200_000
    with pytest.raises(Broken, match="nonsense"):
        run(attacks.say, len(deep).to_bytes(8, "big") + deep)


# --- limits


def test_a_file_that_takes_too_long_names_the_limit(tmp_path: Path) -> None:
    pages = [[f"Group {number} {texts.EN}"] for number in range(60)]
    path = make_pdf(tmp_path / "a.pdf", pages)
    heavy = make_page(tmp_path / "a.html", f"<div><p>{texts.EN}</p></div>" * 40_000, title="Endless")
    assert extract_safely(path, Limits(seconds=60)).blocks[59].number == 60
    with pytest.raises(Broken, match=r"^took longer than 1 s to read$"):
        extract_safely(heavy, Limits(seconds=1))


@pytest.mark.parametrize("task", [attacks.spin, attacks.trickle])
def test_a_reader_that_never_ends_is_ended(task: object, kin: Layers) -> None:
    with pytest.raises(Broken, match=r"^took longer than 1 s to read$"):
        run(task, limits=Limits(seconds=1), layers=kin)  # type: ignore[arg-type]


def test_half_an_answer_is_not_waited_for() -> None:
    with pytest.raises(Broken, match=r"^took longer than 1 s to read$"):
        run(attacks.say, b"\0" * 7 + b"\7half", 60, limits=Limits(seconds=1))


def _heavy_text(path: Path, megabytes: int) -> Path:
    """A text file with a hole: large to read, small on the disk."""
    make_text(path, texts.EN * 20)
    with path.open("r+b") as file:
        file.truncate(megabytes * MB)
    return path


def test_a_file_that_needs_too_much_memory_names_the_limit(tmp_path: Path) -> None:
    with pytest.raises(Broken, match=r"^needs more than 400 MB of memory to read$"):
        extract_safely(_heavy_text(tmp_path / "a.txt", 190), Limits(memory=400 * MB))


def test_memory_that_one_process_fills_is_limited() -> None:
    assert run(attacks.fill_memory, 500) == 500 * MB
    with pytest.raises(Broken, match=r"^needs more than 1 GB of memory to read$"):
        run(attacks.fill_memory, 1_024)


@pytest.mark.skipif(sys.platform != "linux", reason="processes are seen on Linux only")
@pytest.mark.parametrize(
    ("task", "arguments"),
    [(attacks.share_out_memory, (4, 80)), (attacks.map_files, (450,))],
    ids=["shared out", "mapped"],
)
def test_memory_that_no_process_seems_to_have_is_limited(
    task: object, arguments: tuple[object, ...], kin: Layers
) -> None:
    with pytest.raises(Broken, match=r"^needs more than 400 MB of memory to read$"):
        run(task, *arguments, limits=Limits(memory=400 * MB, seconds=30), layers=kin)  # type: ignore[arg-type]


def test_programs_that_a_task_starts_have_its_limits() -> None:
    limits = Limits(seconds=7, memory=800 * MB, disk=5 * MB)
    assert run(attacks.limits_of_a_program, limits=limits) == {
        "CPU": [8, 8],
        "DATA": [700 * MB, 700 * MB],
        "FSIZE": [5 * MB, 5 * MB],
        "CORE": [1, 1],
    }


@pytest.mark.skipif(sys.platform != "linux", reason="processes are seen on Linux only")
def test_a_task_cannot_multiply(kin: Layers) -> None:
    with pytest.raises(Broken, match=r"^made its reader start more than 32 programs$"):
        run(attacks.multiply, limits=Limits(memory=64 * 1024 * MB), layers=kin)


def test_a_file_with_too_much_text_names_the_limit(tmp_path: Path) -> None:
    path = make_text(tmp_path / "a.txt", "word " * MB)
    with pytest.raises(Broken, match=r"^holds more than 2 MB of text$"):
        extract_safely(path, Limits(output=2 * MB))


def test_an_answer_that_claims_to_be_endless_is_not_read() -> None:
    with pytest.raises(Broken, match=r"^holds more than 7 MB of text$"):
        run(attacks.say, b"\x7f" + b"\xff" * 7, 60)


@pytest.mark.parametrize(
    ("files", "size", "limits", "named"),
    [
        (1, 4, Limits(disk=2 * MB), "2 MB"),
        (6, 1, Limits(disk=4 * MB), "4 MB"),
        (30, 0, Limits(files=20), "20 files"),
    ],
    ids=["a file", "some files", "many files"],
)
def test_the_scratch_folder_is_limited(files: int, size: int, limits: Limits, named: str) -> None:
    with pytest.raises(Broken, match=rf"^unpacks to more than {named}$"):
        run(attacks.fill, files, size, limits=limits)


def test_a_crash_costs_its_file_and_says_so(layers: Layers, tmp_path: Path) -> None:
    with pytest.raises(Broken, match=r"^made its reader crash or run out of memory$"):
        run(attacks.crash, layers=layers)
    assert extract_safely(make_text(tmp_path / "b.txt", texts.LV)).blocks[0].text == texts.LV


def test_a_deep_pile_of_tags_never_hurts_the_parent(tmp_path: Path) -> None:
    deep = "<div>" * 30_000 + f"<p>{texts.EN}</p>" + "</div>" * 30_000
    page = make_text(tmp_path / "a.html", f"<!DOCTYPE html><html><body>{deep}</body></html>")
    try:
        assert texts.sentences(texts.EN)[0] in extract_safely(page, Limits(seconds=20)).blocks[0].text
    except (Broken, Refused) as error:
        assert str(error)


# --- files


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    """A folder of somebody's own."""
    folder = tmp_path / "somebody"
    folder.mkdir()
    make_text(folder / "old", "private")
    make_text(folder / "given.txt", texts.EN)
    return folder


def test_a_task_reads_the_file_it_was_given_and_no_other_document(secrets: Path) -> None:
    found = run(attacks.read_files, secrets / "given.txt", str(secrets / "old"), "/etc/passwd", layers=only("landlock"))
    assert found == {"given.txt": "done", "old": "PermissionError", "passwd": "PermissionError"}


def test_a_task_changes_nothing_outside_its_scratch_folder(layers: Layers, secrets: Path) -> None:
    found = run(attacks.change_files, str(secrets), layers=layers)
    assert {name for name, fate in found.items() if fate == "done"} == {"own file", "own folder"}
    assert sorted(path.name for path in secrets.iterdir()) == ["given.txt", "old"]
    assert (secrets / "old").read_text() == "private"


def test_a_scratch_folder_leads_nobody_out_of_it(layers: Layers, secrets: Path, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    run(attacks.leave_links, str(secrets / "old"), scratch=scratch, layers=layers)
    assert [path.name for path in scratch.iterdir()] == ["file"]
    assert (scratch / "file").read_text() == "honest"


def test_links_in_a_scratch_folder_cannot_even_be_made(secrets: Path) -> None:
    found = run(attacks.leave_links, str(secrets / "old"), layers=only("landlock"))
    assert found == {"symlink": "PermissionError", "pipe": "PermissionError"}


def test_a_scratch_folder_of_its_own_is_removed(tmp_path: Path) -> None:
    folder = run(attacks.look_around)["folder"]
    assert not Path(folder).exists()


def test_a_scratch_folder_too_deep_to_remove_hurts_nobody() -> None:
    assert run(attacks.dig, 1_200) is None
    assert run(attacks.answer, "next") == "next"


# --- network


@pytest.fixture
def listening(tmp_path: Path) -> Iterator[tuple[int, str]]:
    """A port and a local socket on which somebody listens; fails where anybody has called."""
    unix = str(tmp_path / "s")
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as local:
        local.bind(unix)
        local.listen()
        yield server.getsockname()[1], unix
        for listener in (server, local):
            listener.setblocking(False)
            with pytest.raises(BlockingIOError):
                listener.accept()


def test_no_python_code_reaches_the_network(layers: Layers, listening: tuple[int, str]) -> None:
    assert "done" not in run(attacks.open_connections, *listening, layers=layers).values()


@pytest.mark.parametrize("names", [("seccomp",), ("namespaces", "landlock", "seccomp")], ids="+".join)
def test_no_code_at_all_reaches_the_network_or_a_local_service(
    names: tuple[str, ...], listening: tuple[int, str]
) -> None:
    assert "done" not in run(attacks.open_connections_natively, *listening, layers=only(*names)).values()


def test_the_network_namespace_alone_has_no_network(listening: tuple[int, str]) -> None:
    found = run(attacks.open_connections_natively, listening[0], "/nowhere", layers=only("namespaces"))
    assert "done" not in found.values()


# --- processes


def _running(marker: str) -> list[int]:
    """The processes with `marker` on their command line."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if marker in (folder / "cmdline").read_text():
                found.append(int(folder.name))
    return found


@pytest.fixture
def marker(request: pytest.FixtureRequest) -> str:
    """Seconds to sleep that nobody else sleeps."""
    return f"{3_600 + os.getpid()}.{abs(hash(request.node.name)) % 10**9}"


on_linux = pytest.mark.skipif(sys.platform != "linux", reason="processes are found on Linux only")


@on_linux
def test_nothing_that_a_task_started_outlives_it(kin: Layers, marker: str) -> None:
    assert run(attacks.leave_a_process, marker, layers=kin) == "left"
    assert _running(marker) == []


@on_linux
def test_nothing_outlives_a_task_that_was_ended(kin: Layers, marker: str) -> None:
    with pytest.raises(Broken):
        run(attacks.leave_a_process_and_hang, marker, limits=Limits(seconds=1), layers=kin)
    assert _running(marker) == []


@on_linux
def test_a_task_that_ends_its_own_group_leaves_nothing(kin: Layers, marker: str) -> None:
    with pytest.raises(Broken):
        run(attacks.kill_own_group, marker, limits=Limits(seconds=1), layers=kin)
    assert _running(marker) == []


def _command(pid: int) -> bytes:
    """The command line of a process; empty where it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _until(true: object, seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False


RUN_AND_HANG = """
import sys
from kb.sandbox import Layers, run
from tests.ingest.attacks import leave_a_process_and_hang
run(leave_a_process_and_hang, sys.argv[1], layers=Layers(*(word == "True" for word in sys.argv[2:])))
"""


@on_linux
def test_nothing_outlives_this_process_when_it_is_killed(kin: Layers, marker: str, tmp_path: Path) -> None:
    held = [str(value) for value in (kin.namespaces, kin.landlock, kin.seccomp)]
    env = {**os.environ, "TMPDIR": str(tmp_path)}
    process = subprocess.Popen([sys.executable, "-c", RUN_AND_HANG, marker, *held], env=env)
    # What it has forked has its own command line until that runs another program.
    assert _until(lambda: any(_command(pid).startswith(b"sleep") for pid in _running(marker)))
    assert len(list(tmp_path.glob("hopkb-*"))) == 1
    process.kill()
    process.wait()
    assert _until(lambda: _running(marker) == [])
    assert _until(lambda: list(tmp_path.glob("hopkb-*")) == [])


@on_linux
def test_the_next_file_is_read_after_the_fork_server_was_killed(tmp_path: Path) -> None:
    path = make_text(tmp_path / "a.txt", texts.LV)
    extract_safely(path)
    server = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]
    os.kill(server, signal.SIGKILL)
    assert extract_safely(path).blocks[0].text == texts.LV
    assert forkserver._forkserver._forkserver_pid != server  # type: ignore[attr-defined]


@pytest.mark.parametrize("names", [("namespaces",), ("landlock",)], ids="+".join)
def test_a_task_cannot_end_those_whose_work_it_does(names: tuple[str, ...]) -> None:
    layers = only(*names)
    if names == ("landlock",):
        from kb.sandbox import landlock

        if landlock.version() < 6:
            pytest.skip("this Landlock knows no signals")
    assert "done" not in run(attacks.kill_all_around, layers=layers).values()


@pytest.mark.parametrize("names", [("namespaces",), ("seccomp",)], ids="+".join)
def test_a_task_makes_itself_no_root(names: tuple[str, ...]) -> None:
    assert run(attacks.try_namespaces, layers=only(*names)) is False


WHERE_NAMESPACES_END = """
import os, sys
from kb.sandbox import Broken, Layers, namespaces, run
from tests.ingest.attacks import answer
child = os.fork()  # a process of one thread
if child:
    sys.exit(os.waitpid(child, 0)[1])
namespaces.enter()
try:
    print(run(answer, "read", layers=Layers()))
except Broken as error:
    print(error)
"""


def test_where_a_layer_does_not_hold_nothing_is_read() -> None:
    only("namespaces", "landlock", "seccomp")
    done = subprocess.run([sys.executable, "-c", WHERE_NAMESPACES_END], capture_output=True, text=True, check=False)
    assert done.stdout.startswith("was not read, because its reader could not be confined: "), done.stderr


def test_a_task_sees_no_secrets_and_has_no_privileges() -> None:
    code = "import json; from kb.sandbox import run; from tests.ingest.attacks import look_around; "
    code += "print(json.dumps(run(look_around)))"
    env = {**os.environ, "API_KEY": "hunter2", "LANG": "C.UTF-8"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert "hunter2" not in done.stdout
    import json

    seen = json.loads(done.stdout)
    assert seen["environment"]["HOME"] == seen["environment"]["TMPDIR"] == seen["folder"]
    assert seen["environment"]["LANG"] == "C.UTF-8"
    assert "NoNewPrivs:\t1" in seen["status"] and "CapEff:\t0000000000000000" in seen["status"]
    assert seen["open files"] <= 5  # the three standard ones, the pipe, and the folder being listed
