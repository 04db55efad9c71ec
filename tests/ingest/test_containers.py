"""Archives and e-mails: what they hold becomes documents, and nothing leads out of them."""

import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest

from ingest.containers import MOST_FILES
from ingest.report import FileReport
from tests.ingest import texts
from tests.ingest.conftest import Base
from tests.ingest.containers import packed, zipped
from tests.ingest.files import Slide, make_docx, make_pdf, make_pptx, make_text


def fates(base: Base, path: Path, **options: bool) -> dict[str, FileReport]:
    """The reports on what lies in `path`, by the names behind it."""
    return {report.path.removeprefix(f"{path.parent}/"): report for report in base.run(path, **options)}


@pytest.fixture
def parcel(tmp_path: Path) -> Path:
    """An archive of a deck, a report with its sidecar in a folder, and what computers leave in archives."""
    make_pptx(tmp_path / "deck.pptx", [Slide("Thanks", [texts.LV])])
    make_pdf(tmp_path / "report.pdf", [["Opening words of the report."], [texts.PL]])
    members = {
        "deck.pptx": (tmp_path / "deck.pptx").read_bytes(),
        "Toruń/report.pdf": (tmp_path / "report.pdf").read_bytes(),
        "Toruń/report.pdf.yaml": "title: Dziękujemy\ncity: Toruń\n".encode(),
        "__MACOSX/._deck.pptx": b"\0\5\26\7",
        "Thumbs.db": b"\xd0\xcf\x11\xe0",
        "photo.mp4": b"\0\0\0\x20ftypisom" + bytes(100),
    }
    (tmp_path / "deck.pptx").unlink()
    (tmp_path / "report.pdf").unlink()
    return zipped(tmp_path / "parcel.zip", members)


def test_the_documents_in_an_archive_are_ingested_each_with_its_place(base: Base, parcel: Path) -> None:
    reports = fates(base, parcel)
    assert {name: report.status for name, report in reports.items()} == {
        "parcel.zip/deck.pptx": "added",
        "parcel.zip/Toruń/report.pdf": "added",
        "parcel.zip/photo.mp4": "refused",
        "parcel.zip": "added",
    }
    assert reports["parcel.zip/photo.mp4"].reason == "is a video: only what is written can be found"
    assert reports["parcel.zip"].reason == "2 of the 3 documents in it were taken"
    hit = base.kb.search("bezpłatny bilet na autobusy", k=1)[0]
    assert (hit.document.path, hit.passage.place.label) == (f"{parcel}/Toruń/report.pdf", "page 2")
    assert (hit.document.title, hit.document.container) == ("Dziękujemy", str(parcel))
    assert base.original(Path(hit.document.path)).read_bytes().startswith(b"%PDF-")


def test_a_second_run_finds_an_archive_unchanged(base: Base, parcel: Path) -> None:
    fates(base, parcel)
    again = fates(base, parcel)
    assert again["parcel.zip"].status == again["parcel.zip/deck.pptx"].status == "unchanged"
    assert base.kb.verify() == []


def test_what_an_archive_no_longer_holds_is_gone(base: Base, parcel: Path) -> None:
    fates(base, parcel)
    zipped(parcel, {"other.txt": texts.DE.encode()})
    reports = fates(base, parcel)
    assert reports["parcel.zip/deck.pptx"].status == "gone"
    assert reports["parcel.zip/other.txt"].status == "added"
    fates(base, parcel, prune=True)
    assert base.paths() == [f"{parcel}/other.txt"]


def test_a_removed_archive_takes_its_documents_along_when_asked(base: Base, parcel: Path) -> None:
    base.ingest(parcel.parent)
    parcel.unlink()
    make_text(parcel.parent / "left.txt", texts.DE)
    assert {r.status for r in base.run(parcel.parent, prune=True)} == {"added", "removed"}
    assert base.paths() == [str(parcel.parent / "left.txt")]


def test_a_document_that_moves_within_an_archive_stays_the_same(base: Base, tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"old.txt": texts.LV.encode()})
    fates(base, path)
    before = base.document(tmp_path / "a.zip/old.txt").id
    zipped(path, {"new/place.txt": texts.LV.encode()})
    assert fates(base, path)["a.zip/new/place.txt"].reason == f"moved here from {path}/old.txt"
    assert base.document(tmp_path / "a.zip/new/place.txt").id == before
    assert len(base.paths()) == 1


