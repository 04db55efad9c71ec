"""A document's text by page, slide or heading, with one passage marked and scrolled to."""

from collections.abc import Sequence

import streamlit as st

from kb import KnowledgeBase, cards
from kb.errors import NotFound
from kb.related.links import Kind, Related, related_documents
from kb.types import Document, Passage
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
    st.html(html.title(document.title) + shared.document_facts(document, texts) + _related(kb, document, texts))
    shared.original(kb, document, texts, key="document")
    passages = kb.store.passages_of(document.id)
    shown = _around(passages, address.passage, texts)
    st.html(_text(kb, shown, address.passage, texts))
    st.html(_SCROLL, unsafe_allow_javascript=True)


def _around(passages: Sequence[Passage], marked: int | None, texts: Texts) -> Sequence[Passage]:
    at = next((position for position, passage in enumerate(passages) if passage.id == marked), 0)
    first, last = max(0, at - AROUND), at + AROUND + 1
    if len(passages) <= 2 * AROUND + 1:
        return passages
    st.caption(texts["part_shown"])
    return passages if st.toggle(texts["whole_document"], key="whole") else passages[first:last]


def _related(kb: KnowledgeBase, document: Document, texts: Texts) -> str:
    """Links to the documents related to this one, each with how."""
    return html.links(
        texts["related"],
        [
            (found.document.title, state.document_address(found.document.id), _how(document, found, texts))
            for found in related_documents(kb.store, document.id)
        ],
    )


def _how(document: Document, found: Related, texts: Texts) -> str:
    """How another document is related to this one: "translation (Latvian)", "earlier version"."""
    other = found.document
    if found.kind is not Kind.VERSION:
        languages = ", ".join(texts.language(code) for code in other.languages)
        return texts[f"kind_{found.kind}"].format(format=other.format.upper(), languages=languages)
    mine, theirs = (dates[0].value if (dates := each.dates) else "" for each in (document, other))
    if not mine or not theirs or mine == theirs:
        return texts["kind_version"]
    return texts["kind_earlier" if theirs < mine else "kind_later"]


def _text(kb: KnowledgeBase, passages: Sequence[Passage], marked: int | None, texts: Texts) -> str:
    parts = []
    place = ""
    for passage in passages:
        here = " · ".join(part for part in (texts.place(passage.place), _heading(passage)) if part)
        if here != place:
            parts.append(html.place(here))
            place = here
        parts.append(html.passage(passage, chosen=passage.id == marked))
        if passage.id == marked:
            parts.append(shared.also(cards.of_passage(kb.store, passage), passage.language, texts))
    return "".join(parts)


def _heading(passage: Passage) -> str:
    return "" if passage.place.kind == "section" else passage.place.heading
