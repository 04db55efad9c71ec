"""Damaged files of every format: whatever bytes come, they become text or a reason, and nothing else happens.

Hypothesis picks the damage, always the same. Each format's files are read by one child in the sandbox, so that
a crash of the interpreter is noticed, and what they hold is cleaned and cut as the pipeline does.
"""

import base64
import io
import os
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ingest.clean import clean
from ingest.extract import extract
from ingest.extract.base import Block, BlockKind, Extraction, Refused
from ingest.passages import cut
from kb.sandbox import GB, Json, Limits, run
from kb.types import PlaceKind
from tests.ingest import hostile, texts
from tests.ingest.files import Slide, make_docx, make_page, make_pdf, make_pptx, make_text

EXAMPLES = 25
"""Damaged files of each format; together some 20 s on two cores."""

LIMITS = Limits(seconds=60, memory=GB)

MAKERS: dict[str, Callable[[Path], object]] = {
    "pdf": lambda path: make_pdf(path, [["# Thanks", texts.EN], [texts.PL]]),
    "docx": lambda path: make_docx(path, lambda document: document.add_paragraph(texts.LV)),
    "pptx": lambda path: make_pptx(path, [Slide("Thanks", [texts.DE], notes=["Bus pass."])]),
    "odt": lambda path: hostile.plain_odt(path, texts.LT),
    "epub": hostile.plain_epub,
    "html": lambda path: make_page(path, f"<h1>Thanks</h1><p>{texts.EN}</p><p>{texts.EN_MORE}</p>", title="Page"),
    "rtf": lambda path: make_text(path, rf"{{\rtf1\ansi{{\fonttbl{{\f0 Arial;}}}}\b Thanks\b0\par {texts.EN}\par}}"),
    "md": lambda path: make_text(path, f"# Thanks\n\n{texts.PL}\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"),
    "eml": lambda path: make_text(path, f"From: a@example.org\nSubject: =?utf-8?q?Ac=C4=81?=\n\n{texts.EN}\n"),
    "txt": lambda path: make_text(path, f"Thanks\n\n{texts.DE}\n\n{texts.LV}\n"),
}
PACKED = {"docx", "pptx", "odt", "epub"}


@lru_cache
def sample(form: str) -> bytes:
    """The bytes of an honest file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a.{form}"
        MAKERS[form](path)
        return path.read_bytes()


def unpacked(data: bytes) -> bytes:
    """An archive with its members stored as they are, so that damage reaches the XML in them."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return buffer.getvalue()


