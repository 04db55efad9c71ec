"""`python -m benchmarks.web_pages`: token F1 of the text of web pages, ours beside trafilatura's defaults.

Pages: seventeen kinds of page around articles of the corpus, in five languages, and the corpus' own web
pages. Gold: the articles' text. `--most N` takes N articles of each language (default: all).
`--folder DIR` measures pages of your own instead: each NAME.html with its gold text in NAME.txt.
"""

import argparse
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import mean

from benchmarks.tables import table
from benchmarks.web_pages import defaults, ours, pages, token_f1


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        cases = _of_folder(options.folder) if options.folder else pages(Path(folder), options.most)
        scores: dict[str, list[tuple[float, float]]] = defaultdict(list)
        for kind, path, gold in cases:
            scores[kind].append((token_f1(ours(path), gold), token_f1(defaults(path), gold)))
    scores["all pages"] = [pair for pairs in scores.values() for pair in pairs]
    print(
        table(["page", "pages", "HopKB", "trafilatura's defaults", "worse on"], [_row(*row) for row in scores.items()])
    )


def _of_folder(folder: Path) -> Iterator[tuple[str, Path, str]]:
    for path in sorted(folder.glob("*.html")):
        yield path.stem, path, path.with_suffix(".txt").read_text(encoding="utf-8")


def _row(kind: str, pairs: list[tuple[float, float]]) -> list[str]:
    mine, theirs = zip(*pairs, strict=True)
    worse = sum(mine < theirs for mine, theirs in pairs)
    return [kind.replace("_", " "), str(len(pairs)), f"{mean(mine):.3f}", f"{mean(theirs):.3f}", str(worse)]


if __name__ == "__main__":
    main()
