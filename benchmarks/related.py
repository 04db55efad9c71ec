"""`python -m benchmarks.related [FOLDER]`: are copies, versions and translations found, and nothing else?

The sample corpus: which of its documents are linked, against those that corpus/README.md says are translations.
Then the same with files that LibreOffice makes of them in other formats and with edited versions of their texts.
FOLDER is a judged set (benchmarks/judged_set.py) of articles in several languages whose documents are named
ARTICLE-LANGUAGE and have a line a sentence, the same lines in each language: links between documents and between
passages by language pair, in two halves, of even and odd articles: the threshold was set by the even ones.
`--sizes N ...` measures what comparing one more document costs beside N passages of random vectors. Prints JSON.
"""

import argparse
import json
import random
import subprocess
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path

import numpy as np

from benchmarks.judged_set import load
from benchmarks.sample import CORPUS, ingested
from ingest.discover import discover
from ingest.pipeline import Pipeline
from kb import KnowledgeBase
from kb.config import LANGUAGES
from kb.related import judge
from kb.related.compare import compare
from kb.store import Store
from kb.text import sentence_spans
from kb.types import DraftDocument, DraftPassage, Passage, Place, PlaceKind, Span

Pair = tuple[str, str]

TRANSLATIONS = {
    ("de-freiwillige-gewinnen", "lv-brivpratigo-piesaiste"),
    ("en-accessible-volunteering", "pl-dostepny-wolontariat"),
}
"""Documents of the corpus that say the same in two languages (corpus/README.md)."""

IN_TWO_LANGUAGES = {"de-en-freiwillige-feuerwehr", "lt-en-europos-programos", "lv-pl-lidzdaliba-budzets"}
"""Those that say everything twice."""

FORMATS = {".docx": ("pdf", "odt"), ".odt": ("pdf", "docx"), ".pptx": ("pdf", "odp"), ".odp": ("pdf", "pptx")}
"""What LibreOffice makes of a document of the corpus."""

SHARES = (0.1, 0.3, 0.5)
"""Of a text's sentences, left out or put in place of by those of another document."""

EVERY = 3
"""Of the corpus's documents, every third is converted and edited."""

CONVERT_SECONDS = 120

PASSAGES = 15
"""Of a random document."""


def main() -> None:
    """Run the benchmark and print its result."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.related", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, metavar="FOLDER")
    parser.add_argument(
        "--translation", type=float, default=judge.TRANSLATION, metavar="SCORE", help="threshold to try"
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[], metavar="N", help="passages to be compared with")
    options = parser.parse_args()
    judge.TRANSLATION = options.translation
    result: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as scratch:
        with KnowledgeBase.open(Path(scratch) / "corpus", create=True) as kb:
            ingested(kb)
            result["corpus"] = corpus(kb.store)
            result["other formats and versions"] = copies(kb, Path(scratch) / "made")
        if options.folder:
            with KnowledgeBase.open(Path(scratch) / "set", create=True) as kb:
                load(kb, options.folder, Path(scratch) / "articles", lambda _number, _row: True)
                result[options.folder.name] = {
                    half: articles(kb.store, odd) for half, odd in (("even", False), ("odd", True))
                }
        with KnowledgeBase.open(Path(scratch) / "large", create=True) as kb:
            result["seconds for one more document"] = {str(size): cost(kb, size) for size in sorted(options.sizes)}
    print(json.dumps(result, indent=2, ensure_ascii=False))


def related(store: Store) -> dict[Pair, str]:
    """The pairs of related documents, by their files' names, and how they are related."""
    names = {document.id: Path(document.path).name for document in store.documents()}
    rows = store.db.execute("SELECT document_id, other_id, kind FROM related_documents").fetchall()
    pairs = ((sorted((names[one], names[other])), kind) for one, other, kind in rows)
    return {(one, other): kind for (one, other), kind in pairs}


