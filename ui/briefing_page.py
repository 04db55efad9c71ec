"""The briefing page: the collected passages as they will be exported, to arrange, to comment and to take along."""

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import TypeVar

import streamlit as st

from kb import KnowledgeBase
from kb.briefing.compose import compose, rearranged, sentences_of
from kb.briefing.draft import Draft, Grouping, Pick
from kb.briefing.types import Briefing, Labels, Quote, Section
from kb.types import Passage
from ui import briefing_draft, briefing_files, briefing_html, browser, html, navigation, shared
from ui.texts import Texts

MOST_TITLE = 200
MOST_INTRODUCTION = 5_000
MOST_NOTE = 2_000
"""Letters: two lines, two pages, most of a page."""

NOTE_HEIGHT = 80
INTRODUCTION_HEIGHT = 110
"""Pixels: two and three lines."""

AT_ONCE = 40
"""Cards drawn at first, and added by each press of "more"."""

_CHOOSING = "briefing-choosing"
_SHOWN = "briefing-shown"

WORDS_OF_GONE = 60
"""Letters that remind of a passage which is gone."""


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page:
    """What all parts of the page are drawn from."""

    kb: KnowledgeBase
    texts: Texts
    draft: Draft
    briefing: Briefing


def render(kb: KnowledgeBase, texts: Texts) -> None:
    """Draw the page."""
    st.html(briefing_html.STYLE)
    st.title(texts["briefing_title"])
    st.caption(texts["briefing_intro"])
    if not browser.told():
        return
    draft = _typed(briefing_draft.read(kb.store))
    briefing_files.arrivals(kb, draft, texts)
    if draft.picks:
        briefing = compose(kb.store, draft, labels(texts), made=date.today(), base=briefing_files.base())
        _filled(Page(kb, texts, draft, briefing))
    else:
        st.info(texts["briefing_empty"], icon=":material/description:")
        st.write(texts["briefing_empty_how"].format(button=texts["basket_add"]))
        navigation.link("search", texts["briefing_to_search"], icon=":material/search:")
    briefing_files.keep(draft, texts)
    _undo(texts)


def _filled(page: Page) -> None:
    _head(page.draft, page.texts)
    _missing(page)
    briefing_files.take(page.briefing, page.texts)
    shown = st.session_state.setdefault(_SHOWN, AT_ONCE)
    for at, section in enumerate(page.briefing.sections):
        if section.quotes[0].number <= shown:
            _section(page, at, section, shown)
    if len(page.briefing.quotes) > shown:
        st.button(page.texts["more"], on_click=_show_more, key="briefing-more")


def _show_more() -> None:
    st.session_state[_SHOWN] += AT_ONCE


def labels(texts: Texts) -> Labels:
    """What a briefing says of its own, in the interface's language."""
    return Labels(
        code=texts.code,
        untitled=texts["briefing_title"],
        sources=texts["briefing_sources"],
        source=texts["briefing_source"],
        quotes=texts["briefing_quotes"],
        note=texts["briefing_note"],
        link=texts["briefing_open"],
        no_question=texts["briefing_no_question"],
        no_city=texts["briefing_no_city"],
        unshown=texts["briefing_unshown"],
        retrieved=texts["retrieved"],
        place=texts.place,
        language=texts.language,
        date=texts.date,
        remarks=partial(shared.remarks, texts=texts),
    )


def _head(draft: Draft, texts: Texts) -> None:
    """Title, introduction and grouping."""
    _show("briefing-title", draft.title)
    _show("briefing-introduction", draft.introduction)
    _show("briefing-grouping", draft.grouping)
    st.text_input(
        texts["briefing_name"],
        placeholder=texts["briefing_name_placeholder"],
        max_chars=MOST_TITLE,
        key="briefing-title",
    )
    st.text_area(
        texts["briefing_introduction"],
        height=INTRODUCTION_HEIGHT,
        max_chars=MOST_INTRODUCTION,
        key="briefing-introduction",
    )
    st.radio(
        texts["briefing_grouping"],
        list(Grouping),
        format_func=lambda grouping: texts[f"briefing_by_{grouping}"],
        horizontal=True,
        key="briefing-grouping",
    )


def _typed(draft: Draft) -> Draft:
    """`draft` with what the reader has written into its fields since they were drawn, which is kept.

    Not by callbacks: Streamlit ends one in the middle when the next message comes, and what was written is lost.
    """
    picks = (replace(pick, note=_newer(f"note-{pick.passage}", pick.note)) for pick in draft.picks)
    typed = replace(
        draft,
        title=_newer("briefing-title", draft.title),
        introduction=_newer("briefing-introduction", draft.introduction),
        grouping=_newer("briefing-grouping", draft.grouping),
        picks=tuple(picks),
    )
    if typed != draft:
        briefing_draft.write(lambda _: typed)
    return typed


def _newer(key: str, kept: T) -> T:
    """What stands in the field `key`, if that is not what it was drawn with; else what is `kept`."""
    value: T | None = st.session_state.get(key)
    return kept if value is None or value == st.session_state.get(f"{key}-drawn") else value


