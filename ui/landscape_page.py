"""The landscape page: a map of all passages by meaning, what is missing, and what was asked in vain."""

from collections.abc import Sequence

import streamlit as st

from kb import KnowledgeBase, catalogue, coverage
from kb.catalogue import Facet
from kb.landscape.reading import Cluster, Landscape, around, members, read
from kb.questions import Questions, is_counting
from kb.types import Document, Passage
from ui import basket, coverage_table, html, landscape_chart, navigation, shared, state
from ui.landscape_chart import theme_name
from ui.practice_facets import NAMES
from ui.texts import Texts

MOST_DRAWN = 2_000
"""Points: more hide each other, and a phone takes seconds to draw them."""

PAGE, MOST = 6, 30
"""Passages listed at first, with each press of "more", and at most: the search finds more of them."""

MOST_QUESTIONS = 20

COLOURS = (Facet.LANGUAGES, Facet.COUNTRIES, Facet.CITIES, Facet.TOPICS)

_STYLE = """
<style>
.kb-clamp .kb-text { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 5; overflow: hidden; }
.st-key-landscape-map [data-testid="stElementToolbar"] { display: none; }
[class*="st-key-landscape-theme-"] button { text-align: left; justify-content: start; }
</style>
"""


def render(kb: KnowledgeBase, texts: Texts) -> None:
    """Draw the page."""
    st.html(_STYLE)
    st.title(texts["landscape_title"])
    st.html(html.facts(texts["landscape_intro"]))
    found = read(kb.store, MOST_DRAWN)
    if found.points:
        _map(kb, found, texts)
    else:
        st.info(texts["landscape_none"])
    _coverage(kb, texts)
    _questions(kb, texts)


def _map(kb: KnowledgeBase, found: Landscape, texts: Texts) -> None:
    wide, narrow = st.columns([3, 2], gap="medium")
    with wide:
        facet = _choice("colour", COLOURS, texts)
        drawn = sorted({point.document_id for point in found.points})
        titles = {document.id: document.title for document in kb.store.documents(drawn)}
        landscape_chart.draw(found, facet, titles, texts, _choose)
        if len(found.points) < found.passages:
            numbers = {"shown": texts.integer(len(found.points)), "all": texts.integer(found.passages)}
            st.html(html.facts(texts["landscape_sampled"].format(**numbers)))
    with narrow:
        theme = next((each for each in found.clusters if each.id == state.number("theme")), None)
        passage = state.number("passage")
        if passage is not None:
            _around(kb, passage, found.clusters, texts)
        elif theme:
            _theme(kb, theme, texts)
        else:
            _themes(found.clusters, texts)


def _choice(name: str, options: Sequence[Facet], texts: Texts) -> Facet:
    """One of `options`, kept in the address as `name`."""
    key = f"landscape-{name}"
    asked = next((option for option in options if NAMES[option] == state.get(name)), options[0])
    st.session_state[key] = asked
    chosen = st.radio(
        texts[f"landscape_{name}"],
        options,
        format_func=lambda option: texts[f"practices_facet_{option}"],
        horizontal=True,
        on_change=lambda: state.put(**{name: NAMES[st.session_state[key]]}),
        key=key,
    )
    return Facet(chosen)


def _choose(passage: int | None, theme: int | None) -> None:
    state.put(passage=passage, theme=theme if passage is None else None, shown=None)


def _themes(clusters: Sequence[Cluster], texts: Texts) -> None:
    """All themes with their sizes: what the map shows, for those who do not see it."""
    st.header(texts["landscape_themes"])
    st.html(html.facts(texts["landscape_hint"]))
    with st.container(key="landscape-themes", gap=None):
        for cluster in clusters:
            label = f"{theme_name(cluster, texts)} ({texts.integer(cluster.passages)})"
            _button(label, ":material/chevron_right:", cluster.id)


def _theme(kb: KnowledgeBase, cluster: Cluster, texts: Texts) -> None:
    st.header(theme_name(cluster, texts), anchor=False)
    counts = (f"{texts.language(code)} {texts.integer(count)}" for code, count in cluster.languages)
    st.html(html.facts(texts.count("n_passages", cluster.passages), *counts))
    _listed(kb, members(kb.store, cluster.id, MOST + 1), texts)


