"""`python -m ingest` and `python -m kb` with a cluster: by options or by the environment, for people and as JSON."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.__main__ import main as ingest_main
from kb.__main__ import main
from kb.engines.qdrant.settings import Cluster
from tests.kb.conftest import Run
from tests.kb.engines.conftest import Machine
from tests.kb.engines.machines import paths
from tests.qdrant import free_port

FILES = {
    "tulips.md": "# Tulips\n\nVolunteers plant tulips along the river every autumn.\n",
    "narzędzia.txt": "Biblioteka wypożycza mieszkańcom wiertarki i drabiny na cały tydzień.\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Files to ingest."""
    made = tmp_path / "files"
    made.mkdir()
    for name, text in FILES.items():
        (made / name).write_text(text, "utf-8")
    return made


@pytest.fixture
def environment(cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What an operator sets on a machine; set here too."""
    said = {
        "KB_ENGINE": "qdrant",
        "KB_QDRANT_URL": cluster.urls[0],
        "KB_QDRANT_COLLECTION": cluster.collection,
        "KB_HOME": str(tmp_path / "home"),
    }
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    return said


def rows(done: "subprocess.CompletedProcess[str]") -> list[dict[str, object]]:
    """What a command has printed as JSON; it has come to no harm."""
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_cluster_is_filled_and_searched_by_the_environment_alone(
    python: Run, environment: dict[str, str], folder: Path, machine: Machine, out: pytest.CaptureFixture[str]
) -> None:
    reports = rows(python("-m", "ingest", folder, "--json", env=environment))
    assert reports[-1] == {"summary": {"added": 2}}
    hits = rows(python("-m", "kb", "search", "flowers by the river", "-k", "1", "--json", env=environment))
    assert [hit["path"] for hit in hits] == [str(folder / "tulips.md")]
    assert paths(machine("other")) == sorted(str(folder / name) for name in FILES)

    def said(*arguments: str, status: int = 0) -> dict[str, object]:
        assert main([*arguments, "--json"]) == status
        found: dict[str, object] = json.loads(out.readouterr().out)
        return found

    sentences = said("answer", "Who plants tulips?")["sentences"]
    assert isinstance(sentences, list)
    assert sentences[0]["text"] == "Volunteers plant tulips along the river every autumn."
    held = said("stats")
    assert (held["documents"], held["sentence_search"]) == (2, "by the cluster")
    assert said("verify") == {"ok": True, "problems": []}
    assert said("remove", str(folder / "tulips.md"))["removed"] == str(folder / "tulips.md")
    assert main(["remove", str(folder / "tulips.md")]) == 1
    assert "There is no document" in out.readouterr().err
    assert said("stats")["documents"] == 1
    assert paths(machine("third")) == [str(folder / "narzędzia.txt")]


def test_options_say_the_same_as_the_environment(
    cluster: Cluster, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KB_QDRANT_COLLECTION", cluster.collection)
    there = ["--engine", "qdrant", "--url", cluster.urls[0], "--home", str(tmp_path / "home")]
    assert ingest_main([str(folder), *there, "--json"]) == 0
    assert ingest_main([str(folder), *there, "--json"]) == 0
    assert [json.loads(line) for line in out.readouterr().out.splitlines()][-1] == {"summary": {"unchanged": 2}}
    (folder / "tulips.md").rename(folder / "roses.md")
    (folder / "narzędzia.txt").unlink()
    assert ingest_main([str(folder), *there, "--prune", "--json"]) == 0
    assert [json.loads(line) for line in out.readouterr().out.splitlines()][-1] == {
        "summary": {"updated": 1, "removed": 1}
    }
    assert main(["search", "tulips", "--json", *there]) == 0
    assert [json.loads(line)["path"] for line in out.readouterr().out.splitlines()] == [str(folder / "roses.md")]


Command = Callable[[Path], list[str]]

COMMANDS: dict[str, Command] = {
    "ingest": lambda folder: ["-m", "ingest", str(folder)],
    "search": lambda folder: ["-m", "kb", "search", "tulips"],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_server_that_is_away_is_told_without_a_traceback(
    python: Run, folder: Path, tmp_path: Path, name: str
) -> None:
    address = f"http://127.0.0.1:{free_port()}"
    options = ["--engine", "qdrant", "--url", address, "--home", str(tmp_path / "home")]
    done = python(*COMMANDS[name](folder), *options, env={"KB_QDRANT_SECONDS": "1"})  # to be patient for
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"The Qdrant server at {address} does not answer")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "command", [["search", "tulips"], ["answer", "tulips"], ["stats"], ["verify"], ["remove", "1"]]
)
def test_a_knowledge_base_that_nobody_made_is_told_with_what_to_run(
    environment: dict[str, str], cluster: Cluster, command: list[str], out: pytest.CaptureFixture[str]
) -> None:
    assert main(command) == 2
    said = out.readouterr()
    assert said.out == ""
    assert said.err == (
        f"There is no knowledge base {cluster.collection} on {cluster.urls[0]}. Make one: python -m ingest FOLDER "
        f"--engine qdrant --url {cluster.urls[0]}\n"
    )
    assert not Path(environment["KB_HOME"]).exists()


def test_an_unknown_engine_is_told_with_those_there_are(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, out: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KB_ENGINE", "cloud")
    assert main(["stats"]) == 2
    assert out.readouterr().err.startswith(
        "There is no engine cloud. Choose one: local, qdrant (--engine, or KB_ENGINE)"
    )
    with pytest.raises(SystemExit, match="2"):
        main(["stats", "--engine", "cloud"])
    assert "invalid choice: 'cloud'" in out.readouterr().err
