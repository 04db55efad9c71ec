"""The search page: question, filters, answer, hits."""

from collections.abc import Sequence

import streamlit as st

from kb import KnowledgeBase, vocabulary
from kb.errors import NotFound
from kb.filters import counts
from kb.grouping import By, grouped, newest_first
from kb.questions import Questions
from kb.types import NOT_STATED, Answer, Filters, Hit
from kb.vocabulary import Concept
from ui import cards, html, navigation, search_filters, searches, shared, state
from ui.cards import Found
from ui.texts import Texts

PAGE = 10
"""Hits shown at first, and added by each press of "more"."""

MOST = 50

TOPICS = 4
"""Topics named where there is no answer."""

COMMON_TOPICS = 10
"""Topics named on the start page."""

WATCH_SECONDS = 5
"""How often an open page looks whether an ingest has changed the knowledge base."""


def render(kb: KnowledgeBase, texts: Texts) -> None:
    """Draw the page."""
    if state.number("passage") is not None and state.number("document") is not None:  # an address of HopKB 0.4
        navigation.go("document", id=state.number("document"), passage=state.number("passage"))
    like = state.number("like")
    if like is not None:
        _more_like(kb, texts, like)
        return
    st.title(texts["title"])
    st.caption(texts["subtitle"])
    _watch(kb, texts)
    query = _question(texts)
    filters = search_filters.draw(kb, texts)
    if not query:
        _examples(texts)
        searches.lists(texts)
        _holdings(kb, texts)
        return
    with st.spinner(texts["searching"], show_time=False):
        limit = st.session_state.setdefault("limit", PAGE)
        answer, hits = kb.ask(query, limit + 1, filters=filters, reader=texts.code)
    _results(kb, texts, answer, hits, filters)


