"""The picture of a PDF's page beside its text: the marked passage's page, and leafing from there."""

import streamlit as st

from kb import KnowledgeBase
from kb.errors import NotFound, PageNotDrawn
from kb.page_images import page_sizes
from kb.types import Document, Passage
from ui import document_html, html, state
from ui.server import files
from ui.texts import Texts


def draw(kb: KnowledgeBase, document: Document, marked: Passage | None, texts: Texts) -> None:
    """Draw the picture; nothing for a document that is no PDF."""
    if document.format != "pdf":
        return
    try:
        sizes = page_sizes(kb.engine.original(document))
    except NotFound:
        return
    except PageNotDrawn:
        st.html(html.facts(texts["document_no_picture"]))
        return
    number = min(max(state.number("page") or (marked.place.number if marked else 1), 1), len(sizes))
    label, caption = (
        texts[key].format(number=number, pages=len(sizes)) for key in ("document_page_alt", "document_page_of")
    )
    st.html(document_html.picture(files.picture_address(document, number), sizes[number - 1], label, caption))
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        _leaf(number - 1, texts["document_previous"], ":material/chevron_left:", enabled=number > 1)
        _leaf(number + 1, texts["document_next"], ":material/chevron_right:", enabled=number < len(sizes))


def _leaf(to: int, label: str, icon: str, *, enabled: bool) -> None:
    st.button(label, icon=icon, disabled=not enabled, key=f"leaf-{icon}", on_click=state.put, kwargs={"page": to})