def corpus(store: Store) -> dict[str, object]:
    """What is linked in the corpus, beside what should be."""
    found = {(Path(one).stem, Path(other).stem) for one, other in related(store)}
    names = {document.id: Path(document.path).stem for document in store.documents()}
    rows = store.db.execute(
        """SELECT DISTINCT p.document_id FROM related_passages r JOIN passages p ON p.id = r.passage_id
           JOIN passages o ON o.id = r.other_id WHERE o.document_id = p.document_id"""
    )
    inside = {names[row[0]] for row in rows}
    return {
        "documents": len(names),
        "translations found": len(found & TRANSLATIONS),
        "of": len(TRANSLATIONS),
        "documents linked within, found": len(inside & IN_TWO_LANGUAGES),
        "of these": len(IN_TWO_LANGUAGES),
        "false links": sorted(found - TRANSLATIONS) + sorted(inside - IN_TWO_LANGUAGES),
    }


def copies(kb: KnowledgeBase, folder: Path) -> dict[str, object]:
    """Share of the files made of the corpus's documents that are linked with them, by how they were made."""
    folder.mkdir()
    made = {**_converted(folder), **_edited(kb.store, folder)}
    refused = [report.reason for report in Pipeline(kb).run([folder], discover([folder])) if report.status == "refused"]
    found = related(kb.store)
    documents = {Path(document.path).name: document.own_title for document in kb.store.documents()}
    by_way: dict[str, Counter[str]] = defaultdict(Counter)
    for name, (source, way) in made.items():
        if name in documents:
            first, second = sorted((name, source))
            by_way[way][found.get((first, second), "none")] += 1
    of = {name: source for name, (source, _) in made.items()}
    allowed = {frozenset((f"{one}", f"{other}")) for one, other in TRANSLATIONS}
    false = [
        pair
        for pair in found
        if (ends := frozenset(Path(of.get(name, name)).stem for name in pair)) and len(ends) > 1 and ends not in allowed
    ]
    return {**{way: dict(counts) for way, counts in by_way.items()}, "refused": refused, "false links": false}


def _converted(folder: Path) -> dict[str, Pair]:
    """Files that LibreOffice makes of documents: by name, the source's name and the way."""
    made = {}
    sources = sorted(path for path in CORPUS.iterdir() if path.suffix in FORMATS)
    for source in sources[::EVERY]:
        for target in FORMATS[source.suffix]:
            command = ["soffice", "--headless", f"-env:UserInstallation=file://{folder.parent}/office"]
            command += ["--convert-to", target, "--outdir", str(folder), str(source)]
            subprocess.run(command, check=True, capture_output=True, timeout=CONVERT_SECONDS)
            made[f"{source.stem}.{target}"] = (source.name, f"{source.suffix[1:]} as {target}")
    return made


def _edited(store: Store, folder: Path) -> dict[str, Pair]:
    """Texts with sentences left out or replaced: by name, the source's name and the way."""
    chance = random.Random(1)
    documents = store.documents()[::EVERY]
    texts = {
        document.path: [list(_sentences(passage)) for passage in store.passages_of(document.id)]
        for document in documents
    }
    made = {}
    for path, passages in texts.items():
        others = [sentence for other, them in texts.items() if other != path for these in them for sentence in these]
        for share in SHARES:
            for way in ("left out", "replaced"):
                text = "\n\n".join(
                    " ".join(
                        sentence if chance.random() >= share else "" if way == "left out" else chance.choice(others)
                        for sentence in sentences
                    )
                    for sentences in passages
                )
                name = f"{Path(path).stem}-{way.replace(' ', '-')}-{share:.0%}.txt"
                (folder / name).write_text(text, "utf-8")
                made[name] = (Path(path).name, f"{share:.0%} of the sentences {way}")
    return made


def _sentences(passage: Passage) -> Iterator[str]:
    return (passage.text[first:last] for first, last in sentence_spans(passage.text, passage.language))