def _around(kb: KnowledgeBase, passage: int, clusters: Sequence[Cluster], texts: Texts) -> None:
    st.header(texts["landscape_around"], anchor=False)
    found = around(kb.store, passage, MOST + 1)
    if not found:
        st.info(texts["landscape_gone"])
    _listed(kb, found, texts)


def _listed(kb: KnowledgeBase, ids: Sequence[int], texts: Texts) -> None:
    """Passages, a few at first, with the way back to all themes above."""
    _button(texts["landscape_all_themes"], ":material/arrow_back:", None)
    shown = min(state.number("shown") or PAGE, MOST)
    passages = kb.store.passages(ids[:shown])
    documents = {each.id: each for each in kb.store.documents(sorted({p.document_id for p in passages.values()}))}
    for identifier in ids[:shown]:
        if identifier in passages:
            _card(passages[identifier], documents[passages[identifier].document_id], texts)
    if shown < min(len(ids), MOST):
        st.button(texts["more"], on_click=lambda: state.put(shown=shown + PAGE), key="landscape-more")


def _card(passage: Passage, document: Document, texts: Texts) -> None:
    with st.container(border=True, key=f"landscape-passage-{passage.id}"):
        facts = html.facts(
            shared.place_name(document.city, texts),
            texts.place(passage.place),
            *shared.remarks(passage, texts),
            badge=texts.language(passage.language),
            language=passage.language,
        )
        text = f'<div class="kb-clamp">{html.told(passage.text, passage.language)}</div>'
        st.html(html.title(document.title) + facts + text)
        with st.container(horizontal=True, vertical_alignment="center"):
            navigation.link(
                "document", texts["show_in_document"], icon=":material/article:", id=document.id, passage=passage.id
            )
            basket.button(passage.id, "", texts, key=f"landscape-{passage.id}")


def _button(label: str, icon: str, theme: int | None) -> None:
    """A button that shows a theme, or all; a link to the page one is on would leave its address as it is."""
    st.button(
        html.plain_label(label),
        icon=icon,
        type="tertiary",
        on_click=_choose,
        args=[None, theme],
        key=f"landscape-theme-{'all' if theme is None else theme}",
    )


def _coverage(kb: KnowledgeBase, texts: Texts) -> None:
    st.header(texts["landscape_coverage"])
    st.html(html.facts(texts["landscape_coverage_intro"]))
    side = _choice("by", coverage.SIDES, texts)
    generation = kb.store.generation()
    found = _covered(kb, side.value, str(kb.store.home), generation, kb.store.token(generation))
    st.html(html.facts(texts.count("landscape_n_gaps", found.gaps)))
    st.html(coverage_table.style(st.context.theme.type) + coverage_table.table(found, texts))


@st.cache_resource(max_entries=len(coverage.SIDES), show_spinner=False)
def _covered(_kb: KnowledgeBase, side: str, home: str, generation: int, token: str | None) -> coverage.Coverage:
    """The table by `side`, made once for each state of the knowledge base."""
    with _kb.store.snapshot():
        return coverage.coverage(catalogue.entries(_kb.store), coverage.passages(_kb.store), Facet(side))


def _questions(kb: KnowledgeBase, texts: Texts) -> None:
    st.header(texts["landscape_questions"])
    asked = Questions(kb.store.home).counts(MOST_QUESTIONS)
    if not is_counting():
        st.html(html.facts(texts["landscape_questions_off"]))
        return
    st.html(html.facts(texts["landscape_questions_intro"]))
    if not asked:
        st.html(html.facts(texts["landscape_questions_none"]))
    with st.container(key="landscape-questions", gap="small"):
        for question in asked:
            times = texts.count("landscape_n_times", question.count)
            last = texts["landscape_last"].format(month=texts.date(question.last))
            navigation.link("search", f"{question.text} ({times}, {last})", icon=":material/search:", q=question.text)
