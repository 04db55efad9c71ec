"""DOC and PPT, Office's binary formats until 2007: LibreOffice makes a DOCX or PPTX of them, which is then read.

LibreOffice runs without a window, with a profile of its own in the scratch folder, without macros, and for a
limited time; the sandbox keeps it from the network and ends it whatever happens.
"""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from ingest.extract.base import Extraction, Refused
from ingest.extract.office import office_kit, ole
from ingest.extract.office.docx import DocxExtractor
from ingest.extract.office.pptx import PptxExtractor

MOST_SECONDS = 90
"""For one conversion, which takes 2 to 10 s; less than the sandbox grants, so that the reason can be given."""

_PROGRAMS = ("soffice", "libreoffice")
_INSTALL = "install LibreOffice on this computer (Debian: apt install {package}), or save it as {target}"
_PASSWORD = "is protected by a password: save a copy without it"
_OLD_WORD = {
    b"\xdb\xa5": "is a Word 2 file",
    b"\x31\xbe": "is a Word for DOS or Windows Write file",
    b"\x32\xbe": "is a Windows Write file",
    b"\xff\x57\x50\x43": "is a WordPerfect file",
}
_WORD_MARKS = {b"\xec\xa5", b"\xdc\xa5", b"\xdb\xa5"}
_WORD_FLAGS, _WORD_ENCRYPTED = 11, 1
"""What a Word file's main stream begins with, and the byte and bit in it that say it has a password."""

_WORD_XML = b"http://schemas.microsoft.com/office/word/2003/wordml"
_OTHERS = (
    ("EncryptedPackage", _PASSWORD),
    ("\x09DRMContent", "is protected by rights management: save a copy without it"),
    ("Workbook", "is an Excel workbook: save what is text in it as DOCX or PDF"),
    ("Book", "is an Excel workbook: save what is text in it as DOCX or PDF"),
    ("PP40", "is a PowerPoint 95 file: open it in LibreOffice or PowerPoint and save it as PPTX"),
    ("__properties_version1.0", "is an Outlook message (MSG): save it as EML, HTML or PDF"),
    ("VisioDocument", "is a Visio drawing: save it as PDF"),
    ("Quill", "is a Publisher file: save it as PDF"),
    ("MatOST", "is a Microsoft Works file: open it in LibreOffice and save it as DOCX"),
    ("MM", "is a Microsoft Works file: open it in LibreOffice and save it as DOCX"),
    ("StarWriterDocument", "is a StarOffice file: open it in LibreOffice and save it as ODT"),
    ("StarDrawDocument3", "is a StarOffice file: open it in LibreOffice and save it as ODP"),
    ("PerfectOffice_MAIN", "is a WordPerfect file: open it in LibreOffice and save it as DOCX"),
    ("HwpSummaryInformation", "is a Hangul file: save it as PDF or DOCX"),
)
"""What else is in such containers, by the stream that only it has."""

_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings">
<prop oor:name="ooInetProxyType" oor:op="fuse"><value>2</value></prop>
<prop oor:name="ooInetHTTPProxyName" oor:op="fuse"><value>127.0.0.1</value></prop>
<prop oor:name="ooInetHTTPProxyPort" oor:op="fuse"><value>9</value></prop>
<prop oor:name="ooInetHTTPSProxyName" oor:op="fuse"><value>127.0.0.1</value></prop>
<prop oor:name="ooInetHTTPSProxyPort" oor:op="fuse"><value>9</value></prop></item>
</oor:items>
"""
"""Macros are off, and what would be fetched goes to a port on which nobody answers."""


class DocExtractor:
    """Reads Word 6 to 2003 documents and templates, and Word's own XML of 2003."""

    format = "doc"
    suffixes = frozenset({".doc", ".dot"})

    def recognises(self, head: bytes, path: Path) -> bool:
        """As `Extractor.recognises`."""
        if _WORD_XML in head:
            return head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<")
        return head.startswith(ole.SIGNATURE) and _holds(path, "WordDocument")

    def extract(self, path: Path) -> Extraction:
        """As `Extractor.extract`; place = heading."""
        with path.open("rb") as file:
            is_binary = file.read(8) == ole.SIGNATURE
        if is_binary:
            _check_word(ole.streams(path)["WordDocument"].head)
        name = "an old Word file (DOC)" if is_binary else "a Word file as one XML"
        with TemporaryDirectory(prefix="doc-") as folder:
            made = _converted(path, Path(folder), "docx", name, "libreoffice-writer-nogui")
            return replace(DocxExtractor().extract(made), format=self.format)