def articles(store: Store, odd: bool) -> dict[str, object]:
    """Links between the articles of one half, and of them with any other, by language pair."""
    names = {document.id: Path(document.path).stem for document in store.documents()}
    half = {name for name in names.values() if int("".join(filter(str.isdigit, name))) % 2 == odd}
    linked = {tuple(Path(name).stem for name in pair) for pair in related(store)}
    true = {pair for pair in combinations(sorted(half), 2) if pair[0].split("-")[0] == pair[1].split("-")[0]}
    found, wanted = Counter(map(_languages, true & linked)), Counter(map(_languages, true))
    lines = _lines(store, names)
    return {
        "pairs": len(true),
        "found": round(len(true & linked) / len(true), 3),
        "false links": sorted(
            pair for pair in linked - true if half & set(pair) and _article(pair[0]) != _article(pair[1])
        ),
        "found by languages": {pair: round(found[pair] / wanted[pair], 3) for pair in sorted(wanted)},
        "passages": _passages(store, {passage: at for passage, at in lines.items() if at[0] in half}),
    }


def cost(kb: KnowledgeBase, size: int) -> float:
    """Seconds that comparing one document of the corpus takes beside `size` passages, the second time."""
    document = CORPUS / "en-accessible-volunteering.docx"
    seconds = 0.0
    for _ in range(2):
        list(Pipeline(kb, force=True).run([document], discover([document])))
        _fill(kb, size)
        kb.store.db.execute("UPDATE documents SET compared = (path <> ?)", [str(document)])
        began = time.perf_counter()
        compare(kb.store)
        seconds = time.perf_counter() - began
    return round(seconds, 2)


def _fill(kb: KnowledgeBase, size: int) -> None:
    """Add documents of one language and random vectors until there are `size` passages."""
    random = np.random.default_rng(0)
    held = kb.store.db.execute("SELECT count(*) FROM passages").fetchone()[0]
    for number in range(held, size, PASSAGES):
        body = "Nothing to see here."
        spans = [Span(at * len(body), (at + 1) * len(body)) for at in range(PASSAGES)]
        passages = tuple(
            DraftPassage(LANGUAGES[number // PASSAGES % len(LANGUAGES)], Place(PlaceKind.PAGE, at + 1), span, (span,))
            for at, span in enumerate(spans)
        )
        vectors = random.standard_normal((PASSAGES, kb.encoder.dim), np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        path = f"/random/{number}"
        kb.store.put(DraftDocument(path, path, "txt", "", body * PASSAGES, passages), vectors, vectors)


def _article(name: str) -> str:
    return name.partition("-")[0]


def _languages(pair: tuple[str, ...]) -> str:
    return "-".join(sorted(name.split("-")[1] for name in pair))


Lines = tuple[str, frozenset[int]]
"""A document's name and the numbers of its lines that a passage holds."""


def _lines(store: Store, names: Mapping[int, str]) -> dict[int, Lines]:
    found = {}
    for document in store.documents():
        text, lines, at = store.text(document.id), Path(document.path).read_text("utf-8").splitlines(), 0
        middles = []
        for line in lines:
            start = text.find(line[:20], at)
            at = start if start >= 0 else at
            middles.append(at + len(line) // 2)
        for passage in store.passages_of(document.id):
            inside = {n for n, middle in enumerate(middles) if passage.span.start <= middle < passage.span.end}
            found[passage.id] = (names[document.id], frozenset(inside))
    return found


def _passages(store: Store, lines: Mapping[int, Lines]) -> dict[str, object]:
    """How many passages that hold half of each other's lines are linked, and how many linked ones do."""
    by_article: dict[str, list[int]] = defaultdict(list)
    for passage, (name, _) in lines.items():
        by_article[_article(name)].append(passage)
    true = {
        pair
        for passages in by_article.values()
        for pair in combinations(sorted(passages), 2)
        if lines[pair[0]][0] != lines[pair[1]][0] and _same(lines[pair[0]][1], lines[pair[1]][1])
    }
    rows = store.db.execute("SELECT passage_id, other_id FROM related_passages WHERE passage_id < other_id")
    linked = {(one, other) for one, other in rows if one in lines and other in lines}
    right = len(true & linked)
    return {"pairs": len(true), "found": round(right / len(true), 3), "right": round(right / max(1, len(linked)), 3)}


def _same(one: frozenset[int], other: frozenset[int]) -> bool:
    return bool(one and other) and len(one & other) >= min(len(one), len(other)) / 2


if __name__ == "__main__":
    main()
