"""A document's text by page, slide or heading, with one passage marked and scrolled to."""

from collections.abc import Sequence

import streamlit as st

from kb import KnowledgeBase
from kb.errors import NotFound
from kb.types import Passage
from ui import html, shared, state
from ui.texts import Texts

AROUND = 25
"""Passages shown on each side of the marked one: a long report stays quick on a phone."""

# Ours, and free of anything a document says.
_SCROLL = "<script>document.querySelector('.kb-here')?.scrollIntoView({block: 'center'});</script>"


def render(kb: KnowledgeBase, texts: Texts, address: state.Address) -> None:
    """Draw the page."""
    st.button(texts["back"], on_click=state.close_document, icon=":material/arrow_back:", key="back")
    try:
        document = kb.store.document(address.document or 0)
    except NotFound:
        st.warning(texts["missing_document"])
        return
    st.html(html.title(document.title) + shared.document_facts(document, texts))
    shared.original(kb, document, texts, key="document")
    passages = kb.store.passages_of(document.id)
    shown = _around(passages, address.passage, texts)
    st.html(_text(shown, address.passage, texts))
    st.html(_SCROLL, unsafe_allow_javascript=True)


def _around(passages: Sequence[Passage], marked: int | None, texts: Texts) -> Sequence[Passage]:
    at = next((position for position, passage in enumerate(passages) if passage.id == marked), 0)
    first, last = max(0, at - AROUND), at + AROUND + 1
    if len(passages) <= 2 * AROUND + 1:
        return passages
    st.caption(texts["part_shown"])
    return passages if st.toggle(texts["whole_document"], key="whole") else passages[first:last]


def _text(passages: Sequence[Passage], marked: int | None, texts: Texts) -> str:
    parts = []
    place = ""
    for passage in passages:
        here = " · ".join(part for part in (texts.place(passage.place), _heading(passage)) if part)
        if here != place:
            parts.append(html.place(here))
            place = here
        parts.append(html.passage(passage, chosen=passage.id == marked))
    return "".join(parts)


def _heading(passage: Passage) -> str:
    return "" if passage.place.kind == "section" else passage.place.heading