def test_an_archive_in_an_archive_is_unpacked_and_one_too_deep_is_refused(base: Base, tmp_path: Path) -> None:
    inner = packed({"deep.txt": texts.PL.encode()})
    path = zipped(tmp_path / "a.zip", {"b.zip": packed({"c.zip": inner}), "top.txt": texts.DE.encode()})
    assert fates(base, path)["a.zip/b.zip/c.zip/deep.txt"].status == "added"
    deeper = zipped(tmp_path / "z.zip", {"y.zip": packed({"x.zip": packed({"w.zip": inner})})})
    reports = fates(base, deeper)
    assert reports["z.zip/y.zip/x.zip/w.zip"].reason == "lies inside 3 other archives: unpack them"


@pytest.mark.parametrize(
    "name",
    ["../../outside.txt", "/etc/outside.txt", "C:\\Windows\\outside.txt", "..\\..\\outside.txt", "a/../../outside.txt"],
)
def test_names_that_lead_out_of_the_archive_lead_nowhere(name: str, base: Base, tmp_path: Path) -> None:
    (tmp_path / "box").mkdir()
    path = zipped(tmp_path / "box" / "a.zip", {name: texts.EN.encode()})
    reports = fates(base, path)
    assert [report.status for report in reports.values()] == ["added", "added"]
    assert {entry.name for entry in tmp_path.iterdir()} == {"box"}
    assert not Path("/etc/outside.txt").exists()
    assert ".." not in next(iter(reports))


def test_a_bomb_is_refused_and_its_neighbour_read(base: Base, tmp_path: Path) -> None:
    zipped(tmp_path / "bomb.zip", {"zeros.txt": bytes(300 * 2**20)})
    make_text(tmp_path / "next.txt", texts.LT)
    reports = base.ingest(tmp_path)
    assert reports["bomb.zip"].status == "refused"
    assert "unpacks to 300 MB" in reports["bomb.zip"].reason
    assert reports["next.txt"].status == "added"


def test_a_member_that_lies_about_its_size_costs_the_archive_only(base: Base, tmp_path: Path) -> None:
    path = zipped(tmp_path / "liar.zip", {"a.txt": texts.EN.encode() * 20_000})
    data = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        size = archive.infolist()[0].file_size
    path.write_bytes(data.replace(size.to_bytes(4, "little"), (10).to_bytes(4, "little")))
    make_text(tmp_path / "next.txt", texts.LT)
    reports = base.ingest(tmp_path)
    assert reports["liar.zip"].status in {"refused", "failed"}
    assert reports["liar.zip"].reason
    assert reports["next.txt"].status == "added"


def test_too_many_files_and_passwords_are_refused_with_advice(base: Base, tmp_path: Path) -> None:
    zipped(tmp_path / "many.zip", {f"{number}.txt": b"x" for number in range(MOST_FILES + 1)})
    locked = zipped(tmp_path / "locked.zip", {"a.txt": texts.EN.encode()})
    data = bytearray(locked.read_bytes())
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(signature) + offset] |= 1
    locked.write_bytes(bytes(data))
    reports = base.ingest(tmp_path)
    assert f"more than the limit of {MOST_FILES}: split it" in reports["many.zip"].reason
    assert "protected by a password: unpack it" in reports["locked.zip"].reason


def test_an_archive_of_nothing_readable_says_so(base: Base, tmp_path: Path) -> None:
    report = fates(base, zipped(tmp_path / "a.zip", {"a.mp4": b"\0\0\0\x20ftypisom" + bytes(100)}))["a.zip"]
    assert (report.status, report.reason) == ("refused", "holds no document that can be read")


def test_names_in_the_letters_of_old_programs_are_read(base: Base, tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"XXXXX.txt": texts.PL.encode()})
    path.write_bytes(path.read_bytes().replace(b"XXXXX", "łódka".encode("cp852")))
    assert "a.zip/łódka.txt" in fates(base, path)


def test_an_email_and_its_attachments_are_documents(base: Base, tmp_path: Path) -> None:
    make_docx(tmp_path / "a.docx", lambda document: document.add_paragraph(texts.LV))
    mail = EmailMessage()
    mail["Subject"] = "Zaproszenie na galę"
    mail["From"] = "biuro@example.org"
    mail["Date"] = "Tue, 28 Jun 2016 10:00:00 +0200"
    mail.set_content(texts.PL)
    data = (tmp_path / "a.docx").read_bytes()
    mail.add_attachment(data, maintype="application", subtype="octet-stream", filename="pateicība.docx")
    (tmp_path / "a.docx").unlink()
    path = tmp_path / "mail.eml"
    path.write_bytes(mail.as_bytes())
    reports = fates(base, path)
    assert {name: report.status for name, report in reports.items()} == {
        "mail.eml/pateicība.docx": "added",
        "mail.eml": "added",
    }
    assert base.finds("bezmaksas braukšanas karte") == f"{path}/pateicība.docx"
    assert base.document(path).title == "Zaproszenie na galę"
    assert {report.status for report in fates(base, path).values()} == {"unchanged"}