def _question(texts: Texts) -> str:
    """The question as typed; that of the address where another page or a link has led here."""
    asked = state.get("q")
    before = st.session_state.get("question")
    state.follow("question", asked)
    if st.session_state.question != before:
        _start_over()
    with st.form("search", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(texts["question"], key="question", placeholder=texts["placeholder"], width="stretch")
        st.form_submit_button(texts["search"], type="primary", icon=":material/search:", on_click=_start_over)
    question = str(st.session_state.question).strip()
    state.lead("question", question)
    state.put(q=question)
    return question


def _start_over() -> None:
    st.session_state.limit = PAGE


def _examples(texts: Texts) -> None:
    st.caption(texts["examples"])
    for key in ("example_1", "example_2", "example_3"):
        st.button(texts[key], on_click=state.turn, kwargs={"q": texts[key]}, key=key)


def _holdings(kb: KnowledgeBase, texts: Texts) -> None:
    """What there is to find: how much, and the topics that most documents are on."""
    held = counts(kb.store)
    documents, countries = sum(held["formats"].values()), len(held["countries"].keys() - {NOT_STATED})
    st.header(texts["holdings"])
    st.caption(" · ".join((texts.count("n_documents", documents), texts.count("n_countries", countries))))
    with st.container(horizontal=True):
        topics = [(topic, number) for topic, number in held["topics"].items() if topic != NOT_STATED]
        for topic, number in topics[:COMMON_TOPICS]:
            _topic_link(texts, vocabulary.topics()[topic], number)


def _topic_link(texts: Texts, topic: Concept, documents: int) -> None:
    name = f"{topic.name(texts.code)} ({texts.integer(documents)})"
    navigation.link("practices", name, icon=":material/label:", topic=topic.id)


def _results(kb: KnowledgeBase, texts: Texts, answer: Answer, hits: Sequence[Hit], filters: Filters) -> None:
    limit = st.session_state.limit
    if not answer.query_languages:
        st.info(texts["too_short"])
        return
    if not hits:
        st.info(texts["nothing_filters"])
        st.button(texts["clear_filters"], on_click=search_filters.clear, key="clear")
        return
    searches.remember(state.searching())
    if answer.citations:
        _answer(texts, answer)
    else:
        _nothing(kb, texts, answer, filters)
    usual = kb.relevance.usual(answer.query_languages[0]) / 2
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.header(texts["hits"], width="stretch")
        searches.save_button(state.searching(), texts)
    _cards(kb, texts, hits[:limit], Found(answer.query, usual))
    if len(hits) > limit and limit < MOST:
        st.button(texts["more"], on_click=_show_more, key="more")


def _show_more() -> None:
    st.session_state.limit += PAGE


def _answer(texts: Texts, answer: Answer) -> None:
    st.header(texts["answer"])
    st.caption(texts["answer_note"])
    quotes = []
    for citation in answer.citations:
        hit = citation.hit
        source = " · ".join(part for part in (hit.document.title, texts.place(hit.passage.place)) if part)
        badge = texts.language(hit.passage.language)
        quotes.append(html.quote(citation.text, hit.passage.language, hit.rank, source, badge))
    with st.container(key="answer"):
        st.html(f'<div data-testid="answer">{"".join(quotes)}</div>')


def _nothing(kb: KnowledgeBase, texts: Texts, answer: Answer, filters: Filters) -> None:
    """Say that there is no answer, and what the knowledge base has instead."""
    st.info(texts["no_answer"], icon=":material/info:")
    if not filters and st.session_state.get("noted") != answer.query:
        Questions(kb.store.home).note(answer.query, answer.query_languages[0])
        st.session_state.noted = answer.query
    near = kb.nearest_topics(answer.query, k=len(vocabulary.topics()))
    related = [topic for topic in near if topic.near][:TOPICS]
    common = sorted(near, key=lambda topic: -topic.documents)[:TOPICS]
    st.caption(texts["nearest_topics" if related else "common_topics"])
    with st.container(horizontal=True):
        for near_topic in related or common:
            _topic_link(texts, near_topic.topic, near_topic.documents)
    st.caption(texts["no_answer_help"])


def _cards(kb: KnowledgeBase, texts: Texts, hits: Sequence[Hit], found: Found) -> None:
    """The cards in the order, and under the headings, that the reader chose."""
    order, by = _arrangement(texts)
    if order == "year":
        hits = newest_first(hits)
    if by is None:
        for hit in hits:
            cards.card(kb, texts, hit, found)
        return
    for group in grouped(kb.store, hits, by):
        if by is By.CITY:
            heading = shared.place_name(group.document.city, texts) or texts["no_city"]
        else:
            heading = group.document.title
        size = [texts.count("n_passages", len(group.hits))]
        if by is not By.DOCUMENT:
            size.append(texts.count("n_documents", group.documents))
        st.html(html.group(heading, " · ".join(size)))
        for hit in group.hits:
            cards.card(kb, texts, hit, found)


def _arrangement(texts: Texts) -> tuple[str, By | None]:
    """How to sort and group the cards: in the address, so that a shared page looks the same."""
    orders, groups = ("relevance", "year"), ("none", *By)
    with st.container(horizontal=True, key="arrangement"):
        order = _choice(texts, "sort", orders)
        by = _choice(texts, "group", groups)
    return order, None if by == "none" else By(by)


def _choice(texts: Texts, name: str, options: Sequence[str]) -> str:
    asked = state.get(name)
    state.follow(name, asked if asked in options else options[0])
    chosen = st.selectbox(
        texts[name], options, format_func=lambda option: texts[f"{name}_{option}"], key=name, width=220
    )
    state.lead(name, chosen)
    state.put(**{name: None if chosen == options[0] else chosen})
    return chosen


def _more_like(kb: KnowledgeBase, texts: Texts, passage_id: int) -> None:
    """The passages of other documents that are nearest to one."""
    st.title(texts["more_like_title"])
    try:
        hits = kb.more_like(passage_id, PAGE, reader=texts.code)
    except NotFound:
        st.warning(texts["missing_passage"])
        return
    passage = kb.store.passages([passage_id])[passage_id]
    document = kb.store.document(passage.document_id)
    place = " · ".join(part for part in (document.title, texts.place(passage.place)) if part)
    st.html(html.quote(passage.text, passage.language, None, place, texts.language(passage.language)))
    navigation.link(
        "document", texts["show_in_document"], icon=":material/article:", id=document.id, passage=passage.id
    )
    st.header(texts["hits"])
    for hit in hits:
        cards.card(kb, texts, hit, Found(""))


@st.fragment(run_every=WATCH_SECONDS)
def _watch(kb: KnowledgeBase, texts: Texts) -> None:
    """Say so when an ingest has changed the knowledge base since the page was drawn."""
    now = kb.generation()
    seen = st.session_state.setdefault("generation", now)
    if now != seen:
        st.info(texts["changed"], icon=":material/update:")
        if st.button(texts["search_again"], key="again"):
            st.session_state.generation = now
            st.rerun()
