"""Footnotes of Word documents, which python-docx does not write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

RELATIONSHIP = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
RAISED = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'


def add_reference(paragraph: Any, number: int) -> None:
    """End the paragraph, so far as it goes, with the mark of footnote `number`, from 1."""
    run = f'<w:r {nsdecls("w")}>{RAISED}<w:footnoteReference w:id="{number}"/></w:r>'
    paragraph._p.append(parse_xml(run))


def add_footnotes(document: Any, texts: Sequence[str]) -> None:
    """Give the document its footnotes, numbered from 1."""
    # Word asks for the two lines that separate notes from text, numbered -1 and 0.
    lines = "".join(
        f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:r><w:{tag}/></w:r></w:p></w:footnote>'
        for kind, number, tag in (
            ("separator", -1, "separator"),
            ("continuationSeparator", 0, "continuationSeparator"),
        )
    )
    notes = "".join(
        f'<w:footnote w:id="{number}"><w:p><w:r>{RAISED}<w:footnoteRef/></w:r>'
        f'<w:r><w:t xml:space="preserve"> {escape(text)}</w:t></w:r></w:p></w:footnote>'
        for number, text in enumerate(texts, 1)
    )
    opening = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    xml = f"{opening}<w:footnotes {nsdecls('w')}>{lines}{notes}</w:footnotes>"
    package = document.part.package
    part = Part(PackURI("/word/footnotes.xml"), CONTENT_TYPE, xml.encode("utf-8"), package)
    document.part.relate_to(part, RELATIONSHIP)
