"""Pieces that several pages draw."""

from pathlib import Path

import streamlit as st

from kb import KnowledgeBase, places
from kb.originals import Originals
from kb.types import Document, Evidence
from ui import html
from ui.texts import Texts


def place_name(evidence: Evidence | None, texts: Texts) -> str | None:
    """A city in the interface's language, or what a sidecar calls a city the gazetteer lacks."""
    if evidence is None:
        return None
    known = places.by_id().get(evidence.value)
    return known.name(texts.code) if known else evidence.value


def document_facts(document: Document, texts: Texts) -> str:
    """City, country, languages, format and year of a document, as HTML."""
    languages = ", ".join(texts.language(code) for code in document.languages)
    year = document.dates[0].value[:4] if document.dates else None
    return html.facts(
        place_name(document.city, texts),
        place_name(document.country, texts),
        languages,
        document.format.upper(),
        year,
        Path(document.path).name,
    )


def original(kb: KnowledgeBase, document: Document, texts: Texts, *, key: str) -> None:
    """Buttons for the original file and, for a saved web page, its address."""
    copy = Originals(kb.store.home).path(document.sha256, document.path)
    if copy.is_file():
        st.download_button(
            texts["open_original"],
            data=copy.read_bytes,
            file_name=Path(document.path).name,
            mime="application/octet-stream",  # the browser must save it, never run it
            icon=":material/download:",
            key=f"original-{key}",
            on_click="ignore",
        )
    address = document.urls[0] if document.format == "html" and document.urls else ""
    if address.startswith(("https://", "http://")):
        st.link_button(texts["open_web"], address, icon=":material/open_in_new:")
