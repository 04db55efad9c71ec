"""Sidecars to correct: beside each file of the knowledge base, what was read of its practice, as comments.

Every line is commented out, so that the file changes nothing until a person takes a `# ` away: what
was guessed must not turn into a person's word by itself.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ingest import sidecar
from ingest.discover import is_under
from kb import KnowledgeBase, practice, vocabulary
from kb.types import Document, PracticeFact

_MARK = "# Written by `python -m ingest --review`, unchanged since: "
"""Begins the first line, which ends with the hash of all others: who changes one makes the file their own."""

_INSTRUCTIONS = """\
# {name}: what was read of this practice. Please correct it.
#
# To confirm a line, take away the "# " at its beginning. To correct it, write what is right as well.
# To say that there is nothing to a field, take away the "# " and all that stands behind the colon.
# Lines that you leave as they are go on being read from the document. Then run the ingest again.
# Behind each value stands where it was read and how sure that is.
"""

MOST_WORDS_SHOWN = 60
"""Characters of a document's words quoted in a remark."""


class Outcome(StrEnum):
    """What happened to a document's sidecar."""

    WRITTEN = "written"
    REFRESHED = "refreshed"
    KEPT = "kept"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The outcome for the document at `path`. `sidecar` is where the sidecar lies, "" where there is none;
    `reason` says why it was not written, else ""."""

    path: str
    outcome: Outcome
    sidecar: str = ""
    reason: str = ""


def write_sidecars(kb: KnowledgeBase, paths: Sequence[Path]) -> Iterator[Reviewed]:
    """Write a sidecar beside each document of `kb` that lies under `paths` (files or folders).

    One that a person wrote or changed is kept as it is.
    """
    absolute = [Path(os.path.abspath(path)) for path in paths]
    documents = kb.store.documents()
    for document in documents:
        if is_under(document.container or document.path, absolute):
            yield _review(document, practice.facts_of(kb.store, document.id))
    for path in absolute:
        if not any(is_under(document.container or document.path, [path]) for document in documents):
            yield Reviewed(str(path), Outcome.SKIPPED, reason="is not in the knowledge base: ingest it first")


def _review(document: Document, facts: Sequence[PracticeFact]) -> Reviewed:
    reason = _no_place(document)
    if reason:
        return Reviewed(document.path, Outcome.SKIPPED, reason=reason)
    path = Path(document.path)
    there = next((place for place in sidecar.places_of(path) if os.path.lexists(place)), None)
    try:
        if there and not _is_own(there):
            return Reviewed(document.path, Outcome.KEPT, str(there), "its sidecar is a person's work")
        beside = there or sidecar.places_of(path)[0]
        _write(beside, _text(document, facts))
    except OSError as error:
        return Reviewed(document.path, Outcome.SKIPPED, reason=f"its sidecar cannot be written: {error.strerror}")
    return Reviewed(document.path, Outcome.REFRESHED if there else Outcome.WRITTEN, str(beside))


def _no_place(document: Document) -> str:
    """Why no sidecar can lie beside the document; "" where one can."""
    if document.container:
        return f"lies inside {Path(document.container).name}: unpack it to put a sidecar beside it"
    if document.path.startswith(("http://", "https://")):
        return "is a page on the web, beside which nothing can be written"
    return "" if Path(document.path).is_file() else "the file is gone"


# --- the file


def _is_own(there: Path) -> bool:
    """Whether the file is as this module wrote it."""
    if there.is_symlink() or not there.is_file():
        return False
    first, _, rest = there.read_bytes().partition(b"\n")
    return first == _first_line(rest).encode()


def _first_line(rest: bytes) -> str:
    return _MARK + hashlib.sha256(rest).hexdigest()


def _write(beside: Path, text: str) -> None:
    """Whole or not at all: a reader never sees half of it."""
    part = beside.with_name(f".{beside.name}.part")
    part.write_bytes(f"{_first_line(text.encode())}\n{text}".encode())
    part.replace(beside)


# --- its text


def _text(document: Document, facts: Sequence[PracticeFact]) -> str:
    language = document.languages[0] if document.languages else "en"
    lines = [_INSTRUCTIONS.format(name=_one_line(Path(document.path).name))]
    for field in practice.FIELDS:
        read = [fact for fact in facts if fact.field == field]
        lines.append(_field(field, read, language))
    lines.append("#")
    lines += [
        f"# Known {field}: {', '.join(vocabulary.of_field(field) or ())}" for field in ("topics", "target_groups")
    ]
    return "\n".join(lines) + "\n"


def _field(field: str, read: Sequence[PracticeFact], language: str) -> str:
    if not read:
        return f"# {field}:  # not found"
    shown = [practice.display(fact, language) if field in {"city", "country"} else fact.value for fact in read]
    value = _yaml(shown if vocabulary.of_field(field) is not None else shown[0])
    several = len(read) > 1
    remarks = [f"{fact.value}: {_remark(fact)}" if several else _remark(fact) for fact in read]
    return f"# {field}: {value}  # {'; '.join(remarks)}"


def _yaml(value: object) -> str:
    """`value` as YAML on one line."""
    import yaml

    text = yaml.safe_dump(value, allow_unicode=True, default_flow_style=True, width=float("inf"))
    return _one_line(text.removesuffix("...\n"))


def _remark(fact: PracticeFact) -> str:
    """Where a fact was read and how sure it is: `page 1, 85 %: "w Toruniu"`."""
    where = _one_line(fact.place.label) if fact.place else "the file's own data"
    words = _one_line(fact.words)
    quoted = words if len(words) <= MOST_WORDS_SHOWN else words[:MOST_WORDS_SHOWN].rstrip() + " …"
    return f"{where}, {fact.confidence:.0%}" + (f': "{quoted}"' if quoted and quoted != fact.value else "")


def _one_line(text: str) -> str:
    """`text` without line ends of any kind, so that a comment stays one."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
