"""Pieces that several pages draw."""

from collections.abc import Sequence

import streamlit as st

from kb import KnowledgeBase
from kb.types import Document, Evidence, Other, Passage
from ui import html, state
from ui.server.files import original_address
from ui.texts import Texts


def place_name(evidence: Evidence | None, texts: Texts) -> str | None:
    """A city or country in the interface's language, or as the document calls it."""
    return texts.located(evidence.value) if evidence else None


def document_facts(document: Document, texts: Texts) -> str:
    """City, country, languages, format and year of a document, as HTML."""
    languages = ", ".join(texts.language(code) for code in document.languages)
    return html.facts(
        place_name(document.city, texts),
        place_name(document.country, texts),
        languages,
        document.format.upper(),
        document.year,
        document.file_name,
        texts["retrieved"].format(date=texts.date(document.retrieved_at)) if document.retrieved_at else None,
    )


def also(others: Sequence[Other], language: str, texts: Texts) -> str:
    """Links to where else a passage in `language` stands: by language, or by file in its own, as HTML."""
    return html.links(
        texts["also"],
        [
            (
                other.document.file_name
                if other.passage.language == language
                else texts.language(other.passage.language),
                state.address("document", id=other.document.id, passage=other.passage.id, **state.searching()),
                texts.place(other.passage.place),
            )
            for other in others
        ],
    )


def remarks(passage: Passage, texts: Texts) -> list[str]:
    """What a reader should know of how a passage was read."""
    said = []
    if passage.confidence is not None:
        said.append(texts["ocr"].format(percent=round(100 * passage.confidence)))
    if passage.hidden:
        said.append(texts["hidden_slide"])
    return said


def original(kb: KnowledgeBase, document: Document, texts: Texts) -> None:
    """Links to the original file and, for a web page, to where it stands on the web."""
    if kb.engine.has_original(document):
        st.html(html.download(texts["open_original"], original_address(document)), width="content")
    if address := document.web_address:
        st.link_button(texts["open_web"], address, icon=":material/open_in_new:")