class PptExtractor:
    """Reads PowerPoint 97 to 2003 presentations, shows and templates."""

    format = "ppt"
    suffixes = frozenset({".ppt", ".pps", ".pot"})

    def recognises(self, head: bytes, path: Path) -> bool:
        """As `Extractor.recognises`."""
        return head.startswith(ole.SIGNATURE) and _holds(path, "PowerPoint Document")

    def extract(self, path: Path) -> Extraction:
        """As `Extractor.extract`."""
        if _holds(path, "EncryptedSummary"):
            raise Refused(_PASSWORD)
        with TemporaryDirectory(prefix="ppt-") as folder:
            name, package = "an old PowerPoint file (PPT)", "libreoffice-impress-nogui"
            made = _converted(path, Path(folder), "pptx", name, package)
            return replace(PptxExtractor().extract(made), format=self.format)


def why_not(head: bytes, path: Path) -> str:
    """Why an old office file that is neither DOC nor PPT is refused; "" where `head` begins none."""
    old = next((name for signature, name in _OLD_WORD.items() if head.startswith(signature)), "")
    if old:
        return f"{old}: open it in LibreOffice and save it as DOCX"
    if not head.startswith(ole.SIGNATURE):
        return ""
    held = ole.streams(path)
    found = next((reason for stream, reason in _OTHERS if any(name.startswith(stream) for name in held)), "")
    return (
        found
        or "is an old Office file, damaged or protected by a password: open it and save it as DOCX or PPTX without one"
    )


def _check_word(head: bytes) -> None:
    """Raises Refused where a WordDocument stream that begins with `head` is none, or is encrypted."""
    if head and head[:2] not in _WORD_MARKS:
        raise Refused("is a damaged Word file (DOC): ask for it once more")
    if len(head) > _WORD_FLAGS and head[_WORD_FLAGS] & _WORD_ENCRYPTED:
        raise Refused(_PASSWORD)


def _holds(path: Path, stream: str) -> bool:
    try:
        return stream in ole.streams(path)
    except OSError:
        return False


def _converted(path: Path, folder: Path, target: str, name: str, package: str) -> Path:
    """The file that LibreOffice makes of `path` in `folder`. Raises Refused with a reason for people."""
    found = next((found for found in map(shutil.which, _PROGRAMS) if found), None)
    office = Path(found).resolve().parent if found else None
    if office is None or office_kit.library(office) is None:
        raise Refused(f"is {name}: {_INSTALL.format(package=package, target=target.upper())}")
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_PROFILE, "utf-8")
    source = folder / f"document{path.suffix.lower() if path.suffix.lower() in _SUFFIXES else ''}"
    shutil.copyfile(path, source)
    made = folder / f"made.{target}"
    command = [sys.executable, "-I", office_kit.__file__, str(office)]
    _run([*command, *(place.as_uri() for place in (profile, source, made)), target], folder, name)
    if not made.exists():
        raise Refused(f"is {name} that LibreOffice cannot read: damaged, or protected by a password")
    return made


_SUFFIXES = DocExtractor.suffixes | PptExtractor.suffixes | {".xml"}
"""Names that tell LibreOffice what a file is; others could mislead it."""


def _run(command: list[str], folder: Path, name: str) -> None:
    """Run a converter to its end; kill it, and all that it started, at MOST_SECONDS.

    Whether it did its work shows in what it made.
    """
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "TMPDIR": str(folder), "LC_ALL": "C.UTF-8"}
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        process_group=0,
    )
    try:
        process.wait(MOST_SECONDS)
    except subprocess.TimeoutExpired:
        raise Refused(
            f"is {name} that LibreOffice did not finish in {MOST_SECONDS} s: save it as DOCX or PPTX"
        ) from None
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
