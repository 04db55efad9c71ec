"""Which files are read: all that a person put there, in a stable order, and nothing of the machine's."""

import os
from pathlib import Path

from ingest.discover import discover, is_under
from tests.ingest.files import make_text


def tree(folder: Path, *names: str) -> None:
    """Empty folders' worth of files with these names."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        make_text(folder / name, "text")


def found(folder: Path) -> list[str]:
    """What is discovered in a folder, relative to it."""
    return [path.relative_to(folder).as_posix() for path in discover([folder]).files]


def test_files_come_in_a_stable_order(tmp_path: Path) -> None:
    tree(tmp_path, "b.txt", "a.txt", "pl/2.pdf", "pl/1.pdf", "de/x.docx", "Ąžuolas.txt")
    assert found(tmp_path) == ["a.txt", "b.txt", "Ąžuolas.txt", "de/x.docx", "pl/1.pdf", "pl/2.pdf"]


def test_hidden_files_lock_files_and_half_downloads_are_left_out(tmp_path: Path) -> None:
    tree(
        tmp_path,
        "report.docx",
        "~$report.docx",
        ".DS_Store",
        ".git/config",
        "Thumbs.db",
        "desktop.ini",
        "film.crdownload",
        "film.part",
        "x.tmp",
    )
    assert found(tmp_path) == ["report.docx"]


def test_sidecars_describe_files_and_are_none(tmp_path: Path) -> None:
    tree(tmp_path, "report.docx", "report.docx.yaml", "report.yml")
    assert found(tmp_path) == ["report.docx"]


def test_kbignore_names_what_is_not_read_in_its_folder(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt", "build.py", "drafts/b.txt", "sub/build.py", "sub/drafts/c.txt")
    make_text(tmp_path / ".kbignore", "# not for readers\n\ndrafts/\n*.py\n")
    assert found(tmp_path) == ["a.txt", "sub/build.py", "sub/drafts/c.txt"]


def test_a_file_named_outright_is_always_taken(tmp_path: Path) -> None:
    tree(tmp_path, ".hidden.txt", "build.py")
    make_text(tmp_path / ".kbignore", "*.py\n")
    given = [tmp_path / ".hidden.txt", tmp_path / "build.py"]
    assert list(discover(given).files) == given


def test_a_file_given_twice_is_read_once(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt", "b.txt")
    given = [tmp_path / "b.txt", tmp_path, tmp_path / "sub" / ".." / "a.txt"]
    assert list(discover(given).files) == [tmp_path / "b.txt", tmp_path / "a.txt"]


def test_what_is_not_there_is_missing(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt")
    assert discover([tmp_path / "a.txt", tmp_path / "nowhere"]).missing == (tmp_path / "nowhere",)


def test_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    tree(tmp_path, "folder/a.txt")
    (tmp_path / "folder" / "again").symlink_to(tmp_path / "folder")
    assert found(tmp_path) == ["folder/a.txt"]


def test_links_to_files_are_files_and_a_loop_is_found_once(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt")
    (tmp_path / "b.txt").symlink_to(tmp_path / "a.txt")
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    assert found(tmp_path) == ["a.txt", "b.txt", "loop.txt"]


def test_links_that_lead_out_of_the_folder_are_not_followed_unless_named(tmp_path: Path) -> None:
    tree(tmp_path, "own/secret.txt", "sent/a.txt", "more/b.txt")
    link, inner, other = (tmp_path / "sent" / name for name in ("passwords.txt", "inner.txt", "other.txt"))
    link.symlink_to(tmp_path / "own" / "secret.txt")
    inner.symlink_to("a.txt")
    other.symlink_to(tmp_path / "more" / "b.txt")
    sent = discover([tmp_path / "sent"])
    assert (sent.files, sent.outside) == ((tmp_path / "sent" / "a.txt", inner), (other, link))
    assert other in discover([tmp_path / "sent", tmp_path / "more"]).files
    assert discover([link]).files == (link,)


def test_a_folder_reached_by_a_link_is_read_as_itself(tmp_path: Path) -> None:
    tree(tmp_path, "there/a.txt")
    (tmp_path / "there" / "b.txt").symlink_to("a.txt")
    (tmp_path / "here").symlink_to("there")
    assert found(tmp_path / "here") == ["a.txt", "b.txt"]


def test_a_name_that_is_no_text_is_found(tmp_path: Path) -> None:
    name = os.fsdecode(b"zesz\xf3\xb3w.txt")
    tree(tmp_path, "a.txt", name)
    assert found(tmp_path) == ["a.txt", name]


def test_an_empty_folder_has_nothing(tmp_path: Path) -> None:
    found_there = discover([tmp_path])
    assert (found_there.files, found_there.missing) == ((), ())


def test_is_under_knows_folders_not_beginnings_of_names(tmp_path: Path) -> None:
    assert is_under(str(tmp_path / "a" / "b.txt"), [tmp_path / "a"])
    assert is_under(str(tmp_path / "a"), [tmp_path / "a"])
    assert not is_under(str(tmp_path / "ab" / "c.txt"), [tmp_path / "a"])