def _show(key: str, value: object) -> None:
    """Let the widget `key` show `value`; one that shows it already keeps its cursor."""
    if st.session_state.get(key) != value:
        st.session_state[key] = value
    st.session_state[f"{key}-drawn"] = value


def _missing(page: Page) -> None:
    """Say which passages are no longer in the knowledge base."""
    gone, texts = page.briefing.missing, page.texts
    if not gone:
        return
    with st.container(border=True, key="briefing-gone"):
        st.warning(texts.count("briefing_gone", len(gone)))
        for pick in gone:
            st.html(html.facts(pick.anchor.title, _beginning(pick), pick.question, pick.note))
        st.button(
            texts["briefing_gone_remove"],
            on_click=briefing_draft.write,
            args=[briefing_draft.without(pick.passage for pick in gone), texts["briefing_removed"]],
            icon=":material/delete:",
            key="briefing-gone-remove",
        )


def _beginning(pick: Pick) -> str:
    words = pick.anchor.words
    return f"{words[:WORDS_OF_GONE]} …" if words else ""


def _section(page: Page, at: int, section: Section, shown: int) -> None:
    """A section, with its quotes up to number `shown`."""
    if section.heading:
        st.html(briefing_html.section(section.heading, page.texts.count("briefing_n_quotes", len(section.quotes))))
    with st.container(horizontal=True):
        _movers(page, at, None, of=len(page.briefing.sections))
    passages = page.kb.store.passages([quote.pick.passage for quote in section.quotes])
    for position, quote in enumerate(quote for quote in section.quotes if quote.number <= shown):
        with st.container(border=True, key=f"quote-{quote.pick.passage}"):
            st.html(briefing_html.quote(quote, page.texts))
            _sentences(page, quote, passages[quote.pick.passage])
            _note(page, quote)
            with st.container(horizontal=True, vertical_alignment="center"):
                _actions(page, quote)
                _movers(page, at, position, of=len(section.quotes))


def _movers(page: Page, section: int, quote: int | None, *, of: int) -> None:
    """Buttons that move a quote of a section, or the section where `quote` is None, among the `of` there are."""
    if of < 2:
        return
    place, what = (section, "section_") if quote is None else (quote, "")
    for step, word, icon in ((-1, "up", "upward"), (1, "down", "downward")):
        st.button(
            page.texts[f"briefing_{what}{word}"],
            on_click=briefing_draft.write,
            args=[briefing_draft.ordered([pick.passage for pick in rearranged(page.briefing, section, quote, step)])],
            icon=f":material/arrow_{icon}:",
            disabled=not 0 <= place + step < of,
            type="tertiary",
            key=f"move-{section}-{quote}-{word}",
        )


def _note(page: Page, quote: Quote) -> None:
    key = f"note-{quote.pick.passage}"
    _show(key, quote.pick.note)
    st.text_area(
        page.texts["briefing_your_note"],
        height=NOTE_HEIGHT,
        max_chars=MOST_NOTE,
        key=key,
    )


def _actions(page: Page, quote: Quote) -> None:
    texts, passage = page.texts, quote.pick.passage
    choosing = st.session_state.get(_CHOOSING) == passage
    st.button(
        texts["briefing_chosen" if choosing else "briefing_choose"],
        on_click=_choose,
        args=[None if choosing else passage],
        icon=":material/format_list_bulleted:",
        key=f"choose-{passage}",
    )
    navigation.link(
        "document", texts["show_in_document"], icon=":material/article:", id=quote.document, passage=passage
    )
    st.button(
        texts["briefing_remove"],
        on_click=briefing_draft.write,
        args=[briefing_draft.without([passage]), texts["briefing_removed"]],
        icon=":material/delete:",
        key=f"remove-{passage}",
    )


def _choose(passage: int | None) -> None:
    st.session_state[_CHOOSING] = passage


def _sentences(page: Page, quote: Quote, passage: Passage) -> None:
    """Boxes to tick for the sentences to quote, on the one card that is asked for them."""
    if st.session_state.get(_CHOOSING) != passage.id:
        return
    spans = [span.within(passage.span) for span in sentences_of(page.kb.store, [passage.id])[passage.id]]
    chosen = quote.pick.sentences or tuple(range(len(spans)))
    st.caption(page.texts["briefing_choose_help"])
    for at, span in enumerate(spans):
        key = f"sentence-{passage.id}-{at}"
        _show(key, at in chosen)
        st.checkbox(
            html.plain_label(passage.text[span.start : span.end]),
            key=key,
            on_change=_write_sentences,
            args=[passage.id, len(spans)],
        )


def _write_sentences(passage: int, number: int) -> None:
    """Keep which boxes are ticked; all of them, or none, is all of the passage."""
    ticked = [at for at in range(number) if st.session_state[f"sentence-{passage}-{at}"]]
    kept = tuple(ticked) if len(ticked) < number else ()
    briefing_draft.write(briefing_draft.picked(passage, sentences=kept))


def _undo(texts: Texts) -> None:
    """What just happened, at the lower edge of the window, with the way back."""
    found = briefing_draft.undoable()
    if not found:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="briefing-undo"):
        st.markdown(found[1], width="content")
        st.button(texts["briefing_undo"], on_click=briefing_draft.undo, icon=":material/undo:", key="undo")
