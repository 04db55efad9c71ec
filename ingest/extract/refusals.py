"""Why a file of a kind that is not read is refused, in words that tell its owner what to do."""

import zipfile
from pathlib import Path

KNOWN = "PDF, PPTX, DOCX, ODT, ODP, RTF, DOC, PPT, EPUB, HTML, MHTML, e-mail, Markdown, text, PNG, JPEG, TIFF, ZIP"
"""The formats that are read."""

_ARCHIVE = "unpack it, or pack the documents as ZIP"
_SIGNATURES = (
    (b"7z\xbc\xaf\x27\x1c", f"is a 7-Zip archive: {_ARCHIVE}"),
    (b"Rar!\x1a\x07", f"is a RAR archive: {_ARCHIVE}"),
    (b"\x1f\x8b", f"is a GZIP archive: {_ARCHIVE}"),
    (b"BZh", f"is a BZIP2 archive: {_ARCHIVE}"),
    (b"\xfd7zXZ\0", f"is an XZ archive: {_ARCHIVE}"),
    (b"GIF8", "is a GIF picture: save it as PNG if it shows text"),
    (b"BM", "is a BMP picture: save it as PNG if it shows text"),
    (b"ID3", "is a sound recording: only what is written can be found"),
    (b"OggS", "is a sound recording or a video: only what is written can be found"),
    (b"\x1aE\xdf\xa3", "is a video: only what is written can be found"),
    (b"MZ", "is a program"),
    (b"\x7fELF", "is a program"),
    (b"SQLite format 3\0", "is a database"),
    (b"wOFF", "is a font"),
    (b"wOF2", "is a font"),
    (b"\0\x01\0\0", "is a font"),
    (b"OTTO", "is a font"),
    (b"8BPS", "is a Photoshop file: save it as PDF or PNG"),
)
TEXT_SIGNATURES = (
    (b"%!PS", "is a PostScript file: save it as PDF"),
    (b"<?xml", "is XML, made for programs: save it as HTML, DOCX or PDF"),
    (b"<svg", "is a drawing (SVG): save it as PDF"),
)
"""What is text to a computer but not to a reader."""

_INSIDE_FTYP = {b"heic": "a HEIC photograph: save it as JPEG", b"heix": "a HEIC photograph: save it as JPEG",
                b"mif1": "a HEIC photograph: save it as JPEG", b"avif": "an AVIF picture: save it as PNG"}  # fmt: skip
_IN_ZIP = (
    ("xl/workbook.xml", "is an Excel workbook: save what is text in it as DOCX or PDF"),
    ("xl/workbook.bin", "is an Excel workbook: save what is text in it as DOCX or PDF"),
    ("visio/document.xml", "is a Visio drawing: save it as PDF"),
    ("Index/Document.iwa", "is a Pages, Keynote or Numbers file: export it as PDF, DOCX or PPTX"),
    ("index.apxl", "is a Keynote file: export it as PDF or PPTX"),
    ("index.xml", "is a Pages or Keynote file: export it as PDF, DOCX or PPTX"),
    ("META-INF/MANIFEST.MF", "is a program"),
    ("AndroidManifest.xml", "is a program"),
)
_MIMETYPES = (
    ("opendocument.spreadsheet", "is a spreadsheet (ODS): save what is text in it as ODT or PDF"),
    ("opendocument.graphics", "is a drawing (ODG): save it as PDF"),
    ("opendocument", "is an OpenDocument file of a kind that is not read: save it as ODT, ODP or PDF"),
)


def why_not(head: bytes, path: Path) -> str:
    """Why the file at `path`, which begins with `head` and which no extractor wants, is refused."""
    for signature, reason in _SIGNATURES:
        if head.startswith(signature):
            return reason
    if head[4:8] == b"ftyp":
        return f"is {_INSIDE_FTYP.get(head[8:12], 'a video: only what is written can be found')}"
    if head.startswith(b"RIFF"):
        return "is a WebP picture: save it as PNG" if head[8:12] == b"WEBP" else "is a sound recording or a video"
    if head[257:262] == b"ustar":
        return f"is a TAR archive: {_ARCHIVE}"
    if head.startswith(b"PK"):
        return _in_zip(path)
    return f"is of no format known here ({KNOWN})"


def _in_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            mimetype = archive.read("mimetype")[:200].decode("ascii", "replace") if "mimetype" in names else ""
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, ValueError):
        return "is a damaged archive or office file: copy it again, or open and save it in its program"
    found = [reason for part, reason in _MIMETYPES if part in mimetype]
    found += [reason for member, reason in _IN_ZIP if member in names]
    return found[0] if found else f"is an archive of a kind that is not read (known are {KNOWN})"