def repaired(data: bytes) -> bytes:
    """The archive with its check sums set right, as a sender with tools would; as it is where that cannot be."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [(entry, _stored(data, entry)) for entry in archive.infolist()]
    except Exception:  # what zipfile raises for damaged archives has no end
        return data
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for entry, body in members:
            archive.writestr(entry.filename, body)
    return buffer.getvalue()


def _stored(data: bytes, entry: zipfile.ZipInfo) -> bytes:
    start = entry.header_offset + 30 + len(entry.filename.encode()) + len(entry.extra)
    return data[start : start + entry.file_size]


def damaged(data: bytes, wounds: list[tuple[str, float, float, bytes]]) -> bytes:
    """`data` with each wound: what is done, where it begins and ends (as shares of the length), and with what."""
    for what, first, last, junk in wounds:
        start, end = sorted((int(first * len(data)), int(last * len(data))))
        end = min(end, start + 2_000)
        piece = data[start:end]
        match what:
            case "cut":
                data = data[:start] if start > 10 else data
            case "drop":
                data = data[:start] + data[end:]
            case "repeat":
                data = data[:end] + piece * 20 + data[end:]
            case "overwrite":
                data = data[:start] + junk + data[start + len(junk) :]
            case "insert":
                data = data[:start] + junk * 50 + data[start:]
            case "flip":
                data = data[:start] + bytes(byte ^ 0x10 for byte in piece[:8]) + data[start + 8 :]
            case "swap":
                data = data[:start] + data[end : end + 500] + piece + data[end + 500 :]
    return data


JUNK = st.one_of(
    st.binary(min_size=1, max_size=8),
    st.sampled_from([b"\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"-1", b"99999999999", b"\xed\xa0\x80"]),
    st.sampled_from([b"<", b">", b"<a>", b"</", b"&#x0;", b"]]>", b"{", b"}", b"\\u-1 ", b"\\bin9 "]),
    st.sampled_from([b"endobj", b"<<", b"/Kids[1 0 R]", "\u202e\u0301".encode()]),
)
WHAT = st.sampled_from(["cut", "drop", "repeat", "overwrite", "insert", "flip", "swap"])
SHARE = st.floats(0, 1, exclude_max=True)
WOUNDS = st.lists(st.tuples(WHAT, SHARE, SHARE, JUNK), min_size=1, max_size=5)


def files_of(form: str) -> list[bytes]:
    """The damaged files of a format, always the same."""
    found: list[bytes] = []

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(WOUNDS, st.booleans())
    def collect(wounds: list[tuple[str, float, float, bytes]], deep: bool) -> None:
        data = sample(form)
        if form in PACKED and deep:
            found.append(repaired(damaged(unpacked(data), wounds)))
        else:
            found.append(damaged(data, wounds))

    collect()
    return found


def read_all(form: str, files: list[str]) -> Json:
    """In the sandbox: what each file, in base64, becomes; the number of the one being read stands in a file."""
    outcomes = []
    for number, data in enumerate(files):
        Path("reading").write_text(str(number))
        path = Path(f"{number}.{form}")
        path.write_bytes(base64.b64decode(data))
        try:
            outcomes.append({"read": asdict(extract(path))})
        except Refused as refusal:
            outcomes.append({"refused": str(refusal)})
        except Exception as error:  # the sandbox makes "is damaged" of it
            outcomes.append({"error": f"{type(error).__name__}: {error}"[:200]})
        path.unlink()
    return outcomes


@pytest.mark.parametrize("form", MAKERS)
def test_damaged_files_become_text_or_a_reason(form: str, tmp_path: Path) -> None:
    files = files_of(form)
    assert len(set(files)) > EXAMPLES / 2, "the damage must differ"
    encoded = [base64.b64encode(data).decode() for data in files]
    outcomes = run(read_all, form, encoded, limits=LIMITS, scratch=tmp_path)
    fates = Counter(next(iter(outcome)) for outcome in outcomes)
    assert fates.total() == len(files)
    assert fates["read"], "some damage must leave text"
    for data, outcome in zip(files, outcomes, strict=True):
        if "refused" in outcome:
            assert outcome["refused"].strip()
        if "read" in outcome:
            try:
                check(outcome["read"])
            except Exception as error:  # say which file it was
                kept = Path(os.environ.get("KEEP_FUZZED", tmp_path)) / f"found.{form}"
                kept.write_bytes(data)
                raise AssertionError(f"{kept} was read, but not understood") from error


def check(found: dict[str, Json]) -> None:
    """That an extraction is one, and can be cleaned and cut into passages that lie in its text."""
    extraction = Extraction(
        **{
            **found,
            "place": PlaceKind(found["place"]),
            "blocks": tuple(Block(**{**block, "kind": BlockKind(block["kind"])}) for block in found["blocks"]),
        }
    )
    assert all(isinstance(block.text, str) and block.number >= 0 for block in extraction.blocks)
    made = cut(clean(extraction.blocks), extraction.place)
    made.text.encode("utf-8")  # no half letters
    for passage in made.passages:
        assert 0 <= passage.span.start < passage.span.end <= len(made.text)
        assert all(passage.span.start <= s.start < s.end <= passage.span.end for s in passage.sentences)


LETTERS = st.text(
    st.one_of(st.characters(), st.sampled_from(" \n\t.!?-•|#0aĄž\u00ad\u0301\ufffe\u2028\ud800{}[]<>_*(\"'")),
    max_size=400,
)
BLOCKS = st.builds(
    Block, st.sampled_from(list(BlockKind)), LETTERS, st.integers(0, 4), st.none() | st.floats(0, 1), st.booleans()
)


@settings(max_examples=150, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(BLOCKS, max_size=8), st.sampled_from([PlaceKind.PAGE, PlaceKind.SLIDE, PlaceKind.SECTION]))
def test_whatever_is_read_can_be_cleaned_and_cut(blocks: list[Block], place: PlaceKind) -> None:
    made = cut(clean(blocks), place)
    made.text.encode("utf-8")
    for passage in made.passages:
        assert made.text[passage.span.start : passage.span.end].strip()
        assert passage.sentences
