"""Build the documents of the sample corpus from the Markdown files in `sources`, and their list in README.md.

`python corpus/build.py` builds all of them; `--check` builds nothing, lists the
files that differ from what a build would give, and exits with 1 if there are any.
The same sources always give the same bytes.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from builder.docx_file import write_docx
from builder.html_page import write_html
from builder.markdown import write_markdown
from builder.odf_file import write_odp, write_odt
from builder.pdf import write_pdf
from builder.pptx_file import write_pptx
from builder.readme import with_table
from builder.source import Source, read_source
from builder.text import write_text

FOLDER = Path(__file__).resolve().parent
README = "README.md"
WRITERS: dict[str, Callable[[Source], bytes]] = {
    "docx": write_docx,
    "html": write_html,
    "md": write_markdown,
    "odp": write_odp,
    "odt": write_odt,
    "pdf": write_pdf,
    "pptx": write_pptx,
    "txt": write_text,
}


def build_all(folder: Path) -> dict[str, bytes]:
    """Name and content of every document in `folder`/sources, and of the README that lists them."""
    sources = [read_source(path) for path in sorted((folder / "sources").glob("*.md"))]
    built = {source.file_name: WRITERS[source.format](source) for source in sources}
    readme = (folder / README).read_text(encoding="utf-8")
    return {**built, README: with_table(readme, sources).encode("utf-8")}


def different(built: dict[str, bytes], folder: Path) -> list[str]:
    """Names of the built files that `folder` lacks or holds with other bytes."""
    names = []
    for name, data in built.items():
        path = folder / name
        if not path.is_file() or path.read_bytes() != data:
            names.append(name)
    return names


def main() -> int:
    """Build or check the corpus."""
    parser = argparse.ArgumentParser(description="Build the sample corpus.")
    parser.add_argument("--check", action="store_true", help="list the files that differ, change nothing")
    parser.add_argument("--to", type=Path, default=FOLDER, help="folder for the built files")
    options = parser.parse_args()
    built = build_all(FOLDER)
    names = different(built, options.to)
    if options.check:
        for name in names:
            print(name)
        return 1 if names else 0
    options.to.mkdir(parents=True, exist_ok=True)
    for name in names:
        (options.to / name).write_bytes(built[name])
    print(f"{len(built) - 1} documents; written: {', '.join(names) or 'none'}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
