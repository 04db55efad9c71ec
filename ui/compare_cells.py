"""The cells of a comparison: what one city or document says of one aspect."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from kb import vocabulary
from kb.compare import Aspect, AspectKind, Cell, Row, Told, brief
from kb.types import Document, Hit, Passage
from ui import basket, html, navigation, shared
from ui.basket import Item
from ui.texts import Texts


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above a passage: whose cell it is, and what was asked."""

    name: str
    question: str


def aspect_name(aspect: Aspect, texts: Texts) -> str:
    """What to call an aspect: the question itself, a topic's name, a field's."""
    if aspect.kind is AspectKind.FIELD:
        return texts[f"document_field_{aspect.id}"]
    return vocabulary.topics()[aspect.id].name(texts.code) if aspect.kind is AspectKind.TOPIC else aspect.id


def draw(cell: Cell, name: str, aspect: Aspect, texts: Texts, *, key: str) -> None:
    """Draw a cell under the name of its subject."""
    with st.container(border=True, key=f"compare-cell-{key}"):
        st.html(html.title(name))
        if not cell:
            st.html(html.facts(texts["compare_nothing"]))
        heading = Heading(name, aspect_name(aspect, texts))
        for hit in cell.hits:
            _hit(hit, heading, texts, key=f"{key}-{hit.passage.id}")
        for told in cell.told:
            _told(told, heading, texts, key=f"{key}-{told.document.id}")


def add_all(rows: Sequence[Row], texts: Texts) -> None:
    """A button that puts all passages shown into the briefing, each with what it was asked."""
    shown = [Item(passage, aspect_name(row.aspect, texts)) for row in rows for c in row.cells for passage in c.passages]
    new = {item.passage: item for item in reversed(shown) if not basket.holds(item.passage)}
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button(
            texts["compare_add_all" if new else "compare_all_added"],
            on_click=_add,
            args=[list(new.values())[::-1], texts],
            disabled=not new,
            icon=":material/playlist_add:" if new else ":material/playlist_add_check:",
            key="compare-add-all",
        )


def _add(new: Sequence[Item], texts: Texts) -> None:
    before = len(basket.items())
    basket.add(*new)
    added = len(basket.items()) - before
    st.toast(texts.count("compare_added", added), icon=":material/playlist_add_check:")
    if added < len(new):
        st.toast(texts["compare_full"], icon=":material/warning:")


def _hit(hit: Hit, heading: Heading, texts: Texts, *, key: str) -> None:
    short = brief(hit)
    text = html.marked(short.passage, hit.sentence_span, [match for match in short.matches if match.likely])
    if len(short.passage.text) < len(hit.passage.text):
        text += html.folded(texts["compare_whole"], html.marked(hit.passage, hit.sentence_span))
    also = shared.also(hit.also, hit.passage.language, texts)
    st.html(_title(hit.document, heading) + _facts(hit.passage, texts) + text + also)
    _actions(hit.document, hit.passage, heading, texts, key=key)


def _told(told: Told, heading: Heading, texts: Texts, *, key: str) -> None:
    """What a practice record says, in its own words; a document's passage behind it where it has one."""
    language = told.passage.language if told.passage else told.document.languages[0]
    facts = _facts(told.passage, texts) if told.passage else html.facts(texts["compare_from_record"])
    st.html(_title(told.document, heading) + facts + html.told(told.fact.value, language))
    _actions(told.document, told.passage, heading, texts, key=key)


def _title(document: Document, heading: Heading) -> str:
    """The document's title, unless that is what stands above the cell."""
    return "" if document.title == heading.name else html.place(document.title)


def _facts(passage: Passage, texts: Texts) -> str:
    return html.facts(
        texts.place(passage.place),
        *shared.remarks(passage, texts),
        badge=texts.language(passage.language),
        language=passage.language,
    )


def _actions(document: Document, passage: Passage | None, heading: Heading, texts: Texts, *, key: str) -> None:
    target = {"passage": passage.id} if passage else {}
    with st.container(horizontal=True, vertical_alignment="center"):
        label = texts["show_in_document"]
        navigation.link("document", label, icon=":material/article:", id=document.id, **target)
        if passage:
            basket.button(passage.id, heading.question, texts, key=f"compare-{key}")
