"""Pictures of PDF pages: drawn in the sandbox, kept, and never a way in or a way to hold things up."""

import io
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import PIL.Image
import pytest

from kb.errors import NotFound, PageNotDrawn
from kb.page_images import MOST_PIXELS, WIDTH, page_image, page_sizes
from tests.ingest import hostile
from tests.ingest.files import make_pdf, make_text
from tests.ingest.hostile import Trap

ROOT = Path(__file__).parents[2]


def drawn(path: Path, number: int, width: int = WIDTH) -> PIL.Image.Image:
    return PIL.Image.open(io.BytesIO(page_image(path, number, width)))


def ink(picture: PIL.Image.Image) -> int:
    """How many pixels are dark."""
    return sum(picture.convert("L").histogram()[:128])


def test_each_page_is_drawn_as_wide_as_asked_and_shows_what_is_on_it(tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "a.pdf", [["One line."], ["Many lines of text. " * 30] * 6])
    sizes = page_sizes(path)
    assert len(sizes) == 2
    assert sizes[0].height / sizes[0].width == pytest.approx(297 / 210, abs=0.01)
    first, second = drawn(path, 1), drawn(path, 2)
    assert first.format == "WEBP" and first.width == second.width == WIDTH
    assert ink(second) > 10 * ink(first) > 0
    assert drawn(path, 1, 300).width == 300


def test_a_page_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "a.pdf", [["One line."]])
    for number in (0, -1, 2, 10**9):
        with pytest.raises(NotFound):
            page_image(path, number)
    with pytest.raises(NotFound):
        page_image(tmp_path / "gone.pdf", 1)
    with pytest.raises(NotFound):
        page_image(make_text(tmp_path / "a.txt", "No PDF."), 1)


def test_a_strip_of_paper_is_drawn_small(tmp_path: Path) -> None:
    path = tmp_path / "strip.pdf"
    path.write_bytes(strip(72, 14_400))
    picture = drawn(path, 1)
    assert picture.height > 100 * picture.width
    assert picture.width * picture.height <= MOST_PIXELS * 1.01


def strip(width: int, height: int) -> bytes:
    """A PDF of one empty page."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 WIDTH HEIGHT]>>endobj\ntrailer<</Root 1 0 R>>"
    ).replace(b"WIDTH HEIGHT", b"%d %d" % (width, height))


def test_a_damaged_pdf_is_said_to_be_one(tmp_path: Path) -> None:
    path = make_text(tmp_path / "a.pdf", "%PDF-1.7 and then nothing that is one")
    for _ in range(2):
        with pytest.raises(PageNotDrawn, match="Open the original instead"):
            page_image(path, 1)


def test_a_bomb_costs_itself_and_the_next_page_is_drawn(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.pdf"
    hostile.FILES["stream-bomb.pdf"](bomb, Trap(tmp_path, 9))
    with pytest.raises(PageNotDrawn):
        page_image(bomb, 1)
    assert ink(drawn(make_pdf(tmp_path / "a.pdf", [["One line."]]), 1))


def test_fifty_readers_at_once_all_see_their_page(tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "a.pdf", [[f"This is page {number}."] for number in range(1, 6)])
    with ThreadPoolExecutor(50) as readers:
        seen = list(readers.map(lambda at: page_image(path, at % 5 + 1, 300), range(50)))
    assert [seen[at] for at in range(50)] == [seen[at % 5] for at in range(50)]
    assert len(set(seen)) == 5


SCRIPT = """
import sys
from pathlib import Path
from kb.page_images import page_image
print("asked", len(page_image(Path(sys.argv[1]), 1)) > 0, "ingest" in sys.modules)
"""


def test_a_script_that_asks_is_not_run_again_by_those_who_draw(tmp_path: Path) -> None:
    """As multiprocessing would do: under Streamlit the script is a page."""
    path = make_pdf(tmp_path / "a.pdf", [["One line."]])
    script = make_text(tmp_path / "script.py", SCRIPT)
    done = subprocess.run(
        [sys.executable, script, path],
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout == "asked True False\n", done.stderr
