"""A card: a passage that was found, why, and what can be done with it."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from kb import KnowledgeBase
from kb.types import Hit
from kb.views import distinct
from ui import basket, html, navigation, shared, state
from ui.texts import Texts

MOST_WORDS = 8
"""Pairs of words shown to say why a passage was found."""


@dataclass(frozen=True, slots=True)
class Found:
    """What found the hits: the question, and how near the nearest passage comes to questions about something else
    (the mean of two cosines); `usual` is None where no question was asked."""

    question: str
    usual: float | None = None


def card(kb: KnowledgeBase, texts: Texts, hit: Hit, found: Found) -> None:
    """Draw the card of a hit."""
    with st.container(border=True, key=f"hit-{hit.rank}"):
        facts = html.facts(
            shared.place_name(hit.document.city, texts),
            texts.place(hit.passage.place),
            hit.document.format.upper(),
            *shared.remarks(hit.passage, texts),
            badge=texts.language(hit.passage.language),
            language=hit.passage.language,
        )
        head = html.title(f"{hit.rank}. {hit.document.title}", anchor=f"hit-{hit.rank}")
        met = [match for match in hit.matches if match.likely]
        text = html.marked(hit.passage, hit.sentence_span, met)
        also = shared.also(hit.also, hit.passage.language, texts)
        st.html(head + facts + text + _why(texts, hit, found) + also)
        _actions(kb, texts, hit, found)


def _actions(kb: KnowledgeBase, texts: Texts, hit: Hit, found: Found) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        navigation.link(
            "document",
            texts["show_in_document"],
            icon=":material/article:",
            id=hit.document.id,
            passage=hit.passage.id,
            **state.searching(),
        )
        basket.button(hit.passage.id, found.question, texts, key=f"hit-{hit.rank}")
        if st.button(texts["more_like"], icon=":material/join_inner:", key=f"like-{hit.rank}"):
            navigation.go("search", like=hit.passage.id)
        shared.original(kb, hit.document, texts)


def _why(texts: Texts, hit: Hit, found: Found) -> str:
    """Why a passage was found, from the scores themselves, folded away under a summary of the words that met."""
    near = texts["why_near"].format(near=texts.decimal(hit.dense / 2))
    if found.usual is None:
        return html.facts(near)
    pairs = _pairs(hit)
    lines = [
        near + " " + texts["why_usual"].format(usual=texts.decimal(found.usual)),
        texts["why_coverage"].format(percent=texts.percent(hit.coverage)),
        texts["why_sentence"],
    ]
    return html.why(texts["why"], texts["why_passage"], pairs, lines, hit.passage.language)


def _pairs(hit: Hit) -> Sequence[tuple[str, str]]:
    """Words of the query, each with the words of the passage that it met."""
    met: dict[str, list[str]] = {}
    for match in distinct(hit.matches)[:MOST_WORDS]:
        met.setdefault(match.query, []).append(match.passage)
    return [(query, ", ".join(words)) for query, words in met.items()]
